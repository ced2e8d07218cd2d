# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Addresses of documents: what is shown of them, what is secret in them."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import quote

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
        ("https://x.example/a?%63ode=c1#id_token=t1", "https://x.example/a", {"c1", "t1"}),
        ("https://x.example/a;jsessionid=s1/b", "https://x.example/a;jsessionid=********/b", {"s1"}),
        ("https://me%3Apass%40x.example/a", "the address", {"me%3Apass", "me:pass"}),
        ("me:pass@x.example", "the address", {"me:pass"}),
        ("https://me:pa/ss@x.example/", "https://me:pa/ss@x.example/", {"me:pa/ss"}),
        (
            "https://x.example/?to=https%3A%2F%2Fy.example%2F%3Fcode%3Dc1",
            "https://x.example/",
            {"https%3A%2F%2Fy.example%2F%3Fcode%3Dc1", "https://y.example/?code=c1", "c1"},
        ),
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
        ("https://x.example/?pwd=a1&b=c", "https://x.example/?pwd=********&b=c"),
        ("https://x.example/?jwt=a1", "https://x.example/?jwt=********"),
        ("https://x.example/?bearer=a1", "https://x.example/?bearer=********"),
        ("https://x.example/?PHPSESSID=a1", "https://x.example/?PHPSESSID=********"),
        ("https://x.example/?sid=a1&side=b", "https://x.example/?sid=********&side=b"),
        ("https://x.example/?hmac=a1", "https://x.example/?hmac=********"),
        ("https://x.example/?ticket=a1", "https://x.example/?ticket=********"),
        ("https://x.example/?SAMLResponse=a1", "https://x.example/?SAMLResponse=********"),
        ("https://x.example/?client_assertion=a1", "https://x.example/?client_assertion=********"),
        ("https://x.example/?%63ode=a1&%2563ode=a2", "https://x.example/?%63ode=********&%2563ode=********"),
        ("https://x.example/#access_token=a1&state=b", "https://x.example/#access_token=********&state=b"),
        ("https://x.example/#/sign-in?token=a1", "https://x.example/#/sign-in?token=********"),
        ("https://x.example/#/definitions/OrderOfACustomer", "https://x.example/#/definitions/OrderOfACustomer"),
        ("https://me:12#pass-word-of-me@x.example/", "https://me:12#********"),
        ("https://x.example/?open-sesame-open", "https://x.example/?********"),
        ("https://x.example/?=a1b2c3d4", "https://x.example/?=********"),
        ("https://x.example/?YTFiMmMzZDRlNQ==", "https://x.example/?********"),
        (
            "https://x.example/?singleWsdl&{{a-key-with-a-long-name}}",
            "https://x.example/?singleWsdl&{{a-key-with-a-long-name}}",
        ),
        ("https://x.example/?to=https://y.example/?code=c1&b=c", "https://x.example/?to=********&b=c"),
        ("https://x.example/?to=https%3A%2F%2Fy.example%2F%3Fcode%3Dc1", "https://x.example/?to=********"),
        ("https://x.example/?to=https%3A%2F%2Fme%3Ap%40y.example", "https://x.example/?to=********"),
        ("https://x.example/?to=https://y.example/?a1b2c3d4", "https://x.example/?to=********"),
        ("https://x.example/?to=/a%3Fb%3Dtoken%253Dc1", "https://x.example/?to=********"),
        ("https://x.example/?a=b=c=d=e=f=token=c1", "https://x.example/?a=********"),
        (
            "https://x.example/?to=https://y.example/?code={{key}}",
            "https://x.example/?to=https://y.example/?code={{key}}",
        ),
        ("https://x.example/?to=https://y.example/a%3Fb=c", "https://x.example/?to=https://y.example/a%3Fb=c"),
        ("https://x.example/?mail=me@y.example", "https://x.example/?mail=me@y.example"),
        ("https://x.example/a;token=t1;b=c/d", "https://x.example/a;token=********;b=c/d"),
        ("https://x.example/a%3Btoken%3Dt1/d", "https://x.example/********/d"),
        ("https://me%3Apass%40x.example/a", "the address"),
        ("https://x.example:abc/?a1b2c3d4", "the address"),
        (SAS, SAS.replace("a%2Fb%3D", "********")),
        (
            "https://x.example/a?api-version=2024-05-01&sp=r&st=2026-01-01&spr=https&skoid=1",
            "https://x.example/a?api-version=2024-05-01&sp=r&st=2026-01-01&spr=https&skoid=1",
        ),
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


#: A text that is secret, and what is none, neither of which has characters that mean something in an address.
KEYS = st.from_regex(r"[A-Za-z0-9]{12,30}_x0", fullmatch=True)
WORDS = st.sampled_from(("orders", "v1", "api-version", "sv", "2024-05-01", "me@x.example", "{{backend}}", "a%20b", ""))
NAMES = st.from_regex(
    "code|sig|pwd|passwd|Password|jwt|bearer|sessionId|PHPSESSID|hmac|ticket|assertion|SAMLart|auth|api-key|apikey"
    "|credential|client_secret|%63ode|p%77d|sid|x[.]token|access_token",
    fullmatch=True,
)
PAIRS = st.tuples(WORDS, WORDS).map("=".join)


def encoded(text: str, times: int) -> str:
    for dummy in range(times):
        text = quote(text, safe="")
    return text


@st.composite
def addresses(draw: st.DrawFn, hidden: tuple[str, str, str, str]) -> str:
    """An address with something in each of its parts: user, path, query, fragment."""
    user, path, query, fragment = hidden
    queries = [*draw(st.lists(PAIRS, max_size=2)), *([query] if query else []), *draw(st.lists(PAIRS, max_size=2))]
    steps = "/".join(draw(st.lists(WORDS, max_size=2)))
    return (
        f"https://{user}x.example/{steps}{path}?{draw(st.sampled_from('&;')).join(queries)}"
        f"#{draw(st.sampled_from(('', '/', '!')))}{draw(WORDS)}{fragment}"
    )


@given(st.data(), KEYS, NAMES, st.integers(0, 3))
def test_no_secret_survives_being_masked(data: st.DataObject, key: str, name: str, times: int) -> None:
    pair = f"{name}={key}"
    nested = f"to={encoded(f'https://y.example/a?b=c&{pair}', times)}" if times else f"to=https://y.example/?{pair}"
    sign_in = f"to={encoded(f'https://me:{key}@y.example', times)}"
    hidden = data.draw(
        st.tuples(
            st.sampled_from(("", f"me:{key}@", f"{key}@")),
            st.sampled_from(("", f";{pair}", f";a=b;{pair}/c", f"/{encoded(f'https://y.example?{pair}', 1 + times)}")),
            st.sampled_from(("", pair, key, f"={key}", nested, sign_in)),
            st.sampled_from(("", f"&{pair}", f"?{pair}", f"&{nested}")),
        )
    )
    url = data.draw(addresses(hidden))
    masked = links.masked(url)
    assert key not in masked and key not in links.shown(url)
    assert links.masked(masked) == masked
    assert not any(hidden) or any(key in text for text in links.secrets_in(url))
    assert links.masked(links.shown(url)) == links.shown(url)


@given(addresses(("", "", "", "")))
def test_an_address_without_secrets_is_shown_as_it_is(url: str) -> None:
    assert links.masked(url) == url
    assert links.secrets_in(url) == set()


@given(st.text("ab1:/@?#&;=%+{}[]. \n", max_size=40))
def test_what_is_masked_stays_as_it_is(url: str) -> None:
    assert links.masked(links.masked(url)) == links.masked(url)


@pytest.mark.parametrize("text", ["a=", "%25", "//", "a?", "%3D", "x:@"])
def test_long_addresses_are_masked_at_once(text: str) -> None:
    url = f"https://x.example/?b={text * 20_000}"
    begin = time.process_time()
    assert links.masked(url)
    assert time.process_time() - begin < 2
