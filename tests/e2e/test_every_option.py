# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An environment that uses every option of the playbooks and roles, as every_option.yml describes it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from e2e.conftest import Site
from e2e.environment import Cluster, environment_of
from support.demo import NETWORK, SERVICE
from support.playbook import ROOT, Run
from support.sandbox import Sandbox

VARIABLES = Path(__file__).with_name("every_option.yml")
VNET = f"{NETWORK}/virtualNetworks/aks-vnet"


@pytest.fixture(scope="module")
def inventory(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An inventory of its own, with what depends on where it is used."""
    folder = tmp_path_factory.mktemp("every")
    config = yaml.safe_load(Path(sandbox.environment["KUBECONFIG"]).read_text(encoding="utf-8"))
    here = {
        "ansible_connection": "local",
        "ansible_python_interpreter": "{{ ansible_playbook_python }}",
        "every_context": config["current-context"],
        "every_report": str(folder.with_suffix(".json")),  # in the folder it would be a part of the inventory
    }
    hosts = {"all": {"vars": here, "children": {"apim": {"hosts": {"apim-demo": None}}}}}
    (folder / "hosts.yml").write_text(yaml.safe_dump(hosts), encoding="utf-8")
    (folder / "group_vars").mkdir()
    (folder / "group_vars" / "apim.yml").write_text(VARIABLES.read_text(encoding="utf-8"), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def before(sandbox: Sandbox) -> dict[str, Any]:
    """The environment before the first run, with a route table that somebody else has made."""
    body = {"location": sandbox.arm("GET", SERVICE).json()["location"], "properties": {"routes": []}}
    made = sandbox.arm("PUT", f"{NETWORK}/routeTables/every-routes", body, version="2025-05-01")
    assert made.status_code in (200, 201), made.text
    return environment_of(sandbox)


def options(specification: dict[str, Any], place: str = "") -> Iterator[str]:
    """The places of all options, as places(...) names them."""
    for name, option in specification.items():
        yield f"{place}{name}"
        yield from options(option.get("options", {}), f"{place}{name}.")


def places(value: Any, place: str = "") -> Iterator[str]:
    """The places of all keys, items of lists being one."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield f"{place}{name}"
            yield from places(part, f"{place}{name}.")
    elif isinstance(value, list):
        for item in value:
            yield from places(item, place)


def test_every_option_is_used() -> None:
    text = (ROOT / "roles" / "environment" / "meta" / "argument_specs.yml").read_text(encoding="utf-8")
    wanted = set(options(yaml.safe_load(text)["argument_specs"]["main"]["options"]))
    used = set(places(yaml.safe_load(VARIABLES.read_text(encoding="utf-8"))))
    assert wanted - used == set()


def done(run: Run) -> Run:
    """The run, which has to have ended well."""
    assert run.code == 0, run.output
    return run


def test_they_do_what_they_say(
    sandbox: Sandbox, site: Site, before: dict[str, Any], inventory: Path, tmp_path: Path
) -> None:
    start = sandbox.moment()
    told = done(site("site", "--check", inventory=inventory))
    assert told.changed > 0 and sandbox.writes(start) == []
    done(site("site", inventory=inventory))
    again = done(site("site", inventory=inventory))
    assert again.changed == 0, again.changes()

    subnets = {name: sandbox.arm("GET", f"{VNET}/subnets/{name}", version="2025-05-01").json() for name in SUBNETS}
    found = {name: body["properties"] for name, body in subnets.items()}
    endpoints = [item["service"] for item in found["apim-subnet"]["serviceEndpoints"]]
    assert endpoints == ["Microsoft.Storage", "Microsoft.Sql"]
    assert found["ingress-subnet"]["addressPrefix"] == "10.231.0.0/24"
    assert found["ingress-subnet"]["routeTable"]["id"].endswith("/routeTables/every-routes")
    assert found["apps-subnet"]["delegations"][0]["properties"]["serviceName"] == "Microsoft.Web/serverFarms"

    cluster = Cluster(sandbox)
    service = cluster.read("/api/v1/namespaces/every/services/api")
    assert service["status"]["loadBalancer"]["ingress"][0]["ip"] == "10.231.0.10"
    assert service["metadata"]["annotations"]["contoso.example/cost-center"] == "4711"
    echo = cluster.read("/api/v1/namespaces/every-other/services/echo")["spec"]
    assert (echo["ports"][0]["nodePort"], echo["externalTrafficPolicy"]) == (31234, "Cluster")
    assert set(cluster.read("/api/v1/namespaces/every-web/secrets/web-apim")["data"]) == {"host", "key"}
    assert cluster.read("/api/v1/namespaces/every/configmaps/settings")["data"] == {"color": "blue"}

    backend = sandbox.arm("GET", f"{SERVICE}/backends/every-echo").json()["properties"]
    assert backend["circuitBreaker"]["rules"][0]["name"] == "failing"
    product = sandbox.arm("GET", f"{SERVICE}/products/every-internal").json()["properties"]
    assert (product["terms"], product["subscriptionsLimit"]) == ("Be kind.", 5)
    report = json.loads(inventory.with_suffix(".json").read_text(encoding="utf-8"))
    assert [call["ok"] for call in report["calls"]] == [True] * 3

    foretold = done(site("teardown", "--check", inventory=inventory))
    real = done(site("teardown", inventory=inventory))
    assert foretold.changed == real.changed > 0, (foretold.changes(), real.changes())
    assert environment_of(sandbox) == before
    assert not any(cluster.exists(f"/api/v1/namespaces/{name}") for name in ("every", "every-other", "every-web"))


SUBNETS = ("apim-subnet", "ingress-subnet", "apps-subnet")
