"""The program in a world of its own: a broker, a sendmail, a state directory and a log."""
import collections
import contextlib
import email
import json
import os
import pathlib
import re
import select
import shutil
import signal
import sqlite3
import subprocess
import tempfile

from broker import CONTENT, Broker, error
from harness import IS_ROOT, TESTS, Skip, expect, expect_that, options
from sample import BRIDGE, REQUEST

NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
AS_NOBODY = NOBODY if IS_ROOT else []  # a user who may not do everything
OWN_MOUNTS = ["unshare", "-m", "--propagation", "private"]
PATH = "/usr/bin:/bin:/usr/sbin:/sbin"

Result = collections.namedtuple("Result", "status stdout stderr outcome reason attempts")


class Run:
    """The program on one mail. The mail ends for it when close_input() is called."""

    def __init__(self, letter, mode, argv, env, prefix, closed=True, **more):
        self.letter = letter
        world = letter.world
        command = [*prefix, world.program, "-c", letter.conf, "-f", letter.sender,
                   "-a", "snowflake@example.org", *argv]
        environment = {"PATH": PATH, "HOME": str(world.directory), "LANG": "C",
                       "SENDMAIL_DIR": str(letter.sent_directory), "SENDMAIL_MODE": mode,
                       "ASAN_OPTIONS": "detect_leaks=0"} | env
        # All processes that it starts hold the other end of this pipe.
        self.life, held = os.pipe()
        self.out, self.err = tempfile.TemporaryFile(), tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            command, env=environment, cwd="/", stdin=subprocess.PIPE, stdout=self.out,
            stderr=self.err, pass_fds=[held], start_new_session=True, **more)
        os.close(held)
        self.read_all = self.feed()
        if closed:
            self.close_input()

    def feed(self):
        """Writes the mail. False if the program closed its stdin before the mail's end."""
        try:
            self.process.stdin.write(self.letter.text.encode())
            self.process.stdin.flush()
        except BrokenPipeError:
            return False
        return True

    def close_input(self):
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.close_input()

    def outlive(self, seconds=20):
        """Waits for the end of a sendmail that the program may have left behind."""
        held = select.poll()  # unlike select() it takes any descriptor
        held.register(self.life, select.POLLIN)
        ended = held.poll(1000 * seconds)
        os.close(self.life)
        expect_that(ended, "sendmail still runs")

    def finish(self):
        self.close_input()
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            raise AssertionError("the program did not end") from None
        self.outlive()
        texts = []
        for file in (self.out, self.err):
            file.seek(0)
            texts.append(file.read().decode("latin-1"))
            file.close()
        return Result(self.process.returncode, *texts, *self.letter.world.logged(self.process.pid))


class Letter:
    """A mail. Its number is the fingerprint in its request: the broker's record then names it."""

    def __init__(self, world, number, sender, message_id, own_state):
        self.world, self.number = world, number
        self.sender = f"user{number}@example.net" if sender is None else sender
        self.fingerprint = f"{number:040X}"
        message_id = f"<m{number}@example.net>" if message_id is None else message_id
        self.text = (f"From: {self.sender}\nTo: snowflake@example.org\nSubject: offer\n"
                     f"Message-ID: {message_id}\n\n" + REQUEST.replace(BRIDGE, self.fingerprint))
        self.sent_directory = world.make("sent", number)
        self.state = world.make("state", number) if own_state else world.state
        self.conf = str(world.write_conf(number, self.state))

    def start(self, mode="ok", argv=(), env={}, prefix=(), **more):
        return Run(self, mode, argv, env, prefix, **more)

    def run(self, *args, **more):
        return self.start(*args, **more).finish()

    def asked(self):
        record = self.world.record
        return record.read_text().count(self.fingerprint) if record.exists() else 0

    def recipients(self):
        """The recipient of each mail that sendmail was started with."""
        path = self.sent_directory / "argv"
        lines = path.read_text().splitlines() if path.exists() else []
        return [json.loads(line)[-1] for line in lines]

    def expect_whole_replies(self):
        """Sendmail takes what it is given for a whole mail, and so it must be one."""
        lost = error("the answer was lost")
        for reply in self.replies():
            body = email.message_from_string(reply).get_payload(decode=True).strip()
            json, _, words = body.partition(b"\n\n")
            expect_that((json in (CONTENT["answer"], CONTENT["big"]) and words.endswith(b"UTC.")) or
                        (body.startswith(lost) and body.endswith(b"Make a new offer and send it.")),
                        f"sendmail took {len(reply)} octets for a whole mail")

    def replies(self):
        return [path.read_text() for path in sorted(self.sent_directory.glob("*.eml"))]


class World:
    """A directory for the program, its sendmail, settings, state and log; and a broker.

    `behaviours` are the broker's, `conf` is added to the settings.
    """

    def __init__(self, *behaviours, conf=""):
        self.directory = pathlib.Path(tempfile.mkdtemp())
        self.directory.chmod(0o755)
        # Copies that another user can run, too.
        self.program = str(shutil.copy(options.program, self.directory))
        self.sendmail = shutil.copy(TESTS / "sendmail", self.directory)
        self.state = self.make("state", "shared")
        self.log = self.directory / "log"
        self.log.touch()
        self.log.chmod(0o666)
        self.record = self.directory / "record"
        self.broker = Broker(behaviours or ("answer",), self.record)
        self.broker.server.socket.listen(200)
        self.url = self.broker.url
        self.more_conf, self.count = conf, 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.broker.close()
        self.restore_rights()
        shutil.rmtree(self.directory)

    def restore_rights(self):
        """Those that a test took from its own user. Root needs none."""
        for path, directories, files in os.walk(self.directory):
            for name in directories + files:
                if not IS_ROOT and not os.path.islink(os.path.join(path, name)):
                    os.chmod(os.path.join(path, name), 0o700)

    def make(self, kind, name):
        path = self.directory / kind / str(name)
        path.mkdir(parents=True)
        path.chmod(0o777)
        return path

    def write_conf(self, name, state):
        path = self.directory / f"conf-{name}"
        path.write_text(f"[broker]\nurl = {self.url}\n[reply]\nsendmail = {self.sendmail}\n"
                        f"[log]\ntarget = {self.log}\n" +
                        (f"[state]\ndirectory = {state}\n" if state else "") + self.more_conf)
        return path

    def letter(self, sender=None, message_id=None, own_state=False):
        self.count += 1
        return Letter(self, self.count, sender, message_id, own_state)

    def at_once(self, letters, **more):
        """Starts a run for each, then ends all their mails; gives the results."""
        runs = [letter.start(closed=False, **more) for letter in letters]
        for run in runs:
            run.close_input()
        return [run.finish() for run in runs]

    def requests(self):
        lines = self.record.read_text().splitlines() if self.record.exists() else []
        return [json.loads(line) for line in lines]

    def logged(self, pid):
        """Outcome, reason and attempts of that process's last line."""
        line = rf" snowflake-mail\[{pid}\]: outcome=(\S+) reason=(\S+) attempts=(\d+)"
        found = re.findall(line, self.log.read_text())
        return (*found[-1][:2], int(found[-1][2])) if found else (None, None, None)


def need_mounts():
    """Skips the test if a command can't mount anything."""
    command = [*OWN_MOUNTS, "sh", "-c", "mount -t tmpfs tmpfs /mnt"]
    if not IS_ROOT or subprocess.run(command, stderr=subprocess.DEVNULL).returncode != 0:
        raise Skip("needs root and mounts")


def reasons(results):
    return dict(collections.Counter(result.reason for result in results))


def expect_result(result, status, reason, stderr_lines=0):
    expect("status and reason", (result.status, result.reason), (status, reason))
    expect("stdout", result.stdout, "")
    expect("lines on stderr", result.stderr.count("\n"), stderr_lines)


Stored = collections.namedtuple("Stored", "mails quotas pages")


def stored(state):
    """The rows of a store, from a copy: to open one is to change it."""
    with tempfile.TemporaryDirectory() as place:
        for name in ("state.db", "state.db-wal", "state.db-journal"):
            if (state / name).exists():
                shutil.copy(state / name, place)
        with contextlib.closing(sqlite3.connect(f"{place}/state.db")) as db:
            rows = [db.execute(f"SELECT {columns} ORDER BY 1").fetchall() for columns in (
                "number, mail, stage, reply, time FROM mails", "quota, arrival FROM quotas")]
            pages = db.execute("SELECT page_count FROM pragma_page_count").fetchone()[0]
            return Stored(*rows, pages)


def stage_in(state):
    """How far its first mail has come."""
    with contextlib.suppress(sqlite3.DatabaseError):  # there are no tables yet
        for row in stored(state).mails:
            return row[2]
    return "fresh"
