# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sandbox and the tasks in one process and one thread: no sockets, and time passes only where somebody waits.

What an experiment changes can be undone, so that hundreds of them start from the same state within seconds.
"""

from __future__ import annotations

import asyncio
import importlib
import itertools
import json
import re
from collections.abc import Coroutine, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from ansible.module_utils import basic
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.innergate.azure.plugins.module_utils._arm.cloud import Cloud
from ansible_collections.innergate.azure.plugins.module_utils._arm.connection import Authorized, Connection
from ansible_collections.innergate.azure.plugins.module_utils._arm.deadline import Deadline
from ansible_collections.innergate.azure.plugins.module_utils._arm.message import Answer, Request, Wire
from ansible_collections.innergate.azure.plugins.module_utils._arm.tokens import FileCache, Token, TokenCache
from ansible_collections.innergate.azure.plugins.module_utils._run.context import Context
from ansible_collections.innergate.azure.plugins.module_utils._run.task import Task
from innergate_sandbox.clock import ManualClock
from innergate_sandbox.testing import TestSandbox, sandbox

Result = TypeVar("Result")

# Without arguments of a module, ansible-core 2.19 and later find out where each warning comes from, at 0.1 s for each.
if getattr(basic, "_PARSED_MODULE_ARGS", None) is None:
    basic._PARSED_MODULE_ARGS = {}

MODULES = "ansible_collections.innergate.azure.plugins.modules"
#: Azure's durations are divided by it: forty minutes are forty seconds of a clock that nobody waits for.
SCALE = 60.0


#: Numbers that no two tasks share: this process remembers tokens by them, and another sandbox knows none of this one.
TOKENS = itertools.count()


class Undone(Exception):
    """Makes the store forget what an experiment wrote."""


class InProcess:
    """A sandbox without sockets. C(wire) is what tasks talk to; C(requests) what they sent, in order.

    C(warned) is what the last task warned of.
    """

    def __init__(self) -> None:
        self.clock = ManualClock(scale=SCALE)
        self.requests: list[Request] = []
        self.warned: list[str] = []
        self._loop = asyncio.new_event_loop()
        self._running = sandbox(clock=self.clock, group=False, throttling="off")
        self.it: TestSandbox = self._wait(self._running.__aenter__())
        self.it.settings.ports.setdefault("arm", 443)

    def close(self) -> None:
        self._wait(self._running.__aexit__(None, None, None))
        self._loop.close()

    def _wait(self, work: Coroutine[Any, Any, Result]) -> Result:
        return self._loop.run_until_complete(work)

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """One request of the subscription's owner; path: below the subscription."""
        return self._wait(self.it.call(method, f"/subscriptions/{self.it.subscription_id}{path}", body))

    def send(self, request: Request) -> Answer:
        """The Wire itself: the request goes through the sandbox's front door."""
        self.requests.append(request)
        parts = urlsplit(request.url)
        answer = self._wait(
            self.it.call(
                request.method, f"{parts.path}?{parts.query}", headers=dict(request.headers), raw=request.body or b""
            )
        )
        body = b"" if request.method == "HEAD" else answer.payload()
        return Answer(answer.status, {name.lower(): value for name, value in answer.headers.items()}, body)

    @contextmanager
    def undone(self) -> Iterator[None]:
        """Whatever happens inside has not happened afterwards; nests."""
        moment = self.clock.time()
        try:
            with self.it.store.transaction():
                yield
                raise Undone
        except Undone:
            self.clock.advance(moment - self.clock.time())

    def run(
        self,
        module: str,
        options: Mapping[str, Any],
        *,
        wire: Wire | None = None,
        check: bool = False,
        token_age: float = 600.0,
    ) -> dict[str, Any]:
        """The result of a module's task, as in the controller. C(token_age): seconds since its token was issued."""
        task: Task = importlib.import_module(f"{MODULES}.{module}").TASK
        specification = {name: dict(option) for name, option in task.argument_spec.options.items()}
        checked = ArgumentSpecValidator(specification, **task.argument_spec.rules()).validate(dict(options))
        assert not checked.error_messages, checked.error_messages
        seconds = float(checked.validated_parameters.get("wait_timeout") or 300)
        context = Context(
            checked.validated_parameters,
            check_mode=check,
            warn=self.warned.append,
            connection=self._connection(wire or self, token_age),
            deadline=Deadline(seconds, clock=self.clock.time, sleep=self.clock.advance),
        )
        self.requests.clear()
        self.warned.clear()
        return task.run(context)

    def _connection(self, wire: Wire, token_age: float) -> Connection:
        here = f"https://localhost:{self.it.settings.ports['arm']}"
        cloud = Cloud("Sandbox", here, here, here, public=False)
        cache = TokenCache(f"in process {next(TOKENS)}", FileCache(None), self._token, clock=self.clock.time)
        cache.get()
        self.clock.advance(token_age)
        return Connection(cloud, self.it.subscription_id, Authorized(wire, cache))

    def _token(self) -> Token:
        return Token(self.it.token(), int(self.clock.time()) + 86_000)

    def content(self) -> dict[str, Any]:
        """Everything that exists, by id, as far as a client can see and decide it."""
        rows = self.it.store.execute("SELECT id, body FROM entity ORDER BY seq")
        return {MADE_UP.sub("made-up", id.lower()): steady_document(body) for id, body in rows}


#: Names that Azure makes up.
MADE_UP = re.compile(r"\b[0-9a-f]{24}\b")
#: What differs between two ways to the same state: times, keys and tokens that Azure makes up.
VOLATILE = frozenset(
    {
        "etag",
        "systemdata",
        "createdatutc",
        "createddate",
        "registrationdate",
        "startdate",
        "outboundpublicipaddresses",
        "publicipaddresses",
        "resourceguid",
        "lastupdated",
        "laststatuschange",
        "timestamputc",
    }
)


@lru_cache(maxsize=10_000)
def steady_document(text: str) -> Any:
    """A document without what differs each time, which is not to be changed: most are the same in all experiments."""
    return steady(json.loads(text))


def steady(value: Any) -> Any:
    """The value without what differs each time; null is as good as absent."""
    if isinstance(value, dict):
        kept = {key: item for key, item in value.items() if key.lower() not in VOLATILE and item is not None}
        return {key: steady(item) for key, item in kept.items()}
    if isinstance(value, str):
        return MADE_UP.sub("made-up", value)
    return [steady(item) for item in value] if isinstance(value, list) else value


@contextmanager
def in_process() -> Iterator[InProcess]:
    """A running one."""
    running = InProcess()
    try:
        yield running
    finally:
        running.close()


def examples_folder() -> Path:
    """Where the environment of the examples is described."""
    return Path(__file__).resolve().parents[1] / "integration" / "examples"
