# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""microcommunication-web: a page that shows what the random-number API answered.

It calls exactly the URL in RandomApiHost, with RandomApiKey in the header Ocp-Apim-Subscription-Key, through the
proxy and with the authorities that its environment names. The page has status 200 if the API answered 200, else 502.
"""

from __future__ import annotations

import html
import json
import os
import time
import urllib.error
import urllib.request
from collections.abc import Mapping

from innergate_sandbox.images.server import Answer, Request, as_json, serve


def call(environment: Mapping[str, str], timeout: float = 20.0) -> dict[str, object]:
    """Call the API: {"url", "status" (None if there was no answer), "answer" or "error", "served_by", "seconds"}."""
    url = environment.get("RandomApiHost", "")
    result: dict[str, object] = {"url": url, "status": None}
    if not url:
        return {**result, "error": "RandomApiHost is not set"}
    headers = {"Accept": "application/json", "User-Agent": "microcommunication-web"}
    if environment.get("RandomApiKey"):
        headers["Ocp-Apim-Subscription-Key"] = environment["RandomApiKey"]
    began = time.monotonic()
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=timeout) as reply:
            text = reply.read().decode(errors="replace")
            result |= {"status": reply.status, "answer": _value(text), "served_by": reply.headers.get("X-Served-By")}
    except urllib.error.HTTPError as error:
        with error:
            text = error.read().decode(errors="replace")
        result |= {"status": error.code, "error": _value(text) or error.reason}
        if error.headers.get("Retry-After"):
            result["retry_after"] = error.headers["Retry-After"]
    except (OSError, ValueError) as error:
        result["error"] = str(getattr(error, "reason", None) or error)
    result["seconds"] = round(time.monotonic() - began, 3)
    return result


def answer(request: Request) -> Answer:
    """The page, or the same as JSON for clients that ask for it."""
    if request.path == "/healthz":
        return Answer(body="Healthy")
    if request.path != "/":
        return Answer(404, "Not Found")
    result = call(os.environ)
    status = 200 if result["status"] == 200 else 502
    if "application/json" in request.headers.get("accept", ""):
        return as_json(result, status)
    return Answer(status, page(result), "text/html; charset=utf-8")


def page(result: Mapping[str, object]) -> str:
    """A small HTML page."""
    if result["status"] == 200:
        shown = f"<p>The random number is <strong>{html.escape(str(result.get('answer')))}</strong>.</p>"
    else:
        error = f"{result['status'] or 'no answer'}: {result.get('error')}"
        shown = f"<p>The random number service failed with <strong>{html.escape(error)}</strong></p>"
    source = html.escape(str(result["url"]))
    return f"<!doctype html><title>Microcommunication</title><h1>Microcommunication</h1>{shown}<p>Asked: {source}</p>\n"


def _value(text: str) -> object:
    try:
        found: object = json.loads(text)
    except ValueError:
        return text.strip()
    return found


def main(port: int) -> None:
    """Serve."""
    serve([port], answer)
