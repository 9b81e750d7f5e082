// Mail addresses: what is taken for one is written into a reply as it is.
#include "address.hh"
#include "checks.hh"
#include "domain.hh"
#include "reply_mail.hh"

void fuzz(std::string_view input)
{
    check(bare_address("<>").empty(), "the null sender has no address");
    const std::string mailbox = mailbox_address(input);
    check(mailbox.empty() || is_sendable(mailbox), "a mailbox has an address");
    sender_identity(input);
    const std::string address = bare_address(input);
    if (!is_sendable(address))
        return;
    check(!has_control(address) && address.size() <= 320, "an address is a short word");
    check(!canonical_address(address).empty(), "each address has a form that is counted");
    check(same_address(address, address), "an address is itself");
    check(!domain_part(address).empty() == !folded_domain(domain_part(address)).empty(),
          "a domain has a form that is counted");
    const auto now = std::chrono::system_clock::time_point(std::chrono::seconds(1'700'000'000));
    const std::string reply =
        write_reply_mail(problem::stale, "x\n", address, address, {}, "x", now);
    check_reply(reply);
    // Not by GMime, which reads "xn--" as the letters that it stands for.
    check(reply.starts_with("From: " + address + "\nTo: " + address + "\n"),
          "a reply names the addresses to the letter");
}
