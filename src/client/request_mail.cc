#include "client/request_mail.hh"

#include "handle.hh"

#include "link.hh"

#include <ctime>
#include <sstream>

namespace {

constexpr std::string_view version = "1.0\n";

// With the link's port as the last field.
std::string text_of(const PollRequest& request, unsigned port)
{
    constexpr unsigned lowest_port = 1024; // that a link may have
    std::string text = write_poll_request(request);
    if (port >= lowest_port)
        text.insert(text.rfind('}'), ",\"link\":" + std::to_string(port));
    return text;
}

} // namespace

std::string encode_request(const PollRequest& request, unsigned port)
{
    const std::string text = text_of(request, port);
    return GString8(g_base64_encode(reinterpret_cast<const guchar*>(text.data()), text.size()))
        .get();
}

std::string encode_request_shortly(const PollRequest& request, unsigned port)
{
    const std::string text = text_of(request, port);
    return std::string(version) + link_data(std::string_view(text).substr(version.size()));
}

std::string return_path_of(const std::string& from, const std::string& delimiter,
                           const std::string& tag)
{
    const auto at = from.rfind('@');
    return delimiter.empty() ? from : from.substr(0, at) + delimiter + tag + from.substr(at);
}

namespace {

// The Message-ID, whose left part is the tag.
std::string identity_field(const std::string& tag, const std::string& from)
{
    const std::string domain = from.empty() ? "localhost" : from.substr(from.rfind('@') + 1);
    return "Message-ID: <" + tag + "@" + domain + ">\n";
}

} // namespace

std::string write_short_request_mail(const PollRequest& request, const std::string& from,
                                     const std::string& tag)
{
    return "From: <" + from + ">\n" + identity_field(tag, from) + "Content-Type: text/plain\n\n" +
           encode_request_shortly(request, 0) + "\n";
}

std::string write_request_mail(const PollRequest& request, const std::string& from,
                               const std::string& to, const std::string& tag, unsigned port,
                               std::chrono::system_clock::time_point now)
{
    const std::string base64 = encode_request(request, port);

    const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
    std::tm parts;
    char date[40]; // RFC 5322 3.3, in no locale
    const char* const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    const char* const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    gmtime_r(&seconds, &parts);
    g_snprintf(date, sizeof date, "%s, %02d %s %d %02d:%02d:%02d +0000", days[parts.tm_wday],
               parts.tm_mday, months[parts.tm_mon], parts.tm_year + 1900, parts.tm_hour,
               parts.tm_min, parts.tm_sec);

    std::ostringstream mail;
    if (!from.empty())
        mail << "From: <" << from << ">\n";
    mail << "To: <" << to << ">\nSubject: Hello\nDate: " << date << "\n"
         << identity_field(tag, from)
         << "MIME-Version: 1.0\nContent-Type: text/plain; charset=us-ascii\n"
            "Content-Transfer-Encoding: 7bit\n\n";
    for (std::size_t i = 0; i < base64.size(); i += 76)
        mail << base64.substr(i, 76) << '\n';
    return mail.str();
}
