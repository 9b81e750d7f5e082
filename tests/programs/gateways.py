"""What providers put on the way of a mail: filters, relays, forwards, lists.

The mails are as most programs write them. The filters have the replies too.
"""
import email.message
import email.policy
import email.utils
import html
import mailbox
import smtplib
import socket
import subprocess

import mta
from harness import TREE, expect_that, wait_until
from mta import SERVICE, run, write
from programs.frame import ADDRESS, MAILBOX, Program, program


def write_mail(way, text, to):
    mail = email.message.EmailMessage(policy=email.policy.SMTP)
    mail["From"], mail["To"], mail["Subject"] = f"Alice <{ADDRESS}>", to, "Hello"
    mail["Date"], mail["Message-ID"] = email.utils.localtime(), email.utils.make_msgid(
        domain="example.net")
    if way == "attached":
        mail.set_content("Please see the attachment\n")
        mail.add_attachment(text.encode(), "text", "plain", filename="request.txt")
    else:
        mail.set_content(text + "\n", cte="7bit" if way == "long line" else "quoted-printable")
    if way == "HTML":
        lines = html.escape(text).replace("\n", "<br>\n")
        mail.add_alternative(f"<html><body><p>{lines}</p></body></html>\n", subtype="html",
                             cte="quoted-printable")
    return mail


def texts_of(mail):
    """What a mail program shows: plain text, also of mails that are attached."""
    return "\n".join(part.get_payload(decode=True).decode(part.get_content_charset("utf-8"))
                     for part in mail.walk() if part.get_content_type() == "text/plain")


class Gateway(Program):
    ways = {"plain": "json", "HTML": "json", "attached": "json", "long line": "json"}
    to, port = SERVICE, 25

    def send(self, way, exchange):
        mail = write_mail(way, getattr(exchange, self.ways[way]), self.to)
        with smtplib.SMTP("127.0.0.1", self.port, timeout=20) as smtp:
            smtp.sendmail(ADDRESS, [self.to], mail.as_bytes())

    def copy(self, exchange):
        mail, = mailbox.mbox(MAILBOX)
        return {"text": texts_of(mail)}


def wait_for_filter(port):
    """A filter reads its rules for a while when it starts."""
    def accepts():
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0
    wait_until(accepts, f"nobody listens on port {port}", 120)


def listen_for_filtered():
    """What a filter hands back goes on; everything else goes to the filter (content_filter)."""
    with open("/etc/postfix/master.cf", "a") as file:
        file.write("127.0.0.1:10025 inet n - n - - smtpd -o content_filter=\n"
                   "  -o receive_override_options=no_unknown_recipient_checks\n")


class PipeFilter(Gateway):
    """A command between Postfix and Postfix, as FILTER_README has it."""
    command = ""  # of a shell: changes the mail in the file "$mail"

    def set_up(self):
        run("useradd", "--system", "--create-home", "filter")
        write("/usr/local/bin/filter-mail", f"""#!/bin/sh
mail=$(mktemp /tmp/filter-XXXXXX) && trap 'rm -f "$mail"' EXIT && cat >"$mail" || exit 75
{self.command} || exit 75
exec /usr/bin/python3 - "$@" "$mail" <<'EOT'
import smtplib, sys
with smtplib.SMTP("127.0.0.1", 10025) as smtp, open(sys.argv[-1], "rb") as mail:
    smtp.sendmail(sys.argv[1], sys.argv[2:-1], mail.read())
EOT
""", 0o755)
        listen_for_filtered()
        with open("/etc/postfix/master.cf", "a") as file:
            file.write("filter unix - n n - 4 pipe flags=Rq user=filter null_sender=\n"
                       "  argv=/usr/local/bin/filter-mail ${sender} ${recipient}\n")
        run("postconf", "content_filter = filter:dummy")
        run("postfix", "reload")


@program
class AlterMime(PipeFilter):
    name = "altermime"
    packages = ("altermime",)
    command = ('altermime --input="$mail" --disclaimer=/etc/disclaimer.txt '
               '--disclaimer-html=/etc/disclaimer.html >/dev/null')

    def set_up(self):
        write("/etc/disclaimer.txt", "\n-- \nThis e-mail {and its attachments} is confidential.\n"
              "\"Think before you print.\" http://example.com/legal?a=1.0\n")
        write("/etc/disclaimer.html", "<hr><p>This e-mail {and its attachments} is confidential. "
              "<a href=\"http://example.com/legal?a=1.0\">\"Think before you print.\"</a></p>\n")
        super().set_up()


class SpamAssassin(PipeFilter):
    packages = ("spamassassin",)
    settings = ""
    command = ('spamassassin --local --siteconfigpath=/etc/spamassassin <"$mail" >"$mail.new" &&'
               ' mv "$mail.new" "$mail"')
    seconds = 900

    def set_up(self):
        with open("/etc/spamassassin/local.cf", "a") as file:
            file.write("use_bayes 0\nuse_auto_whitelist 0\n" + self.settings)
        super().set_up()


@program
class SpamAssassinHam(SpamAssassin):
    name = "SpamAssassin, as ham"


@program
class SpamAssassinSpam(SpamAssassin):
    """Each mail is taken for spam, and attached to a report."""
    name = "SpamAssassin, as spam"
    settings = "required_score -100\nreport_safe 1\nrewrite_header Subject *****SPAM*****\n"


@program
class Rspamd(Gateway):
    """A milter."""
    name = "rspamd"
    packages = ("rspamd",)

    def set_up(self):
        write("/etc/rspamd/local.d/milter_headers.conf",
              'use = ["x-spamd-bar", "x-spam-level", "x-spam-status", "authentication-results"];\n'
              "extended_spam_headers = true;\n")
        write("/etc/rspamd/local.d/options.inc", 'dns { nameserver = ["127.0.0.1"]; }\n'
              "disable_hyperscan = true;\n")
        with open("/var/log/rspamd.out", "w") as output:
            subprocess.Popen(["rspamd", "-f", "-u", "_rspamd", "-g", "_rspamd"],
                             stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
        wait_for_filter(11332)
        run("postconf", "smtpd_milters = inet:127.0.0.1:11332",
            "non_smtpd_milters = inet:127.0.0.1:11332", "milter_default_action = tempfail")
        run("postfix", "reload")


@program
class Amavis(Gateway):
    name = "amavis"
    packages = ("amavisd-new", "spamassassin")
    seconds = 900

    def set_up(self):
        write("/etc/amavis/conf.d/60-here", """use strict;
@bypass_spam_checks_maps = (0);
$sa_local_tests_only = 1;
@local_domains_acl = (".");
$sa_tag_level_deflt = -999;
$final_spam_destiny = D_PASS;
$final_bad_header_destiny = D_PASS;
1;
""")
        run("sh", "-c", "amavisd start >/var/log/amavis.out 2>&1 || cat /var/log/amavis.out")
        wait_for_filter(10024)
        listen_for_filtered()
        run("postconf", "content_filter = smtp:[127.0.0.1]:10024")
        run("postfix", "reload")


class Relay(Gateway):
    """Another mail system between the person and Postfix.

    Debian installs one at a time: its program is taken out of the package.
    """
    port = 2525
    package = program_file = ""
    directory = TREE / "build/programs"

    def archive(self):
        found = sorted(self.directory.glob(f"{self.package}_*.deb"))
        return found[-1] if found else None

    def fetch(self):
        self.directory.mkdir(parents=True, exist_ok=True)
        if not self.archive():
            subprocess.run(["apt-get", "-q", "download", self.package], cwd=self.directory,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=120)
        return None if self.archive() else "apt-get can't fetch it"

    def version(self):
        return run("dpkg-deb", "--field", str(self.archive()), "Version").strip()

    def unpack(self):
        run("dpkg-deb", "--extract", str(self.archive()), "/opt/relay")


@program
class Exim(Relay):
    """Bounces a line of more than 998 octets (its message_linelength_limit)."""
    name, package = "Exim", "exim4-daemon-light"
    packages = ("libdb5.3", "libgnutls-dane0", "libidn12", "libnsl2", "libpcre2-8-0")
    ways = {"plain": "json", "HTML": "json", "attached": "json"}

    def set_up(self):
        self.unpack()
        run("useradd", "--system", "Debian-exim")
        for path in "/var/spool/exim4", "/var/log/exim4", "/etc/exim4":
            run("install", "-d", "-o", "Debian-exim", path)
        run("install", "-m", "4755", "/opt/relay/usr/sbin/exim4", "/usr/sbin/exim4")
        write("/etc/exim4/exim4.conf", f"""primary_hostname = relay.example.net
local_interfaces = 127.0.0.1
daemon_smtp_ports = {self.port}
acl_smtp_rcpt = accept
acl_smtp_data = accept
begin routers
next:
  driver = manualroute
  route_list = * 127.0.0.1
  transport = next
  self = send
begin transports
next:
  driver = smtp
  port = 25
  allow_localhost
""")
        run("exim4", "-bd")
        mta.wait_for_port(self.port)


@program
class OpenSmtpd(Relay):
    name = package = "opensmtpd"
    packages = ("libdb5.3", "libevent-2.1-7")

    def set_up(self):
        self.unpack()
        for user in "opensmtpd", "opensmtpq":
            run("useradd", "--system", "--home-dir", "/var/lib/opensmtpd/empty", user)
        run("sh", "-ec", "install -d -m 711 /var/lib/opensmtpd /var/lib/opensmtpd/empty; "
            "cp -R /opt/relay/usr/libexec/opensmtpd /usr/libexec/; "
            "cp /opt/relay/usr/sbin/smtpd /usr/sbin/")
        write("/etc/smtpd-relay.conf", f"""listen on 127.0.0.1 port {self.port}
action next relay host smtp://127.0.0.1:25
match from any for any action next
""")
        run("sh", "-c", "smtpd -f /etc/smtpd-relay.conf >/run/smtpd.out 2>&1 || cat /run/smtpd.out")
        mta.wait_for_port(self.port)


@program
class PostSrsd(Gateway):
    """A forward to the service, with SRS: the reply goes to the rewritten sender."""
    name = "postsrsd"
    packages = ("postsrsd",)
    to = "friend@example.com"

    def set_up(self):
        write("/run/secret", "secret\n")
        run("sh", "-c", "postsrsd -D -f10001 -r10002 -dforwarder.example -s/run/secret -unobody "
            "-l127.0.0.1 >/dev/null 2>&1")
        write("/etc/postfix/virtual", f"example.com anything\n{self.to} {SERVICE}\n")
        run("postmap", "/etc/postfix/virtual")
        run("postconf", "virtual_alias_maps = hash:/etc/postfix/virtual",
            "virtual_alias_domains = example.com", "sender_canonical_maps = tcp:127.0.0.1:10001",
            "sender_canonical_classes = envelope_sender",
            "recipient_canonical_maps = tcp:127.0.0.1:10002",
            "recipient_canonical_classes = envelope_recipient,header_recipient")
        run("postfix", "reload")

    def copy(self, exchange):
        expect_that(b"SRS0" in exchange.mail(), "there was no SRS")
        return super().copy(exchange)


@program
class Mlmmj(Gateway):
    """A mailing list to which the service is subscribed: it must be silent."""
    name = "mlmmj"
    packages = ("mlmmj",)
    ways = {"plain": "json"}
    to = "list@example.org"

    def set_up(self):
        spool = "/var/spool/mlmmj/list"
        write("/run/answers", f"example.org\n{ADDRESS}\nen\nn\nn\n")
        run("sh", "-ec", f"mkdir -p {spool}; rmdir {spool}; /usr/bin/mlmmj-make-ml -L list "
            "-s /var/spool/mlmmj -c nobody </run/answers")
        for address in SERVICE, ADDRESS:
            run("/usr/bin/mlmmj-sub", "-L", spool, "-f", "-q", "-s", "-a", address)
        run("chown", "-R", "nobody", spool)
        with open("/etc/postfix/master.cf", "a") as file:
            file.write("mlmmj unix - n n - - pipe flags=ORhu user=nobody\n"
                       f"  argv=/usr/bin/mlmmj-receive -F -L {spool}\n")
        with open("/etc/postfix/transport", "a") as file:
            file.write("list@example.org mlmmj:\n")
        with open("/etc/aliases", "a") as file:
            file.write("list: nobody\n")
        run("postmap", "/etc/postfix/transport")
        run("newaliases")
        run("postfix", "reload")

    def judge(self, exchange, row):
        row["request"], row["mail"] = exchange.wait_for_request(), exchange.mail()
        expect_that(row["request"].startswith("not understood: ignored "), row["request"])
        expect_that(not MAILBOX.exists() or b"auto-replied" not in MAILBOX.read_bytes(),
                    "the list was answered")
        row["request"], row["reply"] = "ignored", "none, as it must be"
