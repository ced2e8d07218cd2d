# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documents behind addresses, read from where the task runs."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._arm import download as module
from ansible_collections.innergate.azure.plugins.module_utils._arm.download import DownloadError, download
from support.https_arm import HttpsArm
from support.web import Web


@pytest.fixture
def web() -> Iterator[Web]:
    with Web().running() as running:
        yield running


def test_a_document_is_read_with_its_query_and_without_credentials(web: Web) -> None:
    web.documents["/a.yaml"] = "openapi: 3.0.1"
    assert download(f"{web.url}/a.yaml?sv=1&sig=abc%2B", {}) == "openapi: 3.0.1"
    assert web.asked == ["/a.yaml?sv=1&sig=abc%2B"]
    assert "authorization" not in web.seen[0]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("grün".encode("utf-8-sig"), ""),
        ("grün".encode("utf-16"), ""),
        ("grün".encode("latin-1"), "text/plain; charset=iso-8859-1"),
    ],
    ids=["utf-8 with a mark", "utf-16", "named in the header"],
)
def test_texts_in_other_encodings(web: Web, body: bytes, kind: str) -> None:
    web.documents["/a"] = body
    web.headers["/a"] = {"Content-Type": kind}
    assert download(f"{web.url}/a", {}) == "grün"


def test_an_encoding_that_xml_names(web: Web) -> None:
    web.documents["/a"] = '<?xml version="1.0" encoding="iso-8859-1"?><a>ü</a>'.encode("latin-1")
    assert "ü" in download(f"{web.url}/a", {})


def test_redirects_are_followed_but_not_for_ever(web: Web) -> None:
    web.documents |= {"/a": 302, "/b": "text", "/ring": 307}
    web.headers |= {"/a": {"Location": "/b"}, "/ring": {"Location": "/ring"}}
    assert download(f"{web.url}/a", {}) == "text"
    with pytest.raises(DownloadError, match="from one address to the next"):
        download(f"{web.url}/ring", {})


@pytest.mark.parametrize(
    ("path", "words"),
    [("/forbidden", "the answer is 403"), ("/none", "the answer is 404"), ("/away", "no address of http")],
)
def test_what_cannot_be_read(web: Web, path: str, words: str) -> None:
    web.documents |= {"/forbidden": 403, "/away": 302}
    web.headers["/away"] = {"Location": "file:///etc/passwd"}
    with pytest.raises(DownloadError, match=words):
        download(web.url + path, {})


@pytest.mark.parametrize("url", ["", "file:///etc/passwd", "ftp://127.0.0.1/a", "http://[::1", "https:///a", "x"])
def test_only_addresses_of_the_web(url: str) -> None:
    with pytest.raises(DownloadError, match="no address of http"):
        download(url, {})


def test_binary_and_very_long_documents(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    web.documents |= {"/binary": b"\x89PNG\xff\xfe\x00", "/long": "x" * 2000}
    with pytest.raises(DownloadError, match="no text"):
        download(f"{web.url}/binary", {})
    monkeypatch.setattr(module, "LIMIT", 1000)
    with pytest.raises(DownloadError, match="more than"):
        download(f"{web.url}/long", {})


def test_no_answer_is_waited_for_longer_than_that(web: Web) -> None:
    begin = time.monotonic()
    with pytest.raises(DownloadError, match=r"within 1 s|timed out"):
        download(f"{web.url}/slow/a", {}, seconds=1)
    assert time.monotonic() - begin < 5


def test_nobody_listens(web: Web) -> None:
    with pytest.raises(DownloadError, match="refused") as caught:
        download("http://127.0.0.1:9/a?sig=geheim", {})
    assert "geheim" not in str(caught.value)


def test_the_proxy_of_the_environment_is_used(web: Web) -> None:
    """An http proxy is asked for the whole address."""
    web.documents["http://docs.example.com/a"] = "through the proxy"
    assert download("http://docs.example.com/a", {"HTTP_PROXY": web.url}) == "through the proxy"
    web.documents["/b"] = "direct"
    assert download(f"{web.url}/b", {"HTTP_PROXY": "http://127.0.0.1:9", "NO_PROXY": "127.0.0.1"}) == "direct"


def test_the_trust_of_the_environment_is_used(tmp_path: Path) -> None:
    with HttpsArm(tmp_path).running() as arm:
        trusted = {"REQUESTS_CA_BUNDLE": str(arm.ca)}
        with pytest.raises(DownloadError, match="the answer is 40"):
            download(f"{arm.url}/nothing", trusted)
        with pytest.raises(DownloadError, match=r"(?i)certificate"):
            download(f"{arm.url}/nothing", {})
        with pytest.raises(DownloadError, match="can't be read"):
            download(f"{arm.url}/nothing", {"REQUESTS_CA_BUNDLE": str(tmp_path / "missing")})
