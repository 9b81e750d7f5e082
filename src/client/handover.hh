#pragma once
#include "client/listener.hh"
#include "client/main_loop.hh"
#include "fd.hh"

#include <functional>
#include <list>
#include <optional>
#include <string>
#include <sys/types.h>

// A mail that the mail system brought.
struct DeliveredMail {
    std::string sender;    // of the envelope; "": the mail system doesn't say it
    std::string recipient; // the same
    std::string bytes;
};

// In octets. No answer makes a larger mail: Snowflake reads 100,000 of one.
constexpr std::size_t largest_answer_mail = 1 << 20;

// The Unix socket on which --deliver hands mails to the running client. Only this user can reach
// it. No --deliver holds up another one: a mail that isn't there after 5 s, or is larger than an
// answer makes it, is not taken. Runs in GLib's main loop.
class Handover {
  public:
    // Whether the mail was an answer, and is dealt with. A mail for which it throws is not taken.
    using Take = std::function<bool(const DeliveredMail& mail)>;

    // Replaces the socket of a client that was killed, and nothing else that is there. Throws
    // ClientFailure, also when another client listens there.
    Handover(const std::string& path, Take take);
    ~Handover();
    Handover(const Handover&) = delete;
    Handover& operator=(const Handover&) = delete;

  private:
    // A --deliver that hands over its mail.
    struct Peer {
        Fd fd;
        std::string text; // what it has sent: two lines and the mail
        Source source;
        Source limit; // of time
    };
    using Peers = std::list<Peer>;

    void add(Fd fd);
    void read_on(Peers::iterator peer);
    bool take(std::string_view text) const;

    std::string path_;
    Take take_;
    Fd lock_;
    ino_t inode_ = 0; // of the socket
    std::optional<Listener> listener_;
    Peers peers_; // by age
};

// Offers the mail to the client that listens at `path`. False when that client doesn't take it, or
// there is none. Waits so long for the connection to a client that is stopped, and again so long
// for its verdict.
bool hand_over(const std::string& path, const DeliveredMail& mail,
               std::chrono::seconds patience = std::chrono::seconds(10));
