# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the documentation as strictly as its tools can, and build the site from it.

Nothing is fetched but the tools (docs/requirements.txt), once, into an environment of their own. The site is in
C(docs/_build/html). It fails for markup or references that are wrong, for anything Sphinx warns of, for a module, role,
filter or guide without a page, and for a link from page to page that leads nowhere.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import yaml
from environments import prepare

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
TOOLS = VENV / "docs"
REQUIREMENTS = ROOT / "docs" / "requirements.txt"
NAME = "innergate.azure"
#: Of the documentation of ansible and of other collections: what antsibull-docs refers to on every page, and modules.
ELSEWHERE = r"""
common_return_values | action_plugins | ansible_configuration_settings
| ansible_collections\.(?:ansible\.builtin|kubernetes\.core)\.[\w-]+
"""
#: Links to there stay unresolved without a network; all others are to be found within the site.
OFFLINE = f"""
import re

intersphinx_mapping = {{}}

def setup(app):
    app.connect("missing-reference", elsewhere)

def elsewhere(app, env, node, contnode):
    if node.get("reftype") == "envvar" or re.fullmatch({ELSEWHERE!r}, node.get("reftarget", ""), re.VERBOSE):
        return contnode
    return None
"""
#: Of what is copied to be checked, nothing is generated or installed.
LEFT_OUT = shutil.ignore_patterns(
    ".*", "__pycache__", "_build", "*.egg-info", "mutants", "sandbox", "tests", "benchmarks", "*.tar.gz"
)


class Broken(Exception):
    """The documentation is not as it should be."""


def install() -> None:
    """The tools, unless they are there."""
    prepare("docs", REQUIREMENTS)


def copy(source: Path, folder: Path) -> Path:
    """A copy of the collection in a tree of its own, beside the collections it refers to."""
    tree = folder / "tree" / "ansible_collections"
    place = tree / "innergate" / "azure"
    shutil.copytree(source, place, ignore=LEFT_OUT)
    shutil.copytree(VENV / "tree" / "ansible_collections" / "kubernetes", tree / "kubernetes")
    return place


def run(command: Sequence[str | Path], place: Path, cwd: Path) -> None:
    """Run a tool; Broken with all that it said if it fails or warns."""
    path = os.pathsep.join([str(TOOLS / "bin"), str(VENV / "bin"), os.environ.get("PATH", "")])
    tree = str(place.parents[2])
    environment = {**os.environ, "PATH": path, "ANSIBLE_COLLECTIONS_PATH": tree, "PYTHONPATH": ""}
    done = subprocess.run(
        [str(word) for word in command], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    said = (done.stdout + done.stderr).strip()
    if done.returncode:
        raise Broken(f"{Path(str(command[0])).name} {command[1]}: exit code {done.returncode}\n{said}")
    if re.search(r"\bWARNING\b|\bERROR\b", said):
        raise Broken(said)


def lint(place: Path) -> None:
    """Markup, schema, and references of plugins, roles and guides."""
    command: list[str | Path] = [TOOLS / "bin" / "antsibull-docs", "lint-collection-docs", "--plugin-docs"]
    command += ["--validate-collection-refs", "dependent", "--disallow-unknown-collection-refs"]
    run([*command, "--check-extra-docs-refs", "."], place, place)


def site(place: Path, folder: Path) -> Path:
    """The pages, made by Sphinx, for which every warning is an error."""
    work = folder / "site"
    work.mkdir(mode=0o755)
    tool = TOOLS / "bin" / "antsibull-docs"
    options: list[str | Path] = ["--use-current", "--squash-hierarchy", "--fail-on-error", "--dest-dir", work]
    options += ["--title", NAME, "--project", NAME, "--copyright", "Innergate contributors"]
    run([tool, "sphinx-init", *options, NAME], place, work)
    shutil.rmtree(work / "rst")  # its index is one of several collections
    (work / "rst").mkdir(mode=0o755)
    options = ["--use-current", "--squash-hierarchy", "--fail-on-error", "--dest-dir", work / "rst"]
    run([tool, "collection", "--cleanup", "everything", *options, NAME], place, work)
    configuration = (work / "conf.py").read_text(encoding="utf-8")
    configuration = re.sub(r"(?ms)^intersphinx_mapping = \{.*?^\}\n", "", configuration)
    (work / "rst" / "conf.py").write_text(f"{configuration}\n{OFFLINE}", encoding="utf-8")
    html = work / "html"
    run([TOOLS / "bin" / "sphinx-build", "-q", "-W", "--keep-going", "-b", "html", work / "rst", html], place, work)
    return html


def wanted(place: Path) -> set[str]:
    """The pages that must be there: one for each module, filter, role and guide."""
    modules = {f"{path.stem}_module.html" for path in (place / "plugins" / "modules").glob("[a-z]*.py")}
    filters = {f"{path.stem}_filter.html" for path in (place / "plugins" / "filter").glob("[a-z]*.py")}
    roles = {f"{path.parent.parent.name}_role.html" for path in (place / "roles").glob("*/meta/argument_specs.yml")}
    sections = yaml.safe_load((place / "docs" / "docsite" / "extra-docs.yml").read_text(encoding="utf-8"))["sections"]
    guides = {f"docsite/{name}.html" for section in sections for name in section["toctree"]}
    return {"index.html", *modules, *filters, *roles, *guides}


def unlisted(place: Path) -> set[str]:
    """Guides that no section names."""
    rst = place / "docs" / "docsite" / "rst"
    return {f"docsite/{path.stem}.html" for path in rst.glob("*.rst")} - wanted(place)


class _Page(HTMLParser):
    """Where a page leads, and what can be led to in it."""

    def __init__(self) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.anchors: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "a" and found.get("href"):
            self.links.add(str(found["href"]))
        if found.get("id"):
            self.anchors.add(str(found["id"]))


def dead_links(html: Path) -> list[str]:
    """Links between pages that lead nowhere."""
    pages: dict[Path, _Page] = {}
    for path in html.rglob("*.html"):
        page = _Page()
        page.feed(path.read_text(encoding="utf-8"))
        pages[path.resolve()] = page
    dead = []
    for path, page in sorted(pages.items()):
        for link in sorted(page.links):
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            known = pages.get(target)
            anchor = unquote(parts.fragment)
            if not target.exists() or (known and anchor and anchor not in known.anchors):
                dead.append(f"{path.relative_to(html.resolve())}: {link}")
    return dead


def build(source: Path, output: Path | None) -> int:
    """Check the documentation of a checkout, and put its site where it was asked for; returns the number of pages."""
    with tempfile.TemporaryDirectory(prefix="innergate-docs-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        place = copy(source, folder)
        if lost := unlisted(place):
            raise Broken(f"in no section of docs/docsite/extra-docs.yml: {', '.join(sorted(lost))}")
        lint(place)
        html = site(place, folder)
        pages = {str(path.relative_to(html)) for path in html.rglob("*.html")}
        if missing := wanted(place) - pages:
            raise Broken(f"no page: {', '.join(sorted(missing))}")
        if dead := dead_links(html):
            raise Broken("links that lead nowhere:\n" + "\n".join(dead))
        if output is not None:
            shutil.rmtree(output, ignore_errors=True)
            shutil.copytree(html, output)
        return len(wanted(place))


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--source", type=Path, default=ROOT, help="the checkout (default: this one)")
    parser.add_argument("--output", type=Path, default=ROOT / "docs" / "_build" / "html", help="where the site goes")
    options = parser.parse_args()
    install()
    try:
        pages = build(options.source, options.output)
    except Broken as error:
        print(error, file=sys.stderr)
        return 1
    print(f"docs: {pages} pages of modules, roles, filters and guides in {options.output}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
