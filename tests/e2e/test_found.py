# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What was there before comes back: a connection to a VNET, and what has the names of backends and version sets."""

from __future__ import annotations

from typing import Any

from e2e.conftest import Site
from e2e.environment import environment_of
from support.demo import NETWORK, SERVICE, VNET
from support.playbook import Run, on_controller, run_playbook
from support.sandbox import Sandbox

#: What API Management needs of a subnet (Microsoft Learn: virtual-network-reference).
THEIR_RULES = {
    "securityRules": [
        {
            "name": name,
            "properties": {
                "priority": priority,
                "direction": "Inbound",
                "access": "Allow",
                "protocol": "Tcp",
                "sourceAddressPrefix": source,
                "sourcePortRange": "*",
                "destinationAddressPrefix": "VirtualNetwork",
                "destinationPortRange": port,
            },
        }
        for name, priority, source, port in (
            ("clients", 100, "Internet", "443"),
            ("manage", 110, "ApiManagement", "3443"),
        )
    ]
}


def put(sandbox: Sandbox, path: str, properties: dict[str, Any], version: str = "2024-05-01", **more: Any) -> str:
    """Something of somebody else, and its id."""
    answer = sandbox.arm("PUT", path, {"properties": properties, **more}, version)
    assert answer.status_code in (200, 201, 202), answer.text
    return at_rest(sandbox, path, version)


def at_rest(sandbox: Sandbox, path: str, version: str = "2024-05-01") -> str:
    """The id of a resource, when Azure is not at work on it any more."""

    def found() -> dict[str, Any]:
        answer = sandbox.arm("GET", path, version=version)
        return dict(answer.json()) if answer.status_code == 200 else {}

    sandbox.until(lambda: (found().get("properties") or {}).get("provisioningState", "Succeeded") == "Succeeded")
    return str(found()["id"])


def done(run: Run) -> Run:
    """The run, if all went well."""
    assert run.code == 0, run.output
    return run


def role(name: str, ledger: dict[str, str], **variables: Any) -> dict[str, Any]:
    """A task that includes a role which keeps a ledger."""
    own = {f"{name}_{key}": value for key, value in variables.items()}
    return {
        "ansible.builtin.include_role": {"name": f"innergate.azure.{name}"},
        "vars": {**own, f"{name}_ledger": ledger},
    }


def play(sandbox: Sandbox, *tasks: dict[str, Any], check: bool = False) -> Run:
    """A run of these tasks on the controller."""
    options = ["--check"] if check else []
    return run_playbook(on_controller(*tasks), *options, environment=sandbox.environment)


def test_a_connection_that_was_found_is_restored(sandbox: Sandbox, site: Site) -> None:
    """With the service, its subnet and its address as they were; another teardown has nothing to do.

    So is an address that others have made for the service, and the DNS label under which clients know it.
    """
    network = "2025-05-01"
    group = put(sandbox, f"{NETWORK}/networkSecurityGroups/their-nsg", THEIR_RULES, network, location="westeurope")
    subnet = {"addressPrefix": "10.239.1.0/27", "networkSecurityGroup": {"id": group}}
    subnet_id = put(sandbox, f"{VNET}/subnets/their-subnet", subnet, network)
    address = {"publicIPAllocationMethod": "Static", "dnsSettings": {"domainNameLabel": "theirs"}}
    more = {"location": "westeurope", "sku": {"name": "Standard"}}
    address_id = put(sandbox, f"{NETWORK}/publicIPAddresses/their-ip", address, network, **more)
    known = {**address, "dnsSettings": {"domainNameLabel": "contoso-apis"}}
    put(sandbox, f"{NETWORK}/publicIPAddresses/apim-demo-ip", known, network, **more)
    connection = {"virtualNetworkType": "External", "virtualNetworkConfiguration": {"subnetResourceId": subnet_id}}
    joined = sandbox.arm("PATCH", SERVICE, {"properties": {**connection, "publicIpAddressId": address_id}})
    assert joined.status_code == 202, joined.text
    at_rest(sandbox, SERVICE)
    theirs = environment_of(sandbox)
    done(site("site", "--tags", "network"))
    assert environment_of(sandbox)["service"]["properties"]["publicIpAddressId"].endswith("/apim-demo-ip")
    assert site("site", "--tags", "network").changed == 0
    back = done(site("teardown", "--tags", "network"))
    assert "apim-demo goes back to subnet their-subnet (External) with public IP address their-ip." in back.output
    assert "public_ip_address aks-demo-rg/apim-demo-ip stays: it was there before." in back.output
    assert "apim_vnet_connection apim-demo stays" not in back.output
    assert environment_of(sandbox) == theirs
    assert done(site("teardown", "--tags", "network")).changed == 0


def test_backends_and_version_sets_that_were_found_stay(sandbox: Sandbox) -> None:
    """So does what else a service may have that has the same names."""
    put(sandbox, f"{SERVICE}/backends/shared", {"url": "https://theirs.example", "protocol": "http"})
    put(sandbox, f"{SERVICE}/apiVersionSets/versions", {"displayName": "versions", "versioningScheme": "Segment"})
    for kind, properties in (
        ("tags", {"displayName": "shared"}),
        ("groups", {"displayName": "shared"}),
        ("namedValues", {"displayName": "shared", "value": "theirs"}),
    ):
        put(sandbox, f"{SERVICE}/{kind}/shared", properties)
    theirs = environment_of(sandbox)
    ledger = {"resource_group": "aks-demo-rg", "service_name": "apim-demo"}
    url = "https://ours.example"
    apis = [
        {"name": "one", "path": "one", "service_url": url, "backend": {"name": "shared"}},
        {"name": "two", "path": "two", "service_url": url, "backend": {}, "version_set": {"name": "versions"}},
        {"name": "three", "path": "three", "service_url": url, "version_set": {"name": "ours"}, "api_version": "v1"},
    ]
    apis[1]["api_version"] = "v1"
    products = [{"name": "shared", "groups": ["shared"], "apis": ["one"]}]

    def run(*tasks: dict[str, Any]) -> Run:
        return done(play(sandbox, *tasks))

    apim_apis = role("apim_apis", ledger, **ledger, apis=apis)
    apim_products = role("apim_products", ledger, **ledger, products=products)
    assert run(apim_apis, apim_products).changed
    assert run(apim_apis, apim_products).changed == 0
    gone = {"state": "absent"}
    run(role("apim_products", ledger, **ledger, **gone), role("apim_apis", ledger, **ledger, **gone))
    after = environment_of(sandbox)
    # What was there before keeps the settings that it was given; the guide says so.
    assert after["backends"]["value"][0]["properties"]["url"] == url
    for kind in ("apis", "products", "apiVersionSets", "tags", "groups", "namedValues", "subscriptions"):
        assert after[kind] == theirs[kind], kind
    assert [item["name"] for item in after["backends"]["value"]] == ["shared"]


def test_what_others_use_by_now_stays_until_they_do_not(sandbox: Sandbox) -> None:
    """Azure removes neither a backend that a policy names nor a version set with versions."""
    ledger = {"resource_group": "aks-demo-rg", "service_name": "apim-demo"}
    url = "https://ours.example"
    apis = [
        {"name": "backed", "path": "backed", "service_url": url, "backend": {}},
        {
            "name": "v1",
            "path": "v",
            "service_url": url,
            "version_set": {"name": "versions-of-ours"},
            "api_version": "v1",
        },
    ]
    before = environment_of(sandbox)
    done(play(sandbox, role("apim_apis", ledger, **ledger, apis=apis)))
    answer = sandbox.arm("GET", f"{SERVICE}/apiVersionSets/versions-of-ours")
    theirs = {"displayName": "v2", "path": "v", "protocols": ["https"], "serviceUrl": "https://theirs.example"}
    put(sandbox, f"{SERVICE}/apis/v2", {**theirs, "apiVersion": "v2", "apiVersionSetId": answer.json()["id"]})
    uses = '<policies><inbound><base /><set-backend-service backend-id="backed" /></inbound></policies>'
    put(sandbox, f"{SERVICE}/apis/v2/policies/policy", {"format": "rawxml", "value": uses})
    gone = role("apim_apis", ledger, **ledger, state="absent")
    start = sandbox.moment()
    rehearsed = done(play(sandbox, gone, check=True))
    assert sandbox.writes(start) == []
    run = done(play(sandbox, gone))
    again = done(play(sandbox, gone))
    for told in (rehearsed, run, again):
        assert "apim_version_set versions-of-ours stays: API v2 is a version of it." in told.output
    for told in (run, again):
        assert "apim_backend backed stays, for Azure does not remove it: " in told.output
        assert "/apis/v2/" in told.output
    assert again.changed == 0
    left = environment_of(sandbox)
    assert [item["name"] for item in left["apis"]["value"] if item["name"] in ("backed", "v1", "v2")] == ["v2"]
    # What is still noted as made is brought to what is described, and goes when nobody uses it any more.
    done(play(sandbox, role("apim_apis", ledger, **ledger, apis=apis)))
    assert sandbox.arm("DELETE", f"{SERVICE}/apis/v2").status_code in (200, 202, 204)
    sandbox.until(lambda: sandbox.arm("GET", f"{SERVICE}/apis/v2").status_code == 404)
    last = done(play(sandbox, gone))
    assert "versions-of-ours stays" not in last.output and "backed stays" not in last.output
    assert environment_of(sandbox) == before
