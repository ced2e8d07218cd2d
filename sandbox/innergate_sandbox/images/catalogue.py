# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which images there are: name pattern -> stand-in. Everything else cannot be pulled, as in a real registry."""

from __future__ import annotations

import fnmatch
import re
from dataclasses import dataclass


@dataclass(frozen=True)
class StandIn:
    """A module of this package and the port on which the image listens unless its environment moves it."""

    module: str
    port: int


# Pattern over the repository without tag and digest; `docker.io/` and `docker.io/library/` are added to short names.
STAND_INS: dict[str, StandIn] = {
    "*/microcommunication-api": StandIn("random_api", 8080),
    "*/microcommunication-web": StandIn("web", 80),
    "*/echo-server": StandIn("echo", 80),
    "*/http-echo": StandIn("echo", 5678),
    "*/httpbin": StandIn("echo", 80),
    "*/nginx": StandIn("static", 80),
    "*/nginx-unprivileged": StandIn("static", 8080),
    "*/pause": StandIn("pause", 0),
}

_REFERENCE = re.compile(
    r"^(?P<name>(?:[a-z0-9.-]+(?::\d+)?/)?[a-z0-9]+(?:[._/-]+[a-z0-9]+)*)(?::(?P<tag>[\w][\w.-]{0,127}))?"
    r"(?:@(?P<digest>sha256:[0-9a-f]{64}))?$"
)
# A tag that no registry has, for rehearsing a wrong one: `echo-server:no-such-tag`.
MISSING_TAG = re.compile(r"^(no-such|does-not-exist|missing|nonexist)", re.IGNORECASE)


@dataclass(frozen=True)
class Image:
    """A reference as a container runtime understands it."""

    repository: str
    tag: str
    digest: str | None

    @property
    def full(self) -> str:
        """The whole reference, such as docker.io/library/nginx:latest."""
        return f"{self.repository}@{self.digest}" if self.digest else f"{self.repository}:{self.tag}"


def parse(reference: str) -> Image | None:
    """Take a reference apart and complete it; None if it is not well-formed (InvalidImageName)."""
    match = _REFERENCE.match(reference)
    if match is None:
        return None
    name = match["name"]
    first, slash, dummy = name.partition("/")
    if not slash:
        name = f"docker.io/library/{name}"
    elif "." not in first and ":" not in first and first != "localhost":
        name = f"docker.io/{name}"
    return Image(name, match["tag"] or "latest", match["digest"])


def stand_in(image: Image) -> StandIn | None:
    """What stands for the image, or None if no registry would have it."""
    if MISSING_TAG.match(image.tag):
        return None
    for pattern, found in STAND_INS.items():
        if fnmatch.fnmatchcase(image.repository, pattern):
            return found
    return None


def pull_error(image: Image) -> str:
    """What containerd says about an image that its registry does not have."""
    head = f'failed to pull and unpack image "{image.full}": failed to resolve reference "{image.full}": '
    known = any(fnmatch.fnmatchcase(image.repository, pattern) for pattern in STAND_INS)
    if known or not image.repository.startswith("docker.io/"):
        return f"rpc error: code = NotFound desc = {head}{image.full}: not found"
    return (
        f"rpc error: code = Unknown desc = {head}pull access denied, repository does not exist or may require "
        "authorization: server message: insufficient_scope: authorization failed"
    )
