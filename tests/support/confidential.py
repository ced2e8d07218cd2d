# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every secret that a sandbox knows, read from its state, and where one of them is to be found in files and texts."""

from __future__ import annotations

import base64
import json
import re
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import yaml

#: What the sandbox keeps to itself about a resource though it is no secret: numbers and names that answers show, too.
PUBLIC = {
    "link",
    "token",
    "current",
    "written",
    "guid",
    "join",
    "reservations",
    "machines",
    "prefix",
    "owner",
    "before",
}
SHORTEST = 8
#: Inside of connection strings and addresses.
PARTS = re.compile(r"(?:SharedAccessKey|InstrumentationKey|AccountKey|sig)=([^;&\s]+)")
PRIVATE_KEY = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----\s+([A-Za-z0-9+/=\s]+?)-----END")


def secrets_of(state: Path) -> dict[str, str]:
    """What must not be seen, by what it is: identities, keys and tokens of the state directory, ARM's hidden values."""
    settings = json.loads((state / "settings.json").read_text(encoding="utf-8"))
    found = {f"secret of {name}": identity["secret"] for name, identity in settings["identities"].items()}
    found |= {name: settings[name] for name in ("identity_header", "control_token")}
    found |= {f"file {name}": (state / name).read_text("utf-8") for name in ("federated-token",)}
    for name in ("entra.key", "service-account.key"):
        found |= _private(name, (state / name).read_text(encoding="utf-8"))
    config = state / "kubeconfig"
    if config.is_file():
        for user in yaml.safe_load(config.read_text(encoding="utf-8"))["users"]:
            found |= _of_user(user["name"], user["user"])
    with sqlite3.connect(f"file:{state / 'state.db'}?mode=ro", uri=True) as database:
        for ident, body, hidden in database.execute("SELECT id, body, hidden FROM entity"):
            plain = "/namedvalues/" in ident.lower() and not json.loads(body)["properties"].get("secret")
            if "/Microsoft.ApiManagement/" in ident and not plain:
                found |= dict(_leaves(ident, json.loads(hidden)))
    database.close()
    for name, value in list(found.items()):
        found |= {f"{name}, part {number}": part for number, part in enumerate(PARTS.findall(value))}
    return {name: value.strip() for name, value in found.items() if len(value.strip()) >= SHORTEST}


def _private(name: str, text: str) -> dict[str, str]:
    """The second line of a private key in PEM, which is its own; the first one begins as that of others does."""
    return {f"{name}, key {number}": body.split()[1] for number, body in enumerate(PRIVATE_KEY.findall(text))}


def _of_user(name: str, user: Mapping[str, Any]) -> dict[str, str]:
    found = {f"{key} of {name}": str(user[key]) for key in ("token", "password", "client-key-data") if key in user}
    if "client-key-data" in user:
        found |= _private(f"kubeconfig of {name}", base64.b64decode(user["client-key-data"]).decode())
    return found


def _leaves(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, item in value.items():
            if key not in PUBLIC:
                yield from _leaves(f"{name} > {key}", item)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _leaves(f"{name}[{number}]", item)
    elif isinstance(value, str):
        yield name, value


def forms(secret: str) -> set[str]:
    """How it may be written: as it is, in a URL, in JSON, and in base64 at each of the three places in a group."""
    found = {secret, quote(secret), quote(secret, safe=""), quote_plus(secret), json.dumps(secret)[1:-1]}
    raw = secret.encode()
    for before in range(3):
        # Characters that hold bits of what stands before and after it are left out.
        text = base64.b64encode(b"\0" * before + raw).decode().rstrip("=")
        inner = text[-(-before * 8 // 6) : len(text) - (1 if (before + len(raw)) % 3 else 0)]
        found |= {inner, inner.translate(str.maketrans("+/", "-_"))}
    return found


class Search:
    """Looks for secrets (by what they are) in texts and files."""

    def __init__(self, secrets: Mapping[str, str]) -> None:
        assert secrets
        self._names = {form.encode(): name for name, secret in secrets.items() for form in forms(secret)}
        longest_first = sorted(self._names, key=len, reverse=True)
        self._pattern = re.compile(b"|".join(re.escape(form) for form in longest_first))

    def text(self, text: str | bytes) -> set[str]:
        """What is found in a text."""
        data = text.encode() if isinstance(text, str) else text
        return {self._names[hit] for hit in self._pattern.findall(data)}

    def folder(self, folder: Path, *allowed: Path) -> dict[str, set[str]]:
        """What is found in the files below a folder, apart from what is below the C(allowed) ones."""
        files = [path for path in folder.rglob("*") if path.is_file() and not any(map(path.is_relative_to, allowed))]
        found = {str(path): self.text(path.read_bytes()) for path in files}
        return {path: names for path, names in found.items() if names}
