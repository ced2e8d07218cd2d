# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plugin of pytest that tries changes of the code instead of running the tests once.

The tests are collected once. A first child runs them all as they are, and notes which test runs which line, and how
long it takes; if one fails there, nothing is tried. Then, for each change, a child of the collected state exchanges the
code of one function and runs the tests that run the changed line, the likeliest and shortest first, until one fails.
What those children say by their exit code is the outcome:

C(noticed): a test failed. C(endless): the processor's time of a child was over (wall time means nothing on a busy
machine). C(crashed): Python itself fell. C(missed): no test failed. C(untested): no test runs the line. C(unfit): the
change cannot be put in place. The first three count as noticed.

Whatever else happens, the run is broken, and its last line is missing from the results: C({"done": ...}). At the end a
child without any change runs all tests that noticed one; if one fails, their failures prove nothing, and that is the
same as a broken run.

C(MUTATION_CHANGES) is the file with the changes, as C(mutation_changes.py) writes it; C(MUTATION_RESULTS) the file for
the outcomes, one JSON object in a line; C(MUTATION_JOBS) the number of children at a time; C(MUTATION_BUDGET) how many
seconds of tests a change is worth; C(MUTATION_GRACE) how many seconds a child gets beside a multiple of those.
"""

from __future__ import annotations

import ast
import contextlib
import gc
import importlib
import json
import math
import os
import resource
import signal
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

#: Exit codes of a child. pytest and Python use small ones, a crash gives a signal.
MISSED, NOTICED, UNFIT = 40, 41, 42
#: A child gets this multiple of the processor's time that its tests took before, and C(MUTATION_GRACE) seconds.
TIMES = 5
#: Seconds until a child that does nothing at all is ended; it then counts as missed.
STUCK = 900
MEMORY = 4 << 30
#: Calls of one function in one test that are looked at: what it runs only later is not counted as run by the test.
ENOUGH = 1000
Change = dict[str, Any]


class Broken(Exception):
    """The run says nothing about the tests."""


@pytest.hookimpl(tryfirst=True)
def pytest_configure() -> None:
    """Let hypothesis try the same examples each time, without a limit of time that a busy machine could break."""
    with contextlib.suppress(ModuleNotFoundError):
        from hypothesis import Phase, settings

        phases = (Phase.explicit, Phase.generate)
        settings.register_profile("mutation", derandomize=True, deadline=None, database=None, phases=phases)
        settings.load_profile("mutation")


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool:
    """Try the changes with the collected tests."""
    if session.testsfailed or not session.items:
        raise session.Failed("the tests could not be collected")
    changes = json.loads(Path(os.environ["MUTATION_CHANGES"]).read_text(encoding="utf-8"))
    with Path(os.environ["MUTATION_RESULTS"]).open("w", encoding="utf-8") as file:

        def tell(**entry: Any) -> None:
            print(json.dumps(entry), file=file, flush=True)

        try:
            Trial(session.items, tell).run(changes)
        except Broken as error:
            tell(broken=str(error))
            raise session.Failed(str(error)) from error
        tell(done=len(changes))
    return True


class Watch:
    """Which lines of some files run, by sys.settrace."""

    def __init__(self, files: Iterable[str]) -> None:
        self.files = set(files)
        self.known: dict[CodeType, str] = {}
        self.calls: dict[CodeType, int] = {}
        self.seen: set[tuple[str, int]] = set()

    def call(self, frame: FrameType, event: str, arg: object) -> Callable[..., Any] | None:
        """A function begins."""
        calls = self.calls[frame.f_code] = self.calls.get(frame.f_code, 0) + 1
        if calls > ENOUGH:
            return None
        name = self.known.get(frame.f_code)
        if name is None:
            real = os.path.realpath(frame.f_code.co_filename)
            name = self.known[frame.f_code] = real if real in self.files else ""
        if not name:
            return None

        def line(frame: FrameType, event: str, arg: object) -> Any:
            self.seen.add((name, frame.f_lineno))
            return line

        return line

    def during(self, work: Callable[[], bool]) -> tuple[bool, list[tuple[str, int]]]:
        """Do the work; returns what it returns, and the lines that ran."""
        self.seen, self.calls = set(), {}
        sys.settrace(self.call)
        try:
            result = work()
        finally:
            sys.settrace(None)
        return result, sorted(self.seen)


def passes(item: pytest.Item, following: pytest.Item | None) -> bool:
    """Run a test; whether it passed (a skipped one has not failed)."""
    return not any(report.failed for report in runtestprotocol(item, log=False, nextitem=following))


def value(expression: ast.expr, before: Any) -> Any:
    """The value of a parameter's default. One that is no literal is not changed by mutmut, so it is as before."""
    try:
        return ast.literal_eval(expression)
    except ValueError:
        return before


def exchange(change: Change) -> None:
    """Put the code of the change into the function, wherever that has been imported to."""
    tree = ast.parse("from __future__ import annotations\n" + change["code"])
    names = change["function"].split(".")
    module = importlib.import_module(change["module"])
    code: CodeType = compile(tree, change["path"], "exec")
    node: Any = tree
    owner: Any = module
    for name in names:
        code = next(part for part in code.co_consts if isinstance(part, CodeType) and part.co_name == name)
        node = next(part for part in node.body if getattr(part, "name", None) == name)
        found = vars(owner)[name]
        owner = getattr(found, "__func__", found)
    owner.__defaults__ = tuple(map(value, node.args.defaults, owner.__defaults__ or ())) or None
    keywords = [each.arg for each, default in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True) if default]
    expressions = [default for default in node.args.kw_defaults if default]
    before = owner.__kwdefaults__ or {}
    owner.__kwdefaults__ = {
        name: value(expression, before[name]) for name, expression in zip(keywords, expressions, strict=True)
    } or None
    owner.__code__ = code


class Trial:
    """Tries changes with collected tests; C(tell) is called with the outcome of each."""

    def __init__(self, items: Sequence[pytest.Item], tell: Callable[..., None]) -> None:
        self.items = items
        self.tell = tell
        self.jobs = int(os.environ.get("MUTATION_JOBS", "1"))
        self.budget = float(os.environ.get("MUTATION_BUDGET", "4"))
        self.grace = float(os.environ.get("MUTATION_GRACE", "5"))
        self.costs: list[float] = []
        self.runners: dict[tuple[str, int], set[int]] = defaultdict(set)
        self.noticing: dict[str, Counter[int]] = defaultdict(Counter)

    def run(self, changes: Sequence[Change]) -> None:
        """Try them all. Broken if the tests fail by themselves, or a child does what none should do."""
        gc.collect()
        gc.freeze()
        began = time.monotonic()
        self.measure({change["path"] for change in changes})
        self.say(
            f"{len(self.items)} tests, {sum(self.costs):.0f} s with the trace, {time.monotonic() - began:.0f} s in all"
        )
        running: dict[int, tuple[Change, list[int], bool, int]] = {}
        done = 0
        for change in [*changes, None]:
            while running and (change is None or len(running) >= self.jobs):
                pid, status, _usage = os.wait4(-1, 0)
                self.judge(*running.pop(pid), status)
                done += 1
                if done % 100 == 0:
                    self.say(f"{done} of {len(changes)} tried, {time.monotonic() - began:.0f} s")
            if change is None:
                break
            tests, complete = self.choose(change)
            if not tests:
                self.tell(id=change["id"], outcome="untested")
                done += 1
                continue
            pid, reader = self.child(change, tests)
            running[pid] = (change, tests, complete, reader)
        self.control()

    def say(self, text: str) -> None:
        """Show how far it is, beside pytest's own output."""
        os.write(2, f"mutation: {text}\n".encode())

    def measure(self, files: set[str]) -> None:
        """Run all tests as they are in a child, and learn which lines each runs, and how long it takes."""
        reader, writer = os.pipe()
        pid = os.fork()
        if not pid:
            os.close(reader)
            os._exit(self.report(writer, files))
        os.close(writer)
        with os.fdopen(reader, encoding="utf-8") as stream:
            said = stream.read()
        status = os.waitpid(pid, 0)[1]
        if status or not said:
            raise Broken(f"the tests could not be run as they are (status {status})")
        for number, entry in enumerate(json.loads(said)):
            if not entry["passed"]:
                raise Broken(f"{self.items[number].nodeid} fails without any change")
            self.costs.append(entry["cost"])
            for path, line in entry["lines"]:
                self.runners[path, line].add(number)

    def report(self, writer: int, files: set[str]) -> int:
        """In the child: run the tests, write what came of them to the pipe; returns the exit code."""
        watch, entries = Watch(files), []
        for number, item in enumerate(self.items):
            following = self.items[number + 1] if number + 1 < len(self.items) else None
            began = time.process_time()
            passed, lines = watch.during(partial(passes, item, following))
            entries.append({"passed": passed, "cost": time.process_time() - began, "lines": lines})
        with os.fdopen(writer, "w", encoding="utf-8") as stream:
            json.dump(entries, stream)
        return 0

    def choose(self, change: Change) -> tuple[list[int], bool]:
        """The numbers of the tests for a change, in their order; and whether these are all that run its lines."""
        first, last = change["lines"]
        found = {number for line in range(first, last + 1) for number in self.runners.get((change["path"], line), ())}
        noticed = self.noticing[change["path"] + change["function"]]
        tests: list[int] = []
        total = 0.0
        for number in sorted(found, key=lambda number: (-noticed[number], self.costs[number])):
            total += self.costs[number]
            if tests and total > self.budget:
                return tests, False
            tests.append(number)
        return tests, True

    def child(self, change: Change | None, tests: Sequence[int]) -> tuple[int, int]:
        """Begin a child; returns its number, and where it writes which test failed."""
        reader, writer = os.pipe()
        pid = os.fork()
        if not pid:
            code = 1
            try:
                code = self.attempt(change, tests, writer)
            finally:
                os._exit(code)
        os.close(writer)
        return pid, reader

    def attempt(self, change: Change | None, tests: Sequence[int], writer: int) -> int:
        """In the child: put the change in place and run the tests until one fails; returns the exit code."""
        seconds = math.ceil(self.grace + TIMES * sum(self.costs[number] for number in tests))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + MEMORY,) * 2)
        signal.alarm(STUCK)
        if change is not None:
            try:
                exchange(change)
            except ValueError:  # the change uses other variables of an outer scope
                return UNFIT
        items = [self.items[number] for number in tests]
        for number, item, following in zip(tests, items, [*items[1:], None], strict=True):
            if not passes(item, following):
                os.write(writer, str(number).encode())
                return NOTICED
        return MISSED

    def judge(self, change: Change, tests: Sequence[int], complete: bool, reader: int, status: int) -> None:
        """Tell the outcome of a child."""
        with os.fdopen(reader, encoding="ascii") as stream:
            number = stream.read()
        killed = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
        code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else 0
        entry: dict[str, Any] = {"id": change["id"]}
        if code == NOTICED:
            self.noticing[change["path"] + change["function"]][int(number)] += 1
            entry |= {"outcome": "noticed", "by": self.items[int(number)].nodeid}
        elif code == MISSED or killed == signal.SIGALRM:
            entry |= {"outcome": "missed", "tests": len(tests), "complete": complete}
        elif code == UNFIT:
            entry["outcome"] = "unfit"
        elif killed == signal.SIGXCPU:
            entry["outcome"] = "endless"
        elif killed in {signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGFPE}:
            entry["outcome"] = "crashed"
        else:
            raise Broken(f"{change['id']}: a child ended with exit code {code}, signal {killed}")
        self.tell(**entry)

    def control(self) -> None:
        """Without any change, the tests that noticed one must pass, if there are any."""
        tests = sorted({number for counted in self.noticing.values() for number in counted})
        if not tests:
            return
        pid, reader = self.child(None, tests)
        with os.fdopen(reader, encoding="ascii") as stream:
            number = stream.read()
        if number:
            raise Broken(f"{self.items[int(number)].nodeid} fails without any change in the end")
        status = os.waitpid(pid, 0)[1]
        if not (os.WIFEXITED(status) and os.WEXITSTATUS(status) == MISSED):
            raise Broken(f"the tests could not be run as they are in the end (status {status})")
