# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Named values, backends and certificates."""

from __future__ import annotations

from typing import Any

import pytest
from innergate_sandbox.testing import header
from unit.sandbox.apimanagement.certificates import pfx
from unit.sandbox.apimanagement.console import NEW, OLD, Console, flaws

VALUE = {"displayName": "token", "value": "plain", "tags": ["foo"]}


async def test_plain_values_are_shown_and_secrets_are_not(gate: Console) -> None:
    """azure-cli recording test_apim_named_value."""
    await gate.put("namedValues/a", VALUE)
    await gate.put("namedValues/b", {"displayName": "secret", "value": "hidden", "secret": True})
    old = gate.at(OLD)
    assert await old.properties("namedValues/a") == {**VALUE, "secret": False}
    assert await old.properties("namedValues/b") == {"displayName": "secret", "secret": True}
    answer = await old.post("namedValues/b/listValue")
    assert (answer.status, answer.body) == (200, {"value": "hidden"})
    assert header(answer, "etag")


async def test_writes_are_operations_even_for_plain_values(gate: Console) -> None:
    new = await gate.at(NEW).put("namedValues/a", VALUE)
    assert (new.status, new.body["properties"]["provisioningState"]) == (201, "InProgress")
    assert (await gate.arm.poll(str(header(new, "Location")))).status == 201
    patched = await gate.at(OLD).patch("namedValues/a", {"value": "changed", "secret": False})
    assert (patched.status, patched.body) == (202, None)
    assert "asyncCode=200" in str(header(patched, "Location"))
    done = await gate.arm.poll(str(header(patched, "Location")))
    assert (done.status, done.body["properties"]["value"]) == (200, "changed")


async def test_a_secret_stays_when_other_things_change(gate: Console) -> None:
    await gate.put("namedValues/b", {"displayName": "secret", "value": "hidden", "secret": True})
    await gate.patch("namedValues/b", {"tags": ["new"]})
    assert (await gate.post("namedValues/b/listValue")).body == {"value": "hidden"}
    await gate.patch("namedValues/b", {"secret": False})
    assert (await gate.properties("namedValues/b"))["value"] == "hidden"


async def test_a_display_name_that_is_taken_fails_the_operation(gate: Console) -> None:
    """GitHub issue Azure/apiops 837: the write is accepted, the poll answers 400."""
    await gate.put("namedValues/a", VALUE)
    answer = await gate.put("namedValues/b", {**VALUE, "displayName": "TOKEN"})
    assert answer.status == 201
    end = await gate.arm.poll(str(header(answer, "Location")))
    assert flaws(end) == {"name": "Property with the same name already exist."}
    assert (await gate.arm.poll(str(header(answer, "Azure-AsyncOperation")))).body["status"] == "Failed"
    assert (await gate.get("namedValues/b")).status == 404


async def test_what_is_required(gate: Console) -> None:
    assert "displayName" in flaws(await gate.put("namedValues/a", {"value": "x"}))
    assert "value" in flaws(await gate.put("namedValues/a", {"displayName": "x"}))
    assert "displayName" in flaws(await gate.put("namedValues/a", {"displayName": "not this", "value": "x"}))


async def test_a_list_of_failed_refreshes(gate: Console) -> None:
    """Contract of isKeyVaultRefreshFailed: only entities which failed refresh. Here none ever does."""
    vault = {"secretIdentifier": "https://contoso.vault.azure.net/secrets/s"}
    await gate.put("namedValues/v", {"displayName": "v", "keyVault": vault, "secret": True})
    await gate.put("namedValues/w", {"displayName": "w", "value": "x"})
    assert await gate.names("namedValues?isKeyVaultRefreshFailed=false") == ["v", "w"]
    assert (await gate.get("namedValues?isKeyVaultRefreshFailed=true")).body["value"] == []
    assert (await gate.get("certificates?isKeyVaultRefreshFailed=true")).body["value"] == []
    stored = gate.arm.store.require(f"{gate.id}/namedValues/v")
    stored.body["properties"]["keyVault"]["lastStatus"]["code"] = "AccessDenied"
    gate.arm.store.put(stored)
    assert await gate.names("namedValues?isKeyVaultRefreshFailed=true") == ["v"]


async def test_key_vaults(gate: Console) -> None:
    vault = {"secretIdentifier": "https://contoso.vault.azure.net/secrets/s"}
    await gate.put("namedValues/v", {"displayName": "v", "keyVault": vault, "secret": True})
    found = await gate.properties("namedValues/v")
    assert found["keyVault"]["lastStatus"]["code"] == "Success"
    assert "value" not in found
    value = (await gate.post("namedValues/v/listValue")).body["value"]
    answer = await gate.post("namedValues/v/refreshSecret")
    assert (await gate.arm.poll(str(header(answer, "Location")))).status == 200
    assert (await gate.post("namedValues/v/listValue")).body["value"] == value


# -- backends ---------------------------------------------------------------------------------------------------

RULE = {
    "name": "r", "tripDuration": "PT1M",
    "failureCondition": {"count": 3, "interval": "PT1M", "statusCodeRanges": [{"min": 500, "max": 599}]},
}  # fmt: skip


async def test_pools(gate: Console) -> None:
    await gate.put("backends/one", {"url": "http://one", "protocol": "http"})
    pool = {"type": "Pool", "pool": {"services": [{"id": "/backends/one", "weight": 50, "priority": 1}]}}
    answer = await gate.put("backends/pool", pool)
    assert (answer.status, answer.body["properties"]) == (201, pool)
    assert flaws(await gate.put("backends/p", {"type": "Pool", "pool": {"services": []}}))
    assert flaws(await gate.put("backends/p", {"type": "Pool", "pool": {"services": [{"id": "/backends/none"}]}}))
    assert flaws(await gate.put("backends/p", {"type": "Pool", "pool": {"services": [{"id": "/backends/pool"}]}}))
    assert "used by" in next(iter(flaws(await gate.delete("backends/one")).values()))


@pytest.mark.parametrize(
    ("change", "target"),
    [
        ({"url": None}, "url"),
        ({"url": "no url"}, "url"),
        ({"protocol": None}, "protocol"),
        ({"protocol": "ftp"}, "protocol"),
        ({"circuitBreaker": {"rules": [{**RULE, "tripDuration": None}]}}, "circuitBreaker.rules[0].tripDuration"),
        ({"circuitBreaker": {"rules": [{**RULE, "tripDuration": "soon"}]}}, "circuitBreaker.rules[0].tripDuration"),
        ({"circuitBreaker": {"rules": [{**RULE, "failureCondition": {"count": 1, "percentage": 1}}]}},
         "circuitBreaker.rules[0].failureCondition"),
        ({"circuitBreaker": {"rules": [RULE] * 16}}, "circuitBreaker.rules"),
    ],
)  # fmt: skip
async def test_backends_that_make_no_sense(gate: Console, change: dict[str, Any], target: str) -> None:
    body = {"url": "http://a", "protocol": "http", "circuitBreaker": {"rules": [RULE]}}
    assert (await gate.put("backends/good", body)).status == 201
    assert target in flaws(await gate.put("backends/b", body | change))


async def test_reconnect(gate: Console) -> None:
    await gate.put("backends/b", {"url": "http://a", "protocol": "http"})
    assert (await gate.post("backends/b/reconnect", {"properties": {"after": "PT3S"}})).status == 202
    assert (await gate.post("backends/none/reconnect")).status == 404


# -- certificates -----------------------------------------------------------------------------------------------


async def test_certificates_show_subject_thumbprint_and_end(gate: Console) -> None:
    data = pfx(b"secret")
    answer = await gate.put("certificates/c", {"data": data, "password": "secret"})
    assert answer.status == 201
    found = answer.body["properties"]
    assert set(found) == {"subject", "thumbprint", "expirationDate"}
    assert (found["subject"], found["expirationDate"]) == ("CN=inner.example.com", "2027-01-01T00:00:00Z")
    assert len(found["thumbprint"]) == 40
    assert "password is wrong" in flaws(await gate.put("certificates/d", {"data": data, "password": "no"}))["data"]
    assert "base64" in flaws(await gate.put("certificates/d", {"data": "%%%"}))["data"]
    assert "data" in flaws(await gate.put("certificates/d", {}))


async def test_certificates_of_key_vaults_are_made_up(gate: Console) -> None:
    vault = {"secretIdentifier": "https://contoso.vault.azure.net/secrets/cert"}
    first = await gate.put("certificates/c", {"keyVault": vault})
    assert first.body["properties"]["subject"] == "CN=cert"
    assert (await gate.post("certificates/c/refreshSecret")).body["properties"]["keyVault"]["lastStatus"][
        "code"
    ] == "Success"
