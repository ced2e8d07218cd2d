# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Inventories, credentials and clusters with which the site playbook can't work: one message that says what to do.

Each inventory is that of a host beside a healthy one, so that one run shows two things: what people read, and that
one environment's mistakes are no other's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import certifi
import pytest
from chaos.environments import (
    Spoil,
    api,
    as_text,
    both,
    call,
    cluster,
    consumer,
    inventory,
    manifests,
    network,
    patient,
    policy,
    product,
    service,
    subnet,
    verification,
    workload,
)
from chaos.site import Site
from support.demo import GROUP, NETWORK
from support.playbook import Run, Step
from support.sandbox import Sandbox

DENY = {"priority": 100, "direction": "Inbound", "access": "Deny", "protocol": "*", "source_address_prefix": "*",
        "source_port_range": "*", "destination_address_prefix": "*", "destination_port_range": "*"}  # fmt: skip
CLOSED = [{"name": "closed-nsg", "security_rules": [{"name": "DenyAll", **DENY}]}]

#: Inventories that can't work before anything exists: what is wrong with them, and words of the message.
BEFORE: dict[str, tuple[Spoil, tuple[str, ...]]] = {
    "unknown-mode": (service(mode="Sideways"), ("must be one of", "External", "Internal", "Sideways")),
    "missing-service": (service(name="nobody"), ("nobody", "aks-demo-rg", "create it first")),
    "missing-network": (network(virtual_network="nowhere"), ("nowhere", "aks-demo-rg", "create it")),
    "tier-without-networks": (service(name="apim-basic"), ("apim-basic", "the tier Basic can't", "to do: move")),
    "too-small": (
        both(service(name="apim-v2"), subnet(name="small", prefix_length=28, delegation="Microsoft.Web/serverFarms")),
        ("apim-v2", "small", "/27", "to do:"),
    ),
    "no-such-size": (
        both(network(virtual_network="odd"), subnet(name="apim", prefix_length=55)),
        ("subnet apim", "55", "between"),
    ),
    "overlapping": (
        both(network(virtual_network="busy"), subnet(name="clash", address_prefix="10.70.0.0/25")),
        ("clash", "10.70.0.0/25", "overlaps", "10.70.0.0/24", "taken", "busy"),
    ),
    "full": (network(virtual_network="tiny"), ("tiny", "no room", "api-ingress-subnet", "address prefix")),
    "occupied": (service(name="apim-v2", subnet="aks-subnet"), ("apim-v2", "aks-subnet", "to do:")),
    "delegated": (
        subnet(name="lent", delegation="Microsoft.DBforPostgreSQL/flexibleServers"),
        ("lent", "delegated to Microsoft.DBforPostgreSQL/flexibleServers", "to do:"),
    ),
    "another-region": (
        both(
            network(virtual_network="north", network_security_groups=[{"name": "north-nsg"}]),
            subnet(name="far", network_security_group="north-nsg"),
        ),
        ("apim-demo", "northeurope", "West Europe", "to do:"),
    ),
    "blocked-management": (
        both(network(network_security_groups=CLOSED), subnet(name="closed", network_security_group="closed-nsg")),
        ("closed-nsg", "3443", "DenyAll", "to do:"),
    ),
    "throttling": (
        product(throttling={"calls": 100, "renewal_period": 3600}),
        ("product internal", "throttling.renewal_period", "from 1 to 300", "3600"),
    ),
    "quota": (product(quota={"renewal_period": 60}), ("product internal", "quota needs calls", "at least 300")),
    "limit-in-a-policy": (
        api(policy=policy('<rate-limit calls="1" renewal-period="301" />')),
        ("API random", "renewal-period", "from 1 to 300"),
    ),
    "workload-like-a-service": (
        both(
            workload(namespace="alike"),
            consumer(
                name="api", namespace="alike", workload={"image": "web", "container_port": 80, "exposure": "public"}
            ),
        ),
        ("service api", "2 services or workloads of consumers", "a name of its own"),
    ),
    "service-as-text": (
        # Templates that look something up in it would fail first.
        both(network(network_security_groups=[]), verification(proxy=""), as_text("innergate_apim")),
        ("innergate_apim is a text", "give a dictionary", "from_json"),
    ),
    "others-as-texts": (
        both(network(network_security_groups=[]), as_text("innergate_network", "innergate_cluster")),
        ("innergate_network is a text", "innergate_cluster is a text"),
    ),
    "name-of-an-api": (api(name="a*b"), ("API a*b", "not a name that Azure accepts")),
}

#: Inventories that can't work in an environment that is finished otherwise: what is wrong, and words of the message.
AFTER: dict[str, tuple[Spoil, tuple[str, ...]]] = {
    "specification": (
        api(name="broken", path="broken", specification={"format": "openapi+json", "content": '{"openapi": "3.0.1", '}),
        ("broken", "specification", "line 1"),
    ),
    "policy": (api(policy="<policies>\n<inbound>\n</policies>"), ("random", "line 3", "<inbound>")),
    "backend": (
        api(policy=policy('<set-backend-service backend-id="nobody" />')),
        ("random", "backend nobody", "create it first"),
    ),
    "path": (api(name="second", path="echo"), ("second", "echo", "echo-api", "path of its own")),
    "api-of-a-product": (product(apis=["nobody"]), ("internal", "nobody", "neither described nor there")),
    "key-of-a-call": (call(subscription="nobody"), ("nobody", "apim-demo", "create it first")),
    "answer": (call(status=[418]), ("/random/", "200 instead of 418")),
}

SECRET = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "shown"}, "stringData": {"password": "hunter2"}}
UNSERVED = {**SECRET, "metadata": {"name": "unserved"}}

#: Names that lead nowhere, that Kubernetes does not take or that something else has: refused before anything is made.
NOWHERE: dict[str, tuple[Spoil, tuple[str, ...]]] = {
    "address": (api(service="nobody"), ("random", "nobody", "service_url")),
    "inside-the-cluster": (
        workload(exposure="cluster", namespace="inside"),
        ("random", "api", "exposure", "node_port"),
    ),
    "nothing-answers": (api(service=""), ("random", "nothing answers", "service_url")),
    "product": (consumer(name="lonely", product="externl"), ("lonely", "externl", "external", "apim_product")),
    "renamed-product": (product(name="inside"), ("inside", "Internal callers", "product internal", "keep the name")),
    "subnet-of-a-load-balancer": (
        workload(name="lost", subnet="nowhere"),
        ("demo/lost", "nowhere", "aks-vnet", "to do:"),
    ),
    "subnet-of-the-service": (service(subnet="apimsubnet"), ("innergate_apim", "apimsubnet", "apim-subnet", "to do:")),
    "missing-security-group": (
        subnet(name="bare", network_security_group="nobody-nsg"),
        ("bare", "nobody-nsg", "first"),
    ),
    "missing-route-table": (subnet(name="routed", route_table="nobody-routes"), ("routed", "nobody-routes", "first")),
    "name-of-a-service": (workload(name="API_1"), ("API_1", "Kubernetes", "small letters")),
    "kinds-of-manifests": (
        manifests({**SECRET, "kind": "secret"}, {**SECRET, "metadata": {"name": "fine"}}, {**SECRET, "kind": "svc"}),
        ("manifests[0]: secret is no kind of v1; did you mean Secret?", "manifests[2]: svc", "did you mean Service?"),
    ),
    "kinds-that-nobody-serves": (
        manifests(
            {**UNSERVED, "apiVersion": "core/v1"},
            {**UNSERVED, "kind": "Secrett"},
            {**UNSERVED, "apiVersion": "apps/v1beta1", "kind": "Deployment"},
            {**UNSERVED, "apiVersion": "example.com/v1", "kind": "Widget"},
        ),
        (
            "aks_services_manifests[0]: the cluster does not serve core/v1; did you mean Secret of v1?",
            "aks_services_manifests[1]: Secrett is no kind of v1; did you mean Secret?",
            "aks_services_manifests[2]: the cluster does not serve apps/v1beta1; did you mean Deployment of apps/v1?",
            "aks_services_manifests[3]: the cluster does not serve example.com/v1, and no CustomResourceDefinition",
        ),
    ),
    "words-of-manifests": (
        manifests({**UNSERVED, "apiVersion": "/v1", "metadata": {"name": "x"}}, {**UNSERVED, "kind": "Secret "}),
        ("aks_services_manifests[0]: apiVersion '/v1' is none", "aks_services_manifests[1]: kind 'Secret ' is none"),
    ),
    "shapes-of-manifests": (
        manifests({"apiVersion": "v1", "kind": "List", "items": [SECRET]}, SECRET, {**SECRET, "metadata": {"name": 5}}),
        ("aks_services_manifests[0] is a list of objects", "aks_services_manifests[2]: metadata.name is 5"),
    ),
    "manifest-like-a-service": (
        both(
            workload(namespace="twice"),
            manifests({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "api", "namespace": "twice"}}),
        ),
        ("aks_services_manifests[0] and service api describe the same object", "twice/api"),
    ),
    "port-of-a-service": (
        workload(container_port=70000, replicas=-1, namespace="ports"),
        ("service api", "container_port has to be from 1 to 65535, not 70000", "replicas has to be from 0"),
    ),
    "name-of-a-variable": (workload(env={"GRÜSSE": "1"}, namespace="greetings"), ("service api", "env", "GRÜSSE")),
}


#: Networks beside that of the cluster: location, range, and a subnet that has it all.
NETWORKS = {
    "north": ("northeurope", "10.50.0.0/16", None),
    "tiny": ("westeurope", "10.60.0.0/27", None),
    "busy": ("westeurope", "10.70.0.0/16", "10.70.0.0/24"),
    "odd": ("westeurope", "10.80.0.0/16", None),
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A sandbox that has services of other tiers and other networks, too."""
    running = Sandbox(tmp_path_factory.mktemp("sandbox"), "--seed", "demo").up()
    services = f"{GROUP}/providers/Microsoft.ApiManagement/service"
    publisher = {"publisherEmail": "apis@example.com", "publisherName": "Example"}
    for name, tier in (("apim-basic", "Basic"), ("apim-v2", "StandardV2")):
        body = {"location": "westeurope", "sku": {"name": tier, "capacity": 1}, "properties": publisher}
        assert running.arm("PUT", f"{services}/{name}", body).status_code in (201, 202)
    for name, (location, prefix, taken) in NETWORKS.items():
        subnets = [{"name": "taken", "properties": {"addressPrefix": taken}}] if taken else []
        body = {
            "location": location,
            "properties": {"addressSpace": {"addressPrefixes": [prefix]}, "subnets": subnets},
        }
        assert running.arm("PUT", f"{NETWORK}/virtualNetworks/{name}", body, "2025-05-01").status_code == 201
    yield Site(running)
    running.down()


@pytest.fixture
def unreachable(tmp_path: Path) -> str:
    """The kubeconfig of a cluster where nothing answers."""
    config = tmp_path / "kubeconfig"
    config.write_text(
        "{apiVersion: v1, kind: Config, current-context: x, contexts: [{name: x, context: {cluster: x, user: x}}],"
        " clusters: [{name: x, cluster: {server: 'https://127.0.0.1:1'}}], users: [{name: x, user: {}}]}",
        encoding="utf-8",
    )
    return str(config)


def with_patients(site: Site, tmp_path: Path, cases: Mapping[str, tuple[Spoil, tuple[str, ...]]], *options: str) -> Run:
    """Run the site playbook for the healthy host and one for each case."""
    file = tmp_path / "patients.yml"
    file.write_text(inventory({name: patient(spoil) for name, (spoil, _words) in cases.items()}), encoding="utf-8")
    return site("-i", str(file), *options)


def failures(run: Run) -> dict[str, list[Step]]:
    """What failed on each host."""
    found: dict[str, list[Step]] = {}
    for step in run.failures:
        found.setdefault(step.host, []).append(step)
    return found


def unclear(steps: list[Step], *words: str) -> str:
    """What is wrong with what people are told; empty if nothing is."""
    if not steps:
        return "nothing failed"
    message = str(steps[0].result.get("msg"))
    missing = [word for word in words if word.lower() not in message.lower()]
    if missing:
        return f"{missing} not in: {message}"
    if any(phrase in message for phrase in ("Error while", "has no attribute", "Traceback")):
        return f"not for people: {message}"
    return "" if len({step.task for step in steps}) == 1 else f"more than one task failed: {[s.task for s in steps]}"


def problems(run: Run, cases: Mapping[str, tuple[Spoil, tuple[str, ...]]]) -> list[str]:
    """Cases that people can't understand."""
    assert run.code == 2, run.output
    assert "Traceback" not in run.output
    found = failures(run)
    told = {case: unclear(found.pop(case, []), *words) for case, (_spoil, words) in cases.items()}
    assert not found, f"others failed, too: {found}"
    return [f"{case}: {text}" for case, text in told.items() if text]


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"AZURE_SECRET": "not-the-secret"}, ("AADSTS7000215", "AZURE_SECRET")),
        (
            {"AZURE_CLOUD_ENVIRONMENT": "https://localhost:1"},
            ("localhost:1", "Connection refused", "check the address"),
        ),
        (
            dict.fromkeys(("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"), certifi.where()),
            ("certificate", "REQUESTS_CA_BUNDLE"),
        ),
    ],
)
def test_without_access_to_azure(site: Site, environment: dict[str, str], words: tuple[str, ...]) -> None:
    run = site(**environment)
    assert run.code == 2 and "Traceback" not in run.output
    assert not unclear(run.failures, *words)
    assert "not-the-secret" not in run.output


def test_without_the_right_on_the_subnet(site: Site) -> None:
    site.sandbox.fault(
        {"path": "subnets/apim", "then": {"deny": "Microsoft.Network/virtualNetworks/subnets/join/action"}}
    )
    run = site()
    site.sandbox.clear_faults()
    assert run.code == 2 and "Traceback" not in run.output
    assert not unclear(run.failures, "apim-subnet", "subnets/join/action", "Network Contributor")


def test_before_anything_exists(site: Site, tmp_path: Path) -> None:
    run = with_patients(site, tmp_path, BEFORE)
    unclear_ones = problems(run, BEFORE)
    assert not unclear_ones, "\n".join(unclear_ones)
    assert run.recap["apim-demo"]["failed"] == 0 and run.recap["apim-demo"]["changed"] > 10


def test_in_a_finished_environment(site: Site, tmp_path: Path, unreachable: str) -> None:
    cases = {**AFTER, "cluster": (cluster(kubeconfig=unreachable), ("127.0.0.1:1", "refused", "check kubeconfig"))}
    options = ("-e", "apim_verification_patience=3", "-e", "aks_service_addresses_wait_timeout=12")
    run = with_patients(site, tmp_path, cases, *options)
    unclear_ones = problems(run, cases)
    assert not unclear_ones, "\n".join(unclear_ones)
    # All of them write to one ledger here, so that the healthy host may have to put its part back into it.
    assert run.recap["apim-demo"]["failed"] == 0 and run.recap["apim-demo"]["changed"] <= 1


def test_names_that_lead_nowhere(site: Site, tmp_path: Path) -> None:
    run = with_patients(site, tmp_path, NOWHERE, "--check")
    unclear_ones = problems(run, NOWHERE)
    assert not unclear_ones, "\n".join(unclear_ones)
    assert {case: run.recap[case]["changed"] for case in NOWHERE} == dict.fromkeys(NOWHERE, 0)
    assert "hunter2" not in run.output


@pytest.mark.parametrize("tags", ["addresses", "consumers"])
def test_later_without_access_to_the_cluster(site: Site, unreachable: str, tags: str) -> None:
    run = site("--tags", tags, KUBECONFIG=unreachable, K8S_AUTH_KUBECONFIG=unreachable)
    assert run.code == 2 and "Traceback" not in run.output
    assert not unclear(run.failures, "https://127.0.0.1:1", "Connection refused", "check kubeconfig")


def test_a_service_that_answers_500(site: Site) -> None:
    site.sandbox.fault({"method": "GET", "path": "/service/apim-demo$", "then": {"status": 500}})
    run = site("--tags", "join")
    site.sandbox.clear_faults()
    assert run.code == 2 and "Traceback" not in run.output
    assert not unclear(run.failures, "apim-demo", "500", "request id", "run it again later")
