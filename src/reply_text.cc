#include "reply_text.hh"

#include "handle.hh"
#include "link.hh"

#include <glib.h>

namespace {

std::string with_line_feeds(const std::string& json)
{
    std::string text;
    for (std::size_t i = 0; i < json.size(); ++i)
        if (json[i] != '\r' || json.compare(i, 2, "\r\n") != 0)
            text += json[i];
    if (!text.ends_with('\n'))
        text += '\n';
    return text;
}

// "12:34:56"
std::string time_of_day(std::chrono::system_clock::time_point time)
{
    const Handle<GDateTime, g_date_time_unref> utc(
        g_date_time_new_from_unix_utc(std::chrono::system_clock::to_time_t(time)));
    return GString8(g_date_time_format(utc.get(), "%H:%M:%S")).get();
}

std::string text_of(const Answer& answer, const Recovery& request, const std::string& page,
                    const Sentences& sentences)
{
    const auto* poll = std::get_if<PollRequest>(&request);
    const auto link = poll ? make_link(*poll, page, answer.json) : std::nullopt;
    const std::string json = with_line_feeds(answer.json);
    const std::string hint = sentence(sentences, link ? "open-link" : "use-answer", "{time}",
                                      time_of_day(answer.received + Answer::lifetime));
    return link ? hint + "\n" + *link + "\n\n" + json : json + "\n" + hint + "\n";
}

std::string text_of(const Problem& problem, const Sentences& sentences)
{
    const std::string minutes = std::to_string(problem.minutes);
    return "{\"error\":\"" + filled_in(problem.error, "{minutes}", minutes) + "\"}\n\n" +
           sentence(sentences, problem.sentence, "{minutes}", minutes) + "\n";
}

} // namespace

std::string write_reply_text(const Reply& reply, const Recovery& request, const std::string& page,
                             const Sentences& sentences)
{
    if (const auto* problem = std::get_if<Problem>(&reply))
        return text_of(*problem, sentences);
    if (const auto* help = std::get_if<Help>(&reply))
        return help->text;
    if (std::holds_alternative<Introduction>(reply))
        return "Secure-Join: vc-auth-required\n"; // Delta Chat looks at the field of that name
    return text_of(std::get<Answer>(reply), request, page, sentences);
}
