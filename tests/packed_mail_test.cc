#include "packed_mail.hh"

#include <doctest/doctest.h>

namespace {

Mail sample()
{
    Mail mail;
    mail.header.fields = {{"From", "user@example.net"}, {"Subject", "caf\xe9"}};
    mail.header.mbox_sender = "user@example.net";
    mail.header.sent = std::chrono::sys_seconds(std::chrono::seconds(1'700'000'000));
    mail.header.from = {"user@example.net"};
    mail.header.authors = {"user@example.net", "other@example.net"};
    mail.header.report = true;
    mail.request = PollRequest{R"({"type":"offer","sdp":"v=0"})", "unknown",
                               "2B280B23E1107BB62ABFC40DDCC8824814F80A72", 7, LinkTarget(41234)};
    mail.language = "ru";
    mail.cover = Cover::sealed;
    mail.openpgp = {std::string("\xc1\0\n", 3), "\xc6key\r\n", "user@example.net"};
    return mail;
}

bool is_unpacked(const Mail& mail) { return unpack_mail(pack_mail(mail)).has_value(); }

} // namespace

TEST_CASE("a mail that is packed and unpacked is the same")
{
    const auto mail = unpack_mail(pack_mail(sample()));
    REQUIRE(mail);
    CHECK(pack_mail(*mail) == pack_mail(sample()));
    CHECK(mail->header.fields[1].value == "caf\xe9");
    CHECK(mail->header.sent == sample().header.sent);
    CHECK_FALSE(mail->header.expires);
    CHECK(mail->header.authors == sample().header.authors);
    CHECK(std::get<PollRequest>(mail->request) == std::get<PollRequest>(sample().request));
    CHECK(mail->cover == Cover::sealed);
    CHECK(mail->openpgp.message == sample().openpgp.message);
    CHECK(mail->openpgp.key == sample().openpgp.key);
    CHECK(mail->openpgp.key_address == "user@example.net");
    for (const Recovery& request : {Recovery(NoRequest()), Recovery(Defect::malformed)}) {
        Mail other = sample();
        other.request = request;
        CHECK(unpack_mail(pack_mail(other))->request.index() == request.index());
    }
}

TEST_CASE("no part of a packed mail is one, nor is one with more behind it")
{
    const std::string octets = pack_mail(sample());
    for (std::size_t size = 0; size < octets.size(); ++size)
        CHECK_FALSE(unpack_mail(octets.substr(0, size)));
    CHECK_FALSE(unpack_mail(octets + '\0'));
}

TEST_CASE("no octet that is changed makes more than another mail")
{
    const std::string octets = pack_mail(sample());
    for (std::size_t at = 0; at < octets.size(); ++at)
        for (const int value : {0, 1, 10, 127, 255}) {
            std::string changed = octets;
            changed[at] = static_cast<char>(value);
            if (const auto mail = unpack_mail(changed))
                CHECK(pack_mail(*mail) == changed);
        }
}

TEST_CASE("what a reader of mail can't have made is refused")
{
    Mail mail = sample();
    mail.header.fields[0].value = "a\nBcc: everybody@example.net";
    CHECK_FALSE(is_unpacked(mail));
    mail = sample();
    mail.header.authors[0] = "user@example.net\r\n";
    CHECK_FALSE(is_unpacked(mail));
    for (const Cover cover : {Cover::none, Cover::unreadable, Cover::opened}) {
        mail = sample(); // which has a message
        mail.cover = cover;
        CHECK_FALSE(is_unpacked(mail));
    }
    mail = sample();
    mail.openpgp.message.clear();
    CHECK_FALSE(is_unpacked(mail));
    mail = sample();
    mail.openpgp.key_address = "a\nb";
    CHECK_FALSE(is_unpacked(mail));
    for (const PollRequest& request :
         {PollRequest{"", "", ""}, PollRequest{"{}", "open", ""}, PollRequest{"{}", "", "12"},
          PollRequest{"\xff", "", ""}, PollRequest{std::string(100'001, 'x'), "", ""},
          PollRequest{"{}", "", "", 100}, PollRequest{"{}", "", "", 0, LinkTarget(2)},
          PollRequest{"{}", "", "", 0, LinkTarget(1023)}}) {
        mail = sample();
        mail.request = request;
        CHECK_FALSE(is_unpacked(mail));
    }
}
