"""Mail programs in a terminal, with the settings that Debian ships."""
import re

from harness import wait_until
from mta import SERVICE, run, write
from programs.frame import ADDRESS, HOME, MAILBOX, PASSWORD, PERSON, Program, Terminal, program

FORMS = {"pasted": "json", "pasted short": "deflate", 
         "attached": "json", "mailto": "deflate",
         "as if typed": "json", "base64 as if typed": "base64"}
SAVED = HOME / "saved"


def end_of(text):
    """A pattern of the last characters of a text, in which Emacs may continue a line."""
    return r"\\?\n?".join(map(re.escape, text[-6:]))


def only(*ways):
    return {way: FORMS[way] for way in ways}


def give_person(path, text, mode=0o600):
    """Writes a file of the person's."""
    run("runuser", "-u", PERSON, "--", "mkdir", "-p", str(path.parent))
    write(path, text, mode)
    run("chown", PERSON, str(path))


# --- the editors that they start


def paste_in_nano(terminal, text, *first):
    terminal.wait_for("GNU nano")
    terminal.keys(*first)
    terminal.paste(text)
    terminal.wait_for(end_of(text))
    leave_nano(terminal)


def leave_nano(terminal):
    terminal.keys("F3")  # as C-o and C-x, which aerc takes for itself
    terminal.answer("Name to Write", "Enter")
    terminal.answer("Wrote", "F2")


def paste_in_vim(terminal, text, bracketed):
    terminal.answer("All$|Top$|lines?, |0L, ", "i")
    terminal.wait_for("INSERT")
    terminal.paste(text, bracketed)
    terminal.wait_for(end_of(text))
    terminal.keys("Escape")
    terminal.type(":wq")
    terminal.keys("Enter")


# --- mutt

class MuttLike(Program):
    """Its pager begins a line that it continues with a plus sign."""
    command = ""
    ways = only("pasted", "pasted short", "attached", "mailto")
    environment = {}

    def paste(self, terminal, text, way):
        paste_in_nano(terminal, text)

    def set_up(self):
        give_person(HOME / "Mail/.keep", "")  # it asks whether to make it

    def send(self, way, exchange):
        arguments = [exchange.mailto(self.ways[way])] if way == "mailto" else []
        with Terminal(self.command, *arguments, **self.environment) as terminal:
            if way != "mailto":
                terminal.answer("Mutt", "m")
            terminal.wait_for("^To: ")
            terminal.keys(*([] if way == "mailto" else [SERVICE]), "Enter")
            terminal.wait_for("^Subject: ")
            terminal.keys(*([] if way == "mailto" else ["Hello"]), "Enter")
            if way.startswith("pasted") or way.endswith("as if typed"):
                self.paste(terminal, getattr(exchange, self.ways[way]), way)
            elif way == "attached":
                self.paste(terminal, "Please see the attachment", way)
                terminal.answer("y:Send", "a")
                terminal.answer("Attach file", str(exchange.file(self.ways[way])), "Enter")
                terminal.wait_for("request.txt")
            else:
                terminal.wait_for("GNU nano")
                leave_nano(terminal)
            terminal.answer("y:Send", "y")
            if way == "mailto":
                terminal.wait_for_end()
            else:
                terminal.wait_for("(Mail|Message) sent")

    def copy(self, exchange):
        with Terminal(self.command) as terminal:
            terminal.answer("snowflake@", "Enter")
            shown = terminal.wait_for_reply()
            terminal.keys("|")
            terminal.answer("Pipe to command", f"cat >{SAVED}", "Enter")
            terminal.answer("Press any key", "x")
        return {"screen": shown, "piped": SAVED.read_text()}


@program
class Mutt(MuttLike):
    name = command = "mutt"
    packages = ("mutt", "nano", "tmux")


@program
class MuttWithVim(MuttLike):
    """Vim wraps mails at column 72, unless the terminal tells it that the text is pasted."""
    name, command = "mutt with vim", "mutt"
    packages = ("mutt", "vim", "tmux")
    ways = only("pasted", "pasted short", "as if typed", "base64 as if typed")
    environment = {"EDITOR": "vim"}

    def paste(self, terminal, text, way):
        paste_in_vim(terminal, text, way.startswith("pasted"))


@program
class Neomutt(MuttLike):
    name = command = "neomutt"
    packages = ("neomutt", "nano", "tmux")


# --- Alpine

@program
class Alpine(Program):
    """Its own editor, which fills paragraphs."""
    name = "alpine"
    packages = ("alpine", "tmux")
    ways = only("pasted", "pasted short", "attached", "mailto")

    def set_up(self):
        give_person(HOME / "mail/sent-mail", "")  # it asks whether to make it

    def send(self, way, exchange):
        start = ["-url", exchange.mailto(self.ways[way])] if way == "mailto" else [SERVICE]
        with Terminal("alpine", *start) as terminal:
            terminal.wait_for("Message Text")
            if way != "mailto":
                terminal.keys("Down")  # from Cc to the attachments
                if way == "attached":
                    terminal.type(str(exchange.file(self.ways[way])))
                terminal.keys("Down")
                terminal.type("Hello")
                terminal.keys("Down")
                text = "Please see the attachment" if way == "attached" else getattr(
                    exchange, self.ways[way])
                terminal.paste(text)
                terminal.wait_for(end_of(text))
            terminal.keys("C-x")
            terminal.answer("Send message", "y")
            terminal.wait_for_end()

    def copy(self, exchange):
        with Terminal("alpine", "-i") as terminal:
            terminal.answer("Hello|snowflake", "Enter")
            shown = terminal.wait_for_reply()
            SAVED.unlink(missing_ok=True)
            terminal.keys("e")
            terminal.answer("EXPORT|export", "saved", "Enter")
            wait_until(SAVED.exists, "nothing is exported")
            terminal.wait_for("xported")
        return {"screen": shown, "exported": SAVED.read_text()}


# --- the descendants of Berkeley's mail

class MailLike(Program):
    """The text is typed at a prompt; a reply runs over the screen."""
    command = ""
    first = ()  # questions before the text, with their answers
    last = ()  # and behind it
    attach = ""  # the option that attaches a file
    ways = only("pasted", "pasted short")
    prompt = "^[?&]"
    more = None

    def send(self, way, exchange):
        attached = [self.attach, str(exchange.file(self.ways[way]))] if way == "attached" else []
        with Terminal(self.command, *attached, SERVICE) as terminal:
            for question, word in self.first:
                terminal.answer(question, *([word] if word else []), "Enter")
            text = "Please see the attachment" if way == "attached" else getattr(
                exchange, self.ways[way])
            terminal.paste(text)
            terminal.wait_for(end_of(text))
            terminal.keys("Enter", "C-d")
            for question, word in self.last:
                terminal.answer(question, *([word] if word else []), "Enter")
            terminal.wait_for_end()

    def copy(self, exchange):
        with Terminal(self.command) as terminal:
            terminal.answer(self.prompt, "1", "Enter")
            shown = terminal.wait_for_reply()
            SAVED.unlink(missing_ok=True)
            terminal.type(f"copy 1 {SAVED}")
            terminal.keys("Enter")
            terminal.wait_for(f"{SAVED}\"? +\\[?[0-9N]")
        return {"screen": shown, "saved": SAVED.read_text()}


@program
class BsdMailx(MailLike):
    """Knows nothing of MIME."""
    name = command = "bsd-mailx"
    packages = ("bsd-mailx", "tmux")
    first = (("Subject:", "Hello"),)
    last = (("Cc:", ""),)


@program
class Mailutils(MailLike):
    name, command = "GNU mailutils", "mail.mailutils"
    packages = ("mailutils", "tmux")
    first = (("Cc:", ""), ("Subject:", "Hello"))
    ways = only("pasted", "pasted short", "attached")
    attach = "-A"


@program
class SNail(MailLike):
    name = command = "s-nail"
    packages = ("s-nail", "tmux")
    first = (("Subject:", "Hello"),)
    last = (("Send this message", "yes"),)
    ways = only("pasted", "pasted short", "attached")
    attach = "-a"


# --- aerc

@program
class Aerc(Program):
    name = "aerc"
    packages = ("aerc", "nano", "tmux")
    ways = only("pasted", "pasted short", "attached")

    def set_up(self):
        give_person(HOME / ".config/aerc/accounts.conf", f"""[me]
source = imap+insecure://{PERSON}:{PASSWORD}@127.0.0.1:143
outgoing = /usr/sbin/sendmail
from = Alice <{ADDRESS}>
""")

    def send(self, way, exchange):
        with Terminal("aerc", EDITOR="nano") as terminal:
            terminal.answer("INBOX", "C")
            terminal.wait_for("Subject")
            terminal.type(SERVICE)
            terminal.keys("Tab")
            terminal.type("Hello")
            terminal.keys("Tab")
            paste_in_nano(terminal, "Please see the attachment" if way == "attached" else getattr(
                exchange, self.ways[way]))
            terminal.wait_for("Send this email")
            if way == "attached":
                terminal.keys(":")
                terminal.type(f"attach {exchange.file(self.ways[way])}")
                terminal.keys("Enter")
                terminal.wait_for("request.txt")
            terminal.keys("y")
            terminal.wait_for("sent")

    def copy(self, exchange):
        with Terminal("aerc", EDITOR="nano") as terminal:
            terminal.answer("snowflake@", "Enter")
            shown = terminal.wait_for_reply()
            SAVED.unlink(missing_ok=True)
            terminal.keys(":")
            terminal.type(f"pipe -p tee {SAVED}")
            terminal.keys("Enter")
            terminal.wait_for("Process complete|exited")
        return {"screen": shown, "piped": SAVED.read_text()}


# --- mblaze

@program
class Mblaze(Program):
    name = "mblaze"
    packages = ("mblaze", "nano", "tmux")
    ways = only("pasted", "pasted short", "attached")

    def set_up(self):
        give_person(HOME / ".mblaze/profile", f"Local-Mailbox: Alice <{ADDRESS}>\n")
        run("runuser", "-u", PERSON, "--", "mmkdir", str(HOME / "Maildir"))

    def send(self, way, exchange):
        attached = ["-attach", str(exchange.file(self.ways[way]))] if way == "attached" else []
        with Terminal("mcom", *attached, "-to", SERVICE, "-subject", "Hello",
                      EDITOR="nano") as terminal:
            paste_in_nano(terminal, "Please see the attachment" if way == "attached" else getattr(
                exchange, self.ways[way]), "C-End")
            terminal.answer("What now", "s", "Enter")
            terminal.wait_for_end()

    def copy(self, exchange):
        run("sh", "-ec", f"rm -f {HOME}/Maildir/*/*; "
            f"runuser -u {PERSON} -- mdeliver -M {HOME}/Maildir <{MAILBOX}")
        with Terminal("sh", "-c", f"mlist {HOME}/Maildir | mseq -S; mshow 1; cat") as terminal:
            shown = terminal.wait_for_reply()
        return {"screen": shown}


# --- Emacs

@program
class Emacs(Program):
    """Message mode and Rmail.

    A line that goes on ends with a backslash on the screen. Typed text is filled (auto-fill-mode).
    """
    name = "Emacs"
    packages = ("emacs-nox", "mailutils", "tmux")  # movemail is of mailutils
    ways = only("pasted", "pasted short", "as if typed", "base64 as if typed", "attached",
                "mailto")

    def send(self, way, exchange):
        command = ["-f", "message-mailto", exchange.mailto(self.ways[way])
                   ] if way == "mailto" else []
        with Terminal("emacs", "-nw", *command) as terminal:
            if way != "mailto":
                terminal.wait_for("scratch|GNU Emacs")
                terminal.keys("C-x", "m")
                terminal.wait_for("^To:")
                terminal.type(SERVICE)
                terminal.keys("C-n", "C-e")
                terminal.type("Hello")
                terminal.keys("M->")
                text = "Please see the attachment" if way == "attached" else getattr(
                    exchange, self.ways[way])
                terminal.paste(text, not way.endswith("as if typed"))
                terminal.wait_for(end_of(text))
            terminal.wait_for("^To:")
            if way == "attached":
                terminal.keys("C-c", "C-a")
                terminal.answer("Attach file", "C-a", "C-k", str(exchange.file(self.ways[way])),
                                "Enter")
                terminal.answer("Content type", "Enter")
                terminal.answer("One line", "Enter")
                terminal.answer("isposition", "Enter")
            terminal.keys("C-c", "C-c")
            asks = "Send mail via|Non-printable characters|Sending.*done"
            shown = terminal.wait_for(asks)
            if "Non-printable" in shown:  # the CR of the link
                terminal.keys("d")
                shown = terminal.wait_for(asks.replace("Non-printable characters|", ""))
            if "Send mail via" in shown:  # at its first start
                terminal.type("transport")
                terminal.keys("Enter")
                terminal.answer("Save this mail sending choice", "y")
            terminal.wait_for("Sending.*done")

    def copy(self, exchange):
        (HOME / "RMAIL").unlink(missing_ok=True)
        SAVED.unlink(missing_ok=True)
        with Terminal("emacs", "-nw", "-f", "rmail") as terminal:
            shown = terminal.wait_for_reply()
            terminal.keys("C-x", "C-w")
            terminal.answer("Write file", "C-a", "C-k", str(SAVED), "Enter")
            terminal.wait_for("Wrote")
        return {"screen": shown, "saved": SAVED.read_text()}
