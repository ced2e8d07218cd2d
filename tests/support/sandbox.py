# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A sandbox for tests, driven through its command line as a user would drive it.

Once it runs, its commands are carried out in this process: their program takes a quarter of a second to start, and is
tested on its own.
"""

from __future__ import annotations

import io
import json
import shlex
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import redirect_stderr, redirect_stdout
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import requests
from innergate_sandbox import cli
from requests import Response

from support.playbook import BIN

WRITES = ("PUT", "PATCH", "POST", "DELETE")
CONTROLLER = "kubernetes-cloudprovider"
READING_ACTIONS = ("listsecrets", "listvalue", "listkeys", "listclusterusercredential", "listclusteradmincredential")


class Sandbox:
    """A running sandbox: its environment, its request log, its faults, and ARM as its administrator sees it."""

    def __init__(self, state: Path, *options: str) -> None:
        self.state, self.options = state, options
        self.environment: dict[str, str] = {}
        self._token = ""

    def command(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run C(innergate-sandbox) with this state directory."""
        arguments = [words[0], "--state", str(self.state), *words[1:]]
        line = [str(BIN / "innergate-sandbox"), *arguments]
        if words[0] == "up":
            done = subprocess.run(line, capture_output=True, text=True, timeout=900, check=False)
        else:
            with redirect_stdout(io.StringIO()) as said, redirect_stderr(io.StringIO()) as complained:
                code = cli.main(arguments)
            done = subprocess.CompletedProcess(line, code, said.getvalue(), complained.getvalue())
        if check and done.returncode:
            raise AssertionError(f"{shlex.join(line)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        return done

    def up(self) -> Sandbox:
        """Start it and read its environment."""
        self.command("up", "--detach", *self.options)
        text = (self.state / "env").read_text(encoding="utf-8")
        for line in text.splitlines():
            words = shlex.split(line, comments=True)
            if words[:1] == ["export"]:
                self.environment.update({name: value for name, _is, value in (w.partition("=") for w in words[1:])})
        return self

    def down(self) -> None:
        """Stop it."""
        self.command("down")

    @staticmethod
    def moment() -> str:
        """Now, as the log's --since takes it."""
        return datetime.now(timezone.utc).isoformat()

    def requests(self, since: str, category: str = "arm") -> list[dict[str, Any]]:
        """The requests since then, without those of the cluster's controllers."""
        text = self.command("log", "--json", "--category", category, "--since", since).stdout
        entries = [json.loads(line) for line in text.splitlines() if line.strip()]
        return [entry for entry in entries if not str(entry.get("user_agent") or "").startswith(CONTROLLER)]

    def writes(self, since: str) -> list[dict[str, Any]]:
        """The requests since then that change something (listing secrets is a POST that does not)."""
        return [
            entry
            for entry in self.requests(since)
            if entry["method"] in WRITES and entry["path"].rsplit("/", 1)[-1].lower() not in READING_ACTIONS
        ]

    def fault(self, rule: Mapping[str, Any]) -> None:
        """Add a fault rule."""
        self.command("fault", "add", json.dumps(rule))

    def faults(self) -> list[dict[str, Any]]:
        """The fault rules with their counters."""
        return list(json.loads(self.command("fault", "list").stdout))

    def clear_faults(self) -> None:
        """Remove all fault rules."""
        self.command("fault", "clear")

    def arm(self, method: str, path: str, body: Any = None, version: str = "2024-05-01") -> Response:
        """One request to ARM as the owner of the subscription."""
        verify = self.environment["REQUESTS_CA_BUNDLE"]
        endpoint = self.environment["AZURE_CLOUD_ENVIRONMENT"].rstrip("/")
        if not self._token:
            found = requests.get(f"{endpoint}/metadata/endpoints?api-version=2022-09-01", verify=verify, timeout=30)
            login = found.json()["authentication"]["loginEndpoint"].rstrip("/")
            form = {
                "grant_type": "client_credentials",
                "client_id": self.environment["AZURE_CLIENT_ID"],
                "client_secret": self.environment["AZURE_SECRET"],
                "scope": endpoint + "/.default",
            }
            url = f"{login}/{self.environment['AZURE_TENANT']}/oauth2/v2.0/token"
            self._token = requests.post(url, data=form, verify=verify, timeout=30).json()["access_token"]
        if not path.startswith("/subscriptions"):
            path = f"/subscriptions/{self.environment['AZURE_SUBSCRIPTION_ID']}{path}"
        return requests.request(
            method,
            f"{endpoint}{path}{'&' if '?' in path else '?'}api-version={version}",
            json=body,
            headers={"Authorization": f"Bearer {self._token}", "User-Agent": "tests", "If-Match": "*"}
            if method == "DELETE"
            else {"Authorization": f"Bearer {self._token}", "User-Agent": "tests"},
            verify=verify,
            timeout=60,
        )

    @staticmethod
    def until(reached: Callable[[], bool], seconds: float = 60, unless: Callable[[], str] = str) -> None:
        """Wait until something is so. C(unless) says why it can't come about any more, if that is so."""
        end = time.monotonic() + seconds
        while not reached():
            assert not (reason := unless()), reason
            assert time.monotonic() < end, "it did not come about"
            time.sleep(0.2)

    def settled(self, path: str, version: str = "2024-05-01") -> None:
        """Wait until a resource that was deleted is gone."""
        self.until(lambda: self.arm("GET", path, version=version).status_code == 404)

    def snapshot(self, paths: Iterable[str], version: str = "2024-05-01") -> dict[str, Any]:
        """What ARM answers for these paths."""
        return {path: self.arm("GET", path, version=version).json() for path in paths}
