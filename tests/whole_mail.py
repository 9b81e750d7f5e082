"""Cases of tests/mail: whole mails, and what has to become of each.

A case is a directory, named as the sentence that it tests. All its files are optional:
  mail      the mail; default.mail without it
  header    lines put in front of the mail's From field
  stdin     `crlf`: the mail comes with CRLF; `stall`: stdin stays open behind it
  argv      arguments, one a line; without it -f user@example.net -a snowflake@example.org
  env       NAME=value lines beside PATH, HOME and LANG
  conf      settings that are added to, or replace, those in DEFAULTS below
  broker    what the broker does, one behaviour of tests/broker.py a line; without it `answer`
  sendmail  what sendmail does, a mode of tests/sendmail
  request   the poll request that the broker must get; without it the one of default.mail
  reply     how the reply differs from answer.reply or error.reply (see there): `Name: value` is a
            field that must be there once, `-Name` one that must be absent, all others are faults;
            `*` stands for any text, @ANSWER@ for the broker's response, @LINK@ for TAG.DATA of a
            link (snowflake-mail-requests(7)) with that; a body follows a blank line
  expect    key=value lines; status, outcome, reason, stderr, attempts, unknown_fields, asked
            (requests to the broker), sent (mails to sendmail) and log (lines in it) are regular
            expressions for the whole of the value; return_path; max_seconds
In mail, header, argv, env and conf @DIR@ is the case's directory for files, @TESTS@ the directory
of the tests, @BROKER@ the broker's URL, @REQUEST@ the request of default.mail, @NOW-60@ the date of
a minute ago and @FILL-999@ about 999 octets of text. In argv and env \\n stands for a line break.
"""
import base64
import datetime
import email
import email.utils
import fcntl
import hashlib
import json
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import termios
import threading
import time
import zlib

from broker import Broker
from harness import TESTS, options
from sample import BRIDGE, DEFAULT_MAIL, REQUEST

DEFAULTS = """[broker]
url = @BROKER@
[reply]
sendmail = @TESTS@/sendmail
[state]
directory = @DIR@/state
[log]
target = @DIR@/log
"""
ARGV = "-f\nuser@example.net\n-a\nsnowflake@example.org\n"
FILES = {"mail", "header", "stdin", "argv", "env", "conf", "broker", "sendmail", "request", "reply",
         "expect"}
# (outcome, reason) of each row in the program's table.
REASONS = set(re.findall(r'Outcome::(\w+), "([a-z-]+)"',
                         (TESTS.parent / "src/reason.hh").read_text()))
# Parts of default.mail that nothing may keep.
PERSONAL = (b"example.net", b"CoVEaiFXRGVzshXG", b"2B280B23")


def read(path, default=""):
    return path.read_bytes().decode("latin-1") if path.exists() else default


def pairs(text):
    return dict(line.split("=", 1) for line in text.splitlines())


def matches(pattern, text, answer=""):
    pattern = ".*".join(re.escape(part) for part in pattern.split("*"))
    pattern = pattern.replace("@LINK@", r"(?P<tag>[\w-]{22})\.(?P<data>[\w-]+)")
    return re.fullmatch(pattern.replace("@ANSWER@", re.escape(answer)), text, re.DOTALL)


def base64url(octets):
    return base64.urlsafe_b64encode(octets).decode().rstrip("=")


def link_tag(request):
    """Of a poll request's offer."""
    sdp = json.loads(json.loads(request.partition("\n")[2])["offer"])["sdp"]
    ice = (re.search(rf"^a=ice-{name}:(.*?)\r?$", sdp, re.MULTILINE)[1]
           for name in ("ufrag", "pwd"))
    return base64url(hashlib.sha256(":".join(ice).encode()).digest()[:16])


def inflated(data):
    octets = base64.urlsafe_b64decode(data + "=" * (-len(data) % 4))
    return zlib.decompress(octets, wbits=-15).decode("latin-1")


def merge_settings(text):
    """If a group has a key twice, only the last one stays."""
    groups = {}
    for line in text.splitlines():
        if line.startswith("["):
            group = groups.setdefault(line, {})
        else:
            group[line.split("=")[0].strip()] = line
    return "".join(f"{name}\n" + "".join(f"{line}\n" for line in group.values())
                   for name, group in groups.items())


def reply_rules(text, rules):
    """Adds the fields to the rules, and gives the body, or None."""
    fields, _, body = text.partition("\n\n")
    for line in fields.splitlines():
        name, _, pattern = line.partition(": ")
        rules[name.removeprefix("-").lower()] = None if line.startswith("-") else pattern
    return body or None


class Case:
    """Runs the program on the mail of a case, and collects the faults."""

    def __init__(self, path):
        self.path, self.faults = path, []
        given = pairs(read(path / "expect"))
        answered = "1" if given.get("outcome", "answered") == "answered" else "0"
        defaults = {"status": "0", "outcome": "answered", "reason": "answer", "stderr": "",
                    "asked": answered, "sent": answered, "attempts": given.get("asked", answered),
                    "unknown_fields": "0", "log": "1", "return_path": "", "max_seconds": "20"}
        self.expect = defaults | given
        self.check(given.keys() <= defaults.keys(), "expect has other keys")

    def check(self, condition, fault):
        if not condition:
            self.faults.append(fault)

    def check_value(self, key, value):
        self.check(re.fullmatch(self.expect[key], str(value), re.DOTALL),
                   f"{key} is {value!r}, not {self.expect[key]!r}")

    def expand(self, text):
        def date(match):
            now = datetime.datetime.now(datetime.timezone.utc)
            return email.utils.format_datetime(now + datetime.timedelta(seconds=int(match[1] or 0)))
        for word, value in (("@DIR@", self.dir), ("@TESTS@", TESTS), ("@BROKER@", self.broker.url),
                            ("@REQUEST@", REQUEST.rstrip("\n"))):
            text = text.replace(word, str(value))
        text = re.sub(r"@FILL-(\d+)@", lambda match: ("x" * 75 + "\n") * (int(match[1]) // 76),
                      text)
        return re.sub(r"@NOW([+-]\d+)?@", date, text)

    def file(self, name, default=""):
        return self.expand(read(self.path / name, default))

    def lines(self, name, default=""):
        return [line.replace("\\n", "\n") for line in self.file(name, default).splitlines()]

    def run(self):
        with tempfile.TemporaryDirectory() as name:
            self.dir = pathlib.Path(name)
            (self.dir / "state").mkdir()
            (self.dir / "sent").mkdir()
            self.broker = Broker(read(self.path / "broker", "answer").splitlines(),
                                 self.dir / "record")
            try:
                self.run_program()
                self.check_all()
            finally:
                self.broker.close()

    def faults_found(self):
        try:
            self.check({path.name for path in self.path.iterdir()} <= FILES,
                       "the case has files of other names")
            self.run()
        except Exception as e:  # one case's fault must not end the others
            self.faults.append(f"{type(e).__name__}: {e}")
        return self.faults

    def run_program(self):
        settings = self.expand(merge_settings(DEFAULTS + read(self.path / "conf")))
        (self.dir / "conf").write_bytes(settings.encode("latin-1"))
        mail = self.file("mail", DEFAULT_MAIL)
        mail = mail.replace("\nFrom:", "\n" + self.file("header") + "From:", 1)
        how = read(self.path / "stdin").strip()
        if how == "crlf":
            mail = mail.replace("\n", "\r\n")
        env = {"PATH": "/usr/bin:/bin", "HOME": str(self.dir), "LANG": "C",
               "SENDMAIL_DIR": str(self.dir / "sent"),
               "SENDMAIL_MODE": read(self.path / "sendmail", "ok").strip()}
        env |= dict(line.split("=", 1) for line in self.lines("env"))
        argv = [str(options.program), "-c", str(self.dir / "conf")] + self.lines("argv", ARGV)
        # This process keeps the pipe's read end: what is left in it was not read.
        output, stdin = os.pipe()

        def feed():
            try:
                with open(stdin, "wb", closefd=how != "stall") as pipe:
                    pipe.write(mail.encode("latin-1"))
            except BrokenPipeError:
                pass
        feeder = threading.Thread(target=feed, daemon=True)
        feeder.start()
        self.start = time.time()
        with open(self.dir / "stdout", "wb") as out, open(self.dir / "stderr", "wb") as err:
            process = subprocess.Popen([a.encode("latin-1") for a in argv], env=env, cwd="/",
                                       stdin=output, stdout=out, stderr=err, start_new_session=True)
        try:
            process.wait(float(self.expect["max_seconds"]))
        except subprocess.TimeoutExpired:
            self.faults.append(f"still running after {self.expect['max_seconds']} s")
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self.end = time.time()
        self.status = process.returncode
        if self.status == 0:
            self.check(not fcntl.ioctl(output, termios.FIONREAD, b"\0" * 4).strip(b"\0"),
                       "stdin was not read to its end")
        os.close(output)
        feeder.join()
        if how == "stall":
            os.close(stdin)
        for pid in read(self.dir / "sent/pid").split():
            if re.search(r"\) [^ZX] ", read(pathlib.Path("/proc", pid, "stat"))):
                self.faults.append("sendmail still runs")
                os.kill(int(pid), signal.SIGKILL)

    def check_all(self):
        record = [json.loads(line) for line in read(self.dir / "record").splitlines()]
        sent = sorted((self.dir / "sent").glob("*.eml"))
        stdout, stderr = read(self.dir / "stdout"), read(self.dir / "stderr")
        self.rules = {}
        is_answer = self.expect["outcome"] == "deferred" or self.expect["reason"] == "answer"
        self.body_rule = reply_rules(
            read(TESTS / "mail" / ("answer.reply" if is_answer else "error.reply")), self.rules)
        self.body_rule = reply_rules(self.file("reply"), self.rules) or self.body_rule
        self.check_value("status", self.status)
        self.check_value("stderr", stderr.rstrip("\n"))
        self.check(stderr.count("\n") <= 1 and
                   not any(word.decode() in stderr for word in PERSONAL), "stderr tells too much")
        self.check_value("asked", len(record))
        self.check_value("sent", len(sent))
        self.check_log()
        for query in record:
            self.check_request(query)
        for path in (self.dir / "state").rglob("*"):
            data = bytes(path) + (path.read_bytes() if path.is_file() else b"")
            self.check(not any(word in data for word in PERSONAL),
                       "the state directory knows the person")
        if "-n" in self.lines("argv"):
            self.check_reply(stdout, record)
            return
        self.check(not stdout, f"stdout has {stdout!r}")
        for path in sent:
            self.check_reply(read(path), record)
        for line in read(self.dir / "sent/argv").splitlines():
            wanted = ["-i", "-f", self.expect["return_path"], "--", self.rules["to"]]
            self.check(json.loads(line, strict=False) == wanted, f"sendmail was given {line}")

    def check_log(self):
        lines = read(self.dir / "log").splitlines()
        self.check_value("log", len(lines))
        for line in lines:
            # Only numbers and words of closed lists: so nothing in it is about a person.
            fields = re.fullmatch(
                r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ snowflake-mail\[\d+\]: "
                r"outcome=([a-z]+) reason=([a-z-]+) attempts=(\d+) unknown_fields=(\d+)"
                r"(?: [a-z]+_ms=\d+)+", line)
            self.check(fields and (fields[1], fields[2]) in REASONS,
                       f"log line is {line!r}")
            for key, value in zip(("outcome", "reason", "attempts", "unknown_fields"),
                                  fields.groups() if fields else ()):
                self.check_value(key, value)

    def check_request(self, query):
        def meaning(text):
            request = {"nat": "unknown", "fingerprint": BRIDGE} | json.loads(text.split("\n", 1)[1])
            return request | {"offer": json.loads(request["offer"])}
        self.check(query["method"] == "POST" and query["path"] == "/client",
                   f"asked by {query['method']} {query['path']}")
        version, _, request = query["body"].partition("\n")
        try:
            self.check(version == "1.0" and "\n" not in request,
                       "the request is not `1.0` and one line")
            self.check(json.loads(request).keys() <= {"offer", "nat", "fingerprint"},
                       "the request has other fields")
            self.check(meaning(query["body"]) == meaning(self.file("request", "@REQUEST@")),
                       f"the request is {query['body']}")
        except ValueError as e:
            self.faults.append(f"the request is not JSON: {e}")

    def check_reply(self, text, record):
        self.check(all(len(line) <= 998 for line in text.splitlines()),
                   "the reply has a line over 998 octets")
        self.check("\r" not in text, "the reply has a CR")
        reply = email.message_from_string(text)
        self.check(not reply.defects and not reply.is_multipart(),
                   "the reply is not one well-formed part")
        for name in {name.lower() for name in reply.keys()} | self.rules.keys():
            values = [re.sub(r"\n(?=[ \t])", "", str(value)) for value in reply.get_all(name, [])]
            rule = self.rules.get(name)
            self.check(len(values) == 1 and matches(rule, values[0]) if rule else not values,
                       f"the reply has {name}: {values}, not {rule}")
        date = email.utils.parsedate_to_datetime(reply["Date"]).timestamp()
        self.check(self.start - 1 <= date <= self.end, "Date is not now")
        if reply["Expires"]:
            expires = email.utils.parsedate_to_datetime(reply["Expires"]).timestamp()
            self.check(record[-1]["time"] + 19 <= expires <= self.end + 20,
                       "Expires is not 20 s after the response")
        body = reply.get_payload(decode=True).decode("utf-8").replace("\r\n", "\n")
        response = record[-1]["response"] if record else None
        rule = self.body_rule.encode("latin-1").decode("utf-8")
        match = matches(rule, body, (response or "").replace("\r\n", "\n").rstrip("\n"))
        self.check(match, f"the reply's body is {body!r}")
        if match and match.groupdict():
            self.check(match["tag"] == link_tag(record[-1]["body"]), "the link's tag is another")
            self.check(inflated(match["data"]) == response, "the link's response is another")
        for time_of_day in re.findall(r"(\S+) UTC", body):
            self.check(f" {time_of_day} " in reply["Expires"], "another time than in Expires")
