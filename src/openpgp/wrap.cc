#include "openpgp/wrap.hh"

#include "ascii.hh"
#include "handle.hh"
#include "lines.hh"
#include "openpgp/armor.hh"

#include <vector>

namespace {

struct Parts {
    std::vector<std::string> fields; // whole, with their line ends
    std::string_view body;
};

Parts parts_of(std::string_view mail)
{
    Parts parts;
    while (!mail.empty()) {
        const std::string_view line = take_line(mail);
        if (line == "\n")
            break;
        if (line[0] == ' ' || line[0] == '\t')
            parts.fields.back() += line;
        else
            parts.fields.emplace_back(line);
    }
    parts.body = mail;
    return parts;
}

std::string_view name_of(std::string_view field) { return field.substr(0, field.find(':')); }

constexpr const char* no_subject = "Subject: [...]\n";

// Who writes to whom, when, and that it is no person: mail systems need that. The rest is inside.
std::string outer_field(const std::string& field)
{
    if (equal_ignoring_case(name_of(field), "Subject"))
        return no_subject;
    return is_any_of(name_of(field), {"From", "To", "Date", "Message-ID", "Auto-Submitted",
                                      "X-Auto-Response-Suppress"})
               ? field
               : "";
}

std::string with_crlf(std::string_view text)
{
    std::string result;
    for (const char c : text)
        result.append(c == '\n' ? "\r\n" : std::string(1, c));
    return result;
}

} // namespace

std::string autocrypt_field(std::string_view name, const std::string& address, std::string_view key)
{
    std::string field = std::string(name) + ": addr=" + address + ";";
    if (name == "Autocrypt")
        field += " prefer-encrypt=mutual;";
    field += " keydata=";
    constexpr std::size_t width = 76;
    const std::string digits = to_base64(key);
    for (std::size_t at = 0; at < digits.size(); at += width)
        field += "\n " + digits.substr(at, width);
    return field + "\n";
}

std::string inside_of(const std::string& mail, const std::string& more_fields)
{
    const Parts parts = parts_of(mail);
    std::string inner, outer;
    for (const std::string& field : parts.fields) {
        const std::string_view name = name_of(field);
        if (equal_ignoring_case(name, "MIME-Version"))
            continue;
        inner += field;
        if (equal_ignoring_case(name, "Content-Type")) { // RFC 9788 2.1.1
            inner.pop_back();
            inner += ";\n protected-headers=\"v1\"; hp=\"cipher\"\n";
        }
        if (const std::string shown = outer_field(field); !shown.empty())
            outer += "HP-Outer: " + shown; // RFC 9788 2.2
    }
    return with_crlf(inner + more_fields + outer + "\n" + std::string(parts.body));
}

std::string cover_of(const std::string& mail, std::string_view message)
{
    std::string result;
    for (const std::string& field : parts_of(mail).fields)
        result += outer_field(field);
    const std::string armor = armored(message, "MESSAGE");
    const GString8 hash(g_compute_checksum_for_string(G_CHECKSUM_SHA256, armor.c_str(),
                                                      static_cast<gssize>(armor.size())));
    const std::string boundary = std::string(hash.get()).substr(0, 32);
    return result + "MIME-Version: 1.0\n" +
           "Content-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\";\n" +
           " boundary=\"" + boundary + "\"\n\n" + "--" + boundary +
           "\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n\n" + "--" + boundary +
           "\nContent-Type: application/octet-stream; name=\"encrypted.asc\"\n\n" + armor + "\n--" +
           boundary + "--\n";
}
