# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Addresses of documents: what is shown of them, what is secret in them."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._engine import links
from hypothesis import given
from hypothesis import strategies as st

SAS = "https://contoso.blob.core.windows.net/apis/orders.yaml?sv=2022-11-02&sr=b&sig=a%2Fb%3D&se=2026-01-01"


@pytest.mark.parametrize(
    ("url", "shown", "secrets"),
    [
        (SAS, "https://contoso.blob.core.windows.net/apis/orders.yaml", {"a%2Fb%3D", "a/b="}),
        ("https://me:pass@example.com:8443/a#b", "https://example.com:8443/a", {"me:pass"}),
        ("https://x.example/a?X-Amz-Signature=f00&X-Amz-Date=1", "https://x.example/a", {"f00"}),
        ("https://x.example/a?token=t1;code=c1", "https://x.example/a", {"t1", "c1"}),
        ("https://x.example/a?b=c", "https://x.example/a", set()),
        ("http://[::1/a?sig=x", "the address", {"http://[::1/a?sig=x"}),
        ("orders.yaml", "the address", set()),
        ("//example.com/a", "the address", set()),
        ("https:/a", "the address", set()),
        ("https://{{user}}:{{password}}@x.example/a?code={{key}}", "https://x.example/a", set()),
        ("https://{{user}}:open@x.example/a?code={{key}}x", "https://x.example/a", {"{{user}}:open", "{{key}}x"}),
        (" https://x.example/a?PASSword=p&secret&Auth=&mycredential=c ", "https://x.example/a", {"p", "c"}),
        ("https://x.example/a?sigx=a=b+c", "https://x.example/a", {"a=b+c", "a=b c"}),
    ],
)
def test_what_is_shown_and_what_is_not(url: str, shown: str, secrets: set[str]) -> None:
    assert links.shown(url) == shown
    assert links.secrets_in(url) == secrets


@pytest.mark.parametrize(
    ("options", "secrets"),
    [
        ({"format": "rawxml-link", "value": SAS}, {"a%2Fb%3D", "a/b="}),
        ({"format": "xml-link", "content": SAS}, {"a%2Fb%3D", "a/b="}),
        ({"format": "rawxml", "value": SAS}, set()),
        ({"specification": {"format": "openapi-link", "link": SAS}}, {"a%2Fb%3D", "a/b="}),
        ({"specification": {"format": "openapi", "content": SAS}}, set()),
        ({"specification": "no mapping", "format": None}, set()),
        ({"format": "xml-link"}, set()),
        (
            {"format": "xml-link", "value": "https://x/?key=a1", "specification": {"link": "https://x/?code=b2"}},
            {"a1", "b2"},
        ),
    ],
)
def test_secrets_among_options(options: dict[str, Any], secrets: set[str]) -> None:
    assert links.link_secrets(options) == secrets


@pytest.mark.parametrize(
    ("url", "masked"),
    [
        ("https://x.example/a?b=c#d", "https://x.example/a?b=c#d"),
        ("https://x.example/a?b=c&subscription-key=k1&d", "https://x.example/a?b=c&subscription-key=********&d"),
        ("https://x.example/a?token=t1;code=c=1&sig=", "https://x.example/a?token=********;code=********&sig="),
        ("https://me:pass@example.com:8443/a", "https://********@example.com:8443/a"),
        ("http://me@10.0.0.4", "http://********@10.0.0.4"),
        ("http://[::1/a?sig=x", "the address"),
        ("https://me:pa/ss@example.com/", "the address"),
        ("contoso", "contoso"),
        ("me:pass@x.example", "the address"),
        ("x.example/?code=c1", "x.example/?code=********"),
        ("https://x.example:abc/?a=1", "the address"),
        ("https://x.example:abc/", "https://x.example:abc/"),
        ("{{backend}}", "{{backend}}"),
        ("https://{{host}}:{{port}}/?code={{key}}", "https://{{host}}:{{port}}/?code={{key}}"),
        ("https://{{host}}:{{port}}/?code=c1", "https://{{host}}:{{port}}/?code=********"),
        ("https://{{user}}:{{password}}@x.example/", "https://{{user}}:{{password}}@x.example/"),
        ("https://{{user}}:open@x.example/", "https://********@x.example/"),
        ("HTTPS://x.example/?", "HTTPS://x.example/?"),
    ],
)
def test_an_address_without_its_secrets(url: str, masked: str) -> None:
    assert links.masked(url) == masked
    assert links.masked(masked) == masked


def test_a_list_of_addresses_is_masked_one_by_one() -> None:
    assert links.mask(["https://me@x.example", "https://x.example"]) == [
        "https://********@x.example",
        "https://x.example",
    ]
    assert links.mask(None) is None and links.mask(5) == 5


@given(st.text(max_size=80))
def test_any_text_has_something_to_show(url: str) -> None:
    assert "?" not in links.shown(url)
    assert "" not in links.secrets_in(url)
