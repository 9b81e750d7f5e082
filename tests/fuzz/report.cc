// The lines of a log for --report.
#include "report.hh"
#include "checks.hh"

void fuzz(std::string_view input)
{
    Report report;
    while (!input.empty()) {
        const std::string line = take_input_line(input);
        report.add(line);
        const auto mail = parse_log_line(line);
        check(!mail || !mail->has_known_reason || log_line(mail->entry) == line,
              "what is read of a line is what was written");
    }
    const std::string text = report.text();
    std::string_view rest = text;
    while (!rest.empty())
        check(take_input_line(rest).size() <= 80, "the table has 80 columns");
    check(std::all_of(text.begin(), text.end(),
                      [](char c) { return c == '\n' || (c >= ' ' && c <= '~'); }),
          "the table is plain ASCII");
    check(text.find("secret") == text.npos, "nothing of a line is shown");
}
