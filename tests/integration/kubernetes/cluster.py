# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sandbox's cluster as a test sees it: plain requests to the API server, and waiting by watching."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
import yaml
from requests.adapters import HTTPAdapter
from support.sandbox import Sandbox
from urllib3.util.retry import Retry

NAMESPACE = "default"
NETWORK = "/resourceGroups/aks-demo-rg/providers/Microsoft.Network/virtualNetworks/aks-vnet"
PREFIX = "service.beta.kubernetes.io/azure-load-balancer-"
PATHS = {
    "ConfigMap": "api/v1",
    "Deployment": "apis/apps/v1",
    "Event": "api/v1",
    "Pod": "api/v1",
    "Secret": "api/v1",
    "Service": "api/v1",
}
Object = dict[str, Any]


class Cluster:
    """One namespace of the cluster, and the network around it."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        config = yaml.safe_load(Path(sandbox.environment["KUBECONFIG"]).read_text())
        cluster, user = config["clusters"][0]["cluster"], config["users"][0]["user"]
        folder = sandbox.state / "test-credentials"
        folder.mkdir(exist_ok=True)
        for name, text in (
            ("ca", cluster["certificate-authority-data"]),
            ("cert", user["client-certificate-data"]),
            ("key", user["client-key-data"]),
        ):
            (folder / name).write_bytes(base64.b64decode(text))
        self._server = cluster["server"]
        self._authority = str(folder / "ca")
        self._certificate = (str(folder / "cert"), str(folder / "key"))
        ports = json.loads((sandbox.state / "settings.json").read_text())["ports"]
        self._proxies = {zone: f"http://127.0.0.1:{ports[name]}" for zone, name in ZONES.items()}

    @contextmanager
    def _session(self) -> Iterator[requests.Session]:
        with requests.Session() as session:
            session.trust_env = False
            session.verify, session.cert = self._authority, self._certificate
            yield session

    # -- objects ------------------------------------------------------------------------------------------------

    def request(self, method: str, path: str, body: Any = None, content: str = "application/json", **query: str) -> Any:
        """One request; the answer's JSON. An error status is an AssertionError with the API server's message."""
        data = None if body is None else json.dumps(body)
        headers = {"Content-Type": content}
        url = f"{self._server}/{path}"
        with self._session() as session:
            answer = session.request(method, url, params=query, data=data, headers=headers, timeout=30)
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if "json" in answer.headers.get("Content-Type", "") else answer.text

    def path(self, kind: str, name: str = "") -> str:
        """Where objects of a kind are."""
        return f"{PATHS[kind]}/namespaces/{NAMESPACE}/{kind.lower()}s" + (f"/{name}" if name else "")

    def apply(self, *objects: Object) -> None:
        """Server-side apply."""
        for item in objects:
            path = self.path(item["kind"], item["metadata"]["name"])
            self.request("PATCH", path, item, "application/apply-patch+yaml", fieldManager="tests", force="true")

    def patch(self, kind: str, name: str, change: Object) -> Object:
        """A merge patch."""
        found: Object = self.request("PATCH", self.path(kind, name), change, "application/merge-patch+json")
        return found

    def get(self, kind: str, name: str) -> Object:
        """One object."""
        found: Object = self.request("GET", self.path(kind, name))
        return found

    def objects(self, kind: str, **query: str) -> list[Object]:
        """All objects of a kind."""
        found: list[Object] = self.request("GET", self.path(kind), **query)["items"]
        return found

    def delete(self, kind: str, name: str, seconds: float = 20) -> None:
        """Delete, and return when it is gone."""
        self.request("DELETE", self.path(kind, name))
        self._watch(kind, lambda items: name not in items, seconds, f"{kind} {name} is still there")

    def wait(self, kind: str, name: str, condition: Callable[[Object], Any], seconds: float = 20) -> Object:
        """The object as soon as the condition holds."""
        items = self._watch(
            kind, lambda items: name in items and condition(items[name]), seconds, f"{kind} {name} is not as expected"
        )
        return items[name]

    def wait_all(self, kind: str, condition: Callable[[list[Object]], Any], seconds: float = 20) -> list[Object]:
        """All objects of the kind as soon as the condition holds for them."""
        items = self._watch(
            kind, lambda items: condition(list(items.values())), seconds, f"{kind}s are not as expected"
        )
        return list(items.values())

    def _watch(
        self, kind: str, condition: Callable[[dict[str, Object]], Any], seconds: float, problem: str
    ) -> dict[str, Object]:
        listed = self.request("GET", self.path(kind))
        items = {item["metadata"]["name"]: item for item in listed["items"]}
        deadline = time.monotonic() + seconds
        version = listed["metadata"]["resourceVersion"]
        while not condition(items):
            left = deadline - time.monotonic()
            shown = {name: item.get("message") or item.get("status") for name, item in items.items()}
            assert left > 0, f"{problem} after {seconds} s: {json.dumps(shown, indent=1)[-3000:]}"
            query = {"watch": "true", "resourceVersion": version, "timeoutSeconds": str(int(left) + 1)}
            url = f"{self._server}/{self.path(kind)}"
            with (
                self._session() as session,
                session.get(url, params=query, stream=True, timeout=left + 5) as answer,
            ):
                for line in answer.iter_lines(chunk_size=1):
                    event = json.loads(line)
                    item = event["object"]
                    version = item["metadata"]["resourceVersion"]
                    items[item["metadata"]["name"]] = item
                    if event["type"] == "DELETED":
                        del items[item["metadata"]["name"]]
                    if condition(items):
                        return items
        return items

    # -- what tests ask for ---------------------------------------------------------------------------------------

    def address(self, name: str, seconds: float = 20, unlike: str = "") -> str:
        """The address of a Service's load balancer, as soon as it has one (other than `unlike`)."""
        service = self.wait("Service", name, lambda item: _address(item) not in ("", unlike), seconds)
        return _address(service)

    def event(self, name: str, reason: str, seconds: float = 20, words: str = "") -> Object:
        """The newest event about an object with a reason and words, as soon as there is one."""

        def matching(items: list[Object]) -> list[Object]:
            return [
                item
                for item in items
                if item["involvedObject"]["name"] == name and item["reason"] == reason and words in item["message"]
            ]

        found = self.wait_all("Event", matching, seconds)
        return max(matching(found), key=lambda item: int(item["metadata"]["resourceVersion"]))

    def call(self, url: str, zone: str = "vnet", retries: int = 40, **headers: str) -> requests.Response:
        """A GET from inside the network or from the internet. Refusals are tried again for a moment: what is
        reachable follows the objects with a delay of milliseconds.
        """
        again = Retry(
            total=retries, backoff_factor=0.05, backoff_max=0.2, status_forcelist=[403, 502], raise_on_status=False
        )
        with requests.Session() as session:
            session.trust_env = False
            session.proxies = {"http": self._proxies[zone]}
            session.mount("http://", HTTPAdapter(max_retries=again))
            return session.get(url, timeout=20, headers=headers)

    def controller_writes(self, since: str) -> list[str]:
        """METHOD and last part of the path of what the load-balancer controller has written since then."""
        text = self.sandbox.command("log", "--json", "--category", "arm", "--since", since).stdout
        entries = [json.loads(line) for line in text.splitlines() if line.strip()]
        return [
            f"{entry['method']} {entry['path'].rpartition('/')[2]}"
            for entry in entries
            if str(entry.get("user_agent") or "").startswith("kubernetes-cloudprovider") and entry["method"] != "GET"
        ]


ZONES = {"vnet": "inside_proxy", "internet": "proxy"}


def _address(service: Object) -> str:
    ingress = (service.get("status", {}).get("loadBalancer") or {}).get("ingress") or [{}]
    return str(ingress[0].get("ip", ""))


def deployment(name: str, image: str, replicas: int = 1, **container: Any) -> Object:
    """A Deployment with one container."""
    labels = {"app": name}
    spec = {"containers": [{"name": name, "image": image, **container}], "terminationGracePeriodSeconds": 5}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name},
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": spec},
        },
    }


def service(name: str, subnet: str | None = None, port: int = 8080, app: str = "api", **options: Any) -> Object:
    """A Service of type LoadBalancer, internal if a subnet is named. `address` fixes its address."""
    annotations = {}
    if subnet is not None:
        annotations = {PREFIX + "internal": "true", PREFIX + "internal-subnet": subnet}
    if "address" in options:
        annotations[PREFIX + "ipv4"] = options.pop("address")
    ports = [{"name": "http", "port": port, "targetPort": options.pop("target", 8080)}]
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": name, "annotations": annotations},
        "spec": {"type": "LoadBalancer", "selector": {"app": app}, "ports": ports, **options},
    }


def add_subnet(sandbox: Sandbox, name: str, prefix: str) -> None:
    """A subnet of the cluster's network."""
    body = {"properties": {"addressPrefix": prefix}}
    answer = sandbox.arm("PUT", f"{NETWORK}/subnets/{name}", body, version="2025-05-01")
    assert answer.status_code == 201, answer.text
