#include "client/page.hh"

#include "handle.hh"

#include <array>
#include <glib.h>
#include <string_view>

extern const char page_html_text[]; // the Makefile makes it of page.html

namespace {

// Between the first such start and the end that follows it.
std::string_view between(std::string_view text, std::string_view start, std::string_view end)
{
    text.remove_prefix(text.find(start) + start.size());
    return text.substr(0, text.find(end));
}

// As a policy names it (CSP 3, 2.3.1).
std::string hash_source(std::string_view code)
{
    std::array<guint8, 32> digest;
    gsize size = digest.size();
    const Handle<GChecksum, g_checksum_free> sha256(g_checksum_new(G_CHECKSUM_SHA256));
    g_checksum_update(sha256.get(), reinterpret_cast<const guchar*>(code.data()),
                      static_cast<gssize>(code.size()));
    g_checksum_get_digest(sha256.get(), digest.data(), &size);
    return "'sha256-" + std::string(GString8(g_base64_encode(digest.data(), size)).get()) + "'";
}

// A JSON string (RFC 8259 7). The text is UTF-8.
std::string json_string(std::string_view text)
{
    std::string json = "\"";
    for (const char c : text) {
        char escaped[8];
        if (c == '"' || c == '\\')
            json += '\\';
        if (static_cast<unsigned char>(c) < 0x20) {
            g_snprintf(escaped, sizeof escaped, "\\u%04x", static_cast<unsigned>(c));
            json += escaped;
        } else
            json += c;
    }
    return json + "\"";
}

std::string_view name_of(PageState::Phase phase)
{
    switch (phase) {
    case PageState::Phase::idle: return "idle";
    case PageState::Phase::asked: return "asked";
    case PageState::Phase::answered: return "answered";
    case PageState::Phase::refused: return "refused";
    }
    return "";
}

} // namespace

std::string page_html() { return page_html_text; }

std::string page_policy()
{
    const std::string html = page_html();
    return "default-src 'none'; script-src " + hash_source(between(html, "<script>", "</script>")) +
           "; style-src " + hash_source(between(html, "<style>", "</style>")) +
           "; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
}

std::string write_page_state(const PageState& state)
{
    const auto member = [](const char* name, std::string_view text) {
        return std::string(",\"") + name + "\":" + json_string(text);
    };
    const auto word = [](bool is_so) { return is_so ? "true" : "false"; };
    return "{\"phase\":" + json_string(name_of(state.phase)) +
           ",\"seconds\":" + std::to_string(state.seconds) + member("to", state.to) +
           member("id", state.id) + ",\"mailed\":" + word(state.is_mailed) +
           ",\"again\":" + word(state.is_again) + ",\"encrypted\":" + word(state.is_encrypted) +
           member("request", state.request) + member("shortly", state.shortly) +
           member("words", state.words) + member("plain", state.plain) +
           member("contact", state.contact) + member("invitation", state.invitation) + "}";
}

std::string write_outcome(std::string_view outcome)
{
    return "{\"outcome\":" + json_string(outcome) + "}";
}
