# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line and the process behind it, driven as a user would."""

from __future__ import annotations

import itertools
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests
from innergate_sandbox import daemon, envfile
from innergate_sandbox.settings import Settings

Done = subprocess.CompletedProcess[str]
VERSION = {"api-version": "2021-04-01"}


class Sandbox:
    """A state directory and its commands."""

    def __init__(self, state: Path) -> None:
        self.state = state
        self.session: requests.Session | None = None

    def command(self, *words: str, env: dict[str, str] | None = None) -> Done:
        """Run a command."""
        line = [sys.executable, "-m", "innergate_sandbox.cli", words[0], "--state", str(self.state), *words[1:]]
        environment = {**os.environ, **(env or {})}
        return subprocess.run(line, capture_output=True, text=True, timeout=60, check=False, env=environment)

    def up(self, *options: str) -> Done:
        """Start it detached and without Kubernetes."""
        return self.command("up", "--detach", "--no-kubernetes", *options)

    def status(self) -> tuple[int, dict[str, Any]]:
        """Exit code and JSON of status."""
        done = self.command("status", "--json")
        return done.returncode, json.loads(done.stdout)

    @property
    def environment(self) -> dict[str, str]:
        """The variables of DIR/env."""
        return envfile.read((self.state / envfile.FILE).read_text(encoding="utf-8"))

    def ask(self, method: str, path: str, body: Any = None) -> requests.Response:
        """A request to ARM with what DIR/env says."""
        known = self.environment
        base = known["AZURE_CLOUD_ENVIRONMENT"]
        if self.session is None:
            self.session = requests.Session()
            self.session.trust_env = False
            self.session.verify = known["REQUESTS_CA_BUNDLE"]
            form = {
                "grant_type": "client_credentials",
                "client_id": known["AZURE_CLIENT_ID"],
                "client_secret": known["AZURE_SECRET"],
                "scope": f"{base}/.default",
            }
            url = f"{base}/{known['AZURE_TENANT']}/oauth2/v2.0/token"
            token = self.session.post(url, data=form, timeout=10).json()["access_token"]
            self.session.headers["Authorization"] = f"Bearer {token}"
        url = f"{base}/subscriptions/{known['AZURE_SUBSCRIPTION_ID']}{path}"
        return self.session.request(method, url, json=body, params=VERSION, timeout=10)

    def down(self) -> None:
        """Stop it, if it runs."""
        if self.session is not None:
            self.session.close()
        self.command("down")

    def make(self, name: str) -> int:
        """Make a resource group; returns the status."""
        return self.ask("PUT", f"/resourceGroups/{name}", {"location": "westeurope"}).status_code


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A sandbox that runs."""
    it = Sandbox(tmp_path_factory.mktemp("cli") / "state")
    done = it.up()
    assert done.returncode == 0, done.stderr
    yield it
    it.down()


@pytest.fixture
def stopped(tmp_path: Path) -> Iterator[Sandbox]:
    """A directory in which nothing runs yet."""
    it = Sandbox(tmp_path / "state")
    yield it
    it.down()


def test_up_answers_when_everything_is_ready(running: Sandbox) -> None:
    names = {
        "AZURE_CLIENT_ID", "AZURE_SECRET", "AZURE_TENANT", "AZURE_SUBSCRIPTION_ID", "AZURE_CLOUD_ENVIRONMENT",
        "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "INNERGATE_GATEWAY_URL", "INNERGATE_PROXY",
        "INNERGATE_INSIDE_PROXY",
    }  # fmt: skip
    assert names <= set(running.environment)
    text = (running.state / envfile.FILE).read_text(encoding="utf-8")
    assert all(line.startswith("export ") for line in text.splitlines())
    assert running.ask("GET", "/resourceGroups").status_code == 200


@pytest.mark.parametrize(("variable", "status"), [("INNERGATE_PROXY", 403), ("INNERGATE_INSIDE_PROXY", 400)])
def test_the_proxies_of_both_sides_are_told(running: Sandbox, variable: str, status: int) -> None:
    """Only machines in the network reach the metadata address, which refuses a request without its header."""
    with requests.Session() as session:
        session.trust_env = False
        session.proxies = {"http": running.environment[variable]}
        answer = session.get("http://169.254.169.254/metadata/identity/oauth2/token", timeout=10)
    assert answer.status_code == status


def test_what_is_secret_is_private(running: Sandbox) -> None:
    for name in ("env", "settings.json", "state.db", "requests.db", "sandbox.log", "entra.key", "tls/ca.key"):
        assert (running.state / name).stat().st_mode & 0o077 == 0, name


def test_up_again_says_so(running: Sandbox) -> None:
    before = running.status()[1]["pid"]
    done = running.up()
    assert done.returncode == 0
    assert f"Already running (process {before})" in done.stdout
    assert running.status()[1]["pid"] == before


def test_status(running: Sandbox) -> None:
    code, shown = running.status()
    assert code == 0
    assert (shown["running"], shown["phase"], shown["kubernetes"]) == (True, "ready", False)
    assert shown["endpoint"] == running.environment["AZURE_CLOUD_ENVIRONMENT"]
    text = running.command("status").stdout
    assert shown["endpoint"] in text


def test_log(running: Sandbox) -> None:
    running.session = None
    began = time.time()
    running.make("logged")
    running.ask("GET", "/resourceGroups/logged")
    lines = running.command("log", "--json", "--since", str(began)).stdout.splitlines()
    entries = [json.loads(line) for line in lines]
    assert [entry["category"] for entry in entries] == ["entra", "arm", "arm"]
    put = entries[1]
    assert {"time", "method", "path", "query", "status", "duration", "api_version", "user_agent", "principal"} <= set(
        put
    )
    assert (put["method"], put["status"], put["write"], put["principal"]) == ("PUT", 201, True, "operator")
    assert put["body"] == {"location": "westeurope"}
    assert running.environment["AZURE_SECRET"] not in "".join(lines)
    since = ("--since", str(began))
    assert len(running.command("log", "--writes", *since).stdout.splitlines()) == 1
    assert len(running.command("log", "--category", "arm", *since).stdout.splitlines()) == 2
    assert running.command("log", "--user-agent", "!python-requests", *since).stdout == ""
    assert len(running.command("log", "--since", "5m", "--limit", "1").stdout.splitlines()) == 1


def test_faults(running: Sandbox) -> None:
    rule = {"method": "GET", "path": "/resourceGroups/x$", "times": 1, "then": {"status": 503}}
    added = json.loads(running.command("fault", "add", json.dumps(rule)).stdout)
    options = ("--method", "GET", "--path", "/resourceGroups/y$", "--status", "418", "--header", "Retry-After=3")
    running.command("fault", "add", *options)
    assert running.ask("GET", "/resourceGroups/x").status_code == 503
    teapot = running.ask("GET", "/resourceGroups/y")
    assert (teapot.status_code, teapot.headers["Retry-After"]) == (418, "3")
    listed = json.loads(running.command("fault", "list").stdout)
    assert [each["hits"] for each in listed] == [1, 1]
    assert running.command("fault", "clear", added["id"]).returncode == 0
    assert running.command("fault", "clear", added["id"]).returncode == 1
    assert json.loads(running.command("fault", "clear").stdout) == {"cleared": 1}
    bad = running.command("fault", "add", '{"then": {"explode": 1}}')
    assert bad.returncode == 1
    assert "explode" in bad.stderr


def test_reset(running: Sandbox) -> None:
    running.make("forgotten")
    running.command("fault", "add", "--delay", "0")
    assert running.command("reset").returncode == 0
    assert running.ask("GET", "/resourceGroups").json() == {"value": []}
    assert len(running.command("log").stdout.splitlines()) == 1
    assert json.loads(running.command("fault", "list").stdout) == []


def test_down_waits_and_the_next_up_goes_on_at_the_same_address(stopped: Sandbox) -> None:
    stopped.up("--time-scale", "7")
    stopped.make("kept")
    before = stopped.environment
    pid = stopped.status()[1]["pid"]
    assert stopped.command("down").stdout == "Stopped.\n"
    assert not daemon.lives(pid)
    assert stopped.status()[0] == 3
    assert stopped.command("down").stdout == "Nothing runs.\n"
    assert len(stopped.command("log", "--writes").stdout.splitlines()) == 1
    assert stopped.up().returncode == 0
    assert stopped.environment == before
    assert stopped.status()[1]["time_scale"] == 7
    assert stopped.make("kept") == 200


def test_a_killed_sandbox_has_lost_nothing_that_it_answered(stopped: Sandbox) -> None:
    stopped.up()
    pid = stopped.status()[1]["pid"]
    made = [f"g{number}" for number in range(8) if stopped.make(f"g{number}") == 201]
    os.kill(pid, signal.SIGKILL)
    assert stopped.status()[0] == 3
    assert stopped.up().returncode == 0
    names = [group["name"] for group in stopped.ask("GET", "/resourceGroups").json()["value"]]
    assert names == made
    assert len(stopped.command("log", "--writes").stdout.splitlines()) == 8


class Writer(threading.Thread):
    """Writes ever higher numbers into tags of its three groups until nobody answers any more."""

    def __init__(self, state: Path, name: str, answered: threading.Semaphore) -> None:
        super().__init__()
        self.sandbox, self.name, self.answered = Sandbox(state), name, answered
        self.allowed: dict[str, set[str | None]] = {f"{name}{number}": {None} for number in range(3)}

    def run(self) -> None:
        """An answered write is the only one that may be found; those that were not answered may be found as well."""
        for number, name in enumerate(itertools.cycle(self.allowed)):
            body = {"location": "westeurope", "tags": {"n": str(number)}}
            self.allowed[name].add(str(number))
            try:
                status = self.sandbox.ask("PUT", f"/resourceGroups/{name}", body).status_code
            except requests.RequestException:
                return
            assert status in (200, 201)
            self.allowed[name] = {str(number)}
            self.answered.release()


def test_kills_in_the_middle_of_many_writes_lose_nothing_that_was_answered(stopped: Sandbox) -> None:
    stopped.up()
    before, chance = stopped.environment, random.Random(11)
    for number in range(3):
        answered = threading.Semaphore(0)
        writers = [Writer(stopped.state, f"r{number}{name}", answered) for name in "abcd"]
        for writer in writers:
            writer.start()
        for dummy in range(chance.randrange(5, 60)):  # whatever the others are doing then
            assert answered.acquire(timeout=30)
        os.kill(stopped.status()[1]["pid"], signal.SIGKILL)
        for writer in writers:
            writer.join(20)
        assert stopped.up().returncode == 0
        assert stopped.environment == before
        groups = stopped.ask("GET", "/resourceGroups").json()["value"]
        found = {group["name"]: group["tags"]["n"] for group in groups}
        allowed = {name: values for writer in writers for name, values in writer.allowed.items()}
        assert {name: found.get(name) for name in allowed if found.get(name) not in allowed[name]} == {}
        assert any(None not in values for values in allowed.values()), "nothing was answered before the kill"
        stopped.session = None


def test_two_starts_at_once_make_one_sandbox(stopped: Sandbox) -> None:
    with ThreadPoolExecutor(3) as pool:
        starts = [pool.submit(stopped.up) for dummy in range(3)]
        done = [start.result() for start in starts]
    assert [each.returncode for each in done] == [0, 0, 0], [each.stderr for each in done]
    assert sum("Ready after" in each.stdout for each in done) == 1
    assert sum("Already running" in each.stdout for each in done) == 2


def test_in_the_foreground_until_told_to_stop(stopped: Sandbox) -> None:
    line = [sys.executable, "-m", "innergate_sandbox.cli", "up", "--state", str(stopped.state), "--no-kubernetes"]
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for text in process.stdout:
            if text.startswith("Ready"):
                break
        assert stopped.status()[0] == 0
        process.terminate()
        assert process.wait(20) == 0
    assert stopped.status()[0] == 3


def test_a_port_that_is_taken_is_one_sentence(stopped: Sandbox, running: Sandbox) -> None:
    port = Settings.load(running.state).ports["arm"]  # type: ignore[union-attr]
    done = stopped.up("--port", str(port))
    assert done.returncode == 1
    assert f"port {port} on 127.0.0.1 cannot be opened" in done.stderr
    assert "Traceback" not in done.stderr
    assert daemon.running(stopped.state) is None


def test_what_people_have_written_into_the_settings_counts(stopped: Sandbox) -> None:
    stopped.state.mkdir()
    file = stopped.state / "settings.json"
    file.write_text('{"options": {"apimanagement": {"entity_operation_form": "entity"}}}', encoding="utf-8")
    assert stopped.up().returncode == 0
    kept = json.loads(file.read_text(encoding="utf-8"))
    assert kept["options"] == {"apimanagement": {"entity_operation_form": "entity"}}
    assert kept["identities"].keys() == Settings(stopped.state).identities.keys()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "settings.json is no JSON document: "),
        ("[]", "has to be an object"),
        ('{"option": {}}', "options, ports"),
        ('{"options": {"apimanagement": {"form": "entity"}}, "seed": "demo"}', "entity_operation_form, "),
        ('{"options": {"gateway": {"form": "entity"}}}', "options.gateway in "),
        ('{"options": {"gateway": [1]}}', "has to be an object"),
    ],
)
def test_settings_that_can_not_be_read_are_one_sentence(stopped: Sandbox, text: str, words: str) -> None:
    stopped.state.mkdir()
    (stopped.state / "settings.json").write_text(text, encoding="utf-8")
    done = stopped.up()
    assert done.returncode == 1 and words in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize("command", [["log"], ["reset"], ["fault", "list"]])
def test_commands_without_a_sandbox(stopped: Sandbox, command: list[str]) -> None:
    done = stopped.command(*command)
    assert done.returncode == 3
    assert "no sandbox was ever started" in done.stderr
    assert not stopped.state.exists()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--latency", "fast"], "none, real, slow, or pairs like GET=50,PUT=200; not 'fast'"),
        (["--time-scale", "0"], "a number above 0; not '0'"),
        (["--time-scale", "nan"], "a number above 0; not 'nan'"),
        (["--time-scale", "inf"], "a number above 0; not 'inf'"),
        (["--seed", "x"], "choose from"),
    ],
)
def test_usage(stopped: Sandbox, options: list[str], words: str) -> None:
    done = stopped.up(*options)
    assert done.returncode == 2
    assert words in done.stdout + done.stderr


def test_the_start_is_quick(running: Sandbox) -> None:
    running.command("down")
    running.up()
    pid = running.status()[1]["pid"]
    # Processor time, not wall time: other tests may be running beside this one.
    stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    assert sum(map(int, stat[11:15])) / os.sysconf("SC_CLK_TCK") < 2.5
