# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Variables of roles that are texts: C(-e name=false) on the command line, or what a survey or JSON gives."""

from __future__ import annotations

from typing import Any

import pytest
from support.playbook import Run, on_controller, run_playbook
from support.sandbox import Sandbox

OURS = {"resource_group": "aks-demo-rg", "service_name": "apim-demo"}


def run(sandbox: Sandbox, tasks: list[dict[str, Any]], *options: str) -> Run:
    """Run tasks, with modules' names in short."""
    return run_playbook(on_controller(*tasks), *options, environment=sandbox.environment)


def role(name: str, **variables: Any) -> dict[str, Any]:
    """A task that runs a role for the service."""
    own = {f"{name}_{key}": value for key, value in {**OURS, **variables}.items()}
    return {"ansible.builtin.include_role": {"name": f"innergate.azure.{name}"}, "vars": own}


@pytest.mark.parametrize(
    ("name", "module", "more"),
    [("apim_products", "apim_product", {}), ("apim_apis", "apim_api", {"path": "texts", "protocols": ["https"]})],
)
def test_keys_are_not_deleted_because_false_is_a_text(
    sandbox: Sandbox, name: str, module: str, more: dict[str, Any]
) -> None:
    kind = name.partition("_")[2]
    there = {**OURS, "name": "texts", "display_name": "Texts", **more}
    key = {**OURS, "name": "tools", "display_name": "Tools"}
    made = [
        {f"innergate.azure.{module}": there},
        {"innergate.azure.apim_subscription": {**key, "scope": f"/{kind}/texts"}},
    ]
    assert run(sandbox, made).code == 0
    variables = {"state": "absent", kind: [{"name": "texts", **more}]}
    refused = run(sandbox, [role(name, **variables)], "-e", f"{name}_delete_subscriptions=false")
    assert refused.code != 0 and "tools" in refused.message, refused.output
    unchanged = run(sandbox, made)
    assert (unchanged.code, unchanged.changed) == (0, 0), unchanged.output
    gone = run(sandbox, [role(name, **variables)], "-e", f"{name}_delete_subscriptions=yes")
    assert gone.code == 0 and gone.changed, gone.output


def test_consumers_without_a_secret_are_rehearsed(sandbox: Sandbox) -> None:
    """Nobody looks at a cluster for them, and the service may be what an earlier task would make."""
    for service in ("apim-demo", "apim-later"):
        variables = {"service_name": service, "consumers": [{"name": "outside", "product": "starter"}]}
        told = run(sandbox, [role("apim_consumers", **variables)], "--check")
        assert (told.code, told.changed) == (0, 1), told.output


def test_a_product_is_not_published_because_false_is_a_text(sandbox: Sandbox) -> None:
    described = {"name": "hidden", "published": "false", "subscription_required": "false"}
    assert run(sandbox, [role("apim_products", products=[described])]).code == 0
    same = {**OURS, "name": "hidden", "product_state": "notPublished", "subscription_required": False}
    seen = run(sandbox, [{"innergate.azure.apim_product": same}])
    assert (seen.code, seen.changed) == (0, 0), seen.output
