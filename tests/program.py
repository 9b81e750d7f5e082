"""What the runners that drive the program itself have in common: a world for it to run in, mails, and the list of tests."""
import argparse
import collections
import contextlib
import json
import os
import pathlib
import re
import runpy
import select
import shutil
import signal
import subprocess
import tempfile
import time

TESTS = pathlib.Path(__file__).resolve().parent
Broker = runpy.run_path(str(TESTS / "broker"))["Broker"]
REQUEST = (TESTS / "mail/default.mail").read_text().split("\n\n", 1)[1]
BRIDGE = "2B280B23E1107BB62ABFC40DDCC8824814F80A72"
NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
IS_ROOT = os.geteuid() == 0

tests = []  # sentence, function


class Skip(Exception):
    pass


def test(sentence):
    return lambda function: tests.append((sentence, function))


def expect(what, value, wanted):
    if value != wanted:
        raise AssertionError(f"{what}: {value}, not {wanted}")


def expect_that(condition, fault):
    if not condition:
        raise AssertionError(fault)


Result = collections.namedtuple("Result", "status stdout stderr outcome reason attempts")


class Run:
    """The program on one mail. It reads stdin from a pipe that finish() closes: until then it waits there."""

    def __init__(self, letter, mode, argv, env, prefix, closed=True, **options):
        self.letter = letter
        world = letter.world
        command = [*prefix, world.program, "-c", letter.conf, "-f", letter.sender, "-a", "snowflake@example.org", *argv]
        environment = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "HOME": str(world.directory), "LANG": "C", "SENDMAIL_DIR": str(letter.sent_directory),
                       "SENDMAIL_MODE": mode, "ASAN_OPTIONS": "detect_leaks=0"} | env
        # Everything that it starts holds the other end of this pipe.
        self.life, held = os.pipe()
        self.out, self.err = tempfile.TemporaryFile(), tempfile.TemporaryFile()
        self.process = subprocess.Popen(command, env=environment, cwd="/", stdin=subprocess.PIPE, stdout=self.out, stderr=self.err,
                                        pass_fds=[held], start_new_session=True, **options)
        os.close(held)
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.write(letter.text.encode())
            self.process.stdin.flush()
        if closed:
            self.close_input()

    def close_input(self):
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.close_input()

    def outlive(self, seconds=20):
        """Until the sendmail that it may have left behind has ended too."""
        ended = select.select([self.life], [], [], seconds)[0]
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
    """A mail. Its number is the fingerprint in its request, so that the broker's record tells which mail asked."""

    def __init__(self, world, number, sender, message_id, own_state):
        self.world, self.number = world, number
        self.sender = f"user{number}@example.net" if sender is None else sender
        self.fingerprint = f"{number:040X}"
        message_id = f"<m{number}@example.net>" if message_id is None else message_id
        self.text = (f"From: {self.sender}\nTo: snowflake@example.org\nSubject: offer\nMessage-ID: {message_id}\n\n" +
                     REQUEST.replace(BRIDGE, self.fingerprint))
        self.sent_directory = world.make("sent", number)
        self.state = world.make("state", number) if own_state else world.state
        self.conf = str(world.write_conf(number, self.state))

    def start(self, mode="ok", argv=(), env={}, prefix=(), **options):
        return Run(self, mode, argv, env, prefix, **options)

    def run(self, *args, **options):
        return self.start(*args, **options).finish()

    def asked(self):
        record = self.world.record
        return record.read_text().count(self.fingerprint) if record.exists() else 0

    def recipients(self):
        """Of the mails that sendmail was started with."""
        path = self.sent_directory / "argv"
        return [json.loads(line)[-1] for line in path.read_text().splitlines()] if path.exists() else []

    def replies(self):
        return [path.read_text() for path in sorted(self.sent_directory.glob("*.eml"))]


class World:
    def __init__(self, program, *behaviours, conf=""):
        self.directory = pathlib.Path(tempfile.mkdtemp())
        self.directory.chmod(0o755)
        self.program = str(shutil.copy(program, self.directory))  # where another user can run it too
        self.sendmail = shutil.copy(TESTS / "sendmail", self.directory)
        self.state = self.make("state", "shared")
        self.log = self.directory / "log"
        self.log.touch()
        self.log.chmod(0o666)
        self.record = self.directory / "record"
        self.broker = Broker(behaviours or ("answer",), self.record)
        self.broker.server.socket.listen(200)
        self.more_conf, self.count = conf, 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.broker.close()
        shutil.rmtree(self.directory)

    def make(self, kind, name):
        path = self.directory / kind / str(name)
        path.mkdir(parents=True)
        path.chmod(0o777)
        return path

    def write_conf(self, name, state):
        path = self.directory / f"conf-{name}"
        path.write_text(f"[broker]\nurl = {self.broker.url}\n[reply]\nsendmail = {self.sendmail}\n[log]\ntarget = {self.log}\n" +
                        (f"[state]\ndirectory = {state}\n" if state else "") + self.more_conf)
        return path

    def letter(self, sender=None, message_id=None, own_state=False):
        self.count += 1
        return Letter(self, self.count, sender, message_id, own_state)

    def at_once(self, letters, **options):
        """They all wait for the end of their mail, which then comes to all."""
        runs = [letter.start(closed=False, **options) for letter in letters]
        for run in runs:
            run.close_input()
        return [run.finish() for run in runs]

    def requests(self):
        return [json.loads(line) for line in self.record.read_text().splitlines()] if self.record.exists() else []

    def logged(self, pid):
        found = re.findall(rf" snowflake-mail\[{pid}\]: outcome=(\S+) reason=(\S+) attempts=(\d+)", self.log.read_text())
        return (*found[-1][:2], int(found[-1][2])) if found else (None, None, None)


def wait_until(condition, what, seconds=20):
    end = time.monotonic() + seconds
    while not condition():
        expect_that(time.monotonic() < end, f"not within {seconds} s: {what}")
        time.sleep(0.005)


def reasons(results):
    return dict(collections.Counter(result.reason for result in results))


def expect_result(result, status, reason, stderr_lines=0):
    expect("status and reason", (result.status, result.reason), (status, reason))
    expect("stdout", result.stdout, "")
    expect("lines on stderr", result.stderr.count("\n"), stderr_lines)


def main(description):
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=TESTS.parent / "snowflake-mail", type=pathlib.Path)
    parser.add_argument("pattern", nargs="?", default="")
    options = parser.parse_args()
    counts = collections.Counter()
    for sentence, function in tests:
        if not re.search(options.pattern, sentence):
            continue
        try:
            figure = function(options.program.resolve())
            outcome, line = "passed", f"ok - {sentence}" + (f"\n# {figure}" if figure else "")
        except Skip as reason:
            outcome, line = "skipped", f"skip - {sentence}: {reason}"
        except Exception as fault:  # one test's must not end the others
            outcome, line = "failed", f"not ok - {sentence}: {fault if isinstance(fault, AssertionError) else repr(fault)}"
        counts[outcome] += 1
        print(line, flush=True)
    print(f"{counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped")
    return counts["failed"] > 0
