#pragma once

// To be called before anything else. A signal that would end the process becomes an error of the
// call that raised it, or ends it with exit status 75.
void prepare_signals();
