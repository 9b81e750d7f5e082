"""Mail programs with a window, on an X server without a screen.

A person's hands are xdotool (keys, mouse) and xclip (the clipboard); the eyes are the titles of the
windows, what can be copied, and the colour of a link. Each program's account is in files of its own
settings, so that no assistant appears. A stand-in for the browser keeps the links that it is
started with.

Each row has a home and a session of its own.
"""
import contextlib
import email
import json
import os
import pathlib
import pwd
import re
import shutil
import signal
import struct
import subprocess

from harness import expect, expect_that, wait_until
from mta import SERVICE, run, write
from programs.frame import ADDRESS, HOME, MAILBOX, PERSON, Program, program

OPENED = HOME / "opened"  # the links that the browser was started with
PACKAGES = ("xvfb", "openbox", "xdotool", "xclip", "x11-apps", "dbus", "procps",
            "fonts-dejavu-core")
BROWSER = "/usr/local/bin/xdg-open"
BROWSERS = ("x-www-browser", "www-browser", "sensible-browser", "gnome-open", "firefox")


def stand_in_for_browser():
    write(BROWSER, f'#!/bin/sh\nprintf "%s\\n" "$1" >>{OPENED}\n', 0o755)
    for name in BROWSERS:
        shutil.copy(BROWSER, f"/usr/local/bin/{name}")
    schemes = "x-scheme-handler/http", "x-scheme-handler/https", "text/html"
    applications = pathlib.Path("/usr/share/applications")
    applications.mkdir(parents=True, exist_ok=True)
    write(applications / "stand-in.desktop",
          f"[Desktop Entry]\nType=Application\nName=Browser\nExec={BROWSER} %u\n"
          f"MimeType={';'.join(schemes)};\n")
    write(applications / "mimeapps.list", "[Default Applications]\n" +
          "".join(f"{scheme}=stand-in.desktop\n" for scheme in schemes))


def without_blanks(text):
    return re.sub(r"\s", "", text)


class Desktop:
    """A person's session: an X server, a window manager, a bus. All of it ends with close()."""

    def __init__(self):
        self.processes = []
        self.environment = {
            "HOME": str(HOME), "USER": PERSON, "LOGNAME": PERSON, "LANG": "C.UTF-8",
            "PATH": "/usr/local/bin:/usr/bin:/bin", "SHELL": "/bin/bash", "MAIL": str(MAILBOX),
            "NO_AT_BRIDGE": "1", "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",
            "LIBGL_ALWAYS_SOFTWARE": "1"}
        # Without -noreset it would drop everything each time when its last window has gone.
        display = self.first_line("Xvfb", "-displayfd", "1", "-ac", "-noreset", "-nolisten", "tcp",
                                  "-screen", "0", "1280x1000x24")
        self.environment["DISPLAY"] = f":{display}"
        self.environment["DBUS_SESSION_BUS_ADDRESS"] = self.first_line(
            "dbus-daemon", "--session", "--nofork", "--print-address=1")
        self.start("openbox")
        wait_until(lambda: self.run("xdotool", "get_num_desktops").strip(), "no window manager")

    def close(self):
        for process in reversed(self.processes):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            if process.stdout:
                process.stdout.close()
        # What the bus started is in no group of ours.
        subprocess.run(["pkill", "-KILL", "-u", PERSON], check=False)

    def start(self, *command, **how):
        """A program of the person's."""
        person = pwd.getpwnam(PERSON)
        with open("/var/log/windows.log", "a") as log:
            process = subprocess.Popen(
                command, env=self.environment, cwd=HOME, stdin=subprocess.DEVNULL, stderr=log,
                user=person.pw_uid, group=person.pw_gid,
                extra_groups=os.getgrouplist(PERSON, person.pw_gid), start_new_session=True,
                **{"stdout": log, **how})
        self.processes.append(process)
        return process

    def first_line(self, *command):
        return self.start(*command, stdout=subprocess.PIPE, text=True).stdout.readline().strip()

    def run(self, *command, **how):
        """What it prints. xdotool now and then waits for a window that has gone: then ""."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            return subprocess.run(command, env=self.environment, stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=5,
                                  **{"text": True, **how}).stdout
        return "" if how.get("text", True) else b""

    # --- windows

    def windows(self, title):
        """Those in sight whose title has that regular expression."""
        return self.run("xdotool", "search", "--onlyvisible", "--name", title).split()

    def titles(self):
        return self.run("xdotool", "search", "--onlyvisible", "--name", ".", "getwindowname",
                        "%@").splitlines()

    def wait_for(self, title, seconds=40):
        try:
            return wait_until(lambda: self.windows(title), "", seconds)[0]
        except AssertionError:
            raise AssertionError(f"no window {title!r}, but {self.titles()}") from None

    def click(self, window, x, y):
        """At that place in the window: pixels, or parts of its size where less than 1."""
        if x < 1 and y < 1:
            lines = self.run("xdotool", "getwindowgeometry", "--shell", window).split()
            size = dict(line.split("=") for line in lines)
            expect_that("WIDTH" in size, "the window has gone")
            x, y = x * int(size["WIDTH"]), y * int(size["HEIGHT"])
        self.run("xdotool", "windowactivate", "--sync", window, "mousemove", "--window", window,
                 str(int(x)), str(int(y)), "click", "1")

    def keys(self, *keys):
        """Presses keys by xdotool's names, such as Return or ctrl+a, in the window in front."""
        self.run("xdotool", "key", "--clearmodifiers", "--delay", "20", *keys)

    # --- the clipboard

    def set_clipboard(self, text):
        # xclip goes on in the background until another program has the clipboard.
        subprocess.run(["xclip", "-selection", "clipboard", "-in"], env=self.environment,
                       input=text, text=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                       timeout=20, check=True)

    def clipboard(self):
        return self.run("xclip", "-selection", "clipboard", "-out", "-target", "UTF8_STRING",
                        errors="replace")

    def copy_all(self, window, x, y, is_it, fault, before=(), seconds=30):
        """Clicks at that place and copies all, until is_it(what was copied); gives that."""
        copied = ""

        def is_copied():
            nonlocal copied
            self.click(window, x, y)
            self.keys(*before)
            self.set_clipboard("nothing")
            self.keys("ctrl+a", "ctrl+c")
            with contextlib.suppress(AssertionError):
                wait_until(lambda: self.clipboard() != "nothing", "nothing was copied", 1)
            copied = self.clipboard()
            return is_it(copied)
        try:
            wait_until(is_copied, fault, seconds)
        except AssertionError:
            raise AssertionError(f"{fault}: {copied[-300:]!r} {self.titles()}") from None
        return copied

    # --- links

    def link_place(self, window):
        """Pixels of the window where there is a long link: in the row in which colour comes and
        goes most often."""
        image = self.run("xwd", "-silent", "-id", window, text=False)
        if len(image) < 100:  # the window has gone
            return None
        head = struct.unpack(">25I", image[:100])
        size, width, height, line, colours = head[0], head[4], head[5], head[12], head[19]
        expect_that(head[11] == 32 and head[7] == 0, "the X server has other pixels")
        best = 0, None
        for start in range(size + 12 * colours, len(image) - line + 1, line):
            row = image[start:start + 4 * width]
            pixels = zip(row[0::4], row[1::4], row[2::4])
            has_colour = [max(pixel) - min(pixel) > 100 for pixel in pixels]
            edges = [x for x in range(1, width) if has_colour[x] and not has_colour[x - 1]]
            if len(edges) > best[0]:
                y = (start - size - 12 * colours) // line
                best = len(edges), (edges[len(edges) // 2], y)
        return best[1] if best[0] > 60 else None  # an address in the header has fewer

    def click_link(self, window, seconds=40):
        """Clicks on the link there until the browser is started; gives its link, "" if none."""
        def is_opened():
            if place := self.link_place(window):
                self.click(window, *place)
                with contextlib.suppress(AssertionError):
                    return wait_until(lambda: OPENED.exists() and OPENED.read_text(), "", 3)
            return None
        with contextlib.suppress(AssertionError):
            return wait_until(is_opened, "", seconds).splitlines()[0]
        return ""


def link_in_reply():
    """The link as the service wrote it; None: there is none, since the request was repaired."""
    mail = email.message_from_bytes(MAILBOX.read_bytes().partition(b"\n")[2])
    found = re.search(r"http://127\.0\.0\.1:\d+/\S+", mail.get_payload(decode=True).decode())
    return found and found[0]


class WindowProgram(Program):
    """To be filled in: the account, compose() and read()."""
    size, seconds = "4g", 1500
    ways = {"pasted": "json", "pasted base64": "base64", "attached": "json", "mailto": "deflate"}
    files = {}  # of the account, below the person's home
    send_key = "ctrl+Return"
    composer = "Hello"  # the title of its window
    questions = {}  # what the program may ask before it sends: a title, and the key to go on
    text_at = 0.5, 0.7  # where the text is in the composer's window

    def set_up(self):
        stand_in_for_browser()

    def make_home(self):
        for path in HOME.iterdir():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()
        for name, text in self.files.items():
            path = HOME / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        run("chown", "-R", f"{PERSON}:", str(HOME))

    def compose(self, link, attached, is_html):
        """Opens a composer with a mailto: link and perhaps a file; gives its window."""

    def read(self):
        """Opens the reply; gives its window and where in it the text is."""

    def send(self, way, exchange):
        self.make_home()
        form = getattr(exchange, self.ways[way])
        attached = exchange.file(self.ways[way]) if way == "attached" else None
        text = form if way != "attached" else "The request is attached."
        is_filled = way == "mailto"
        self.desktop = desktop = Desktop()
        window = self.compose(exchange.mailto(self.ways[way]) if is_filled
                              else f"mailto:{SERVICE}?subject=Hello", attached, "HTML" in way)

        def is_there(copied):
            return without_blanks(text) in without_blanks(copied)

        if is_filled:
            desktop.copy_all(window, *self.text_at, is_there, "the link's text is not shown")
        else:
            self.paste_until(window, text, is_there)
        desktop.keys(self.send_key)
        wait_until(self.is_sent, "the program does not send")

    def is_sent(self):
        """Whether the composer has gone. Goes on where the program asks something."""
        for title, key in self.questions.items():
            for window in self.desktop.windows(title):
                self.desktop.keys(key)
                with contextlib.suppress(AssertionError):
                    wait_until(lambda: window not in self.desktop.windows(title), "", 5)
        return not self.desktop.windows(self.composer)

    def paste_until(self, window, text, is_there):
        desktop = self.desktop

        def is_pasted():
            desktop.click(window, *self.text_at)
            desktop.set_clipboard(text)
            desktop.keys("ctrl+a", "ctrl+v")
            with contextlib.suppress(AssertionError):
                return desktop.copy_all(window, *self.text_at, is_there, "not pasted", seconds=0)
            return ""
        wait_until(is_pasted, "the text can't be pasted", 40)

    def copy(self, exchange):
        link = link_in_reply()  # before the program takes the mail away
        window, place = self.read()
        result = {}
        if link:
            result["link"] = self.desktop.click_link(window)
            expect("opened", result["link"], link)
        result["copied"] = self.desktop.copy_all(window, *place, lambda text: '"}' in text,
                                                 "the reply can't be copied")
        return dict(sorted(result.items()))

    def close(self):
        if hasattr(self, "desktop"):
            self.desktop.close()
            del self.desktop


MH_FOLDERS = """<?xml version="1.0" encoding="UTF-8"?>
<folderlist><folder type="mh" name="Mail" path="Mail">
<folderitem type="inbox" name="inbox" path="inbox"/>
<folderitem type="outbox" name="sent" path="sent"/>
<folderitem type="draft" name="draft" path="draft"/>
<folderitem type="queue" name="queue" path="queue"/>
<folderitem type="trash" name="trash" path="trash"/>
</folder></folderlist>
"""
MH_FILES = {f"Mail/{name}/.keep": "" for name in ("inbox", "sent", "draft", "queue", "trash")}


def wait_for_mh():
    wait_until((HOME / "Mail/inbox/1").exists, "the program does not fetch the reply", 20)


@program
class Claws(WindowProgram):
    """Gets mail from the person's mailbox on this host, and sends by sendmail."""
    name = "Claws Mail"
    packages = ("claws-mail", *PACKAGES)
    composer = "Hello - Compose message"
    questions = {"^Warning": "alt+o"}  # more than 998 octets
    files = {
        **MH_FILES, ".claws-mail/folderlist.xml": MH_FOLDERS,
        ".claws-mail/clawsrc": "[Common]\nenable_aspell=0\n",  # there are no dictionaries
        ".claws-mail/accountrc": f"""[Account: 1]
account_name={ADDRESS}
is_default=1
name=Alice
address={ADDRESS}
protocol=5
local_mailbox={MAILBOX}
use_mail_command=1
mail_command=/usr/sbin/sendmail -t -i
"""}

    def compose(self, link, attached, is_html):
        more = ["--attach", attached] if attached else []
        self.desktop.start("claws-mail", "--compose", link, *more)
        return self.desktop.wait_for(self.composer)

    def read(self):
        self.desktop.start("claws-mail", "--receive-all")
        wait_for_mh()
        self.desktop.start("claws-mail", "--select", "#mh/Mail/inbox/1")
        return self.desktop.wait_for(f"{ADDRESS} - Claws Mail"), (0.7, 0.8)


@program
class Sylpheed(WindowProgram):
    """Gets mail from the person's mailbox on this host, and sends by sendmail."""
    name = "Sylpheed"
    packages = ("sylpheed", *PACKAGES)
    send_key = "ctrl+shift+e"
    composer = "Hello - Compose"
    questions = {"Line length limit": "alt+y"}  # more than 998 octets
    files = {
        **MH_FILES, ".sylpheed-2.0/folderlist.xml": MH_FOLDERS,
        ".sylpheed-2.0/sylpheedrc": f"""[Common]
use_extsend=1
extsend_command=/usr/sbin/sendmail -t -i
inc_local=1
spool_path={MAILBOX}
""",
        ".sylpheed-2.0/accountrc": f"""[Account: 1]
account_name={ADDRESS}
is_default=1
name=Alice
address={ADDRESS}
protocol=5
smtp_server=127.0.0.1
"""}

    def compose(self, link, attached, is_html):
        more = ["--attach", attached] if attached else []
        self.desktop.start("sylpheed", "--compose", link, *more)
        return self.desktop.wait_for(self.composer)

    def read(self):
        self.desktop.start("sylpheed", "--receive")
        wait_for_mh()
        self.desktop.start("sylpheed", "--open", "#mh/Mail/inbox/1")
        return self.desktop.wait_for("Automatic reply"), (0.5, 0.7)


@program
class Thunderbird(WindowProgram):
    """Gets mail by IMAP, and sends by SMTP."""
    name = "Thunderbird"
    packages = ("thunderbird", *PACKAGES)
    composer = "^Write: Hello"
    questions = {"Attachment Reminder": "Return"}  # it takes some letters of the request for a word
    ways = {**WindowProgram.ways, "pasted as HTML": "json"}
    preferences = {
        "mail.accountmanager.accounts": "account1,account2",
        "mail.accountmanager.defaultaccount": "account1",
        "mail.accountmanager.localfoldersserver": "server2",
        "mail.account.account1.identities": "id1", "mail.account.account1.server": "server1",
        "mail.account.account2.server": "server2",
        "mail.identity.id1.fullName": "Alice", "mail.identity.id1.useremail": ADDRESS,
        "mail.identity.id1.smtpServer": "smtp1", "mail.identity.id1.valid": True,
        "mail.identity.id1.fcc": False,
        "mail.server.server1.type": "imap", "mail.server.server1.hostname": "127.0.0.1",
        "mail.server.server1.port": 143, "mail.server.server1.socketType": 0,
        "mail.server.server1.authMethod": 3, "mail.server.server1.userName": PERSON,
        "mail.server.server1.name": ADDRESS, "mail.server.server1.login_at_startup": False,
        "mail.server.server2.type": "none", "mail.server.server2.hostname": "Local Folders",
        "mail.server.server2.name": "Local Folders", "mail.server.server2.userName": "nobody",
        "mail.smtpservers": "smtp1", "mail.smtp.defaultserver": "smtp1",
        "mail.smtpserver.smtp1.hostname": "127.0.0.1", "mail.smtpserver.smtp1.port": 25,
        "mail.smtpserver.smtp1.authMethod": 1, "mail.smtpserver.smtp1.try_ssl": 0,
        "mail.shell.checkDefaultClient": False, "mailnews.start_page.enabled": False,
        "mail.warn_on_send_accel_key": False, "mail.rights.version": 1,
        "mail.provider.suppress_dialog_on_startup": True,
        "datareporting.policy.dataSubmissionEnabled": False,
        "toolkit.telemetry.reportingpolicy.firstRun": False}
    files = {".thunderbird-test/user.js": "".join(
        f"user_pref({json.dumps(name)}, {json.dumps(value)});\n"
        for name, value in preferences.items())}
    command = ("thunderbird", "--profile", f"{HOME}/.thunderbird-test")

    def compose(self, link, attached, is_html):
        if attached or is_html:
            fields = [f"to='{SERVICE}'", "subject='Hello'", f"format={1 if is_html else 2}"]
            fields += [f"attachment='file://{attached}'"] if attached else []
            self.desktop.start(*self.command, "-compose", ",".join(fields))
        else:
            self.desktop.start(*self.command, link)
        return self.desktop.wait_for(self.composer)

    def read(self):
        """From a file, which it shows like a mail of the mailbox."""
        reply = HOME / "reply.eml"
        reply.write_bytes(MAILBOX.read_bytes().partition(b"\n")[2])
        shutil.chown(reply, PERSON)
        self.desktop.start(*self.command, reply)
        return self.desktop.wait_for("Automatic reply"), (0.5, 0.9)


@program
class Evolution(WindowProgram):
    """Reads the person's mailbox on this host, and sends by sendmail."""
    name = "Evolution"
    packages = ("evolution", *PACKAGES)
    composer = "^Hello"
    questions = {"^ $": "alt+s"}  # whether the key was meant
    ways = {**WindowProgram.ways, "pasted as HTML": "json"}
    files = {".config/evolution/sources/" + name: text for name, text in {
        "account.source": f"""[Data Source]
DisplayName={ADDRESS}
Enabled=true

[Mail Account]
BackendName=spool
IdentityUid=identity

[Spool Backend]
Path={MAILBOX}
""", "identity.source": f"""[Data Source]
DisplayName={ADDRESS}
Enabled=true
Parent=account

[Mail Identity]
Address={ADDRESS}
Name=Alice

[Mail Submission]
TransportUid=transport
""", "transport.source": f"""[Data Source]
DisplayName={ADDRESS}
Enabled=true
Parent=account

[Mail Transport]
BackendName=sendmail
"""}.items()}

    def set_up(self):
        super().set_up()
        # It takes a host without a route for one that is offline.
        run("ip", "route", "replace", "default", "dev", "lo")

    def compose(self, link, attached, is_html):
        if is_html:
            settings = HOME / ".config/glib-2.0/settings/keyfile"
            settings.parent.mkdir(parents=True)
            settings.write_text("[org/gnome/evolution/mail]\ncomposer-mode='html'\n")
            run("chown", "-R", f"{PERSON}:", str(HOME / ".config/glib-2.0"))
            self.desktop.environment["GSETTINGS_BACKEND"] = "keyfile"
        more = f"&attach={attached}" if attached else ""
        self.desktop.start("evolution", link + more)
        return self.desktop.wait_for(self.composer)

    def read(self):
        identity = re.search(rb"^Message-Id: <(.*)>", MAILBOX.read_bytes(), re.M | re.I)[1].decode()
        desktop = self.desktop
        desktop.start("evolution", f"mid:{identity}")
        found = desktop.wait_for("All Account Search .1 unread")

        def is_opened():
            desktop.click(found, 0.6, 0.36)
            desktop.keys("ctrl+o")
            with contextlib.suppress(AssertionError):
                return desktop.wait_for("Automatic reply", 5)
            return None
        return wait_until(is_opened, "the reply can't be opened"), (0.5, 0.8)
