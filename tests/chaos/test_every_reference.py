# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every option that names another resource takes it in each way to name it, and says what is wrong with a wrong one.

Which options these are follows from the declarations; only what has to stand beside some of them is told here, and how
the resources that they name are made.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import Field
from chaos.test_every_request import GROUP, azure, phases
from integration.examples.twelve import ALL, identity
from support.in_process import InProcess
from support.values import dotted, paths, put

__all__ = ["azure"]

NETWORK, SERVICE = f"{GROUP}/providers/Microsoft.Network", f"{GROUP}/providers/Microsoft.ApiManagement/service"
WEST = {"location": "westeurope"}
STATIC = {**WEST, "sku": {"name": "Standard"}, "properties": {"publicIPAllocationMethod": "Static"}}
#: Type at the end of a reference -> body with which two of them are made.
TARGETS: dict[str, Any] = {
    "networkSecurityGroups": WEST,
    "routeTables": {**WEST, "properties": {"routes": []}},
    "natGateways": {**WEST, "sku": {"name": "Standard"}},
    "serviceEndpointPolicies": WEST,
    "applicationSecurityGroups": WEST,
    "publicIPAddresses": {
        **STATIC,
        "properties": {**STATIC["properties"], "dnsSettings": {"domainNameLabel": "target-NAME"}},
    },
    "subnets": {"properties": {"addressPrefix": "10.230.NUMBER.0/24"}},
    "userAssignedIdentities": WEST,
    "apiVersionSets": {"properties": {"displayName": "NAME", "versioningScheme": "Segment"}},
    "apis": {"properties": {"displayName": "NAME", "path": "NAME", "protocols": ["https"]}},
    "products": {"properties": {"displayName": "NAME", "state": "published"}},
    "users": {"properties": {"firstName": "A", "lastName": "B", "email": "NAME@contoso.com"}},
    "certificates": {"properties": {"keyVault": {"secretIdentifier": "https://contoso.vault.azure.net/secrets/NAME"}}},
    "backends": {"properties": {"url": "https://contoso.com", "protocol": "http"}},
}
#: Types that the sandbox does not have: Azure's answer to such a reference can't be known here.
UNSERVED = {"publicIPPrefixes", "ddosProtectionPlans"}
#: What has to stand beside an option that the examples do not use; null takes away what they have.
BESIDE: dict[str, dict[str, Any]] = {
    "apim_backend.pool.services.id": {"type": "Pool", "url": None, "protocol": None},
    "apim_backend.service_fabric_cluster.client_certificate_id": {
        "service_fabric_cluster": {"management_endpoints": ["https://contoso.com"]}
    },
    "apim_service.subnet": {"virtual_network_type": "Internal"},
    "apim_service.additional_locations.subnet": {
        "virtual_network_type": "Internal",
        "subnet": "contoso-vnet/apim-subnet",
        "sku": {"name": "Premium", "capacity": 1},
        "additional_locations": [{"location": "northeurope", "sku": {"name": "Premium", "capacity": 1}}],
    },
    "apim_service.additional_locations.public_ip_address": {
        "virtual_network_type": "Internal",
        "subnet": "contoso-vnet/apim-subnet",
        "public_ip_address": "apim-ip",
        "sku": {"name": "Premium", "capacity": 1},
        "additional_locations": [
            {
                "location": "northeurope",
                "sku": {"name": "Premium", "capacity": 1},
                "subnet": "north-vnet/apim-subnet",
            }
        ],
    },
    "apim_service.identity.user_assigned_identities": {"identity": {"type": "UserAssigned"}},
}
#: The region where an option's target has to be, with the virtual network of subnets in it.
NORTH = {"apim_service.additional_locations.subnet", "apim_service.additional_locations.public_ip_address"}
VNETS = {"westeurope": "contoso-vnet", "northeurope": "north-vnet"}


def cases() -> Iterator[tuple[str, tuple[Field, ...]]]:
    """(type, path of options) of every reference."""
    for name, resource in sorted(ALL.items()):
        for path in paths(resource.fields, lambda field: field.reference is not None):
            yield name, path


CASES = list(cases())
every_case = pytest.mark.parametrize(
    ("name", "path"), CASES, ids=lambda part: part if isinstance(part, str) else dotted(part)
)


def kind(field: Field) -> str:
    """The type that the reference leads to, as it stands in ids."""
    assert field.reference is not None
    return field.reference.template.rsplit("/", 2)[1]


def test_every_reference_has_a_target() -> None:
    assert len(CASES) >= 20
    assert {kind(path[-1]) for dummy, path in CASES} == TARGETS.keys() | UNSERVED


@pytest.fixture(scope="module")
def north(azure: InProcess) -> None:
    """A virtual network in another region."""
    options = {"resource_group": "contoso-rg", "name": "north-vnet", "location": "northeurope"}
    made = azure.run("virtual_network", {**options, "address_prefixes": ["10.230.0.0/16"]})
    assert not made.get("failed"), made
    subnet = {"resource_group": "contoso-rg", "virtual_network": "north-vnet", "name": "apim-subnet"}
    made = azure.run("vnet_subnet", {**subnet, "address_prefixes": ["10.230.9.0/24"]})
    assert not made.get("failed"), made


@dataclass(frozen=True)
class Reference:
    """One option that names another resource. C(usual): the options of a task that can use it."""

    name: str
    path: tuple[Field, ...]

    @property
    def field(self) -> Field:
        return self.path[-1]

    @property
    def template(self) -> str:
        assert self.field.reference is not None
        return self.field.reference.template

    @property
    def option(self) -> str:
        return f"{self.name}.{dotted(self.path)}"

    @property
    def region(self) -> str:
        return "northeurope" if self.option in NORTH else "westeurope"

    @property
    def usual(self) -> dict[str, Any]:
        found = {**dict(phases(self.name))["create"], **BESIDE.get(self.option, {})}
        return {option: value for option, value in found.items() if value is not None}

    @property
    def place(self) -> dict[str, Any]:
        """The options that name the resource itself."""
        return {option: self.usual[option] for option in identity(ALL[self.name]) if option in self.usual}

    def given(self, value: str) -> dict[str, Any]:
        """The option with this value."""
        return put(self.path, [value] if self.field.type == "list" else value, self.usual)

    def folder(self, service: str = "contoso-apim") -> str:
        """Where targets are, below the subscription: the template without its name."""
        template = self.template.rpartition("/")[0]
        return template.format(resource_group_id=GROUP, service=f"{SERVICE}/{service}", parent=VNETS[self.region])

    def make(self, azure: InProcess, name: str, number: int) -> None:
        """Make what the reference leads to."""
        text = json.dumps(TARGETS[kind(self.field)]).replace("NAME", name).replace("NUMBER", str(number))
        answer = azure.call("PUT", f"{self.folder()}/{name}", json.loads(text.replace("westeurope", self.region)))
        assert answer.status in (200, 201, 202), answer.body
        azure.clock.advance(7200)

    def ways(self, azure: InProcess, name: str) -> Iterator[str]:
        """Everything that people may write for it."""
        full = f"/subscriptions/{azure.it.subscription_id}{self.folder()}/{name}"
        yield f"{VNETS[self.region]}/{name}" if "{parent}" in self.template else name
        yield full
        yield full.upper()
        yield full.replace("resourceGroups", "resourcegroups").replace("providers/Microsoft.", "providers/microsoft.")
        if "{service}" in self.template:
            yield f"/{kind(self.field)}/{name}"


def both(azure: InProcess, name: str, options: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Check mode, which sends no write, and the real run."""
    check = azure.run(name, options, check=True)
    assert [request.method for request in azure.requests if request.method in ("PUT", "PATCH", "DELETE")] == []
    return check, azure.run(name, options)


@pytest.mark.usefixtures("north")
@every_case
def test_each_way_to_name_it_means_the_same(azure: InProcess, name: str, path: tuple[Field, ...]) -> None:
    it = Reference(name, path)
    if kind(it.field) in UNSERVED:
        return
    with azure.undone():
        it.make(azure, "target-one", 1)
        spelled = list(it.ways(azure, "target-one"))
        for value in spelled:
            with azure.undone():
                check, real = both(azure, name, {**it.usual, **it.given(value)})
                assert not real.get("failed"), real["msg"]
                assert check["changed"] is real["changed"] is True
                assert check["diff"] == real["diff"]
                for other in spelled:
                    again = azure.run(name, {**it.place, **it.given(other)})
                    assert not again.get("failed"), again["msg"]
                    assert again["changed"] is False, f"{value} is {other}: {again['diff']}"


def elsewhere(azure: InProcess, it: Reference) -> Iterator[str]:
    """Ids that can't be right, whatever there is."""
    subscription = f"/subscriptions/{azure.it.subscription_id}"
    full = f"{subscription}{it.folder()}/target-one"
    if "{service}" in it.template:
        yield f"{subscription}{it.folder('another-apim')}/target-one"
        yield full.replace("/contoso-rg/", "/another-rg/")
        yield full.replace(azure.it.subscription_id, "00000000-0000-0000-0000-000000000000")
    assert it.field.reference is not None
    if not it.field.reference.any_type:
        yield full.replace(f"/{kind(it.field)}/", "/somethings/")
        yield f"{full}/somethings/else"
        yield subscription + GROUP


@every_case
def test_what_can_not_be_meant_is_refused_before(azure: InProcess, name: str, path: tuple[Field, ...]) -> None:
    it = Reference(name, path)
    wrong = list(elsewhere(azure, it))
    assert len(wrong) >= 3
    for value in wrong:
        with azure.undone():
            check, real = both(azure, name, {**it.usual, **it.given(value)})
        assert check == real
        assert {request.method for request in azure.requests} <= {"GET"}
        assert real["error"]["code"] == "InvalidOptions"
        assert repr(value) in real["msg"]
        assert real["error"]["target"].rpartition(".")[2] == it.field.name


@pytest.mark.usefixtures("north")
@every_case
def test_what_is_not_there_is_told_by_its_name(azure: InProcess, name: str, path: tuple[Field, ...]) -> None:
    """Only Azure knows what exists: check mode can't say. The real run then names what is missing, and so the next."""
    it = Reference(name, path)
    for value in (*it.ways(azure, "target-missing"), *abroad(azure, it)):
        with azure.undone():
            check, real = both(azure, name, {**it.usual, **it.given(value)})
            assert not check.get("failed"), check["msg"]
            if real.get("failed"):
                assert "missing" in real["msg"].lower() or "00000000-" in real["msg"], real["msg"]
                assert real["error"]["status"] in range(400, 500)
                continue
            again = azure.run(name, {**it.place, **it.given(value)})
            assert not again.get("failed") and again["changed"] is False, again


def abroad(azure: InProcess, it: Reference) -> Iterator[str]:
    """Ids of resources in another group and another subscription, which only networks can use."""
    if "{service}" not in it.template:
        full = f"/subscriptions/{azure.it.subscription_id}{it.folder()}/target-missing"
        yield full.replace("/contoso-rg/", "/another-rg/")
        yield full.replace(azure.it.subscription_id, "00000000-0000-0000-0000-000000000000")
