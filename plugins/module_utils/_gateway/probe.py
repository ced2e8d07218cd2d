# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Calls an API through the gateway until the answers are as expected, for changes reach gateways with some delay."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from ansible_collections.innergate.azure.plugins.module_utils._engine.links import STARS as HIDDEN
from ansible_collections.innergate.azure.plugins.module_utils._engine.links import masked
from ansible_collections.innergate.azure.plugins.module_utils._gateway import expectation as expectations
from ansible_collections.innergate.azure.plugins.module_utils._gateway.connection import (
    Answer,
    CallError,
    ProxyAbsent,
    Target,
    TunnelRefused,
    call,
    connect,
)
from ansible_collections.innergate.azure.plugins.module_utils._gateway.expectation import Expectation

EXCERPT = 500  # characters of a body in a result
KEPT = 10  # calls in a result; of more, the first and the last ones are kept


@dataclass(frozen=True)
class Probe:
    """What to call and how long to try. C(delay) and C(wait_timeout) in seconds; C(max_calls) 0 = no limit."""

    target: Target
    expectation: Expectation = field(default_factory=Expectation)
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    key: str = field(default="", repr=False)
    key_name: str = "Ocp-Apim-Subscription-Key"
    key_in_query: bool = False
    secrets: frozenset[str] = field(default=frozenset(), repr=False)  # what else is not to be repeated
    successes: int = 1  # how many answers in a row must fit
    max_calls: int = 0
    wait_timeout: float = 120.0
    delay: float = 2.0


@dataclass
class Outcome:
    """How it went. C(problem) is empty when all is as expected; C(advice) may be."""

    calls: list[dict[str, Any]] = field(default_factory=list)
    count: int = 0
    successes: int = 0
    elapsed: float = 0.0
    problem: str = ""
    advice: str = ""


def run(
    probe: Probe,
    *,
    make: Callable[..., Answer] = call,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
    progress: Callable[[str], None] = lambda text: None,
) -> Outcome:
    """Call until as many answers in a row as wanted fit, or calls or time are used up."""
    outcome, begin = Outcome(), clock()
    while True:
        answer, problem, final = _once(probe, make, outcome)
        outcome.elapsed = clock() - begin
        if not problem:
            outcome.successes += 1
            if outcome.successes >= probe.successes:
                outcome.problem = outcome.advice = ""
                return outcome
            continue
        outcome.successes = 0
        if problem != outcome.problem:
            progress(f"{probe.method} {masked(probe.target.url)}: {problem}")
        outcome.problem, outcome.advice = problem, expectations.advice(answer) if answer else ""
        if final or outcome.count == probe.max_calls or outcome.elapsed + probe.delay > probe.wait_timeout:
            return outcome
        sleep(probe.delay)


def unreachable(target: Target, *, make: Callable[..., Any] = connect) -> tuple[bool, str]:
    """Whether nothing listens at the target's address for a caller from here (or from where the proxy is), and why.

    Raises CallError when that could not be found out: the proxy itself is not there.
    """
    where = f"{target.address[0]}:{target.address[1]}"
    try:
        # A bare connection is enough: whoever takes it, has been reached.
        make(Target(f"http://{where}", proxy=target.proxy, timeout=target.timeout), tunnel=True).close()
    except TunnelRefused as error:
        return True, str(error)
    except CallError as error:
        if error.kind == "proxy":
            raise
        return True, str(error)
    return False, f"{where} takes connections{' from the proxy' if target.proxy else ''}"


def _once(probe: Probe, make: Callable[..., Answer], outcome: Outcome) -> tuple[Answer | None, str, bool]:
    """Make one call and note it: the answer, how it differs, and whether trying again is useless."""
    headers, path = dict(probe.headers), ""
    if probe.key and probe.key_in_query:
        parts = probe.target.parts
        query = "&".join(item for item in (parts.query, f"{probe.key_name}={quote(probe.key, safe='')}") if item)
        path = f"{parts.path or '/'}?{query}"
    elif probe.key:
        headers[probe.key_name] = probe.key
    outcome.count += 1
    try:
        answer = make(probe.target, probe.method, headers, probe.body, path)
    except CallError as error:
        _note(outcome, {"status": None, "error": _hide(str(error), probe)})
        # A certificate that is not trusted, a proxy that says no and a bad request do not change by themselves.
        final = error.kind in ("certificate", "request") or isinstance(error, (ProxyAbsent, TunnelRefused))
        return None, _hide(str(error), probe), final
    excerpt = _hide(answer.body.decode("utf-8", "replace"), probe)[:EXCERPT]
    retry_after = answer.headers.get("retry-after", "")
    _note(
        outcome,
        {
            "status": answer.status,
            "retry_after": int(retry_after) if retry_after.isdigit() else None,
            "elapsed": round(answer.elapsed, 3),
            "body": excerpt,
            "error": None,
        },
    )
    differs = expectations.differs(probe.expectation, answer)
    said = f": {' '.join(excerpt.split())[:200]}" if differs and excerpt.strip() else ""
    return answer, _hide(differs, probe) + said, False


def _note(outcome: Outcome, entry: dict[str, Any]) -> None:
    outcome.calls.append({"retry_after": None, "elapsed": None, "body": None, **entry})
    if len(outcome.calls) > KEPT:
        del outcome.calls[KEPT // 2]


def _hide(text: str, probe: Probe) -> str:
    """The text without what is secret: services that echo their requests answer it."""
    for secret in sorted({probe.key, *probe.secrets} - {""}, key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    return text
