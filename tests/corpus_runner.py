"""Runs mails from files one after another, and judges what became of each."""
import collections
import email.parser
import email.utils
import json
import os
import resource
import shutil
import subprocess

from program import World
from sample import BRIDGE

CONF = """[broker]
attempts = 1
[limits]
max-age = 0
[quota]
burst = 0
host-per-minute = 0
"""

# Bodies of the requests at the broker, number of mails sent, what was printed, seconds of CPU.
Fate = collections.namedtuple("Fate", "requests replies status output cpu")


class Runner(World):
    """Without quotas: mails of one sender are as good as mails of many."""

    def __init__(self):
        super().__init__(conf=CONF)
        self.conf = self.write_conf("runner", self.state)
        self.record.touch()

    def run(self, mail, recipient, sender=None):
        """The fate of one mail."""
        sender = envelope_sender(mail) if sender is None else sender
        position = self.record.stat().st_size
        sent = self.make("sent", "one")
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(
            [self.program, "-c", self.conf, "-f", sender, "-a", recipient], input=mail,
            capture_output=True, timeout=60,
            env={"PATH": os.environ["PATH"], "SENDMAIL_DIR": str(sent), "LANG": "C"})
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        with self.record.open() as file:
            file.seek(position)
            requests = [json.loads(line)["body"] for line in file]
        replies = len(list(sent.glob("*.eml")))
        shutil.rmtree(sent)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return Fate(requests, replies, done.returncode, done.stdout + done.stderr, cpu)


def envelope_sender(mail):
    message = email.parser.BytesHeaderParser().parsebytes(mail[:200000])
    path = str(message.get("Return-Path") or message.get("From") or "")
    if path.strip() == "<>":
        return ""
    return email.utils.parseaddr(path.replace("\n", " "))[1].replace("\0", "")[:1000]


def meaning(request):
    """What two requests must have in common to be the same."""
    offer = request["offer"]
    return (json.loads(offer) if isinstance(offer, str) else offer, request.get("nat") or "unknown",
            (request.get("fingerprint") or BRIDGE).upper())


def judge(expect, fate):
    """The fault, "" if there is none. "WRONG" leads if a request that nobody made was sent."""
    if fate.status != 0 or fate.output:
        return f"exit status {fate.status}, output {fate.output[:80]!r}"
    got = []
    for body in fate.requests:
        version, _, text = body.partition("\n")
        if version != "1.0" or set(json.loads(text)) - {"offer", "nat", "fingerprint"}:
            return "WRONG form of the request"
        got.append(meaning(json.loads(text)))
    wanted = meaning(expect["request"]) if expect.get("request") else None
    if expect["outcome"] in ("no-request", "auto") and got:
        return "WRONG: the broker was asked"
    if wanted and any(one != wanted for one in got):
        return "WRONG request"
    if expect["outcome"] == "request" and len(got) != 1:
        return f"not understood ({len(got)} requests)"
    if expect["outcome"] == "auto" and fate.replies:
        return "answered"
    return ""
