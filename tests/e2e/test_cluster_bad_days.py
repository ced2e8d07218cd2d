# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Days on which the cluster, its load balancer or the service behind it misbehaves."""

from __future__ import annotations

from typing import Any

import pytest
from e2e.environment import Cluster
from support.demo import SERVICE
from support.playbook import Run, on_controller, run_playbook
from support.sandbox import Sandbox

NAMESPACE = "bad-days"


def role(name: str, **variables: Any) -> dict[str, Any]:
    """A task that includes a role."""
    return {"ansible.builtin.include_role": {"name": f"innergate.azure.{name}"}, "vars": variables}


def service(name: str, **more: Any) -> dict[str, Any]:
    """An echo service as the role aks_services takes it."""
    return {"name": name, "image": "ealen/echo-server:latest", "container_port": 8080, "env": {"PORT": "8080"}, **more}


def deploy_and_find(sandbox: Sandbox, wanted: dict[str, Any], timeout: int = 12) -> Run:
    """Deploy a service and wait for its address."""
    return run_playbook(
        on_controller(
            role("aks_services", aks_services_namespace=NAMESPACE, aks_services_services=[wanted]),
            role(
                "aks_service_addresses",
                aks_service_addresses_namespace=NAMESPACE,
                aks_service_addresses_services=[{"name": wanted["name"]}],
                aks_service_addresses_wait_timeout=timeout,
            ),
        ),
        environment=sandbox.environment,
    )


def assert_clear(run: Run, *words: str) -> None:
    """The run failed with one message that holds all the words, and without a traceback."""
    assert run.code != 0, run.output
    assert "Traceback" not in run.output
    missing = [word for word in words if word.lower() not in run.message.lower()]
    assert not missing, f"{missing} not in: {run.message}"


def test_load_balancer_in_a_missing_subnet(sandbox: Sandbox) -> None:
    assert_clear(deploy_and_find(sandbox, service("lost", subnet="no-such-subnet")), "lost", "no-such-subnet")


def test_load_balancer_address_outside_of_the_subnet(sandbox: Sandbox) -> None:
    wanted = service("outside", subnet="aks-subnet", address="10.230.0.9")
    assert_clear(deploy_and_find(sandbox, wanted), "outside", "10.230.0.9", "PrivateIPAddressNotInSubnet")


def test_load_balancer_without_the_right_on_the_subnet(sandbox: Sandbox) -> None:
    sandbox.fault({"path": "aks-subnet", "then": {"deny": "Microsoft.Network/virtualNetworks/subnets/join/action"}})
    run = deploy_and_find(sandbox, service("denied", subnet="aks-subnet"))
    sandbox.clear_faults()
    assert_clear(run, "denied", "subnets/join/action", "Network Contributor")


def test_load_balancer_with_a_number_that_the_controller_refuses(sandbox: Sandbox) -> None:
    annotation = "azure-load-balancer-tcp-idle-timeout"
    annotations = {f"service.beta.kubernetes.io/{annotation}": 99}
    run = deploy_and_find(sandbox, service("idle", subnet="aks-subnet", annotations=annotations))
    assert_clear(run, "idle has no address", annotation, "between 4 and 30, actual value: 99", "correct the annotation")


def test_unknown_image(sandbox: Sandbox) -> None:
    wanted = {**service("unknown", exposure="cluster"), "image": "registry.example.com/nobody/nothing:1"}
    variables = {"aks_services_namespace": NAMESPACE, "aks_services_services": [wanted], "aks_services_wait_timeout": 5}
    run = run_playbook(on_controller(role("aks_services", **variables)), environment=sandbox.environment)
    assert_clear(run, "Deployment bad-days/unknown has 0 of 1 pods", "registry.example.com/nobody/nothing:1", "to do:")


def test_more_than_the_quota(sandbox: Sandbox) -> None:
    cluster = Cluster(sandbox)
    if not cluster.exists(f"/api/v1/namespaces/{NAMESPACE}"):
        cluster.create("/api/v1/namespaces", {"kind": "Namespace", "metadata": {"name": NAMESPACE}})
    quota = f"/api/v1/namespaces/{NAMESPACE}/resourcequotas"
    spec = {"hard": {"requests.cpu": "1"}}
    cluster.create(quota, {"kind": "ResourceQuota", "metadata": {"name": "small"}, "spec": spec})
    wanted = service("greedy", exposure="cluster", resources={"requests": {"cpu": "2"}})
    variables = {"aks_services_namespace": NAMESPACE, "aks_services_services": [wanted], "aks_services_wait_timeout": 8}
    run = run_playbook(on_controller(role("aks_services", **variables)), environment=sandbox.environment)
    cluster.delete(f"{quota}/small")
    assert_clear(
        run, "Deployment bad-days/greedy", "exceeded quota: small", "requests.cpu=2", "raise the ResourceQuota"
    )


@pytest.mark.parametrize("mode", [["--check"], []])
def test_refused_objects_are_named_with_reason_and_advice_and_without_secrets(
    sandbox: Sandbox, mode: list[str]
) -> None:
    place = {"namespace": "refused"}
    broken = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "sx", **place},
        "stringData": {"a": "hunter2", "b": 47110815},
    }
    invalid = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "Not_A_Name", **place}, "data": {}}
    good = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "good", **place}, "stringData": {"a": "hunter2"}}
    cluster = Cluster(sandbox)
    if not cluster.exists("/api/v1/namespaces/refused"):
        cluster.create("/api/v1/namespaces", {"kind": "Namespace", "metadata": {"name": "refused"}})
    variables = {"aks_services_namespace": "refused", "aks_services_manifests": [broken, good, invalid]}
    run = run_playbook(on_controller(role("aks_services", **variables)), "-vvv", *mode, environment=sandbox.environment)
    assert_clear(
        run,
        "Secret refused/sx can't be applied: ",
        "********",
        'ConfigMap refused/Not_A_Name can\'t be applied: ConfigMap "Not_A_Name" is invalid',
        "To do: correct the description of the object",
    )
    assert "good" not in run.message and '"kind":"Status"' not in run.message
    assert [word for word in ("hunter2", "aHVudGVyMg", "47110815") if word in run.output] == []
    assert cluster.exists("/api/v1/namespaces/refused/secrets/good") == (not mode)


def refused(sandbox: Sandbox, *manifests: dict[str, Any], **more: Any) -> str:
    """Why the role does not take these manifests, in check mode and without it; nothing is applied."""
    variables = {"aks_services_namespace": NAMESPACE, "aks_services_manifests": list(manifests), **more}
    plays = on_controller(role("aks_services", **variables))
    told = [run_playbook(plays, *options, environment=sandbox.environment) for options in (["--check"], [])]
    for run in told:
        assert_clear(run)
        assert run.changed == 0, run.changes()
    assert told[0].message == told[1].message
    return told[0].message


def test_an_object_that_is_being_deleted(sandbox: Sandbox) -> None:
    """It takes changes, and goes all the same, once nothing holds it."""
    cluster = Cluster(sandbox)
    if not cluster.exists(f"/api/v1/namespaces/{NAMESPACE}"):
        cluster.create("/api/v1/namespaces", {"kind": "Namespace", "metadata": {"name": NAMESPACE}})
    deployments = f"/apis/apps/v1/namespaces/{NAMESPACE}/deployments"
    wanted = service("leaving", exposure="cluster")
    variables = {"aks_services_namespace": NAMESPACE, "aks_services_services": [wanted]}
    deploy = on_controller(role("aks_services", **variables))
    first = run_playbook(deploy, environment=sandbox.environment)
    assert first.code == 0, first.output
    cluster.patch(f"{deployments}/leaving", {"metadata": {"finalizers": ["example.com/held"]}})
    cluster.delete(f"{deployments}/leaving", wait=False)
    try:
        message = refused(sandbox, aks_services_services=[wanted])
    finally:
        cluster.patch(f"{deployments}/leaving", {"metadata": {"finalizers": None}})
    assert f"Deployment {NAMESPACE}/leaving is being deleted, since 2" in message
    assert "held by the finalizer: example.com/held. To do: wait until it is gone" in message
    cluster.delete(f"{deployments}/leaving")
    again = run_playbook(deploy, environment=sandbox.environment)
    assert again.code == 0 and cluster.exists(f"{deployments}/leaving"), again.output


def test_a_manifest_as_kubectl_shows_it(sandbox: Sandbox) -> None:
    cluster = Cluster(sandbox)
    if not cluster.exists(f"/api/v1/namespaces/{NAMESPACE}"):
        cluster.create("/api/v1/namespaces", {"kind": "Namespace", "metadata": {"name": NAMESPACE}})
    spec = {"ports": [{"port": 80}], "type": "ClusterIP"}
    cluster.create(
        f"/api/v1/namespaces/{NAMESPACE}/services", {"kind": "Service", "metadata": {"name": "dumped"}, "spec": spec}
    )
    dumped = cluster.read(f"/api/v1/namespaces/{NAMESPACE}/services/dumped")
    message = refused(sandbox, dumped)
    fields = "metadata.managedFields, metadata.resourceVersion, metadata.uid"
    assert f"aks_services_manifests[0]: {fields} can't be described" in message
    for name in ("managedFields", "resourceVersion", "uid"):
        del dumped["metadata"][name]
    variables = {"aks_services_namespace": NAMESPACE, "aks_services_manifests": [dumped]}
    for dummy in range(2):
        run = run_playbook(on_controller(role("aks_services", **variables)), environment=sandbox.environment)
        assert run.code == 0, run.output
    assert "status" in dumped and dumped["metadata"]["creationTimestamp"] and run.changed == 0, run.changes()


def test_another_role_than_a_binding_has(sandbox: Sandbox) -> None:
    def binding(name: str) -> dict[str, Any]:
        reference = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": name}
        return {
            "apiVersion": "rbac.authorization.k8s.io/v1",
            "kind": "RoleBinding",
            "metadata": {"name": "b"},
            "roleRef": reference,
        }

    variables = {"aks_services_namespace": NAMESPACE, "aks_services_manifests": [binding("view")]}
    first = run_playbook(on_controller(role("aks_services", **variables)), environment=sandbox.environment)
    assert first.code == 0, first.output
    message = refused(sandbox, binding("edit"))
    assert "cannot change roleRef. To do: remove the object, so that it is made anew" in message


def test_a_kind_that_the_cluster_does_not_serve_is_refused_before_anything_is_made(sandbox: Sandbox) -> None:
    about = {"metadata": {"name": "w"}, "data": {"a": "hunter2"}}
    wrong = [
        {"apiVersion": "core/v1", "kind": "ConfigMap", **about},
        {"apiVersion": "v1", "kind": "ConfigMapp", **about},
    ]
    manifests = [{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "fine"}}, *wrong]
    variables = {"aks_services_namespace": "unserved", "aks_services_manifests": manifests}
    task = role("aks_services", **variables, aks_services_services=[service("m1", exposure="cluster")])
    for mode in (["--check"], []):
        run = run_playbook(on_controller(task), *mode, environment=sandbox.environment)
        assert_clear(
            run,
            "aks_services_manifests[1]: the cluster does not serve core/v1; did you mean ConfigMap of v1?",
            "aks_services_manifests[2]: ConfigMapp is no kind of v1; did you mean ConfigMap?",
        )
        assert run.changed == 0 and "hunter2" not in run.message
    assert not Cluster(sandbox).exists("/api/v1/namespaces/unserved")


def test_keys_that_can_not_be_read_or_handed_over(sandbox: Sandbox) -> None:
    consumers = [{"name": "caller", "product": "starter", "secret": "caller-apim", "namespace": "no-secrets"}]
    options = {"resource_group": "aks-demo-rg", "service_name": "apim-demo", "consumers": consumers}
    task = role("apim_consumers", **{f"apim_consumers_{name}": value for name, value in options.items()})
    cluster = Cluster(sandbox)
    cluster.create("/api/v1/namespaces", {"kind": "Namespace", "metadata": {"name": "no-secrets"}})
    quota = {"kind": "ResourceQuota", "metadata": {"name": "none"}, "spec": {"hard": {"secrets": "0"}}}
    cluster.create("/api/v1/namespaces/no-secrets/resourcequotas", quota)
    denied = "Microsoft.ApiManagement/service/subscriptions/listSecrets/action"
    sandbox.fault({"path": "subscriptions/caller$", "then": {"deny": denied}})
    run = run_playbook(on_controller(task), environment=sandbox.environment)
    sandbox.clear_faults()
    assert_clear(run, "caller", denied)
    run = run_playbook(on_controller(task), environment=sandbox.environment)
    assert_clear(
        run, "Secret no-secrets/caller-apim can't be applied", "exceeded quota: none", "raise the ResourceQuota"
    )
    assert run.message.count("subscription-key") == 0


def test_a_namespace_that_nobody_creates_is_refused_before_anything_is_made(sandbox: Sandbox) -> None:
    ledger = {"resource_group": "aks-demo-rg", "service_name": "apim-demo", "name": "refused"}
    variables = {"aks_services_namespace": "uncreated", "aks_services_create_namespace": False}
    wanted = {"aks_services_services": [service("m2", exposure="cluster")], "aks_services_ledger": ledger}
    place = {"name": "cm", "namespace": "uncreated-either"}
    manifests = {"aks_services_manifests": [{"apiVersion": "v1", "kind": "ConfigMap", "metadata": place}]}
    for mode in (["--check"], []):
        run = run_playbook(
            on_controller(role("aks_services", **variables, **wanted, **manifests)),
            *mode,
            environment=sandbox.environment,
        )
        assert_clear(run, "uncreated, uncreated-either", "Create them, or set aks_services_create_namespace to true")
        assert run.changed == 0, run.changes()


#: A kind that comes with the objects of it.
WIDGETS = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "metadata": {"name": "widgets.example.org"},
    "spec": {
        "group": "example.org",
        "scope": "Namespaced",
        "names": {"plural": "widgets", "kind": "Widget"},
        "versions": [
            {
                "name": "v1",
                "served": True,
                "storage": True,
                "schema": {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}},
            }
        ],
    },
}


def test_manifests_go_to_their_namespaces_which_are_created_and_removed(sandbox: Sandbox) -> None:
    rules = [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}]
    rbac = {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "rules": rules}
    manifests = [
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "cm"}, "data": {"a": "1"}},
        {**rbac, "metadata": {"name": "manifests"}},
        {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "sx", "namespace": "manifests-2"}},
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "cm", "namespace": "manifests-3"}},
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "manifests-3", "labels": {"mine": "yes"}}},
        {"apiVersion": "example.org/v1", "kind": "Widget", "metadata": {"name": "w"}, "size": 1},
        WIDGETS,
    ]
    paths = [
        "/api/v1/namespaces/manifests/configmaps/cm",
        "/apis/rbac.authorization.k8s.io/v1/clusterroles/manifests",
        "/api/v1/namespaces/manifests-2/secrets/sx",
        "/api/v1/namespaces/manifests-3/configmaps/cm",
        "/apis/example.org/v1/namespaces/manifests/widgets/w",
        "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.example.org",
    ]
    spaces = [f"/api/v1/namespaces/{name}" for name in ("manifests", "manifests-2", "manifests-3")]
    cluster = Cluster(sandbox)
    for ledger in ({}, {"resource_group": "aks-demo-rg", "service_name": "apim-demo", "name": "manifests"}):
        variables = {"aks_services_namespace": "manifests", "aks_services_ledger": ledger}
        # Its probe goes to /healthz.
        variables["aks_services_services"] = [service("healthy", exposure="cluster", health_path="healthz")]
        task = role("aks_services", **variables, aks_services_manifests=manifests)
        gone = role("aks_services", **variables, aks_services_manifests=manifests, aks_services_state="absent")
        for tasks, there, changes in (([task, task], True, True), ([task], True, False), ([gone], False, True)):
            rehearsal = run_playbook(on_controller(*tasks), "--check", environment=sandbox.environment)
            run = run_playbook(on_controller(*tasks), environment=sandbox.environment)
            assert rehearsal.code == 0 and run.code == 0, rehearsal.output + run.output
            assert bool(rehearsal.changed) == bool(run.changed) == changes, rehearsal.output + run.output
            assert [path for path in paths + spaces if cluster.exists(path) != there] == [], run.output


def test_what_others_have_put_into_namespaces_of_manifests_or_made_of_their_kinds_stays(sandbox: Sandbox) -> None:
    space = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "manifests-4"}}
    widget = {"apiVersion": "example.org/v1", "kind": "Widget"}
    manifests = [space, {**widget, "metadata": {"name": "mine", "namespace": "manifests-4"}}, WIDGETS]
    cluster, theirs = Cluster(sandbox), "/apis/example.org/v1/namespaces/default/widgets"
    kind = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.example.org"
    reason = "objects of its kind are there that are not removed here: default/Widget/theirs"
    stays = {
        f"CustomResourceDefinition widgets.example.org stays, for {reason}.",
        "Namespace manifests-4 stays, for this is in it: ConfigMap/theirs, Secret/owned.",
    }
    rbac = "/apis/rbac.authorization.k8s.io/v1/clusterroles"
    role_of_theirs = {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRole",
        "metadata": {"name": "owner"},
    }
    cluster.create(rbac, role_of_theirs)
    uid = cluster.read(f"{rbac}/owner")["metadata"]["uid"]
    reference = {"apiVersion": role_of_theirs["apiVersion"], "kind": "ClusterRole", "name": "owner", "uid": uid}
    for ledger in ({}, {"resource_group": "aks-demo-rg", "service_name": "apim-demo", "name": "of-others"}):
        variables = {"aks_services_manifests": manifests, "aks_services_ledger": ledger}
        made = run_playbook(on_controller(role("aks_services", **variables)), environment=sandbox.environment)
        assert made.code == 0, made.output
        cluster.create(theirs, {**widget, "metadata": {"name": "theirs"}})
        cluster.create(
            "/api/v1/namespaces/manifests-4/configmaps", {"kind": "ConfigMap", "metadata": {"name": "theirs"}}
        )
        # An operator, for example, makes objects that go with something that is in no namespace.
        owned = {"name": "owned", "ownerReferences": [reference]}
        cluster.create("/api/v1/namespaces/manifests-4/secrets", {"kind": "Secret", "metadata": owned})
        gone = on_controller(role("aks_services", **variables, aks_services_state="absent"))
        for mode in (["--check"], []):
            run = run_playbook(gone, *mode, environment=sandbox.environment)
            assert run.code == 0 and run.changed == 1 + bool(ledger), run.output
            assert stays <= {str(step.result.get("msg")) for step in run.steps}, run.output
        assert not cluster.exists("/apis/example.org/v1/namespaces/manifests-4/widgets/mine")
        space = "/api/v1/namespaces/manifests-4"
        for path in (f"{theirs}/theirs", f"{space}/configmaps/theirs", f"{space}/secrets/owned"):
            cluster.delete(path)
        last = run_playbook(gone, environment=sandbox.environment)
        assert last.code == 0, last.output
        assert not cluster.exists(kind) and not cluster.exists("/api/v1/namespaces/manifests-4"), last.output


def test_unreachable_cluster(sandbox: Sandbox, tmp_path: Any) -> None:
    config = tmp_path / "kubeconfig"
    config.write_text(
        "{apiVersion: v1, kind: Config, current-context: x, contexts: [{name: x, context: {cluster: x, user: x}}],"
        " clusters: [{name: x, cluster: {server: 'https://127.0.0.1:1'}}], users: [{name: x, user: {}}]}",
        encoding="utf-8",
    )
    run = run_playbook(
        on_controller(
            role(
                "aks_service_addresses",
                aks_service_addresses_services=[{"name": "any"}],
                aks_service_addresses_wait_timeout=5,
            )
        ),
        environment={**sandbox.environment, "KUBECONFIG": str(config), "K8S_AUTH_KUBECONFIG": str(config)},
    )
    assert_clear(run, "127.0.0.1:1")


def test_service_that_answers_500_is_reported_by_the_verification(sandbox: Sandbox) -> None:
    answers = {"fine": 200, "broken": 500}
    for name, code in answers.items():
        properties = {"displayName": name, "path": name, "protocols": ["https"], "subscriptionRequired": False}
        assert sandbox.arm("PUT", f"{SERVICE}/apis/{name}", {"properties": properties}).status_code in (201, 202)
        operation = {"displayName": "Get", "method": "GET", "urlTemplate": "/"}
        path = f"{SERVICE}/apis/{name}/operations/get"
        assert sandbox.arm("PUT", path, {"properties": operation}).status_code == 201
        answer = f'<return-response><set-status code="{code}" reason="Chosen" /></return-response>'
        policy = f"<policies><inbound><base />{answer}</inbound></policies>"
        body = {"properties": {"format": "rawxml", "value": policy}}
        assert sandbox.arm("PUT", f"{SERVICE}/apis/{name}/policies/policy", body).status_code == 201
    variables = {
        "apim_verification_resource_group": "aks-demo-rg",
        "apim_verification_service_name": "apim-demo",
        # A path begins with a slash, whether it is written or not.
        "apim_verification_calls": [
            {"name": "the fine one", "path": "/fine/"},
            {"name": "the broken one", "path": "broken/"},
        ],
        "apim_verification_patience": 3,
        "apim_verification_proxy": sandbox.environment["INNERGATE_PROXY"],
    }
    run = run_playbook(on_controller(role("apim_verification", **variables)), environment=sandbox.environment)
    assert [step.status for step in run.steps if step.action.endswith("probe") and step.status.startswith("item")] == [
        "item_ok",
        "item_failed",
    ]
    assert_clear(run, "500", "/broken/")


def applying(name: str) -> dict[str, Any]:
    """The variables of the role aks_services with one service."""
    return {"aks_services_namespace": NAMESPACE, "aks_services_services": [service(name, exposure="cluster")]}


def test_another_run_that_creates_the_same_objects_at_the_same_moment(sandbox: Sandbox) -> None:
    """Between the look at an object and its creation, somebody else creates it."""
    cluster = Cluster(sandbox)
    if not cluster.exists(f"/api/v1/namespaces/{NAMESPACE}"):
        cluster.create("/api/v1/namespaces", {"kind": "Namespace", "metadata": {"name": NAMESPACE}})
    theirs = {
        "kind": "Service",
        "metadata": {"name": "raced"},
        "spec": {"ports": [{"name": "http", "port": 8080, "targetPort": 1}], "selector": {"app": "x"}},
    }
    pods = {"metadata": {"labels": {"app": "raced"}}, "spec": {"containers": [{"name": "raced", "image": "x"}]}}
    spec = {"selector": {"matchLabels": {"app": "raced"}}, "template": pods}
    created = {
        f"/api/v1/namespaces/{NAMESPACE}/services": theirs,
        f"/apis/apps/v1/namespaces/{NAMESPACE}/deployments": {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {"name": "raced"},
            "spec": spec,
        },
    }
    with cluster.faster(created) as kubeconfig:
        environment = {**sandbox.environment, "KUBECONFIG": kubeconfig, "K8S_AUTH_KUBECONFIG": kubeconfig}
        run = run_playbook(on_controller(role("aks_services", **applying("raced"))), environment=environment)
    assert run.code == 0, run.output
    assert not created
    found = cluster.read(f"/api/v1/namespaces/{NAMESPACE}/services/raced")
    assert found["spec"]["selector"] == {"app": "raced"}
    assert [port["targetPort"] for port in found["spec"]["ports"]] == [8080]
    again = run_playbook(on_controller(role("aks_services", **applying("raced"))), environment=sandbox.environment)
    assert again.code == 0 and again.changed == 0, again.changes()
