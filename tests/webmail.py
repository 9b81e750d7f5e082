"""Debian's Roundcube, for the people of tests/accounts.py, and somebody who uses it in a browser.

    Chromium -> https://webmail.example.net/ -> PHP's own server -> Dovecot, Postfix

Its address is a public one, as that of a webmail on the Internet is to a browser.
"""
import asyncio
import contextlib
import os
import pathlib
import sqlite3
import ssl
import subprocess
import threading

import accounts
import mta
from browser import Chromium
from harness import wait_until
from mta import run, write

PACKAGES = (*accounts.PACKAGES, "roundcube-core", "roundcube-sqlite3", "php-cli", "ssl-cert",
            *Chromium.PACKAGES)
NAME = "webmail.example.net"
URL = f"https://{NAME}/"
ADDRESS, PORT = "198.51.100.7", 443  # of tests/netns
PHP_PORT = 8080  # on 127.0.0.1
STATE = pathlib.Path("/var/lib/webmail")
SCHEMA = pathlib.Path("/usr/share/roundcube/SQL/sqlite.initial.sql")
# Of Debian's ssl-cert.
CERTIFICATE, KEY = "/etc/ssl/certs/ssl-cert-snakeoil.pem", "/etc/ssl/private/ssl-cert-snakeoil.key"
SETTINGS = f"""<?php
$config = [
  'db_dsnw' => 'sqlite:///{STATE}/db?mode=0640',
  'imap_host' => '127.0.0.1:143',
  'smtp_host' => '127.0.0.1:25',
  'des_key' => '{os.urandom(12).hex()}',
  'use_https' => true,
  'plugins' => [],
  'skin' => 'elastic',
  'enable_spellcheck' => false,
  'htmleditor' => %d,
];
"""
HTML_MODES = {"plain": 0, "HTML": 1}


# --- the server

def set_mode(mode):
    """In which mode mails are composed from now on: a name of HTML_MODES."""
    write("/etc/roundcube/config.inc.php", SETTINGS % HTML_MODES[mode])


async def pump(reader, writer):
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()


async def serve_connection(reader, writer):
    php_reader, php_writer = await asyncio.open_connection("127.0.0.1", PHP_PORT)
    await asyncio.gather(pump(reader, php_writer), pump(php_reader, writer))


async def serve_tls():
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATE, KEY)
    server = await asyncio.start_server(serve_connection, ADDRESS, PORT, ssl=context)
    await server.serve_forever()


def set_up():
    STATE.mkdir()
    with contextlib.closing(sqlite3.connect(STATE / "db")) as database:
        database.executescript(SCHEMA.read_text())
    run("chown", "-R", "www-data:www-data", str(STATE))
    set_mode("plain")
    # It has a few processes, as any web server has: pages ask for several things at once. It keeps
    # what it compiled, but takes changed settings at once.
    subprocess.Popen(["php", "-d", "opcache.revalidate_freq=0", "-S", f"127.0.0.1:{PHP_PORT}",
                      "-t", "/var/lib/roundcube/public_html"],
                     user="www-data", group="www-data", extra_groups=[], cwd="/",
                     env={"PATH": os.environ["PATH"], "PHP_CLI_SERVER_WORKERS": "3"},
                     stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    run("make-ssl-cert", "generate-default-snakeoil")
    with open("/etc/hosts", "a") as hosts:
        hosts.write(f"{ADDRESS} {NAME}\n")
    threading.Thread(target=asyncio.run, args=(serve_tls(),), daemon=True).start()
    mta.wait_for_port(PHP_PORT)


# --- somebody who uses it

class Browser(Chromium):
    """It takes the webmail's certificate, which no authority has signed."""
    OPTIONS = (*Chromium.OPTIONS, "--ignore-certificate-errors")


class Person:
    """Whoever has that account, with the mailbox in a window of a browser.

    `presses` counts clicks, also on a window, and shortcuts such as Control and V.
    """
    NEW_MAIL = "#messagelist tr.unread"
    LINK = "#messagebody a"

    def __init__(self, browser, address):
        self.browser, self.address = browser, address
        browser.open(URL)
        browser.type("#rcmloginuser", address)
        browser.type("#rcmloginpwd", accounts.PASSWORD)
        self.presses = 0
        self.press("#rcmloginsubmit")
        self.wait_for("#messagelist")
        self.mailbox = browser.window()

    def has(self, selector):
        """Whether it is in sight, and can be clicked."""
        return self.browser.run(
            "const e = document.querySelector(arguments[0]);"
            "return e?.checkVisibility() && !e.disabled && !e.matches('.disabled')", selector)

    def wait_for(self, selector, seconds=20):
        wait_until(lambda: self.has(selector), f"{selector} is not there", seconds)

    def press(self, selector):
        """A click. It comes again when the webmail has put another such element in its place, or
        has scrolled it below its own head: then the person scrolls back."""
        def click():
            try:
                self.browser.click(selector)
            except AssertionError as e:
                if "click intercepted" in str(e):
                    self.browser.run("document.querySelector(arguments[0])"
                                     ".scrollIntoView({block: 'center'})", selector)
                elif "stale element" not in str(e):
                    raise
                return False
            return True
        wait_until(lambda: self.has(selector) and click(), f"{selector} is not there")
        self.presses += 1

    def press_control(self, letter):
        self.browser.press_control(letter)
        self.presses += 1

    def go_to(self, window):
        self.browser.switch(window)
        self.presses += 1

    def go_back(self):
        """To the mailbox alone."""
        for window in self.browser.windows():
            if window != self.mailbox:
                self.browser.switch(window)
                self.browser.close_window()
        self.browser.switch(self.mailbox)
        self.open_mailbox()

    def take_mail_links(self):
        """Has Roundcube open mailto: links, as its settings offer, and the browser agree to it."""
        self.browser.call("SetRPHRegistrationMode", mode="autoAccept")
        self.browser.open(f"{URL}?_task=settings&_action=edit-prefs&_section=general&_framed=1")
        self.press("#mailtoprotohandler")
        self.open_mailbox()

    def open_mailbox(self):
        self.browser.open(f"{URL}?_task=mail")
        self.wait_for("#messagelist")

    def compose(self):
        self.press("#taskmenu a.compose")
        self.wait_for("button.send")

    def go_to_composer(self):
        """No press: the browser shows it."""
        def shown():
            for window in self.browser.windows():
                self.browser.switch(window)
                if self.has("button.send"):
                    return True
            return False
        wait_until(shown, "no composer opens")

    def paste_body(self):
        editor = "#composebody"
        with contextlib.ExitStack() as stack:
            if self.browser.value("[name=_is_html]") == "1":  # then the editor is in a frame
                self.wait_for("#composebody_ifr")
                stack.enter_context(self.browser.frame("#composebody_ifr"))
                editor = "body.mce-content-body"
            self.press(editor)
            self.press_control("v")

    def paste_recipient(self):
        self.press("#compose_to .recipient-input input")
        self.press_control("v")

    def send(self):
        self.press("button.send")

    def send_without_subject(self):
        self.send()
        self.press(".ui-dialog button.send")

    def open_reply(self, count):
        """When so many mails have come, shows the new one beside the list. Gives it, too.

        The person refreshes the list again and again; the last time is enough here.
        """
        self.wait_for("#messagelist", 30)
        wait_until(lambda: len(accounts.mails_of(self.address)) >= count, "no reply")
        if not self.has(self.NEW_MAIL):
            self.press("a.refresh")
        self.press(self.NEW_MAIL)
        return accounts.mails_of(self.address)[-1]

    def shown_mail(self):
        """The frame in which the mail is, for a `with`."""
        return self.browser.frame("#messagecontframe")
