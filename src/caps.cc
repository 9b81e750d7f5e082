#include "caps.hh"

#include "ascii.hh"
#include "line_ends.hh"

namespace {

constexpr std::size_t longest_field = 20'000; // sendmail has no header of more than 32,768 octets
constexpr std::size_t most_octets = 65'536, most_colons = 4000, most_charsets = 500,
                      most_boundaries = 1000;

std::size_t count_of(std::string_view part, std::string_view text)
{
    std::size_t count = 0;
    for (std::size_t at = 0; (at = text.find(part, at)) != text.npos; at += part.size())
        ++count;
    return count;
}

// RFC 5322 2.2: a name without blanks, and a colon.
bool begins_field(std::string_view line)
{
    const auto end = std::find_if(line.begin(), line.end(),
                                  [](char c) { return c == ':' || (c >= 0 && c <= ' '); });
    return end != line.end() && *end == ':';
}

// Reads a mail line by line, and keeps what is within the caps.
class CappedMail {
  public:
    explicit CappedMail(std::size_t size) { kept_.reserve(size + 1); }

    bool is_in_body() const { return is_in_body_; }

    // Takes a line without its end; false: a cap is reached.
    bool take(std::string_view line)
    {
        if (line.empty()) {
            is_in_body_ = true;
            begin_part(is_mail_next_);
        } else if (line.starts_with("--")) {
            ++boundaries_;
            begin_part(true);
        } else if (is_in_header_) {
            line = take_header_line(line);
            if (line.empty())
                return true;
        }
        if (octets_ > most_octets || colons_ > most_colons || charsets_ > most_charsets ||
            boundaries_ > most_boundaries)
            return false;
        kept_ += line;
        kept_ += '\n';
        return true;
    }

    std::string kept() { return std::move(kept_); }

  private:
    void begin_part(bool has_header)
    {
        is_in_header_ = has_header;
        is_in_field_ = false;
        is_mail_next_ = are_mails_next_;
    }

    // Returns as much of the line as the field may still have; all of a line that is in no field.
    std::string_view take_header_line(std::string_view line)
    {
        if (!is_in_field_ || (line[0] != ' ' && line[0] != '\t')) {
            is_in_field_ = begins_field(line);
            is_type_ = starts_ignoring_case(line, "content-type:");
            const bool has_whole_name = line.find(':') < longest_field;
            field_octets_left_ = has_whole_name ? longest_field : 0;
        }
        if (!is_in_field_)
            return line;
        line = line.substr(0, field_octets_left_);
        field_octets_left_ -= line.size();
        octets_ += line.size();
        colons_ += count_of(":", line);                           // RFC 5322 2.2, 3.4
        charsets_ += count_of("=?", line) + count_of("*=", line); // RFC 2047 2, RFC 2231 4
        if (is_type_) {
            const std::string type = lower_case(line);
            is_mail_next_ = is_mail_next_ || type.find("message") != type.npos;
            are_mails_next_ = are_mails_next_ || type.find("digest") != type.npos;
        }
        return line;
    }

    std::string kept_;
    std::size_t octets_ = 0, colons_ = 0, charsets_ = 0, boundaries_ = 0;
    bool is_in_body_ = false, is_in_header_ = true;
    bool is_in_field_ = false, is_type_ = false;
    std::size_t field_octets_left_ = 0;
    // A part's type tells that another header follows its own: the part is a mail (RFC 2046 5.2.1),
    // or a digest, all of whose parts are mails (5.1.5).
    bool is_mail_next_ = false, are_mails_next_ = false;
};

} // namespace

std::string within_caps(std::string_view mail)
{
    CappedMail capped(mail.size());
    while (!mail.empty()) {
        // A CR alone ends a line too, but not in the header of the mail: it must not make a field
        // there that is trusted.
        const auto end =
            std::min(mail.find_first_of(capped.is_in_body() ? "\r\n" : "\n"), mail.size());
        std::string_view line = mail.substr(0, end);
        mail.remove_prefix(end);
        drop_line_end(mail);
        while (line.ends_with('\r'))
            line.remove_suffix(1);
        if (!capped.take(line))
            break;
    }
    return capped.kept();
}
