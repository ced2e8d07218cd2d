# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What results show."""

from __future__ import annotations

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._engine.argument_spec import ArgumentSpec
from ansible_collections.innergate.azure.plugins.module_utils._engine.redact import REMOVED, scrub, secrets_of, sides
from ansible_collections.innergate.azure.plugins.module_utils._engine.translate import snake, to_options
from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import (
    Field,
    Items,
    ResourceType,
    Scope,
    camel,
)

KEYS = Field("keys", "list", fields=(Field("name"), Field("secret_part", secret=True)), items=Items.BY_KEY, key="name")
THING = ResourceType(
    "thing",
    "X/things",
    "network",
    "thing",
    (Scope("things", ()),),
    fields=(
        Field("title"),
        Field("location", wire="location"),
        Field("password", secret=True),
        Field("prefixes", "list", wire="properties.prefixes", scalar="properties.prefix"),
        KEYS,
    ),
)
BODY = {
    "id": "/x",
    "name": "t",
    "type": "X/things",
    "etag": "e",
    "location": "West Europe",
    "properties": {
        "title": "a",
        "password": "sesame",
        "prefix": "10.0.0.0/24",
        "keys": [{"name": "k", "secretPart": "sesame"}],
        "isOnline": True,
        "description": None,
        "lastStatus": {"timeStampUtc": "now", "primaryKey": "sesame"},
        "userAssigned": {"/subscriptions/S/Id": {"clientId": "c"}},
        "accessKey": "sesame",
    },
}


def test_results_are_in_the_form_of_options() -> None:
    assert to_options(THING, BODY) == {
        "id": "/x",
        "name": "t",
        "etag": "e",
        "title": "a",
        "location": "West Europe",
        "prefixes": ["10.0.0.0/24"],
        "keys": [{"name": "k"}],
        "is_online": True,
        "last_status": {"time_stamp_utc": "now"},
        "user_assigned": {"/subscriptions/S/Id": {"client_id": "c"}},
    }


def test_secrets_are_shown_when_they_are_asked_for() -> None:
    shown = to_options(THING, BODY, secrets=lambda field: True)
    assert shown["password"] == "sesame"
    assert shown["keys"] == [{"name": "k", "secret_part": "sesame"}]


@pytest.mark.parametrize(
    ("wire", "option"),
    [("serviceUrl", "service_url"), ("publicIPAddresses", "public_ip_addresses"), ("etag", "etag"), ("aB", "a_b")],
)
def test_snake(wire: str, option: str) -> None:
    assert snake(wire) == option


def test_camel() -> None:
    assert camel("subscription_key_parameter_names") == "subscriptionKeyParameterNames"


def test_secrets_of_options_are_found_wherever_they_are() -> None:
    options = {"password": "sesame", "keys": [{"name": "k", "secret_part": "tahini"}], "title": "a"}
    assert secrets_of(THING.fields, options) == {"sesame", "tahini"}


def test_texts_are_scrubbed_of_known_secrets() -> None:
    value = {"msg": "no open-sesame here", "list": ["open-sesames", 1], "ok": True}
    assert scrub(value, {"open-sesame", "no"}) == {"msg": f"no {REMOVED} here", "list": [f"{REMOVED}s", 1], "ok": True}


def test_both_sides_of_a_diff_say_which_secret_changes() -> None:
    old = [{"name": "k", "secret_part": "sesame"}, {"name": "gone", "secret_part": "x"}]
    new = [{"name": "k", "secret_part": "tahini"}, {"name": "new", "secret_part": "y"}]
    assert sides(KEYS, old, new) == (
        [{"name": "k", "secret_part": "(hidden)"}, {"name": "gone", "secret_part": "(hidden)"}],
        [{"name": "k", "secret_part": "(hidden, changed)"}, {"name": "new", "secret_part": "(hidden, changed)"}],
    )


def test_argument_specs_add_up_but_never_overwrite() -> None:
    one = ArgumentSpec({"a": {"type": "str"}}, mutually_exclusive=(("a", "b"),))
    two = ArgumentSpec({"b": {"type": "str"}}, required_if=(("b", "x", ("a",)),), required_by={"b": ("a",)})
    both = one + two
    assert sorted(both.options) == ["a", "b"]
    assert both.rules() == {
        "mutually_exclusive": [["a", "b"]],
        "required_one_of": [],
        "required_together": [],
        "required_if": [["b", "x", ("a",)]],
        "required_by": {"b": ["a"]},
    }
    with pytest.raises(ValueError, match="declared twice: a"):
        both + one
