# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which cluster is used and whether load balancers are made in it; nothing is started here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from innergate_sandbox.clock import Clock
from innergate_sandbox.dataplane import DataPlane
from innergate_sandbox.kubernetes import service
from innergate_sandbox.kubernetes.control.kubeconfig import Access
from innergate_sandbox.kubernetes.place import CLUSTER_TYPE
from innergate_sandbox.kubernetes.whereabouts import find_place
from innergate_sandbox.settings import Settings
from innergate_sandbox.store import Store


class Started:
    """Takes the place of the cluster and notes what it was given."""

    def __init__(self, needs: Any, binaries: Any, access: Any) -> None:
        self.needs, self.binaries, self.access = needs, binaries, access
        self.brought = access is not None
        self.nodes: list[dict[str, Any]] = []
        self.kube = self

    async def start(self) -> None:
        self.needs.publish_kubeconfig("text")

    async def stop(self) -> None:
        pass

    async def relocate(self) -> None:
        pass

    async def get(self, path: str) -> dict[str, Any]:
        return {"items": self.nodes}

    async def text(self, path: str) -> tuple[int, str]:
        return DOCUMENTS.get(path, (404, "no"))


DOCUMENTS = {
    "/.well-known/openid-configuration": (200, '{"issuer": "https://oidc.example/", "jwks_uri": "https://x"}'),
    "/openid/v1/jwks": (200, '{"keys": ["k"]}'),
}


class Sandbox:
    def __init__(self, state: Path) -> None:
        self.state = state
        self.settings = Settings(state)
        self.settings.ports["arm"] = 1
        self.store = Store(state / "state.db", Clock())
        self.dataplane = DataPlane(self.store, Clock())
        self.tls: Any = None
        self.said: list[str] = []
        self.environment: dict[str, str] = {}
        self.trusted: dict[str, Any] = {}

    def trust_service_accounts(self, issuer: str, key_set: dict[str, Any]) -> None:
        self.trusted[issuer] = key_set

    def progress(self, text: str, /) -> None:
        self.said.append(text)

    def publish_env(self, name: str, value: str) -> None:
        self.environment[name] = value

    def port(self, name: str) -> int:
        return self.settings.port(name)

    def identity(self, name: str) -> Any:
        return self.settings.identities[name]


@pytest.fixture
def sandbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    async def binaries(say: Any, environment: Any) -> str:
        return "binaries"

    monkeypatch.setattr(service, "Cluster", Started)
    monkeypatch.setattr(service, "find_binaries", binaries)
    found = Sandbox(tmp_path)
    yield found
    found.store.close()


async def begun(sandbox: Sandbox, **environment: str) -> Any:
    found = await service.start(sandbox, environment)
    await found.stop()
    return found


async def test_without_a_cluster_of_the_users_one_is_started(sandbox: Sandbox) -> None:
    found = await begun(sandbox)
    assert found._cluster.binaries == "binaries" and found._cluster.access is None
    file = sandbox.state / "kubeconfig"
    assert sandbox.environment == {"KUBECONFIG": str(file)}
    assert file.read_text() == sandbox.store.kv_get(service.KUBECONFIG_KEY) == "text"
    assert file.stat().st_mode & 0o777 == 0o600
    assert any("no managed cluster yet" in line for line in sandbox.said)


async def test_entra_learns_how_the_cluster_signs(sandbox: Sandbox) -> None:
    found = await begun(sandbox)
    assert found._cluster.needs.issuer == sandbox.settings.workload_issuer
    assert sandbox.trusted == {"https://oidc.example/": {"keys": ["k"]}}


@pytest.mark.parametrize("answer", [(403, "Forbidden"), (200, "no json"), (200, "{}"), (200, "[]")])
async def test_a_cluster_that_shows_no_keys_is_used_all_the_same(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, answer: tuple[int, str]
) -> None:
    monkeypatch.setitem(DOCUMENTS, "/.well-known/openid-configuration", answer)
    await begun(sandbox)
    assert sandbox.trusted == {}
    assert any("cannot be exchanged for Entra's" in line for line in sandbox.said)


async def test_the_users_cluster_goes_first(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    access = Access("https://127.0.0.1:6443")
    monkeypatch.setattr(service, "brought_by_user", lambda environment: access)
    found = await begun(sandbox)
    assert found._cluster.access is access and found._cluster.binaries is None
    assert any("Using the cluster of KUBECONFIG, https://127.0.0.1:6443" in line for line in sandbox.said)


@pytest.mark.parametrize(
    ("variable", "option", "provider", "made"),
    [
        ("", None, "kind://docker/kind/w", True),
        ("", None, "azure:///subscriptions/x", False),
        ("on", None, "azure:///subscriptions/x", True),
        ("off", None, "kind://docker/kind/w", False),
        ("", False, "kind://docker/kind/w", False),
        ("on", False, "kind://docker/kind/w", True),
    ],
)
async def test_who_makes_the_load_balancers(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, variable: str, option: bool | None, provider: str, made: bool
) -> None:
    monkeypatch.setattr(service, "brought_by_user", lambda environment: Access("https://127.0.0.1:6443"))
    nodes = [{"metadata": {"name": "n"}, "spec": {"providerID": provider}}]

    async def get(self: Any, path: str) -> dict[str, Any]:
        return {"items": nodes}

    monkeypatch.setattr(Started, "get", get)
    if option is not None:
        sandbox.settings.options["cloud_controller"] = option
    found = await begun(sandbox, **({service.SWITCH: variable} if variable else {}))
    assert found._with_controller is made
    left = "The sandbox makes no load balancers: that is left to a cloud-controller-manager"
    assert (left in sandbox.said) is not made


def test_where_the_cluster_is_follows_arm(sandbox: Sandbox) -> None:
    place, known = find_place(sandbox.store, sandbox.dataplane, sandbox.settings)
    assert not known and place.cluster == "aks-demo"
    group = f"/subscriptions/{sandbox.settings.subscription_id}/resourceGroups/rg"
    network = f"{group}/providers/Microsoft.Network"
    vnet = f"{network}/virtualNetworks/net"
    sandbox.store.put(vnet, "Microsoft.Network/virtualNetworks", {"properties": {}})
    sandbox.store.put(
        f"{vnet}/subnets/nodes",
        "Microsoft.Network/virtualNetworks/subnets",
        {"properties": {"addressPrefix": "10.1.0.0/24"}},
    )
    pool = {"name": "pool1", "count": 1, "vnetSubnetID": f"{vnet}/subnets/nodes"}
    body = {"location": "westeurope", "properties": {"nodeResourceGroup": "MC", "agentPoolProfiles": [pool]}}
    sandbox.store.put(f"{group}/providers/{CLUSTER_TYPE}/mine", CLUSTER_TYPE, body)
    place, known = find_place(sandbox.store, sandbox.dataplane, sandbox.settings)
    assert known and (place.cluster, place.vnet, place.node_address(0)) == ("mine", "net", "10.1.0.4")
    assert place.security_group is None
    own = place.vnet_id.split("/providers/")[0].rpartition("/")[0] + "/MC/providers/Microsoft.Network"
    own += f"/networkSecurityGroups/aks-agentpool-{place.number}-nsg"
    sandbox.store.put(own, "Microsoft.Network/networkSecurityGroups", {"properties": {}})
    place, dummy = find_place(sandbox.store, sandbox.dataplane, sandbox.settings)
    assert place.security_group == own
