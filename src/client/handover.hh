#pragma once
#include <functional>
#include <string>
#include <vector>

// A mail that the mail system brought.
struct DeliveredMail {
    std::string sender;    // of the envelope, where the mail system says it
    std::string recipient; // the same
    std::string bytes;
};

// The Unix socket on which --deliver hands mails to the running client. Nobody but this user
// reaches it. Runs in GLib's main loop.
class Handover {
  public:
    // Whether the mail was an answer, and is dealt with.
    using Take = std::function<bool(const DeliveredMail& mail)>;

    // Removes what a killed client left behind. Throws Failure("socket"), also where another client
    // listens already.
    Handover(const std::string& path, Take take);
    ~Handover();
    Handover(const Handover&) = delete;
    Handover& operator=(const Handover&) = delete;

  private:
    static int accept_one(int fd, int condition, void* self);

    std::string path_;
    Take take_;
    int fd_;
    unsigned source_ = 0;
};

// Offers the mail to the client that listens there; false when it doesn't want it, or there is
// none. Bounded in time.
bool hand_over(const std::string& path, const DeliveredMail& mail);
