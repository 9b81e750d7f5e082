"""Delta Chat's own core, by JSON-RPC."""
import itertools
import json
import os
import queue
import subprocess
import threading

import accounts
import npm
from harness import expect_that, wait_until

PACKAGE = "@deltachat/stdio-rpc-server-linux-x64"
VERSION = "2.57.0"
SHA512 = "IUHSXC+z4UYiqHD9oQ0gdo+deE2OywTHrsnNIn6e6jQTmdOrvfznQIddVpcBrW0ZWZAkReMC0O0s5Wy+zhhY1w=="
PROGRAM = npm.place(PACKAGE, VERSION) / "deltachat-rpc-server"  # one static program
PACKAGES = (*accounts.PACKAGES, "gpg", "gpg-agent")


def fetch():
    """Fetches the program with npm, unless it is there. None: it is there; else why it can't be."""
    if os.uname().machine != "x86_64":
        return "there is no such program for this machine"
    place = npm.fetch(PACKAGE, VERSION, SHA512, "deltachat-rpc-server")
    return place if isinstance(place, str) else None


class Core:
    """Delta Chat's core; its accounts end with it."""

    def __init__(self, directory):
        self.ids, self.answers, self.events = itertools.count(1), {}, queue.Queue()
        self.process = subprocess.Popen(
            [PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            text=True, env={"DC_ACCOUNTS_PATH": str(directory), "HOME": str(directory.parent),
                            "RUST_LOG": "error"})
        threading.Thread(target=self.read, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def read(self):
        for line in self.process.stdout:
            answer = json.loads(line)
            self.answers[answer["id"]] = answer

    def call(self, method, *params, seconds=30):
        number = next(self.ids)
        self.process.stdin.write(json.dumps({"jsonrpc": "2.0", "id": number, "method": method,
                                             "params": params}) + "\n")
        self.process.stdin.flush()
        answer = wait_until(lambda: self.answers.pop(number, None), f"{method} has no answer",
                            seconds)
        expect_that("error" not in answer, f"{method}: {answer.get('error')}")
        return answer["result"]


class Person:
    """A profile of Delta Chat's, as a new one is unless `config` changes it."""

    def __init__(self, core, name, **config):
        self.core, self.address = core, f"{name}@example.net"
        self.account = core.call("add_account")
        for key, value in config.items():
            self.call("set_config", key, value)
        self.call("add_or_update_transport", {
            "addr": self.address, "password": accounts.PASSWORD,
            "imapServer": "127.0.0.1", "imapPort": 143, "imapSecurity": "plain",
            "imapUser": self.address, "imapFolder": None,
            "smtpServer": "127.0.0.1", "smtpPort": 25, "smtpSecurity": "plain",
            "smtpUser": self.address, "smtpPassword": accounts.PASSWORD,
            "certificateChecks": "acceptInvalidCertificates", "oauth2": False})
        self.call("start_io")

    def call(self, method, *params, **more):
        return self.core.call(method, self.account, *params, **more)

    def chat_by_vcard(self, vcard):
        contact, = self.call("import_vcard_contents", vcard)
        return self.call("create_chat_by_contact_id", contact)

    def messages(self, chat):
        numbers = self.call("get_message_ids", chat, False, False)
        loaded = self.call("get_messages", numbers)
        return [loaded[str(number)] for number in numbers  # but not what was deleted meanwhile
                if loaded[str(number)]["kind"] == "message"]

    def send(self, chat, text):
        return self.call("misc_send_text_message", chat, text)

    def wait_for_reply(self, chat, count=1, seconds=20):
        """The last of so many messages that have come in this chat."""
        def received():
            incoming = [message for message in self.messages(chat)
                        if message["fromId"] > 9 and not message["isInfo"]]  # 1 is oneself
            return incoming if len(incoming) >= count else None
        return wait_until(received, "no reply is shown", seconds)[-1]
