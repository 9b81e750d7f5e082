#pragma once
#include "fd.hh"

#include <sys/syscall.h>
#include <unistd.h>

// A descriptor that can be read once the process has ended (pidfd_open(2)); none where the system
// has no such thing or no more descriptors. Not every C library has the function.
inline Fd open_pidfd([[maybe_unused]] pid_t pid)
{
#ifdef SYS_pidfd_open
    return Fd(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
#else
    return Fd();
#endif
}
