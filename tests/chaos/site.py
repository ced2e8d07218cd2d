# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The whole site playbook on a sandbox with Kubernetes: run, disturbed, killed, and what exists before and after."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from support.demo import CHANGING, COLLECTIONS, NETWORK, SERVICE, VNET, without
from support.playbook import BIN, ROOT, TREE, Run, run_playbook
from support.sandbox import Sandbox

INVENTORY = ROOT / "inventories" / "sandbox"
SITE = ROOT / "playbooks" / "site.yml"
#: What a product and an API hold.
PARTS = {"apis": ("operations", "policies"), "products": ("apis", "groups", "policies")}
#: Changes by itself, or is chosen anew whenever something is created, joins a VNET or gets a load balancer.
VOLATILE = CHANGING | {"createdDate", "stateComment", "ipAddress", "ipConfigurations"}
#: Every part of the environment: API Management, the network, and what the playbook makes in the cluster.
Content = dict[str, Any]


#: The ledger's parts have names that nobody else can have chosen.
PART = re.compile(r"innergate-ledger-[0-9a-f]+")


def nameless(text: str) -> str:
    """The text with one name for all parts of the ledger."""
    return PART.sub("innergate-ledger-PART", text)


def steady(value: Any) -> Any:
    """JSON without what is volatile, and without the rules by which the cluster opens the way to its load balancers."""
    kept = without(value, VOLATILE, of_the_cluster)
    # The ledger names objects by the id of their cluster, which a reset makes anew.
    text = re.sub(r'\\"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/', r'\\"CLUSTER/', json.dumps(kept))
    return json.loads(nameless(text))


def of_the_cluster(item: Any) -> bool:
    """Whether the cluster's load-balancer controller has made this rule of a network security group."""
    return isinstance(item, dict) and str(item.get("name", "")).startswith("k8s-azure-lb")


class Site:
    """The site playbook and its sandbox."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox

    def __call__(
        self, *options: str, name: str = "site", inventory: Path = INVENTORY, timeout: float = 300, **environment: str
    ) -> Run:
        """Run playbooks/NAME.yml to its end."""
        return run_playbook(
            ROOT / "playbooks" / f"{name}.yml",
            *options,
            environment={**self.sandbox.environment, **environment},
            inventory=inventory,
            timeout=timeout,
        )

    @contextmanager
    def begun(
        self, output: Path, *options: str, playbook: Path = SITE, **environment: str
    ) -> Iterator[subprocess.Popen[bytes]]:
        """Start a playbook in a process group of its own, which is killed in the end if it still runs."""
        variables = {
            **os.environ,
            **self.sandbox.environment,
            "ANSIBLE_COLLECTIONS_PATH": str(TREE),
            "ANSIBLE_NOCOLOR": "1",
            **environment,
        }
        command = [str(BIN / "ansible-playbook"), "-i", str(INVENTORY), str(playbook), *options]
        with (
            output.open("wb") as file,
            subprocess.Popen(
                command, env=variables, cwd=ROOT, stdout=file, stderr=subprocess.STDOUT, start_new_session=True
            ) as process,
        ):
            try:
                yield process
            finally:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)

    def reset(self) -> None:
        """Return to what was there before the first run, without faults."""
        self.sandbox.clear_faults()
        self.sandbox.command("reset")

    def killed_at(self, write: Mapping[str, Any], output: Path, seconds: float = 1.0) -> None:
        """Begin a run and kill it, with all its processes, when that request has reached Azure but not been answered.

        C(write): an entry of the request log. Azure carries the request out all the same, C(seconds) later.
        """
        path = PART.split(write["path"])
        self.sandbox.fault(
            {
                "method": write["method"],
                "path": f"^{PART.pattern.join(map(re.escape, path))}$",
                "times": 1,
                "then": {"delay": seconds},
            }
        )
        with self.begun(output) as process:
            self.sandbox.until(
                lambda: self.hits() > 0,
                seconds=120,
                unless=lambda: "" if process.poll() is None else f"ended before:\n{output.read_text('utf-8')}",
            )
            os.killpg(process.pid, signal.SIGKILL)
        self.sandbox.clear_faults()

    @contextmanager
    def paused_at(self, output: Path, method: str, path: str, **answer: Any) -> Iterator[subprocess.Popen[bytes]]:
        """Begin a run and stop it when a request waits for its answer: it goes on at the end of the block, to its end.

        The task that has sent the request is a process of its own, and gets its answer: only the next one does not
        begin. C(answer) is what a fault rule says, if it is not to be Azure's.
        """
        before = self.hits()
        self.sandbox.fault({"method": method, "path": path, "times": 1, "then": {"delay": 1, **answer}})
        with self.begun(output) as process:
            self.sandbox.until(
                lambda: self.hits() > before,
                seconds=120,
                unless=lambda: "" if process.poll() is None else f"ended before:\n{output.read_text('utf-8')}",
            )
            os.killpg(process.pid, signal.SIGSTOP)
            try:
                yield process
            finally:
                self.goes_on(process)
            process.wait(300)

    @staticmethod
    def goes_on(process: subprocess.Popen[bytes]) -> None:
        """Let a run that was stopped go on."""
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGCONT)

    def hits(self) -> int:
        """How many requests met a fault so far."""
        return sum(rule["hits"] for rule in self.sandbox.faults())

    def content(self) -> Content:
        """What exists in Azure, by id."""
        found: Content = {}
        for collection in COLLECTIONS:
            for item in self._list(f"{SERVICE}/{collection}", found):
                for part in PARTS.get(collection, ()):
                    self._list(f"{SERVICE}/{collection}/{item['name']}/{part}", found)
        self._list(f"{SERVICE}/policies", found)
        found[SERVICE] = steady(self.sandbox.arm("GET", SERVICE).json())
        for kind in ("networkSecurityGroups", "publicIPAddresses", "routeTables"):
            self._list(f"{NETWORK}/{kind}", found, "2025-05-01")
        self._list(f"{VNET}/subnets", found, "2025-05-01")
        return found

    def _list(self, path: str, found: Content, version: str = "2024-05-01") -> list[dict[str, Any]]:
        answer = self.sandbox.arm("GET", path, version=version)
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text}"
        items: list[dict[str, Any]] = answer.json()["value"]
        found.update({nameless(f"{path} {item['name']}"): steady(item) for item in items})
        return items


def lost(before: Content, after: Content) -> list[str]:
    """What was there before and is not there as it was; the service itself may have joined a VNET."""
    return sorted(key for key, value in before.items() if key != SERVICE and after.get(key) != value)


def differences(wanted: Content, found: Content) -> list[str]:
    """What is not as wanted, apart from resources that Azure itself gives random names."""
    keys = sorted(key for key in wanted.keys() | found.keys() if not re.search(r" [0-9a-f]{24}$", key))
    return [
        f"{key}: {found.get(key)} instead of {wanted.get(key)}" for key in keys if wanted.get(key) != found.get(key)
    ]


def assert_finished(site: Site, wanted: Content) -> None:
    """The next run ends well, the one after it changes nothing, and all is as an undisturbed run makes it."""
    run = site()
    assert run.code == 0, run.output
    assert "Traceback" not in run.output
    half_done = differences(wanted, site.content())
    assert not half_done, "\n".join(half_done)
    again = site()
    assert again.code == 0, again.output
    assert again.changed == 0, again.changes()
