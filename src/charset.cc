#include "charset.hh"

#include "failure.hh"
#include "fd.hh"
#include "handle.hh"
#include "marks.hh"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <glib.h>
#include <iconv.h>

using namespace std::string_view_literals;

namespace {

constexpr std::string_view byte_order_mark = "\ufeff", replacement = "\ufffd";

struct Charset {
    const char* name;        // as iconv knows it
    std::string_view labels; // what is left of its labels without signs, in lower case
};

// Charsets that Windows extended are read as the superset, which also keeps the backslash where
// glibc's SHIFT_JIS has the yen sign. Not here, as iconv turns its backslash into a won sign:
// JOHAB. Its ASCII is read without iconv.
constexpr auto charsets = std::to_array<Charset>({
    {"CP932", " shiftjis sjis mskanji windows31j cp932 "},
    {"GB18030", " gb2312 gbk cp936 euccn gb18030 "},
    {"UHC", " ksc56011987 ksc5601 euckr cp949 uhc "},
    {"BIG5", " big5 "},
    {"CP950", " cp950 "},
    {"BIG5-HKSCS", " big5hkscs "},
    {"EUC-TW", " euctw "},
    {"EUC-JP-MS", " eucjp "},
    {"ISO-2022-JP", " iso2022jp "},
    {"ISO-2022-JP-2", " iso2022jp1 iso2022jp2 "},
    {"ISO-2022-KR", " iso2022kr "},
    {"ISO-2022-CN", " iso2022cn "},
    {"UTF-7", " utf7 unicode11utf7 unicode20utf7 cp65000 windows65000 "}, // RFC 1642, RFC 2152
    {"KOI8-R", " koi8r "},
    {"KOI8-U", " koi8u "},
    {"CP866", " cp866 ibm866 "},
    {"CP874", " windows874 tis620 iso885911 "},
});

// "x-sjis" and "csShiftJIS" as "sjis" and "shiftjis"; "" for what can't be a charset's name.
std::string normal_label(std::string_view charset)
{
    std::string label;
    for (const char c : charset) {
        if (g_ascii_isalnum(c))
            label += g_ascii_tolower(c);
        else if ("-_.:'\" "sv.find(c) == std::string_view::npos)
            return "";
    }
    for (const auto& prefix : {"x"sv, "cs"sv}) {
        if (label.starts_with(prefix))
            label.erase(0, prefix.size());
    }
    return label;
}

// The name to give to iconv_open, from this closed list since the label is anybody's text; "" for
// UTF-8, ASCII, ISO-8859-1 and what is unknown.
std::string iconv_name(const std::string& label)
{
    if (label == "iso88591")
        return "";
    for (const auto& [name, labels] : charsets) {
        if (labels.find(' ' + label + ' ') != labels.npos)
            return name;
    }
    for (const auto& [name, prefix] : {Charset{"ISO-8859-", "iso8859"},
                                       Charset{"CP125", "windows125"}, Charset{"CP125", "cp125"}}) {
        const std::string number = label.starts_with(prefix) ? label.substr(prefix.size()) : "";
        if (!number.empty() && number.size() <= 2 &&
            number.find_first_not_of("0123456789") == number.npos)
            return name + number;
    }
    return "";
}

// The UTF-16 that the bytes are by their byte order mark, or by where their zero bytes stand; ""
// for anything else. UTF-32 passes for it: up to U+FFFF they differ in zeros only.
std::string wide_charset(std::string_view bytes, bool labelled)
{
    if (bytes.size() < 2)
        return ""; // such as the zero byte that GMime 3.2.15 makes of "====" in base64
    std::array<std::size_t, 2> zeros{};
    for (std::size_t i = 0; i < bytes.size(); ++i)
        zeros[i % 2] += bytes[i] == '\0';
    const std::size_t enough = bytes.size() / (labelled ? 32 : 8) +
                               1; // most of a request is ASCII, but not the text around it
    if (bytes.starts_with("\xff\xfe") || (zeros[1] >= enough && zeros[1] > zeros[0]))
        return "UTF-16LE";
    if (bytes.starts_with("\xfe\xff") || (zeros[0] >= enough && zeros[0] > zeros[1]))
        return "UTF-16BE";
    return "";
}

using Converter = Handle<void, iconv_close>;

Converter open_converter(const char* charset)
{
    const iconv_t converter = iconv_open("UTF-8", charset);
    return Converter(converter == reinterpret_cast<iconv_t>(-1) ? nullptr : converter);
}

[[noreturn]] void fail(int error)
{
    throw Failure(Reason::memory,
                  std::string("a charset can't be loaded: ") + std::strerror(error));
}

// None: iconv lacks the charset.
Converter find_converter(const char* charset)
{
    if (Converter converter = open_converter(charset))
        return converter;
    if (errno != EINVAL) // EMFILE, ENFILE, ENOMEM
        fail(errno);
    // glibc also says EINVAL where it couldn't load the charset's module for want of descriptors or
    // memory. So it has to say it twice, with enough of both (a module takes 0.3 MB at most).
    const Fd descriptor(open("/dev/null", O_RDONLY | O_CLOEXEC));
    if (descriptor.get() < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOMEM))
        fail(errno);
    const Handle<void, g_free> memory(g_try_malloc(1 << 20));
    if (!memory)
        fail(ENOMEM);
    return open_converter(charset);
}

// Adds the text to `text`, with U+FFFD for each `unit` bytes that can't be decoded. False if iconv
// lacks the charset.
bool convert(std::string_view bytes, const std::string& charset, std::size_t unit,
             std::string& text)
{
    const Converter owner = find_converter(charset.c_str());
    const iconv_t converter = owner.get(); // borrowed
    if (!converter)
        return false;
    std::array<char, 16384> buffer;
    char* in = const_cast<char*>(bytes.data()); // iconv only reads it
    std::size_t in_left = bytes.size();
    constexpr std::size_t window =
        4096; // instrumented, each call looks at all the input that it is given
    for (bool flushed = false; !flushed;) {
        flushed = in_left == 0; // some charsets hold the last character back
        char* out = buffer.data();
        std::size_t out_left = buffer.size();
        std::size_t given = std::min(window, in_left);
        const std::size_t beyond = in_left - given;
        const bool failed = iconv(converter, flushed ? nullptr : &in, &given, &out, &out_left) ==
                            static_cast<std::size_t>(-1);
        in_left = beyond + given;
        const bool is_cut = errno == EINVAL && beyond > 0; // a character at the window's end
        const bool undecodable = failed && errno != E2BIG && !is_cut;
        text.append(buffer.data(), buffer.size() - out_left);
        if (flushed || !undecodable)
            continue;
        // UTF-7 has no bare backslash (RFC 2152 section 3), but programs write it.
        if (charset == "UTF-7" && g_ascii_isprint(*in))
            text += *in;
        else
            text += replacement;
        if (charset == "UTF-7") // else what follows is taken for base64
            iconv(converter, nullptr, nullptr, nullptr, nullptr);
        const std::size_t passed = std::min(unit, in_left);
        in += passed;
        in_left -= passed;
    }
    return true;
}

std::string decode(std::string bytes, const std::string& charset)
{
    // Valid UTF-8 under another label is mislabelled far more often than it is a text in that
    // charset. Only 7-bit charsets are always valid.
    const bool shifts = charset == "UTF-7"
                            ? bytes.find('+') != bytes.npos
                            : charset.starts_with("ISO-2022") && bytes.find('\33') != bytes.npos;
    if (!shifts && g_utf8_validate_len(bytes.data(), bytes.size(), nullptr))
        return bytes;
    // JIS X 0201 differs from ASCII in the yen sign and the overline, and whoever wrote JSON wrote
    // backslashes: ESC ( J becomes ESC ( B.
    for (std::size_t i = 0;
         charset.starts_with("ISO-2022-JP") && (i = bytes.find("\33(J", i)) != bytes.npos;)
        bytes[i + 2] = 'B';
    std::string text;
    return !charset.empty() && convert(bytes, charset, 1, text) ? text
                                                                : utf8_or_windows_1252(bytes);
}

std::string_view without_byte_order_mark(std::string_view text)
{
    text.remove_prefix(text.starts_with(byte_order_mark) ? byte_order_mark.size() : 0);
    return text;
}

} // namespace

std::string to_utf8(std::string_view bytes, std::string_view charset)
{
    const std::string label = normal_label(charset);
    std::string text;
    if (const std::string wide =
            wide_charset(bytes, label.starts_with("utf16") || label.starts_with("utf32"));
        !wide.empty()) {
        convert(bytes, wide, 2, text);
    } else {
        std::string narrow(bytes);
        std::erase(narrow, '\0');
        text =
            decode(std::move(narrow), bytes.starts_with(byte_order_mark) ? "" : iconv_name(label));
    }
    drop_marks(text);
    if (text.starts_with(byte_order_mark))
        text.erase(0, byte_order_mark.size());
    return text;
}

void load_charsets()
{
    // What is opened here is never closed: a module goes with its last descriptor.
    const auto load = [](const std::string& name) {
        [[maybe_unused]] const iconv_t kept = iconv_open("UTF-8", name.c_str());
    };
    for (const Charset& charset : charsets)
        load(charset.name);
    for (int number = 1; number <= 16; ++number)
        load("ISO-8859-" + std::to_string(number));
    for (int number = 0; number <= 8; ++number)
        load("CP125" + std::to_string(number));
    for (const char* wide : {"UTF-16LE", "UTF-16BE"})
        load(wide);
}

std::string utf8_or_windows_1252(std::string_view bytes)
{
    std::string text;
    bytes = without_byte_order_mark(bytes);
    for (std::size_t i = 0; i < bytes.size();) {
        const gunichar c =
            g_utf8_get_char_validated(&bytes[i], static_cast<gssize>(bytes.size() - i));
        const bool valid = g_unichar_validate(c);
        append_utf8(text, valid ? c : windows_1252(static_cast<unsigned char>(bytes[i])));
        i += valid ? static_cast<std::size_t>(g_unichar_to_utf8(c, nullptr)) : 1;
    }
    return text;
}

char32_t windows_1252(unsigned char byte)
{
    constexpr std::array<char16_t, 32> from_0x80 = {
        0x20ac, 0x81,   0x201a, 0x192,  0x201e, 0x2026, 0x2020, 0x2021, 0x2c6,  0x2030, 0x160,
        0x2039, 0x152,  0x8d,   0x17d,  0x8f,   0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
        0x2013, 0x2014, 0x2dc,  0x2122, 0x161,  0x203a, 0x153,  0x9d,   0x17e,  0x178};
    return byte >= 0x80 && byte < 0xa0 ? from_0x80[byte - 0x80u] : byte;
}

void append_utf8(std::string& text, char32_t character)
{
    std::array<char, 6> bytes;
    const int size =
        g_unichar_to_utf8(g_unichar_validate(character) ? character : U'\ufffd', bytes.data());
    text.append(bytes.data(), static_cast<std::size_t>(size));
}
