# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ways to have twenty APIs in an API Management service: this collection, azure.azcollection, and az in a shell."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from environments import prepare
from support.playbook import run_playbook
from support.sandbox import Sandbox

COUNT = 20
GROUP, SERVICE = "aks-demo-rg", "apim-demo"
REQUIREMENTS = Path(__file__).resolve().parent / "requirements"
OURS = {
    "resource_group": GROUP,
    "service_name": SERVICE,
    "name": "{{ prefix }}{{ item }}",
    "display_name": "{{ prefix }}{{ item }}",
    "path": "{{ prefix }}{{ item }}",
    "protocols": ["https"],
    "service_url": "http://backend.example.com",
}
#: What the sandbox says of itself that tools of others understand in another way, or not at all.
OWN = ("AZURE_CLOUD_ENVIRONMENT", "PYTHONPATH", "ANSIBLE_COLLECTIONS_PATH")


class Failed(Exception):
    """A way that did not do its work, with what it said."""


def play(task: dict[str, Any], **variables: Any) -> list[dict[str, Any]]:
    """A play that runs one task for each of the APIs."""
    variables = {"ansible_python_interpreter": "{{ ansible_playbook_python }}", **variables}
    task = {**task, "loop": list(range(COUNT))}
    return [
        {"hosts": "localhost", "connection": "local", "gather_facts": False, "vars": variables, "tasks": [task]},
    ]


def through_proxy(sandbox: Sandbox) -> dict[str, str]:
    """The environment of a tool that knows Azure's public host names only."""
    variables = {**os.environ, **sandbox.environment}
    for name in OWN:
        variables.pop(name, None)
    return {**variables, "HTTPS_PROXY": sandbox.environment["INNERGATE_PROXY"], "ANSIBLE_LOCALHOST_WARNING": "0"}


def output_of(command: list[str], variables: dict[str, str]) -> str:
    """What a command prints."""
    done = subprocess.run(command, env=variables, capture_output=True, text=True, timeout=1800, check=False)
    if done.returncode:
        raise Failed(done.stdout + done.stderr)
    return done.stdout


@dataclass(frozen=True)
class Innergate:
    """This collection, in the controller or as modules."""

    name: str
    in_controller: bool

    def prepare(self, sandbox: Sandbox) -> None:
        """Nothing to do: it is installed."""

    def ensure(self, sandbox: Sandbox, prefix: str) -> bool:
        """Ensure the APIs; returns whether something changed."""
        tasks = play({"innergate.azure.apim_api": OURS}, prefix=prefix, innergate_in_controller=self.in_controller)
        run = run_playbook(tasks, environment=sandbox.environment)
        if run.code:
            raise Failed(run.output)
        return bool(run.changed)


@dataclass(frozen=True)
class Azcollection:
    """Microsoft's collection, from the community package, with the versions that it pins."""

    name: str = "azure.azcollection"

    def prepare(self, sandbox: Sandbox) -> None:
        """Make its environment."""
        programs = prepare("bench-azcollection", REQUIREMENTS / "azcollection.txt")
        done = programs.parent / ".pins"
        if not done.is_file():
            (pins,) = programs.parent.glob("lib/python3*/site-packages/ansible_collections/azure/azcollection/req*.txt")
            output_of([str(programs / "python"), "-m", "pip", "-q", "install", "-r", str(pins)], dict(os.environ))
            done.touch()

    def ensure(self, sandbox: Sandbox, prefix: str) -> bool:
        """Ensure the APIs; returns whether something changed."""
        options = {"api_id" if key == "name" else key: value for key, value in OURS.items()}
        programs = prepare("bench-azcollection", REQUIREMENTS / "azcollection.txt")
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "playbook.yml"
            tasks = play({"azure.azcollection.azure_rm_apimanagement": options}, prefix=prefix)
            path.write_text(yaml.safe_dump(tasks), encoding="utf-8")
            command = [str(programs / "ansible-playbook"), "-i", "localhost,", str(path)]
            variables = {**through_proxy(sandbox), "ANSIBLE_STDOUT_CALLBACK": "ansible.posix.json"}
            recap = json.loads(output_of(command, variables))["stats"]["localhost"]
        return bool(recap["changed"])


@dataclass(frozen=True)
class AzureCli:
    """The command line of Azure, once for each API. It writes whether or not something differs."""

    name: str = "az"

    def variables(self, sandbox: Sandbox) -> dict[str, str]:
        """Its environment, with a configuration of its own."""
        return {**through_proxy(sandbox), "AZURE_CONFIG_DIR": str(sandbox.state / "az")}

    def prepare(self, sandbox: Sandbox) -> None:
        """Make its environment, and log in."""
        az = str(prepare("bench-az", REQUIREMENTS / "az.txt") / "az")
        account = sandbox.environment
        who = ["-u", account["AZURE_CLIENT_ID"], "--tenant", account["AZURE_TENANT"]]
        login = [az, "login", "--service-principal", *who, "-p", account["AZURE_SECRET"]]
        output_of(login, self.variables(sandbox))

    def ensure(self, sandbox: Sandbox, prefix: str) -> bool:
        """Ensure the APIs; returns whether something was written, as it always is."""
        az = str(prepare("bench-az", REQUIREMENTS / "az.txt") / "az")
        for number in range(COUNT):
            name = f"{prefix}{number}"
            api = ["--api-id", name, "--display-name", name, "--path", name, "--protocols", "https"]
            where = ["-g", GROUP, "--service-name", SERVICE, "--service-url", str(OURS["service_url"])]
            output_of([az, "apim", "api", "create", *where, *api], self.variables(sandbox))
        return True


Way = Innergate | Azcollection | AzureCli
OURS_WAYS: tuple[Way, ...] = (Innergate("in the controller", True), Innergate("as modules", False))
OTHERS: dict[str, Way] = {"azcollection": Azcollection(), "az": AzureCli()}
