# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What one sandbox is: its ids, identities, ports and switches, kept in its state directory."""

from __future__ import annotations

import json
import os
import secrets
import uuid
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from innergate_sandbox import ports
from innergate_sandbox.clock import DEFAULT_SCALE
from innergate_sandbox.failures import BadSettings

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Assumed = TypeVar("Assumed", bound="DataclassInstance")

FILE = "settings.json"
SEEDS = ("none", "demo")
"""What a new sandbox may contain (see `seed`)."""


@dataclass(frozen=True)
class Identity:
    """A service principal or managed identity of the tenant. `secret` is empty for those that cannot use one."""

    name: str
    client_id: str
    object_id: str
    secret: str = ""

    @classmethod
    def new(cls, name: str, *, secret: bool) -> Identity:
        """Make one up."""
        return cls(name, str(uuid.uuid4()), str(uuid.uuid4()), secrets.token_urlsafe(30) if secret else "")


def _identities() -> dict[str, Identity]:
    """The tenant's identities: who runs playbooks, the cluster's controllers, a pod's workload, a machine's own."""
    secret = {"operator": True, "cluster": True, "workload": False, "machine": False}
    return {name: Identity.new(name, secret=wanted) for name, wanted in secret.items()}


@dataclass
class Settings:
    """The settings of one sandbox; `state` is its directory."""

    state: Path
    subscription_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    tenant_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    location: str = "westeurope"
    identities: dict[str, Identity] = field(default_factory=_identities)
    ports: dict[str, int] = field(default_factory=dict)
    time_scale: float = DEFAULT_SCALE
    latency: str = "none"
    throttling: str = "relaxed"
    kubernetes: bool = True
    seed: str = "none"
    identity_header: str = field(default_factory=lambda: secrets.token_urlsafe(30))
    control_token: str = field(default_factory=lambda: secrets.token_urlsafe(30))
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def operator(self) -> Identity:
        """The identity that the env file gives to people."""
        return self.identities["operator"]

    @property
    def base_url(self) -> str:
        """The origin of ARM and Entra as people reach it."""
        return f"https://localhost:{self.ports['arm']}"

    @property
    def workload_issuer(self) -> str:
        """The issuer of the cluster's service account tokens, in the form that AKS gives it."""
        return f"https://{self.location}.oic.prod-aks.azure.com/{self.tenant_id}/{self.subscription_id}/"

    def port(self, name: str) -> int:
        """Return the port with this name; a free one is chosen once and kept, so that addresses survive a restart."""
        if name not in self.ports:
            with ports.claims(ports.register()) as claimed:
                self.ports[name] = ports.choose({*self.ports.values(), *claimed})
                claimed[self.ports[name]] = str((self.state / FILE).resolve())
                # Before anybody else chooses: a claim holds as long as these settings name the port.
                self.save()
        return self.ports[name]

    def open_at(self, name: str, port: int) -> None:
        """Let the user say which port this is; others do not choose it any more. (Whoever has it may still use it.)"""
        with ports.claims(ports.register()) as claimed:
            self.ports[name] = port
            claimed.setdefault(port, str((self.state / FILE).resolve()))
            self.save()

    def assumed(self, part: str, defaults: Assumed) -> Assumed:
        """The assumptions of a part, a dataclass, with what C(options) say of it. Raises BadSettings."""
        own, known = self.options.get(part) or {}, {item.name for item in fields(defaults)}
        if not isinstance(own, dict):
            raise BadSettings(f"options.{part} in {self.state / FILE} has to be an object")
        if strange := own.keys() - known:
            names, others = ", ".join(sorted(strange)), ", ".join(sorted(known))
            raise BadSettings(f"options.{part} in {self.state / FILE} can't have {names}, but {others}")
        return replace(defaults, **own)

    def save(self) -> None:
        """Write DIR/settings.json, readable by its owner only (it holds the identities' secrets)."""
        values = asdict(self)
        del values["state"]
        write_private(self.state / FILE, json.dumps(values, indent=1))

    @classmethod
    def load(cls, state: Path) -> Settings | None:
        """Return what a state directory says, None if it says nothing yet. People may have written a part of it.

        Raises BadSettings.
        """
        file = state / FILE
        if not file.exists():
            return None
        try:
            values = json.loads(file.read_text(encoding="utf-8"))
        except ValueError as error:
            raise BadSettings(f"{file} is no JSON document: {error}") from None
        known = {item.name for item in fields(cls)} - {"state"}
        if not isinstance(values, dict) or values.keys() - known:
            names = ", ".join(sorted(known))
            raise BadSettings(f"{file} has to be an object that has nothing but {names}")
        if "identities" in values:
            values["identities"] = {name: Identity(**value) for name, value in values["identities"].items()}
        return cls(state=state, **values)


def private_file(file: Path | str) -> str:
    """Make a file that only its owner can read, unless it exists; returns its name (SQLite's ":memory:" as it is)."""
    if str(file) != ":memory:":
        os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
    return str(file)


def write_private(file: Path, text: str | bytes) -> None:
    """Write a file atomically with mode 0600."""
    data = text.encode() if isinstance(text, str) else text
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(data)
    draft.replace(file)
