# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The task of apim_gateway_probe."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._engine.links import masked
from ansible_collections.innergate.azure.plugins.module_utils._gateway import connection, expectation, probe
from ansible_collections.innergate.azure.plugins.module_utils._gateway.confidential import secrets
from ansible_collections.innergate.azure.plugins.module_utils._gateway.connection import CallError, Target
from ansible_collections.innergate.azure.plugins.module_utils._run.context import Context
from ansible_collections.innergate.azure.plugins.module_utils._run.refuse import refuse

NOTHING: dict[str, Any] = {
    "ok": None,
    "status": None,
    "body": None,
    "retry_after": None,
    "count": 0,
    "elapsed": 0.0,
    "calls": [],
}

#: What numbers can be. A socket takes no longer timeout than some 24 days (poll(2): milliseconds in 31 bits).
_RANGES = {
    "timeout": (0.001, 2_000_000),
    "wait_timeout": (0, 2_000_000),
    "delay": (0, 2_000_000),
    "successes": (1, 1_000_000),
    "max_calls": (0, 1_000_000),
}


def execute(context: Context) -> dict[str, Any]:
    """Call, and fail with one message if the answers are not as expected."""
    params = context.params
    target, url = _target(params, context.environ), masked(params["url"])
    expected = expectation.Expectation(
        status=tuple(params["status"]),
        body=params["body_regex"] or "",
        headers={name: "" if pattern is None else str(pattern) for name, pattern in params["response_headers"].items()},
        values=params["json"],
    )
    wrong = connection.check(target) or expectation.check(expected)
    wrong = wrong or _out_of_range(params)
    if wrong:
        raise refuse("InvalidOptions", f"{wrong}.", target=url)
    if context.check_mode and not params["run_in_check_mode"]:
        return {**NOTHING, "url": url}
    if params["expect"] == "unreachable":
        return _unreachable(target)
    asked = probe.Probe(
        target=target,
        expectation=expected,
        method=params["method"].upper(),
        headers={name: str(value) for name, value in params["headers"].items() if value is not None},
        body=None if params["body"] is None else params["body"].encode(),
        key=params["subscription_key"] or "",
        key_name=params["subscription_key_name"],
        key_in_query=params["subscription_key_in"] == "query",
        secrets=frozenset(secrets(params)),
        successes=params["successes"],
        max_calls=params["max_calls"],
        wait_timeout=float(params["wait_timeout"]),
        delay=params["delay"],
    )
    outcome = probe.run(asked, progress=context.progress)
    last = outcome.calls[-1]
    result = {
        "ok": not outcome.problem,
        "url": url,
        "status": last["status"],
        "body": last["body"],
        "retry_after": last["retry_after"],
        "count": outcome.count,
        "elapsed": round(outcome.elapsed, 3),
        "calls": outcome.calls,
    }
    if outcome.problem:
        calls = f"{outcome.count} call{'s' if outcome.count > 1 else ''} in {outcome.elapsed:.1f} s"
        text = f"{asked.method} {url}: {outcome.problem.rstrip('.')} ({calls})."
        if outcome.advice:
            text += f" {outcome.advice[0].upper()}{outcome.advice[1:]}."
        raise refuse("UnexpectedAnswer", text, target=url, **result)
    return result


def _out_of_range(params: Mapping[str, Any]) -> str:
    """Which number can't be meant; empty if all can."""
    for name, (least, most) in _RANGES.items():
        if not least <= params[name] <= most:
            return f"{name} has to be from {least:g} to {most:g}, not {params[name]:g}"
    for status in params["status"]:
        if not 100 <= status <= 599:
            return f"status {status} is none of HTTP"
    if 0 < params["max_calls"] < params["successes"]:
        return f"max_calls ({params['max_calls']}) is less than successes ({params['successes']})"
    return ""


def _target(params: Mapping[str, Any], environ: Mapping[str, str]) -> Target:
    bundle = params["ca_path"] or environ.get("SSL_CERT_FILE") or environ.get("REQUESTS_CA_BUNDLE") or ""
    return Target(
        url=params["url"],
        connect_to=params["connect_to"] or "",
        host=params["host"] or "",
        proxy=params["proxy"] or "",
        ca_path=bundle,
        validate_certs=params["validate_certs"],
        timeout=params["timeout"],
    )


def _unreachable(target: Target) -> dict[str, Any]:
    url = masked(target.url)
    try:
        proven, evidence = probe.unreachable(target)
    except CallError as error:
        raise refuse("ProxyUnreachable", f"{url}: nothing is proven, for {error}.", target=url) from None
    result = {**NOTHING, "ok": proven, "url": url, "count": 1, "evidence": evidence}
    if not proven:
        raise refuse(
            "Reachable",
            f"{url} must not be reachable from here, but {evidence}. Check the public addresses of the service, "
            "its load balancer and the peerings of the network.",
            target=url,
            **result,
        )
    return result
