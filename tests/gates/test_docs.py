# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The gate of the documentation closes on documentation that is wrong, and the guides say what is true."""

from __future__ import annotations

import itertools
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import build_docs as docs
import pytest
import yaml
from support.guides import GUIDES, blocks, text_of_plugins

ROOT = docs.ROOT
LABEL = "ansible_collections.innergate.azure"


@pytest.fixture(scope="module", autouse=True)
def tools() -> None:
    """What builds the documentation."""
    docs.install()


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the collection with one module and one guide: quick to build, and right."""
    folder = tmp_path_factory.mktemp("small")
    folder.chmod(0o755)
    place = docs.copy(ROOT, folder)
    for path in (*(place / "plugins/modules").glob("*.py"), *(place / "plugins/action").glob("*.py")):
        if path.stem != "apim_tag":
            path.unlink()
    for path in (place / "plugins/filter").glob("[a-z]*.py"):
        path.unlink()
    for path in (place / "docs/docsite/rst").glob("*.rst"):
        path.unlink()
    (place / "docs/docsite/extra-docs.yml").write_text("sections: [{title: A, toctree: [guide_one]}]", encoding="utf-8")
    change(place / "plugins/modules/apim_tag.py", "  - module: innergate.azure.apim_tag_info\n", "")
    runtime = {"requires_ansible": ">=2.17.0", "action_groups": {"azure": ["apim_tag"]}}
    (place / "meta/runtime.yml").write_text(yaml.safe_dump(runtime), encoding="utf-8")
    label = f".. _{LABEL}.docsite.guide_one:"
    (place / "docs/docsite/rst/guide_one.rst").write_text(f"{label}\n\nOne\n===\n\nText.\n", encoding="utf-8")
    for role in (place / "roles").iterdir():
        shutil.rmtree(role)
    return place


def copied(prepared: Path, folder: Path) -> Path:
    """A copy of it beside the same collections, to be broken."""
    folder.chmod(0o755)
    tree = folder / "tree" / "ansible_collections"
    shutil.copytree(prepared, tree / "innergate" / "azure")
    (tree / "kubernetes").symlink_to(prepared.parents[1] / "kubernetes", target_is_directory=True)
    return tree / "innergate" / "azure"


@pytest.fixture
def small(prepared: Path, tmp_path: Path) -> Path:
    """A copy of the collection with one module and one guide: quick to build, and right."""
    return copied(prepared, tmp_path)


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_what_is_right_passes(small: Path, tmp_path: Path) -> None:
    docs.lint(small)
    html = docs.site(small, tmp_path)
    pages = {str(path.relative_to(html)) for path in html.rglob("*.html")}
    assert docs.wanted(small) == {
        "index.html",
        "apim_tag_module.html",
        "docsite/guide_one.html",
    }
    assert docs.wanted(small) <= pages
    assert docs.dead_links(html) == []
    (html / "docsite/guide_one.html").unlink()
    assert any("guide_one.html" in link for link in docs.dead_links(html))


#: By name, a module or a guide that is wrong in one way, and words of what is said of it.
WRONG = {
    "no_option": ("Name (id) of the tag.", "Name, see O(nothing).", "O(nothing)"),
    "no_end": ("Name (id) of the tag.", "Name, see B(this.", "B(this"),
    "no_module": ("Name (id) of the tag.", "See M(other.collection.thing).", "other.collection"),
    "no_type": ("    type: str\n    required: true", "    type: text", "doc -> options -> name -> type"),
    "guide_of_nothing": ("Text.", ":ansplugin:`innergate.azure.gone#module`", "gone"),
    "guide_without_label": ("docsite.guide_without_label:", "docsite_guide_without_label:", "does not start with"),
}


@pytest.fixture(scope="module")
def refused(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """What is said of all of them in one collection, beside a module and a guide that are right."""
    place = copied(prepared, tmp_path_factory.mktemp("wrong"))
    for name, (old, new, dummy) in WRONG.items():
        right = place / (
            "docs/docsite/rst/guide_one.rst" if name.startswith("guide") else "plugins/modules/apim_tag.py"
        )
        wrong = right.with_stem(name)
        wrong.write_text(right.read_text(encoding="utf-8").replace(right.stem, name), encoding="utf-8")
        change(wrong, old, new)
    guides = ["guide_one", *(name for name in WRONG if name.startswith("guide"))]
    sections = {"sections": [{"title": "A", "toctree": guides}]}
    (place / "docs/docsite/extra-docs.yml").write_text(yaml.safe_dump(sections), encoding="utf-8")
    with pytest.raises(docs.Broken) as caught:
        docs.lint(place)
    return str(caught.value)


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_refused(refused: str, name: str) -> None:
    messages = [text for text in re.split(r"\n(?=\S)", refused) if f"/{name}." in text.partition(":")[0]]
    assert any(WRONG[name][2] in text for text in messages), refused
    assert "apim_tag.py" not in refused and "guide_one" not in refused


def test_references_to_nothing_are_refused(small: Path, tmp_path: Path) -> None:
    there = f":ref:`There <{LABEL}.docsite.guide_gone>`, and `Elsewhere`_."
    there += (
        " :ref:`nowhere_at_all`, :ref:`Titled <titled_nowhere>`, :ref:`x <ansible_collections.other.thing.m_module>`"
    )
    there += ", but :ref:`there <ansible_collections.kubernetes.core.k8s_module>`."
    change(small / "docs/docsite/rst/guide_one.rst", "Text.", there)
    with pytest.raises(docs.Broken) as caught:
        docs.site(small, tmp_path)
    lost = (
        f"{LABEL}.docsite.guide_gone",
        "nowhere_at_all",
        "titled_nowhere",
        "ansible_collections.other.thing.m_module",
    )
    for label in lost:
        assert f"undefined label: '{label}'" in str(caught.value)
    assert "kubernetes.core" not in str(caught.value)
    assert 'Unknown target name: "elsewhere"' in str(caught.value)


def test_a_guide_that_no_section_names_is_found(small: Path) -> None:
    (small / "docs/docsite/rst/guide_two.rst").write_text("Two\n===\n", encoding="utf-8")
    assert docs.unlisted(small) == {"docsite/guide_two.html"}


def test_every_module_role_and_guide_wants_a_page() -> None:
    wanted = docs.wanted(ROOT)
    for name in ("apim_logger_info_module", "vnet_subnets_role", "docsite/guide_awx", "next_cidr_filter"):
        assert f"{name}.html" in wanted
    assert docs.unlisted(ROOT) == set()
    assert len(wanted) == 1 + sum(
        len(list((ROOT / folder).glob(pattern)))
        for folder, pattern in (
            ("plugins/modules", "[a-z]*.py"),
            ("plugins/filter", "[a-z]*.py"),
            ("roles", "*/meta/argument_specs.yml"),
            ("docs/docsite/rst", "*.rst"),
        )
    )


def test_commands_in_guides_exist() -> None:
    commands = {"up", "down", "status", "log", "fault", "reset"}
    lines = [line.strip()[2:] for guide in GUIDES for line in guide.read_text().splitlines() if line[4:6] == "$ "]
    assert len(lines) >= 10
    for line in lines:
        words = line.split()
        if words[0] == "make":  # tools/house/leads.py looks for the verb
            assert len(words) == 2, line
        elif words[0].endswith("innergate-sandbox"):
            assert words[1] in commands, line
        elif words[0] == "ansible-playbook":
            inventories = [path for option, path in itertools.pairwise(words) if option == "-i"]
            playbooks = [word for word in words if word.endswith(".yml")]
            assert inventories and playbooks, line
            for path in (*inventories, *playbooks):
                assert (ROOT / path).exists(), line
        else:
            assert words[0] in ("source", "export", "ansible-galaxy", "ansible-builder", "ansible-runner"), line


def test_help_lists_every_verb() -> None:
    verbs = re.findall(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    said = subprocess.run(
        ["make", "--no-print-directory", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert [line.split()[0] for line in said.stdout.splitlines()] == verbs[0].split()


@pytest.mark.parametrize("name", ["README.md", "docs/docsite/rst/guide_getting_started.rst"])
def test_a_shell_that_follows_the_text_finds_the_collection_of_the_checkout(name: str) -> None:
    lines = [line.strip()[2:] for line in (ROOT / name).read_text(encoding="utf-8").splitlines() if "$ " in line[:6]]
    begin = lines.index("source .venv/bin/activate")
    ready = next(number for number, line in enumerate(lines) if line.startswith("innergate-sandbox up"))
    play = next(line for line in lines[ready:] if line.startswith("ansible-playbook"))
    script = [*lines[begin:ready], "command -v innergate-sandbox", f"{play} --syntax-check"]
    bare = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": os.environ["HOME"], "LANG": "C.UTF-8"}
    done = subprocess.run(
        ["bash", "-ec", "\n".join(script)], cwd=ROOT, env=bare, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"{ROOT}/.venv/bin/innergate-sandbox\n")


def test_variables_in_guides_are_those_of_the_roles() -> None:
    """What guides show of an inventory is what the site playbook hands to a role."""
    roles = {"innergate_products": "apim_products", "innergate_consumers": "apim_consumers"}
    found: list[Any] = [block for block in blocks() if isinstance(block, dict)]
    assert found
    for block in found:
        for name, entries in block.items():
            role = roles[name]
            path = ROOT / "roles" / role / "meta" / "argument_specs.yml"
            spec = yaml.safe_load(path.read_text(encoding="utf-8"))["argument_specs"]["main"]["options"]
            options = spec[f"{role}_{role.removeprefix('apim_')}"]["options"]
            for entry in entries:
                assert set(entry) <= set(options), f"{name}: {set(entry) - set(options)}"


def test_messages_in_guides_are_those_of_the_plugins() -> None:
    text = (ROOT / "docs/docsite/rst/guide_troubleshooting.rst").read_text(encoding="utf-8")
    own = text.partition(".. end of advice")[2]
    messages = re.findall(r"^   \* - ``(.+)``$", own, re.MULTILINE)
    assert len(messages) >= 10
    said = text_of_plugins()
    assert [message for message in messages if message not in said] == []
