#include "recover/repairs.hh"

#include "recover/editors.hh"
#include "recover/encodings.hh"
#include "recover/links.hh"
#include "recover/markup.hh"
#include "recover/transport.hh"
#include "recover/typography.hh"

Strings Repair::apply(const std::string& text, Budget& budget) const
{
    if (!budget.spend(text.size()))
        return {};
    Strings made = function_(text);
    for (const std::string& one : made)
        if (!budget.spend(one.size()))
            return {};
    return made;
}

const std::vector<Repair>& repairs()
{
    // What loses nothing comes first: a text that needs no guess gets none.
    static const std::vector<Repair> all = {
        {"typography", Certainty::tidied, repair_typography},
        {"base64", Certainty::exact, repair_base64},
        {"quoted-printable", Certainty::exact, repair_quoted_printable},
        {"dash-escapes", Certainty::exact, repair_dash_escapes},
        {"html-source", Certainty::exact, repair_html_source},
        {"references", Certainty::exact, repair_references},
        {"percent", Certainty::exact, repair_percent},
        {"json-literal", Certainty::exact, repair_json_literal},
        {"plus-for-blank", Certainty::guessed, repair_plus_for_blank},
        {"links", Certainty::guessed, repair_links},
        {"line-numbers", Certainty::guessed, repair_line_numbers},
        {"continuation-marks", Certainty::guessed, repair_continuation_marks},
        {"doubled-quotes", Certainty::guessed, repair_doubled_quotes},
        {"markdown-escapes", Certainty::guessed, repair_markdown_escapes},
        {"sendmail-break", Certainty::guessed, repair_sendmail_break},
        {"halved-backslashes", Certainty::guessed, repair_halved_backslashes},
        {"single-quotes", Certainty::guessed, repair_single_quotes},
        {"emphasis", Certainty::guessed, repair_emphasis},
        {"mojibake", Certainty::guessed, repair_mojibake},
        {"dot-stuffing", Certainty::guessed, repair_dot_stuffing},
    };
    return all;
}
