#include "packed_mail.hh"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <glib.h>

namespace {

enum class Kind : std::uint8_t { no_request, defect, poll_request };

class Packer {
  public:
    template <class Number> void number(Number value)
    {
        octets_.append(reinterpret_cast<const char*>(&value), sizeof value);
    }

    void text(std::string_view text)
    {
        number(static_cast<std::uint32_t>(text.size()));
        octets_ += text;
    }

    void texts(const std::vector<std::string>& texts)
    {
        number(static_cast<std::uint32_t>(texts.size()));
        for (const std::string& each : texts)
            text(each);
    }

    void time(const std::optional<std::chrono::sys_seconds>& time)
    {
        number(static_cast<std::uint8_t>(time.has_value()));
        if (time)
            number(static_cast<std::int64_t>(time->time_since_epoch().count()));
    }

    std::string octets() { return std::move(octets_); }

  private:
    std::string octets_;
};

// What does not fit together throws Unfit, which stays in this file.
struct Unfit {};

void require(bool condition)
{
    if (!condition)
        throw Unfit();
}

class Unpacker {
  public:
    explicit Unpacker(std::string_view octets) : rest_(octets) {}

    template <class Number> Number number()
    {
        Number value;
        require(rest_.size() >= sizeof value);
        std::memcpy(&value, rest_.data(), sizeof value);
        rest_.remove_prefix(sizeof value);
        return value;
    }

    std::string text()
    {
        const auto size = number<std::uint32_t>();
        require(size <= rest_.size());
        std::string text(rest_.substr(0, size));
        rest_.remove_prefix(size);
        return text;
    }

    // One line, as header fields and addresses are here.
    std::string line()
    {
        std::string line = text();
        require(std::none_of(line.begin(), line.end(), [](char c) { return g_ascii_iscntrl(c); }));
        return line;
    }

    std::vector<std::string> lines()
    {
        std::vector<std::string> lines;
        for (auto left = count(); left > 0; --left)
            lines.push_back(line());
        return lines;
    }

    std::optional<std::chrono::sys_seconds> time()
    {
        constexpr std::int64_t most = 1LL << 40; // seconds, either way
        if (!flag())
            return std::nullopt;
        const auto seconds = number<std::int64_t>();
        require(seconds > -most && seconds < most);
        return std::chrono::sys_seconds(std::chrono::seconds(seconds));
    }

    bool flag()
    {
        const auto value = number<std::uint8_t>();
        require(value <= 1);
        return value == 1;
    }

    // Of lists; each of their elements takes octets.
    std::uint32_t count()
    {
        const auto count = number<std::uint32_t>();
        require(count <= rest_.size());
        return count;
    }

    bool at_end() const { return rest_.empty(); }

  private:
    std::string_view rest_;
};

void pack_request(Packer& packer, const Recovery& request)
{
    if (const auto* poll = std::get_if<PollRequest>(&request)) {
        packer.number(Kind::poll_request);
        packer.text(poll->offer);
        packer.text(poll->nat);
        packer.text(poll->fingerprint);
        packer.number(static_cast<std::uint8_t>(poll->unknown_fields));
        packer.number(poll->link);
    } else if (const auto* defect = std::get_if<Defect>(&request)) {
        packer.number(Kind::defect);
        packer.number(static_cast<std::uint8_t>(*defect));
    } else {
        packer.number(Kind::no_request);
    }
}

Recovery unpack_request(Unpacker& unpacker)
{
    switch (unpacker.number<Kind>()) {
    case Kind::no_request: return NoRequest();
    case Kind::defect: {
        const auto defect = unpacker.number<std::uint8_t>();
        require(defect <= static_cast<std::uint8_t>(Defect::unsupported_version));
        return Defect(defect);
    }
    case Kind::poll_request: break;
    default: throw Unfit();
    }
    PollRequest request;
    request.offer = unpacker.text();
    request.nat = unpacker.text();
    request.fingerprint = unpacker.text();
    request.unknown_fields = unpacker.number<std::uint8_t>();
    request.link = unpacker.number<LinkTarget>();
    require(request.unknown_fields < 100);
    require(is_well_formed(request));
    return request;
}

Mail unpack(Unpacker& unpacker)
{
    Mail mail;
    for (auto left = unpacker.count(); left > 0; --left) {
        std::string name = unpacker.line();
        mail.header.fields.push_back({std::move(name), unpacker.line()});
    }
    mail.header.mbox_sender = unpacker.line();
    mail.header.sent = unpacker.time();
    mail.header.expires = unpacker.time();
    mail.header.from = unpacker.lines();
    mail.header.authors = unpacker.lines();
    mail.header.report = unpacker.flag();
    mail.request = unpack_request(unpacker);
    mail.language = unpacker.line();
    const auto cover = unpacker.number<std::uint8_t>();
    require(cover <= static_cast<std::uint8_t>(Cover::unreadable));
    mail.cover = Cover(cover);
    mail.openpgp.message = unpacker.text();
    require((mail.cover == Cover::sealed) == !mail.openpgp.message.empty());
    mail.openpgp.key = unpacker.text();
    mail.openpgp.key_address = unpacker.line();
    require(unpacker.at_end());
    return mail;
}

} // namespace

std::string pack_mail(const Mail& mail)
{
    Packer packer;
    packer.number(static_cast<std::uint32_t>(mail.header.fields.size()));
    for (const auto& [name, value] : mail.header.fields) {
        packer.text(name);
        packer.text(value);
    }
    packer.text(mail.header.mbox_sender);
    packer.time(mail.header.sent);
    packer.time(mail.header.expires);
    packer.texts(mail.header.from);
    packer.texts(mail.header.authors);
    packer.number(static_cast<std::uint8_t>(mail.header.report));
    pack_request(packer, mail.request);
    packer.text(mail.language);
    packer.number(static_cast<std::uint8_t>(mail.cover));
    packer.text(mail.openpgp.message);
    packer.text(mail.openpgp.key);
    packer.text(mail.openpgp.key_address);
    return packer.octets();
}

std::optional<Mail> unpack_mail(std::string_view octets)
{
    try {
        Unpacker unpacker(octets);
        return unpack(unpacker);
    } catch (const Unfit&) {
        return std::nullopt;
    }
}
