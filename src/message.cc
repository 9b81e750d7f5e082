#include "message.hh"

#include "ascii.hh"
#include "caps.hh"
#include "charset.hh"
#include "date.hh"
#include "flowed.hh"
#include "handle.hh"
#include "line_ends.hh"
#include "lines.hh"

#include <algorithm>
#include <array>
#include <gmime/gmime.h>
#include <mutex>
#include <optional>

namespace {

// RFC 5322 2.2.3. Other line breaks and all control characters become blanks: in another header a
// line break would begin a field.
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

// The address in "From address date" (RFC 4155). A user's name needs a date behind it: else it is
// a piece of a date or of "user at example.net", which archives write.
std::string mbox_sender_of(std::string_view bytes)
{
    if (!bytes.starts_with("From "))
        return "";
    const std::string_view line = bytes.substr(5, bytes.find('\n') - 5),
                           sender = line.substr(0, line.find_first_of(" \t\r"));
    constexpr std::string_view days = "Mon Tue Wed Thu Fri Sat Sun";
    const auto words = words_of(line, " \t\r,");
    const bool has_date =
        words.size() > 1 && words[1].size() == 3 && days.find(words[1]) != days.npos;
    return std::string(sender.find('@') == sender.npos && !has_date ? "" : sender);
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

// RFC 2045 6.7 (3): blanks at the end of an encoded line were put there on the way. When they
// follow a "=", GMime leaves it and the line break in the text.
void join_soft_breaks(std::string& text)
{
    std::size_t kept = 0;
    for (std::size_t i = 0; i < text.size();) {
        const std::string_view rest = std::string_view(text).substr(i);
        const bool has_blank = rest.starts_with("= ") || rest.starts_with("=\t");
        const std::size_t length = has_blank ? length_of_soft_break(rest) : 0;
        if (length > 0)
            i += length;
        else
            text[kept++] = text[i++];
    }
    text.resize(kept);
}

bool is_type(GMimeObject* part, const char* media, std::initializer_list<const char*> subtypes)
{
    GMimeContentType* type = g_mime_object_get_content_type(part); // borrowed
    return std::any_of(subtypes.begin(), subtypes.end(), [&](const char* subtype) {
        return g_mime_content_type_is_type(type, media, subtype);
    });
}

// Whether it is what the field says, or nearly: what damage puts into base64 is no word. A blank
// within a line is one's end.
bool is_base64(std::string_view text)
{
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto is_word = [&](std::size_t at) {
            return at < text.size() && g_ascii_isalnum(text[at]);
        };
        const bool parts_words = text[i] == ' ' && i > 0 && is_word(i - 1) && is_word(i + 1);
        constexpr std::string_view signs = "+/=-_!>*"; // RFC 4648 4, 5, and what damage puts in
        if (parts_words || (g_ascii_isgraph(text[i]) && !g_ascii_isalnum(text[i]) &&
                            signs.find(text[i]) == signs.npos))
            return false;
    }
    return true;
}

// RFC 2045 6.7 (1): a "=" of the text itself is "=3D". A text in which more stand bare is plain.
bool is_quoted_printable(std::string_view text)
{
    std::ptrdiff_t bare = 0;
    for (std::size_t at = 0; (at = text.find('=', at)) != text.npos; ++at) {
        const std::string_view rest = text.substr(at), letters = rest.substr(1, 2);
        if (equal_ignoring_case(letters, "3D"))
            --bare;
        else if (length_of_soft_break(rest) == 0 && letters.size() == 2 &&
                 !(g_ascii_isxdigit(letters[0]) && g_ascii_isxdigit(letters[1])))
            ++bare;
    }
    return bare <= 0;
}

// uuencode(5): without a line that begins with "begin " there is nothing to decode.
bool is_uuencoded(std::string_view text)
{
    return text.starts_with("begin ") || text.find("\nbegin ") != text.npos;
}

std::string octets_of(GMimeStream* stream)
{
    // borrowed
    const GByteArray* bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
    return std::string(reinterpret_cast<const char*>(bytes->data), bytes->len);
}

// As it stands in the mail.
std::string written_content(GMimeDataWrapper* content)
{
    GMimeStream* source = g_mime_data_wrapper_get_stream(content); // borrowed
    const GObjectHandle<GMimeStream> stream(g_mime_stream_mem_new());
    if (!source || g_mime_stream_reset(source) < 0 ||
        g_mime_stream_write_to_stream(source, stream.get()) < 0)
        return "";
    return octets_of(stream.get());
}

// Of 50 octets one at most is a control character.
bool is_text(const std::string& text)
{
    const auto controls = std::count_if(
        text.begin(), text.end(), [](char c) { return g_ascii_iscntrl(c) && !g_ascii_isspace(c); });
    return controls * 50 <= static_cast<std::ptrdiff_t>(text.size());
}

// What a run of base64 stands for, whatever its padding.
std::string base64_octets(std::string text)
{
    std::erase_if(text, [](char c) { return !g_ascii_isalnum(c) && c != '+' && c != '/'; });
    text.resize(text.size() - (text.size() % 4 == 1 ? 1 : 0));
    if (text.empty()) // GLib refuses that
        return "";
    text.append((4 - text.size() % 4) % 4, '=');
    gsize size = 0;
    g_base64_decode_inplace(text.data(), &size);
    text.resize(size);
    return text;
}

// Several texts in base64, one behind the other, as scanners add theirs: each ends with its
// padding (RFC 4648 3.2). GMime stops at the first, and of too much padding version 3.2.15 makes an
// octet. None: it is one text as it should be.
std::optional<std::string> joined_base64(std::string_view text)
{
    constexpr std::string_view letters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string octets;
    for (bool is_first = true;; is_first = false) {
        const auto padding = text.find('='),
                   next = padding == text.npos ? padding : text.find_first_of(letters, padding);
        if (is_first && next == text.npos && text.find("===") == text.npos)
            return std::nullopt;
        octets += base64_octets(std::string(text.substr(0, next)));
        if (next == text.npos)
            return octets;
        text.remove_prefix(next);
    }
}

bool is_base64_line(std::string_view line)
{
    return std::all_of(line.begin(), line.end(), [](char c) {
        return g_ascii_isalnum(c) || c == '+' || c == '/' || c == '=' || g_ascii_isspace(c);
    });
}

// The text with its blocks of base64 decoded, and all else as it stands.
std::string with_base64_decoded(std::string_view text)
{
    constexpr std::size_t least = 40; // of a block's first line: no word is so long
    std::string result;
    while (!text.empty()) {
        std::string block(take_line(text));
        if (block.size() >= least && is_base64_line(block)) {
            while (!text.empty() && block.find('=') == block.npos) {
                const std::string_view line = text.substr(0, text.find('\n'));
                const auto padding = line.find_last_of('=', line.find_first_of('=') + 1);
                if (is_base64_line(line)) {
                    block += take_line(text);
                } else if (padding != line.npos && is_base64_line(line.substr(0, padding))) {
                    block += line.substr(0, padding + 1); // text is glued to the last line
                    text.remove_prefix(padding + 1);
                } else {
                    break;
                }
            }
            const std::string octets = base64_octets(block);
            if (is_text(octets))
                block = octets + '\n';
        }
        result += block;
    }
    return result;
}

// The octets of the part, without its encoding (RFC 2045 6). What isn't encoded as its field says
// stays as it is.
std::string decoded(GMimePart* part)
{
    GMimeDataWrapper* content = g_mime_part_get_content(part); // borrowed
    if (!content)
        return "";
    const GMimeContentEncoding encoding = g_mime_part_get_content_encoding(part);
    if (encoding == GMIME_CONTENT_ENCODING_BASE64) {
        const std::string written = written_content(content);
        if (!is_base64(written))
            return with_base64_decoded(written);
        if (auto octets = joined_base64(written))
            return *std::move(octets);
    } else if (encoding == GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE ||
               encoding == GMIME_CONTENT_ENCODING_UUENCODE) {
        std::string written = written_content(content);
        if (!(encoding == GMIME_CONTENT_ENCODING_UUENCODE ? is_uuencoded(written)
                                                          : is_quoted_printable(written)))
            return written;
    }
    const GObjectHandle<GMimeStream> stream(g_mime_stream_mem_new());
    if (g_mime_data_wrapper_write_to_stream(content, stream.get()) < 0)
        return "";
    std::string octets = octets_of(stream.get());
    if (encoding == GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE)
        join_soft_breaks(octets);
    return octets;
}

// `octets` are those of the part.
std::string text_of(GMimePart* part, const std::string& octets)
{
    const char* parameter = g_mime_object_get_content_type_parameter(GMIME_OBJECT(part), "charset");
    const char* charset = parameter ? parameter : "";
    std::string text = to_utf8(octets, charset);
    // Base64 behind a word of plain text, which has letters of base64 only, decodes to noise.
    if (!is_text(text) && is_type(GMIME_OBJECT(part), "text", {"*"}) &&
        g_mime_part_get_content_encoding(part) == GMIME_CONTENT_ENCODING_BASE64)
        text = to_utf8(written_content(g_mime_part_get_content(part)), charset);
    return text;
}

bool is_parameter(GMimeObject* part, const char* name, const char* value)
{
    const char* found = g_mime_object_get_content_type_parameter(part, name);
    return found && g_ascii_strcasecmp(found, value) == 0;
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

// Cuts the end off, but no character in two.
void shorten(std::string& utf8, std::size_t longest)
{
    if (utf8.size() <= longest)
        return;
    while (longest > 0 && (utf8[longest] & 0xc0) == 0x80)
        --longest;
    utf8.resize(longest);
    utf8.shrink_to_fit();
}

// Whether only a report has such a part (RFC 6522, 3464, 6533, 8098, 5965). Some programs repeat
// the header inside an encrypted mail as one (draft-autocrypt-lamps-protected-headers).
bool is_of_report(GMimeObject* part)
{
    const bool shows_header = g_mime_object_get_content_type_parameter(part, "protected-headers");
    return is_type(part, "multipart", {"report"}) ||
           (is_type(part, "text", {"rfc822-headers"}) && !shows_header) ||
           is_type(part, "message",
                   {"delivery-status", "global-delivery-status", "disposition-notification",
                    "feedback-report"});
}

// An unknown type may be text; is_text() tells when the part is decoded.
bool is_surely_no_text(GMimeObject* part)
{
    return is_type(part, "image", {"*"}) || is_type(part, "audio", {"*"}) ||
           is_type(part, "video", {"*"}) || is_type(part, "font", {"*"}) ||
           is_type(part, "message", {"*"}) || is_type(part, "text", {"rfc822-headers"}) ||
           is_type(part, "application", {"zip", "pdf"});
}

// What has the first bit of an OpenPGP packet (RFC 9580 4.2). Programs know many types for it.
bool may_be_openpgp(GMimeObject* part, const std::string& octets)
{
    return !octets.empty() && (octets[0] & 0x80) && is_type(part, "application", {"*"});
}

GObjectHandle<GMimeMessage> parsed(const std::string& mail)
{
    static std::once_flag initialised;
    std::call_once(initialised, g_mime_init);
    const GObjectHandle<GMimeStream> stream(
        g_mime_stream_mem_new_with_buffer(mail.data(), mail.size())); // copies
    const GObjectHandle<GMimeParser> parser(g_mime_parser_new_with_stream(stream.get()));
    // Not MBOX: it would cut the body at a line that begins with "From ".
    g_mime_parser_set_format(parser.get(), GMIME_FORMAT_MESSAGE);
    return GObjectHandle<GMimeMessage>(g_mime_parser_construct_message(parser.get(), nullptr));
}

// Collects the texts of a mail by rank, in their order; together they are no longer than `longest`.
class TextCollector {
  public:
    explicit TextCollector(std::size_t longest) : left_(longest) {}

    void visit(GMimeObject* part, Text::Place place, int depth)
    {
        constexpr int deepest = 60;
        if (!part || depth > deepest)
            return;
        is_report_ = is_report_ || (place == Text::Place::written && is_of_report(part));
        if (GMIME_IS_MULTIPART(part)) {
            if (is_type(part, "multipart", {"report"}))
                return; // RFC 6522: a mail in there is one of ours, or was not for us
            for (int i = 0; i < g_mime_multipart_get_count(GMIME_MULTIPART(part)); ++i)
                visit(g_mime_multipart_get_part(GMIME_MULTIPART(part), i), place, depth + 1);
        } else if (GMIME_IS_MESSAGE_PART(part)) {
            // borrowed
            GMimeMessage* inner = g_mime_message_part_get_message(GMIME_MESSAGE_PART(part));
            visit_mail(inner, depth);
        } else if (GMIME_IS_PART(part) && is_type(part, "message", {"rfc822", "global", "news"})) {
            // GMime leaves it a part if it has an encoding. RFC 2046 5.2.1 forbids one, RFC 6532
            // 3.7 doesn't, and programs write it.
            if (encoded_mails_left_-- > 0)
                visit_mail(parsed(within_caps(decoded(GMIME_PART(part)))).get(), depth);
        } else if (GMIME_IS_PART(part) && !is_surely_no_text(part)) {
            add(GMIME_PART(part), place);
        }
    }

    bool is_report() const { return is_report_; }

    std::vector<std::string> binaries() { return std::move(binaries_); }

    std::vector<Text> result()
    {
        std::vector<Text> all;
        for (auto& texts : texts_)
            std::move(texts.begin(), texts.end(), std::back_inserter(all));
        return all;
    }

  private:
    void visit_mail(GMimeMessage* attached, int depth)
    {
        if (attached)
            visit(g_mime_message_get_mime_part(attached), Text::Place::attached_mail, depth + 1);
    }

    void add(GMimePart* part, Text::Place place)
    {
        GMimeObject* object = GMIME_OBJECT(part);
        const bool is_html = is_type(object, "text", {"html"});
        const bool is_plain =
            is_type(object, "text", {"plain"}) && !g_mime_part_is_attachment(part);
        std::string octets = decoded(part);
        Text text{with_line_feeds(text_of(part, octets)), is_html, place};
        if (place == Text::Place::written && may_be_openpgp(object, octets))
            binaries_.push_back(std::move(octets));
        if (is_plain && is_parameter(object, "format", "flowed"))
            text.text = unflowed(text.text, is_parameter(object, "delsp", "yes"));
        if (!is_text(text.text))
            return;
        shorten(text.text, left_);
        left_ -= text.text.size();
        texts_[is_plain ? plain : is_html ? html : attachment].push_back(std::move(text));
    }

    std::array<std::vector<Text>, ranks> texts_;
    std::vector<std::string> binaries_;
    std::size_t left_;
    int encoded_mails_left_ = 8; // each is read as a mail of its own, also one in another
    bool is_report_ = false;
};

bool is_blank(const Text& text)
{
    return std::all_of(text.text.begin(), text.text.end(),
                       [](char c) { return g_ascii_isspace(c); });
}

bool is_written(const Text& text) { return text.place == Text::Place::written; }

struct Contents {
    std::vector<Text> texts;
    std::vector<std::string> binaries;
    bool is_report = false;
};

Contents contents_of(GMimeMessage* message, std::string_view bytes)
{
    // UTF-8 may be three times as long as the mail.
    const std::size_t longest = std::max<std::size_t>(bytes.size(), 1 << 20);
    GMimeObject* top = g_mime_message_get_mime_part(message); // borrowed
    TextCollector collector(longest);
    collector.visit(top, Text::Place::written, 0);
    std::vector<Text> texts = collector.result();
    // A person who attaches a mail writes something too, if only an empty text. Feedback loops
    // (Hotmail's) attach a mail and write nothing.
    if (!texts.empty() && std::none_of(texts.begin(), texts.end(), is_written))
        return {{}, {}, true};
    if (!std::all_of(texts.begin(), texts.end(), is_blank))
        return {std::move(texts), collector.binaries(), collector.is_report()};
    // A multipart without parts: its boundaries were lost. Its body may be the text.
    if (top && GMIME_IS_MULTIPART(top) && g_mime_multipart_get_count(GMIME_MULTIPART(top)) == 0) {
        texts.push_back({to_utf8(bytes, ""), false, Text::Place::written});
        shorten(texts.back().text, longest);
    }
    if (const char* subject = g_mime_message_get_subject(message))
        texts.push_back({to_utf8(subject, "utf-8"), false, Text::Place::written});
    return {std::move(texts), collector.binaries(), collector.is_report()};
}

Header header_of(GMimeMessage* message, std::string_view bytes)
{
    Header header;
    header.fields = fields_of(message);
    header.mbox_sender = mbox_sender_of(bytes);
    header.sent = time_sent(header);
    if (const std::string* expires = header.find("Expires"))
        header.expires = parse_date(*expires);
    collect_addresses(g_mime_message_get_from(message), header.from);
    header.authors = header.from;
    collect_addresses(g_mime_message_get_sender(message), header.authors);
    collect_addresses(g_mime_message_get_reply_to(message), header.authors);
    return header;
}

} // namespace

Message parse_message(std::string_view bytes)
{
    const GObjectHandle<GMimeMessage> message = parsed(within_caps(bytes));
    if (!message)
        return {};
    Contents contents = contents_of(message.get(), bytes);
    Header header = header_of(message.get(), bytes);
    header.report = contents.is_report;
    return {std::move(header), std::move(contents.texts), std::move(contents.binaries)};
}
