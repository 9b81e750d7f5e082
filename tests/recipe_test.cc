#include "recipe.hh"

#include "temporary_directory.hh"

#include <algorithm>
#include <doctest/doctest.h>
#include <fstream>
#include <map>
#include <sys/stat.h>
#include <unistd.h>

namespace {

using Files = std::map<std::string, std::string>; // by path

const Files postfix{{"/usr/local/bin/snowflake-mail", "#!/bin/sh\n"},
                    {"/etc/postfix/master.cf",
                     "smtp inet n - y - - smtpd\n"
                     "maildrop unix - n n - - pipe\n"
                     "  flags=DRXhu user=vmail argv=/usr/bin/maildrop -d ${recipient} -f${sender}\n"
                     "snowflake unix - n n - 8 pipe\n"
                     "  flags=ORXhu user=root null_sender=\n"
                     "  argv=/usr/local/bin/snowflake-mail -f ${sender} -a ${original_recipient}\n"
                     "#snow unix - n n - 8 pipe flags=D argv=/nowhere/snowflake-mail\n"},
                    {"/etc/postfix/main.cf",
                     "myhostname = mail.example.org\n"
                     "mydestination = $myhostname, example.org,\n"
                     "  localhost\n"
                     "alias_maps = hash:/etc/aliases\n"
                     "snowflake_destination_recipient_limit = 1\n"
                     "snowflake_time_limit = 120s\n"
                     "transport_maps = inline:{snowflake@example.org=snowflake:}\n"
                     "virtual_alias_maps = inline:{snowflake@example.org=snowflake@example.org} "
                     "$virtual_maps\n"},
                    {"/etc/aliases", "postmaster: root\n"},
                    {"/etc/aliases.db", ""}};

const Files exim{{"/usr/local/bin/snowflake-mail", "#!/bin/sh\n"},
                 {"/etc/exim4/update-exim4.conf.conf", "dc_use_split_config='true'\n"},
                 {"/etc/exim4/conf.d/router/350_snowflake",
                  "snowflake:\n  driver = accept\n  domains = +local_domains\n"
                  "  local_parts = snowflake\n  transport = snowflake_pipe\n"},
                 {"/etc/exim4/conf.d/transport/30_snowflake",
                  "snowflake_pipe:\n  driver = pipe\n  command = /usr/local/bin/snowflake-mail\n"
                  "  user = root\n  timeout = 2m\n  timeout_defer\n  temp_errors = 71 : 75\n"}};

const Files opensmtpd{
    {"/usr/local/bin/snowflake-mail", "#!/bin/sh\n"},
    {"/etc/smtpd.conf",
     "include \"/etc/smtpd-snowflake.conf\"\n"
     "action \"local\" mbox alias <aliases>\n"},
    {"/etc/smtpd-snowflake.conf",
     "table snowflake { \"snowflake\" = \"snowmail\" }\n"
     "action \"snowflake\" mda \"/usr/local/bin/snowflake-mail\" user root alias <snowflake>\n"
     "match from any for rcpt-to \"snowflake@example.org\" action \"snowflake\"\n"}};

const Files dovecot{{"/usr/local/bin/snowflake-mail", "#!/bin/sh\n"},
                    {"/usr/local/lib/sieve-pipe/snowflake-mail", "#!/bin/sh\n"},
                    {"/etc/dovecot/local.conf",
                     "plugin {\n  sieve_pipe_bin_dir = /usr/local/lib/sieve-pipe\n"
                     "  sieve_pipe_exec_timeout = 60s\n}\n"}};

const Files forward{{"/usr/local/bin/snowflake-mail", "#!/bin/sh\n"},
                    {"/etc/postfix/main.cf", "alias_maps = hash:/etc/aliases\n"},
                    {"/etc/aliases", "snowflake: root\n"},
                    {"/etc/aliases.db", ""},
                    {"/var/lib/snowflake-mail/.forward", "\"|/usr/local/bin/snowflake-mail\"\n"}};

// A change of a file: what stands there, and what takes its place. "": the whole file.
struct Slip {
    std::string file, before, after, said; // "" said: it is none
};

std::vector<Recipe> recipes_of(Files files, const Slip& slip, const TemporaryDirectory& directory)
{
    if (!slip.file.empty()) {
        std::string& text = files[slip.file];
        if (slip.before.empty()) {
            text = slip.after;
        } else {
            const auto at = text.find(slip.before);
            REQUIRE(at != text.npos);
            text.replace(at, slip.before.size(), slip.after);
        }
    }
    for (const auto& [name, text] : files) {
        const std::filesystem::path path = directory.path + name;
        if (text == "none")
            continue;
        std::filesystem::create_directories(path.parent_path());
        std::ofstream(path) << text;
        chmod(path.c_str(), text.starts_with("#!") ? 0755 : 0644);
    }
    Host host{directory.path, "root", "/var/lib/snowflake-mail"};
    return find_recipes(host);
}

std::string said_of(const Files& files, const Slip& slip)
{
    const TemporaryDirectory directory;
    std::string all;
    for (const Recipe& recipe : recipes_of(files, slip, directory))
        for (const std::string& text : recipe.slips)
            all += recipe.place + ": " + text + "\n";
    return all;
}

void check(const Files& files, const std::vector<Slip>& slips)
{
    const TemporaryDirectory directory;
    CHECK(recipes_of(files, {}, directory).size() == 1);
    CHECK(said_of(files, {}) == "");
    for (const Slip& slip : slips) {
        CAPTURE(slip.file);
        CAPTURE(slip.before);
        CAPTURE(slip.after);
        const std::string said = said_of(files, slip);
        if (slip.said.empty())
            CHECK(said == "");
        else
            CHECK_MESSAGE((said.find(slip.said) != said.npos &&
                           std::count(said.begin(), said.end(), '\n') == 1),
                          said);
    }
}

const std::string master = "/etc/postfix/master.cf", main_cf = "/etc/postfix/main.cf",
                  aliases = "/etc/aliases";

} // namespace

TEST_CASE("the slips of a recipe in Postfix's pipe(8), and what is none")
{
    if (geteuid() != 0) // the recipe's user is root, since it must be there
        return;
    check(
        postfix,
        {
            {master, "-f ${sender} -a", "-f${sender} -a", "-f${...} is glued"},
            {master, "-a ${original", "-a${original", "-a${...} is glued"},
            {master, "-f ${sender} -a ${original", "-f $sender -a ${original", ""},
            {master, "-f ${sender} ", "", ""}, // Return-Path has it
            {master, "flags=ORXhu", "flags=DORXhu", "the flag D Postfix bounces"},
            {master, "user=root null", "null", "user= is missing"},
            {master, "user=root null", "user=root:mail null", ""},
            {master, "user=root null", "user=daemon null", "as daemon, and this is root; run: "},
            {master, "user=root null", "user=nosuchuser null", "there is no user nosuchuser"},
            {master, "snowflake unix - n n", "snowflake unix - n y", "in a chroot"},
            {master, "snowflake unix - n n", "snowflake unix - n -", ""},
            {master, "snowflake unix - n n", "snowflake unix - - n", "the column unpriv"},
            {master, "8 pipe", "8 spawn", "not spawn"},
            {master, "local/bin/snowflake-mail -f", "bin/snowflake-mail -f", "is no program"},
            {master, "local/bin/snowflake-mail -f", "local/bin/snowflake-mail-or-75 -f",
             "/usr/local/bin/snowflake-mail-or-75 is no program"},
            {"/usr/local/bin/snowflake-mail", "#!", "#", "is no program"}, // may not be run
            {master, "-f ${sender}", "-f ${recipient}", "-f must have the sender"},
            {master, "null_sender=", "", ""},
            {master, "  argv=", "# a comment\n\n  argv=", ""}, // neither ends an entry (master(5))
            {main_cf, "snowflake_destination_recipient_limit = 1\n", "", "recipient_limit must"},
            {main_cf, "recipient_limit = 1", "recipient_limit = 10", "recipient_limit must be 1"},
            {main_cf, "= 120s", "= 45s", "snowflake_time_limit is 45s, and must be above"},
            {main_cf, "= 120s", "= 46", ""},
            {main_cf, "= 120s", "= 1h", ""},
            {main_cf, "snowflake_time_limit = 120s", "command_time_limit = 30", "is 30, and must"},
            {main_cf, "snowflake_time_limit = 120s\n", "", ""}, // 1000 s
            {main_cf, "transport_maps = inline:{snowflake@example.org=snowflake:}\n", "",
             "nothing sends mail to snowflake:"},
            {main_cf, "=snowflake:}", "=snowflake}", "nothing sends mail to snowflake:"},
            {main_cf, "inline:{snowflake@example.org=snowflake:}", "hash:/etc/postfix/transport",
             "nothing sends mail to snowflake:"}, // there is no such table
            {main_cf, "inline:{snowflake@example.org=snowflake:}", "regexp:/etc/postfix/t", ""},
            {main_cf, "inline:{snowflake@example.org=snowflake:}",
             "inline:{ {a@b.c=smtp:}, "
             "{ snowflake@example.org = snowflake: } } mysql:/x",
             ""},
            {main_cf, "transport_maps = inline:{snowflake@example.org=snowflake:}",
             "mailbox_transport = snowflake:", ""},
            {main_cf, "inline:{snowflake@example.org=snowflake@example.org} ", "",
             "refuses mail for snowflake@example.org"},
            {main_cf, "inline:{snowflake@example.org=snowflake@example.org} ",
             "inline:{snowflake@example.net=snowflake@example.net} ", "refuses mail for"},
            {main_cf, "inline:{snowflake@example.org=snowflake@example.org} ", "ldap:/etc/l ", ""},
            {main_cf, "$myhostname, example.org", "$myhostname, example.net", ""},
            {main_cf, "snowflake@example.org} $virtual_maps",
             "snowflake@example.org}\nvirtual_alias_domains = example.org",
             "is in virtual_alias_domains"},
            {main_cf, "=snowflake:}\nvirtual_alias_maps = inline:{snowflake@example.org=",
             "=snowflake:}\nvirtual_alias_maps = inline:{a@example.org=", "refuses mail for"},
            {aliases, "", "snowflake: \"|/usr/local/bin/snowflake-mail\"\n",
             "a command in the aliases"},
            {aliases, "", "me: \"|/usr/local/bin/snowflake-mail-client --deliver\"\n", ""},
        });
}

TEST_CASE("an address of Postfix's exists by an alias, a user, a mailbox, or not at all")
{
    if (geteuid() != 0)
        return;
    Files files = postfix;
    std::string& text = files[main_cf];
    const std::string map =
        "virtual_alias_maps = inline:{snowflake@example.org=snowflake@example."
        "org} $virtual_maps\n";
    text.erase(text.find(map), map.size());
    CHECK(said_of(files, {}).find("refuses mail for") != std::string::npos);
    CHECK(said_of(files, {aliases, "postmaster", "Snowflake", ""}) == "");
    for (const std::string list : {"local_recipient_maps =", "virtual_alias_maps = ldap:/etc/l"})
        CHECK(said_of(files, {main_cf, "myhostname", list + "\nmyhostname", ""}) == "");
    const std::string elsewhere = "$myhostname, example.org", none = "$myhostname";
    CHECK(said_of(files, {main_cf, elsewhere, none, ""}).find("takes no mail for example.org") !=
          std::string::npos);
    text.replace(text.find(elsewhere), elsewhere.size(), none);
    CHECK(said_of(files, {main_cf, "myhostname",
                          "virtual_mailbox_domains = example.org\nvirtual_mailbox_maps = "
                          "inline:{bob@example.org=bob/}\nmyhostname",
                          ""})
              .find("refuses mail for") != std::string::npos);
    for (const std::string list :
         {"virtual_mailbox_domains = example.org\nvirtual_mailbox_maps = "
          "inline:{snowflake@example.org=s/}",
          "virtual_mailbox_domains = mysql:/etc/m", "relay_domains = example.org"})
        CHECK(said_of(files, {main_cf, "myhostname", list + "\nmyhostname", ""}) == "");
}

TEST_CASE("a table of Postfix's that was changed after postmap is told")
{
    if (geteuid() != 0)
        return;
    Files files = postfix;
    std::string& text = files[main_cf];
    const std::string map = "inline:{snowflake@example.org=snowflake:}";
    text.replace(text.find(map), map.size(), "hash:$config_directory/transport");
    files["/etc/postfix/transport"] = "snowflake@example.org snowflake:\n";
    CHECK(said_of(files, {}).find("/etc/postfix/transport has no database") != std::string::npos);
    files["/etc/postfix/transport.db"] = "";
    CHECK(said_of(files, {}) == "");
}

TEST_CASE("the slips of a recipe in Exim")
{
    if (geteuid() != 0)
        return;
    const std::string transport = "/etc/exim4/conf.d/transport/30_snowflake",
                      router = "/etc/exim4/conf.d/router/350_snowflake";
    check(exim,
          {
              {transport, "snowflake-mail", "snowflake-mail -f $sender_address", "refuses"},
              {transport, "local/bin/snowflake-mail", "bin/snowflake-mail", "no program"},
              {transport, "  user = root\n", "", "user is missing"},
              {transport, "user = root", "user = daemon", "as daemon, and this is root"},
              {transport, "2m", "30s", "timeout is 30s"},
              {transport, "2m", "1h30m", ""},
              {transport, "  timeout = 2m\n", "", ""}, // an hour
              {transport, "71 : 75", "71", "temp_errors lacks 75"},
              {transport, "71 : 75", "*", ""},
              {router, "snowflake_pipe", "snowflake", "no router has transport = snowflake_p"},
              {"/etc/exim4/update-exim4.conf.conf", "true", "false", "isn't used"},
          });
}

TEST_CASE("the slips of a recipe in OpenSMTPD")
{
    if (geteuid() != 0)
        return;
    const std::string file = "/etc/smtpd-snowflake.conf";
    check(opensmtpd, {
                         {file, "user root", "user daemon", "as daemon, and this is root"},
                         {file, "user root ", "", "no user"},
                         {file, "local/bin/snowflake-mail", "bin/snowflake-mail", "no program"},
                         {file, "from any ", "", "write match from any"},
                         {file, "from any ", "from src <hosts> ", ""},
                         {file, " alias <snowflake>", "", "no user has that name"},
                         {file, "action \"snowflake\"\n", "action \"local\"\n", "no match line"},
                         {file, "match", "# match", "no match line"},
                     });
}

TEST_CASE("the slips of a recipe in Dovecot, and in a home")
{
    if (geteuid() != 0)
        return;
    check(dovecot, {{"/etc/dovecot/local.conf", "60s", "45s", "sieve_pipe_exec_timeout is 45s"},
                    {"/etc/dovecot/local.conf", "60s", "1 mins", ""},
                    {"/etc/dovecot/local.conf", "  sieve_pipe_exec_timeout = 60s\n", "", "10s"},
                    {"/usr/local/lib/sieve-pipe/snowflake-mail", "#!", "#", "is no program"}});
    const std::string file = "/var/lib/snowflake-mail/.forward";
    check(forward,
          {{file, "local/", "", "is no program"},
           {aliases, "", "snowflake: |/usr/local/bin/snowflake-mail\n", "aliases does not"},
           {"/etc/aliases.db", "", "none", "as root: newaliases"},
           {main_cf, "alias", "command_time_limit = 40s\nalias", "command_time_limit is"},
           {main_cf, "alias", "allow_mail_to_commands = alias\nalias", "lacks the word"},
           {main_cf, "alias", "allow_mail_to_commands = alias,forward\nalias", ""},
           {file, "", "root\n", "it leads to root, but nothing in /var/lib/snowflake-mail"}});
    const TemporaryDirectory directory;
    recipes_of(forward, {}, directory);
    const std::string path = directory.path + file;
    const Host host{directory.path, "root", "/var/lib/snowflake-mail"};
    for (const mode_t mode : {0664U, 0646U}) {
        chmod(path.c_str(), mode);
        CHECK(find_recipes(host).at(0).slips.at(0).find("chmod go-w") != std::string::npos);
    }
    chmod(path.c_str(), 0644);
    REQUIRE(chown(path.c_str(), 1, 1) == 0);
    CHECK(find_recipes(host).at(0).slips.at(0).find("chown root") != std::string::npos);
    std::filesystem::rename(path, directory.path + "/var/lib/snowflake-mail/.qmail");
    CHECK(find_recipes(host).at(0).slips.empty()); // qmail doesn't look at the owner
}

TEST_CASE("without a recipe none is found, and none in what names the client")
{
    const TemporaryDirectory directory;
    CHECK(recipes_of({{"/etc/postfix/master.cf", "smtp inet n - y - - smtpd\n"},
                      {"/etc/aliases", "me: \"|/usr/local/bin/snowflake-mail-client --deliver\"\n"},
                      {"/etc/smtpd.conf", "action \"local\" mbox\n"}},
                     {}, directory)
              .empty());
}
