# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""microcommunication-api: GET /random answers a random number.

Any path below /random and / itself answer alike: with the API path `random` in the gateway, an operation `GET /`
reaches `/` here, an operation `GET /random` reaches `/random`. The header X-Served-By names the pod.
"""

from __future__ import annotations

import os
import random
from collections.abc import Mapping

from innergate_sandbox.images.server import Answer, Request, as_json, number, serve


def port_of(environment: Mapping[str, str], otherwise: int) -> int:
    """Where to listen: the variables of ASP.NET images move it."""
    urls = environment.get("ASPNETCORE_URLS", "").split(";")[0].rstrip("/")
    return number({"p": urls.rpartition(":")[2]}, "p", number(environment, "ASPNETCORE_HTTP_PORTS", otherwise))


def answer(request: Request) -> Answer:
    """A number from 0 to 999 as JSON."""
    if request.path == "/healthz":
        return Answer(body="Healthy")
    if request.path == "/" or request.path.rstrip("/") == "/random" or request.path.startswith("/random/"):
        if request.method not in ("GET", "HEAD"):
            return as_json({"title": "Method Not Allowed", "status": 405}, 405, Allow="GET")
        return as_json(random.randrange(1000))
    return as_json({"title": "Not Found", "status": 404}, 404)


def main(port: int) -> None:
    """Serve."""
    serve([port_of(os.environ, port)], answer)
