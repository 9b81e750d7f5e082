"""Debian's Chromium, and its Firefox, driven as WebDriver (W3C) has it.

Chromium has a driver of its own, which speaks HTTP. Debian has none for Firefox, but Firefox itself
takes the same commands on a socket of its own (Marionette).
"""
import base64
import contextlib
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

from harness import expect_that, wait_until

LAST_STATES = "late", "failed", "error"  # the page doesn't leave them by itself
PATHS = {  # of Chromium's driver, by the command's name
    "NewSession": ("POST", ""),
    "Navigate": ("POST", "/url"),
    "ExecuteScript": ("POST", "/execute/sync"),
    "FindElement": ("POST", "/element"),
    "ElementClick": ("POST", "/element/{id}/click"),
    "ElementSendKeys": ("POST", "/element/{id}/value"),
    "NewWindow": ("POST", "/window/new"),
    "GetWindowHandle": ("GET", "/window"),
    "GetWindowHandles": ("GET", "/window/handles"),
    "SwitchToWindow": ("POST", "/window"),
    "CloseWindow": ("DELETE", "/window"),
    "SwitchToFrame": ("POST", "/frame"),
    "PerformActions": ("POST", "/actions"),
    "SetRPHRegistrationMode": ("POST", "/custom-handlers/set-mode"),
}


class Browser:
    """Runs from construction to close(), in a home of its own. `languages` is its user's wish."""

    def __init__(self, url=None, languages="en"):
        self.languages = languages
        self.home = tempfile.TemporaryDirectory()
        self.profile = pathlib.Path(self.home.name, "profile")
        try:
            self.start()
            if url:
                self.open(url)
        except BaseException:
            self.close()
            raise

    def start_program(self, *command):
        """Its processes are a group of their own, and end with it."""
        with open(f"{self.home.name}/log", "wb") as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                env={"HOME": self.home.name, "PATH": os.environ["PATH"],
                     "MOZ_DISABLE_CONTENT_SANDBOX": "1"})

    def close(self):
        if hasattr(self, "process"):
            os.killpg(self.process.pid, signal.SIGKILL)  # our own
            self.process.wait()
        self.home.cleanup()

    def open(self, url):
        self.call("Navigate", url=url)

    def run(self, script, *arguments):
        return self.call("ExecuteScript", script=script, args=arguments)

    def element(self, selector):
        found = self.call("FindElement", using="css selector", value=selector)
        return next(iter(found.values()))

    def click(self, selector):
        """As a person does: at what is in sight there."""
        self.call("ElementClick", id=self.element(selector))

    def type(self, selector, text):
        self.call("ElementSendKeys", id=self.element(selector), text=text)

    def value(self, selector):
        return self.run("const e = document.querySelector(arguments[0]);"
                        "return e.value ?? e.textContent", selector)

    def paste(self, selector, text):
        self.run("const e = document.querySelector(arguments[0]); e.value = arguments[1];"
                 "e.dispatchEvent(new InputEvent("
                 "'input', {inputType: 'insertFromPaste', bubbles: true}))", selector, text)

    @contextlib.contextmanager
    def frame(self, selector):
        """What is asked for inside of a `with` is in that frame of the page."""
        frame = self.call("FindElement", using="css selector", value=selector)
        self.call("SwitchToFrame", id=frame)
        yield
        self.call("SwitchToFrame", id=None)

    def press_control(self, letter):
        """A shortcut: it goes where the last click went."""
        keys = [("keyDown", "\ue009"), ("keyDown", letter), ("keyUp", letter), ("keyUp", "\ue009")]
        self.call("PerformActions", actions=[{"type": "key", "id": "keyboard", "actions": [
            {"type": what, "value": key} for what, key in keys]}])

    # Windows are told apart by what the browser calls them.

    def window(self):
        return self.call("GetWindowHandle")

    def windows(self):
        return self.call("GetWindowHandles")

    def switch(self, window):
        self.call("SwitchToWindow", handle=window)

    def new_window(self, url):
        """Opens it and goes there."""
        window = self.call("NewWindow", type="tab")["handle"]
        self.switch(window)
        self.open(url)
        return window

    def close_window(self):
        self.call("CloseWindow")

    def state(self):
        return self.run("return document.body?.dataset.state")

    def wait_for_state(self, wanted, seconds=20):
        """Until the page is in that state, or in one that it can't leave by itself."""
        end = time.monotonic() + seconds
        while (state := self.state()) != wanted:
            if time.monotonic() > end or state in LAST_STATES:
                raise AssertionError(f"the page is in state {state}: "
                                     f"{self.value('[role=status]')!r}")
            time.sleep(0.05)


class Chromium(Browser):
    PACKAGES = "chromium", "chromium-driver"
    OPTIONS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
               "--disable-background-networking",
               # Nobody here answers for names in .local.
               "--disable-features=WebRtcHideLocalIpsWithMdns")

    def start(self):
        self.start_program("chromedriver", "--port=0")
        port = wait_until(self.port, "chromedriver is not ready")
        self.url = f"http://127.0.0.1:{port}/session"
        options = {"args": [*self.OPTIONS, f"--user-data-dir={self.profile}"],
                   "prefs": {"intl.accept_languages": self.languages}}
        self.url += "/" + self.call("NewSession", capabilities={
            "alwaysMatch": {"goog:chromeOptions": options}})["sessionId"]

    def port(self):
        log = pathlib.Path(self.home.name, "log").read_text(encoding="utf-8")
        found = re.search(r"started successfully on port (\d+)", log)
        return found and found[1]

    def call(self, command, **parameters):
        method, path = PATHS[command]
        return self.request(method, path.format(**parameters), parameters)

    def request(self, method, path, parameters):
        data = json.dumps(parameters).encode() if method == "POST" else None
        request = urllib.request.Request(self.url + path, data, method=method)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=60) as response:
                return json.load(response)["value"]
        except urllib.error.HTTPError as e:
            raise AssertionError(f"the browser says {e.read().decode()}") from None

    def devtools(self, command, **parameters):
        """A command of the DevTools protocol, which can do more."""
        return self.request("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def screenshot(self, width, height, dark=False):
        """The page as it is on a screen of so many CSS pixels, which is longer where the page is; a
        PNG. What Chromium takes beyond its screen is off to the side from right to left."""
        self.set_screen(width, height, dark)
        length = self.run("return document.scrollingElement.scrollHeight")
        self.set_screen(width, max(height, length), dark)
        return base64.b64decode(self.devtools("Page.captureScreenshot")["data"])

    def set_screen(self, width, height, dark=False):
        self.devtools("Page.bringToFront")  # another window is not drawn
        self.devtools("Emulation.setDeviceMetricsOverride", width=width, height=height,
                      deviceScaleFactor=1, mobile=False)
        self.devtools("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])
        self.run("return new Promise(done => requestAnimationFrame("
                 "() => requestAnimationFrame(() => done())))")


class Firefox(Browser):
    PACKAGES = ("firefox-esr",)
    PREFERENCES = {
        "marionette.port": 0,  # any that is free
        "media.peerconnection.ice.obfuscate_host_addresses": False,  # no names in .local
        "security.external_protocol_requires_permission": False,  # mailto: links open
        "network.captive-portal-service.enabled": False,
        "network.connectivity-service.enabled": False,
        "browser.shell.checkDefaultBrowser": False,
        "datareporting.policy.dataSubmissionEnabled": False,
        "browser.startup.homepage_override.mstone": "ignore",
    }

    def start(self):
        self.profile.mkdir()
        wishes = {**self.PREFERENCES, "intl.accept_languages": self.languages}
        (self.profile / "user.js").write_text("".join(
            f"user_pref({json.dumps(name)}, {json.dumps(value)});\n"
            for name, value in wishes.items()))
        mailer = pathlib.Path(self.home.name, "mailer")
        mailer.write_text('#!/bin/sh\nprintf "%s\\n" "$1" >>"$HOME/mails"\n')
        mailer.chmod(0o755)
        (self.profile / "handlers.json").write_text(json.dumps({
            "defaultHandlersVersion": {"en-US": 999},  # none of its own come in
            "schemes": {"mailto": {"action": 2, "ask": False, "handlers": [
                {"name": "mailer", "path": str(mailer)}]}}}))
        self.start_program("firefox-esr", "--headless", "--marionette", "--no-remote",
                           "--profile", str(self.profile))
        port = wait_until(self.port, "Firefox is not ready", 60)
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.answers = self.socket.makefile("rb")
        self.read()  # its greeting
        self.number = 0
        self.call("NewSession", capabilities={})

    def close(self):
        if hasattr(self, "socket"):
            self.socket.close()
        super().close()

    def port(self):
        file = self.profile / "MarionetteActivePort"
        return file.exists() and int(file.read_text() or 0)

    def mails(self):
        """The mailto: links with which its user's mail program was started."""
        file = pathlib.Path(self.home.name, "mails")
        return file.read_text().splitlines() if file.exists() else []

    def read(self):
        """Length, colon, JSON."""
        length = b""
        while (octet := self.answers.read(1)) != b":":
            expect_that(octet, "Firefox has ended")
            length += octet
        return json.loads(self.answers.read(int(length)))

    def call(self, command, **parameters):
        self.number += 1
        message = json.dumps([0, self.number, f"WebDriver:{command}", parameters]).encode()
        self.socket.sendall(b"%d:%b" % (len(message), message))
        _, _, error, result = self.read()
        expect_that(not error, f"the browser says {error}")
        is_wrapped = isinstance(result, dict) and result.keys() == {"value"}
        return result["value"] if is_wrapped else result
