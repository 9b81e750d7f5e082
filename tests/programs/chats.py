"""Delta Chat's own core, which apps for phones and desktops share; see tests/deltachat.py."""
import pathlib
import tempfile

import deltachat
import mta
from mta import SERVICE, run
from programs.frame import PERSON, Program, program


@program
class DeltaChat(Program):
    name = "Delta Chat"
    packages = ("gpg", "gpg-agent")
    ways = {"chat": "json", "encrypted chat": "json", "file": "json", "encrypted file": "json",
            "encrypted link": "deflate"}

    def fetch(self):
        return deltachat.fetch()

    def version(self):
        return deltachat.VERSION

    def set_up(self):
        mta.follow("Encrypted mail")
        self.vcard = run("runuser", "-u", "snowmail", "--", "/usr/local/lib/snowflake-mail",
                         "--vcard")

    def send(self, way, exchange):
        """In a profile of its own: as a new one is, or one in which plain mail is allowed."""
        form, is_encrypted = self.ways[way], "encrypted" in way
        self.core = deltachat.Core(pathlib.Path(tempfile.mkdtemp()) / "accounts")
        self.person = deltachat.Person(self.core, PERSON,
                                       **({} if is_encrypted else {"force_encryption": "0"}))
        if is_encrypted:
            self.chat = self.person.chat_by_vcard(self.vcard)
            exchange.mail = lambda: b""  # no later service can read it
        else:
            contact = self.person.call("create_contact", SERVICE, None)
            self.chat = self.person.call("create_chat_by_contact_id", contact)
        if "file" in way:
            self.person.call("misc_send_msg", self.chat, None, str(exchange.file(form)),
                             "request.txt", None, None)
        else:
            self.person.send(self.chat, getattr(exchange, form))

    def copy(self, exchange):
        return {"shown": self.person.wait_for_reply(self.chat)["text"]}

    def close(self):
        if hasattr(self, "core"):
            self.core.process.kill()
            self.core.process.wait()
            del self.core
