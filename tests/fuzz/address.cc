// Mail addresses: what is taken for one can be written into a reply, and is read there as it is.
#include "address.hh"
#include "checks.hh"
#include "message.hh"
#include "reply_mail.hh"

void fuzz(std::string_view input)
{
    check(bare_address("<>").empty(), "the null sender has no address");
    const std::string mailbox = mailbox_address(input);
    check(mailbox.empty() || is_sendable(mailbox), "a mailbox has an address");
    canonical_address(input);
    const std::string address = bare_address(input);
    if (!is_sendable(address))
        return;
    check(!has_control(address) && address.size() <= 320, "an address is a short word");
    check(!canonical_address(address).empty(), "each address has a form that is counted");
    const auto now = std::chrono::system_clock::time_point(std::chrono::seconds(1'700'000'000));
    const std::string reply = write_reply_mail(problem::stale, address, address, {}, "x", now);
    check_reply(reply);
    check(parse_message(reply).header.from == std::vector<std::string>{address},
          "a reply comes from the address that was written to");
}
