"""What the benchmarks share: a command that is run and measured, and how a figure is printed: beside
its goal, with its spread."""
import os
import statistics
import subprocess
import sys
import tempfile
import time

HEAD = f"{'':56} {'goal':>9} median (10 % to 90 %)     medians of both"
SPAM = "From: a@b.example\nSubject: x\nContent-Type: text/html\n\n" + "".join(
    f"<p style='color:red'>Offer {i}: buy <a href='http://b.example/{i}'>this</a> today</p>\n"
    for i in range(240))


class Command:
    """One command, the mail that it reads, and what its runs took: wall and CPU seconds."""

    def __init__(self, argv, text, env=None):
        self.argv, self.env = [str(word) for word in argv], env
        self.text = text if isinstance(text, bytes) else text.encode()
        self.input = tempfile.TemporaryFile()
        self.walls, self.cpus, self.memory = [], [], 0

    def run(self):
        # Never the same mail twice: it would be ignored.
        self.input.seek(0)
        self.input.truncate()
        self.input.write(self.text.replace(b"<m1@", b"<m%d@" % len(self.walls)))
        self.input.flush()
        self.input.seek(0)
        start = time.perf_counter()
        process = subprocess.Popen(self.argv, stdin=self.input, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.PIPE, env=self.env)
        _, status, usage = os.wait4(process.pid, 0)
        self.walls.append(time.perf_counter() - start)
        self.cpus.append(usage.ru_utime + usage.ru_stime)
        self.memory = max(self.memory, usage.ru_maxrss * 1024)
        process.returncode = os.waitstatus_to_exitcode(status)
        said = process.stderr.read().decode()
        process.stderr.close()
        if process.returncode != 0:
            sys.exit(f"{self.argv[0]} ended with {process.returncode}: {said}")


def by_turns(commands, rounds):
    for _ in range(rounds):
        for command in commands:
            command.run()


def ratio(ours, others):
    """The median of the ratios of each turn, and their spread, as text."""
    ratios = sorted(a / b for a, b in zip(ours, others))
    low, high = ratios[len(ratios) // 10], ratios[-1 - len(ratios) // 10]
    return f"{statistics.median(ratios):5.2f} ({low:.2f} to {high:.2f})"


def row(what, goal, figure, *columns, unit="ms"):
    """`columns` are seconds, or what else has that unit."""
    factor = 1000 if unit == "ms" else 1
    medians = " : ".join(f"{factor * statistics.median(column):.1f} {unit}" for column in columns)
    print(f"{what:56} {goal:>9} {figure:24} {medians}", flush=True)
