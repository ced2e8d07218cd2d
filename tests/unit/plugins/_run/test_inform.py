# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Info modules."""

from __future__ import annotations

from support.fake_arm import SUBSCRIPTION, reply
from support.running import AT, SERVICE, Runner


def test_one_by_its_name() -> None:
    azure = Runner()
    azure.arm.put(f"{AT}/tags/t", {"properties": {"displayName": "T"}})
    found = azure.inform("apim_tag", **SERVICE, name="t")
    assert (found["changed"], azure.verbs) == (False, "GET")
    assert found["id"] == f"/subscriptions/{SUBSCRIPTION}{AT}/tags/t"
    assert found["resource"]["display_name"] == "T"
    assert found["resources"] == [found["resource"]]


def test_one_that_is_absent() -> None:
    found = Runner().inform("apim_tag", **SERVICE, name="t")
    assert (found["resource"], found["resources"]) == (None, [])


def test_all_of_a_place() -> None:
    azure = Runner()
    for name in ("a", "b"):
        azure.arm.put(f"{AT}/tags/{name}", {"properties": {"displayName": name}})
    found = azure.inform("apim_tag", **SERVICE)
    assert [item["name"] for item in found["resources"]] == ["a", "b"]
    assert "resource" not in found
    assert azure.arm.log == [("GET", f"{AT}/tags")]


def test_a_policy_is_named_by_its_place() -> None:
    azure = Runner()
    azure.arm.put(f"{AT}/products/p/policies/policy", {"properties": {"value": "<policies />", "format": "rawxml"}})
    found = azure.inform("apim_policy", **SERVICE, product_name="p")
    assert found["resource"]["value"] == "<policies />"
    assert "format=rawxml" in azure.arm.requests[0].url
    assert azure.inform("apim_policy", **SERVICE)["resource"] is None


def test_links_of_a_place() -> None:
    azure = Runner()
    azure.arm.put(f"{AT}/products/p/apis/a", {"properties": {"path": "a"}})
    assert [item["name"] for item in azure.inform("apim_product_api", **SERVICE, product_name="p")["resources"]] == [
        "a"
    ]
    assert azure.inform("apim_product_api", **SERVICE, product_name="p", api_name="a")["resource"]["name"] == "a"
    assert azure.verbs == "HEAD"


def test_secrets_are_read_only_when_asked_for() -> None:
    azure = Runner()
    for name in ("a", "b"):
        azure.arm.put(f"{AT}/subscriptions/{name}", {"properties": {"displayName": name, "scope": "/apis"}})
    azure.arm.script.append(lambda request: reply(200, {"primaryKey": "k"}) if request.method == "POST" else None)
    assert "primary_key" not in azure.inform("apim_subscription", **SERVICE, name="a")["resource"]
    assert azure.verbs == "GET"
    assert azure.inform("apim_subscription", **SERVICE, name="a", show_keys=True)["resource"]["primary_key"] == "k"
    assert azure.verbs == "GET POST"
    all_of_them = azure.inform("apim_subscription", **SERVICE, show_keys=True)["resources"]
    assert [item["primary_key"] for item in all_of_them] == ["k", "k"]
    assert azure.verbs == "GET POST POST"


def test_several_by_their_names_take_one_list() -> None:
    azure = Runner()
    for name in ("a", "b", "c"):
        azure.arm.put(f"{AT}/subscriptions/{name}", {"properties": {"displayName": name, "scope": "/apis"}})
    found = azure.inform("apim_subscription", **SERVICE, names=["C", "a", "missing", "a"])
    assert [item["name"] for item in found["resources"]] == ["c", "a"]
    assert azure.arm.log == [("GET", f"{AT}/subscriptions")]
    assert azure.inform("apim_subscription", **SERVICE, names=[])["resources"] == [] and azure.verbs == ""


def test_of_several_that_are_not_on_the_first_page_each_is_asked_for() -> None:
    azure = Runner()
    shown = {"displayName": "s", "scope": "/apis"}
    azure.arm.put(f"{AT}/subscriptions/late", {"properties": shown})
    first = {"value": [{"name": "early", "id": "x", "properties": shown}], "nextLink": "https://arm.test/more"}
    azure.arm.script.append(lambda request: reply(200, first) if request.url.split("?")[0].endswith("s") else None)
    found = azure.inform("apim_subscription", **SERVICE, names=["early", "late", "missing"])
    assert [item["name"] for item in found["resources"]] == ["early", "late"]
    assert [path for dummy, path in azure.arm.log] == [
        f"{AT}/subscriptions",
        f"{AT}/subscriptions/late",
        f"{AT}/subscriptions/missing",
    ]


def test_the_secrets_of_several_are_asked_for_one_by_one() -> None:
    azure = Runner()
    for name in ("a", "b", "c"):
        azure.arm.put(f"{AT}/subscriptions/{name}", {"properties": {"displayName": name, "scope": "/apis"}})
    azure.arm.script.append(lambda request: reply(200, {"primaryKey": "key"}) if request.method == "POST" else None)
    found = azure.inform("apim_subscription", **SERVICE, names=["a", "c"], show_keys=True)
    assert [item["primary_key"] for item in found["resources"]] == ["key", "key"] and azure.verbs == "GET POST POST"
