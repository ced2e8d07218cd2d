# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ansible-runner runs the site playbook from the installed archive, as AWX does: credentials are in its environment."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from e2e.conftest import INVENTORY
from environments import prepare
from support.artefact import archive, installed
from support.playbook import BIN, ROOT
from support.sandbox import Sandbox


@pytest.fixture(scope="module")
def job(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A job: inventory, project, and an environment with the credentials."""
    folder = tmp_path_factory.mktemp("job")
    tree = tmp_path_factory.mktemp("tree")
    place = installed(archive(tmp_path_factory.mktemp("archive")), tree)
    assert (place / "playbooks/site.yml").is_file() and not (place / ".git").exists()
    shutil.copytree(INVENTORY, folder / "inventory")
    (folder / "project").mkdir()
    (folder / "env").mkdir()
    variables = {**sandbox.environment, "ANSIBLE_COLLECTIONS_PATH": str(tree), "ANSIBLE_NOCOLOR": "1"}
    (folder / "env/envvars").write_text(json.dumps(variables), encoding="utf-8")
    (folder / "env/extravars").write_text(json.dumps({"survey_calls": 5}), encoding="utf-8")
    return folder


def run(job: Path, ident: str, *options: str) -> dict[str, int]:
    """Run the job; returns how many tasks ended how."""
    runner = prepare("runner", ROOT / "tests/gates/requirements.txt") / "ansible-runner"
    path = os.pathsep.join([str(BIN), os.environ["PATH"]])
    command = [str(runner), "run", str(job), "-p", "innergate.azure.site", "--ident", ident]
    command += ["--cmdline", " ".join(options)] if options else []
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("ANSIBLE_", "PYTHONPATH"))}
    done = subprocess.run(
        command, cwd=job, env={**environment, "PATH": path}, capture_output=True, text=True, timeout=900, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert (job / "artifacts" / ident / "status").read_text(encoding="utf-8") == "successful"
    events = [json.loads(file.read_text("utf-8")) for file in (job / "artifacts" / ident / "job_events").glob("*.json")]
    (stats,) = [event["event_data"] for event in events if event["event"] == "playbook_on_stats"]
    return {key: sum(stats.get(key, {}).values()) for key in ("ok", "changed", "failures")}


def test_the_job_makes_the_site_and_then_changes_nothing(job: Path, sandbox: Sandbox) -> None:
    first = run(job, "first")
    assert first["ok"] > 0 and first["changed"] > 0 and first["failures"] == 0
    start = sandbox.moment()
    second = run(job, "second", "--tags", "network,products,consumers")
    assert second["ok"] > 0 and second["changed"] == 0 and second["failures"] == 0
    assert sandbox.requests(start) and sandbox.writes(start) == []


def test_no_secret_is_in_what_the_job_leaves(job: Path, sandbox: Sandbox) -> None:
    secret = sandbox.environment["AZURE_SECRET"]
    files = [path for path in (job / "artifacts").rglob("*") if path.is_file()]
    assert files
    assert [str(path) for path in files if secret in path.read_text("utf-8") and path.name != "command"] == []
