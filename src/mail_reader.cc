#include "mail_reader.hh"

#include "failure.hh"
#include "packed_mail.hh"

#include <algorithm>
#include <array>

// Some mails need 60 MiB for their first MiB, and 0.3 s.
ChildLimits reader_limits(std::size_t octets, std::chrono::milliseconds time)
{
    using namespace std::chrono_literals;
    constexpr std::size_t mebibyte = 1 << 20;
    const std::chrono::milliseconds cpu = 2s * (octets / mebibyte + 1);
    return {384 * mebibyte + 8 * octets, std::min(cpu, time / 2), mebibyte + octets};
}

bool looks_like_request(std::string_view bytes)
{
    // Of an offer, which may be broken inside one of them; and base64 of 1.0, a line end, a brace.
    constexpr std::array<std::string_view, 5> signs = {"ice-ufrag", "ice-pwd", "webrtc-datachannel",
                                                       "MS4wCnsi", "MS4wDQp7"};
    // Of mail that is ignored, such as an automatic reply that quotes ours.
    constexpr std::array<std::string_view, 3> signs_of_another = {"Auto-Submitted: auto-",
                                                                  "multipart/report", "\"answer\""};
    const auto is_there = [&](std::string_view sign) { return bytes.find(sign) != bytes.npos; };
    return std::any_of(signs.begin(), signs.end(), is_there) &&
           std::none_of(signs_of_another.begin(), signs_of_another.end(), is_there);
}

namespace {

std::variant<Mail, Reason> read_apart(Mail (*read)(std::string_view), std::string_view bytes,
                                      Clock::time_point until,
                                      const std::function<void()>& meanwhile)
{
    const ChildResult result =
        run_child([&] { return pack_mail(read(bytes)); },
                  reader_limits(bytes.size(), time_left(until)), until, meanwhile);
    switch (result.end) {
    case ChildResult::End::done: break;
    case ChildResult::End::over_limit: return Reason::too_complex;
    case ChildResult::End::crashed: return Reason::reader_crashed;
    case ChildResult::End::host_fault: throw Failure(Reason::memory, "no memory to read the mail");
    }
    auto mail = unpack_mail(result.output);
    if (!mail)
        return Reason::reader_crashed;
    return std::move(*mail);
}

} // namespace

std::variant<Mail, Reason> read_mail_apart(std::string_view bytes, Clock::time_point until,
                                           const std::function<void()>& meanwhile)
{
    return read_apart(read_mail, bytes, until, meanwhile);
}

std::variant<Mail, Reason> read_decrypted_mail_apart(std::string_view bytes,
                                                     Clock::time_point until)
{
    return read_apart(read_decrypted_mail, bytes, until, nullptr);
}
