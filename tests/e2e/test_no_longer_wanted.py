# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What roles have made goes when it is not described any more; what others have made stays."""

from __future__ import annotations

from typing import Any

import pytest
from e2e.environment import Cluster
from support.demo import SERVICE
from support.playbook import Run, on_controller, run_playbook
from support.sandbox import Sandbox

PLACE = {"resource_group": "aks-demo-rg", "service_name": "apim-demo"}
NAMESPACE = "no-longer"
DEPLOYMENT = f"/apis/apps/v1/namespaces/{NAMESPACE}/deployments/echo"
SERVICE_OBJECT = f"/api/v1/namespaces/{NAMESPACE}/services/echo"
FOREIGN = (
    "<policies><inbound><base /><cors><allowed-origins><origin>*</origin></allowed-origins></cors></inbound></policies>"
)
ECHO = {"name": "echo", "image": "ealen/echo-server:latest", "container_port": 8080}
#: The query under which a write is one of the client library that kubernetes.core uses.
WRITER = "?fieldManager=OpenAPI-Generator"
INTERNAL = "service.beta.kubernetes.io/azure-load-balancer-internal"


def role(name: str, **variables: Any) -> dict[str, Any]:
    """A task that includes a role; its variables are named without the name of the role."""
    own = {f"{name}_{key}": value for key, value in variables.items()}
    return {"ansible.builtin.include_role": {"name": f"innergate.azure.{name}"}, "vars": own}


def done(sandbox: Sandbox, *tasks: dict[str, Any], check: bool = False) -> Run:
    """The run of these tasks, if all went well."""
    run = run_playbook(on_controller(*tasks), *(["--check"] if check else []), environment=sandbox.environment)
    assert run.code == 0, run.output
    return run


def apis(*items: dict[str, Any]) -> dict[str, Any]:
    return role("apim_apis", **PLACE, ledger=PLACE, apis=list(items))


def api(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "path": name, "service_url": "https://new.example", **more}


def products(**limits: Any) -> dict[str, Any]:
    return role("apim_products", **PLACE, ledger=PLACE, products=[{"name": "limited", **limits}, {"name": "free"}])


def services(*items: dict[str, Any]) -> dict[str, Any]:
    return role("aks_services", namespace=NAMESPACE, services=[{**ECHO, **item} for item in items])


def policy(sandbox: Sandbox, owner: str) -> str:
    """The document of a policy; empty if there is none."""
    answer = sandbox.arm("GET", f"{SERVICE}/{owner}/policies/policy")
    return str(answer.json()["properties"]["value"]) if answer.status_code == 200 else ""


def write_policy(sandbox: Sandbox, owner: str, document: str) -> None:
    body = {"properties": {"format": "rawxml", "value": document}}
    assert sandbox.arm("PUT", f"{SERVICE}/{owner}/policies/policy", body).status_code in (200, 201)


def backends(sandbox: Sandbox) -> list[str]:
    return sorted(item["name"] for item in sandbox.arm("GET", f"{SERVICE}/backends").json()["value"])


def variables(deployment: dict[str, Any]) -> dict[str, str]:
    """Those of its container."""
    container = deployment["spec"]["template"]["spec"]["containers"][0]
    return {item["name"]: item["value"] for item in container.get("env") or ()}


THROTTLING, QUOTA = {"calls": 5, "renewal_period": 60}, {"calls": 100, "renewal_period": 3600}
PORT = {"PORT": "8080"}
#: What is described first, then, and in the end.
FIRST = (
    apis(
        api("renamed", backend={"name": "old"}, service_url="https://old.example"),
        api("unbacked", backend={}),
        api("written", policy=FOREIGN),
        api("theirs"),
        api("shared", backend={"name": "used"}),
        api("found", backend={"name": "found"}),
    ),
    products(throttling=THROTTLING, quota=QUOTA),
    services(
        {"exposure": "node_port", "env": {**PORT, "OLD": "1"}, "annotations": {"x.io/ours": "1"}, "labels": {"a": "b"}},
    ),
)
THEN = (
    apis(
        api("renamed", backend={"name": "new"}),
        api("unbacked"),
        api("written"),
        api("theirs"),
        api("shared"),
        api("found"),
    ),
    products(quota=QUOTA),
    services(
        {"exposure": "internal", "subnet": "aks-subnet", "env": PORT, "port": 80},
        {"name": "old", "exposure": "public", "env": PORT, "annotations": {"x.io/ours": "1"}},
    ),
)
LAST = (
    apis(api("renamed"), api("unbacked"), api("written"), api("theirs"), api("shared"), api("found")),
    products(),
    services({"exposure": "public", "env": PORT}, {"name": "old", "exposure": "public", "env": PORT}),
)


@pytest.fixture(scope="module")
def cluster(sandbox: Sandbox) -> Cluster:
    """The cluster as its administrator sees it."""
    return Cluster(sandbox)


@pytest.fixture(scope="module")
def first(sandbox: Sandbox, cluster: Cluster) -> None:
    """The first run, and what others have made before it and make after it."""
    body = {"properties": {"url": "https://theirs.example", "protocol": "http"}}
    assert sandbox.arm("PUT", f"{SERVICE}/backends/found", body).status_code == 201
    done(sandbox, *FIRST)
    write_policy(
        sandbox, "apis/theirs", FOREIGN.replace("<base />", '<base /><set-backend-service backend-id="used" />')
    )
    write_policy(sandbox, "products/free", FOREIGN)
    cluster.patch(SERVICE_OBJECT, {"metadata": {"annotations": {"x.io/theirs": "1"}}})
    cluster.patch(f"{DEPLOYMENT}/scale", {"spec": {"replicas": 2}})  # as an autoscaler does
    earlier_version(cluster)


def earlier_version(cluster: Cluster) -> None:
    """A service as an earlier version has written it: with POST, under the name of the client library."""
    labels = {"app": "old"}
    annotations = {INTERNAL: "true", f"{INTERNAL}-subnet": "aks-subnet", "x.io/ours": "1", "x.io/theirs": "1"}
    port = {"name": "http", "protocol": "TCP", "port": 80, "targetPort": 8080}
    service = {
        "metadata": {"name": "old", "labels": labels, "annotations": annotations},
        "spec": {"type": "LoadBalancer", "externalTrafficPolicy": "Local", "selector": labels, "ports": [port]},
    }
    env = [{"name": "PORT", "value": "8080"}, {"name": "OLD", "value": "1"}]
    pods = {
        "metadata": {"labels": labels},
        "spec": {"containers": [{"name": "old", "image": ECHO["image"], "env": env}]},
    }
    deployment = {
        "apiVersion": "apps/v1",
        "metadata": {"name": "old", "labels": labels},
        "spec": {"replicas": 1, "selector": {"matchLabels": labels}, "template": pods},
    }
    cluster.create(f"/api/v1/namespaces/{NAMESPACE}/services{WRITER}", {"kind": "Service", **service})
    cluster.create(f"/apis/apps/v1/namespaces/{NAMESPACE}/deployments{WRITER}", {"kind": "Deployment", **deployment})


@pytest.fixture(scope="module")
def then(sandbox: Sandbox, first: None) -> None:
    """Less is described; rehearsed before it is done."""
    rehearse_and_run(sandbox, THEN)


@pytest.fixture(scope="module")
def last(sandbox: Sandbox, then: None) -> None:
    """Nothing of it is described any more."""
    rehearse_and_run(sandbox, LAST)


def rehearse_and_run(sandbox: Sandbox, tasks: tuple[dict[str, Any], ...]) -> None:
    start = sandbox.moment()
    rehearsed = done(sandbox, *tasks, check=True)
    assert sandbox.writes(start) == []
    real = done(sandbox, *tasks)
    # What takes an object over is not rehearsed together with what is applied then.
    assert set(real.changes()) - set(rehearsed.changes()) <= {"innergate.azure.aks_services : Apply the services"}
    assert set(rehearsed.changes()) <= set(real.changes())


@pytest.mark.usefixtures("then")
def test_less_is_described(sandbox: Sandbox, cluster: Cluster) -> None:
    assert 'backend-id="new"' in policy(sandbox, "apis/renamed")
    assert [policy(sandbox, f"apis/{name}") for name in ("unbacked", "written", "shared", "found")] == [""] * 4
    assert "cors" in policy(sandbox, "apis/theirs") and "cors" in policy(sandbox, "products/free")
    # One was there before, one is used by somebody else's policy.
    assert backends(sandbox) == ["found", "new", "used"]
    assert "rate-limit" not in policy(sandbox, "products/limited") and "quota" in policy(sandbox, "products/limited")
    assert sandbox.arm("GET", f"{SERVICE}/apis/renamed").json()["properties"]["serviceUrl"] == "https://new.example"
    service, deployment = cluster.read(SERVICE_OBJECT), cluster.read(DEPLOYMENT)
    assert "x.io/ours" not in service["metadata"]["annotations"] and "x.io/theirs" in service["metadata"]["annotations"]
    assert service["metadata"]["annotations"][INTERNAL] == "true" and service["metadata"]["labels"] == {"app": "echo"}
    assert service["spec"]["externalTrafficPolicy"] == "Cluster"
    assert [port["port"] for port in service["spec"]["ports"]] == [80]
    assert variables(deployment) == PORT and deployment["spec"]["replicas"] == 2


@pytest.mark.usefixtures("then")
def test_what_an_earlier_version_has_written(cluster: Cluster) -> None:
    service, deployment = (cluster.read(path.replace("echo", "old")) for path in (SERVICE_OBJECT, DEPLOYMENT))
    assert service["metadata"]["annotations"] == {"x.io/ours": "1", "x.io/theirs": "1"}
    assert service["spec"]["externalTrafficPolicy"] == "Cluster"
    assert [port["port"] for port in service["spec"]["ports"]] == [8080]
    assert variables(deployment) == PORT


@pytest.mark.usefixtures("last")
def test_nothing_is_described_any_more(sandbox: Sandbox, cluster: Cluster) -> None:
    assert [policy(sandbox, owner) for owner in ("apis/renamed", "products/limited")] == ["", ""]
    assert "cors" in policy(sandbox, "apis/theirs") and "cors" in policy(sandbox, "products/free")
    assert backends(sandbox) == ["found", "used"]
    service = cluster.read(SERVICE_OBJECT)
    assert service["metadata"]["annotations"] == {"x.io/theirs": "1"} and service["spec"]["type"] == "LoadBalancer"
    assert cluster.read(SERVICE_OBJECT.replace("echo", "old"))["metadata"]["annotations"] == {"x.io/theirs": "1"}
    again = done(sandbox, *LAST)
    assert again.changed == 0, again.changes()


def test_an_api_that_nothing_answers_is_refused_with_words(sandbox: Sandbox) -> None:
    for options in (["--check"], []):
        run = run_playbook(
            on_controller(apis({"name": "nobody", "path": "nobody"})), *options, environment=sandbox.environment
        )
        assert run.code != 0 and "API nobody: nothing answers it: set service, service_url" in run.message, run.output


def test_services_and_secrets_of_one_name_in_two_namespaces(sandbox: Sandbox, cluster: Cluster) -> None:
    both = [
        {"name": "same", "namespace": place, "exposure": "node_port", "env": PORT}
        for place in ("one-place", "two-place")
    ]
    workload = {"image": ECHO["image"], "container_port": 8080, "exposure": "cluster", "env": PORT}
    consumers = [
        {
            "name": f"of-{item['namespace']}",
            "namespace": item["namespace"],
            "product": product,
            "secret": "key",
            "workload": workload,
        }
        for item, product in zip(both, ("limited", "free"), strict=True)
    ]
    addresses = "{{ aks_service_addresses_result }}"
    same = [api(place, service=f"{place}/same") for place in ("one-place", "two-place")]
    for item in same:
        del item["service_url"]
    tasks = (
        services(*both),
        role("aks_service_addresses", services=both),
        role("apim_apis", **PLACE, addresses=addresses, apis=same),
        role("apim_consumers", **PLACE, consumers=consumers),
    )
    done(sandbox, *tasks)
    for item in both:
        place = item["namespace"]
        port = cluster.read(f"/api/v1/namespaces/{place}/services/same")["spec"]["ports"][0]["nodePort"]
        assert sandbox.arm("GET", f"{SERVICE}/apis/{place}").json()["properties"]["serviceUrl"].endswith(f":{port}")

    def versions() -> list[str]:
        paths = (f"/apis/apps/v1/namespaces/{place}/deployments/of-{place}" for place in ("one-place", "two-place"))
        pods = [cluster.read(path)["spec"]["template"]["metadata"]["annotations"] for path in paths]
        return [annotations["innergate.io/secret-version"] for annotations in pods]

    before = versions()
    assert sandbox.arm("POST", f"{SERVICE}/subscriptions/of-two-place/regeneratePrimaryKey").status_code == 204
    done(sandbox, tasks[-1])
    after = versions()
    assert after[0] == before[0] and after[1] not in (*before, after[0])
    unclear = (
        role("aks_service_addresses", services=both),
        role("apim_apis", **PLACE, addresses=addresses, apis=[{**same[0], "service": "same"}]),
    )
    run = run_playbook(on_controller(*unclear), environment=sandbox.environment)
    assert run.code != 0 and "name it as namespace/name" in run.message, run.output


def grants(apis: list[str], groups: list[str]) -> dict[str, Any]:
    """A product that some have access to."""
    return role("apim_products", **PLACE, ledger=PLACE, products=[{"name": "grants", "apis": apis, "groups": groups}])


def operation(name: str) -> dict[str, str]:
    return {"name": name, "method": "GET", "url_template": f"/{name}"}


def listed(sandbox: Sandbox, path: str) -> set[str]:
    return {item["name"] for item in sandbox.arm("GET", f"{SERVICE}/{path}").json()["value"]}


def test_access_that_is_not_described_any_more_goes_and_what_others_granted_stays(sandbox: Sandbox) -> None:
    both = apis(
        api("shrinks", operations=[operation("one"), operation("two")]), api("taken"), api("granted"), api("failing")
    )
    done(sandbox, both, grants(["shrinks", "taken"], ["developers", "guests"]))
    # Refused before anything is changed.
    start = sandbox.moment()
    run = run_playbook(on_controller(grants(["shrinkz"], ["developer"])), environment=sandbox.environment)
    assert run.code != 0 and "API shrinkz" in run.message and "group developer" in run.message, run.output
    assert sandbox.writes(start) == []
    # What fails half way takes access from nobody.
    refused = {"status": 400, "body": {"error": {"code": "ValidationError", "message": "no"}}}
    sandbox.fault({"method": "PUT", "path": "/products/grants/apis/failing$", "then": refused})
    run = run_playbook(on_controller(grants(["shrinks", "failing"], ["guests"])), environment=sandbox.environment)
    sandbox.clear_faults()
    assert run.code != 0 and run.failures[0].action.endswith("apim_product_api"), run.output
    assert listed(sandbox, "products/grants/apis") == {"shrinks", "taken"}
    assert "developers" in listed(sandbox, "products/grants/groups")
    added = {"properties": {"displayName": "added", "method": "GET", "urlTemplate": "/added"}}
    assert sandbox.arm("PUT", f"{SERVICE}/apis/shrinks/operations/added", added).status_code == 201
    for path in ("apis/granted", "groups/administrators"):
        assert sandbox.arm("PUT", f"{SERVICE}/products/grants/{path}").status_code in (200, 201)
    # The new operation has the place of an old one.
    third = {**operation("three"), "url_template": "/two"}
    less = (
        apis(api("shrinks", operations=[operation("one"), third]), api("taken"), api("granted")),
        grants(["shrinks"], ["guests"]),
    )
    rehearse_and_run(sandbox, less)
    assert listed(sandbox, "apis/shrinks/operations") == {"one", "three", "added"}
    assert listed(sandbox, "products/grants/apis") == {"shrinks", "granted"}
    assert listed(sandbox, "products/grants/groups") == {"administrators", "guests"}
    rehearse_and_run(sandbox, (less[0], role("apim_products", **PLACE, ledger=PLACE, products=[{"name": "grants"}])))
    assert listed(sandbox, "products/grants/apis") == {"granted"}
    again = done(sandbox, less[0], role("apim_products", **PLACE, ledger=PLACE, products=[{"name": "grants"}]))
    assert again.changed == 0, again.changes()


def test_an_api_moves_from_one_open_product_to_another(sandbox: Sandbox) -> None:
    def opened(**names: list[str]) -> tuple[dict[str, Any], ...]:
        both = [{"name": name, "subscription_required": "false", "apis": names[name]} for name in ("first", "second")]
        return (apis(api("moves")), role("apim_products", **PLACE, ledger=PLACE, products=both))

    done(sandbox, *opened(first=["moves"], second=[]))
    rehearse_and_run(sandbox, opened(first=[], second=["moves"]))
    assert listed(sandbox, "products/first/apis") == set() and listed(sandbox, "products/second/apis") == {"moves"}
    # And back, to the one that is earlier in the list.
    rehearse_and_run(sandbox, opened(first=["moves"], second=[]))

    def open_one(name: str) -> tuple[dict[str, Any], ...]:
        both = [
            {"name": other, "subscription_required": other != name, "apis": ["moves"]} for other in ("first", "second")
        ]
        return (role("apim_products", **PLACE, ledger=PLACE, products=both),)

    # It is in both then, and they take turns in being the open one.
    for name in ("second", "first"):
        rehearse_and_run(sandbox, open_one(name))


def test_roles_alone_keep_the_keys_of_others(sandbox: Sandbox) -> None:
    described = [{"name": "kept"}, {"name": "gone"}]
    ours = [{"name": "ours", "product": "kept"}]
    place = {**PLACE, "ledger": PLACE}
    done(
        sandbox,
        role("apim_products", **place, products=described),
        role("apim_consumers", **place, namespace=NAMESPACE, consumers=ours),
    )
    for name in listed(sandbox, "subscriptions") - {"master", "ours"}:  # those of other tests are not spoken of here
        sandbox.arm("DELETE", f"{SERVICE}/subscriptions/{name}")
    theirs = {"properties": {"displayName": "theirs", "scope": "/products/kept"}}
    assert sandbox.arm("PUT", f"{SERVICE}/subscriptions/theirs", theirs).status_code == 201
    products_go = role("apim_products", **place, state="absent", products=[])
    both_go = (role("apim_consumers", **place, state="absent", namespace=NAMESPACE, consumers=[]), products_go)
    for options in (["--check"], []):
        start = sandbox.moment()
        run = run_playbook(on_controller(products_go), *options, environment=sandbox.environment)
        assert run.code != 0 and "Product kept" in run.message and "lost: ours, theirs." in run.message, run.output
        assert sandbox.writes(start) == []
    run = run_playbook(on_controller(*both_go), "--check", environment=sandbox.environment)
    assert run.code != 0 and "lost: theirs." in run.message, run.output
    assert sandbox.arm("DELETE", f"{SERVICE}/subscriptions/theirs").status_code == 200
    rehearse_and_run(sandbox, both_go)
    assert not {"kept", "gone"} & listed(sandbox, "products") and "ours" not in listed(sandbox, "subscriptions")


def test_an_api_gets_another_name(sandbox: Sandbox) -> None:
    done(sandbox, apis(api("before", path="dice"), api("unused")))
    renamed = (apis(api("after", path="dice")),)
    people = {"properties": {"displayName": "people", "scope": "/apis/before"}}
    assert sandbox.arm("PUT", f"{SERVICE}/subscriptions/people", people).status_code == 201
    for task in (*renamed, role("apim_apis", **PLACE, ledger=PLACE, state="absent", apis=[])):
        for options in (["--check"], []):
            run = run_playbook(on_controller(task), *options, environment=sandbox.environment)
            assert run.code != 0 and "API before has subscriptions whose keys would be lost: people" in run.output
    assert sandbox.arm("GET", f"{SERVICE}/apis/before").status_code == 200
    assert sandbox.arm("DELETE", f"{SERVICE}/subscriptions/people").status_code == 200
    rehearse_and_run(sandbox, renamed)
    assert sandbox.arm("GET", f"{SERVICE}/apis/before").status_code == 404
    assert sandbox.arm("GET", f"{SERVICE}/apis/after").json()["properties"]["path"] == "dice"
    # Nobody needs its path.
    assert sandbox.arm("GET", f"{SERVICE}/apis/unused").status_code == 200
    assert done(sandbox, *renamed).changed == 0


def test_the_contents_of_secrets_are_not_shown(sandbox: Sandbox) -> None:
    def manifests(text: str) -> dict[str, Any]:
        place = {"name": "shown", "namespace": NAMESPACE}
        return role(
            "aks_services",
            namespace=NAMESPACE,
            wait=False,
            manifests=[
                {"apiVersion": "v1", "kind": "Secret", "metadata": place, "stringData": {"word": text}},
                {"apiVersion": "v1", "kind": "ConfigMap", "metadata": place, "data": {"word": f"plain-{text}"}},
            ],
        )

    done(sandbox, manifests("hunter2secret"))
    for options in (["--check"], []):
        run = run_playbook(
            on_controller(manifests("hunter3secret")), "--diff", *options, environment=sandbox.environment
        )
        assert run.code == 0 and "plain-hunter2secret" in run.output and "plain-hunter3secret" in run.output, run.output
        for hidden in ("aHVudGVyMnNlY3JldA", "aHVudGVyM3NlY3JldA"):
            assert hidden not in run.output


def secret(**texts: str) -> dict[str, Any]:
    place = {"name": "keys", "namespace": NAMESPACE}
    return {"apiVersion": "v1", "kind": "Secret", "metadata": place, "stringData": texts}


def test_a_key_that_is_no_longer_in_a_secret_goes(sandbox: Sandbox) -> None:
    """As before, it was applied as C(stringData), which the API server copies to C(data), where it was nobody's."""
    cluster = Cluster(sandbox)
    apply = {"Content-Type": "application/apply-patch+yaml"}
    path = f"/api/v1/namespaces/{NAMESPACE}/secrets/keys"
    done(sandbox, role("aks_services", namespace=NAMESPACE, services=[], manifests=[secret()]))

    def keys(*, earlier: dict[str, str] | None = None, theirs: dict[str, str] | None = None) -> dict[str, str]:
        """What is in the Secret, after an earlier version has applied it anew, and somebody else has changed it."""
        if earlier is not None:
            cluster.delete(path)
            answer = cluster.ask("PATCH", f"{path}?fieldManager=innergate", apply, json=secret(**earlier))
            assert answer.status_code == 201, answer.text
            cluster.patch(path, {"data": theirs or {}})
        found: dict[str, str] = cluster.read(path)["data"]
        return found

    def manifests(**texts: str) -> dict[str, Any]:
        return role("aks_services", namespace=NAMESPACE, wait=False, manifests=[secret(**texts)])

    keys(earlier={"a": "hunter2a", "b": "hunter2b", "c": "hunter2c"}, theirs={"c": "eA==", "d": "eA=="})
    outputs = []
    for options in (["--check"], []):
        run = run_playbook(
            on_controller(manifests(a="hunter2a")), "--diff", "-vvv", *options, environment=sandbox.environment
        )
        assert run.code == 0 and run.changed == 2, run.output
        assert sorted(keys()) == (["a", "b", "c", "d"] if options else ["a", "c", "d"])
        outputs.append(run.output)
    assert done(sandbox, manifests(a="hunter2a")).changed == 0
    # Nothing has to go: it is applied once more, so that its keys can go later.
    keys(earlier={"a": "hunter2a", "b": "hunter2b"})
    assert done(sandbox, manifests(a="hunter2a", b="hunter2b")).changed < 2
    assert done(sandbox, manifests(a="hunter2a", b="hunter2b")).changed == 0
    told = done(sandbox, manifests(b="hunter2b"), check=True)
    run = done(sandbox, manifests(b="hunter2b"))
    assert told.changed == run.changed == 1 and sorted(keys()) == ["b"]
    assert [word for word in ("hunter2", "aHVudGVyM") if any(word in text for text in outputs)] == []


def test_an_api_of_somebody_else_keeps_its_path(sandbox: Sandbox) -> None:
    theirs = {"properties": {"displayName": "Foreign", "path": "foreign", "protocols": ["https"]}}
    assert sandbox.arm("PUT", f"{SERVICE}/apis/foreign", theirs).status_code in (201, 202)
    sandbox.until(lambda: sandbox.arm("GET", f"{SERVICE}/apis/foreign").status_code == 200)
    run = run_playbook(on_controller(apis(api("wants", path="foreign"))), environment=sandbox.environment)
    assert run.code != 0 and "with the same Path" in run.message, run.output
    assert sandbox.arm("GET", f"{SERVICE}/apis/foreign").status_code == 200
