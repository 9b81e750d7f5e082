#pragma once
#include "fd.hh"

#include <functional>
#include <string>

// A mail that the mail system brought.
struct DeliveredMail {
    std::string sender;    // of the envelope; "": the mail system doesn't say it
    std::string recipient; // the same
    std::string bytes;
};

// The Unix socket on which --deliver hands mails to the running client. Only this user can reach
// it. Runs in GLib's main loop.
class Handover {
  public:
    // Whether the mail was an answer, and is dealt with. A mail for which it throws is not taken.
    using Take = std::function<bool(const DeliveredMail& mail)>;

    // Replaces the socket of a client that was killed. Throws ClientFailure, also when another
    // client listens there.
    Handover(const std::string& path, Take take);
    ~Handover();
    Handover(const Handover&) = delete;
    Handover& operator=(const Handover&) = delete;

  private:
    void accept_one();

    std::string path_;
    Take take_;
    Fd listener_;
    unsigned source_ = 0; // of the main loop
};

// Offers the mail to the client that listens at `path`. False when that client doesn't take it, or
// there is none. Waits 10 s at most for each step of a client that is stopped.
bool hand_over(const std::string& path, const DeliveredMail& mail);
