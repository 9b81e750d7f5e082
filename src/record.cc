#include "record.hh"

#include "failure.hh"

#include <algorithm>
#include <glib.h>
#include <unistd.h>

std::string mail_identity(std::string_view bytes, const Header& header)
{
    if (const std::string* id = header.find("Message-ID"); id && !id->empty())
        return *id;
    // An mbox From_ line, Delivery-Date and the like differ from one delivery of the mail to the
    // next.
    for (std::size_t at = 0; at < bytes.size();) {
        if (g_ascii_strncasecmp(bytes.data() + at,
                                "Received:", std::min<std::size_t>(bytes.size() - at, 9)) == 0)
            return std::string(bytes.substr(at));
        const auto end = bytes.find('\n', at);
        if (end == std::string_view::npos ||
            end - at <= 1) // no line of a header is shorter; the blank one may be CRLF
            break;
        at = end + 1;
    }
    return std::string(bytes.starts_with("From ")
                           ? bytes.substr(std::min(bytes.find('\n'), bytes.size()))
                           : bytes);
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
