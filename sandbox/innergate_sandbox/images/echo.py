# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An echo service in the manner of ealen/echo-server: tells what it was asked.

`?status=500` (or the header X-Echo-Status) answers this status, `?delay=1.5` waits so many seconds, `?body=text`
answers the text alone. PORT in the environment moves it from port 80.
"""

from __future__ import annotations

import contextlib
import json
import os
import time

from innergate_sandbox.images.server import Answer, Request, as_json, number, serve


def answer(request: Request) -> Answer:
    """Method, path, headers and body of the request, and the pod that answers."""
    if request.path == "/healthz":
        return Answer(body="ok")
    status = int(_number(_first(request, "status") or request.headers.get("x-echo-status"), 200))
    if not 200 <= status <= 599:
        status = 200
    time.sleep(min(max(_number(_first(request, "delay"), 0.0), 0.0), 60.0))
    text = _first(request, "body")
    if text is not None:
        return Answer(status, text)
    body: object = request.body.decode(errors="replace")
    with contextlib.suppress(ValueError):
        body = json.loads(request.body)
    return as_json(
        {
            "method": request.method,
            "path": request.path,
            "query": {name: values[0] if len(values) == 1 else values for name, values in request.query.items()},
            "headers": dict(request.headers),
            "body": body,
            "pod": os.environ.get("HOSTNAME", ""),
        },
        status,
    )


def _first(request: Request, name: str) -> str | None:
    values = request.query.get(name)
    return values[0] if values else None


def _number(text: str | None, otherwise: float) -> float:
    try:
        return float(text) if text else otherwise
    except ValueError:
        return otherwise


def main(port: int) -> None:
    """Serve."""
    serve([number(os.environ, "PORT", port)], answer)
