#pragma once
#include "options.hh"
#include "settings.hh"

#include <optional>
#include <string>

// Checks everything that an installation needs, asks the broker a question that spends no proxy,
// and says on stderr what it found and how to mend it. Returns whether all is well.
bool check_installation(const Options& options);

// The single checks. None: all is well; else what is wrong and how to mend it.
using Trouble = std::optional<std::string>;

Trouble trouble_with_log(const std::string& target);
Trouble trouble_with_sendmail(const std::string& program);
Trouble trouble_with_state_directory(const std::string& directory);
Trouble trouble_with_broker(const Settings::Broker& settings);

// What a reader of mail could do that it should not, by trying it in a child. "": nothing. It is no
// trouble: the program goes on without what this kernel lacks.
std::string missing_confinement();
