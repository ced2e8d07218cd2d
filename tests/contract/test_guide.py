# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the guide to single modules says of all of them is derived from the declarations here, and the same."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import Field
from support.generated import declarations

from contract.declarations import MODULE_NAMES, ROOT, module

GUIDE = (ROOT / "docs/docsite/rst/guide_modules.rst").read_text(encoding="utf-8")


def listed(after: str, entry: str) -> dict[str, list[str]]:
    """The entries of the first list behind a text: what they are about, and the words after that."""
    part = GUIDE[GUIDE.index(after) :]
    part = re.split(r"\n\S", part, maxsplit=1)[0]  # up to the next item of the list around it
    found = {}
    for text in re.split(r"^  - ", part, flags=re.MULTILINE)[1:]:
        said = re.match(f"{entry}(.*)", " ".join(text.split()))
        assert said, text
        found[said[1]] = re.findall("``(.*?)``", said[2])
    return found


def parts(which: Callable[[Field], bool]) -> dict[str, list[str]]:
    """Suboptions of a kind, by the module."""

    def walk(fields: tuple[Field, ...], path: str) -> Iterator[str]:
        for field in fields:
            if path and which(field):
                yield f"{path}{field.name}"
            elif not field.read_only:
                yield from walk(field.fields, f"{path}{field.name}.")

    every = {name: sorted(walk(resource.fields, "")) for name, resource in declarations().items()}
    return {name: found for name, found in every.items() if found}


def test_parts_that_are_no_options_are_named() -> None:
    assert listed("Such parts", "of ``(.*?)``: ") == parts(lambda field: field.read_only)


def test_secrets_that_are_missing_are_named() -> None:
    secret = parts(lambda field: field.required and (field.secret or field.write_only) and not field.read_only)
    assert listed("A secret that is never returned", "of ``(.*?)``: ") == secret


def test_addresses_that_are_starred_are_named() -> None:
    def walk(fields: tuple[Field, ...], path: str = "") -> Iterator[str]:
        for field in fields:
            if field.address and not field.write_only:
                yield f"{path}{field.name}"
            yield from walk(() if field.write_only else field.fields, f"{path}{field.name}.")

    every = {name: sorted(walk(resource.fields)) for name, resource in declarations().items()}
    assert listed("What lets somebody in", "of ``(.*?)``: ") == {name: found for name, found in every.items() if found}


def test_who_has_no_if_match_is_named() -> None:
    without = [name for name in sorted(declarations()) if "if_match" not in module(name).TASK.argument_spec.options]
    assert listed("Modules of resources for which", "``(.*?)`` is no option of ") == {"if_match": without}


def test_who_takes_a_default_of_the_group_is_named() -> None:
    options = {name: module(name).TASK.argument_spec.options for name in MODULE_NAMES}
    names = {
        name: {*known, *(alias for option in known.values() for alias in option.get("aliases", ()))}
        for name, known in options.items()
        if "auth_source" in known
    }
    said = listed("A module refuses a default", "``(.*?)`` is taken by all in the group but ")
    assert said == {
        default: sorted(name for name, known in names.items() if default not in known) for default in ("service_name",)
    }
