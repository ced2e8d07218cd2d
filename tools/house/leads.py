# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What people read leads somewhere: links, verbs of the Makefile, and names of files."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from house.findings import Checkout, Finding

MAKEFILE = Path("Makefile")
_INLINE = re.compile(r"\]\((?P<target>[^)\s]+)\)")
_REFERENCE = re.compile(r"\[(?P<text>[^\]\[]+)\]\[(?P<label>[^\]\[]*)\]")
_DEFINITION = re.compile(r"^ {0,3}\[(?P<label>[^\]]+)\]:\s*(?P<target>\S+)")
_RST_LINK = re.compile(r"`[^`<>]*<(?P<target>[^`<>]+)>`__?|^\s*\.\. _[^:]+:\s+(?P<named>\S+)")
_HEADING = re.compile(r"^#+\s+(?P<text>.*?)\s*$", re.MULTILINE)
#: What is written as code: between backquotes (of Markdown, or the two of reStructuredText), and what a console shows.
_CODE = re.compile(r"(?P<quotes>``?)(?P<code>[^`]+)(?P=quotes)(?![_`])")
_COMMAND = re.compile(r"^\s*\$ (?P<command>.*)")
_FENCE = re.compile(r"^\s*```")
_MAKE = re.compile(r"(?:^|[;&|] ?)make ((?:[A-Z]+=\S+ )*)(?P<verb>[a-z][\w-]*)")
_VARIABLE = re.compile(r"^[A-Z]+=")
_TO_FILL_IN = re.compile(r"[A-Z]+/")
_VERB = re.compile(r"^([a-z][\w-]*):", re.MULTILINE)
#: A path as people write one: names with slashes between them, perhaps with a pattern, nothing to be filled in.
_PATH = re.compile(r"(?:[\w.*-]+/)+[\w.*-]*")
#: A file or folder that is known by its end, whatever it is spoken of beside.
_END = re.compile(r"(?:[\w.-]+/)*(?:[\w-]+\.(?:py|yml|toml|md|rst|json|cfg)|Makefile|[\w.-]+/)")


def find(checkout: Checkout) -> Iterator[Finding]:
    """Links, verbs and paths in documents that lead nowhere."""
    found = [finding for path in checkout.below(suffixes=(".md",)) for finding in _markdown(checkout, path)]
    documents = checkout.below(suffixes=(".md", ".rst"))
    found += [finding for path in documents if path.suffix == ".rst" for finding in _restructured(checkout, path)]
    yield from found
    verbs = set(_VERB.findall(checkout.text(MAKEFILE))) if MAKEFILE in checkout.files else set()
    paths: list[tuple[Path, int, str]] = []
    for path in documents:
        for number, code in _codes(checkout, path):
            for make in _MAKE.finditer(code):
                if make["verb"] not in verbs:
                    yield Finding(path, number, f"the Makefile has no {make['verb']}")
            paths += [(path, number, word) for word in code.split()]
    yield from _paths(checkout, paths)


def _codes(checkout: Checkout, path: Path) -> Iterator[tuple[int, str]]:
    """What a document shows as code in a line, and the commands of its consoles without what is said about them."""
    for number, line in checkout.lines(path):
        if command := _COMMAND.match(line):
            yield number, command["command"].partition("  #")[0]
        elif not _FENCE.match(line):
            yield from ((number, code["code"]) for code in _CODE.finditer(line))


def _paths(checkout: Checkout, named: list[tuple[Path, int, str]]) -> Iterator[Finding]:
    """Paths of this repository that are not there.

    They begin with a folder of it, or of the document; or they end like a file or a folder and may begin anywhere.
    """
    known = {folder for path in checkout.files for folder in (path, *path.parents)}
    ends = {"/".join(path.parts[-size:]) for path in known for size in range(1, len(path.parts) + 1)}
    lost: dict[str, list[Finding]] = {}
    for document, number, word in named:
        word = _VARIABLE.sub("", word)
        if not (_PATH.fullmatch(word) or _END.fullmatch(word)) or _TO_FILL_IN.match(word):
            continue
        roots = [root for root in (Path(), document.parent) if root / Path(word).parts[0] in known]
        there = any(_exists(known, root / word) for root in roots)
        if (roots or _END.fullmatch(word)) and not there and (roots or word.rstrip("/") not in ends):
            lost.setdefault(word, []).append(Finding(document, number, f"there is no {word}"))
    made = _made_here(checkout, list(lost))
    yield from (finding for word, findings in lost.items() if word not in made for finding in findings)


def _exists(known: set[Path], path: Path) -> bool:
    return path in known or ("*" in path.name and any(item.match(path.as_posix()) for item in known))


def _made_here(checkout: Checkout, words: list[str]) -> set[str]:
    """The paths that git ignores, since something makes them."""
    if not words:
        return set()
    command = ["git", "check-ignore", "--stdin", "-z"]
    said = subprocess.run(
        command, cwd=checkout.root, input="\0".join(words), capture_output=True, text=True, check=False
    ).stdout
    return set(said.split("\0"))


def _markdown(checkout: Checkout, path: Path) -> Iterator[Finding]:
    lines = list(_prose(checkout, path))
    labels = {found["label"].casefold() for dummy, line in lines if (found := _DEFINITION.match(line))}
    for number, line in lines:
        if definition := _DEFINITION.match(line):
            yield from _target(checkout, path, number, definition["target"])
        for link in _INLINE.finditer(line):
            yield from _target(checkout, path, number, link["target"])
        for link in _REFERENCE.finditer(line):
            label = link["label"] or link["text"]
            if label.casefold() not in labels:
                yield Finding(path, number, f"the link [{label}] is defined nowhere")


def _prose(checkout: Checkout, path: Path) -> Iterator[tuple[int, str]]:
    """The lines of a Markdown document without what is code."""
    fenced = False
    for number, line in checkout.lines(path):
        if _FENCE.match(line):
            fenced = not fenced
        elif not fenced:
            yield number, _CODE.sub("", line)


def _restructured(checkout: Checkout, path: Path) -> Iterator[Finding]:
    """Links to files; Sphinx looks for those to labels."""
    for number, line in checkout.lines(path):
        for link in _RST_LINK.finditer(line):
            target = link["target"] or link["named"]
            if "/" in target or "." in target:
                yield from _target(checkout, path, number, target)


def _target(checkout: Checkout, path: Path, number: int, link: str) -> Iterator[Finding]:
    target, dummy, anchor = link.partition("#")
    if re.match(r"[a-z]+:", target):
        return
    there = (checkout.root / path.parent / unquote(target)).resolve() if target else checkout.root / path
    if not there.exists():
        yield Finding(path, number, f"the link to {link} leads nowhere")
    elif anchor and there.suffix == ".md" and anchor not in _anchors(there.read_text(encoding="utf-8")):
        yield Finding(path, number, f"there is no heading for {link}")


def _anchors(text: str) -> set[str]:
    """How headings are called in links (GitHub's way)."""
    headings = (re.sub(r"[^\w\- ]", "", found["text"].lower()) for found in _HEADING.finditer(text))
    return {heading.replace(" ", "-") for heading in headings}
