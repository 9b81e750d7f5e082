"""Debian's own snowflake-client and snowflake-proxy, unchanged, and the mail between them.

    snowflake-client -> snowflake-mail-client -> Postfix -> snowflake-mail -> broker.py
        -> snowflake-proxy -> relay.py
    and back: broker.py -> snowflake-mail -> Postfix -> .forward, procmail, maildrop or Sieve
        -> snowflake-mail-client --deliver -> snowflake-client
"""
import contextlib
import os
import pathlib
import re
import shutil
import socket
import subprocess
import threading
import time

import mta
from harness import TESTS, expect_that, options, wait_until
from mta import Exchange, run, write
from relay import Relay

PACKAGES = ("postfix", "procmail", "maildrop", "dovecot-core", "dovecot-sieve", "snowflake-client",
            "snowflake-proxy", "gpg", "gpg-agent")
WITHIN = [TESTS / "netns"]
POSTFIX_LOG = "/var/log/postfix-test.log"
CLIENT = "/usr/local/bin/snowflake-mail-client"
DELIVER = "/usr/local/bin/deliver"  # a recipe calls it: the client with --deliver, after a delay
DELAY = pathlib.Path("/run/delay")  # seconds
DELIVERED = pathlib.Path("/run/delivered")  # when Postfix had brought the last mail
# Debian's client crashes without any. That this name doesn't exist is known at once.
NO_SUCH_STUN = "stun:stun.example.org:3478"
HELLO = os.urandom(5000)
# The file of the recipe of INSTALL by which each gets mail. Debian's Postfix delivers by procmail.
PEOPLE = {
    "alice": "~/.forward", "bob": "~/.procmailrc", "carol": "~/.forward", "dave": "~/.mailfilter",
    "erin": "~/.dovecot.sieve"}
FORWARD = {"dave": "/usr/bin/maildrop", "erin": "/usr/lib/dovecot/dovecot-lda"}


def set_up():
    mta.install()
    shutil.copy(options.program.parent / "snowflake-mail-client", "/usr/local/bin")
    write(DELIVER, f"#!/bin/sh\ndate +%s.%N >{DELIVERED}\nsleep $(cat {DELAY})\n"
          f"exec {CLIENT} --deliver\n", 0o755)
    write(DELIVERED, "", 0o666)
    for person, file in PEOPLE.items():
        run("useradd", "--create-home", "--shell", "/bin/sh", person)
        text = recipe(file).replace(f"{CLIENT} --deliver", DELIVER)
        if file == "~/.forward":
            run("su", person, "-c", text)
        else:
            write_own(person, file, text)
        if person in FORWARD:
            write_own(person, "~/.forward", f'"|{FORWARD[person]}"\n')
    write("/etc/dovecot/local.conf", recipe("/etc/dovecot/local.conf") +
          "ssl = no\nmail_location = mbox:~/mail:INBOX=~/inbox\n"
          "protocol lda {\n mail_plugins = $mail_plugins sieve\n}\n")
    # These lines name a certificate that isn't on each machine.
    run("sed", "-i", "s/^ssl_/#&/", "/etc/dovecot/conf.d/10-ssl.conf")
    run("sh", "-ec", recipe("sieve-execute"))
    mta.start_postfix(POSTFIX_LOG)
    mta.follow("Postfix pipe(8)")


def recipe(file):
    blocks = [text for name, text in mta.recipe("The person's own machine")
              if file in (name or text)]
    expect_that(len(blocks) == 1, f"INSTALL has {len(blocks)} recipes for {file}")
    return blocks[0]


def write_own(person, file, text):
    path = file.replace("~", f"/home/{person}")
    write(path, text, 0o600)
    shutil.chown(path, person)


class Program:
    """A program that runs until the end of `stack`, and what it says, line by line."""

    def __init__(self, stack, *command, user="root", **environment):
        self.lines = []  # with the time
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, user=user, group=user, extra_groups=[], cwd="/",
            env={"HOME": os.path.expanduser(f"~{user}"), "PATH": "/usr/bin:/bin", **environment})
        stack.callback(self.stop)
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.process.stdout:
            self.lines.append((time.time(), line.rstrip("\n")))

    def said(self, pattern):
        """The first such line: when, and the match."""
        return next(((when, match) for when, line in list(self.lines)
                     if (match := re.search(pattern, line))), None)

    def wait_for(self, pattern, seconds=20):
        try:
            return wait_until(lambda: self.said(pattern),
                              f"{self.process.args[0]} did not say {pattern!r}", seconds)
        except AssertionError as e:
            raise AssertionError(f"{e}, but {[line for _, line in self.lines[-5:]]}") from None

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(2)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def start_page(stack):
    """The client with its page and without a sendmail, run by alice. Gives the page's address."""
    program = Program(stack, CLIENT, "--page", "--to", mta.SERVICE, "--listen", "127.0.0.1:0",
                      user="alice")
    return program.wait_for("^open (http://127.0.0.1:[0-9]+/) in a browser$")[1][1]


def run_proxy(stack, broker, relay, *options):
    """Debian's proxy. It doesn't find out its NAT, and the broker tells it the relay."""
    broker.relay = relay.url
    return Program(stack, "snowflake-proxy", "-broker", broker.url, "-keep-local-addresses",
                   "-verbose", *options)


def start_proxy(stack, broker, relay):
    """A proxy that lets its clients go to our relay, once it waits at the broker."""
    proxy = run_proxy(stack, broker, relay, "-allow-non-tls-relay",
                      "-allowed-relay-hostname-pattern", "^127.0.0.1$")
    wait_until(lambda: broker.waiting, "no proxy waits at the broker")
    return proxy


def start_client(stack, url):
    """Debian's client, with that broker. HELLO was sent into its SOCKS port; the port's connection
    too."""
    client = Program(stack, "snowflake-client", "-url", url, "-ice", NO_SUCH_STUN,
                     "-keep-local-addresses", "-log", "/proc/self/fd/2",
                     TOR_PT_MANAGED_TRANSPORT_VER="1", TOR_PT_CLIENT_TRANSPORTS="snowflake",
                     TOR_PT_STATE_LOCATION="/run")
    port = int(client.wait_for("^CMETHOD snowflake socks5 127.0.0.1:([0-9]+)$")[1][1])
    socks = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=20))
    # RFC 1928: no authentication, then CONNECT to an address that the client ignores.
    socks.sendall(b"\x05\x01\0")
    expect_that(socks.recv(2) == b"\x05\0", "the client's SOCKS port refuses")
    socks.sendall(b"\x05\x01\0\x01\xc0\0\x02\x01\0\x01")
    expect_that(socks.recv(10)[:2] == b"\x05\0", "the client's SOCKS port refuses to connect")
    socks.sendall(HELLO)
    return client, socks


def read_back(socks):
    """What comes back, up to the size of HELLO."""
    back = b""
    while len(back) < len(HELLO) and (data := socks.recv(len(HELLO))):
        back += data
    return back


class Swap:
    """A person's Snowflake client. HELLO was sent into its SOCKS port, and has to come back."""

    def __init__(self, stack, person, delay=0, with_proxy=True, settings="", options=()):
        DELAY.write_text(str(delay))
        DELIVERED.write_text("")
        self.delay = delay
        self.stack = stack
        self.exchange = stack.enter_context(Exchange("proxy"))
        with open(mta.CONF, "a") as conf:
            conf.write(settings)
        self.relay = Relay()
        stack.callback(self.relay.close)
        if with_proxy:
            self.start_proxy()
        self.mail_client = Program(stack, CLIENT, "--to", mta.SERVICE, "--from",
                                   f"{person}@example.org", "--listen", "127.0.0.1:0", *options,
                                   user=person)
        url = self.mail_client.wait_for("^url=(http://127.0.0.1:[0-9]+/) ")[1][1]
        self.client, self.socks = start_client(stack, url)

    def start_proxy(self):
        self.proxy = start_proxy(self.stack, self.exchange.broker, self.relay)

    def check_connected(self, pause=0):
        """What was sent came to the relay through the proxy, and back; after a pause in seconds."""
        self.opened = self.client.wait_for("DataChannel.OnOpen", self.delay + 40 + pause)[0]
        back = read_back(self.socks)
        self.back = time.time()
        expect_that(self.relay.echoed == HELLO, f"the relay got {len(self.relay.echoed)} bytes, "
                    f"not the {len(HELLO)} that were sent")
        expect_that(back == HELLO,
                    f"{len(back)} bytes came back, not the {len(HELLO)} that were sent")
        expect_that(self.relay.connections == 1,
                    f"there were {self.relay.connections} connections to the relay")

    def parts(self):
        """Where the time went: pairs of words and seconds.

        Most matters what passed between the broker's response and the client's getting the answer.
        """
        times = re.findall(r"(\w+)_ms=(\d+)", self.exchange.log.read_text())
        took = {name: int(ms) / 1000 for name, ms in times}
        composed = took["total"] - took["read"] - took["broker"] - took["sendmail"]
        request = next(request for request in self.exchange.asked()
                       if request["behaviour"] == "proxy")
        offered, responded = self.client.said("Negotiating")[0], request["time"]
        delivered = float(DELIVERED.read_text())
        handed = self.mail_client.said("^answer after")[0]
        return (("the offer's way to the broker", request["asked"] - offered),
                ("the broker and the proxy", responded - request["asked"]),
                ("the reply composed", composed), ("sendmail returned", took["sendmail"]),
                ("Postfix delivered", delivered - responded - composed - took["sendmail"]),
                ("held up on purpose", self.delay),
                ("handed over", handed - delivered - self.delay),
                ("from the broker's response until there", handed - responded),
                ("then until the data channel was open", self.opened - handed))


@contextlib.contextmanager
def swap(person, delay=0, with_proxy=True):
    with contextlib.ExitStack() as stack:
        yield Swap(stack, person, delay, with_proxy)


def check_connects(person, delay):
    """Also says where the time went."""
    with swap(person, delay) as a_swap:
        a_swap.check_connected()
        expect_that(not a_swap.mail_client.said("too late"),
                    "the person is told that it was too late")
        for words, seconds in a_swap.parts():
            print(f"# {1000 * seconds:6.0f} ms  {words}", flush=True)
