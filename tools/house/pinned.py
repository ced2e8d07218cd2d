# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tools are told, key for key: whoever loosens a setting has to say so here, too, where it is seen.

The shapes: a mapping has these keys and no others; C(Few) may have less than is said, never more; C(Many) may have
more, never less; anything else is equal.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any


class Few:
    """A list or mapping of exceptions, of which some may go."""

    def __init__(self, *words: str, **keys: Any) -> None:
        self.words, self.keys = words, keys

    @classmethod
    def of(cls, keys: Mapping[str, Any]) -> Few:
        """A mapping whose keys are no names of Python."""
        made = cls()
        made.keys = dict(keys)
        return made


class Many:
    """A list of what is looked at, to which more may be added."""

    def __init__(self, *words: str) -> None:
        self.words = words


RUFF = {
    "line-length": 120,
    "target-version": "py310",
    "extend-exclude": Few(".venv", ".sandbox"),
    "lint": {
        "select": Many(
            *("ANN", "ASYNC", "B", "BLE", "C4", "D101", "D102", "D103", "D200", "D201", "D202", "D204", "D206"),
            *("D207", "D208", "D209", "D210", "D214", "D215", "D300", "D301", "DTZ", "E", "ERA", "EXE", "F", "FA"),
            *("FURB", "G", "I", "INT", "ISC", "LOG", "N", "PERF1", "PERF4", "PGH", "PIE", "PLC0207", "PLC0414"),
            *("PLE", "PLR0124", "PLR0133", "PLR0206", "PLR1", "PLR5", "PLW0", "PLW1", "PT", "PTH", "PYI", "Q", "RET"),
            *("RSE", "RUF", "S", "SIM", "SLOT", "T10", "TC006", "TC010", "TID251", "TRY002", "TRY2", "TRY400", "UP"),
            *("W", "YTT"),
        ),
        # pyproject.toml says of each why
        "ignore": Few(
            *("ANN401", "EXE001", "N812", "N815", "N818", "PLW1509", "PT018", "RUF001", "RUF002", "RUF012"),
            *("S101", "S105", "S106", "S311", "S603", "S607", "S608", "SIM108"),
        ),
        "flake8-tidy-imports": {
            "banned-api": {
                "hypothesis.strategies.randoms": {"msg": "Draw an integer and seed random.Random with it."},
            },
        },
        "dummy-variable-rgx": "^(_.*|dummy)$",
        "per-file-ignores": Few.of(
            {
                "plugins/**": Few("E402", "PTH"),
                "tests/support/callback_plugins/**": Few("E402", "PTH"),
                "sandbox/**": Few("S303", "S310", "S314", "S506"),
                "plugins/module_utils/_engine/specification_load.py": Few("S314"),
                "tests/**": Few("ANN", "D101", "D102", "D103", "PT011", "PT012", "PT017", "S"),
            }
        ),
    },
}
MYPY = {
    "python_version": "3.11",
    "strict": True,
    "namespace_packages": True,
    "explicit_package_bases": True,
    "mypy_path": ":".join(f"$MYPY_CONFIG_FILE_DIR/{name}" for name in ("sandbox", ".venv/tree", "tools", "tests")),
    # libraries without types
    "overrides": [
        {
            "module": Few("ansible.*", "jmespath.*", "kubernetes.*", "libcst.*", "mutmut.*"),
            "ignore_missing_imports": True,
        }
    ],
}
PYTEST = {
    "ini_options": {
        "testpaths": ["tests"],
        "addopts": "-ra --import-mode=importlib -p no:cacheprovider",
        "asyncio_mode": "auto",
        "asyncio_default_fixture_loop_scope": "function",
        "pythonpath": [".venv/tree", "sandbox", "tests", "tools"],
        "filterwarnings": ["error"],
    }
}
ANSIBLE_LINT = {
    "profile": "production",
    "offline": True,
    "kinds": [{"inventory": "**/inventories/*/hosts.yml"}],
    # what is installed or made here, and texts of unit tests that are no plays
    "exclude_paths": Few(".venv/", ".sandbox/", ".ansible/", "tests/unit/"),
}
YAMLLINT = {
    "extends": "default",
    "ignore": ".venv/\n.sandbox/\n.ansible/\n",
    "rules": Few.of(
        {
            "line-length": {"max": 140},
            "comments": {"min-spaces-from-content": 1},
            # a rule that ansible-lint wants to be off in the file that both read; the gate turns it on
            "comments-indentation": "disable",
            "braces": {"max-spaces-inside": 1},
            "octal-values": {"forbid-implicit-octal": True, "forbid-explicit-octal": True},
            "truthy": {"allowed-values": ["true", "false"], "check-keys": False},
        }
    ),
}
OWNERS = {"SPDX-FileCopyrightText": "2026 Innergate contributors"}
REUSE = {
    "version": 1,
    "annotations": [
        {"path": "**", "precedence": "aggregate", **OWNERS},
        {
            "path": Few(
                *("**.md", "**.j2", "**/__init__.py", "**/py.typed", "changelogs/changelog.yaml"),
                *("changelogs/fragments/*.yml", "tools/constraints.txt", "tools/kubernetes/go.mod"),
                *("tools/kubernetes/go.sum", "tools/matrix.json", "tools/mutation.json"),
            ),
            **OWNERS,
            "SPDX-License-Identifier": "GPL-3.0-or-later",
        },
    ],
}
WORKFLOW = {
    "name": "CI",
    "on": {"push": {"branches": ["main"]}, "pull_request": None, "schedule": [{"cron": "17 4 * * 1"}]},
    "permissions": {"contents": "read"},
    "concurrency": {"group": "${{ github.workflow }}-${{ github.ref }}", "cancel-in-progress": True},
    "jobs": {
        "gates": {
            "runs-on": "ubuntu-24.04",
            "timeout-minutes": 60,
            "steps": [
                {"uses": "actions/checkout@v4", "with": {"fetch-depth": 0}},
                {"uses": "actions/setup-python@v5", "with": {"python-version": "3.12\n3.13\n3.11\n"}},
                {
                    "uses": "actions/cache@v4",
                    "with": {
                        "path": "~/.cache/innergate",
                        "key": "kubernetes-${{ runner.os }}-${{ hashFiles('tools/kubernetes/go.sum') }}",
                    },
                },
                {"run": ".ci/run"},
            ],
        }
    },
}
#: File -> what it says.
FILES: dict[Path, Any] = {
    Path("pyproject.toml"): {"tool": {"ruff": RUFF, "mypy": MYPY, "pytest": PYTEST}},
    Path(".ansible-lint"): ANSIBLE_LINT,
    Path(".yamllint"): YAMLLINT,
    Path("REUSE.toml"): REUSE,
    Path(".github/workflows/ci.yml"): WORKFLOW,
}
#: Tables below C(tool) that another pyproject.toml may have: ruff reads the one nearest to a file.
ELSEWHERE = frozenset(["setuptools"])
#: File -> the lines of which mypy is told that it can't know: bases and results of libraries without types.
TYPES = {
    "plugins/module_utils/_arm/http.py": ("from urllib.request import proxy_bypass_environment [attr-defined]",),
    "plugins/module_utils/_arm/sdk.py": ("class Take(policies.HTTPPolicy): [misc, name-defined]",),
    "plugins/module_utils/_kubernetes/connection.py": (
        "load_incluster_config(client_configuration=configuration) [no-untyped-call]",
        "load_kube_config( [no-untyped-call]",
    ),
    "plugins/module_utils/_run/task.py": (
        "return result [no-any-return]",
        "class _Module(AnsibleModule): [misc]",
    ),
    "plugins/plugin_utils/_in_controller.py": ("class InController(ActionBase): [misc]",),
    "sandbox/innergate_sandbox/gateway/expressions/library/json_tokens.py": (
        "found = [here.items[int(step[2])] for here in found if _has(here, int(step[2]))] [attr-defined]",
    ),
    "sandbox/innergate_sandbox/kubernetes/control/kubeconfig.py": ("import yaml [import-untyped, unused-ignore]",),
    "tests/support/callback_plugins/record.py": ("class CallbackModule(CallbackBase): [misc]",),
    "tools/generator/documents.py": ("class _Dumper(yaml.SafeDumper): [misc,unused-ignore]",),
}
#: Gate -> its command, for all of them. What is asked of a tool here counts as much as what its settings say.
COMMANDS = {
    "ruff format": "ruff format --check .",
    "ruff check": "ruff check .",
    "mypy: sandbox and tools": "mypy sandbox/innergate_sandbox tools benchmarks tests/support",
    "mypy: collection": "mypy -p ansible_collections.innergate.azure.plugins",
    "yamllint": "yamllint --strict -d {extends: .yamllint, rules: {comments-indentation: enable}} .",
    "ansible-lint": "ansible-lint --offline --profile production --strict",
    "unit tests": "python -m pytest -q --durations=5 -n 2 --ignore=tests/unit/plugins tests/unit",
    "ansible-test units": "python tools/sanity.py --units",
    "ansible-test sanity": "python tools/sanity.py --sanity",
    "contract tests": "python -m pytest -q --durations=5 tests/contract",
    "integration tests": "python -m pytest -q --durations=5 tests/integration",
    "bad input and bad days": "python -m pytest -q --durations=5 tests/chaos",
    "end-to-end tests": "python -m pytest -q --durations=5 -n 2 --dist loadfile tests/e2e",
    "tests of the gates": "python -m pytest -q --durations=5 tests/gates",
    "ansible-lint: examples": "python tools/lint_examples.py",
    "rules of this project": "python tools/rules.py",
    "generated files": "python tools/generate.py --check",
    "licences": "python tools/field.py reuse",
    "shellcheck": "python tools/field.py shell",
    "changelog": "python tools/field.py changelog",
    "workflows": "python tools/field.py workflows",
    "galaxy-importer": "python tools/field.py importer",
    "documentation site": "python tools/build_docs.py",
    "tests that no gate runs": "python tools/collected.py",
    "oldest, newest and pinned versions": "python tools/matrix.py --corners",
    "playbooks with the oldest and newest": "python tools/cores.py",
    "demo with other versions of Python": "python tools/pythons.py",
}
#: Groups of gates that run only if somebody names them, as .ci/run does.
NAMED_ONLY = ("matrix",)
#: Verb of the Makefile -> its rule: those that .ci/run calls, and what they need.
VERBS = {
    "setup": ("setup:", "\t@$(PYTHON) tools/setup.py"),
    "test": ("test: setup", "\t@$(BIN)/python tools/check.py $(T)"),
}
#: What the Makefile says beside its rules.
MAKE = (
    ".DEFAULT_GOAL := help",
    "PYTHON ?= python3",
    "BIN := .venv/bin",
    "export ANSIBLE_COLLECTIONS_PATH := $(CURDIR)/.venv/tree",
    "export PYTHONPATH := $(CURDIR)/.venv/tree",
    "export PATH := $(CURDIR)/.venv/bin:$(PATH)",
    "PYTEST := $(BIN)/python -m pytest",
)
#: What .ci/run says beside comments.
INTEGRATION = (
    "#!/usr/bin/env bash",
    "set -uo pipefail",
    'cd "$(dirname "$0")/.." || exit 1',
    "unset MAKEFLAGS GNUMAKEFLAGS MAKEFILES",
    "status=0",
    "make test T= || status=1",
    "make test T=matrix || status=1",
    'exit "${status}"',
)

#: What pytest may call while it collects, by the file: the process that forks the tests of the plugins gets ready.
HOOKS = {Path("tests/unit/conftest.py"): ("pytest_configure", "pytest_collection_finish")}
