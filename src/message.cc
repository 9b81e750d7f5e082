#include "message.hh"

#include "address.hh"
#include "charset.hh"
#include "flowed.hh"
#include "handle.hh"

#include <algorithm>
#include <array>
#include <gmime/gmime.h>
#include <mutex>

namespace {

bool is_name(std::string_view a, std::string_view b) { return same_address(a, b); }

// RFC 5322 2.2.3. A line break that folds nothing would be a new header field wherever the value is
// written; it becomes a blank too.
std::string unfolded(const char* raw)
{
    std::string value;
    for (const char* at = raw ? raw : ""; *at; ++at) {
        const char* next = *at == '\r' && at[1] == '\n' ? at + 2 : at + 1;
        if ((*at == '\r' || *at == '\n') && (*next == ' ' || *next == '\t'))
            at = next - 1;
        else
            value += *at;
    }
    const auto is_control = [](char c) { return g_ascii_iscntrl(c); };
    std::replace_if(value.begin(), value.end(), is_control, ' ');
    return g_strstrip(value.data());
}

void collect_fields(GMimeObject* object, std::vector<Header::Field>& fields)
{
    GMimeHeaderList* list = g_mime_object_get_header_list(object); // borrowed
    for (int i = 0; i < g_mime_header_list_get_count(list); ++i) {
        GMimeHeader* header = g_mime_header_list_get_header_at(list, i); // borrowed
        fields.push_back(
            {g_mime_header_get_name(header), unfolded(g_mime_header_get_raw_value(header))});
    }
}

// GMime keeps the Content- fields with the body.
std::vector<Header::Field> fields_of(GMimeMessage* message)
{
    std::vector<Header::Field> fields;
    collect_fields(GMIME_OBJECT(message), fields);
    if (GMimeObject* body = g_mime_message_get_mime_part(message)) // borrowed
        collect_fields(body, fields);
    return fields;
}

// The address in "From address date" (RFC 4155).
std::string mbox_sender_of(std::string_view bytes)
{
    if (!bytes.starts_with("From "))
        return "";
    const std::string_view line = bytes.substr(5, bytes.find('\n') - 5);
    return std::string(line.substr(0, line.find_first_of(" \t\r")));
}

std::optional<std::chrono::sys_seconds> parse_date(const std::string& text)
{
    const Handle<GDateTime, g_date_time_unref> date(g_mime_utils_header_decode_date(text.c_str()));
    if (!date)
        return std::nullopt;
    return std::chrono::sys_seconds(std::chrono::seconds(g_date_time_to_unix(date.get())));
}

// A server's clock is better than the sender's: the lowest Received is the oldest (RFC 5321 4.4),
// Date only stands in for it.
std::optional<std::chrono::sys_seconds> sent_of(const Header& header)
{
    for (auto field = header.fields.rbegin(); field != header.fields.rend(); ++field)
        if (is_name(field->name, "Received"))
            if (const auto semicolon = field->value.rfind(';'); semicolon != std::string::npos)
                if (const auto date = parse_date(field->value.substr(semicolon + 1)))
                    return date;
    const std::string* date = header.find("Date");
    return date ? parse_date(*date) : std::nullopt;
}

void collect_addresses(InternetAddressList* list, std::vector<std::string>& addresses)
{
    for (int i = 0; list && i < internet_address_list_length(list); ++i) {
        InternetAddress* address = internet_address_list_get_address(list, i); // borrowed
        if (INTERNET_ADDRESS_IS_GROUP(address))
            collect_addresses(internet_address_group_get_members(INTERNET_ADDRESS_GROUP(address)),
                              addresses);
        else if (INTERNET_ADDRESS_IS_MAILBOX(address))
            addresses.push_back(
                internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(address)));
    }
}

// RFC 5322 2.2: a name without blanks, and a colon.
bool begins_field(std::string_view line)
{
    const auto end = std::find_if(line.begin(), line.end(),
                                  [](char c) { return c == ':' || (c >= 0 && c <= ' '); });
    return end != line.end() && *end == ':';
}

std::size_t count_of(std::string_view part, std::string_view text)
{
    std::size_t count = 0;
    for (std::size_t at = 0; (at = text.find(part, at)) != std::string_view::npos;
         at += part.size())
        ++count;
    return count;
}

void append(GByteArray* bytes, std::string_view line)
{
    g_byte_array_append(bytes, reinterpret_cast<const guint8*>(line.data()),
                        static_cast<guint>(line.size()));
}

// Takes a line end from the front of the text: CR LF, CR CR LF, LF, or a CR alone.
void drop_line_end(std::string_view& text)
{
    text.remove_prefix(text.starts_with("\r\r\n") ? 3
                       : text.starts_with("\r\n") ? 2
                                                  : std::min<std::size_t>(text.size(), 1));
}

// The part of a mail that GMime is given, with its line ends as LF: CR CR LF is no blank line to
// it. For each octet of a header it takes up to a hundred; for each colon, that of a field's name
// or of a group of addresses, 600 and some stack; for an encoded word or parameter it may load a
// charset; for a field, time by the square of its length. A mail of a mebibyte can have 140 000
// parts. Of a longer field the start is given, and nothing of what comes past the other caps. What
// only may be a header or a boundary counts as one; sendmail has no header of more than 32 768
// octets.
GByteArray* within_caps(std::string_view bytes)
{
    constexpr std::size_t most_octets = 65'536, longest_field = 20'000, most_colons = 4000,
                          most_charsets = 500, most_boundaries = 1000;
    std::size_t octets = 0, field_octets = 0, colons = 0, charsets = 0, boundaries = 0;
    bool in_body =
        false; // where a CR alone ends a line, too: none there can make a header field that is trusted
    bool in_header = true, in_field = false, in_type = false;
    bool holds_mail = false,
         are_mails =
             false; // another header comes behind this one, or behind each (RFC 2046 5.1.5, 5.2.1)
    GByteArray* kept = g_byte_array_sized_new(static_cast<guint>(bytes.size() + 1));
    while (!bytes.empty()) {
        const auto end = std::min(bytes.find_first_of(in_body ? "\r\n" : "\n"), bytes.size());
        std::string_view line = bytes.substr(0, end);
        bytes.remove_prefix(end);
        drop_line_end(bytes);
        while (line.ends_with('\r'))
            line.remove_suffix(1);
        if (line.empty()) {
            in_body = true;
            in_header = holds_mail;
            in_field = false;
            holds_mail = are_mails;
        } else if (line.starts_with("--")) {
            ++boundaries;
            in_header = true;
            in_field = false;
            holds_mail = are_mails;
        } else if (in_header) {
            if (!in_field || (line[0] != ' ' && line[0] != '\t')) {
                in_field = begins_field(line);
                in_type = g_ascii_strncasecmp(line.data(), "content-type:",
                                              std::min<std::size_t>(line.size(), 13)) == 0;
                field_octets = line.find(':') < longest_field
                                   ? 0
                                   : longest_field; // without a whole name none of it
            }
            if (in_field) {
                line = line.substr(0, longest_field - field_octets);
                if (line.empty())
                    continue;
                octets += line.size();
                field_octets += line.size();
                colons += count_of(":", line);                           // RFC 5322 2.2, 3.4
                charsets += count_of("=?", line) + count_of("*=", line); // RFC 2047 2, RFC 2231 4
            }
        }
        if (octets > most_octets || colons > most_colons || charsets > most_charsets ||
            boundaries > most_boundaries)
            break;
        if (in_type && in_field) {
            const GString8 lower(g_ascii_strdown(line.data(), static_cast<gssize>(line.size())));
            holds_mail = holds_mail ||
                         std::string_view(lower.get()).find("message") != std::string_view::npos;
            are_mails =
                are_mails || std::string_view(lower.get()).find("digest") != std::string_view::npos;
        }
        append(kept, line);
        append(kept, "\n");
    }
    return kept;
}

// RFC 2045 6.7 (3): blanks at the end of an encoded line were put there on the way; GMime takes the
// "=" before them for a character.
void join_soft_breaks(std::string& text)
{
    std::size_t kept = 0;
    for (std::size_t i = 0; i < text.size();) {
        const auto end =
            text[i] == '=' ? std::min(text.find_first_not_of(" \t", i + 1), text.size()) : i;
        const std::size_t break_size =
            text.compare(end, 2, "\r\n") == 0 ? 2 : end < text.size() && text[end] == '\n';
        if (end > i + 1 && break_size > 0)
            i = end + break_size;
        else
            text[kept++] = text[i++];
    }
    text.resize(kept);
}

std::string decoded(GMimePart* part)
{
    GMimeDataWrapper* content = g_mime_part_get_content(part); // borrowed
    const GObjectHandle<GMimeStream> stream(g_mime_stream_mem_new());
    if (!content || g_mime_data_wrapper_write_to_stream(content, stream.get()) < 0)
        return "";
    const GByteArray* bytes =
        g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream.get())); // borrowed
    const char* charset = g_mime_object_get_content_type_parameter(GMIME_OBJECT(part), "charset");
    std::string text(reinterpret_cast<const char*>(bytes->data), bytes->len);
    if (g_mime_part_get_content_encoding(part) == GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE)
        join_soft_breaks(text);
    return to_utf8(text, charset ? charset : "");
}

bool is_parameter(GMimeObject* part, const char* name, const char* value)
{
    const char* found = g_mime_object_get_content_type_parameter(part, name);
    return found && g_ascii_strcasecmp(found, value) == 0;
}

bool is_text(const std::string& text)
{
    const auto controls = std::count_if(
        text.begin(), text.end(), [](char c) { return g_ascii_iscntrl(c) && !g_ascii_isspace(c); });
    return controls * 50 <= static_cast<std::ptrdiff_t>(text.size());
}

std::string with_line_feeds(std::string_view text)
{
    std::string result;
    result.reserve(text.size());
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find_first_of("\r\n"));
        result += line;
        text.remove_prefix(line.size());
        result.append(text.empty() ? 0 : 1, '\n');
        drop_line_end(text);
    }
    return result;
}

enum Rank { plain, html, attachment, ranks };

// Leaves whole characters.
void shorten(std::string& utf8, std::size_t longest)
{
    if (utf8.size() <= longest)
        return;
    while (longest > 0 && (utf8[longest] & 0xc0) == 0x80)
        --longest;
    utf8.resize(longest);
    utf8.shrink_to_fit();
}

// The texts of a mail by rank, as they come; together no longer than they may be.
class TextCollector {
  public:
    explicit TextCollector(std::size_t longest) : left_(longest) {}

    void visit(GMimeObject* part, Text::Place place, int depth)
    {
        constexpr int deepest = 60;
        if (!part || depth > deepest)
            return;
        GMimeContentType* type = g_mime_object_get_content_type(part); // borrowed
        if (GMIME_IS_MULTIPART(part)) {
            if (g_mime_content_type_is_type(
                    type, "multipart",
                    "report")) { // RFC 6522: what is in there was sent by us, or to nobody
                has_report_ = has_report_ || place == Text::Place::written;
                return;
            }
            for (int i = 0; i < g_mime_multipart_get_count(GMIME_MULTIPART(part)); ++i)
                visit(g_mime_multipart_get_part(GMIME_MULTIPART(part), i), place, depth + 1);
        } else if (GMIME_IS_MESSAGE_PART(part)) {
            GMimeMessage* inner =
                g_mime_message_part_get_message(GMIME_MESSAGE_PART(part)); // borrowed
            visit(inner ? g_mime_message_get_mime_part(inner) : nullptr, Text::Place::attached_mail,
                  depth + 1);
        } else if (GMIME_IS_PART(part)) {
            add(GMIME_PART(part), type, place);
        }
    }

    bool has_report() const { return has_report_; }

    std::vector<Text> result()
    {
        std::vector<Text> all;
        for (auto& texts : texts_)
            std::move(texts.begin(), texts.end(), std::back_inserter(all));
        return all;
    }

  private:
    void add(GMimePart* part, GMimeContentType* type, Text::Place place)
    {
        for (const char* subtype :
             {"delivery-status", "global-delivery-status", "disposition-notification",
              "feedback-report"}) // RFC 3464, 6533, 8098, 5965
            if (g_mime_content_type_is_type(type, "message", subtype))
                has_report_ = has_report_ || place == Text::Place::written;
        if (g_mime_content_type_is_type(type, "text", "rfc822-headers"))
            has_report_ = has_report_ || place == Text::Place::written;
        // A type that nobody knows may be text; what turns out not to be is dropped below.
        for (const auto& [media, subtype] : {std::pair{"image", "*"},
                                             {"audio", "*"},
                                             {"video", "*"},
                                             {"font", "*"},
                                             {"text", "rfc822-headers"},
                                             {"message", "*"},
                                             {"application", "zip"},
                                             {"application", "pdf"}})
            if (g_mime_content_type_is_type(type, media, subtype))
                return;
        const bool is_html = g_mime_content_type_is_type(type, "text", "html");
        const bool is_plain =
            g_mime_content_type_is_type(type, "text", "plain") && !g_mime_part_is_attachment(part);
        Text text{with_line_feeds(decoded(part)), is_html, place};
        if (is_plain && is_parameter(GMIME_OBJECT(part), "format", "flowed"))
            text.text = unflowed(text.text, is_parameter(GMIME_OBJECT(part), "delsp", "yes"));
        if (!is_text(text.text))
            return;
        shorten(text.text, left_);
        left_ -= text.text.size();
        texts_[is_plain ? plain : is_html ? html : attachment].push_back(std::move(text));
    }

    std::array<std::vector<Text>, ranks> texts_;
    std::size_t left_;
    bool has_report_ = false;
};

bool is_blank(const Text& text)
{
    return std::all_of(text.text.begin(), text.text.end(),
                       [](char c) { return g_ascii_isspace(c); });
}

std::vector<Text> texts_of(GMimeMessage* message, std::string_view bytes, bool& has_report)
{
    const std::size_t longest = std::max<std::size_t>(
        bytes.size(), 1 << 20); // UTF-8 may be three times as long as the mail
    TextCollector collector(longest);
    collector.visit(g_mime_message_get_mime_part(message), Text::Place::written, 0);
    has_report = collector.has_report();
    std::vector<Text> texts = collector.result();
    // Who attaches a mail writes something, if only an empty text. Feedback loops (Hotmail's)
    // attach one to nothing.
    if (std::none_of(texts.begin(), texts.end(),
                     [](const Text& text) { return text.place == Text::Place::written; }) &&
        !texts.empty()) {
        has_report = true;
        texts.clear();
    }
    if (!std::all_of(texts.begin(), texts.end(), is_blank))
        return texts;
    // A multipart whose boundaries were lost or never said: the body as it stands.
    GMimeObject* top = g_mime_message_get_mime_part(message); // borrowed
    if (top && GMIME_IS_MULTIPART(top) && g_mime_multipart_get_count(GMIME_MULTIPART(top)) == 0) {
        texts.push_back({to_utf8(bytes, ""), false, Text::Place::written});
        shorten(texts.back().text, longest);
    }
    if (const char* subject = g_mime_message_get_subject(message))
        texts.push_back({to_utf8(subject, "utf-8"), false, Text::Place::written});
    return texts;
}

} // namespace

const std::string* Header::find(std::string_view name) const
{
    const auto field = std::find_if(fields.begin(), fields.end(),
                                    [&](const Field& f) { return is_name(f.name, name); });
    return field == fields.end() ? nullptr : &field->value;
}

const std::string* Header::find_in_trace(std::string_view name) const
{
    for (const Field& field : fields) {
        if (is_name(field.name, "Received"))
            return nullptr;
        if (is_name(field.name, name))
            return &field.value;
    }
    return nullptr;
}

Message parse_message(std::string_view bytes)
{
    static std::once_flag initialised;
    std::call_once(initialised, g_mime_init);

    Message result;
    const GObjectHandle<GMimeStream> stream(
        g_mime_stream_mem_new_with_byte_array(within_caps(bytes)));
    const GObjectHandle<GMimeParser> parser(g_mime_parser_new_with_stream(stream.get()));
    g_mime_parser_set_format(
        parser.get(),
        GMIME_FORMAT_MESSAGE); // not MBOX: it would cut the body at a line that begins with "From "
    const GObjectHandle<GMimeMessage> message(
        g_mime_parser_construct_message(parser.get(), nullptr));
    if (!message)
        return result;
    result.header.fields = fields_of(message.get());
    result.header.mbox_sender = mbox_sender_of(bytes);
    result.header.sent = sent_of(result.header);
    if (const std::string* expires = result.header.find("Expires"))
        result.header.expires = parse_date(*expires);
    collect_addresses(g_mime_message_get_from(message.get()), result.header.from);
    result.header.authors = result.header.from;
    collect_addresses(g_mime_message_get_sender(message.get()), result.header.authors);
    collect_addresses(g_mime_message_get_reply_to(message.get()), result.header.authors);
    result.texts = texts_of(message.get(), bytes, result.header.report);
    return result;
}
