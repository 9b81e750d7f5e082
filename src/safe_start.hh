#pragma once

// To be called before anything else in a filter: it makes sure that no caller, no settings and no
// mail can keep the process from ending in time, leave a core, or change what its libraries do.
// Ends the process with exit status 75 when descriptors are closed and can't be opened.
void start_safely();

// Ends the process without what libraries do at their end, since the kernel frees all of it faster.
// What was written must be flushed. A build whose tools report at the end ends as usual.
[[noreturn]] void leave(int status);
