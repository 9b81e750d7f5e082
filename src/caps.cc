#include "caps.hh"

#include "ascii.hh"
#include "line_ends.hh"

#include <algorithm>
#include <set>
#include <vector>

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

// What a header costs GMime.
struct Cost {
    std::size_t octets = 0, colons = 0, charsets = 0;

    void add(std::string_view line)
    {
        octets += line.size();
        colons += count_of(":", line);                           // RFC 5322 2.2, 3.4
        charsets += count_of("=?", line) + count_of("*=", line); // RFC 2047 2, RFC 2231 4
    }

    bool is_over_caps() const
    {
        return octets > most_octets || colons > most_colons || charsets > most_charsets;
    }

    // All of it, in octets.
    std::size_t sum() const
    {
        return octets + colons * (most_octets / most_colons) +
               charsets * (most_octets / most_charsets);
    }
};

// The name and the colon at the start of a field (RFC 5322 2.2); "": it is none.
std::string_view name_of(std::string_view line)
{
    const auto end = std::find_if(line.begin(), line.end(),
                                  [](char c) { return c == ':' || (c >= 0 && c <= ' '); });
    const auto size = static_cast<std::size_t>(end - line.begin());
    return end != line.end() && *end == ':' ? line.substr(0, size + 1) : "";
}

bool is_folded(std::string_view line) { return line[0] == ' ' || line[0] == '\t'; }

// Whether a field says how the body is to be read.
bool is_of_body(std::string_view name) { return starts_ignoring_case(name, "content-"); }

// The boundary in the value of a Content-Type field (RFC 2046 5.1.1), as nearly all programs write
// it; "": none is found.
std::string boundary_of(std::string_view type)
{
    constexpr std::string_view name = "boundary=";
    const auto start = lower_case(type).find(name);
    if (start == std::string_view::npos)
        return "";
    type.remove_prefix(start + name.size());
    const bool is_quoted = type.starts_with('"');
    type.remove_prefix(is_quoted ? 1 : 0);
    return std::string(type.substr(0, type.find_first_of(is_quoted ? "\"" : "; \t\n")));
}

// Whether a Content-Type field says that an attached mail follows.
bool is_mail(std::string_view type)
{
    const std::string_view value = trimmed(type.substr(name_of(type).size()));
    return starts_ignoring_case(value, "message/rfc822") ||
           starts_ignoring_case(value, "message/global") ||
           starts_ignoring_case(value, "message/news");
}

// The header of the mail. It may be of any size. Over the caps the most costly of its fields lose
// their values; the names stay, from the top down. A longer field than the longest one is such a
// field always. A field that says how the body is to be read is kept, at least its start.
class TopHeader {
  public:
    void take(std::string_view line)
    {
        if (!is_folded(line) || fields_.empty())
            begin(line);
        if (is_left_out_)
            return;
        Field& field = fields_.back();
        if (!field.name.empty()) {
            const std::string_view kept = line.substr(0, longest_field - field.cost.octets);
            field.has_all = field.has_all && kept.size() == line.size();
            field.cost.add(kept);
            if (kept.empty())
                return;
            line = kept;
        }
        (field.text += line) += '\n';
    }

    std::string kept()
    {
        spend();
        std::string header;
        // A signature that isn't kept may have forged them (auth.hh). Behind a name that isn't kept
        // there may be one.
        bool may_have_results =
            std::none_of(fields_.begin(), fields_.end(), [](const Field& field) {
                return !field.has_value &&
                       (!field.has_name || equal_ignoring_case(field.name, "dkim-signature:"));
            });
        for (const Field& field : fields_) {
            // Where ours were cut, results further down must not stand in for them (RFC 8601 5).
            const bool has_results = equal_ignoring_case(field.name, "authentication-results:");
            const bool is_whole = field.has_value && (!has_results || may_have_results);
            may_have_results = may_have_results && (!has_results || is_whole);
            if (is_whole)
                header += field.text;
            else if (field.has_name)
                header += field.name + '\n';
        }
        return header;
    }

    // The Content-Type fields.
    std::vector<std::string> types() const
    {
        std::vector<std::string> types;
        for (const Field& field : fields_)
            if (equal_ignoring_case(field.name, "content-type:"))
                types.push_back(field.text);
        return types;
    }

  private:
    struct Field {
        std::string name; // with the colon; "": lines that are in no field
        std::string text; // with its name and its line ends
        Cost cost;
        bool has_all = true;
        bool has_name = false, has_value = false; // what is kept
    };

    void begin(std::string_view line)
    {
        constexpr std::size_t most_fields = most_colons; // more names are not kept
        const std::string_view name = name_of(line);
        const bool goes_on = name.empty() && !fields_.empty() && fields_.back().name.empty();
        is_left_out_ = name.size() > longest_field ||
                       (!name.empty() && count_[is_of_body(name)]++ >= most_fields);
        if (!is_left_out_ && !goes_on)
            fields_.push_back({std::string(name), {}, {}});
    }

    void spend()
    {
        std::size_t left = most_octets;
        const auto pays = [&](std::size_t price) {
            const bool is_enough = price <= left;
            left -= is_enough ? price : 0;
            return is_enough;
        };
        std::vector<Field*> others; // borrowed
        for (Field& field : fields_) {
            if (field.name.empty())
                field.has_value = true;
            else if (is_of_body(field.name))
                field.has_value = pays(field.cost.sum());
            else
                others.push_back(&field);
        }
        const auto price_of_name = [](const Field& field) {
            Cost cost;
            cost.add(field.name);
            return cost.sum();
        };
        // What stands further down must not be taken for what stood above it.
        for (Field* field : others)
            if (!(field->has_name = pays(price_of_name(*field))))
                break;
        std::stable_sort(others.begin(), others.end(), [](const Field* a, const Field* b) {
            return a->cost.sum() < b->cost.sum();
        });
        for (Field* field : others)
            field->has_value = field->has_name && field->has_all &&
                               pays(field->cost.sum() - price_of_name(*field));
    }

    std::vector<Field> fields_;
    std::size_t count_[2] = {0, 0}; // of fields; of those that are of the body
    bool is_left_out_ = false;      // the field
};

// Reads a mail line by line, and keeps what is within the caps.
class CappedMail {
  public:
    explicit CappedMail(std::size_t size) { kept_.reserve(size + 1); }

    bool is_in_body() const { return place_ != Place::top_header; }

    // Takes a line without its end; false: a cap is reached.
    bool take(std::string_view line)
    {
        if (place_ == Place::top_header) {
            if (!line.empty()) {
                top_.take(line);
                return true;
            }
            end_top();
        }
        if (line.empty()) {
            end_header();
        } else if (line.starts_with("--")) {
            ++boundaries_;
            begin(boundaries_known_.contains(trimmed(line.substr(2))) ? Place::header
                                                                      : Place::maybe_header);
        } else if (place_ != Place::body) {
            line = take_header_line(line);
            if (line.empty())
                return true;
        }
        if (cost_.is_over_caps() || boundaries_ > most_boundaries)
            return false;
        kept_ += line;
        kept_ += '\n';
        return true;
    }

    std::string kept()
    {
        if (place_ == Place::top_header)
            end_top();
        return std::move(kept_);
    }

  private:
    enum class Place {
        top_header,
        body,
        header,      // of a part, or of an attached mail
        maybe_header // lines that may belong to one count as if they did
    };

    void begin(Place place)
    {
        place_ = place;
        is_in_field_ = false;
        is_mail_next_ = are_mails_next_;
        type_.clear();
        is_encoded_ = false;
    }

    void end_top()
    {
        kept_ += top_.kept();
        for (const std::string& type : top_.types()) {
            note_type(type);
            type_ = type;
        }
        place_ = Place::header;
    }

    // At an empty line.
    void end_header()
    {
        const bool is_sure = place_ == Place::header && !is_encoded_;
        if (place_ == Place::header)
            if (std::string boundary = boundary_of(type_);
                !boundary.empty() && boundaries_known_.size() < most_boundaries)
                boundaries_known_.insert(std::move(boundary));
        begin(!is_mail_next_              ? Place::body
              : is_sure && is_mail(type_) ? Place::header
                                          : Place::maybe_header);
    }

    void note_type(std::string_view line)
    {
        const std::string type = lower_case(line);
        is_mail_next_ = is_mail_next_ || type.find("message") != type.npos;
        are_mails_next_ = are_mails_next_ || type.find("digest") != type.npos;
    }

    // Returns as much of the line as the field may still have; all of a line that is in no field.
    // In what is a header for sure, nothing is left of fields that aren't of the body.
    std::string_view take_header_line(std::string_view line)
    {
        if (!is_in_field_ || !is_folded(line)) {
            const std::string_view name = name_of(line);
            is_in_field_ = !name.empty();
            is_type_ = equal_ignoring_case(name, "content-type:");
            is_encoding_ = equal_ignoring_case(name, "content-transfer-encoding:");
            const bool is_kept =
                name.size() <= longest_field && (place_ == Place::maybe_header || is_of_body(name));
            field_octets_left_ = is_kept ? longest_field : 0;
        }
        if (!is_in_field_)
            return line;
        line = line.substr(0, field_octets_left_);
        field_octets_left_ -= line.size();
        cost_.add(line);
        if (is_type_) {
            note_type(line);
            (type_ += line) += '\n';
        }
        if (is_encoding_)
            is_encoded_ = true; // perhaps; it is not looked at
        return line;
    }

    TopHeader top_;
    std::string kept_;
    Cost cost_; // of what may be in a header below the top
    std::size_t boundaries_ = 0;
    std::set<std::string, std::less<>> boundaries_known_;
    Place place_ = Place::top_header;
    bool is_in_field_ = false, is_type_ = false, is_encoding_ = false, is_encoded_ = false;
    std::size_t field_octets_left_ = 0;
    std::string type_; // the Content-Type fields of the header
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
