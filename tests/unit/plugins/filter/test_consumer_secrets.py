# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import base64
from typing import Any

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.innergate.azure.plugins.filter.consumer_secrets import FilterModule

consumer_secrets = FilterModule().filters()["consumer_secrets"]
URL = "https://contoso.azure-api.net"


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def test_a_secret_holds_url_and_key() -> None:
    assert consumer_secrets([{"name": "web", "secret": "web-apim"}], "demo", URL, ["0123"]) == [
        {
            "apiVersion": "v1",
            "kind": "Secret",
            "type": "Opaque",
            "metadata": {
                "name": "web-apim",
                "namespace": "demo",
                "labels": {"app.kubernetes.io/managed-by": "innergate"},
            },
            "data": {"url": encoded(URL), "subscription-key": encoded("0123")},
        }
    ]


def test_each_gets_its_own_key_in_its_own_place() -> None:
    names = {"url_key": "URL", "subscription_key_key": "KEY"}
    consumers = [
        {"name": "a", "secret": "s", "namespace": "shop", "path": "/orders", **names},
        {"name": "outside"},
        {"name": "b", "secret": "t"},
    ]
    found = consumer_secrets(consumers, "demo", URL, ["ka", "kb"])
    assert [item["metadata"]["namespace"] for item in found] == ["shop", "demo"]
    assert found[0]["data"] == {"URL": encoded(f"{URL}/orders"), "KEY": encoded("ka")}
    assert found[1]["data"]["subscription-key"] == encoded("kb")


@pytest.mark.parametrize(
    ("url", "path", "joined"),
    [
        (URL, "", URL),
        (URL, "orders", f"{URL}/orders"),
        (f"{URL}/", "/orders", f"{URL}/orders"),
        (URL, "//orders", f"{URL}//orders"),
        (URL, "@elsewhere.example", f"{URL}/@elsewhere.example"),
        (URL, ".elsewhere.example", f"{URL}/.elsewhere.example"),
        (URL, "?a=1", f"{URL}/?a=1"),
        (URL, 1, f"{URL}/1"),
    ],
)
def test_a_path_does_not_change_the_host(url: str, path: Any, joined: str) -> None:
    (found,) = consumer_secrets([{"name": "a", "secret": "s", "path": path}], "demo", url, ["ka"])
    assert found["data"]["url"] == encoded(joined)


def test_keys_of_others_are_not_handed_over() -> None:
    consumers = [{"name": "a", "secret": "s"}, {"name": "b", "secret": "t"}]
    with pytest.raises(AnsibleFilterError, match="2 consumers have a Secret, but there are 1 keys"):
        consumer_secrets(consumers, "demo", URL, ["key"])


def test_one_without_a_key_is_left_out_and_the_others_keep_theirs() -> None:
    consumers = [{"name": "a", "secret": "s"}, {"name": "outside"}, {"name": "b", "secret": "t"}]
    (found,) = consumer_secrets(consumers, "demo", URL, ["", "kb"])
    assert found["metadata"]["name"] == "t" and found["data"]["subscription-key"] == encoded("kb")
    assert consumer_secrets(consumers, "demo", URL, ["", ""]) == []
