# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""rewrite-uri and set-query-parameter."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, quote

from innergate_sandbox.gateway.exchange import Exchange
from innergate_sandbox.gateway.messages import Pairs, encode
from innergate_sandbox.gateway.pipeline.node import Node
from innergate_sandbox.gateway.pipeline.program import Action

_PARAMETER = re.compile(r"\{\*?([^{}]*)\}")
_SAFE = "-._~!$&'()*+,;=:@"


def _rewrite(node: Node) -> Action:
    template = node.require("template")
    copies = node.value("copy-unmatched-params", "true")

    async def run(x: Exchange) -> None:
        wanted, values = await template.text(x), x.request.parameters
        path, dummy, query = wanted.partition("?")
        own = x.operation.template.text if x.operation else ""
        path = _PARAMETER.sub(lambda found: _encoded(values.get(found[1], ""), f"{{*{found[1]}}}" in own), path)
        pairs: Pairs = [
            (name, _PARAMETER.sub(lambda found: values.get(found[1], ""), value))
            for name, value in parse_qsl(query, keep_blank_values=True)
        ]
        if await copies.flag(x):
            known = x.operation.template.query_names if x.operation else frozenset()
            pairs += [(name, value) for name, value in x.request.pairs() if name.lower() not in known]
        x.request.rest = path if path.startswith("/") else f"/{path}"
        x.request.query = encode(pairs)

    return run


def _encoded(value: str, rest: bool) -> str:
    """Return a parameter's value for a path; the slashes of one that took the rest of the path stay."""
    return quote(value, safe=_SAFE + "/" if rest else _SAFE)


def _query_parameter(node: Node) -> Action:
    name = node.require("name")
    action = node.choice("exists-action", "override", "override", "skip", "append", "delete")
    values = [child.text for child in node.children("value")]

    async def run(x: Exchange) -> None:
        wanted = await name.text(x)
        pairs = x.request.pairs()
        present = any(key.lower() == wanted.lower() for key, dummy in pairs)
        if action == "skip" and present:
            return
        if action != "append":
            pairs = [pair for pair in pairs if pair[0].lower() != wanted.lower()]
        if action != "delete":
            pairs += [(wanted, await value.text(x)) for value in values]
        x.request.query = encode(pairs)

    return run


POLICIES = {"rewrite-uri": _rewrite, "set-query-parameter": _query_parameter}
