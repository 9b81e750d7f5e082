"""What all mail programs of the matrix share: the host, the exchange, the rows.

A program is a class below Program in a module beside this file, registered with @program. Each one
gets a throwaway root of its own (tests/root) with its packages, where a real Postfix and Dovecot,
the service by INSTALL's recipe and a loopback broker run. There each of its `ways` of sending is
tried with each of its `samples`: a row says whether the request came to the broker as it was made,
and by which ways of copying the answer is whole.

The person is alice@example.net, a user of that host: mail for her is in /var/mail/alice, which is
also her INBOX by IMAP (port 143, no TLS). SMTP is on ports 25 and 587, no TLS, with her password or
without one.
"""
import base64
import collections
import contextlib
import functools
import http.client
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import time
import traceback
import urllib.parse

import mta
import sample
from broker import CONTENT, Broker
from harness import TESTS, expect_that, options, test, wait_until
from mta import SERVICE, run, write

PERSON, ADDRESS, PASSWORD = "alice", "alice@example.net", "secret"
HOME, MAILBOX = pathlib.Path("/home/alice"), pathlib.Path("/var/mail/alice")
KEPT = pathlib.Path("/var/lib/mails-that-came")  # what the service was given, a file each
RECORD = pathlib.Path("/run/broker-record")
LOG = mta.LOGS / "log"
ANSWER = CONTENT["answer"].decode()
BASE_PACKAGES = ("postfix", "dovecot-imapd")

Row = collections.namedtuple("Row", "program version way sample request reply mail")
programs = []
emit = print  # what gets each Row; run-programs sets it


def program(some_class):
    programs.append(some_class)
    return some_class


# --- the samples

@functools.cache
def corpus_request(name):
    """The request that a mail of the corpus holds, as its client writes it."""
    manifest = json.loads((TESTS / "corpus/manifest.json").read_text())
    entry, = (entry for entry in manifest["entries"] if entry["file"] == name)
    request = dict(entry["expect"]["request"])
    request.pop("version", None)
    if not isinstance(request["offer"], str):
        request["offer"] = json.dumps(request["offer"], separators=(",", ":"))
    return "1.0\n" + json.dumps(request, separators=(",", ":"))


SAMPLES = {  # the broker's poll requests
    "small": lambda: sample.REQUEST.strip(),
    "Chromium": lambda: corpus_request("045-exchange-ip-autolink-plain-chromium.eml"),
    "Firefox": lambda: corpus_request("051-exchange-mdns-autolink-firefox.eml"),
    "Snowflake": lambda: corpus_request("254-sendmail-990-bang-pion.eml"),
}


def parts_of(request):
    """What must reach the broker octet for octet."""
    version, _, text = request.partition("\n")
    fields = json.loads(text)
    return version, fields["offer"], fields.get("nat"), fields.get("fingerprint")


# --- the person's snowflake-mail-client

class Client:
    """With its page, and one request of Snowflake's that waits for its answer."""

    def __init__(self, request):
        self.directory = tempfile.TemporaryDirectory()
        self.output = open(f"{self.directory.name}/said", "w+")
        self.process = subprocess.Popen(
            [options.program.with_name("snowflake-mail-client"), "--page", "--to", SERVICE,
             "--listen", "127.0.0.1:0", "--socket", f"{self.directory.name}/run/socket"],
            stdin=subprocess.DEVNULL, stdout=self.output, stderr=subprocess.STDOUT)
        wait_until(lambda: "is ready" in self.said() or self.process.poll() is not None,
                   "the client does not start")
        self.port = int(re.findall(r":(\d+)/ is ready", self.said())[-1])
        self.response = self.ask("POST", "/client", request)
        self.state = wait_until(self.asked, "the client has no request for the page")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(10)
        self.response.close()
        self.output.close()
        self.directory.cleanup()

    def said(self):
        return pathlib.Path(self.output.name).read_text()

    def ask(self, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        own = {"Origin": f"http://127.0.0.1:{self.port}", "Sec-Fetch-Site": "same-origin"}
        connection.request(method, path, body and body.encode("utf-8", "replace"),
                           {} if path == "/client" else own)
        return connection.getresponse()

    def asked(self):
        state = json.loads(self.ask("GET", "/state").read())
        return state if state["phase"] == "asked" else None

    def hand_in(self, text):
        """The client's word for what became of a text that the person pasted."""
        return json.loads(self.ask("POST", "/answer", text).read())["outcome"]


def read_by_client(request, text):
    """What a person gets who pastes the text: "whole" (the broker's answer), or what is wrong."""
    with Client(request) as client:
        outcome = client.hand_in(text[:100_000])
        if outcome != "handed":
            return outcome
        answer = json.loads(client.response.read())
        return "whole" if answer == json.loads(ANSWER) else f"WRONG answer: {answer}"


# --- an exchange

class Exchange:
    """One request, in each of its forms, and what the broker and the person see of it."""

    def __init__(self, sample_name):
        self.request = SAMPLES[sample_name]()
        with Client(self.request) as client:  # a reply to any of these has a link
            self.base64, self.deflate = client.state["request"], client.state["shortly"]
            self.json = f'{self.request[:-1]},"link":{client.port}}}'
        MAILBOX.unlink(missing_ok=True)
        self.kept_before = set(KEPT.iterdir())
        self.asked_before = len(asked())
        self.outcomes_before = len(outcomes())

    def mailto(self, form="deflate"):
        """RFC 6068, as snowflake-mail-client's page makes it."""
        body = getattr(self, form).replace("\n", "\r\n")
        return f"mailto:{SERVICE}?subject=Hello&body={urllib.parse.quote(body, safe='')}"

    def file(self, form="json"):
        """A file of the person's that holds the request."""
        path = HOME / "request.txt"
        path.write_text(getattr(self, form) + "\n")
        shutil.chown(path, PERSON)
        return path

    def wait_for_request(self, seconds=40):
        """Whether the request came as it was made: "exact", or what became of it."""
        wait_until(lambda: len(outcomes()) > self.outcomes_before,
                   "the service got no mail" + queue(), seconds)
        came = [entry["body"] for entry in asked()[self.asked_before:]]
        if not came:
            return "not understood: " + " ".join(outcomes()[self.outcomes_before])
        return "exact" if [parts_of(body) for body in came] == [parts_of(self.request)] else "WRONG"

    def wait_for_reply(self, seconds=40):
        """The reply is in the person's mailbox."""
        wait_until(lambda: MAILBOX.exists() and b"\n\n" in MAILBOX.read_bytes(),
                   "the person got no reply" + queue(), seconds)

    def mail(self):
        """The mail as the service got it."""
        kept, = set(KEPT.iterdir()) - self.kept_before
        return kept.read_bytes()


def asked():
    return [json.loads(line) for line in RECORD.read_text().splitlines()] if RECORD.exists() else []


def outcomes():
    return re.findall(r": outcome=(\w+) reason=(\S+)", LOG.read_text()) if LOG.exists() else []


def queue():
    """What waits in Postfix's queue, for a fault's words."""
    waiting = run("postqueue", "-p").strip()
    return "" if "empty" in waiting else f" ({waiting})"


# --- the host

DOVECOT = """protocols = imap
listen = 127.0.0.1
log_path = /var/log/dovecot.log
ssl = no
mail_max_userip_connections = 100
service auth {
  unix_listener /var/spool/postfix/private/auth {
    mode = 0666
  }
}
"""
DOVECOT_2_3 = f"""disable_plaintext_auth = no
mail_location = mbox:~/mail:INBOX=/var/mail/%n
mail_access_groups = mail
auth_username_format = %Ln
passdb {{
  driver = static
  args = password={PASSWORD}
}}
userdb {{
  driver = passwd
}}
"""
DOVECOT_2_4 = f"""dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
auth_allow_cleartext = yes
mail_driver = mbox
mail_path = ~/mail
mail_inbox_path = /var/mail/%{{user|username}}
mail_access_groups = mail
auth_username_format = %{{user|username|lower}}
passdb static {{
  password = {PASSWORD}
}}
userdb passwd {{
}}
"""


def start_dovecot():
    version = run("dovecot", "--version").split()[0]
    is_new = [int(number) for number in version.split(".")[:2]] >= [2, 4]
    write("/etc/dovecot/dovecot.conf", DOVECOT_2_4 + DOVECOT if is_new else DOVECOT + DOVECOT_2_3)
    run("sh", "-c", "dovecot >/dev/null 2>&1")  # the daemon keeps them open


def start_mail_host():
    run("useradd", "--create-home", "--shell", "/bin/bash", "--comment", "Alice", PERSON)
    write("/etc/mailname", "example.net\n")
    mta.install()
    keep_mails()
    start_dovecot()
    mta.start_postfix("/var/log/postfix-test.log")
    run("postconf", "mydestination = example.org, example.net, mail.example.org, localhost",
        "myorigin = /etc/mailname", "smtpd_sasl_auth_enable = yes", "smtpd_sasl_type = dovecot",
        "smtpd_sasl_path = private/auth", "smtpd_tls_auth_only = no")
    with open("/etc/postfix/master.cf", "a") as file:
        file.write("587 inet n - n - - smtpd\n")
    with contextlib.closing(open(RECORD, "w")):
        broker = Broker(("answer",), RECORD)
    write("/etc/snowflake-mail.conf", f"[broker]\nurl = {broker.url}\n[quota]\nburst = 0\n"
          f"host-per-minute = 0\n[log]\ntarget = {LOG}\n")
    mta.follow("Postfix pipe(8)")
    run("postfix", "reload")
    for port in 25, 143, 587:
        mta.wait_for_port(port)


def keep_mails():
    """Keeps each mail that the recipe hands to the service."""
    KEPT.mkdir()
    shutil.chown(KEPT, "snowmail")
    pathlib.Path("/usr/local/bin/snowflake-mail").rename("/usr/local/lib/snowflake-mail")
    write("/usr/local/bin/snowflake-mail", f"""#!/bin/sh
mail=$(mktemp {KEPT}/XXXXXXXX) && cat >"$mail" &&
    exec /usr/local/lib/snowflake-mail "$@" <"$mail"
exit 75
""", 0o755)


# --- a program

class Program:
    """A mail program as a person uses it, with the settings that Debian ships and an account.

    To be filled in: send() and copy(), and set_up() where there is something to do.
    """

    name = ""  # as the table has it
    packages = ()  # Debian's; the first one's version is the program's
    ways = {}  # a way of sending, in the words of the table: the form that is sent
    samples = ("small", "Chromium")
    seconds = 600  # for all of it, the installation included
    size = "2g"  # of the root's file system

    def fetch(self):
        """Runs outside of the root, where there is a network. None, or why it can't be had."""

    def set_up(self):
        """Runs once, in the root, when the mail host has started."""

    def send(self, way, exchange):
        """Sends exchange's request to SERVICE as a person would. Waits until it is sent."""

    def copy(self, exchange):
        """The reply as it can be copied: {"screen": TEXT, ...}. The reply is in the mailbox."""

    def close(self):
        """Runs behind each row, also where it failed."""

    def version(self):
        return run("dpkg-query", "--show", "--showformat=${Version}", self.packages[0])

    def judge(self, exchange, row):
        """Fills in what became of the request and the reply, and fails where it isn't good."""
        row["request"] = exchange.wait_for_request()
        row["mail"] = exchange.mail()
        expect_that(row["request"] == "exact", f"request {row['request']}")
        exchange.wait_for_reply()
        read = {how: read_by_client(exchange.request, text)
                for how, text in self.copy(exchange).items()}
        row["reply"] = ", ".join(how if said == "whole" else f"{how}: {said}"
                                 for how, said in read.items())
        expect_that("whole" in read.values() and "WRONG" not in row["reply"], f"reply: {read}")

    def try_row(self, way, sample_name):
        exchange = Exchange(sample_name)
        row = {"request": "not sent", "reply": "", "mail": b""}
        try:
            self.send(way, exchange)
            self.judge(exchange, row)
        except Exception:
            if options.verbose:
                traceback.print_exc()
            raise
        finally:
            mail = base64.b64encode(row["mail"]).decode()
            emit(Row(self.name, self.version(), way, sample_name, row["request"], row["reply"],
                     mail))
            self.close()
        return row["reply"]

    def add_tests(self):
        def start():
            start_mail_host()
            self.set_up()
        test(f"{self.name}: the mail host starts, and the program has its account")(start)
        for way in self.ways:
            for sample_name in self.samples:
                test(f"{self.name}: {way}, {sample_name}: the request is exact at the broker, and "
                     "the answer can be copied whole")(
                    functools.partial(self.try_row, way, sample_name))


# --- a terminal

class Terminal:
    """A program in tmux: what a person types and sees. It ends with the `with`."""

    def __init__(self, *command, columns=80, lines=60, **environment):
        if not os.path.exists("/dev/ptmx"):
            os.mkdir("/dev/pts")
            run("mount", "-n", "-t", "devpts", "-o", "newinstance,ptmxmode=0666", "devpts",
                "/dev/pts")
            os.symlink("pts/ptmx", "/dev/ptmx")
        variables = {"HOME": str(HOME), "USER": PERSON, "LOGNAME": PERSON, "LANG": "C.UTF-8",
                     "PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
                     "SHELL": "/bin/bash", "MAIL": str(MAILBOX)} | environment
        self.tmux("-f", "/dev/null", "new-session", "-d", "-x", str(columns), "-y", str(lines),
                  "env", "-u", "LC_ALL", "-u", "IN_ROOT", "-C", str(HOME),
                  *(f"{name}={value}" for name, value in variables.items()),
                  "runuser", "-u", PERSON, "--", *command)
        self.session = self.tmux("list-panes", "-F", "#{pane_pid}").strip()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        with contextlib.suppress(AssertionError):  # when the program has ended, tmux has too
            self.tmux("kill-server")
        wait_until(lambda: not self.runs(), "tmux does not end")
        subprocess.run(["pkill", "-KILL", "-s", self.session])  # some outlive their terminal

    @staticmethod
    def tmux(*arguments, text=None):
        done = subprocess.run(["tmux", "-u", "-L", "programs", *arguments], input=text, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=20,
                              env={**os.environ, "LC_ALL": "C.UTF-8"},
                              **({"stdin": subprocess.DEVNULL} if text is None else {}))
        expect_that(done.returncode == 0, f"tmux {arguments[0]}: {done.stdout}")
        return done.stdout

    def runs(self):
        with contextlib.suppress(AssertionError):
            self.tmux("has-session")
            return True
        return False

    def screen(self):
        """The text, as one copies it: a line that the terminal wrapped is one line."""
        return self.tmux("capture-pane", "-p", "-J", "-S", "-")

    def wait_for(self, pattern, seconds=20):
        """The screen, once it has that regular expression."""
        last = ""

        def seen():
            nonlocal last
            last = self.screen()
            return re.search(pattern, last, re.MULTILINE)
        with self.shown_in_fault(f"{pattern!r} is not shown"):
            wait_until(seen, "", seconds)
        return last

    def wait_for_reply(self):
        """The screen, once it has the reply to its end, whatever marks continued lines."""
        end = re.sub(r"[\s\\+=]", "", ANSWER)[-20:]

        def seen():
            shown = self.screen()
            return shown if end in re.sub(r"[\s\\+=]", "", shown) else None
        with self.shown_in_fault("the reply is not shown to its end"):
            return wait_until(seen, "")

    def wait_for_end(self, seconds=20):
        """The program has ended."""
        with self.shown_in_fault("the program does not end"):
            wait_until(lambda: not self.runs(), "", seconds)

    @contextlib.contextmanager
    def shown_in_fault(self, fault):
        try:
            yield
        except AssertionError:
            lines = self.screen().splitlines() if self.runs() else []
            shown = "\n".join(line.rstrip() for line in lines if line.strip())
            raise AssertionError(f"{fault}, the screen is\n{shown}") from None

    def keys(self, *keys):
        """Presses keys by tmux's names, such as Enter or C-x."""
        self.tmux("send-keys", *keys)

    def type(self, text):
        self.tmux("send-keys", "-l", text)

    def answer(self, pattern, *keys):
        """Waits for a question and presses the keys."""
        self.wait_for(pattern)
        self.keys(*keys)

    def paste(self, text, bracketed=True):
        """As a terminal does: CR for each line end. Bracketed: so that the program knows it from
        typing, where it has asked for that."""
        self.tmux("load-buffer", "-", text=text)
        self.tmux("paste-buffer", *(["-p"] if bracketed else []))
