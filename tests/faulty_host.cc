// A library for LD_PRELOAD: a host that fails the program on purpose. The environment says how.
//
// FAULT_MALLOC=N: the Nth allocation fails, -N: the Nth and all that follow. They are counted from
// the start of the program's deadline on: nothing can help a program that has not got so far.
// FAULT_COUNT=FILE: gets the number of allocations when the program ends.
// FAULT_OPEN=FILE: opening this file never comes back, as on a server that is down.
// FAULT_HASTE=N: the deadline comes N times sooner.
// FAULT_SHARING=1: processes can't share memory by a file, as on some file systems.
// FAULT_LOADED=FILE: is made when this library is loaded.
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <unistd.h>

extern "C" {
void* __libc_malloc(size_t);
void* __libc_calloc(size_t, size_t);
void* __libc_realloc(void*, size_t);
void* __libc_memalign(size_t, size_t);
}

namespace {

long fault = 0, count = 0;
bool counting = false, sharing = true;
double haste = 1;
const char *count_file = nullptr, *hanging_file = nullptr;

bool fails()
{
    if (!counting)
        return false;
    const long number = __atomic_add_fetch(&count, 1, __ATOMIC_RELAXED);
    if (number != fault && (fault >= 0 || number < -fault))
        return false;
    errno = ENOMEM;
    return true;
}

template <class Call> Call* next(const char* name)
{
    return reinterpret_cast<Call*>(dlsym(RTLD_NEXT, name));
}

void hang_on(const char* path)
{
    while (hanging_file && std::strcmp(path, hanging_file) == 0)
        pause();
}

[[gnu::constructor]] void begin()
{
    if (const char* value = std::getenv("FAULT_MALLOC"))
        fault = std::atol(value);
    if (const char* value = std::getenv("FAULT_LOADED"))
        close(openat(AT_FDCWD, value, O_WRONLY | O_CREAT, 0666));
    if (const char* value = std::getenv("FAULT_HASTE"))
        haste = std::atof(value);
    sharing = !std::getenv("FAULT_SHARING");
    count_file = std::getenv("FAULT_COUNT");
    hanging_file = std::getenv("FAULT_OPEN");
}

[[gnu::destructor]] void end()
{
    if (!counting || !count_file)
        return;
    counting = false;
    if (FILE* file = std::fopen(count_file, "w")) {
        std::fprintf(file, "%ld\n", count);
        std::fclose(file);
    }
}

} // namespace

extern "C" {

void* malloc(size_t size) { return fails() ? nullptr : __libc_malloc(size); }
void* calloc(size_t number, size_t size) { return fails() ? nullptr : __libc_calloc(number, size); }
void* realloc(void* old, size_t size) { return fails() ? nullptr : __libc_realloc(old, size); }
void* aligned_alloc(size_t to, size_t size)
{
    return fails() ? nullptr : __libc_memalign(to, size);
}

int open(const char* path, int flags, ...)
{
    hang_on(path);
    va_list more;
    va_start(more, flags);
    const auto mode = va_arg(more, mode_t);
    va_end(more);
    return openat(AT_FDCWD, path, flags, mode);
}

void* mmap64(void* at, size_t size, int protection, int flags, int file, off64_t offset)
{
    if (!sharing && file >= 0 && (flags & MAP_SHARED) && (protection & PROT_WRITE)) {
        errno = ENODEV;
        return MAP_FAILED;
    }
    return next<decltype(mmap64)>("mmap64")(at, size, protection, flags, file, offset);
}
void* mmap(void* at, size_t size, int protection, int flags, int file, off_t offset)
{
    return mmap64(at, size, protection, flags, file, offset);
}

void _exit(int status)
{
    end(); // the program runs no destructor
    next<void(int)>("_exit")(status);
    for (;;) {
    }
}

int setitimer(__itimer_which_t which, const itimerval* timer, itimerval* old)
{
    counting = true;
    const double seconds = (double(timer->it_value.tv_sec) + timer->it_value.tv_usec / 1e6) / haste;
    itimerval sooner = {};
    sooner.it_value.tv_sec = time_t(seconds);
    sooner.it_value.tv_usec = suseconds_t((seconds - double(time_t(seconds))) * 1e6);
    return next<decltype(setitimer)>("setitimer")(which, &sooner, old);
}
}
