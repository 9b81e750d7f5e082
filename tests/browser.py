"""Debian's Chromium, driven by chromedriver over the WebDriver protocol (W3C)."""
import json
import os
import re
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

from harness import expect_that, wait_until

PACKAGES = "chromium", "chromium-driver"
OPTIONS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
           "--disable-background-networking",
           # Nobody here answers for names in .local.
           "--disable-features=WebRtcHideLocalIpsWithMdns")


class Browser:
    """Runs from construction to close()."""

    def __init__(self, url):
        self.home = tempfile.TemporaryDirectory()
        with open(f"{self.home.name}/log", "wb") as log:
            # In a group of its own: Chromium's processes end with it.
            self.driver = subprocess.Popen(["chromedriver", "--port=0"], stdin=subprocess.DEVNULL,
                                           stdout=log, stderr=log, start_new_session=True,
                                           env={"HOME": self.home.name, "PATH": os.environ["PATH"]})
        try:
            port = wait_until(self.port, "chromedriver is not ready")
            self.url = f"http://127.0.0.1:{port}/session"
            options = {"args": [*OPTIONS, f"--user-data-dir={self.home.name}/profile"]}
            wanted = {"capabilities": {"alwaysMatch": {"goog:chromeOptions": options}}}
            self.url += "/" + self.call("POST", "", wanted)["sessionId"]
            self.call("POST", "/url", {"url": url})
        except BaseException:
            self.close()
            raise

    def port(self):
        with open(f"{self.home.name}/log", encoding="utf-8") as log:
            found = re.search(r"started successfully on port (\d+)", log.read())
        return found and found[1]

    def call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, method=method)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=60) as response:
                return json.load(response)["value"]
        except urllib.error.HTTPError as e:
            raise AssertionError(f"the browser says {e.read().decode()}") from None

    def run(self, script, *arguments):
        return self.call("POST", "/execute/sync", {"script": script, "args": arguments})

    def value(self, selector):
        return self.run("const e = document.querySelector(arguments[0]);"
                        "return e.value ?? e.textContent", selector)

    def paste(self, selector, text):
        self.run("const e = document.querySelector(arguments[0]); e.value = arguments[1];"
                 "e.dispatchEvent(new InputEvent("
                 "'input', {inputType: 'insertFromPaste', bubbles: true}))", selector, text)

    def wait_for_state(self, wanted, seconds):
        """Until the page is in that state, or in one that it can't leave by itself."""
        end = time.monotonic() + seconds
        while (state := self.run("return document.body.dataset.state")) != wanted:
            expect_that(time.monotonic() < end and state not in ("late", "failed", "error"),
                        f"the page is in state {state}: {self.value('[role=status]')!r}")
            time.sleep(0.05)

    def close(self):
        os.killpg(self.driver.pid, signal.SIGKILL)  # our own
        self.driver.wait()
        self.home.cleanup()
