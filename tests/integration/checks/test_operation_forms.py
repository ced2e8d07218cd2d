# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Modules whose writes are operations, with both forms of operation that Azure may have."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from integration.checks.test_policies import APIM, running
from support.in_process import InProcess

__all__ = ["running"]

VAULT = "https://contoso.vault.azure.net/secrets/"


def document(title: str) -> dict[str, Any]:
    """A document to import."""
    paths = {f"/{title}": {"get": {"operationId": title, "responses": {"200": {"description": "ok"}}}}}
    text = json.dumps({"openapi": "3.0.1", "info": {"title": "T", "version": "1"}, "paths": paths})
    return {"format": "openapi+json", "content": text}


#: Module, the options that make its resource, and those that change it.
CASES: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "plain": ("apim_named_value", {"name": "n", "display_name": "n", "value": "1"}, {"value": "2"}),
    "secret": (
        "apim_named_value",
        {"name": "n", "display_name": "n", "is_secret": True, "value": "1"},
        {"display_name": "m"},
    ),
    "vault": (
        "apim_named_value",
        {"name": "n", "display_name": "n", "key_vault": {"secret_identifier": f"{VAULT}a"}},
        {"key_vault": {"secret_identifier": f"{VAULT}b"}},
    ),
    "import": (
        "apim_api",
        {"name": "p", "display_name": "P", "path": "p", "specification": document("a")},
        {"specification": document("b")},
    ),
}


@pytest.fixture(params=["tenant", "entity"])
def azure(running: InProcess, request: pytest.FixtureRequest) -> Iterator[InProcess]:
    """A sandbox with that form of operations."""
    options = running.it.settings.options
    options["apimanagement"] = {"entity_operation_form": request.param}
    try:
        with running.undone():
            yield running
    finally:
        del options["apimanagement"]
        running.it.core.faults.clear()


def follow(azure: InProcess, module: str, options: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The result of a task, and what it asked behind its (only) write: "poll" or "look"."""
    began = azure.clock.time()
    result = azure.run(module, {**APIM, **options}, token_age=0)
    assert azure.clock.time() - began < 2
    writes = [at for at, request in enumerate(azure.requests) if request.writes]
    if not writes:
        return result, []
    urls = [request.url.lower() for request in azure.requests[writes[0] + 1 :]]
    return result, ["poll" if "operationresults" in url or "azure-asyncid" in url else "look" for url in urls]


@pytest.mark.parametrize("case", CASES)
def test_what_is_written_is_there_and_what_is_removed_is_gone(azure: InProcess, case: str) -> None:
    module, made, changes = CASES[case]
    form = azure.it.settings.options["apimanagement"]["entity_operation_form"]
    for options in (made, made | changes):
        result, asked = follow(azure, module, options)
        assert result["changed"], result
        assert asked.count("poll") == 1 and len(asked) <= (2 if form == "tenant" else 3)
        result, asked = follow(azure, module, options)
        assert not result.get("changed") and not result.get("failed"), result
        assert not asked
    gone = {"name": made["name"], "state": "absent"}
    result, asked = follow(azure, module, gone)
    assert result["changed"], result
    assert len(asked) <= 2
    result, dummy = follow(azure, module, gone)
    assert not result.get("changed") and not result.get("failed"), result


@pytest.mark.parametrize("case", CASES)
def test_what_fails_is_told_and_changes_nothing(azure: InProcess, case: str) -> None:
    module, made, changes = CASES[case]
    azure.it.core.faults.add(path=f"/{made['name']}$", then={"operation": {"code": "Boom", "message": "no luck"}})
    assert "Boom: no luck" in follow(azure, module, made)[0]["msg"]
    azure.it.core.faults.clear()
    result, dummy = follow(azure, module, made)
    assert result["changed"], result
    azure.it.core.faults.add(path=f"/{made['name']}$", then={"operation": {"code": "Boom", "message": "no luck"}})
    doomed = [made | changes]
    # Of all deletions only that of an API is an operation, and only in the api-version of newer SDKs.
    if module == "apim_api" and "api-version=2022" not in azure.requests[-1].url:
        doomed.append({"name": made["name"], "state": "absent"})
    for options in doomed:
        assert "Boom: no luck" in follow(azure, module, options)[0]["msg"]
        result, dummy = follow(azure, module, made)
        assert not result.get("changed") and not result.get("failed"), result
