# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rules of this project find what they are about, in a small checkout in which all else is right."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
import rules
from gates.conftest import PLAYBOOK, SPECIFICATION, TASKS
from house.findings import Checkout

SILENCERS = (
    "pass  # noqa",
    "pass  # noqa: BLE001",
    "pass  # NOQA: BLE001",
    "pass  # noqa: E501\tBLE001",
    "pass  # noqa: E501BLE001",
    "pass  # noqa: E501  # noqa",
    "pass  # noqa : BLE001",
    "pass  # noqa E501",
    "# ruff: disable[BLE001]",
    "# ruff: ignore[BLE001]",
    "# mypy: allow-untyped-defs",
    "@typing.no_type_check\ndef f(): ...",
    "# ruff: noqa",
    "x = f()  # type: ignore",
    "pass  # pragma: no cover",
    "# pylint: disable=all",
    "# pylint: skip-file",
    "# isort: skip_file",
    "with contextlib.suppress(Exception):\n    pass",
    "pytestmark = pytest.mark.skip",
    "@pytest.mark.skipif(True)\ndef test(): ...",
    "pytest.skip('later')",
)


def findings(place: Path) -> str:
    """What all rules find."""
    checkout = Checkout(place)
    return "\n".join(str(finding) for rule in rules.RULES.values() for finding in rule(checkout))


def test_what_is_right_passes(place: Path) -> None:
    assert findings(place) == ""


def test_a_variable_of_playbooks_is_used_by_one_or_left_to_another_role(place: Path) -> None:
    options = "innergate_used: {type: str}\n      greeter_text: {type: str}\n      innergate_idle: {type: str}"
    for name, text in {
        "roles/environment/meta/argument_specs.yml": SPECIFICATION.replace(
            "greeter_text: {type: str, default: hello}", options
        ),
        "roles/environment/tasks/main.yml": TASKS.replace("greeter_text", "innergate_idle"),
        "playbooks/site.yml": PLAYBOOK,
    }.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text, encoding="utf-8")
    assert findings(place) == "roles/environment/meta/argument_specs.yml:1: nothing uses innergate_idle"


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        *(("plugins/modules/thing.py", "EXAMPLES", f"{text}\nEXAMPLES", "thing.py:") for text in SILENCERS),
        ("requirements.txt", "azure", "# shellcheck disable=all\nazure", "silenced: # shellcheck disable"),
        ("roles/greeter/defaults/main.yml", "---", "---\n# yamllint disable", "silenced: # yamllint disable"),
        ("plugins/module_utils/_engine/think.py", "json", "os", "the engine is pure: it does not import os"),
        ("plugins/module_utils/_engine/think.py", "json", "urllib.request", "does not import urllib.request"),
        (
            "plugins/module_utils/_arm/talk.py",
            "yaml",
            "yaml, innergate_sandbox.store",
            "does not import innergate_sand",
        ),
        (
            "plugins/module_utils/_arm/talk.py",
            "import yaml",
            "import yaml, importlib\nimportlib.import_module('innergate_sandbox')",
            "does not import innergate_sandbox",
        ),
        ("sandbox/innergate_sandbox/front.py", "aiohttp", "ansible_collections.innergate.azure", "sandbox does not"),
        ("plugins/module_utils/_arm/talk.py", "import yaml", "import yaml, lxml", "lxml is of no distribution"),
        ("plugins/module_utils/_arm/talk.py", "import yaml", "", "nothing in plugins imports PyYAML"),
        ("README.md", "OTHER.md", "LOST.md", "leads nowhere"),
        ("README.md", "its-heading", "her-heading", "no heading for OTHER.md#her-heading"),
        ("README.md", "[Other]: OTHER.md", "[Other]: LOST.md", "README.md:5: the link to LOST.md leads nowhere"),
        ("README.md", "[Other]:", "[Others]:", "README.md:3: the link [other] is defined nowhere"),
        ("README.md", "[that one][other]", "[that one][another]", "the link [another] is defined nowhere"),
        ("README.md", "`make lint`", "`make haste`", "README.md:7: the Makefile has no haste"),
        ("README.md", "make lint T", "make haste T", "README.md:10: the Makefile has no haste"),
        ("README.md", "`think.py`", "`thing_info.py`", "README.md:7: there is no thing_info.py"),
        ("README.md", "`_engine/`", "`_engines/`", "there is no _engines/"),
        ("README.md", "_utils/_engine/`", "_utils/_engines`", "there is no plugins/module_utils/_engines"),
        ("README.md", "plugins/modules/*.py", "plugins/modules/*.yml", "there is no plugins/modules/*.yml"),
        ("README.md", "T=plugins/modules/thing", "T=plugins/modules/think", "there is no plugins/modules/think.py"),
        ("docs/docsite/rst/guide_greeter.rst", "Title", "`It <../lost.txt>`_", "the link to ../lost.txt leads nowhere"),
        ("docs/docsite/rst/guide_greeter.rst", "Title", ".. _it: lost.txt", "the link to lost.txt leads nowhere"),
        ("docs/docsite/rst/guide_greeter.rst", "Title", "``make haste``", "the Makefile has no haste"),
        ("docs/docsite/rst/guide_greeter.rst", "Title", "``roles/greeters/x.yml``", "no roles/greeters/x.yml"),
        ("README.md", "Title", f"{Path.home()}/notes", "is a folder of this machine"),
        ("docs/docsite/rst/guide_greeter.rst", "greeter_text", "greeter_words", "no role has a variable greeter_words"),
        ("docs/docsite/rst/guide_greeter.rst", "yaml+jinja", "yaml", "code of the kind 'yaml' is not tested"),
        ("roles/greeter/defaults/main.yml", "hello", "hi", "the default is 'hi', not 'hello'"),
        ("roles/greeter/defaults/main.yml", "greeter_text", "greeter_word", "does not set the default 'hello'"),
        ("roles/greeter/defaults/main.yml", "greeter_text", "greeter_word", "greeter_word is no option of the role"),
        ("roles/greeter/meta/argument_specs.yml", ", default: hello", "", "default 'hello', of which nothing is said"),
        ("roles/greeter/tasks/main.yml", "{{ greeter_text }}", "hi", "nothing uses greeter_text"),
        *(
            (
                "roles/greeter/tasks/main.yml",
                "greeter_text }}",
                f"greeter_text{text} }}}}",
                "difference shuffles a list",
            )
            for text in (" | difference([])", " |ansible.builtin.difference([]) | length", "|\n         difference([])")
        ),
        ("roles/greeter/defaults/main.yml", "hello", '"{{ [] | union([]) }}"', "main.yml:2: union shuffles a list"),
        (
            "roles/greeter/meta/argument_specs.yml",
            "default: hello}",
            "default: hello}\n      greeter_more: {type: int}",
            "nothing uses greeter_more",
        ),
        (
            "roles/greeter/meta/argument_specs.yml",
            "default: hello}",
            "default: hello, options: {deep: {options: {deeper_still: {}}}}}",
            "nothing uses greeter_text.deep.deeper_still",
        ),
        ("roles/greeter/defaults/main.yml", "hello", "hello  # noqa: fqcn[action]", "noqa for everything"),
        ("plugins/modules/thing.py", "EXAMPLES", "x = 1  # type: ignore[return-value]\nEXAMPLES", "a wrong type"),
        (
            "plugins/modules/thing.py",
            "EXAMPLES",
            "'abc'.no_such_method()  # type: ignore[attr-defined]\nEXAMPLES",
            "a wrong type is not mended: [attr-defined]",
        ),
        ("pyproject.toml", '".venv"', '"plugins"', "ruff does not look at it"),
        ("pyproject.toml", '".venv"', '"plugins"', "tool.ruff.extend-exclude has plugins, too"),
        ("pyproject.toml", "[tool.ruff.lint]", '[tool.ruff.lint]\nexclude = ["plugins/**"]', "ruff.lint has exclude"),
        ("pyproject.toml", "[tool.ruff.lint]", "[tool.ruff.lint]\nextend-ignore = []", "ruff.lint has extend-ignore"),
        ("pyproject.toml", '"ANN", "ASYNC", "B", "BLE",', '"BLE",', "tool.ruff.lint.select is without ASYNC"),
        ("pyproject.toml", '"BLE",', "", "tool.ruff.lint.select is without BLE"),
        ("pyproject.toml", '"ANN401",', '"ANN401", "BLE001",', "tool.ruff.lint.ignore has BLE001, too"),
        ("pyproject.toml", '"tests/**" = [', '"tests/**" = ["BLE", ', "per-file-ignores.tests/** has BLE, too"),
        ("pyproject.toml", '"tests/**" = [', '"tools/**" = ["F"]\n"tests/**" = [', "has tools/**, too"),
        ("pyproject.toml", "(_.*|dummy)", ".*", "tool.ruff.lint.dummy-variable-rgx is"),
        ("pyproject.toml", "strict = true", "strict = false", "tool.mypy.strict is False, not True"),
        ("pyproject.toml", "strict = true", "strict = true\nwarn_unused_ignores = false", "mypy has warn_unused"),
        (
            "pyproject.toml",
            "ignore_missing_imports",
            "ignore_errors = true\nignore_missing_imports",
            "has ignore_errors",
        ),
        ("pyproject.toml", '"ansible.*",', '"ansible.*", "house.*",', "overrides[0].module has house.*, too"),
        (
            "pyproject.toml",
            "[tool.pytest",
            '[[tool.mypy.overrides]]\nmodule = ["house"]\ndisallow_any_generics = false\n\n[tool.pytest',
            "tool.mypy.overrides is",
        ),
        ("pyproject.toml", 'addopts = "', 'addopts = "--ignore=tests/contract ', "ini_options.addopts is"),
        ("pyproject.toml", 'addopts = "', 'addopts = "-k x ', "ini_options.addopts is"),
        ("pyproject.toml", "testpaths", 'norecursedirs = ["plugins"]\ntestpaths', "has norecursedirs, too"),
        ("pyproject.toml", "[tool.pytest", "[tool.coverage.run]\nomit = []\n\n[tool.pytest", "tool has coverage, too"),
        (".ansible-lint", ".venv/", "roles/", "exclude_paths has roles/, too"),
        (".ansible-lint", "exclude_paths:", "skip_list:", "the file has skip_list, too"),
        (".ansible-lint", "exclude_paths:", '"skip_list": [x]\nexclude_paths:', "the file has skip_list, too"),
        (".ansible-lint", "exclude_paths:", "warn_list: [x]\nexclude_paths:", "the file has warn_list, too"),
        (".ansible-lint", "exclude_paths:", '  - yaml: "roles/**"\nexclude_paths:', "kinds is"),
        (".ansible-lint", "inventory:", "yaml:", "kinds[0] has yaml, too"),
        (".ansible-lint", "production", "basic", "profile is 'basic', not 'production'"),
        (".yamllint", "rules:", "rules:\n  colons: disable", "rules has colons, too"),
        (".yamllint", "max: 140", "max: 99999", "rules.line-length.max is 99999"),
        (".yamllint", "max: 140", "max: 140, level: warning", "rules.line-length has level, too"),
        (".yamllint", "max: 140", "max: 140, ignore: roles/", "rules.line-length has ignore, too"),
        (".yamllint", "default", "relaxed", "extends is 'relaxed'"),
        ("REUSE.toml", '"**.md",', '"**.md", "plugins/**",', "annotations[1].path has plugins/**, too"),
    ],
)
def test_what_is_wrong_is_found(place: Path, file: str, old: str, new: str, said: str) -> None:
    text = (place / file).read_text(encoding="utf-8")
    assert old in text
    (place / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    assert said in findings(place)


@pytest.mark.parametrize(
    ("text", "broad"),
    [
        ("try: f()\nexcept Exception:\n    log.exception('x')", True),
        ("try: f()\nexcept (ValueError, BaseException) as error:\n    print(error)", True),
        ("try: f()\nexcept builtins.Exception:\n    if f(): return\n    raise", True),
        ("try: f()\nexcept Exception as error:\n    raise ValueError from error", True),
        ("try: f()\nexcept* Exception: f()", True),
        ("with contextlib.suppress(ValueError, Exception): f()", True),
        ("with suppress(*[BaseException]): f()", True),
        ("EVERYTHING = Exception\ntry: f()\nexcept EVERYTHING: f()", True),
        ("EVERYTHING: tuple = (ValueError, Exception)", True),
        ("f(kind := Exception)", True),
        ("from builtins import Exception as Everything", True),
        ("try: f()\nexcept BaseException:\n    f()\n    raise", False),
        ("try: f()\nexcept ValueError as error: print(error)", False),
        ("with contextlib.suppress(ValueError): f()", False),
        ("class Broken(Exception): ...\nisinstance(f(), Exception)\nerror: Exception = f()", False),
    ],
)
def test_who_takes_every_exception_is_found(place: Path, text: str, broad: bool) -> None:
    file = place / "tests/support/thing.py"
    file.parent.mkdir(parents=True)
    file.write_text("".join(f"    {line}\n" for line in ["def f():", *text.splitlines()])[4:], encoding="utf-8")
    assert ("is every exception" in findings(place)) is broad


@pytest.mark.parametrize(
    "text", ["pytest.exit('', 0)", "from pytest import exit as end", "import os\nos._exit(0)", "from os import _exit"]
)
def test_what_ends_a_run_of_tests_is_found(place: Path, text: str) -> None:
    file = place / "tests/unit/test_thing.py"
    file.parent.mkdir(parents=True)
    file.write_text(f"def test_it() -> None: ...\n{text}\n", encoding="utf-8")
    assert "a gate is silenced: " in findings(place)
    file.write_text(f"def test_it() -> None: ...\nTEXT = {text!r}\n", encoding="utf-8")
    assert findings(place) == ""


@pytest.mark.parametrize(
    "name",
    [
        "tests/sanity/ignore-2.19.txt",
        ".ansible-lint-ignore",
        ".config/ansible-lint-ignore.txt",
        ".yamllint-ignore",
        "mypy.ini",
        "tests/pytest.ini",
        "sandbox/ruff.toml",
        "tests/unit/setup.cfg",
        ".pytest.toml",
        ".ruff.toml",
        ".ansible-lint.yml",
        ".config/ansible-lint.yml",
        "roles/.ansible-lint",
        ".yamllint.yaml",
        ".github/actionlint.yaml",
        "tests/config.yml",
        ".gitattributes",
        ".shellcheckrc",
        "GNUmakefile",
    ],
)
def test_lists_of_exceptions_are_found(place: Path, name: str) -> None:
    (place / name).parent.mkdir(parents=True, exist_ok=True)
    (place / name).touch()
    assert "a list of exceptions" in findings(place)


def test_an_option_in_a_comment_is_not_used(place: Path) -> None:
    (place / "roles/greeter/tasks/main.yml").write_text("---\n# greeter_text\n", encoding="utf-8")
    assert findings(place).endswith("nothing uses greeter_text")


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("roles/greeter/templates/text.j2", "{{ greeter_more }}"),
        ("roles/greeter/vars/main.yml", "---\nx: '{{ greeter_more }}'\n"),
    ],
)
def test_an_option_is_used_in_many_ways(place: Path, file: str, text: str) -> None:
    specification = place / "roles/greeter/meta/argument_specs.yml"
    specification.write_text(f"{SPECIFICATION}      greeter_more: {{type: str}}\n", encoding="utf-8")
    assert "nothing uses greeter_more" in findings(place)
    (place / file).parent.mkdir(parents=True, exist_ok=True)
    (place / file).write_text(text, encoding="utf-8")
    assert findings(place) == ""


def test_what_is_said_of_playbooks_is_used_by_playbooks(place: Path) -> None:
    file, specification = place / "playbooks/greet.yml", place / "roles/environment/meta/argument_specs.yml"
    specification.parent.mkdir(parents=True)
    specification.write_text(SPECIFICATION.replace(", default: hello", "").replace("greeter", "site"), encoding="utf-8")
    assert findings(place).endswith("nothing uses site_text")
    file.parent.mkdir()
    file.write_text("---\n- name: Greet\n  vars:\n    greeter_text: '{{ site_text }}'\n", encoding="utf-8")
    assert findings(place) == ""
    (place / "roles/greeter/tasks/main.yml").unlink()
    assert findings(place).endswith("nothing uses greeter_text")


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("  when: greeter_loud", True),
        ("  when: not greeter_loud", True),
        ("  when:\n    - greeter_loud", True),
        ("  when: greeter_text and greeter_loud", True),
        ("  when: [greeter_loud]", True),
        ("  when: >-\n    greeter_text and\n    greeter_loud", True),
        ("  until: greeter_loud", True),
        ("  changed_when: greeter_loud", True),
        ("  failed_when: not greeter_items[0]['loud']", True),
        ('  loud: "{{ greeter_loud | ternary(1, 2) }}"', True),
        ("  loud: \"{{ greeter_items | selectattr('loud') }}\"", True),
        ("  when: greeter_items[0]['loud'] | default(false) | bool", False),
        ("  loud: \"{{ 'loud' if greeter_loud | bool else 'quiet' }}\"", False),
        ("  loud: \"{{ 'yes' if item.loud | default(true) else 'no' }}\"", True),
        ('  wait: "{{ greeter_loud and not ansible_check_mode }}"', True),
        ("  when: not greeter_loud | bool", False),
        ("  loud: \"{{ 'yes' if item.loud | default(true) | bool else 'no' }}\"", False),
        ('  loud: "{{ item.loud | default(omit) }}"', False),
        ("  msg: Be quiet, or set greeter_loud to true", False),
        ("  vars:\n    greeter_loud: false", False),
    ],
)
def test_a_boolean_that_may_be_a_text_is_found(place: Path, text: str, bare: bool) -> None:
    specification = place / "roles/greeter/meta/argument_specs.yml"
    items = "      greeter_items: {type: list, elements: dict, options: {loud: {type: bool}}}\n"
    added = f"{SPECIFICATION}      greeter_loud: {{type: bool}}\n{items}"
    specification.write_text(added, encoding="utf-8")
    file = place / "roles/greeter/tasks/main.yml"
    more = (
        "  loop: '{{ greeter_items }}'\n  loop_control: {loop_var: greeter_item}\n  tags: '{{ greeter_loud | bool }}'\n"
    )
    file.write_text(f"{TASKS}{more}{text}\n", encoding="utf-8")
    assert ("is read without | bool: it may be a text" in findings(place)) is bare


@pytest.mark.parametrize(
    ("loop", "said"),
    [
        ("loop: [1]", "the loop_var of a loop is item"),
        ("with_items: [1]", "the loop_var of a loop is item"),
        ("loop: [1]\n  loop_control: {label: x}", "the loop_var of a loop is item"),
        ("loop: [1]\n  loop_control: {loop_var: friend}", "the loop_var of a loop is friend"),
        ("loop: [1]\n  loop_control: {loop_var: greeter_item, index_var: n}", "the index_var of a loop is n"),
        ("loop: [1]\n  loop_control: {loop_var: greeter_item, index_var: greeter_n}", ""),
        ("loop: [1]\n  loop_control: {loop_var: greeter_item, label: x}", ""),
    ],
)
@pytest.mark.parametrize("block", [False, True])
def test_a_loop_of_a_role_has_names_of_its_own(place: Path, loop: str, said: str, *, block: bool) -> None:
    file, text = place / "roles/greeter/tasks/main.yml", f"{TASKS}  {loop}\n"
    if block:
        text = f"---\n- name: Both\n  block:\n{textwrap.indent(text.removeprefix('---').lstrip(), '    ')}"
    file.write_text(text, encoding="utf-8")
    line = 7 if block else 5
    assert findings(place) == (
        f"{file.relative_to(place)}:{line}: {said}: it has to begin with greeter_" if said else ""
    )


def test_programs_at_which_mypy_does_not_look_are_found(place: Path) -> None:
    (place / "scripts").mkdir()
    (place / "scripts/it.py").write_text("x = 1\n", encoding="utf-8")
    assert findings(place) == "scripts/it.py:1: mypy does not look at it"


def test_a_file_that_mypy_reads_in_place_of_a_module_is_found(place: Path) -> None:
    (place / "plugins/module_utils/_arm/talk.pyi").touch()
    assert findings(place) == "plugins/module_utils/_arm/talk.pyi:1: mypy looks at it in place of a module"


def test_a_pinned_file_that_is_gone_is_found(place: Path) -> None:
    (place / ".ansible-lint").unlink()
    assert ".ansible-lint:1: profile is None, not 'production'" in findings(place)


def test_exceptions_may_go_and_more_may_be_looked_at(place: Path) -> None:
    file = place / "pyproject.toml"
    text = file.read_text(encoding="utf-8").replace('"SIM108",', "").replace('"ANN",', '"A", "ANN",', 1)
    file.write_text(text.replace('"plugins/**" = ["E402", "PTH"]', ""), encoding="utf-8")
    assert findings(place) == ""


@pytest.mark.parametrize("table", ["ruff.lint", "mypy", "pytest.ini_options"])
def test_a_nearer_pyproject_tells_tools_nothing(place: Path, table: str) -> None:
    (place / "sandbox/pyproject.toml").write_text(f"[tool.{table}]\n[tool.setuptools]\n", encoding="utf-8")
    tool = table.partition(".")[0]
    assert findings(place) == f"sandbox/pyproject.toml:1: settings of {tool} beside those that are pinned"


@pytest.mark.parametrize(
    "text",
    [
        'collect_ignore_glob = ["plugins/*"]',
        'collect_ignore = ["x.py"]',
        "def pytest_collection_modifyitems(items): items.clear()",
        "async def pytest_ignore_collect(): ...",
        "from elsewhere import pytest_collection_modifyitems",
        "from elsewhere import lose as pytest_deselected",
        "class TestIt:\n    __test__ = False",
        "def test(): ...\ntest.__test__ = False",
    ],
)
def test_hooks_that_lose_tests_are_found(place: Path, text: str) -> None:
    (place / "tests/unit").mkdir(parents=True)
    (place / "tests/unit/conftest.py").write_text(f"{text}\n", encoding="utf-8")
    assert "tests are lost with" in findings(place)


def test_yamllint_looks_at_all_of_yaml(place: Path) -> None:
    (place / ".yamllint").write_text("---\nextends: default\nignore: roles/\n", encoding="utf-8")
    assert "yamllint does not look at it" in findings(place)
    assert ".yamllint:1: ignore is 'roles/'" in findings(place)


def test_a_file_of_tests_has_one(place: Path) -> None:
    file = place / "tests/unit/test_thing.py"
    file.parent.mkdir(parents=True)
    file.write_text("def tset_it() -> None: ...\n", encoding="utf-8")
    assert "tests/unit/test_thing.py:1: pytest finds no test in it" in findings(place)
    file.write_text("class TestIt:\n    async def test_it(self) -> None: ...\n", encoding="utf-8")
    assert findings(place) == ""
    file.rename(file.with_name("thing_test.py"))
    assert findings(place) == "tests/unit/thing_test.py:1: ansible-test looks at test_*.py only"
