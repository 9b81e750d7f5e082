#pragma once

// To be called before anything else. From then on no signal but SIGKILL ends the process, since a
// mail system may bounce the mail then: what a call raised becomes its error, and any other signal
// means exit status 75. The mail system tries again with 75.
//
// SIGSEGV and SIGBUS too: GLib and others write to what they could not allocate, and a disk that
// fails under a library raises SIGBUS. So in this process they are faults of this host.
void prepare_signals();

// From then on a signal that only asks the process to end waits until it ends by itself or at its
// deadline. A program that it starts has none held.
void hold_signals();

// Undoes it for a forked process that reads what strangers wrote. There SIGSEGV is the mail's own
// doing, and 75 would bring the mail back for days.
void restore_signals();
