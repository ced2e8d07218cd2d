# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Building the control plane: what is built, with what, where it goes, and what is said about it."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from innergate_sandbox.kubernetes.build import toolchain
from innergate_sandbox.kubernetes.build.builder import BuildError, build
from innergate_sandbox.kubernetes.build.recipe import (
    PROGRAMS,
    Recipe,
    RecipeError,
    build_folder,
    cache_folder,
    complete,
    find_recipe,
)
from innergate_sandbox.kubernetes.build.source import choose, find_binaries
from innergate_sandbox.kubernetes.build.toolchain import ToolchainError, find_or_install, parse_version

GO_MOD = """module example
go 1.26.0
require k8s.io/kubernetes v1.36.3 // indirect
"""


def program(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!{sys.executable}\n{text}")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def fake_go(folder: Path, version: str = "go1.26.8", fail: str = "", hang: str = "") -> Path:
    """A compiler that writes scripts and notes what it was asked."""
    return program(
        folder / "go",
        f"""
import os, sys
if sys.argv[1:] == ["env", "GOVERSION"]:
    print({version!r}); sys.exit()
with open({str(folder / "calls")!r}, "a") as log:
    log.write(" ".join(sys.argv[1:]) + " CGO=" + os.environ["CGO_ENABLED"] + "\\n")
print("some/package", file=sys.stderr)
if {hang!r} and {hang!r} in sys.argv[-1]:
    import time
    time.sleep(600)
if {fail!r} and {fail!r} in sys.argv[-1]:
    print("main.go:1:1: cannot find module: dial tcp: lookup proxy: no such host", file=sys.stderr); sys.exit(1)
target = sys.argv[sys.argv.index("-o") + 1]
open(target, "w").write("#!/bin/sh\\necho Kubernetes v1.36.3\\n"); os.chmod(target, 0o755)
""",
    )


@pytest.fixture
def recipe(tmp_path: Path) -> Recipe:
    folder = tmp_path / "module"
    folder.mkdir()
    (folder / "go.mod").write_text(GO_MOD)
    (folder / "go.sum").write_text("sums")
    return Recipe(folder)


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {"PATH": str(tmp_path / "bin"), "INNERGATE_CACHE": str(tmp_path / "cache"), "HOME": str(tmp_path)}


def test_the_recipe_of_the_project_is_found_and_pinned() -> None:
    found = find_recipe({})
    assert found.version == "v1.36.3"
    assert found.go_version >= (1, 26)
    text = found.go_mod.decode()
    for package in PROGRAMS.values():
        assert f"\t{package}\n" in text
    assert all("=>" not in line or line.rstrip().endswith(" v0.36.3") for line in text.splitlines())
    assert "gitVersion=v1.36.3" in " ".join(found.flags)


def test_no_registry_is_written_into_the_module() -> None:
    found = find_recipe({})
    assert b"://" not in found.go_mod + found.go_sum


def test_another_module_can_be_named(recipe: Recipe, tmp_path: Path) -> None:
    assert find_recipe({"INNERGATE_KUBERNETES_MODULE": str(recipe.folder)}).folder == recipe.folder
    with pytest.raises(RecipeError, match="INNERGATE_KUBERNETES_MODULE"):
        find_recipe({"INNERGATE_KUBERNETES_MODULE": str(tmp_path)})


def test_the_digest_changes_with_every_input(recipe: Recipe) -> None:
    before = recipe.digest
    (recipe.folder / "go.sum").write_text("sums!")
    assert recipe.digest != before
    (recipe.folder / "go.sum").write_text("sums")
    assert recipe.digest == before
    (recipe.folder / "go.mod").write_text(GO_MOD.replace("1.36.3", "1.36.4"))
    assert recipe.digest != before


def test_where_builds_are_kept(tmp_path: Path) -> None:
    assert cache_folder({"INNERGATE_CACHE": str(tmp_path)}) == tmp_path
    assert cache_folder({"XDG_CACHE_HOME": "/x"}) == Path("/x/innergate")
    assert cache_folder({}) == Path.home() / ".cache" / "innergate"


def test_a_build_compiles_everything_and_appears_at_once(
    recipe: Recipe, environment: dict[str, str], tmp_path: Path
) -> None:
    fake_go(tmp_path / "bin")
    said: list[str] = []
    folder = build(recipe, said.append, environment)
    assert folder == build_folder(recipe, environment)
    assert complete(folder)
    calls = (tmp_path / "bin" / "calls").read_text().splitlines()
    assert [call.split()[-2] for call in calls] == list(PROGRAMS.values())
    assert all("-trimpath" in call and call.endswith("CGO=0") for call in calls)
    assert any("etcd: done" in line for line in said)
    assert not folder.with_name(folder.name + ".partial").exists()
    said.clear()
    assert build(recipe, said.append, environment) == folder
    assert said == []


def test_a_failed_build_says_why_and_the_next_one_continues(
    recipe: Recipe, environment: dict[str, str], tmp_path: Path
) -> None:
    fake_go(tmp_path / "bin", fail="kube-scheduler")
    with pytest.raises(BuildError) as caught:
        build(recipe, lambda text: None, environment)
    assert "Building kube-scheduler failed" in str(caught.value)
    assert "no such host" in str(caught.value)
    assert "GOPROXY" in str(caught.value)
    assert "some/package" not in str(caught.value)
    assert not build_folder(recipe, environment).exists()
    fake_go(tmp_path / "bin")
    (tmp_path / "bin" / "calls").unlink()
    build(recipe, lambda text: None, environment)
    assert len((tmp_path / "bin" / "calls").read_text().splitlines()) == 1


def test_a_build_that_was_killed_is_continued(recipe: Recipe, environment: dict[str, str], tmp_path: Path) -> None:
    fake_go(tmp_path / "bin", hang="kube-apiserver")
    source = str(Path(__file__).parents[4] / "sandbox")
    variables = {**environment, "INNERGATE_KUBERNETES_MODULE": str(recipe.folder), "PYTHONPATH": source}
    command = [sys.executable, "-m", "innergate_sandbox.kubernetes.build"]
    calls = tmp_path / "bin" / "calls"
    with subprocess.Popen(command, env=variables, stdout=subprocess.DEVNULL) as killed:
        # Until the compiler runs, its process may still hold what its parent has open, the lock of the build for one.
        while not (calls.is_file() and "kube-apiserver" in calls.read_text()):
            assert killed.poll() is None
            time.sleep(0.01)
        killed.kill()
    fake_go(tmp_path / "bin")
    said: list[str] = []
    build(recipe, said.append, environment)
    assert any("etcd: finished earlier" in line for line in said)
    assert not any("is building Kubernetes" in line for line in said)


def test_two_builders_do_not_build_twice(recipe: Recipe, environment: dict[str, str], tmp_path: Path) -> None:
    fake_go(tmp_path / "bin")
    module = {"INNERGATE_KUBERNETES_MODULE": str(recipe.folder)}
    command = [sys.executable, "-m", "innergate_sandbox.kubernetes.build"]
    source = str(Path(__file__).parents[4] / "sandbox")
    variables = {**environment, **module, "PYTHONPATH": source}
    both = [subprocess.Popen(command, env=variables, stdout=subprocess.PIPE, text=True) for dummy in range(2)]
    outputs = [process.communicate(timeout=60)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert {output.splitlines()[-1] for output in outputs} == {str(build_folder(recipe, environment))}
    assert len((tmp_path / "bin" / "calls").read_text().splitlines()) == len(PROGRAMS)


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("go1.26.8\n", (1, 26, 8)),
        ("go1.27", (1, 27)),
        ("go1.26.8-X:nodwarf5", (1, 26, 8)),
        ("devel go1.28-abc", None),
        ("", None),
    ],
)
def test_versions(text: str, version: tuple[int, ...] | None) -> None:
    assert parse_version(text) == version


class TestToolchain:
    def test_the_machines_own_is_taken_if_it_is_new_enough(self, tmp_path: Path) -> None:
        go = fake_go(tmp_path / "bin")
        found = find_or_install((1, 26, 0), tmp_path, print, {"PATH": str(tmp_path / "bin")})
        assert found.program == go
        assert str(found) == f"go 1.26.8 ({go})"

    def test_an_old_one_is_left_alone_and_another_installed(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        fake_go(tmp_path / "bin", "go1.21.0")
        monkeypatch.setattr(toolchain, "candidates", lambda environment: [tmp_path / "bin" / "go"])
        wanted: list[str] = []

        def install(private: Path, version: str) -> None:
            wanted.append(version)
            fake_go(private / "lib" / "python3.11" / "site-packages" / "go" / "bin", "go1.27.3")

        monkeypatch.setattr(toolchain, "_install", install)
        said: list[str] = []
        found = find_or_install((1, 26, 0), tmp_path, said.append, {})
        assert found.version == (1, 27, 3)
        assert wanted == ["1.26.0"]
        assert "older than 1.26.0" in said[0]
        assert find_or_install((1, 26, 0), tmp_path, said.append, {}).version == (1, 27, 3)
        assert wanted == ["1.26.0"]  # the private one is used again

    def test_what_cannot_be_installed_is_explained(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(toolchain, "candidates", lambda environment: [])
        monkeypatch.setattr(toolchain, "_install", lambda private, version: None)
        with pytest.raises(ToolchainError, match=r"no working go program, but 1\.26\.0"):
            find_or_install((1, 26, 0), tmp_path, print, {})

    def test_users_settings_reach_the_compiler(self) -> None:
        found = toolchain.go_environment({"GOPROXY": "direct", "GOFLAGS": "-x"})
        assert found["GOPROXY"] == "direct" and found["GOFLAGS"] == "-x"
        assert found["CGO_ENABLED"] == "0" and found["GOTOOLCHAIN"] == "local"


class TestBroughtByTheUser:
    def test_a_folder_of_envtest_lacks_the_managers(self, tmp_path: Path) -> None:
        for name in ("etcd", "kube-apiserver", "kubectl"):
            program(tmp_path / name, "")
        choice = choose(tmp_path)
        assert sorted(choice.brought) == ["etcd", "kube-apiserver"]
        assert choice.missing == ("kube-controller-manager", "kube-scheduler")

    def test_a_folder_without_a_server_is_refused(self, tmp_path: Path) -> None:
        program(tmp_path / "etcd", "")
        with pytest.raises(BuildError, match="has no kube-apiserver that can be run"):
            choose(tmp_path)

    async def test_a_complete_folder_is_used_without_building(self, tmp_path: Path) -> None:
        for name in PROGRAMS:
            program(tmp_path / name, "")
        found = await find_binaries(print, {"KUBEBUILDER_ASSETS": str(tmp_path)})
        assert set(found.programs.values()) == {tmp_path / name for name in PROGRAMS}

    async def test_the_cache_is_used_without_building(
        self, recipe: Recipe, environment: dict[str, str], tmp_path: Path
    ) -> None:
        for name in PROGRAMS:
            program(build_folder(recipe, environment) / name, "")
        named = {**environment, "INNERGATE_KUBERNETES_MODULE": str(recipe.folder)}
        assert (await find_binaries(print, named)).origin == str(build_folder(recipe, environment))

    async def test_what_is_missing_is_built_and_shown(
        self, recipe: Recipe, environment: dict[str, str], tmp_path: Path
    ) -> None:
        fake_go(tmp_path / "bin")
        source = str(Path(__file__).parents[4] / "sandbox")
        named = {**os.environ, **environment, "INNERGATE_KUBERNETES_MODULE": str(recipe.folder), "PYTHONPATH": source}
        said: list[str] = []
        found = await find_binaries(said.append, named)
        assert complete(Path(found.origin))
        assert any("kube-apiserver: done" in line for line in said)
