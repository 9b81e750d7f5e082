#pragma once
#include "fd.hh"

#include <iostream>
#include <streambuf>
#include <string>
#include <string_view>

// What the person sees: one line on stdout for each event.
void say(std::string_view line, std::string_view rest = {});

// While it lives, what goes to std::cout waits for no reader: a line is left out when a full pipe
// or a stopped terminal doesn't take it now. The next line tells how many were.
class UnhurriedOutput : std::streambuf {
  public:
    explicit UnhurriedOutput(int fd); // borrowed
    ~UnhurriedOutput() override;
    UnhurriedOutput(const UnhurriedOutput&) = delete;
    UnhurriedOutput& operator=(const UnhurriedOutput&) = delete;

  private:
    int_type overflow(int_type c) override;
    std::streamsize xsputn(const char* text, std::streamsize size) override;
    int sync() override;
    bool write_now(std::string_view text);

    int fd_;
    Fd own_; // the same file, where another process sees no O_NONBLOCK; none: can't be had
    std::string lines_;
    unsigned long left_out_ = 0;
    std::streambuf* const before_;
};

// Text of other people, fit for a terminal: one line without control characters and without the
// invisible ones that rearrange it (UAX #9), 200 characters at most. Invalid UTF-8 is replaced.
std::string printable(const std::string& text);
