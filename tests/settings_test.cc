#include "helpers.hh"
#include "settings.hh"

#include <doctest/doctest.h>
#include <fstream>

namespace {

Settings parse(const std::string& text) { return parse_settings(text, "test.conf"); }

std::string refusal(const std::string& text)
{
    return failure_of([&] { parse(text); });
}

std::string values(const Settings& s)
{
    std::ostringstream text;
    text << s.broker.url << '|';
    for (const std::string& front : s.broker.fronts)
        text << front << ' ';
    text << '|' << s.broker.proxy << '|' << s.broker.ca_file << '|' << s.broker.attempts << '|'
         << s.broker.timeout.count() << '|' << s.reply.from << '|' << s.reply.return_path << '|'
         << s.reply.subject << '|' << s.reply.sendmail << '|' << s.reply.help << '|'
         << s.reply.texts << '|' << s.reply.page << '|' << s.limits.deadline.count() << '|'
         << s.limits.max_size << '|' << s.limits.max_age.count() << '|';
    for (const std::string& id : s.auth.authserv_ids)
        text << id << ' ';
    text << '|' << static_cast<int>(s.auth.require) << '|' << s.quota.burst << '|'
         << s.quota.per_hour << '|' << s.quota.host_per_minute << '|' << s.quota.domain_share << '|'
         << s.openpgp.home << '|';
    for (const std::string& key : s.openpgp.keys)
        text << key << ' ';
    text << '|' << s.openpgp.require << '|' << s.state_directory << '|' << s.log_target;
    return text.str();
}

const std::string defaults =
    "https://snowflake-broker.torproject.net/||||3|12|||Automatic reply|/usr/sbin/sendmail|0|" DATADIR
    "/help||45|1048576|600||0|5|30|120|25|||0||syslog";

} // namespace

TEST_CASE(
    "snowflake-mail.conf(5): everything has a default, and what may be empty is as if it were not "
    "there")
{
    CHECK(values(parse("")) == defaults);
    CHECK(values(parse("[broker]\nfronts =\nproxy =\nca-file =\n[reply]\nfrom =\nreturn-path = "
                       "<>\npage =\n[limits]\n[log]\n")) == defaults);
    CHECK(values(read_settings("contrib/snowflake-mail.conf")) == defaults); // all is commented
}

TEST_CASE("contrib/snowflake-mail.conf shows every key with its default")
{
    std::ifstream file("contrib/snowflake-mail.conf"); // the tests run at the top level
    std::string text;
    for (std::string line; std::getline(file, line); text += line + "\n") {
        if (line.size() > 1 && line[0] == '#' && line[1] != ' ')
            line.erase(0, 1);
        if (line == "directory = /var/lib/snowflake-mail") // which is used where it can be
            line = "";
    }
    CHECK(values(parse(text)) == defaults);
    for (const auto& group : parts("broker|reply|limits|auth|quota|openpgp|log")) {
        const std::string known = refusal("[" + group + "]\nx = 1");
        std::istringstream keys(known.substr(known.rfind(": ") + 2));
        for (std::string key; std::getline(keys >> std::ws, key, ',');)
            CHECK_MESSAGE(text.find("\n" + key + " =") != std::string::npos, key);
    }
}

TEST_CASE("every key is read, with CR LF too, and a range includes its ends")
{
    CHECK(values(parse("[broker]\r\nurl = http://127.0.0.1:8080/broker\r\n"
                       "fronts = a.example; b.example\r\nproxy = socks5h://127.0.0.1:9050\r\n"
                       "ca-file = /ca.pem\r\nattempts = 10\r\ntimeout = 60\r\n"
                       "[reply]\r\nfrom = Büro <a@example.org>\r\n"
                       "return-path = <b@example.org>\r\nsubject = für Sie\r\n"
                       "sendmail = /s\r\nhelp = authenticated\r\ntexts = /t\r\n"
                       "page = https://example.org/snowflake.html\r\n"
                       "[limits]\r\ndeadline = 900\r\nmax-size = 104857600\r\n"
                       "max-age = 604800\r\n"
                       "[auth]\r\nauthserv-ids = mx.example.org;mx2.example.org\r\n"
                       "require = any\r\n"
                       "[quota]\r\nburst = 10000\r\nper-hour = 100000\r\n"
                       "host-per-minute = 100000\r\ndomain-share = 100\r\n"
                       "[openpgp]\r\nhome = /h\r\nkey = a@x; "
                       "f0501ad743e583ceb337f5045231c0dd39310310\r\nrequire = yes\r\n"
                       "[state]\r\ndirectory = /d\r\n[log]\r\ntarget = /log\r\n")) ==
          "http://127.0.0.1:8080/broker/|a.example b.example |socks5h://127.0.0.1:9050|/ca.pem|10|"
          "60|Büro <a@example.org>|b@example.org|für Sie|/s|1|/t|"
          "https://example.org/snowflake.html|900|104857600|604800|"
          "mx.example.org mx2.example.org |4|10000|100000|100000|100|/h|a@x "
          "f0501ad743e583ceb337f5045231c0dd39310310 |1|/d|/log");
    CHECK(
        refusal("[broker]\nattempts=1\ntimeout=1\n[limits]\ndeadline=10\nmax-size=1024\nmax-age=0\n"
                "[quota]\nburst=0\nper-hour=0\nhost-per-minute=0\ndomain-share=1\n") == "");
}

TEST_CASE("a value that isn't accepted is refused with file, group, key and what is accepted")
{
    const struct {
        std::string place, accepted, values; // values are parted by "|"
    } table[] = {
        {"[broker] url", "an http or https URL without a query",
         "|a.example|ftp://a.example/|https://|https:///a|https://a.example/?b=c|"
         "https://a.example/ # b|https://a.example/;|https://a.example:99999/|https://:443/"},
        {"[broker] fronts", "host names separated by \";\", or nothing",
         "a.example;;b.example|https://a.example|a.example, b.example"},
        {"[broker] proxy", "a proxy's URL, as socks5h://127.0.0.1:9050, or nothing",
         "socks5h://127.0.0.1:9050;|a b"},
        {"[broker] ca-file", "the absolute path of a file or directory, or nothing",
         "ca.pem|/ca.pem;"},
        {"[broker] attempts", "a whole number from 1 to 10",
         "|0|11|-1|+1|3 x|3;|3.0|0x3|three|4294967297|99999999999999999999"},
        {"[broker] timeout", "seconds, a whole number from 1 to 60", "|0|61|12s"},
        {"[reply] from", "a mail address with a domain, with or without a display name, or nothing",
         "snowflake|Snow <snowflake>|A <>|a@example.org, b@example.org|a@example.org;"},
        {"[reply] return-path", "a mail address, or nothing for the null return path",
         "a b|A <a@example.org>|a@example.org;"},
        {"[reply] subject", "one line of text", "|two\\nlines|a\\q|\xff"},
        {"[reply] sendmail", "the absolute path of a program, without arguments",
         "|sendmail|/usr/sbin/sendmail;"},
        {"[reply] help", "never or authenticated", "|always|Never|authenticated;"},
        {"[reply] texts", "the absolute path of a directory", "|help|/help;"},
        {"[reply] page", "an http or https URL in ASCII, without a query or fragment, or nothing",
         "example.org|ftp://example.org/|https://|https:///a|https://example.org/?a=b|"
         "https://example.org/#a|https://example.org/#|javascript:alert(1)|https://example.org/ a|"
         "https://example.org/%zz|https://example.org/100%|https://example.org:99999/|https://@/|"
         "https://[2001:db8::1/|https://:443/|https://example.org/<b>|https://example.org/\xd1\x8f"},
        {"[limits] deadline", "seconds, a whole number from 10 to 900", "|9|901"},
        {"[limits] max-size", "bytes, a whole number from 1024 to 104857600", "|1023|104857601|1M"},
        {"[limits] max-age", "seconds, a whole number from 0 (no limit) to 604800", "|-1|604801"},
        {"[auth] authserv-ids", "host names separated by \";\", or nothing",
         "a.example;;b.example|a.example, b.example"},
        {"[auth] require", "none, spf, dkim, dmarc or any", "|spf;|SPF|all"},
        {"[quota] burst", "a whole number from 0 (no limit) to 10000", "|-1|10001|many"},
        {"[quota] per-hour", "a whole number from 0 (no limit) to 100000", "|-1|100001|30/h"},
        {"[quota] host-per-minute", "a whole number from 0 (no limit) to 100000", "|-1|100001"},
        {"[quota] domain-share", "percent, a whole number from 1 to 100 (no limit)", "|0|101|25%"},
        {"[openpgp] home", "the absolute path of a directory, or nothing", "gnupg|/gnupg;"},
        {"[openpgp] key", "fingerprints of 40 digits, or addresses, separated by \";\", or nothing",
         "0123|snowflake|F0501AD743E583CEB337F5045231C0DD3931031Z|a@x;;b@x|-a b@x|a@x, b@x"},
        {"[openpgp] require", "yes or no", "|true|1|Yes|yes;"},
        {"[state] directory", "the absolute path of a directory", "|state|/state;"},
        {"[log] target", "syslog, or the absolute path of a file", "|log|syslog;|Syslog"},
    };
    for (const auto& row : table) {
        for (const auto& value : parts(row.values)) {
            CAPTURE(value);
            std::string text = row.place + " = " + value;
            text.replace(text.find(' '), 1, "\n");
            CHECK(refusal(text) ==
                  "settings: test.conf:2: " + row.place + ": accepted is " + row.accepted);
        }
    }
}

TEST_CASE("a refusal is one line, whatever a group or a key is called")
{
    CHECK(refusal("[log]\na\rb\x1b = 1").starts_with("settings: test.conf:2: [log] a?b?: unknown"));
}

TEST_CASE("an unknown or doubled group or key, and a line that is no setting, are refused by name")
{
    CHECK(refusal("[brokers]") ==
          "settings: test.conf:1: [brokers]: unknown group; known: broker, reply, limits, auth, "
          "quota, openpgp, state, log");
    CHECK(refusal("[limits]\nmax_age = 5") ==
          "settings: test.conf:2: [limits] max_age: unknown key; known here: deadline, max-size, "
          "max-age");
    CHECK(refusal("[state]\nurl = https://a.example/") ==
          "settings: test.conf:2: [state] url: unknown key; known here: directory");
    CHECK(
        refusal("[reply]\nsubject[de] = a")
            .starts_with(
                "settings: test.conf:2: [reply] subject[de]: unknown key")); // GKeyFile skips these
    CHECK(refusal("[broker]\nattempts = 1\nattempts = 1") ==
          "settings: test.conf:3: [broker] attempts: stands twice");
    CHECK(refusal("[broker]\nattempts = 1\n[log]\n[broker]\nattempts = 2") ==
          "settings: test.conf:5: [broker] attempts: stands twice");
    for (const auto& row : {std::pair{"attempts = 1", "1"},
                            {"[broker", "1"},
                            {"# a comment\n\n[broker]\nurl = http://a/\nattempts", "5"},
                            {"[broker]\n= 3\nattempts", "2"},
                            {"[broker]\r\n\r\nattempts\r\n[log]\r\n", "3"}}) {
        const auto& [text, line] = row;
        CAPTURE(row.first);
        CHECK(refusal(text).starts_with(std::string("settings: test.conf:") + line +
                                        ": this line is neither"));
    }
    CHECK(refusal("[auth]\nrequire = spf")
              .starts_with("settings: test.conf:2: [auth] require: needs authserv-ids"));
    for (const auto& text : parts("home = /h|key = a@x|require = yes|home =\nkey = a@x"))
        CHECK(refusal("[openpgp]\n" + text) ==
              "settings: test.conf:1: [openpgp]: needs both home and key, or nothing at all");
}

TEST_CASE("settings that can't be read, or may never end, are refused")
{
    for (const auto& row : {std::pair{"/nonexistent.conf", "No such file or directory"},
                            {"/dev/null/conf", "Not a directory"},
                            {"/", "not a regular file"},
                            {"/dev/zero", "not a regular file"}})
        CHECK(failure_of([&] { read_settings(row.first); }) ==
              std::string("settings: ") + row.first + ": " + row.second);
}
