#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <vector>

// Of snowflake-mail-client.
struct ClientOptions {
    enum class Mode { serve, deliver, help, version };
    Mode mode = Mode::serve;
    std::string to;                 // the service's address
    std::string from;               // "": whatever sendmail makes of this user
    std::string host = "127.0.0.1"; // a loopback address
    unsigned port = 7080;
    std::string sendmail = "/usr/sbin/sendmail";
    std::string
        delimiter; // "+": replies come to user+TAG@..., which tells them apart; "": not used
    std::chrono::seconds timeout{120}; // then Snowflake is told that there is no answer
    int per_minute = 4;                // mails
    std::vector<std::string>
        sockets; // where replies are handed over: listens on the first, --deliver tries them all
    bool beside = false;              // --deliver: another delivery of the mail goes on beside it
    std::vector<std::string> command; // --deliver: what takes every other mail
};

extern const char client_usage_text[];

// Throws Failure("usage").
ClientOptions parse_client_options(int argc, char* argv[]);
