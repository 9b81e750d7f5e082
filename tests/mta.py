"""Real mail systems in a throwaway root (tests/root), with the recipes of INSTALL.

In INSTALL a heading is underlined. A code block is indented by four spaces, ends at a blank line
and belongs to the last heading. Its first line may name the file that it is added to
(`# /etc/aliases`); another block is commands. A first line that ends with ", with Dovecot 2.3" is
for that version alone. Blocks are taken as they stand, with their blanks, as one would paste them.
"""
import email
import email.utils
import json
import os
import pathlib
import re
import shutil
import smtplib
import socket
import subprocess
import sys
import tempfile
import threading

import harness
from broker import Broker
from harness import TESTS, TREE, expect_that, options, test, wait_until
from sample import REQUEST

SERVICE = "snowflake@example.org"
CONF = pathlib.Path("/etc/snowflake-mail.conf")
INBOX = pathlib.Path("/var/mail/people")  # a maildir that gets every mail to @people.example
LOGS = pathlib.Path("/var/log/snowflake-mail")
SENDMAIL_FAILS = pathlib.Path("/run/sendmail-fails")  # while this file is there
# Words of the program's input and output.
TELLTALES = re.compile(rb"offer|sdp|ice-ufrag|CoVEaiFXRGVzshXG|snowflake proxies", re.IGNORECASE)


def run(*command):
    """What a command prints. A daemon that it starts may keep its output open: so this is a file."""
    with tempfile.TemporaryFile("w+") as output:
        result = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=output,
                                stderr=subprocess.STDOUT, timeout=120)
        output.seek(0)
        text = output.read()
    expect_that(result.returncode == 0, f"{' '.join(command)}: {text}")
    return text


# --- the machine

def section(heading):
    """The text under a heading of INSTALL."""
    text = (TREE / "INSTALL").read_text()
    found = re.search(rf"^{re.escape(heading)}\n[-=]+\n(.*?)(?=^[^\n]+\n[-=]{{3,}}\n|\Z)", text,
                      re.DOTALL | re.MULTILINE)
    expect_that(found, f"INSTALL has no heading {heading!r}")
    return found[1]


def recipe(heading):
    """The code blocks under a heading of INSTALL: a file's name (None: commands) and text."""
    for block in re.findall("(?:^    .*\n)+", section(heading), re.MULTILINE):
        name = re.match(r" *# ([/~]\S+?)(, with .*)?\n", block)
        version = re.match(r" *# .*, with Dovecot (\S+)\n", block)
        if not version or version[1] == dovecot_version():
            yield (name[1], block[name.end():]) if name else (None, block)


def version_of(package):
    """Of an installed Debian package, such as "3.10"; "1:2.4.1+dfsg1-6" is "2.4"."""
    version = run("dpkg-query", "-W", "-f", "${Version}", package)
    return re.match(r"(?:\d+:)?(?:.*\+really)?(\d+\.\d+)", version)[1]


def tested_line(name, versions):
    """INSTALL's line on the versions of a mail system that its recipe was tested with."""
    *others, last = sorted(versions, key=lambda version: [int(part) for part in version.split(".")])
    return (f"Tested by `make check`, with {name} "
            + (", ".join(others) + " and " if others else "") + f"{last}.")


def tested_versions(heading):
    """What that line under a heading names, such as "Postfix", {"3.7", "3.10"}."""
    line = re.search(r"^Tested by `make check`, with (\S+) (.*)\.$", section(heading), re.MULTILINE)
    expect_that(line, f"INSTALL has no line on the tested versions under {heading!r}")
    return line[1], set(re.split(", | and ", line[2]))


def dovecot_version():
    """Such as "2.3"."""
    return ".".join(run("dovecot", "--version").split(".")[:2])


def follow(heading, change=lambda text: text, which=lambda text: True, run=run,
           root=pathlib.Path("/")):
    """Does what those blocks of a recipe of INSTALL say; `run` may be another host's with its root."""
    blocks = [block for block in recipe(heading) if which(block[1])]
    expect_that(blocks, f"INSTALL has no such recipe under {heading!r}")
    for name, text in blocks:
        if name is None:
            run("bash", "-ec", change(text))
            continue
        with open(root / name.lstrip("/"), "a") as file:
            file.write(change(text))


def sendmail_to_inbox():
    """A sendmail for a root without a mail system: it puts each mail into people's inbox."""
    name = "/usr/local/bin/sendmail-to-inbox"
    write(name, f"""#!/bin/sh
[ $# = 5 ] && {{ printf 'Return-Path: %s\\n' "${{3:-<>}}"; cat; }} >{INBOX}/new/$$
""", 0o755)
    return name


def install(sendmail="/usr/sbin/sendmail"):
    """Puts the program where INSTALL's recipes have it, and what they need.

    That is a user, people's inbox, logs, and a sendmail that can be made to fail.
    """
    (INBOX / "new").mkdir(parents=True)
    run("chmod", "-R", "777", str(INBOX))
    shutil.copy(options.program, "/usr/local/bin/snowflake-mail")
    follow("A user of its own")
    LOGS.mkdir()
    shutil.chown(LOGS, "snowmail")
    write("/usr/local/bin/sendmail-for-tests",
          f'#!/bin/sh\n[ ! -e {SENDMAIL_FAILS} ] || exit 75\nexec {sendmail} "$@"\n', 0o755)


def wait_for_port(port, host="127.0.0.1"):
    def accepts():
        with socket.socket() as probe:
            return probe.connect_ex((host, port)) == 0
    wait_until(accepts, f"nobody listens on port {port}")


def collect_syslog():
    """What comes to syslog(3) from now on: a list that grows."""
    lines = []
    log = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    log.bind("/dev/log")
    os.chmod("/dev/log", 0o666)

    def collect():
        while True:
            lines.append(log.recv(65536))
    threading.Thread(target=collect, daemon=True).start()
    return lines


def start_postfix(log):
    # Not appended to main.cf: each process would log a warning at a parameter that is there twice,
    # and postlogd would wait for its own.
    run("postconf", f"maillog_file = {log}",
        "mydestination = example.org, mail.example.org, localhost", "inet_interfaces = 127.0.0.1",
        "inet_protocols = ipv4", "allow_min_user = yes", "virtual_mailbox_domains = people.example",
        "virtual_mailbox_base = /",
        f"virtual_mailbox_maps = inline:{{@people.example={INBOX.relative_to('/')}/}}",
        "virtual_uid_maps = static:65534", "virtual_gid_maps = static:65534")
    run("newaliases")
    run("postfix", "start")


def has_new_dovecot(name):
    """The test's own settings are for Dovecot 2.3. Where it is newer, says so; such a test is not
    counted."""
    is_new = dovecot_version() != "2.3"
    if is_new:
        print(f"note - {name}: not tested with Dovecot {dovecot_version()}", flush=True)
    return is_new


def write(name, text, mode=0o644):
    path = pathlib.Path(name)
    path.write_text(text)
    path.chmod(mode)


# --- mails

class Exchange:
    """A mail with a poll request, a broker that behaves so, and a log of its own."""
    count = 0
    ids = set()

    def __init__(self, *behaviours, sender="alice@people.example", recipient=SERVICE, body=REQUEST,
                 header="", deadline=45):
        Exchange.count += 1
        self.sender = sender.replace("@", f"{Exchange.count}@")  # for each a quota of its own
        self.recipient = recipient
        self.mails_before = len(inbox())
        self.id = f"<{Exchange.count}.{os.getpid()}@people.example>"
        Exchange.ids.add(self.id)
        self.mail = (f"{header}From: {self.sender or 'alice@people.example'}\nTo: {recipient}\n"
                     f"Subject: hello\nDate: {email.utils.formatdate()}\n"
                     f"Message-ID: {self.id}\n\n{body}")
        self.log = LOGS / str(Exchange.count)
        self.record = pathlib.Path(f"/run/record.{Exchange.count}")
        self.broker = Broker(behaviours or ("answer",), self.record)
        write(CONF, f"[broker]\nurl = {self.broker.url}\n[reply]\nsendmail "
              "= /usr/local/bin/sendmail-for-tests\n"
              f"[limits]\ndeadline = {deadline}\n[log]\ntarget = {self.log}\n")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.broker.close()

    def asked(self):
        lines = self.record.read_text().splitlines() if self.record.exists() else []
        return [json.loads(line) for line in lines]

    def outcomes(self):
        """Such as ["deferred sendmail", "answered answer"]."""
        log = self.log.read_text() if self.log.exists() else ""
        return re.findall(r": outcome=(\w+) reason=(\S+)", log)

    def wait_for(self, *outcomes):
        wanted = [tuple(outcome.split()) for outcome in outcomes]
        wait_until(lambda: len(self.outcomes()) >= len(wanted),
                   f"the log has {self.outcomes()}, not {wanted},")
        expect_that(self.outcomes() == wanted, f"the log has {self.outcomes()}, not {wanted}")

    def replies(self):
        return [mail for mail in inbox() if mail["In-Reply-To"] == self.id]

    def check_answered(self):
        """One reply, and it is the broker's answer."""
        wait_until(self.replies, "no reply")
        response = self.asked()[-1]["response"].rstrip("\n")
        text = body(self.check_reply())
        expect_that(text.startswith(response + "\n\n") and text.endswith(" UTC.\n"),
                    f"the reply's body is {text!r}")

    def check_reply(self):
        replies = self.replies()
        expect_that(len(replies) == 1, f"{len(replies)} replies")
        fields = {"Return-Path": "<>", "Auto-Submitted": "auto-replied", "To": self.sender,
                  "From": self.recipient}
        for name, value in fields.items():
            expect_that(replies[0].get_all(name) == [value],
                        f"the reply has {name}: {replies[0].get_all(name)}, not {value}")
        expect_that("Sender" not in replies[0], "the reply has a Sender field")
        return replies[0]

    def check_ignored(self, reason):
        self.wait_for(f"ignored {reason}")
        expect_that(not self.asked(), "the broker was asked")


def inbox():
    return [email.message_from_bytes(path.read_bytes()) for path in (INBOX / "new").glob("*")]


def body(mail):
    return mail.get_payload(decode=True).decode()


def only_replies_came():
    """People got replies and no bounce; none of our logs holds what people send and get."""
    strangers = [mail for mail in inbox() if mail["In-Reply-To"] not in Exchange.ids or
                 mail["Auto-Submitted"] != "auto-replied"]
    expect_that(not strangers, f"{len(strangers)} other mails, one has: "
                f"{strangers and strangers[0].as_string()[:2000]}")
    other = [str(path) for path in pathlib.Path("/var/mail").iterdir()
             if path != INBOX and path.stat().st_size > 0]
    expect_that(not other, f"there is mail in {other}")
    for log in LOGS.iterdir():
        expect_that(not TELLTALES.search(log.read_bytes()) and b"@" not in log.read_bytes(),
                    f"our log has: {log.read_text()}")


# --- the tests

class Way:
    """A way from a mail system to the program, with tests. Its name is a heading of INSTALL.

    Methods without a body have to be filled in.
    """

    package = None  # Debian's; None: nothing is to be known of its version
    deferral = "when sendmail fails the mail waits, is tried again and gets one reply"

    def set_up(self):
        """Follows the recipe."""

    def post(self, exchange):
        """Hands in exchange.mail. Waits for nothing."""
        with smtplib.SMTP("127.0.0.1", 25, timeout=20) as smtp:
            smtp.sendmail(exchange.sender, [exchange.recipient], exchange.mail)

    def waiting(self):
        """How many mails are in the queue."""

    def retry(self):
        """Has the queue tried again."""

    def add_tests(self):
        def add(sentence, function):
            test(f"{self.name}: {sentence}")(function)
        if self.package:
            add("INSTALL names the version", self.version_is_named)
        add("a request is answered with the broker's response", self.is_set_up)
        add("--check finds the recipe and no slip in it", self.is_well)
        add("a sender whose address begins with - is answered",
            lambda: self.is_answered(sender="-t@people.example"))
        add("a sender with an apostrophe is answered",
            lambda: self.is_answered(sender="o'brien@people.example"))
        add("a mail without a request is swallowed",
            lambda: self.is_ignored("no-request", body="Hello\n"))
        add("a mail with the null sender is swallowed",
            lambda: self.is_ignored("null-sender", sender=""))
        add("a mail that is delivered again is swallowed", self.is_duplicate)
        add(self.deferral, self.is_deferred)
        add("a broker that stalls makes an error reply and no second try", self.is_stalled)

    def version_is_named(self):
        name, versions = tested_versions(self.name)
        here = version_of(self.package)
        expect_that(here in versions, f"it has not {name} {here}; write there: "
                    + tested_line(name, versions | {here}))
        return f"{name} {here}"

    def wait_for_empty_queue(self):
        wait_until(lambda: self.waiting() == 0, "the mail is still in the queue")

    def is_set_up(self):
        self.set_up()
        self.is_answered()

    user = "snowmail"  # whom the program runs as

    def is_well(self):
        with Exchange():
            done = subprocess.run(["runuser", "-u", self.user, "--",
                                   "/usr/local/bin/snowflake-mail", "--check"],
                                  stdin=subprocess.DEVNULL, capture_output=True, text=True,
                                  timeout=60)
        said = re.findall("^(recipe.*): (.*)", done.stderr, re.MULTILINE)
        expect_that(said and all(word == "ok" for _, word in said),
                    f"--check says {done.stderr}")

    def is_answered(self, **how):
        with Exchange(**how) as exchange:
            self.post(exchange)
            exchange.wait_for("answered answer")
            self.wait_for_empty_queue()
            exchange.check_answered()

    def is_ignored(self, reason, **how):
        with Exchange(**how) as exchange:
            self.post(exchange)
            exchange.check_ignored(reason)
            self.wait_for_empty_queue()
            expect_that(len(inbox()) == exchange.mails_before, "there is a reply or a bounce")

    def is_duplicate(self):
        with Exchange() as exchange:
            self.post(exchange)
            exchange.wait_for("answered answer")
            self.post(exchange)
            exchange.wait_for("answered answer", "ignored duplicate")
            self.wait_for_empty_queue()
            exchange.check_answered()
            expect_that(len(exchange.asked()) == 1, "a second proxy was spent")

    def is_deferred(self):
        SENDMAIL_FAILS.touch()
        try:
            with Exchange() as exchange:
                self.post(exchange)
                exchange.wait_for("deferred sendmail")
                # While it is moved from one queue to the next Postfix may list it in neither.
                wait_until(lambda: self.waiting() == 1, "the mail is not in the queue")
                expect_that(not exchange.replies(), "there is a reply already")
                SENDMAIL_FAILS.unlink()
                wait_until(lambda: exchange.replies() or self.retry(), "no reply")
                self.wait_for_empty_queue()
                exchange.wait_for("deferred sendmail", "answered interrupted")
                exchange.check_reply()
                expect_that(len(exchange.asked()) == 1, "a second proxy was spent")
        finally:
            SENDMAIL_FAILS.unlink(missing_ok=True)

    def is_stalled(self, deadline=10):
        with Exchange("stall", deadline=deadline) as exchange:
            self.post(exchange)
            exchange.wait_for("answered broker-failed")
            self.wait_for_empty_queue()
            wait_until(exchange.replies, "no reply")
            error = body(exchange.check_reply()).splitlines()[0]
            expect_that("error" in json.loads(error), f"the reply begins {error!r}")


class DeliveryAgent(Way):
    """A way without a queue of its own: a mail stays in our list if the command ends with 75."""

    def __init__(self, name):
        self.name, self.queue = name, []

    def delivery(self, exchange):
        """The command, its environment and its stdin. To be filled in."""

    def post(self, exchange):
        self.queue.append(self.delivery(exchange))
        self.retry()

    def waiting(self):
        return len(self.queue)

    def retry(self):
        command, environment, mail = self.queue.pop()
        result = subprocess.run(command, env=environment, input=mail, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, text=True, timeout=60, cwd="/")
        expect_that(result.returncode in (0, 75),
                    f"{self.name} ended with {result.returncode}: {result.stdout}")
        ours = [line for line in result.stdout.splitlines()
                if "procmail: " not in line and "authdaemon: " not in line]
        fault = "snowflake-mail: sendmail failed with exit status 75"
        expect_that(ours == ([fault] if result.returncode else []),
                    f"{self.name} said {result.stdout}")
        if result.returncode == 75:
            self.queue.append((command, environment, mail))


def main(name, *packages, within=()):
    """Runs the tests in a throwaway root with the packages, there in the command `within`."""
    harness.parse(patterns=False)  # a test may need the ones before it
    if "IN_ROOT" in os.environ:
        harness.main(first_sets_up=True)
    program = os.path.abspath(sys.argv[0])
    command = [TESTS / "root", *packages, "--", *within, program, *sys.argv[1:]]
    status = subprocess.run(command, stdin=subprocess.DEVNULL).returncode
    if status not in (0, 1):
        without_root(name, status)
    sys.exit(status != 0 and (status != 77 or os.environ.get("CI") == "true"))


def without_root(name, status):
    if status == 77 and os.environ.get("CI") != "true":
        print(f"skip - {name}: needs root and namespaces\n0 passed, 0 failed, 1 skipped")
    else:
        print(f"not ok - {name}: no throwaway root, tests/root ended with {status}\n"
              "0 passed, 1 failed, 0 skipped")
