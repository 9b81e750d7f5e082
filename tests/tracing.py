"""Runs the program system call by system call."""
import ctypes
import os
import signal

PTRACE_TRACEME, PTRACE_SYSCALL, PTRACE_SETOPTIONS = 0, 24, 0x4200
TRACESYSGOOD, EXITKILL = 1, 0x100000
libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
libc.ptrace.restype = ctypes.c_long


def trace(letter, kill_at=0, watch=lambda: False):
    """Runs the program on it system call by system call, and kills it before that one.

    Gives how many there were, and at which one watch() was first true.
    """
    run = letter.start(preexec_fn=lambda: libc.ptrace(PTRACE_TRACEME, 0, None, None))
    pid, calls, entering, seen, signal_number = run.process.pid, 0, True, 0, 0
    _, status = os.waitpid(pid, 0)
    libc.ptrace(PTRACE_SETOPTIONS, pid, None, TRACESYSGOOD | EXITKILL)
    while True:
        libc.ptrace(PTRACE_SYSCALL, pid, None, signal_number)
        _, status = os.waitpid(pid, 0)
        if not os.WIFSTOPPED(status):
            run.process.returncode = os.waitstatus_to_exitcode(status)
            break
        signal_number = 0 if os.WSTOPSIG(status) == signal.SIGTRAP | 0x80 else os.WSTOPSIG(status)
        if signal_number:
            continue
        calls += entering
        entering = not entering
        if calls == kill_at:
            os.kill(pid, signal.SIGKILL)
        elif not seen and watch():
            seen = calls
    run.outlive()
    return calls, seen
