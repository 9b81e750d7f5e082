#pragma once
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// snowflake-mail.conf(5) documents every key; the defaults are here.
struct Settings {
    struct Broker {
        std::string url = "https://snowflake-broker.torproject.net/"; // ends with "/"
        std::vector<std::string> fronts;                              // host names
        std::string proxy;   // as libcurl takes it; "": none
        std::string ca_file; // "": the system's certificates
        int attempts = 3;
        std::chrono::seconds timeout{12}; // of one attempt
    } broker;
    struct Reply {
        std::string from;        // "": the envelope recipient
        std::string return_path; // "": the null return path
        std::string subject = "Automatic reply";
        std::string sendmail = "/usr/sbin/sendmail";
        bool help = false;                   // to an authenticated person who sends no request
        std::string texts = DATADIR "/help"; // a directory of files by language (sentences.hh)
        std::string page; // URL of the page that takes an answer by a link; "": none
    } reply;
    struct Limits {
        std::chrono::seconds deadline{45};
        std::size_t max_size = 1048576;    // bytes
        std::chrono::seconds max_age{600}; // 0: no limit
    } limits;
    struct Auth {
        enum class Require { none, spf, dkim, dmarc, any };
        std::vector<std::string> authserv_ids; // whose Authentication-Results count (RFC 8601 2.5)
        Require require = Require::none;
    } auth;
    struct Quota { // 0: no limit
        int burst = 5;
        int per_hour = 30;
        int host_per_minute = 120;
        int domain_share = 25; // percent of host_per_minute; 100: all of it
    } quota;
    struct OpenPgp {
        std::string home;              // of gpg, with the service's keys; "": none, no encryption
        std::vector<std::string> keys; // fingerprints or addresses; the first signs
        bool require = false;          // answer encrypted requests only
    } openpgp;
    std::string state_directory;       // "": see find_state_directory()
    std::string log_target = "syslog"; // or a file
};

// `where` names the text in messages. Throws Failure(Reason::settings), which tells the file, the
// group, the key and what is accepted.
Settings parse_settings(const std::string& text, const std::string& where);

// Without a file name the default one, which need not exist. Throws Failure(Reason::settings).
Settings read_settings(const std::optional<std::string>& given);
