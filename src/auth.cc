#include "auth.hh"

#include "address.hh"

#include <algorithm>
#include <glib.h>
#include <map>
#include <set>

namespace {

bool is_listed(const std::vector<std::string>& ids, std::string_view id)
{
    return std::any_of(ids.begin(), ids.end(),
                       [&](const std::string& listed) { return same_address(listed, id); });
}

// The field cut at its semicolons (RFC 8601 2.2), each piece into words: comments are dropped,
// quoted strings opened, and no blanks are left around "=" and "/" as CFWS may stand there. Around
// the "." of header.d it might too, and nobody writes it.
std::vector<std::vector<std::string>> pieces_of(std::string_view value)
{
    std::vector<std::vector<std::string>> pieces(1);
    std::string word;
    int comment = 0;
    bool quoted = false, joins_next = false, after_blank = false;
    const auto end_word = [&] {
        if (!word.empty())
            pieces.back().push_back(word);
        word.clear();
        joins_next = after_blank = false;
    };
    for (std::size_t i = 0; i < value.size(); ++i) {
        const char c = value[i];
        if (comment > 0) {
            if (c == '\\')
                ++i;
            comment += c == '(' ? 1 : c == ')' ? -1 : 0;
            after_blank = true;
        } else if (quoted) {
            if (c == '"')
                quoted = false;
            else
                word += c == '\\' && i + 1 < value.size() ? value[++i] : c;
        } else if (c == '(') {
            ++comment;
            after_blank = true;
        } else if (c == ';') {
            end_word();
            pieces.emplace_back();
        } else if (g_ascii_isspace(c)) {
            after_blank = true;
        } else {
            const bool joins = c == '=' || c == '/';
            if (after_blank && !joins_next && !joins)
                end_word();
            after_blank = false;
            joins_next = joins;
            if (c == '"')
                quoted = true;
            else
                word += c;
        }
    }
    end_word();
    return pieces;
}

struct Result {
    std::string method; // "dkim"
    bool passed = false;
    std::map<std::string, std::string> properties; // "header.d": "example.net"
};

std::string lower(std::string_view text)
{
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(), g_ascii_tolower);
    return result;
}

// "dkim/1=pass reason=x header.d=example.net"
Result result_of(const std::vector<std::string>& words)
{
    Result result;
    for (const std::string& word : words) {
        const auto equals = word.find('=');
        const std::string name = lower(word.substr(0, equals)),
                          value = equals == std::string::npos ? "" : word.substr(equals + 1);
        if (&word == &words.front()) {
            result.method = name.substr(0, name.find('/'));
            result.passed = lower(value) == "pass";
        } else {
            result.properties.emplace(name, value);
        }
    }
    return result;
}

std::string domain_of(std::string_view address)
{
    return lower(address.substr(address.rfind('@') + 1));
}

std::string property(const Result& result, const char* name)
{
    const auto found = result.properties.find(name);
    return found == result.properties.end() ? "" : found->second;
}

// Relaxed alignment (RFC 7489 3.1.1) as far as it goes without a list of public suffixes: the
// signer is the domain or above it.
bool is_aligned(const std::string& domain, const std::string& signer)
{
    return signer.find('.') != std::string::npos &&
           (domain == signer || domain.ends_with("." + signer));
}

bool is_spf_of(const Result& result, const std::string& sender)
{
    const std::string from = bare_address(property(result, "smtp.mailfrom"));
    // Some write the domain only, which is all that SPF vouches for.
    return !from.empty() && (same_address(from, sender) || (from.find('@') == std::string::npos &&
                                                            lower(from) == domain_of(sender)));
}

bool is_dkim_of(const Result& result, const std::string& domain)
{
    const std::string signer = property(result, "header.d"),
                      identity = property(result, "header.i");
    return is_aligned(domain, signer.empty() ? domain_of(identity) : lower(signer));
}

bool is_dmarc_of(const Result& result, const std::string& domain)
{
    const std::string from = property(result, "header.from");
    return from.empty() || domain_of(from) == domain;
}

// The host in "from ... by HOST ..." (RFC 5321 4.4); comments may hold anything.
std::string by_host(const std::string& received)
{
    int comment = 0;
    std::string text;
    for (std::size_t i = 0; i < received.size(); ++i) {
        const char c = received[i];
        if (comment > 0 && c == '\\')
            ++i;
        comment += c == '(' ? 1 : c == ')' && comment > 0 ? -1 : 0;
        text += comment > 0 || c == ')' ? ' ' : c;
    }
    std::vector<std::string> words;
    for (std::size_t at = 0; (at = text.find_first_not_of(" \t", at)) != std::string::npos;) {
        const auto end = std::min(text.find_first_of(" \t;", at), text.size());
        words.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    const auto by = std::find_if(words.begin(), words.end(),
                                 [](const std::string& word) { return lower(word) == "by"; });
    return by == words.end() || by + 1 == words.end() ? "" : *(by + 1);
}

} // namespace

Authentication find_authentication(const Header& header, const std::vector<std::string>& ids,
                                   const std::string& sender)
{
    Authentication found;
    // Whoever signs for the author, the reply goes to the envelope sender: both must be of one
    // domain. With several authors nobody knows which.
    const std::string domain = header.from.size() == 1 ? domain_of(header.from.front()) : "";
    const bool is_of_sender = !domain.empty() && domain == domain_of(undo_rewriting(sender));
    std::set<std::pair<std::string, std::string>> spoken; // authserv-id and method, of fields above
    for (const auto& [name, value] : header.fields) {
        if (same_address(name, "Received") && !is_listed(ids, by_host(value)))
            break;
        if (!same_address(name, "Authentication-Results"))
            continue;
        const auto pieces = pieces_of(value);
        if (pieces.front().empty() ||
            !is_listed(ids, pieces.front().front())) // a version may follow the id
            continue;
        const std::string id = lower(pieces.front().front());
        std::set<std::pair<std::string, std::string>> methods;
        for (auto piece = pieces.begin() + 1; piece != pieces.end(); ++piece) {
            if (piece->empty())
                continue;
            const Result result = result_of(*piece);
            methods.emplace(id, result.method);
            if (!result.passed || spoken.contains({id, result.method}))
                continue;
            found.spf = found.spf || (result.method == "spf" && is_spf_of(result, sender));
            found.dkim = found.dkim ||
                         (result.method == "dkim" && is_of_sender && is_dkim_of(result, domain));
            found.dmarc = found.dmarc ||
                          (result.method == "dmarc" && is_of_sender && is_dmarc_of(result, domain));
        }
        spoken.merge(methods);
    }
    return found;
}
