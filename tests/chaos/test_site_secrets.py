# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""No secret is left anywhere, whatever Ansible is told to say and to keep, and whether a run works or fails.

Which secrets there are is read from the state of the sandbox when all is done. One place may have one: the cache of
tokens, whose files are the user's alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from chaos.site import Site
from support.confidential import Search, forms, secrets_of
from support.sandbox import Sandbox

APIM = {"resource_group": "aks-demo-rg", "service_name": "apim-demo"}
#: Values that tasks are given; some are replaced, refused or never reach Azure, so that no state has them.
PLANTED = {
    name: f"planted-secret-{name}-4f1d8c/+=" for name in ("old", "new", "refused", "header", "bus", "sas", "key")
}
#: As variables of the play: what is written into a task itself is told by callbacks of Ansible (JUnit's, for one).
VARIABLES = {
    **PLANTED,
    "bus": f"Endpoint=sb://x.servicebus.windows.net/;SharedAccessKeyName=send;SharedAccessKey={PLANTED['bus']}",
    "sas": f"https://127.0.0.1:1/specification.json?sv=2024&sig={PLANTED['sas']}",
}


def named_value(name: str, **more: Any) -> dict[str, Any]:
    """A task with a secret."""
    return {"innergate.azure.apim_named_value": {**APIM, "name": name, "display_name": name, "is_secret": True, **more}}


def tasks() -> list[dict[str, Any]]:
    """Tasks with secrets: some work, some are refused by the module, by Azure, or by the gateway."""
    backend = {**APIM, "name": "sealed", "url": "http://x.example.com", "protocol": "http"}
    logger = {**APIM, "name": "sealed", "logger_type": "azureEventHub"}
    api = {**APIM, "name": "linked", "path": "linked", "display_name": "linked"}
    probe = {"url": "https://apim-demo.azure-api.net/nothing", "wait_timeout": 1}
    return [
        named_value("sealed", value="{{ planted_old }}"),
        named_value("sealed", value="{{ planted_new }}"),
        named_value("re*fused", value="{{ planted_refused }}"),
        named_value("quoted", value="{{ planted_refused }}"),
        {"innergate.azure.apim_backend": {**backend, "credentials": {"header": {"x-key": ["{{ planted_header }}"]}}}},
        {
            "innergate.azure.apim_logger": {
                **logger,
                "credentials": {"name": "hub", "connection_string": "{{ planted_bus }}"},
            }
        },
        {"innergate.azure.apim_api": {**api, "specification": {"format": "openapi-link", "link": "{{ planted_sas }}"}}},
        {"innergate.azure.apim_gateway_probe": {**probe, "subscription_key": "{{ planted_key }}"}},
    ]


def play() -> list[dict[str, Any]]:
    """The tasks, in the controller and then as modules, whatever happens to them."""
    both = [
        {**task, "ignore_errors": True, "vars": {"innergate_in_controller": inside}}
        for inside in (True, False)
        for task in tasks()
    ]
    planted = {f"planted_{name}": value for name, value in VARIABLES.items()}
    return [{"hosts": "apim", "gather_facts": False, "vars": planted, "tasks": both}]


class Workplace:
    """A home where Ansible keeps all it can: log, facts, retry files, results by host and as JUnit, temporary files."""

    def __init__(self, site: Site, folder: Path) -> None:
        self.site, self.folder = site, folder
        self.home, self.cache = folder / "home", folder / "home" / ".cache" / "innergate-azure"
        for name in ("home", "tmp"):
            (folder / name).mkdir()
        self.environment = {
            "HOME": str(self.home),
            "XDG_CACHE_HOME": str(self.home / ".cache"),
            "TMPDIR": str(folder / "tmp"),
            "ANSIBLE_LOG_PATH": str(folder / "ansible.log"),
            "ANSIBLE_CACHE_PLUGIN": "ansible.builtin.jsonfile",
            "ANSIBLE_CACHE_PLUGIN_CONNECTION": str(folder / "facts"),
            "ANSIBLE_RETRY_FILES_ENABLED": "1",
            "ANSIBLE_RETRY_FILES_SAVE_PATH": str(folder / "retry"),
            "ANSIBLE_CALLBACKS_ENABLED": "ansible.builtin.tree,ansible.builtin.junit",
            "ANSIBLE_CALLBACK_TREE_DIR": str(folder / "tree"),
            "JUNIT_OUTPUT_DIR": str(folder / "junit"),
        }

    def run(self, name: str, *options: str, **more: Any) -> int:
        """Run a playbook (the site's without C(playbook)); what Ansible says goes into the file C(NAME.out)."""
        output = self.folder / f"{name}.out"
        with self.site.begun(output, "-vvvv", "--diff", *options, **{**self.environment, **more}) as process:
            process.wait(300)
        assert process.returncode is not None
        return int(process.returncode)


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workplace]:
    """Everything that is to be looked through."""
    sandbox = Sandbox(tmp_path_factory.mktemp("sandbox"), "--seed", "demo").up()
    place = Workplace(Site(sandbox), tmp_path_factory.mktemp("work"))
    assert place.run("first") == 0
    assert place.run("rehearsal", "--check", "--tags", "apis,products,consumers") == 0
    assert place.run("modules", "--tags", "consumers", "-e", "innergate_in_controller=false") == 0
    wrong = {"AZURE_SECRET": PLANTED["refused"], "INNERGATE_TOKEN_CACHE": "off"}
    assert place.run("wrong-secret", "--tags", "products", **wrong) == 2
    sandbox.fault({"path": "namedValues/quoted", "method": "PUT", "then": {"status": 400, "body": quoting()}})
    file = place.folder.parent / "sealed.yml"
    file.write_text(yaml.safe_dump(play()), encoding="utf-8")
    for name, options in (("sealed-check", ["--check"]), ("sealed", [])):
        assert place.run(name, *options, playbook=file) == 0
    yield place
    sandbox.down()


def quoting() -> dict[str, Any]:
    """An error that says what was sent."""
    return {"error": {"code": "ValidationError", "message": f"The value '{PLANTED['refused']}' is not accepted."}}


@pytest.fixture(scope="module")
def search(workplace: Workplace) -> Search:
    """Knows all secrets, and the tokens that were got with them."""
    kept = [json.loads(file.read_text("utf-8")) for file in workplace.cache.glob("[0-9a-f]*")]
    # Beside the tokens (token, end) the addresses of the cloud are kept.
    secrets = {f"token {number}": entry[0] for number, entry in enumerate(kept) if isinstance(entry, list)}
    secrets |= secrets_of(workplace.site.sandbox.state) | PLANTED
    kinds = ("token ", "secret of operator", "client-key-data", "subscriptions/web > primaryKey", "> secondaryKey")
    for kind in (*kinds, "namedValues/sealed", "loggers/sealed"):
        assert any(kind in name for name in secrets), f"no {kind} in {sorted(secrets)}"
    return Search(secrets)


def test_the_search_finds_secrets_however_they_are_written() -> None:
    for secret in PLANTED.values():
        for form in forms(secret):
            assert Search({"it": secret}).text(f'{{"x": "{form}"}}') == {"it"}
    assert Search(PLANTED).text("planted-secret") == set()


def test_nothing_that_was_said_or_kept_has_a_secret(workplace: Workplace, search: Search) -> None:
    said = sorted(path.name for path in workplace.folder.iterdir())
    assert {"ansible.log", "first.out", "sealed.out", "junit", "tree", "home", "tmp"} <= set(said), said
    assert "TASK [" in (workplace.folder / "sealed.out").read_text("utf-8")
    assert search.folder(workplace.folder, workplace.cache) == {}


def test_only_the_user_can_read_the_tokens(workplace: Workplace, search: Search) -> None:
    assert search.folder(workplace.cache)
    modes = {path.name: path.stat().st_mode & 0o777 for path in [workplace.cache, *workplace.cache.iterdir()]}
    assert set(modes.values()) <= {0o700, 0o600}, modes


def test_the_logs_of_the_sandbox_have_no_secret(workplace: Workplace, search: Search) -> None:
    state = workplace.site.sandbox.state
    names = ("requests.db", "requests.db-wal", "sandbox.log")
    assert {name: found for name in names if (found := search.text((state / name).read_bytes()))} == {}
