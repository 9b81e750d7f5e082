#include "client/terminal.hh"

#include "handle.hh"

#include <cerrno>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

void say(std::string_view line, std::string_view rest) { std::cout << line << rest << std::endl; }

UnhurriedOutput::UnhurriedOutput(int fd)
    : fd_(fd), own_(open(("/proc/self/fd/" + std::to_string(fd)).c_str(),
                         O_WRONLY | O_APPEND | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)),
      before_(std::cout.rdbuf(this))
{
}

UnhurriedOutput::~UnhurriedOutput() { std::cout.rdbuf(before_); }

UnhurriedOutput::int_type UnhurriedOutput::overflow(int_type c)
{
    if (!traits_type::eq_int_type(c, traits_type::eof()))
        lines_ += traits_type::to_char_type(c);
    return traits_type::not_eof(c);
}

std::streamsize UnhurriedOutput::xsputn(const char* text, std::streamsize size)
{
    lines_.append(text, static_cast<std::size_t>(size));
    return size;
}

int UnhurriedOutput::sync()
{
    if (left_out_ > 0)
        lines_.insert(0, "(lines that nobody read in time: " + std::to_string(left_out_) + ")\n");
    left_out_ = write_now(lines_) ? 0 : left_out_ + 1;
    lines_.clear();
    return 0;
}

bool UnhurriedOutput::write_now(std::string_view text)
{
    ssize_t count = send(fd_, text.data(), text.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count < 0 && errno == ENOTSOCK)
        count = write(own_.get() < 0 ? fd_ : own_.get(), text.data(), text.size());
    return count == static_cast<ssize_t>(text.size());
}

std::string printable(const std::string& text)
{
    constexpr std::size_t longest = 200; // characters
    const auto is_printable = [](gunichar c) {
        constexpr gunichar non_joiner = 0x200c, joiner = 0x200d; // Persian and Hindi need these
        switch (g_unichar_type(c)) {
        case G_UNICODE_CONTROL:
        case G_UNICODE_LINE_SEPARATOR:
        case G_UNICODE_PARAGRAPH_SEPARATOR: return false;
        case G_UNICODE_FORMAT: return c == non_joiner || c == joiner;
        default: return true;
        }
    };
    const GString8 valid(g_utf8_make_valid(text.c_str(), -1));
    std::string line;
    std::size_t count = 0;
    for (const char* at = valid.get(); *at; at = g_utf8_next_char(at)) {
        if (++count > longest)
            return line + "...";
        if (is_printable(g_utf8_get_char(at)))
            line.append(at, static_cast<const char*>(g_utf8_next_char(at)));
        else
            line += '?';
    }
    return line;
}
