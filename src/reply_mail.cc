#include "reply_mail.hh"

#include "address.hh"
#include "failure.hh"
#include "handle.hh"

#include <algorithm>
#include <gmime/gmime.h>
#include <mutex>
#include <vector>

namespace {

constexpr std::size_t most_references = 20;

bool is_id_char(char c)
{
    constexpr std::string_view punctuation = "!#$%&'*+-/=?^_`{|}~.:[]";
    return g_ascii_isalnum(c) || punctuation.find(c) != std::string_view::npos;
}

// The well-formed identifiers in a field (RFC 5322 3.6.4). All other text is dropped: an attacker
// may have written it.
std::vector<std::string> message_ids(const std::string* value)
{
    constexpr std::size_t longest = 250; // octets
    std::vector<std::string> ids;
    for (std::size_t at = 0; value && (at = value->find('<', at)) != std::string::npos; ++at) {
        const auto end = value->find_first_of("<>", at + 1);
        if (end == std::string::npos || (*value)[end] != '>' || end - at > longest)
            continue;
        const std::string id = value->substr(at + 1, end - at - 1);
        const auto sign = id.find('@');
        if (sign != std::string::npos && sign != 0 && sign != id.size() - 1 &&
            sign == id.rfind('@') &&
            std::all_of(id.begin(), id.end(), [](char c) { return c == '@' || is_id_char(c); }))
            ids.push_back("<" + id + ">");
    }
    return ids;
}

void set_header(GMimeMessage* message, const char* name, const std::string& value)
{
    g_mime_object_set_header(GMIME_OBJECT(message), name, value.c_str(), nullptr);
}

// In-Reply-To and References (RFC 5322 3.6.4). A request without a Message-ID has neither.
void set_thread(GMimeMessage* message, const Header& request)
{
    const auto parent = message_ids(request.find("Message-ID"));
    if (parent.empty())
        return;
    auto thread = message_ids(request.find("References"));
    if (const auto earlier = message_ids(request.find("In-Reply-To"));
        thread.empty() && earlier.size() == 1)
        thread = earlier;
    if (thread.size() > most_references)
        thread.erase(thread.begin() + 1, thread.end() - (most_references - 1));
    thread.push_back(parent.front());
    std::string references;
    for (const auto& id : thread)
        references += (references.empty() ? "" : " ") + id;
    set_header(message, "In-Reply-To", parent.front());
    set_header(message, "References", references);
}

Handle<GDateTime, g_date_time_unref> utc(std::chrono::system_clock::time_point time)
{
    return Handle<GDateTime, g_date_time_unref>(
        g_date_time_new_from_unix_utc(std::chrono::system_clock::to_time_t(time)));
}

GObjectHandle<GMimeObject> text_part(const std::string& text)
{
    GMimeTextPart* part = g_mime_text_part_new();
    GObjectHandle<GMimeObject> owner(GMIME_OBJECT(part));
    // g_mime_text_part_set_text would choose a charset and convert.
    const GObjectHandle<GMimeStream> stream(
        g_mime_stream_mem_new_with_buffer(text.data(), text.size()));
    const GObjectHandle<GMimeDataWrapper> content(
        g_mime_data_wrapper_new_with_stream(stream.get(), GMIME_CONTENT_ENCODING_DEFAULT));
    g_mime_part_set_content(GMIME_PART(part), content.get());
    g_mime_text_part_set_charset(part, "utf-8");
    // An answer is one line, longer than the 998 octets of RFC 5322 2.1.1. In base64, or with an
    // HTML part that has its link to 127.0.0.1, it would look more like spam: rspamd gives a point
    // for each (MIME_BASE64_TEXT_BOGUS, HTTP_TO_IP), and none for this.
    g_mime_part_set_content_encoding(GMIME_PART(part), GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
    return owner;
}

// "Name <address>", its name encoded (RFC 2047). GMime would write the address by IDNA, which may
// make another of it.
std::string written_mailbox(const std::string& mailbox)
{
    const GObjectHandle<InternetAddressList> list(
        internet_address_list_parse(nullptr, mailbox.c_str()));
    const char* name = nullptr;
    if (list && internet_address_list_length(list.get()) == 1)
        name = internet_address_get_name(internet_address_list_get_address(list.get(), 0));
    std::string address = mailbox_address(mailbox);
    if (!name || !*name)
        return address;
    std::string phrase = GString8(g_mime_utils_header_encode_phrase(nullptr, name, "utf-8")).get();
    constexpr std::size_t width = 70; // of a line, after which the next blank begins another
    for (std::size_t at = width; (at = phrase.find(' ', at)) != std::string::npos; at += 1 + width)
        phrase.insert(at, 1, '\n');
    return phrase + "\n <" + address + ">";
}

} // namespace

std::string service_address(const Envelope& envelope, const Settings::Reply& settings)
{
    if (!settings.from.empty())
        return settings.from;
    if (envelope.recipient.empty())
        throw Failure(
            Reason::recipient,
            "no service address: give -a in the mail system's recipe, or set from in [reply]");
    return envelope.recipient;
}

std::string write_reply_mail(const Reply& reply, const std::string& text, const std::string& from,
                             const std::string& to, const Header& request,
                             const std::string& subject, std::chrono::system_clock::time_point now)
{
    static std::once_flag initialised;
    std::call_once(initialised, g_mime_init);

    const std::string from_address = mailbox_address(from);
    const GString8 id(
        g_mime_utils_generate_message_id(from_address.substr(from_address.rfind('@') + 1).c_str()));

    const GObjectHandle<GMimeMessage> message(g_mime_message_new(FALSE));
    g_mime_message_set_subject(message.get(), subject.c_str(), "utf-8"); // RFC 3834 3.1.5
    g_mime_message_set_date(message.get(), utc(now).get());
    g_mime_message_set_message_id(message.get(), id.get());
    set_thread(message.get(), request);
    set_header(message.get(), "Auto-Submitted", "auto-replied"); // RFC 3834 3.1.7
    set_header(message.get(), "X-Auto-Response-Suppress", "All");
    if (request.find("Chat-Version")) // else Delta Chat puts the subject before the text
        set_header(message.get(), "Chat-Version", "1.0");
    if (const auto* answer = std::get_if<Answer>(&reply)) {
        const GString8 expires(
            g_mime_utils_header_format_date(utc(answer->received + Answer::lifetime).get()));
        set_header(message.get(), "Expires", expires.get()); // RFC 4021 2.1.50
    }
    set_header(message.get(), "MIME-Version", "1.0");
    g_mime_message_set_mime_part(message.get(), text_part(text).get());
    const GString8 rest(g_mime_object_to_string(GMIME_OBJECT(message.get()), nullptr));
    return "From: " + written_mailbox(from) + "\nTo: " + to + "\n" + rest.get(); // RFC 3834 4
}
