#pragma once
#include "client/main_loop.hh"
#include "fd.hh"

#include <functional>

// Takes the connections of a listening socket, in GLib's main loop. Without descriptors or memory
// for one it tries again every second. Any other fault ends the program: it would be deaf.
class Listener {
  public:
    using Accept = std::function<void(Fd peer)>;

    // The socket must be one that doesn't block.
    Listener(Fd socket, Accept accept);

  private:
    void watch();
    void accept_one();

    Fd socket_;
    Accept accept_;
    bool has_complained_ = false;
    Source source_; // of connections, or of the time to try again
};
