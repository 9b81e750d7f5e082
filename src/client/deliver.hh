#pragma once
#include "client/client_options.hh"

// snowflake-mail-client --deliver: offers the mail on stdin to the running client. A mail that is
// not taken goes to the command. Returns the exit status. Throws std::runtime_error: its what()
// is one line for stderr.
int deliver(const ClientOptions& options);
