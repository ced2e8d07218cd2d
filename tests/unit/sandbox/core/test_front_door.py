# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ARM says before any provider is asked, and what it adds to every answer."""

from __future__ import annotations

import uuid

import pytest
from innergate_sandbox.arm.front import action_of
from innergate_sandbox.arm.message import ArmResponse, parse
from innergate_sandbox.core import Core
from innergate_sandbox.requestlog import changes_something
from innergate_sandbox.settings import Settings
from innergate_sandbox.testing import TestSandbox, header, sandbox
from unit.sandbox.core.things import NAMESPACE, Things

NETWORK = "/subscriptions/S/resourceGroups/G/providers/Microsoft.Network/virtualNetworks/v"


def code(answer: ArmResponse) -> tuple[int, str]:
    """Status and error code; an error of ARM itself says that it is one."""
    assert header(answer, "x-ms-failure-cause") == "gateway"
    assert "details" not in answer.body["error"]
    return answer.status, answer.body["error"]["code"]


async def test_a_request_reaches_its_provider(arm: TestSandbox, things: Things, thing: str) -> None:
    assert (await arm.call("PUT", thing, {"a": 1})).status == 201
    answer = await arm.call("GET", thing.upper().replace("SUBSCRIPTIONS", "subscriptions"))
    assert answer.body["a"] == 1
    assert things.asked[-1].principal.name == "operator"
    assert things.asked[-1].base_url.startswith("https://localhost")


@pytest.mark.parametrize(
    ("authorization", "expected"),
    [
        (None, "AuthenticationFailed"),
        ("Basic eDp5", "AuthenticationFailedInvalidHeader"),
        ("Bearer not-a-token", "InvalidAuthenticationToken"),
    ],
)
async def test_without_a_good_token_nothing_happens(
    arm: TestSandbox, things: Things, thing: str, authorization: str | None, expected: str
) -> None:
    answer = await arm.call("PUT", thing, {}, headers={"Authorization": authorization or ""})
    assert code(answer) == (401, expected)
    assert str(header(answer, "WWW-Authenticate")).startswith("Bearer authorization_uri=")
    assert things.asked == []


async def test_tokens_expire_and_are_for_arm_only(arm: TestSandbox, thing: str) -> None:
    operator, tokens = arm.settings.operator, arm.core.tokens
    expired = tokens.issue(operator, "https://management.azure.com/", lifetime=-1)
    answer = await arm.call("GET", thing, headers={"Authorization": f"Bearer {expired}"})
    assert code(answer) == (401, "ExpiredAuthenticationToken")
    graph = tokens.issue(operator, "https://graph.microsoft.com")
    answer = await arm.call("GET", thing, headers={"Authorization": f"Bearer {graph}"})
    assert code(answer) == (401, "InvalidAuthenticationTokenAudience")


async def test_a_token_of_another_sandbox_is_refused(arm: TestSandbox, thing: str) -> None:
    async with sandbox(Things()) as other:
        answer = await arm.call("GET", thing, headers={"Authorization": f"Bearer {other.token()}"})
    assert code(answer) == (401, "InvalidAuthenticationTokenTenant")


@pytest.mark.parametrize(
    ("path", "status", "expected"),
    [
        ("{group}/providers/Contoso.Nothing/x/y", 404, "InvalidResourceNamespace"),
        ("/subscriptions/{other}/resourceGroups/rg", 404, "SubscriptionNotFound"),
        ("/subscriptions/nonsense/resourceGroups/rg", 400, "InvalidSubscriptionId"),
        ("{group}2/providers/Contoso.Things/things/one", 404, "ResourceGroupNotFound"),
        ("{group}?api-version=", 400, "MissingApiVersionParameter"),
        ("{group}?api-version=latest", 400, "InvalidApiVersionParameter"),
        ("/subscriptions/{own}/nonsense", 404, "NotFound"),
    ],
)
async def test_what_arm_refuses(arm: TestSandbox, path: str, status: int, expected: str) -> None:
    known = {"group": arm.group, "own": arm.subscription_id, "other": str(uuid.uuid4())}
    assert code(await arm.call("GET", path.format(**known))) == (status, expected)


async def test_every_answer_has_arms_headers(arm: TestSandbox, thing: str) -> None:
    sent = {"x-ms-client-request-id": "mine", "x-ms-return-client-request-id": "true"}
    answer = await arm.call("GET", thing, headers=sent)
    assert answer.status == 404
    assert uuid.UUID(header(answer, "x-ms-request-id"))
    assert header(answer, "x-ms-correlation-request-id")
    assert header(answer, "x-ms-client-request-id") == "mine"
    assert header(answer, "x-ms-ratelimit-remaining-subscription-reads") == "249"
    assert header(answer, "x-ms-ratelimit-remaining-subscription-global-reads") == "3749"
    assert header(answer, "x-ms-failure-cause") is None


@pytest.mark.parametrize(
    ("method", "path", "action"),
    [
        ("GET", NETWORK, "Microsoft.Network/virtualNetworks/read"),
        ("PUT", NETWORK + "/subnets/s", "Microsoft.Network/virtualNetworks/subnets/write"),
        ("DELETE", NETWORK, "Microsoft.Network/virtualNetworks/delete"),
        ("GET", NETWORK + "/subnets", "Microsoft.Network/virtualNetworks/subnets/read"),
        ("POST", NETWORK + "/listUsages", "Microsoft.Network/virtualNetworks/listUsages/action"),
        ("PUT", "/subscriptions/S/resourceGroups/G", "Microsoft.Resources/subscriptions/resourceGroups/write"),
        ("GET", "/subscriptions/S", "Microsoft.Resources/subscriptions/read"),
    ],
)
def test_the_permission_that_a_request_needs(method: str, path: str, action: str) -> None:
    assert action_of(parse(method, path)) == action


async def test_a_denial_is_403_for_the_one_it_names(arm: TestSandbox, things: Things, thing: str) -> None:
    operator = arm.settings.operator
    arm.faults.add(path="/things/", principal="operator", then={"deny": "Contoso.Things/things/write"})
    answer = await arm.call("PUT", thing, {})
    assert code(answer) == (403, "AuthorizationFailed")
    assert answer.body["error"]["message"] == (
        f"The client '{operator.client_id}' with object id '{operator.object_id}' does not have authorization to "
        f"perform action 'Contoso.Things/things/write' over scope '{thing}' or the scope is invalid. If access was "
        "recently granted, please refresh your credentials."
    )
    assert things.asked == []
    assert (await arm.call("GET", thing)).status == 404
    assert (await arm.call("PUT", thing, {}, identity="cluster")).status == 201


async def test_providers_can_ask_for_linked_denials(arm: TestSandbox, thing: str) -> None:
    arm.faults.add(path="subnets/locked$", times=1, then={"deny": "Microsoft.Network/*/join/action"})
    await arm.call("GET", arm.group)
    who, action = arm.core.tokens.authenticate(f"Bearer {arm.token()}", ""), "Microsoft.Network/a/subnets/join/action"
    assert not arm.ctx.denied(who, action, "/x/subnets/open")
    assert arm.ctx.denied(who, action, "/x/subnets/locked")
    assert not arm.ctx.denied(who, action, "/x/subnets/locked")


async def test_the_log_has_who_asked_for_what(arm: TestSandbox, thing: str) -> None:
    await arm.call("PUT", thing, {"password": "hush", "size": 3}, headers={"User-Agent": "me/1"})
    await arm.call("GET", thing)
    written, read = arm.log.read()
    assert (written.method, written.path, written.status, written.write) == ("PUT", thing, 201, True)
    assert (written.principal, written.user_agent, written.api_version) == ("operator", "me/1", "2021-04-01")
    assert written.body == {"password": "**********", "size": 3}
    assert (read.write, read.category, read.body) == (False, "arm", None)


@pytest.mark.parametrize(
    ("method", "path", "writes"),
    [("GET", "/x", False), ("PUT", "/x", True), ("POST", "/x/listSecrets", False), ("POST", "/x/regenerateKey", True)],
)
def test_reading_actions_are_no_writes(method: str, path: str, writes: bool) -> None:
    assert changes_something(method, path) is writes


async def test_reset_forgets_all_but_the_sandbox_itself(arm: TestSandbox, things: Things, thing: str) -> None:
    heard: list[str] = []
    arm.ctx.on("reset", lambda: heard.append("reset"))
    await arm.call("PUT", thing, {"azureSeconds": 9_000_000})
    arm.faults.add(then={"status": 500})
    await arm.core.reset()
    assert (await arm.call("GET", arm.group)).status == 404
    assert [record.method for record in arm.log.read()] == ["GET"]
    assert arm.ctx.operations.running_for("/") == []
    assert heard == ["reset"]


async def test_settings_are_the_same_at_the_next_start(arm: TestSandbox) -> None:
    settings = Settings.load(arm.settings.state)
    assert settings == arm.settings
    assert isinstance(arm.core, Core)
    assert (arm.settings.state / "settings.json").stat().st_mode & 0o077 == 0
    assert NAMESPACE.lower() in arm.ctx.providers
