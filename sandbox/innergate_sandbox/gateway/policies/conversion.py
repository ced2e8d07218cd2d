# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""json-to-xml and xml-to-json."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree

from innergate_sandbox.gateway.errors import internal
from innergate_sandbox.gateway.exchange import Exchange
from innergate_sandbox.gateway.expressions.library.xml import parse as parse_xml
from innergate_sandbox.gateway.expressions.values import ExpressionError
from innergate_sandbox.gateway.messages import Request, Response, unpack
from innergate_sandbox.gateway.pipeline.node import Node
from innergate_sandbox.gateway.pipeline.program import Action


def _applies(message: Request | Response, apply: str, kind: str, accept: str | None) -> bool:
    """Say whether a message is to be converted: `content-type-json` (or -xml) asks the message, always does not."""
    if accept is not None and f"/{kind}" in accept.lower():
        return False
    return apply == "always" or kind in message.headers.get("Content-Type", "").lower()


def _converter(node: Node, source: str, target: str, convert: Any) -> Action:
    apply = node.choice("apply", "always", "always", f"content-type-{source}")
    considers = node.value("consider-accept-header", "true")

    async def run(x: Exchange) -> None:
        message = x.message
        asked = x.request.headers.get("Accept") if isinstance(message, Response) and await considers.flag(x) else None
        only = asked if asked and f"/{target}" not in asked.lower() and "*/*" not in asked else None
        if not _applies(message, apply, source, only):
            return
        data = await unpack(message)
        try:
            message.body.set(convert(data.decode()).encode())
        except (ValueError, ExpressionError) as error:
            raise internal("ConversionFailure", f"the body is no {source.upper()}: {error}") from error
        message.headers["Content-Type"] = f"application/{target}"

    return run


def to_xml(text: str) -> str:
    """Return JSON as XML: one root element, `Document` unless the JSON has a single member; arrays repeat elements."""
    value = json.loads(text)
    single = isinstance(value, dict) and len(value) == 1 and not isinstance(next(iter(value.values())), list)
    name, inner = next(iter(value.items())) if single else ("Document", value)
    root = ElementTree.Element(_safe(name))
    _fill(root, inner)
    return ElementTree.tostring(root, encoding="unicode")


def _fill(element: ElementTree.Element, value: Any) -> None:
    if isinstance(value, dict):
        for name, inner in value.items():
            if name.startswith("@"):
                element.set(name[1:], _scalar(inner))
            elif name == "#text":
                element.text = _scalar(inner)
            else:
                for item in inner if isinstance(inner, list) else [inner]:
                    _fill(ElementTree.SubElement(element, _safe(name)), item)
    elif isinstance(value, list):
        for item in value:
            _fill(ElementTree.SubElement(element, "Item"), item)
    elif value is not None:
        element.text = _scalar(value)


def _safe(name: str) -> str:
    kept = "".join(letter if letter.isalnum() or letter in "_-." else "_" for letter in name)
    return kept if kept[:1].isalpha() or kept[:1] == "_" else f"_{kept}"


def _scalar(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def to_json(text: str) -> str:
    """Return XML as JSON: attributes with `@`, text beside them as `#text`, repeated elements as arrays."""
    root = parse_xml(text).root
    return json.dumps({_local(root.tag): _value(root)}, ensure_ascii=False, separators=(",", ":"))


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _value(element: ElementTree.Element) -> Any:
    found: dict[str, Any] = {f"@{name}": value for name, value in element.attrib.items()}
    for child in element:
        name, value = _local(child.tag), _value(child)
        if name in found:
            found[name] = [*(found[name] if isinstance(found[name], list) else [found[name]]), value]
        else:
            found[name] = value
    text = (element.text or "").strip()
    if not found:
        return text or None
    return found | ({"#text": text} if text else {})


POLICIES = {
    "json-to-xml": lambda node: _converter(node, "json", "xml", to_xml),
    "xml-to-json": lambda node: _converter(node, "xml", "json", to_json),
}
