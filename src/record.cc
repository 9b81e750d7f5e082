#include "record.hh"

#include "ascii.hh"
#include "failure.hh"
#include "lines.hh"

#include <unistd.h>

std::string mail_identity(std::string_view bytes, const Header& header)
{
    if (const std::string* id = header.find("Message-ID"); id && !id->empty())
        return *id;
    // An mbox From_ line, Delivery-Date and other fields above the first Received differ from one
    // delivery of the mail to the next.
    for (std::string_view rest = bytes; !rest.empty();) {
        if (starts_ignoring_case(rest, "Received:"))
            return std::string(rest);
        const std::string_view line = take_line(rest);
        if (line == "\n" || line == "\r\n") // the header's end
            break;
    }
    if (bytes.starts_with("From "))
        take_line(bytes);
    return std::string(bytes);
}

Record::Record(const State& state, const std::string& sender, const std::string& identity,
               Clock::time_point until)
    : file_(state.is_kept() ? state.open_locked("mail", sender + '\n' + identity, until) : Fd())
{
    char letter = 0;
    if (file_.get() >= 0 && pread(file_.get(), &letter, 1, 0) == 1)
        stage_ = static_cast<Stage>(letter);
}

void Record::set(Stage stage)
{
    const char letter = static_cast<char>(stage);
    if (file_.get() >= 0 && pwrite(file_.get(), &letter, 1, 0) != 1)
        throw Failure(Reason::state, "state directory: a file can't be written");
    stage_ = stage;
}
