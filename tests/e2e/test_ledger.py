# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A teardown removes what site made, by its record, and nothing else. The tests build on each other, in this order."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from e2e.conftest import Edit, Site
from e2e.environment import Cluster, environment_of
from support.demo import GROUP, SERVICE, VNET
from support.playbook import Run
from support.sandbox import Sandbox

NETWORK = f"{GROUP}/providers/Microsoft.Network"
NAMESPACE = "/api/v1/namespaces/demo"


@pytest.fixture(scope="module")
def cluster(sandbox: Sandbox) -> Cluster:
    """The cluster as its administrator sees it."""
    return Cluster(sandbox)


@pytest.fixture(scope="module")
def before(sandbox: Sandbox) -> dict[str, Any]:
    """The environment as it was before the first run."""
    return environment_of(sandbox)


def put(sandbox: Sandbox, path: str, properties: dict[str, Any], version: str = "2024-05-01", **more: Any) -> None:
    """Something of somebody else."""
    answer = sandbox.arm("PUT", path, {"properties": properties, **more}, version)
    assert answer.status_code in (200, 201, 202), answer.text


def done(run: Run) -> Run:
    """The run, if all went well."""
    assert run.code == 0, run.output
    return run


def refuses(sandbox: Sandbox, site: Site, name: str, *options: str, inventory: Path, words: tuple[str, ...]) -> None:
    """A run is refused in these words, in check mode, too, and before anything is written."""
    for mode in (["--check"], []):
        start = sandbox.moment()
        run = site(name, *options, *mode, inventory=inventory)
        assert run.code != 0 and all(word in run.message for word in words), run.output
        assert run.changed == 0 and sandbox.writes(start) == []


def without(key: str, *names: str) -> Edit:
    """Leaves these names out of a list of the inventory."""

    def edit(content: dict[str, Any]) -> None:
        content[key] = [item for item in content[key] if item["name"] not in names]

    return edit


def with_host(folder: Path, host: str) -> Path:
    """The inventory, with another name for its host."""
    path = folder / "hosts.yml"
    path.write_text(path.read_text(encoding="utf-8").replace(" apim-demo:", f" {host}:"), encoding="utf-8")
    return folder


def test_what_was_there_before_stays(sandbox: Sandbox, site: Site, cluster: Cluster, before: dict[str, Any]) -> None:
    network = "2025-05-01"
    put(sandbox, f"{NETWORK}/networkSecurityGroups/apim-nsg", {}, network, location="westeurope")
    put(sandbox, f"{VNET}/subnets/api-ingress-subnet", {"addressPrefix": "10.239.200.0/24"}, network)
    put(sandbox, f"{SERVICE}/products/internal", {"displayName": "Theirs", "state": "published"})
    api = {"displayName": "Theirs", "path": "random", "protocols": ["https"], "serviceUrl": "https://theirs.example"}
    put(sandbox, f"{SERVICE}/apis/random", api)
    product = sandbox.arm("GET", f"{SERVICE}/products/internal").json()["id"]
    put(sandbox, f"{SERVICE}/subscriptions/web", {"displayName": "theirs", "scope": product})
    cluster.create("/api/v1/namespaces", {"kind": "Namespace", "metadata": {"name": "demo"}})
    cluster.create(f"{NAMESPACE}/configmaps", {"kind": "ConfigMap", "metadata": {"name": "theirs"}})
    cluster.create(f"{NAMESPACE}/secrets", {"kind": "Secret", "metadata": {"name": "web-apim"}})
    theirs = environment_of(sandbox)
    done(site("site"))
    assert done(site("site", "--skip-tags", "verification")).changed == 0
    run = done(site("teardown"))
    for name in ("apim-nsg", "api-ingress-subnet", "internal", "random", "web", "Namespace/demo", "Secret/web-apim"):
        assert any(name in str(step.result.get("msg")) and "stays" in step.result["msg"] for step in run.steps), name
    after = environment_of(sandbox)
    for kind in ("products", "apis", "subscriptions", "namedValues", "network/publicIPAddresses"):
        assert names(after[kind]) == names(theirs[kind]), kind
    assert names(after["network/networkSecurityGroups"]) == names(theirs["network/networkSecurityGroups"])
    assert after["network/virtualNetworks"] == theirs["network/virtualNetworks"]
    assert after["service"] == theirs["service"]
    assert sandbox.arm("GET", f"{SERVICE}/apis/random/operations").json()["value"] == []
    assert sandbox.arm("GET", f"{SERVICE}/products/internal/apis").json()["value"] == []
    assert cluster.exists(f"{NAMESPACE}/configmaps/theirs") and cluster.exists(f"{NAMESPACE}/secrets/web-apim")
    assert not cluster.exists("/apis/apps/v1/namespaces/demo/deployments/api")
    assert not cluster.exists(f"{NAMESPACE}/services/web")
    assert done(site("teardown")).changed == 0
    for path in (f"{SERVICE}/subscriptions/web", f"{SERVICE}/products/internal", f"{SERVICE}/apis/random"):
        assert sandbox.arm("DELETE", path).status_code in (200, 202, 204)
    for path in (f"{VNET}/subnets/api-ingress-subnet", f"{NETWORK}/networkSecurityGroups/apim-nsg"):
        assert sandbox.arm("DELETE", path, version=network).status_code in (200, 202, 204)
    cluster.delete("/api/v1/namespaces/demo")
    sandbox.settled(f"{NETWORK}/networkSecurityGroups/apim-nsg", version=network)
    assert environment_of(sandbox) == before


def names(listed: dict[str, Any]) -> list[str]:
    """The names of a list that ARM answered."""
    return sorted(item["name"] for item in listed["value"])


def test_a_killed_run_can_be_torn_down(sandbox: Sandbox, site: Site, before: dict[str, Any]) -> None:
    site.kill("site", lambda start: any(entry["method"] == "PATCH" for entry in sandbox.writes(start)))
    site.kill("teardown", lambda start: any(entry["method"] == "DELETE" for entry in sandbox.writes(start)))
    done(site("teardown"))
    assert environment_of(sandbox) == before


def test_what_others_make_after_a_failed_run_is_theirs(sandbox: Sandbox, site: Site, before: dict[str, Any]) -> None:
    refused = {"status": 400, "body": {"error": {"code": "ValidationError", "message": "no"}}}
    sandbox.fault({"method": "PUT", "path": "/products/external$", "then": refused})
    run = site("site")
    sandbox.clear_faults()
    assert run.code != 0 and run.failures[0].action.endswith("apim_product"), run.output
    assert len({step.task for step in run.failures}) == 1
    theirs = {"displayName": "Theirs", "state": "notPublished"}
    put(sandbox, f"{SERVICE}/products/external", theirs)
    after = environment_of(sandbox)
    assert "internal" in names(after["products"]) and "random" in names(after["apis"])
    done(site("teardown"))
    left = environment_of(sandbox)
    assert names(left["products"]) == sorted([*names(before["products"]), "external"])
    assert sandbox.arm("DELETE", f"{SERVICE}/products/external").status_code in (200, 204)
    assert environment_of(sandbox) == before


def test_what_others_make_after_a_part_has_failed_is_theirs(
    sandbox: Sandbox, site: Site, cluster: Cluster, before: dict[str, Any]
) -> None:
    run = site("site", "--tags", "consumers")
    assert run.code != 0 and "product" in run.message, run.output  # there is none yet
    assert environment_of(sandbox) == before and not cluster.exists(NAMESPACE)
    cluster.create("/api/v1/namespaces", {"kind": "Namespace", "metadata": {"name": "demo"}})
    cluster.create(f"{NAMESPACE}/secrets", {"kind": "Secret", "metadata": {"name": "web-apim"}})
    assert done(site("teardown")).changed == 0
    assert cluster.exists(f"{NAMESPACE}/secrets/web-apim")
    cluster.delete(NAMESPACE)


def test_what_the_inventory_names_no_more_is_removed_and_what_others_added_is_not(
    sandbox: Sandbox, site: Site, cluster: Cluster, before: dict[str, Any], inventory: Callable[..., Path]
) -> None:
    done(site("site", "--skip-tags", "verification"))
    small = inventory(
        products=without("innergate_products", "other"),
        consumers=without("innergate_consumers", "stranger"),
        network=lambda content: content["innergate_network"]["subnets"].append(
            {"name": "later-subnet", "prefix_length": 28}
        ),
    )
    done(site("site", "--tags", "subnets,products,consumers", inventory=small))
    cluster.create(f"{NAMESPACE}/configmaps", {"kind": "ConfigMap", "metadata": {"name": "theirs"}})
    product = sandbox.arm("GET", f"{SERVICE}/products/external").json()["id"]
    put(sandbox, f"{SERVICE}/subscriptions/theirs", {"displayName": "theirs", "scope": product})
    # In another case, and of the administrator, to whom Azure gives subscriptions of its own.
    shouted = product.replace("/products/", "/Products/")
    mine = product.partition("/products/")[0] + "/users/1"
    put(sandbox, f"{SERVICE}/subscriptions/mine", {"displayName": "mine", "scope": shouted, "ownerId": mine})
    put(sandbox, f"{SERVICE}/subscriptions/direct", {"displayName": "direct", "scope": "/apis/random"})
    asked = (
        "Product external has subscriptions whose keys would be lost: theirs, mine.",
        "API random has subscriptions whose keys would be lost: direct.",
        "set apim_products_delete_subscriptions and apim_apis_delete_subscriptions to true",
    )
    refuses(sandbox, site, "teardown", inventory=small, words=asked)
    allowed = ("-e", "apim_apis_delete_subscriptions=true")
    refuses(sandbox, site, "teardown", *allowed, inventory=small, words=("set apim_products_delete_subscriptions to",))
    assert cluster.exists(f"{NAMESPACE}/secrets/web-apim")
    assert sandbox.arm("DELETE", f"{SERVICE}/subscriptions/direct").status_code in (200, 204)
    # Without the consumers, their keys would be lost, too.
    whole = ("lost: web.", "lost: partner, theirs, mine.")
    refuses(sandbox, site, "teardown", "--tags", "products", inventory=small, words=whole)
    for name in ("mine", "theirs"):
        assert sandbox.arm("GET", f"{SERVICE}/subscriptions/{name}").status_code == 200
        assert sandbox.arm("DELETE", f"{SERVICE}/subscriptions/{name}").status_code in (200, 204)
    part = done(site("teardown", "--tags", "consumers", "--check"))
    assert len(said_of_the_namespace(part)) == 1 and "Deployment/api" in said_of_the_namespace(part)[0]
    same = inventory(apim=lambda content: content["innergate_apim"].update(OF_THE_SERVICE))
    other = with_host(same, "apim-other")
    stranger = done(site("teardown", inventory=other))
    assert stranger.changed == 0 and what_stays_for("apim-demo/demo", stranger) == ALL
    done(site("site", "--skip-tags", "verification", inventory=other))
    there = environment_of(sandbox) | LATER
    for mode in (["--check"], []):
        mine = done(site("teardown", *mode))
        assert any(HINT in str(step.result.get("msg")) for step in mine.steps), mine.output
        # The subnet that only mine had, from the ledger, too, and that there is nothing else that mine wants.
        assert mine.changed == 3 and what_stays_for("apim-other/demo", mine) == ALL
    assert done(site("teardown")).changed == 0
    assert environment_of(sandbox) | LATER == there and not subnet(sandbox, "later-subnet")
    run = done(site("teardown", "-e", '{"innergate_former_environments": ["apim-other"]}'))
    # Not before the services are gone, too: they are no reason.
    assert said_of_the_namespace(run) == ["Namespace demo stays, for this is in it: ConfigMap/theirs."]
    assert "wants stays" not in run.output
    assert environment_of(sandbox) | {"namedValues": None} == before | {"namedValues": None}
    cluster.delete(f"{NAMESPACE}/configmaps/theirs")
    done(site("teardown"))
    assert environment_of(sandbox) == before and not cluster.exists("/api/v1/namespaces/demo")
    last = "Forget what was found, if nothing is left of what was made"
    assert done(site("teardown", "--start-at-task", last)).changed == 0


#: What is said of environments that are not in the inventory.
HINT = "What apim-other/demo wants stays. If that is no environment any more, name it: -e '"
#: What differs once a subnet of somebody else is gone.
LATER = {"namedValues": None, "network/virtualNetworks": None}
#: What the inventory has after its host.
OF_THE_SERVICE = {
    "name": "apim-demo",
    "public_ip_address": "apim-demo-ip",
    "other_public_ip_address": "apim-demo-other-ip",
}
#: Of each part of an environment something that another one may want, too.
ALL = {
    "apim_subscription web",
    "apim_product internal",
    "apim_api random",
    "demo/Service/api",
    "apim_vnet_connection apim-demo",
    "vnet_subnet aks-demo-rg/aks-vnet/apim-subnet",
}


def what_stays_for(environment: str, run: Run) -> set[str]:
    """What of C(ALL) a run says to stay, for the environment uses it."""
    said = {str(step.result.get("msg")) for step in run.steps}
    return {title for title in ALL if f"{title} stays: {environment} uses it." in said}


def subnet(sandbox: Sandbox, name: str) -> bool:
    """Whether the VNET has a subnet of this name."""
    return sandbox.arm("GET", f"{VNET}/subnets/{name}", version="2025-05-01").status_code == 200


def said_of_the_namespace(run: Run) -> list[str]:
    """Why the namespace stays, each time that it is said."""
    return [str(step.result["msg"]) for step in run.steps if "Namespace demo stays" in str(step.result.get("msg"))]


def test_an_api_gets_another_name_and_a_product_fewer_callers(
    sandbox: Sandbox, site: Site, before: dict[str, Any], inventory: Callable[..., Path]
) -> None:
    done(site("site", "--skip-tags", "verification"))
    described = environment_of(sandbox)
    misspelt = inventory(
        products=lambda content: content["innergate_products"][1].update(apis=["randm"], groups=["developer"])
    )
    words = (
        "product external names API randm, which is neither described nor there (did you mean random?)",
        "product external names group developer, which is neither described nor there (did you mean developers?)",
    )
    refuses(sandbox, site, "site", inventory=misspelt, words=words)
    refuses(sandbox, site, "site", "--tags", "products", inventory=misspelt, words=words)
    assert environment_of(sandbox) == described

    def products(content: dict[str, Any]) -> None:
        content["innergate_products"][0]["apis"] = ["dice"]
        content["innergate_products"][1] |= {"apis": [], "groups": []}

    renamed = inventory(apis=lambda content: content["innergate_apis"][0].update(name="dice"), products=products)
    theirs = with_host(inventory(apim=lambda content: content["innergate_apim"].update(OF_THE_SERVICE)), "apim-other")
    done(site("site", "--tags", "apis", inventory=theirs))
    taken = "API random has the path of one that is described here. It was made earlier, is not described any more, and"
    for mode in (["--check"], []):
        start = sandbox.moment()
        run = site("site", "--tags", "apis", *mode, inventory=renamed)
        assert run.code != 0 and f"{taken} stays, for apim-other/demo uses it." in run.message, run.output
        assert not any("/apis/" in entry["path"] for entry in sandbox.writes(start))
    done(site("teardown", inventory=theirs))
    told = done(site("site", "--check", "--skip-tags", "verification", inventory=renamed))
    real = done(site("site", "--skip-tags", "verification", inventory=renamed))
    assert told.changed == real.changed > 0 and told.changes() == real.changes()
    after = environment_of(sandbox)
    assert "dice" in names(after["apis"]) and "random" not in names(after["apis"])
    for product, links in (("internal", ["dice"]), ("external", [])):
        assert names(sandbox.arm("GET", f"{SERVICE}/products/{product}/apis").json()) == links
    assert "developers" not in names(sandbox.arm("GET", f"{SERVICE}/products/external/groups").json())
    assert done(site("site", "--skip-tags", "verification", inventory=renamed)).changed == 0
    done(site("teardown", inventory=renamed))
    assert environment_of(sandbox) == before


def test_without_a_record_nothing_is_removed_unless_by_name(
    sandbox: Sandbox, site: Site, cluster: Cluster, before: dict[str, Any]
) -> None:
    done(site("site", "--skip-tags", "verification"))
    for part in sandbox.arm("GET", f"{SERVICE}/namedValues").json()["value"]:
        assert part["name"].startswith("innergate-ledger-")
        assert sandbox.arm("DELETE", f"{SERVICE}/namedValues/{part['name']}").status_code in (200, 204)
    made = environment_of(sandbox)
    run = done(site("teardown"))
    assert run.changed == 0 and "innergate_teardown_by_name" in run.output
    assert environment_of(sandbox) == made
    done(site("teardown", "-e", "innergate_teardown_by_name=true"))
    assert environment_of(sandbox) == before
    assert not cluster.exists("/api/v1/namespaces/demo")


def test_a_teardown_without_the_service_says_so(sandbox: Sandbox, site: Site, cluster: Cluster) -> None:
    done(site("site", "--tags", "network,services"))
    assert sandbox.arm("DELETE", SERVICE).status_code in (200, 202, 204)
    sandbox.settled(SERVICE)
    run = done(site("teardown"))
    assert run.changed == 0 and "There is no ledger in API Management service apim-demo" in run.output
    assert cluster.exists("/api/v1/namespaces/demo")
    done(site("teardown", "-e", json.dumps({"innergate_teardown_by_name": True})))
    assert not cluster.exists("/api/v1/namespaces/demo")
    assert sandbox.arm("GET", f"{VNET}/subnets/apim-subnet", version="2025-05-01").status_code == 404
