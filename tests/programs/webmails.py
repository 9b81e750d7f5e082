"""Debian's Roundcube in Chromium.

It runs on PHP's own server. Chromium's clipboard is filled and read in a page that has nothing but
a field for text.
"""
import contextlib
import os
import pathlib
import sqlite3
import subprocess
import urllib.parse

import mta
from browser import Chromium
from harness import expect, wait_until
from mta import SERVICE, run, write
from programs.frame import ADDRESS, PASSWORD, Program, program
from programs.windows import link_in_reply

PORT = 8080
URL = f"http://127.0.0.1:{PORT}/"
STATE = pathlib.Path("/var/lib/webmail")
SCHEMA = pathlib.Path("/usr/share/roundcube/SQL/sqlite.initial.sql")
NOTEPAD = "data:text/html,<textarea rows=40 cols=80></textarea>"
SETTINGS = f"""<?php
$config = [
  'db_dsnw' => 'sqlite:///{STATE}/db?mode=0640',
  'imap_host' => '127.0.0.1:143',
  'smtp_host' => '127.0.0.1:25',
  'des_key' => '{os.urandom(12).hex()}',
  'plugins' => [],
  'skin' => 'elastic',
  'enable_spellcheck' => false,
  'htmleditor' => %d,
];
"""


class Person(Chromium):
    """Whoever sits in front of it."""

    def press_control(self, letter):
        keys = [("keyDown", "\ue009"), ("keyDown", letter), ("keyUp", letter), ("keyUp", "\ue009")]
        self.request("POST", "/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": [
            {"type": what, "value": key} for what, key in keys]}]})

    @contextlib.contextmanager
    def frame(self, selector):
        found = self.call("FindElement", using="css selector", value=selector)
        self.request("POST", "/frame", {"id": found})
        yield
        self.request("POST", "/frame", {"id": None})

    def has(self, selector):
        return self.run("const e = document.querySelector(arguments[0]);"
                        "return e?.checkVisibility() && !e.disabled && !e.matches('.disabled')",
                        selector)

    def press(self, selector, seconds=40):
        wait_until(lambda: self.has(selector), f"{selector} is not there", seconds)
        self.click(selector)

    def in_notepad(self, use):
        """What `use` gives when it is called with the notepad in front."""
        before = self.window()
        self.new_window(NOTEPAD)
        self.click("textarea")
        result = use()
        self.close_window()
        self.switch(before)
        return result

    def set_clipboard(self, text):
        def copy():
            self.run("document.querySelector('textarea').value = arguments[0]", text)
            self.press_control("a")
            self.press_control("c")
        self.in_notepad(copy)

    def clipboard(self):
        def paste():
            self.press_control("v")
            return self.value("textarea")
        return self.in_notepad(paste)


@program
class Roundcube(Program):
    name = "Roundcube"
    packages = ("roundcube-core", "roundcube-sqlite3", "php-cli", *Chromium.PACKAGES)
    size, seconds = "4g", 1500
    ways = {"pasted": "json", "pasted base64": "base64", "pasted as HTML": "json",
            "attached": "json", "mailto": "deflate"}

    def set_up(self):
        STATE.mkdir()
        with contextlib.closing(sqlite3.connect(STATE / "db")) as database:
            database.executescript(SCHEMA.read_text())
        run("chown", "-R", "www-data:www-data", str(STATE))
        subprocess.Popen(
            ["php", "-S", f"127.0.0.1:{PORT}", "-t", "/var/lib/roundcube/public_html"],
            user="www-data", group="www-data", extra_groups=[], cwd="/",
            env={"PATH": os.environ["PATH"], "PHP_CLI_SERVER_WORKERS": "3"},
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        mta.wait_for_port(PORT)

    def send(self, way, exchange):
        write("/etc/roundcube/config.inc.php", SETTINGS % ("HTML" in way))
        form = self.ways[way]
        link = exchange.mailto(form) if way == "mailto" else f"mailto:{SERVICE}?subject=Hello"
        self.person = person = Person(URL)
        person.type("#rcmloginuser", ADDRESS)
        person.type("#rcmloginpwd", PASSWORD)
        person.press("#rcmloginsubmit")
        wait_until(lambda: person.has("#messagelist"), "nobody is logged in", 40)
        wait_until(lambda: self.compose(link), "there is no composer", 60)
        if way.startswith("pasted"):
            person.set_clipboard(getattr(exchange, form))
            with contextlib.ExitStack() as stack:
                editor = "#composebody"
                if "HTML" in way:
                    wait_until(lambda: person.has("#composebody_ifr"), "there is no editor", 40)
                    stack.enter_context(person.frame("#composebody_ifr"))
                    editor = "body"
                person.press(editor)
                person.press_control("v")
                wait_until(lambda: person.value(editor).strip(), "nothing was pasted")
        elif way == "attached":
            person.type("#composebody", "It is attached.")
            person.type("input[type=file]", str(exchange.file(form)))
            wait_until(lambda: person.has("#attachment-list li:not(.uploading) .delete"),
                       "the file is not there", 40)
        person.press("button.send")

    def compose(self, link):
        """Whether the composer is there. A busy host now and then shows a page without one."""
        # So Chromium opens a link, once Roundcube is its program for mail.
        to = urllib.parse.quote(link, safe="")
        self.person.open(f"{URL}?_task=mail&_action=compose&_to={to}")
        with contextlib.suppress(AssertionError):
            wait_until(lambda: self.person.has("button.send"), "", 15)
        return self.person.has("button.send")

    def copy(self, exchange):
        person, link = self.person, link_in_reply()
        person.open(f"{URL}?_task=mail")
        person.press("#messagelist tr.unread")
        wait_until(lambda: person.has("#messagecontframe"), "no mail is shown")
        with person.frame("#messagecontframe"):
            person.press("#message-header .subject")
            person.press_control("a")
            person.press_control("c")
        result = {"copied": person.clipboard()}
        if link:
            windows = person.windows()
            with person.frame("#messagecontframe"):
                person.press("#messagebody a")
            wait_until(lambda: len(person.windows()) > len(windows), "the link opens nothing")
            new, = set(person.windows()) - set(windows)
            person.switch(new)
            # Nobody listens there; the window has the address all the same.
            result["link"] = wait_until(lambda: person.request("GET", "/url", {}), "no address")
            expect("opened", result["link"], link)
        return result

    def close(self):
        if hasattr(self, "person"):
            self.person.close()
            del self.person
