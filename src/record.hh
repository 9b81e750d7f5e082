#pragma once
#include "state.hh"

#include <string>

// How far the work on one mail has come. When the mail system delivers it again, it is not answered
// twice, and no second proxy is spent on it.
enum class Stage : char {
    fresh = 0,     // never seen, or nothing came of it
    asked = 'a',   // the broker was asked: the proxy is gone, and its answer was not kept
    sending = 's', // sendmail was started: the reply may be out
    done = 'd'     // sendmail took the reply
};

// The stage of one mail, in the state directory. It is locked while this lives: a second delivery
// of the mail waits for the first. Throws Failure(Reason::state).
class Record {
  public:
    Record(const State& state, const std::string& sender, const std::string& identity,
           Clock::time_point until);

    Stage stage() const { return stage_; }
    void set(Stage stage);

  private:
    Fd file_;
    Stage stage_ = Stage::fresh;
};
