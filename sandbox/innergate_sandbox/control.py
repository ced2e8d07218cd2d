# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the command line talks to a running sandbox: a plain loopback port, with a token from the state directory.

Only the client's half, so that commands start quickly; `control_server` has the other one.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

from innergate_sandbox.settings import Settings

HEADER = "X-Sandbox-Token"


class NotRunning(RuntimeError):
    """Nothing answers; the text says so."""


class Refused(RuntimeError):
    """The running sandbox refused a command; the text is its reason."""


def call(settings: Settings, method: str, path: str, body: Any = None, timeout: float = 120.0) -> Any:
    """Send a command to the sandbox of a state directory; returns the JSON answer."""
    url = f"http://127.0.0.1:{settings.ports.get('control', 0)}{path}"
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {HEADER: settings.control_token}, method=method)
    # No proxy: the environment may well name the sandbox's own, which refuses loopback addresses.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=timeout) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            raise Refused(json.load(error).get("error", str(error))) from error
    except (urllib.error.URLError, OSError) as error:
        raise NotRunning(f"the sandbox of {settings.state} does not answer: {error}") from error
