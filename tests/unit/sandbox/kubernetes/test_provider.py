# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The order of calls to ARM, and what is left behind by a call that fails."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from innergate_sandbox.kubernetes.cloud.arm import ArmFailure, failure
from innergate_sandbox.kubernetes.cloud.config import CloudConfig
from innergate_sandbox.kubernetes.cloud.errors import CloudError
from innergate_sandbox.kubernetes.cloud.provider import Provider
from innergate_sandbox.kubernetes.cloud.wish import Wish, read

NSG = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/networkSecurityGroups/aks-nsg"
CONFIG = CloudConfig("s", "MC_rg", "westeurope", "rg", "vnet1", "aks-subnet", NSG)
NODES = {"n1": "10.224.0.4", "n2": "10.224.0.5"}


class Azure:
    """ARM's load balancers, addresses, subnets and groups in memory; refuses what it is told to refuse."""

    def __init__(self) -> None:
        self.things: dict[str, dict[str, Any]] = {}
        self.calls: list[str] = []
        self.refuse: dict[str, ArmFailure] = {}
        for name in ("aks-subnet", "ilb"):
            path = f"{CONFIG.vnet_id}/subnets/{name}"
            self.things[path.lower()] = {"id": path, "name": name, "properties": {"addressPrefix": "10.225.0.0/24"}}
        self.things[NSG.lower()] = {"id": NSG, "name": "aks-nsg", "etag": "1", "properties": {"securityRules": []}}

    def _note(self, method: str, path: str) -> None:
        call = f"{method} {path.split('/Microsoft.Network/')[1]}"
        self.calls.append(call)
        if call in self.refuse:
            raise self.refuse[call]

    async def get(self, path: str) -> dict[str, Any]:
        found = await self.find(path)
        if found is None:
            raise failure("GET", f"https://arm{path}", 404, b"")
        return found

    async def find(self, path: str) -> dict[str, Any] | None:
        self._note("GET", path)
        kind = path.rpartition("/")[2]
        if kind in ("loadBalancers", "publicIPAddresses", "privateLinkServices"):
            below = path.lower() + "/"
            listed = [item for key, item in self.things.items() if key.startswith(below) and key.count("/") == 8]
            return {"value": copy.deepcopy(listed)}
        return copy.deepcopy(self.things.get(path.lower()))

    async def put(self, path: str, body: dict[str, Any], etag: str | None = None) -> dict[str, Any]:
        self._note("PUT", path)
        found = copy.deepcopy(body) | {"id": path, "etag": str(len(self.calls))}
        if "/backendAddressPools/" in path:
            balancer = self.things[path.rpartition("/backendAddressPools/")[0].lower()]
            balancer["properties"]["backendAddressPools"] = [body]
        else:
            self.things[path.lower()] = found
        if "/publicIPAddresses/" in path:
            found["properties"]["ipAddress"] = "203.0.113.1"
        for number, item in enumerate(found["properties"].get("frontendIPConfigurations", [])):
            if "subnet" in item["properties"]:
                item["properties"].setdefault("privateIPAddress", f"10.225.0.{4 + number}")
        return copy.deepcopy(found)

    async def delete(self, path: str) -> None:
        self._note("DELETE", path)
        self.things.pop(path.lower(), None)


def wish(internal: bool = True, uid: int = 1, subnet: str | None = "ilb", **spec: Any) -> Wish:
    annotations = {"service.beta.kubernetes.io/azure-load-balancer-internal": str(internal).lower()}
    if subnet:
        annotations["service.beta.kubernetes.io/azure-load-balancer-internal-subnet"] = subnet
    meta = {"namespace": "default", "name": "web", "uid": str(uid) * 36, "annotations": annotations}
    return read({"metadata": meta, "spec": {"ports": [{"port": 80, "nodePort": 30080}], **spec}})


def told(reason: str, message: str) -> None:
    raise AssertionError(f"unexpected event {reason}: {message}")


def refused(call: str, status: int, code: str) -> ArmFailure:
    method, dummy, path = call.partition(" ")
    return failure(method, f"https://arm/{path}", status, f'{{"error": {{"code": "{code}"}}}}'.encode())


INTERNAL = "loadBalancers/kubernetes-internal"
SUBNET_CALL = "GET virtualNetworks/vnet1/subnets/ilb"


async def test_the_first_internal_service() -> None:
    azure = Azure()
    assert await Provider(azure, CONFIG).ensure(wish(), NODES, told) == [{"ip": "10.225.0.4"}]
    assert azure.calls == [
        "GET loadBalancers",
        SUBNET_CALL,
        f"PUT {INTERNAL}",
        f"PUT {INTERNAL}/backendAddressPools/kubernetes",
        f"GET {INTERNAL}",
        "GET networkSecurityGroups/aks-nsg",
        f"GET {INTERNAL}",
        "GET publicIPAddresses",
    ]


async def test_nothing_to_change_is_nothing_written() -> None:
    azure = Azure()
    provider = Provider(azure, CONFIG)
    await provider.ensure(wish(), NODES, told)
    azure.calls.clear()
    await provider.ensure(wish(), NODES, told)
    assert not [call for call in azure.calls if not call.startswith("GET")]
    assert "GET networkSecurityGroups/aks-nsg" not in azure.calls  # remembered for two minutes


async def test_without_nodes_there_is_an_address_and_no_pool() -> None:
    azure = Azure()
    assert await Provider(azure, CONFIG).ensure(wish(), {}, told) == [{"ip": "10.225.0.4"}]
    assert not [call for call in azure.calls if "backendAddressPools" in call]


async def test_without_annotation_the_configured_subnet_is_taken() -> None:
    azure = Azure()
    await Provider(azure, CONFIG).ensure(wish(subnet=None), NODES, told)
    assert "GET virtualNetworks/vnet1/subnets/aks-subnet" in azure.calls


async def test_a_missing_subnet_is_told_in_the_controllers_own_words() -> None:
    azure = Azure()
    with pytest.raises(CloudError) as caught:
        await Provider(azure, CONFIG).ensure(wish(subnet="nosuch-subnet"), NODES, told)
    assert str(caught.value) == (
        "ensure(default/web): lb(kubernetes-internal) - failed to get subnet: vnet1/nosuch-subnet"
    )
    assert not [call for call in azure.calls if call.startswith("PUT")]


async def test_a_missing_security_group_comes_after_the_address_was_taken() -> None:
    azure = Azure()
    del azure.things[NSG.lower()]
    with pytest.raises(CloudError, match=r'^nsg "aks-nsg" not found$'):
        await Provider(azure, CONFIG).ensure(wish(), NODES, told)
    assert f"{CONFIG.network}/{INTERNAL}".lower() in azure.things


async def test_a_list_that_is_refused_is_told_twice() -> None:
    azure = Azure()
    azure.refuse["GET loadBalancers"] = refused("GET loadBalancers", 403, "AuthorizationFailed")
    events: list[str] = []
    with pytest.raises(CloudError, match=r"^reconcileLoadBalancer: failed to list managed LB: GET https://arm"):
        await Provider(azure, CONFIG).ensure(wish(), NODES, lambda reason, message: events.append(reason))
    assert events == ["ListLoadBalancers"]


async def test_source_ranges_are_written_before_the_address_is_told() -> None:
    azure = Azure()
    await Provider(azure, CONFIG).ensure(wish(loadBalancerSourceRanges=["10.9.0.0/16"]), NODES, told)
    (rule,) = azure.things[NSG.lower()]["properties"]["securityRules"]
    assert rule["properties"]["destinationAddressPrefix"] == "10.225.0.4"


async def test_a_public_service_and_its_way_to_the_inside() -> None:
    azure = Azure()
    provider = Provider(azure, CONFIG)
    assert await provider.ensure(wish(internal=False), NODES, told) == [{"ip": "203.0.113.1"}]
    base = wish().base
    assert [call for call in azure.calls if call.startswith("PUT")] == [
        f"PUT publicIPAddresses/kubernetes-{base}",
        "PUT loadBalancers/kubernetes",
        "PUT loadBalancers/kubernetes/backendAddressPools/kubernetes",
        "PUT networkSecurityGroups/aks-nsg",
    ]
    pip = azure.things[f"{CONFIG.network}/publicIPAddresses/kubernetes-{base}".lower()]
    assert pip["tags"] == {"k8s-azure-cluster-name": "kubernetes", "k8s-azure-service": "default/web"}
    azure.calls.clear()
    assert await provider.ensure(wish(), NODES, told) == [{"ip": "10.225.0.4"}]
    writes = [call for call in azure.calls if not call.startswith("GET")]
    assert writes.index(f"PUT {INTERNAL}") < writes.index("DELETE loadBalancers/kubernetes")
    assert writes[-1] == f"DELETE publicIPAddresses/kubernetes-{base}"


async def test_the_way_back_to_the_outside() -> None:
    azure = Azure()
    provider = Provider(azure, CONFIG)
    await provider.ensure(wish(), NODES, told)
    azure.calls.clear()
    await provider.ensure(wish(internal=False), NODES, told)
    writes = [call for call in azure.calls if not call.startswith("GET")]
    assert writes[0].startswith("PUT publicIPAddresses/")
    assert writes[-1] == f"DELETE {INTERNAL}"


class TestDelete:
    async def test_the_last_service(self) -> None:
        azure = Azure()
        provider = Provider(azure, CONFIG)
        await provider.ensure(wish(), NODES, told)
        assert await provider.exists(wish())
        azure.calls.clear()
        await provider.delete(wish(), told)
        assert [call for call in azure.calls if not call.startswith("GET")] == [f"DELETE {INTERNAL}"]
        assert "GET privateLinkServices" in azure.calls
        assert not await provider.exists(wish())

    async def test_others_keep_the_load_balancer(self) -> None:
        azure = Azure()
        provider = Provider(azure, CONFIG)
        await provider.ensure(wish(uid=1), NODES, told)
        await provider.ensure(wish(uid=2), NODES, told)
        azure.calls.clear()
        await provider.delete(wish(uid=1), told)
        assert [call for call in azure.calls if not call.startswith("GET")] == [f"PUT {INTERNAL}"]
        assert await provider.exists(wish(uid=2))

    async def test_rules_go_first_and_the_public_address_last(self) -> None:
        azure = Azure()
        provider = Provider(azure, CONFIG)
        await provider.ensure(wish(internal=False), NODES, told)
        azure.calls.clear()
        await provider.delete(wish(internal=False), told)
        assert [call for call in azure.calls if not call.startswith("GET")] == [
            "PUT networkSecurityGroups/aks-nsg",
            "DELETE loadBalancers/kubernetes",
            f"DELETE publicIPAddresses/kubernetes-{wish().base}",
        ]
        assert azure.things[NSG.lower()]["properties"]["securityRules"] == []

    async def test_what_is_forbidden_is_left_behind(self) -> None:
        azure = Azure()
        provider = Provider(azure, CONFIG)
        await provider.ensure(wish(), NODES, told)
        azure.refuse[f"DELETE {INTERNAL}"] = refused(f"DELETE {INTERNAL}", 403, "AuthorizationFailed")
        events: list[str] = []
        await provider.delete(wish(), lambda reason, message: events.append(reason))
        assert events == ["DeleteLoadBalancer"]
        assert await provider.exists(wish())

    async def test_other_failures_are_failures(self) -> None:
        azure = Azure()
        provider = Provider(azure, CONFIG)
        await provider.ensure(wish(), NODES, told)
        azure.refuse[f"DELETE {INTERNAL}"] = refused(f"DELETE {INTERNAL}", 409, "AnotherOperationInProgress")
        with pytest.raises(ArmFailure, match="AnotherOperationInProgress"):
            await provider.delete(wish(), told)


async def test_other_nodes_are_written_into_the_pool_alone() -> None:
    azure = Azure()
    provider = Provider(azure, CONFIG)
    await provider.ensure(wish(), NODES, told)
    azure.calls.clear()
    await provider.update(wish(), {"n1": "10.224.0.4"})
    assert [call for call in azure.calls if not call.startswith("GET")] == [
        f"PUT {INTERNAL}/backendAddressPools/kubernetes"
    ]
