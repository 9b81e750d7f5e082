#include "late_library.hh"

#include "failure.hh"

#include <dlfcn.h>

LateLibrary::LateLibrary(const char* name)
    : name_(name), library_(dlopen(name, RTLD_NOW | RTLD_LOCAL))
{
    if (!library_)
        throw Failure(Reason::library, name_ + " can't be loaded; install its package");
}

void* LateLibrary::address_of(const char* function) const
{
    void* const address = dlsym(library_, function);
    if (!address)
        throw Failure(Reason::library, name_ + " has no " + function + "; it is too old");
    return address;
}
