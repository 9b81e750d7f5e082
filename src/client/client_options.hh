#pragma once
#include <chrono>
#include <span>
#include <string>
#include <vector>

// What the command line of snowflake-mail-client asks for.
struct ClientOptions {
    enum class Mode { serve, deliver, help, version };
    Mode mode = Mode::serve;
    std::string to;                 // the service's address
    std::string from;               // the person's own address; "": sendmail fills it in
    std::string host = "127.0.0.1"; // a loopback address
    unsigned port = 7080;
    std::string sendmail = "/usr/sbin/sendmail"; // "": the person mails what the page shows
    std::string key;   // the file of the service's OpenPGP key; "": the mails aren't encrypted
    bool page = false; // serves a page for the person's browser
    // "+": replies come to user+TAG@..., which tells them apart. "": not used.
    std::string delimiter;
    std::chrono::seconds timeout{120}; // then Snowflake is told that there is no answer
    int per_minute = 4;                // mails at most
    // Sockets over which mails reach the running client. It listens on the first; --deliver tries
    // them all.
    std::vector<std::string> sockets;
    bool beside = false;              // --deliver: the mail is delivered elsewhere too
    std::vector<std::string> command; // --deliver: gets every mail that is no answer
};

// One row for each option: the command line is read, and the usage text written, by this table.
struct ClientOption {
    const char* name;     // without "--"
    const char* argument; // what its value is called; nullptr: it takes none
    const char* meaning;  // for the usage text, one line
    void (*apply)(ClientOptions& options, const char* value);
};

std::span<const ClientOption> client_option_table();

std::string client_usage();

// Throws ClientFailure.
ClientOptions parse_client_options(int argc, char* argv[]);
