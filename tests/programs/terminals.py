"""Mail programs in a terminal, with the settings that Debian ships."""
import re

from mta import SERVICE, run
from programs.frame import HOME, PERSON, Program, Terminal, program

# --- the editors that they start


def paste_in_nano(terminal, text):
    terminal.wait_for("GNU nano")
    terminal.paste(text)
    terminal.wait_for(re.escape(text[-15:]))
    leave_nano(terminal)


def leave_nano(terminal):
    terminal.keys("C-o")
    terminal.answer("File Name to Write", "Enter")
    terminal.answer("Wrote", "C-x")


# --- mutt

class MuttLike(Program):
    """The pager begins a line that it continues with a plus sign."""
    command = ""
    ways = {"pasted": "json", "pasted short": "deflate", "attached": "json", "mailto": "deflate"}

    def set_up(self):
        run("install", "-d", "-o", PERSON, str(HOME / "Mail"))  # it asks at its first start

    def send(self, way, exchange):
        arguments = [exchange.mailto()] if way == "mailto" else []
        with Terminal(self.command, *arguments) as terminal:
            if way != "mailto":
                terminal.answer("Mutt", "m")
            terminal.wait_for("To:")
            terminal.keys(*([] if way == "mailto" else [SERVICE]), "Enter")
            terminal.wait_for("Subject:")
            terminal.keys(*([] if way == "mailto" else ["Hello"]), "Enter")
            if way.startswith("pasted"):
                paste_in_nano(terminal, getattr(exchange, self.ways[way]))
            elif way == "attached":
                paste_in_nano(terminal, "Please see the attachment")
                terminal.wait_for("y:Send")
                terminal.keys("a")
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
            shown = terminal.wait_for("UTC|until")
            terminal.keys("|")
            terminal.answer("Pipe to command", f"cat >{HOME}/saved", "Enter")
            terminal.answer("Press any key", "x")
        return {"screen": shown, "piped": (HOME / "saved").read_text()}


@program
class Mutt(MuttLike):
    name = command = "mutt"
    packages = ("mutt", "nano", "tmux")
