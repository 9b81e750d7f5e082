#pragma once
#include "options.hh"

// Checks everything that an installation needs, asks the broker a question that spends no proxy,
// and says on stderr what it found and how to mend it. Returns whether all is well.
bool check_installation(const Options& options);
