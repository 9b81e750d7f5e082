#include "confine.hh"

#include "charset.hh"
#include "fd.hh"
#include "handle.hh"

#include <cerrno>
#include <cstdint>
#include <dlfcn.h>
#include <fcntl.h>
#include <iconv.h>
#include <initializer_list>
#include <linux/landlock.h>
#ifndef NO_SECCOMP
#include <seccomp.h>
#endif
#include <string>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace {

// The C library keeps its charset modules in the directory gconv beside itself.
std::string charset_directory()
{
    Dl_info library;
    if (dladdr(reinterpret_cast<void*>(iconv_open), &library) == 0 || !library.dli_fname)
        return "";
    const std::string file = library.dli_fname;
    return file.substr(0, file.rfind('/') + 1) + "gconv";
}

// glibc has no functions for Landlock.
bool restrict_files()
{
    constexpr std::uint64_t reading = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
    constexpr std::uint64_t all = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1; // of the first version
    landlock_ruleset_attr handled = {};
    handled.handled_access_fs = all;
    const Fd ruleset(
        static_cast<int>(syscall(SYS_landlock_create_ruleset, &handled, sizeof handled, 0)));
    const Fd directory(open(charset_directory().c_str(), O_PATH | O_CLOEXEC));
    if (ruleset.get() < 0 || directory.get() < 0)
        return false;
    landlock_path_beneath_attr rule = {};
    rule.allowed_access = reading;
    rule.parent_fd = directory.get();
    return syscall(SYS_landlock_add_rule, ruleset.get(), LANDLOCK_RULE_PATH_BENEATH, &rule, 0) ==
               0 &&
           syscall(SYS_landlock_restrict_self, ruleset.get(), 0) == 0;
}

#ifdef NO_SECCOMP

bool restrict_system_calls(bool) { return false; }

#else

bool allow(scmp_filter_ctx filter, std::initializer_list<int> calls)
{
    bool is_complete = true;
    for (const int call : calls)
        // A call that this architecture lacks is no loss.
        if (const int error = seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0);
            error != 0 && error != -EDOM && error != -EINVAL)
            is_complete = false;
    return is_complete;
}

bool restrict_system_calls(bool may_open)
{
    const Handle<void, seccomp_release> filter(seccomp_init(SCMP_ACT_ERRNO(EPERM)));
    if (!filter)
        return false;
    bool is_complete = allow(
        filter.get(),
        {// Memory.
         SCMP_SYS(brk), SCMP_SYS(mmap), SCMP_SYS(mmap2), SCMP_SYS(mprotect), SCMP_SYS(munmap),
         SCMP_SYS(mremap), SCMP_SYS(madvise),
         // Descriptors that are open already.
         SCMP_SYS(read), SCMP_SYS(pread64), SCMP_SYS(write), SCMP_SYS(close), SCMP_SYS(fstat),
         SCMP_SYS(fstat64), SCMP_SYS(newfstatat), SCMP_SYS(fstatat64), SCMP_SYS(statx),
         SCMP_SYS(lseek), SCMP_SYS(_llseek),
         // What the C library asks of itself.
         SCMP_SYS(futex), SCMP_SYS(futex_time64), SCMP_SYS(getrandom), SCMP_SYS(clock_gettime),
         SCMP_SYS(clock_gettime64), SCMP_SYS(gettimeofday), SCMP_SYS(time), SCMP_SYS(sysinfo),
         SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigaction),
         SCMP_SYS(rt_sigreturn), SCMP_SYS(sigreturn), SCMP_SYS(exit), SCMP_SYS(exit_group)});
    const auto allow_if = [&](int call, const scmp_arg_cmp& argument) {
        is_complete &=
            seccomp_rule_add_array(filter.get(), SCMP_ACT_ALLOW, call, 1, &argument) == 0;
    };
    // abort() raises a signal in the process itself.
    allow_if(SCMP_SYS(tgkill), {0, SCMP_CMP_EQ, static_cast<scmp_datum_t>(getpid()), 0});
    if (may_open)
        allow_if(SCMP_SYS(openat),
                 {2, SCMP_CMP_MASKED_EQ, O_ACCMODE | O_CREAT | O_TRUNC, O_RDONLY});
    return is_complete && seccomp_load(filter.get()) == 0;
}

#endif

} // namespace

Confinement confine()
{
    Confinement confinement;
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    confinement.files = restrict_files();
    if (!confinement.files)
        load_charsets(); // while files can be opened
    confinement.system_calls = restrict_system_calls(confinement.files);
    return confinement;
}
