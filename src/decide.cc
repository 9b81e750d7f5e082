#include "decide.hh"

#include "address.hh"
#include "failure.hh"

#include <algorithm>
#include <glib.h>

namespace {

bool is_any_of(const std::string& word, std::initializer_list<const char*> words)
{
    return std::any_of(words.begin(), words.end(), [&](const char* w) { return g_ascii_strcasecmp(word.c_str(), w) == 0; });
}

// The keyword before comments and parameters (RFC 3834 5): "no (manual); x=y" is "no". RFC 5322 3.2.2: comments nest.
std::string keyword(const std::string& value)
{
    std::string word;
    int comment = 0;
    for (std::size_t i = 0; i < value.size(); ++i) {
        const char c = value[i];
        if (comment > 0 && c == '\\')
            ++i;
        else if (c == '(')
            ++comment;
        else if (c == ')' && comment > 0)
            --comment;
        else if (c == ';' && comment == 0)
            break;
        else if (comment == 0 && !g_ascii_isspace(c))
            word += c;
    }
    return word;
}

const char* sign_of_automatic_mail(const Header& header)
{
    for (const auto& [name, value] : header.fields) {
        // RFC 3834 2, 5: anything but "no" is automatic, an empty field included.
        if (is_any_of(name, {"Auto-Submitted"}) && !is_any_of(keyword(value), {"no"}))
            return "auto-submitted";
        // RFC 5230 4.6, RFC 2369, RFC 2919
        if (is_any_of(name, {"List-Id", "List-Help", "List-Subscribe", "List-Unsubscribe", "List-Post", "List-Owner", "List-Archive"}))
            return "list";
        // RFC 3834 2
        if (is_any_of(name, {"Precedence"}) && is_any_of(keyword(value), {"bulk", "list", "junk", "auto_reply"}))
            return "precedence";
    }
    return header.report ? "report" : nullptr;
}

// RFC 5321 6.3: two of us must not answer each other.
bool is_from_ourselves(const Envelope& envelope, const Header& header, const Settings::Reply& reply)
{
    std::vector<std::string> authors = header.authors;
    authors.push_back(envelope.sender);
    return std::any_of(authors.begin(), authors.end(), [&](const std::string& author) {
        return !author.empty() && (same_address(author, envelope.recipient) || same_address(author, reply.return_path) ||
                                   same_address(author, mailbox_address(reply.from)));
    });
}

bool is_stale(const Header& header, std::chrono::seconds max_age, std::chrono::system_clock::time_point now)
{
    return max_age.count() > 0 && header.sent && now - *header.sent > max_age;
}

} // namespace

Decision decide(const Envelope& envelope, const Mail& mail, const Settings& settings, std::chrono::system_clock::time_point now)
{
    if (envelope.sender.empty())
        return Ignore{"null-sender"}; // RFC 3834 2
    if (!is_sendable(envelope.sender))
        return Ignore{"bad-sender"};
    if (const char* sign = sign_of_automatic_mail(mail.header))
        return Ignore{sign};
    if (is_from_ourselves(envelope, mail.header, settings.reply))
        return Ignore{"own-address"};
    if (std::holds_alternative<std::monostate>(mail.search))
        return Ignore{"no-request"}; // RFC 3834 2: no error reply to what isn't recognisably a request
    if (settings.reply.from.empty() && !is_sendable(envelope.recipient))
        throw Failure("recipient", "no service address: give -a in the mail system's recipe, or set from in [reply]");
    if (is_stale(mail.header, settings.limits.max_age, now))
        return problem::stale;
    if (const auto* damage = std::get_if<Damage>(&mail.search))
        return *damage == Damage::truncated ? problem::truncated : problem::altered;
    return std::get<PollRequest>(mail.search);
}
