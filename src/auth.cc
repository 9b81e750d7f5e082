#include "auth.hh"

#include "address.hh"
#include "ascii.hh"
#include "domain.hh"
#include "rfc5322.hh"

#include <algorithm>
#include <glib.h>
#include <map>
#include <set>

namespace {

// RFC 8616 4: an authserv-id may be a host's name in A-labels or in U-labels.
bool is_listed(const std::vector<std::string>& ids, std::string_view id)
{
    return std::any_of(ids.begin(), ids.end(), [name = domain_name(id)](const std::string& listed) {
        return domain_name(listed) == name;
    });
}

// The field cut at its semicolons (RFC 8601 2.2), and each piece into words. Comments are dropped
// and quoted strings opened. A word goes on behind "=" and "/", which may have blanks around them;
// so might the "." of header.d, but nobody writes that.
std::vector<std::vector<std::string>> pieces_of(std::string_view field)
{
    std::vector<std::vector<std::string>> pieces(1);
    std::string word;
    bool quoted = false, joins_next = false, after_blank = false;
    const auto end_word = [&] {
        if (!word.empty())
            pieces.back().push_back(word);
        word.clear();
        joins_next = after_blank = false;
    };
    const std::string value = without_comments(field);
    for (std::size_t i = 0; i < value.size(); ++i) {
        const char c = value[i];
        if (quoted) {
            if (c == '"')
                quoted = false;
            else
                word += c == '\\' && i + 1 < value.size() ? value[++i] : c;
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

// "dkim/1=pass reason=x header.d=example.net"
Result result_of(const std::vector<std::string>& words)
{
    Result result;
    for (const std::string& word : words) {
        const auto equals = word.find('=');
        const std::string name = lower_case(word.substr(0, equals)),
                          value = equals == std::string::npos ? "" : word.substr(equals + 1);
        if (&word == &words.front()) {
            result.method = name.substr(0, name.find('/'));
            result.passed = lower_case(value) == "pass";
        } else {
            result.properties.emplace(name, value);
        }
    }
    return result;
}

// Of an address, or of one without its local part, in one spelling (RFC 8616 4).
std::string domain_of(std::string_view address)
{
    return domain_name(address.substr(address.rfind('@') + 1));
}

std::string property(const Result& result, const char* name)
{
    const auto found = result.properties.find(name);
    return found == result.properties.end() ? "" : found->second;
}

// Relaxed alignment (RFC 7489 3.1.1), without a list of public suffixes: the signer is the domain
// or one above it.
bool is_aligned(const std::string& domain, const std::string& signer)
{
    return signer.find('.') != std::string::npos &&
           (domain == signer || domain.ends_with("." + signer));
}

bool is_spf_of(const Result& result, const std::string& sender)
{
    const std::string from = bare_address(property(result, "smtp.mailfrom"));
    // Some hosts write the domain only, which is all that SPF vouches for.
    return !from.empty() &&
           (same_address(from, sender) ||
            (from.find('@') == std::string::npos && domain_name(from) == domain_of(sender)));
}

// The domain that signed; "": the result names no signature.
std::string signer_of(const Result& result)
{
    const std::string signer = property(result, "header.d");
    return signer.empty() ? domain_of(property(result, "header.i")) : domain_name(signer);
}

bool is_dkim_of(const Result& result, const std::string& domain)
{
    return is_aligned(domain, signer_of(result));
}

// A verifier may copy an EHLO that holds "; dmarc=pass" into its field as it came, but a result of
// its own says what it is about.
bool is_dmarc_of(const Result& result, const std::string& domain)
{
    return domain_of(property(result, "header.from")) == domain;
}

// RFC 6376 3.5: the identity (i=) of a signature is encoded like quoted-printable text. OpenDKIM
// copies it into its field decoded, with any ";" in it, and OpenDMARC believes that field: so
// whoever has a domain may sign and write any result. People's providers encode nothing there.
bool has_encoded_identity(std::string_view signature)
{
    while (!signature.empty()) {
        const auto end = std::min(signature.find(';'), signature.size());
        const std::string_view tag = signature.substr(0, end);
        const auto equals = std::min(tag.find('='), tag.size());
        if (equal_ignoring_case(trimmed(tag.substr(0, equals)), "i") &&
            tag.find('=', equals + 1) != tag.npos)
            return true;
        signature.remove_prefix(std::min(end + 1, signature.size()));
    }
    return false;
}

// What one host's fields had results about: the whole mail, or for DKIM one signature of it.
class Subjects {
  public:
    void add(const Result& result)
    {
        const std::string signer = signer_of(result);
        if (result.method != "dkim" || signer.empty()) {
            seen_.insert(result.method);
        } else {
            seen_.insert(result.method + " " + signer);
            seen_.insert(result.method + " " + signer + " " + selector_of(result));
        }
    }

    // Whether one of them was about the same. Two signatures of one domain are told apart by their
    // selectors, or by their beginnings (RFC 6008).
    bool has(const Result& result) const
    {
        const std::string signature = result.method + " " + signer_of(result),
                          selector = selector_of(result);
        return seen_.contains(result.method) || seen_.contains(signature + " " + selector) ||
               seen_.contains(signature + (selector.empty() ? "" : " "));
    }

  private:
    static std::string selector_of(const Result& result)
    {
        const std::string selector = property(result, "header.s");
        return selector.empty() ? property(result, "header.b") : selector;
    }

    std::set<std::string> seen_;
};

} // namespace

Authentication find_authentication(const Header& header, const std::vector<std::string>& ids,
                                   const std::string& sender)
{
    for (const auto& [name, value] : header.fields)
        if (equal_ignoring_case(name, "DKIM-Signature") && has_encoded_identity(value))
            return {};
    Authentication found;
    // A signature is for the author, and the reply goes to the envelope sender: both must be of one
    // domain, as they stand there. With several authors it is not known which of them signed.
    const std::string domain = header.from.size() == 1 ? domain_of(header.from.front()) : "";
    const bool is_of_sender = !domain.empty() && domain == domain_of(sender);
    std::map<std::string, Subjects> above; // by authserv-id
    bool has_begun = false;                // the block
    bool has_failed_dmarc = false;
    for (const auto& [name, value] : header.fields) {
        if (equal_ignoring_case(name, "Received") &&
            (has_begun || !is_listed(ids, received_clause(value, "by"))))
            break;
        if (!equal_ignoring_case(name, "Authentication-Results"))
            continue;
        const auto pieces = pieces_of(value);
        // The first piece is the authserv-id, and perhaps a version.
        if (pieces.front().empty() || !is_listed(ids, pieces.front().front()))
            continue;
        has_begun = true;
        Subjects& seen_above = above[domain_name(pieces.front().front())];
        std::vector<Result> results;
        for (auto piece = pieces.begin() + 1; piece != pieces.end(); ++piece) {
            if (piece->empty())
                continue;
            const Result result = result_of(*piece);
            results.push_back(result);
            has_failed_dmarc = has_failed_dmarc || (result.method == "dmarc" && !result.passed &&
                                                    is_dmarc_of(result, domain));
            if (!result.passed || seen_above.has(result))
                continue;
            found.spf = found.spf || (result.method == "spf" && is_spf_of(result, sender));
            found.dkim = found.dkim ||
                         (result.method == "dkim" && is_of_sender && is_dkim_of(result, domain));
            found.dmarc = found.dmarc ||
                          (result.method == "dmarc" && is_of_sender && is_dmarc_of(result, domain));
        }
        for (const Result& result : results)
            seen_above.add(result);
    }
    found.dmarc = found.dmarc && !has_failed_dmarc; // there is one verdict, others are forged
    return found;
}
