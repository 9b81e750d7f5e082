#pragma once
#include "client/client_options.hh"

// snowflake-mail-client --deliver: stdin to the running client, or else to the command. Returns the
// exit status. Throws Failure.
int deliver(const ClientOptions& options);
