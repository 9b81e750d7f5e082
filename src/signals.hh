#pragma once

// Signals that would end the process become errors of the call, or exit status 75. To be called
// before anything else.
void prepare_signals();
