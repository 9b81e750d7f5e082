"""What all parts of the tests share: the list of tests, their words, and the summary.

A part is a program tests/run-NAME. It registers functions with @test("sentence") and ends with
main(), which runs them in that order and prints a line for each:

    ok - SENTENCE         (`ok - SENTENCE: FIGURE` if the function returned something)
    not ok - SENTENCE: FAULT
    skip - SENTENCE: REASON

The last line is `N passed, N failed, N skipped`; tests/run adds these lines up.
"""
import argparse
import collections
import concurrent.futures
import os
import pathlib
import re
import sys
import time

TESTS = pathlib.Path(__file__).resolve().parent
TREE = TESTS.parent
IS_ROOT = os.geteuid() == 0

tests = []  # sentence, function
parser = argparse.ArgumentParser(formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--program", type=lambda name: pathlib.Path(name).resolve(),
                    default=TREE / "snowflake-mail", help="the snowflake-mail to be tested")
parser.set_defaults(jobs=1)  # how many tests run at the same time
options = argparse.Namespace()  # filled in by parse()


class Skip(Exception):
    """Raised by a test that can't run here; its text says why."""


def test(sentence):
    """Registers the function as the test of that sentence."""
    def register(function):
        tests.append((sentence, function))
        return function
    return register


def expect(what, value, wanted):
    if value != wanted:
        raise AssertionError(f"{what}: {value}, not {wanted}")


def expect_that(condition, fault):
    if not condition:
        raise AssertionError(fault)


def wait_until(condition, fault, seconds=20):
    """Gives what condition() gives, as soon as that is true."""
    end = time.monotonic() + seconds
    while not (value := condition()):
        expect_that(time.monotonic() < end, f"{fault} after {seconds} s")
        time.sleep(0.005)
    return value


def parse(patterns=True):
    """Reads the command line into `options`. A part that adds options calls it before main()."""
    if not vars(options):
        parser.description = sys.modules["__main__"].__doc__
        if patterns:
            parser.add_argument("patterns", metavar="PATTERN", nargs="*",
                                help="a regular expression: runs the tests with such sentences")
        parser.parse_args(namespace=options)
    return options


def is_instrumented():
    """Whether the program has sanitizers in it: then most of its memory is theirs."""
    with open(options.program, "rb") as file:
        return any(b"__asan_init" in line for line in file)


def run(function):
    """The outcome of a test, and the figure, fault or reason behind its sentence."""
    try:
        return "passed", function()
    except Skip as reason:
        return "skipped", reason
    except Exception as fault:  # a fault of the test itself is a failed test, too
        text = str(fault) if isinstance(fault, AssertionError) else repr(fault)
        return "failed", " ".join(text.split())


def main(first_sets_up=False, at_end=lambda: None):
    """Runs the chosen tests, then at_end(), and ends the process.

    With `first_sets_up` the others don't run if the first one fails.
    """
    patterns = vars(parse()).get("patterns")
    chosen = [(sentence, function) for sentence, function in tests
              if not patterns or any(re.search(pattern, sentence) for pattern in patterns)]
    words, counts = {"passed": "ok", "failed": "not ok", "skipped": "skip"}, collections.Counter()
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        run_all = map if options.jobs == 1 else pool.map
        for (sentence, _), (outcome, text) in zip(chosen, run_all(run, (f for _, f in chosen))):
            counts[outcome] += 1
            print(f"{words[outcome]} - {sentence}" + (f": {text}" if text else ""), flush=True)
            if first_sets_up and not counts["passed"]:
                break
    at_end()
    print(f"{counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped")
    sys.exit(counts["failed"] > 0)
