# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Turns the text of a specification into data, or into one sentence that says where it is wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any
from xml.etree import ElementTree

from ansible_collections.innergate.azure.plugins.module_utils._engine.specification_model import SpecificationError

try:
    import yaml
except ImportError:  # where a module runs remotely; Ansible itself always has it
    HAS_YAML = False
else:
    HAS_YAML = True

_PROLOGUE = re.compile(r"\s*(?:<\?xml.*?\?>\s*)?(?:<!--.*?-->\s*)*", re.DOTALL)


def load_json(text: str) -> Any:
    """JSON. Raises SpecificationError with the line."""
    try:
        return json.loads(text.lstrip("\ufeff"))
    except json.JSONDecodeError as error:
        raise SpecificationError(f"this is no JSON: {error.msg}", error.lineno, error.colno) from None


def load_yaml(text: str) -> Any:
    """YAML, of which JSON is a part. Dates stay texts, as in JSON. Raises SpecificationError with the line."""
    if text.lstrip("\ufeff \t\r\n").startswith("{"):
        try:
            return json.loads(text.lstrip("\ufeff"))
        except ValueError:
            pass  # YAML in braces, or JSON with a mistake: YAML's reader knows the line of both
    if not HAS_YAML:
        raise SpecificationError("the Python package PyYAML is needed to read YAML; give the document as JSON instead")
    try:
        return yaml.load(text.lstrip("\ufeff"), Loader=_loader())  # a SafeLoader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        problem = " ".join((error.problem or error.context or "it can't be read").split())
        raise SpecificationError(f"this is no YAML: {problem}", line, column) from None
    except yaml.YAMLError as error:
        raise SpecificationError(f"this is no YAML: {' '.join(str(error).split())}") from None


def _loader() -> Any:
    base = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    resolvers = {
        first: [row for row in rows if row[0] != "tag:yaml.org,2002:timestamp"]
        for first, rows in base.yaml_implicit_resolvers.items()
    }
    return type("Loader", (base,), {"yaml_implicit_resolvers": resolvers})


def load_xml(text: str, root: str) -> ElementTree.Element:
    """XML whose root element has that local name. Raises SpecificationError with the line."""
    text = text.lstrip("\ufeff")
    prologue = _PROLOGUE.match(text)
    if prologue and text.startswith("<!DOCTYPE", prologue.end()):
        raise SpecificationError("a document type declaration is not allowed", text.count("\n", 0, prologue.end()) + 1)
    try:
        # The declaration may name an encoding that the text, being a text, has no more.
        element = ElementTree.fromstring(re.sub(r"^\s*<\?xml.*?\?>", "", text, count=1, flags=re.DOTALL))
    except ElementTree.ParseError as error:
        before = text[: len(text) - len(re.sub(r"^\s*<\?xml.*?\?>", "", text, count=1, flags=re.DOTALL))]
        line = error.position[0] + before.count("\n")
        raise SpecificationError(
            f"this is no XML: {str(error).partition(':')[0]}", line, error.position[1] + 1
        ) from None
    if local(element) != root:
        raise SpecificationError(f"the root element is <{local(element)}>, not <{root}>", 1)
    return element


def local(element: ElementTree.Element) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def line_of(text: str, keys: Sequence[str]) -> int:
    """The line on which the value at a path of keys starts, in JSON or YAML; 0 if it can't be told."""
    if not HAS_YAML:
        return 0
    try:
        node = yaml.compose(text.lstrip("\ufeff"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError:
        return 0
    line = 1
    for key in keys:
        pairs = getattr(node, "value", None)
        if not isinstance(node, yaml.MappingNode) or not isinstance(pairs, list):
            break
        for name, value in pairs:
            if str(name.value) == key:
                node, line = value, name.start_mark.line + 1
                break
        else:
            break
    return line
