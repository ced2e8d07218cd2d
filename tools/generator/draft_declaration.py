# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The first draft of a declaration, made of what the SDK says about an ARM type."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from generator.documents import HEADER, reach_plugins
from generator.sdk import Model, Property, accepts, answer_model, body_model
from generator.served import Part, Served, UnknownType, named, served, singular, snake

#: Segments that _scopes.py has words for.
SHARED = {"apis": "API", "operations": "API_OPERATION", "products": "PRODUCT"}
#: What _scopes.py calls SAFE.
SAFE = "[^*#&+:<>?]+"
#: Objects in objects in objects are drafted; what is in those is not.
DEEPEST = 8
#: Known from the URL of the resource.
FROM_URL = ("id", "name", "type", "etag")
#: Lines with a longer name in generated files would be too long.
LONGEST = 38
#: Options of managing modules beside those that say where the resource is and how to sign in.
COMMON = ("state", "wait_timeout", "if_match")


class Fields:
    """The lines of a declaration's fields. C(taken): names of other options of the module; C(word) tells from them."""

    def __init__(self, taken: Collection[str], word: str) -> None:
        self.taken = set(taken)
        self.word = word
        self.read: Model | None = None

    def lines(self, written: Model | None, read: Model | None) -> list[str]:
        """What can be written first, then what is only shown."""
        self.read = read
        lines = [] if written is None else self._level(written, 2, top=True)
        known = dict(_flat(written))
        for path, entry in _flat(read):
            if path.startswith("properties.") and (entry.read_only or path not in known):
                words, remark = self._words(path, entry, top=True)
                lines += [*remark, f"        Field({', '.join([*words, 'read_only=True'])}),"]
        return lines

    def _level(self, model: Model, depth: int, *, before: str = "", top: bool = False) -> list[str]:
        lines: list[str] = []
        for path, entry in model.properties().items():
            if entry.read_only or (top and not before and path in FROM_URL):
                continue
            if path == "properties" and entry.model is not None and not entry.shape:
                lines += self._level(entry.model, depth, before="properties.", top=top)
            else:
                lines += self._field(f"{before}{path}", entry, depth, top=top)
        return lines

    def _words(self, path: str, entry: Property, *, top: bool) -> tuple[list[str], list[str]]:
        """The first arguments of a field, and the lines that go before it."""
        from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import camel

        plain = name = snake(path.rpartition(".")[2])
        while top and name in self.taken:
            name = f"{self.word}_{name}"
        self.taken |= {name} if top else set()
        usual = f"properties.{camel(name)}" if top else camel(name)
        words = [f'"{name}"{_shape(entry)}', *([f'wire="{path}"'] if path != usual else [])]
        return words, [f'        # "{plain}" is another option of the module'] if name != plain else []

    def _field(self, path: str, entry: Property, depth: int, *, top: bool) -> list[str]:
        pad = "    " * depth
        words, remark = self._words(path, entry, top=top)
        if entry.required:
            words.append("required_on_create=True" if top else "required=True")
        if entry.choices:
            words.append(f"choices={entry.choices!r}".replace("'", '"'))
            words.append("compare=Compare.CASELESS")
        if entry.kind == "duration":
            words.append("compare=Compare.DURATION")
        words += [f"{limit}={value!r}" for limit, value in entry.limits if limit != "pattern"]
        if entry.sounds_secret(snake(path.rpartition(".")[2])):
            words.append("secret=True")
        if top and self.read is not None and self.read.resolve(path) is None:
            words.append("write_only=True")
        inner = self._level(entry.model, depth + 2) if entry.model is not None and depth <= DEEPEST else []
        if not inner:
            return [*remark, f"{pad}Field({', '.join(words)}),"]
        return [
            *remark,
            f"{pad}Field(",
            *(f"{pad}    {word}," for word in words),
            f"{pad}    fields=(",
            *inner,
            f"{pad}    ),",
            f"{pad}),",
        ]


def _flat(model: Model | None, before: str = "") -> Iterator[tuple[str, Property]]:
    """All properties of a resource by their path; one SDK nests C(properties), the other does not."""
    for path, entry in () if model is None else model.properties().items():
        if path == "properties" and entry.model is not None and not entry.shape:
            yield from _flat(entry.model, "properties.")
        else:
            yield f"{before}{path}", entry


def _shape(entry: Property) -> str:
    if entry.shape == "list":
        return ', "list", elements="dict"' if entry.model else ', "list", elements="str"'
    if entry.kind == "{str}":
        return ', "dict", elements="str"'
    if entry.shape == "dict" or entry.model or entry.kind == "object":
        return ', "dict"'
    return f', "{entry.kind}"' if entry.kind in ("bool", "int", "float") else ""


def _segment(part: Part, option: str, words: str = "") -> str:
    if part.constant:
        return f'Segment("{part.collection}", constant="{part.constant}")'
    return f'Segment("{part.collection}", "{option}"{words})'


def _option(part: Part) -> str:
    """The option that names what the resource is in."""
    return f"{part.parameter.removesuffix('_id').removesuffix('_name')}_name"


def _scope(found: Served) -> tuple[str, list[str], list[str]]:
    """The segments of the id as text, what of _scopes.py is in it, and the options that name the parents."""
    limits = found.limits()
    pattern = limits.get("pattern", "")
    words = ["SAFE" if pattern == SAFE else f'r"{pattern}"'] if pattern else []
    own = "".join(f", pattern={word}" for word in words)
    own += f", max_length={limits['max_length']}" if "max_length" in limits else ""
    first, *between = found.parts[:-1] or found.parts
    last = _segment(found.parts[-1], "name", own)
    parents = [SHARED.get(part.collection) or _segment(part, _option(part)) for part in between]
    options = [_option(part) for part in between if part.parameter]
    helpers = sorted({*parents, *words} & {*SHARED.values(), "SAFE"})
    if found.client == "apimanagement" and len(found.parts) == 1:
        own = _segment(found.parts[-1], "name", own).replace('("', '("providers/Microsoft.ApiManagement/', 1)
        return f"(RESOURCE_GROUP, {own})", [*helpers, "RESOURCE_GROUP"], []
    if found.client == "apimanagement":
        return f"below_service({', '.join([*parents, last])})", [*helpers, "below_service"], ["service_name", *options]
    if len(found.parts) == 1:
        return f'(RESOURCE_GROUP, network("{first.collection}"))', ["RESOURCE_GROUP", "network"], []
    top = first.parameter.removesuffix("_name")
    text = ", ".join(["RESOURCE_GROUP", f'network("{first.collection}", "{top}")', *parents, last])
    return f"({text})", [*helpers, "RESOURCE_GROUP", "network"], [top, *options]


def declaration(name: str, arm_type: str = "") -> str:
    """The text of C(_resources/<name>.py), to be read, corrected and shortened by a person. Raises UnknownType."""
    reach_plugins()
    from ansible_collections.innergate.azure.plugins.module_utils._engine.argument_spec import AUTH

    found = served(arm_type, name) if arm_type else named(name)
    if len(name) > LONGEST:
        raise UnknownType(
            f"{name} has more than {LONGEST} characters: give the module a shorter name, TYPE={found.arm_type}"
        )
    scope, helpers, parents = _scope(found)
    get, create, delete = (found.function(verb) for verb in ("get", "create_or_update", "delete"))
    link = get is None and any(hasattr(found.group, verb) for verb in ("check_entity_exists", "get_entity_tag"))
    if_match = not link and accepts(delete or create, "if_match")
    taken = {*AUTH.options, *COMMON, "resource_group", "name", *parents}
    word = singular(snake(found.parts[-1].collection)).rpartition("_")[2]
    lines = [] if link else Fields(taken, word).lines(body_model(create), answer_model(get) if get else None)
    operations = "" if link or getattr(found.group, "get", None) else ', operations={"get": "get_by_name"}'
    listed = f', list_sdk="{found.list_sdk}"' if found.list_sdk else ""
    told = [
        f'name="{name}"',
        f'arm_type="{found.arm_type}"',
        f'client="{found.client}"',
        f'title="{name.partition("_")[2].replace("_", " ")}"',
        f'scopes=(Scope("{found.sdk}", {scope}{listed}{operations}),)',
        *([] if if_match else [f"if_match=IfMatch.{'BODY' if found.client == 'network' else 'NO'}"]),
        *(["link=True"] if link else []),
        *([] if delete else ['states=("present",)']),
    ]
    body = "".join(f"    {word},\n" for word in told)
    body += "    fields=(\n" + "".join(f"{line}\n" for line in lines) + "    ),\n" if lines else ""
    words = ("Compare.", "Field(", "IfMatch.", "ResourceType", "Scope(", "Segment(")
    imports = ", ".join(word.strip(".(") for word in words if word in body or word == "ResourceType")
    return f'''{HEADER}
"""{found.arm_type}."""

from __future__ import annotations

from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import (
    {imports},
)
from ansible_collections.innergate.azure.plugins.module_utils._resources._scopes import {", ".join(helpers)}

RESOURCE = ResourceType(
{body})
'''
