#include "mail_reader.hh"

#include "child.hh"
#include "failure.hh"
#include "packed_mail.hh"

namespace {

// Some mails need 60 MiB for their first MiB, and 0.3 s on a slow processor.
ChildLimits limits_for(std::size_t octets)
{
    using namespace std::chrono_literals;
    constexpr std::size_t mebibyte = 1 << 20;
    const auto mebibytes = static_cast<int>(octets / mebibyte + 1);
    return {384 * mebibyte + 8 * octets, 2s * mebibytes, mebibyte};
}

} // namespace

std::variant<Mail, Reason> read_mail_apart(std::string_view bytes, Clock::time_point until)
{
    const ChildResult result =
        run_child([&] { return pack_mail(read_mail(bytes)); }, limits_for(bytes.size()), until);
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
