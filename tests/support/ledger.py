# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the tasks of the ledger, and look at what it holds."""

from __future__ import annotations

from typing import Any

from ansible_collections.innergate.azure.plugins.modules import apim_ledger, apim_ledger_info

from support.fake_arm import SUBSCRIPTION
from support.running import AT, SERVICE, Runner

#: Where it is kept.
LEDGER = {**SERVICE, "name": "innergate-ledger"}
#: Another environment that names nothing, as the options have it.
NOTHING: dict[str, Any] = {
    "name": "other",
    "shares_service": False,
    "service": None,
    "objects": {},
    "network": None,
    "cluster": {},
    "unreadable": {},
    **{part: [] for part in ("addresses", "services", "manifests", "apis", "products", "consumers")},
}
SUBNETS = {
    "resource_group": "rg",
    "virtual_network": "vnet",
    "subnets": [{"name": "old"}, {"name": "new"}],
    "network_security_groups": [{"name": "nsg"}],
}
CONNECTION = {
    **SERVICE,
    "service": None,
    "mode": "External",
    "virtual_network": "vnet",
    "network_resource_group": None,
    "subnet": "new",
    "public_ip_address": "ip",
    "other_public_ip_address": "other-ip",
}


def note(runner: Runner, **options: Any) -> dict[str, Any]:
    """What apim_ledger answers; C(check) is check mode."""
    return runner.run(apim_ledger.TASK, **{"ledger": LEDGER, **options})


def ask(runner: Runner, **options: Any) -> dict[str, Any]:
    """What apim_ledger_info answers."""
    return runner.run(apim_ledger_info.TASK, **{"ledger": LEDGER, **options})


def texts(runner: Runner) -> dict[str, str]:
    """The parts of the ledger in Azure, by their paths below the subscription."""
    below = f"/subscriptions/{SUBSCRIPTION}".lower()
    stored = {key.removeprefix(below): body for key, body in runner.arm.store.items()}
    place = f"{AT}/namedValues/{LEDGER['name']}".lower()
    return {path: body["properties"]["value"] for path, body in stored.items() if path.startswith(place)}


def kept(result: dict[str, Any]) -> dict[str, str]:
    """What stays, and why."""
    return {item["title"]: item["reason"] for item in result["kept"]}
