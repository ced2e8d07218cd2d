# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run one of the field's own checks: C(field.py reuse), C(shell), C(changelog), C(workflows) or C(importer).

The tools live in environments of their own below C(.venv). Several of them exit with 0 after having looked at nothing,
or in spite of what they found; so what they were given is counted here, and what they say is read.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import yaml
from environments import prepare
from innergate_sandbox.kubernetes.build.recipe import cache_folder
from innergate_sandbox.kubernetes.build.toolchain import find_or_install, go_environment
from setup import ROOT, TREE

REQUIREMENTS = ROOT / "tools" / "requirements.txt"
IMPORTER = ROOT / "tools" / "importer-requirements.txt"
#: What galaxy-importer objects to; its exit code says nothing of it.
TROUBLE = re.compile(r"^(?:WARNING|ERROR|CRITICAL)\b.*|^Traceback .*", re.MULTILINE)
IMPORTED = "Importer processing completed successfully"
#: ansible-lint and ansible-test are gates of their own, and look at more than what is in the archive.
IMPORTER_CONFIGURATION = """[galaxy-importer]
CHECK_REQUIRED_TAGS = True
RUN_ANSIBLE_DOC = True
RUN_ANSIBLE_LINT = False
RUN_ANSIBLE_TEST = False
"""

FRAGMENTS = Path("changelogs/fragments")
ACTIONLINT = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12"
GO = (1, 25)


class Broken(Exception):
    """A check found something, or could not look."""


def run(command: Sequence[str | Path], cwd: Path, **environment: str) -> str:
    """What a tool says; Broken with all of it if it fails."""
    words = [str(word) for word in command]
    done = subprocess.run(
        words, cwd=cwd, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    said = done.stdout + done.stderr
    if done.returncode:
        raise Broken(f"{Path(words[0]).name}: exit code {done.returncode}\n{said.strip()}")
    return said


def tracked(source: Path) -> list[Path]:
    """The files of a checkout that git knows or would take; Broken if there is none."""
    said = run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], source)
    found = [source / name for name in said.split("\0") if name and (source / name).is_file()]
    if not found:
        raise Broken(f"{source} holds no file that git knows")
    return found


def reuse(source: Path) -> str:
    """Each file says whose it is and under which licence."""
    said = run([prepare("field", REQUIREMENTS) / "reuse", "lint"], source)
    counted = re.search(r"Files with license information: (\d+) / (\d+)", said)
    if counted is None or int(counted[1]) == 0 or counted[1] != counted[2]:
        raise Broken(said)
    return f"{counted[1]} files say under which licence they are"


def shell(source: Path) -> str:
    """Shell scripts, known by their name or their first line, have nothing that shellcheck objects to."""
    scripts = []
    for path in tracked(source):
        with path.open("rb") as file:
            first = file.readline(80)
        if path.suffix in (".sh", ".bash") or re.match(rb"#!.*\b(?:ba|da|k)?sh\b", first):
            scripts.append(path)
    if not scripts:
        raise Broken("no shell script was found")
    tool = prepare("field", REQUIREMENTS) / "shellcheck"
    run([tool, "--norc", "--severity=style", "--enable=all", *scripts], source)
    return f"{len(scripts)} shell scripts checked"


def branched_off(source: Path) -> str:
    """The commit at which the branch left the main line; "" on the main line itself, or where git knows none."""
    for line in ("origin/main", "main"):
        command = ["git", "merge-base", "HEAD", line]
        done = subprocess.run(command, cwd=source, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            base = done.stdout.strip()
            return "" if base == run(["git", "rev-parse", "HEAD"], source).strip() else base
    return ""


def tells(source: Path, path: Path) -> bool:
    """Whether a file is a fragment that antsibull-changelog reads, and has a sentence in it."""
    if path.parent != FRAGMENTS or path.name.startswith(".") or path.suffix not in (".yml", ".yaml"):
        return False
    said = yaml.safe_load((source / path).read_text(encoding="utf-8"))
    told = said.values() if isinstance(said, dict) else ()
    return any(str(text or "").strip() for one in told for text in (one if isinstance(one, list) else [one]))


def changelog(source: Path) -> str:
    """Fragments of the changelog, one at least for what a branch changes, and what was released before."""
    if base := branched_off(source):
        changed = [Path(name) for name in run(["git", "diff", "--name-only", "-z", base], source).split("\0") if name]
        used = [path for path in changed if path.parts[0] in ("plugins", "roles", "playbooks")]
        command = ["git", "diff", "--name-only", "-z", "--diff-filter=A", base, "--", str(FRAGMENTS)]
        added = [Path(name) for name in run(command, source).split("\0") if name]
        if used and not any(tells(source, path) for path in added):
            raise Broken(f"the branch changes {used[0]}, and adds no fragment of the changelog that says something")
    fragments = list((source / FRAGMENTS).glob("*.y*ml"))
    tool = prepare("field", REQUIREMENTS) / "antsibull-changelog"
    run([tool, "lint"], source)
    run([tool, "lint-changelog-yaml", "--strict", source / "changelogs" / "changelog.yaml"], source)
    return f"{len(fragments)} fragments and changelog.yaml checked"


def actionlint(folder: Path) -> Path:
    """The program actionlint, which is no Python package: built once from its Go module, as Kubernetes is."""
    program = folder / "actionlint"
    if not program.is_file():
        go = find_or_install(GO, cache_folder(os.environ), lambda text: print(text, flush=True))
        run([go.program, "install", ACTIONLINT], ROOT, **go_environment({}), GOBIN=str(folder))
    return program


def workflows(source: Path) -> str:
    """Workflows of GitHub are as their schema wants them, and actionlint finds nothing: expressions, jobs, shell."""
    files = sorted((source / ".github" / "workflows").glob("*.y*ml"))
    if not files:
        raise Broken("there is no workflow")
    tool = prepare("field", REQUIREMENTS) / "check-jsonschema"
    run([tool, "--builtin-schema", "vendor.github-workflows", *files], source)
    run([actionlint(tool.parent), "-no-color", "-shellcheck", tool.parent / "shellcheck", "-pyflakes=", *files], source)
    return f"{len(files)} workflows checked"


def importer(source: Path) -> str:
    """What Galaxy would say of the archive. Its log decides, for its exit code is 0 whatever it warned of."""
    tools = prepare("importer", IMPORTER)
    with tempfile.TemporaryDirectory(prefix="innergate-importer-") as name:
        folder = Path(name)
        copy = folder / "source"
        for path in tracked(source):
            target = copy / path.relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
            target.chmod(path.stat().st_mode)
        # kubernetes.core is found beside the archive
        settings = {"ANSIBLE_COLLECTIONS_PATH": str(TREE.parent), "PYTHONPATH": ""}
        settings["PATH"] = os.pathsep.join([str(tools), os.environ.get("PATH", "")])
        run([tools / "ansible-galaxy", "collection", "build", "--output-path", folder], copy, **settings)
        (archive,) = folder.glob("*.tar.gz")
        (folder / "importer.cfg").write_text(IMPORTER_CONFIGURATION, encoding="utf-8")
        settings["GALAXY_IMPORTER_CONFIG"] = str(folder / "importer.cfg")
        said = run([tools / "python", "-m", "galaxy_importer.main", archive], folder, **settings)
    if trouble := TROUBLE.findall(said):
        raise Broken("\n".join(trouble))
    if IMPORTED not in said or "Loading module " not in said:
        raise Broken(f"galaxy-importer did not come to its end\n{said}")
    return f"Galaxy would take {archive.name}"


CHECKS: dict[str, Callable[[Path], str]] = {
    "reuse": reuse,
    "shell": shell,
    "changelog": changelog,
    "workflows": workflows,
    "importer": importer,
}


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("check", choices=CHECKS)
    parser.add_argument("--source", type=Path, default=ROOT, help="the checkout (default: this one)")
    options = parser.parse_args()
    try:
        print(f"{options.check}: {CHECKS[options.check](options.source.resolve())}")
    except Broken as error:
        print(f"{options.check}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
