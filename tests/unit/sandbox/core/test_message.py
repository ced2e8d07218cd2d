# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests taken apart, answers and errors put together."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from innergate_sandbox.arm.message import ArmError, ArmResponse, parse

GROUP = "/subscriptions/S/resourceGroups/G"
SERVICE = f"{GROUP}/providers/Microsoft.ApiManagement/service/x"
JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("path", "types", "names", "action", "resource_id"),
    [
        (SERVICE, ("service",), ("x",), None, SERVICE),
        (SERVICE + "/apis", ("service",), ("x",), "apis", SERVICE),
        (SERVICE + "/apis/a%3Brev%3D3", ("service", "apis"), ("x", "a;rev=3"), None, SERVICE + "/apis/a;rev=3"),
        (SERVICE + "/subscriptions/s/listSecrets", ("service", "subscriptions"), ("x", "s"), "listSecrets", None),
        (GROUP + "/providers/Microsoft.ApiManagement/service", (), (), "service", GROUP),
        ("/subscriptions/S/providers/Microsoft.ApiManagement/checkName", (), (), "checkName", "/subscriptions/S"),
    ],
)
def test_path(path: str, types: tuple[str, ...], names: tuple[str, ...], action: str | None, resource_id: str) -> None:
    request = parse("get", f"{path}?api-version=2024-05-01")
    assert (request.types, request.names, request.action) == (types, names, action)
    assert request.provider == "Microsoft.ApiManagement"
    assert request.id == (resource_id or path.rpartition("/")[0])
    assert request.method == "GET"
    assert request.api_version == "2024-05-01"


def test_the_last_namespace_counts_and_the_scope_stands_before_it() -> None:
    request = parse("PUT", SERVICE + "/providers/Microsoft.Authorization/locks/l")
    assert (request.provider, request.types, request.names) == ("Microsoft.Authorization", ("locks",), ("l",))
    assert request.scope == SERVICE
    assert request.type == "Microsoft.Authorization/locks"


def test_a_type_called_providers_is_no_namespace() -> None:
    request = parse("GET", SERVICE + "/providers/none")
    assert (request.provider, request.types, request.names) == (
        "Microsoft.ApiManagement",
        ("service", "providers"),
        ("x", "none"),
    )


def test_slashes_too_many_are_tolerated_and_case_is_kept() -> None:
    request = parse("GET", "//SUBSCRIPTIONS/S//resourcegroups/MyGroup/")
    assert (request.subscription, request.resource_group, request.provider) == ("S", "MyGroup", None)
    assert request.id == "/SUBSCRIPTIONS/S/resourcegroups/MyGroup"


SEGMENTS = st.lists(st.text(min_size=1, max_size=8).filter(lambda text: text.strip("/.") == text), max_size=12)


@given(SEGMENTS)
def test_any_path_can_be_taken_apart(segments: list[str]) -> None:
    request = parse("GET", "/" + "/".join(quote(segment, safe="") for segment in segments))
    assert request.path == "/" + "/".join(segments)
    assert len(request.types) == len(request.names)
    assert request.path.startswith(request.id)


@given(
    types=st.lists(st.from_regex(r"[a-z]{1,5}", fullmatch=True), min_size=1, max_size=4),
    name=st.text(min_size=1).filter(lambda text: "/" not in text),
)
def test_types_and_names_come_back(types: list[str], name: str) -> None:
    pairs = [part for kind in types for part in (kind, quote(name, safe=""))]
    request = parse("PUT", f"{GROUP}/providers/Contoso.Things/{'/'.join(pairs)}")
    assert request.types == tuple(types)
    assert request.names == (name,) * len(types)
    assert request.action is None


def test_query_names_have_any_case() -> None:
    request = parse("GET", SERVICE + "/apis?API-Version=2021-08-01&$Filter=a%20eq%20'b'")
    assert request.api_version == "2021-08-01"
    assert request.lookup("$filter") == "a eq 'b'"


def test_bodies() -> None:
    assert parse("PUT", SERVICE, raw=b'\xef\xbb\xbf{"a": 1}', headers=JSON).body == {"a": 1}
    assert parse("PUT", SERVICE, raw=b"  ").body is None
    with pytest.raises(ArmError) as refused:
        parse("PUT", SERVICE, raw=b"<policies/>", headers={"content-type": "application/vnd.x.policy+xml"})
    assert (refused.value.status, refused.value.code) == (415, "UnsupportedMediaType")
    with pytest.raises(ArmError) as refused:
        parse("PUT", SERVICE, raw=b"{", headers=JSON)
    assert (refused.value.status, refused.value.code) == (400, "InvalidRequestContent")


def test_error_bodies_show_what_was_given() -> None:
    plain = ArmError(404, "NotFound", "gone").response()
    assert plain.body == {"error": {"code": "NotFound", "message": "gone"}}
    full = ArmError(400, "ValidationError", "bad", target="x", details=None, extra={"innerError": None})
    expected = {"code": "ValidationError", "message": "bad", "target": "x", "details": None, "innerError": None}
    assert full.response().body == {"error": expected}


def test_payload() -> None:
    assert ArmResponse.ok({"a": None}).payload() == b'{"a":null}'
    assert ArmResponse.ok([]).payload() == b"[]"
    assert ArmResponse(200, b"raw").payload() == b"raw"
    assert ArmResponse.no_content().payload() == b""
    assert ArmResponse.accepted(azure_asyncoperation="u").headers == {"azure-asyncoperation": "u"}


@pytest.mark.parametrize(
    "raw", [b"{", b"\xff", b"NaN", b'{"a": -Infinity}', b"[1e999]", b"[" * 100_000, b"[" * 101 + b"]" * 101]
)
def test_a_body_that_is_no_sensible_json_is_refused(raw: bytes) -> None:
    with pytest.raises(ArmError) as caught:
        parse("PUT", SERVICE + "?api-version=2024-05-01", raw=raw, headers=JSON)
    assert (caught.value.status, caught.value.code) == (400, "InvalidRequestContent")


def test_a_body_may_be_nested() -> None:
    assert parse("PUT", SERVICE, raw=b"[" * 100 + b"]" * 100, headers=JSON).body is not None
