#include "late_library.hh"

#include "failure.hh"
#include "instrumented.hh"

#include <dlfcn.h>

// Names are looked up among the library's own dependencies first. Otherwise each of libcurl's ten
// thousand is looked for in all of ours before, and that takes twice as long. Sanitizers forbid it,
// and not every C library can do it.
#ifdef RTLD_DEEPBIND
constexpr int binding = RTLD_LAZY | RTLD_LOCAL | (has_sanitizer ? 0 : RTLD_DEEPBIND);
#else
constexpr int binding = RTLD_LAZY | RTLD_LOCAL;
#endif

LateLibrary::LateLibrary(const char* name) : name_(name), library_(dlopen(name, binding))
{
    if (!library_)
        throw Failure(Reason::library, name_ + " can't be loaded: " + dlerror());
}

void* LateLibrary::address_of(const char* function) const
{
    void* const address = dlsym(library_, function);
    if (!address)
        throw Failure(Reason::library, name_ + " has no " + function + "; it is too old");
    return address;
}
