#pragma once
#include "client/client_options.hh"

#include <memory>

class Correspondence;

// What the person and the service of --key write to each other; nullptr without that option. Says
// on stdout whose key it is. Throws ClientFailure, also when gpg isn't there.
std::shared_ptr<Correspondence> start_correspondence(const ClientOptions& options);
