# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task in check mode is told, if an earlier one has asked for the same."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._run.foretold import Memory

ID = "/subscriptions/s/service/svc/apis/A"


def told(id: str = ID, **more: Any) -> dict[str, Any]:
    """The result of a task that would change something."""
    diff = {"before": {}, "after": {"name": "a"}}
    return {"changed": True, "id": id, "resource": {"name": "a"}, "diff": diff, **more}


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    return Memory(str(tmp_path / "foretold"))


def test_the_same_again_changes_nothing(memory: Memory) -> None:
    assert memory.once(told(), "d1")["changed"]
    again = memory.once(told(ID.lower()), "d1")
    after = {"name": "a"}
    assert again == told(ID.lower(), changed=False, diff={"before": after, "after": after})
    assert memory.once(told(diff=None), "d1")["diff"] is None


@pytest.mark.parametrize(
    ("id", "digest"),
    [(ID, "d2"), (f"{ID}/operations/o", "d1"), (f"x{ID}", "d1"), ("/subscriptions/s/service/svc", "d1")],
)
def test_something_else_does(memory: Memory, id: str, digest: str) -> None:
    assert memory.once(told(), "d1")["changed"]
    assert memory.once(told(id), digest)["changed"]
    # What was asked for before is not so any more, where another task has asked for something else of it.
    assert memory.once(told(), "d1")["changed"] is (id == ID)


@pytest.mark.parametrize("gone", [ID, ID.rpartition("/apis")[0]])
def test_what_would_be_gone_is_made_anew(memory: Memory, gone: str) -> None:
    memory.note(memory.once(told(), "d1"))
    memory.note(told(gone, resource=None, diff={"before": {"name": "a"}, "after": {}}))
    assert memory.once(told(), "d1")["changed"]
    assert not memory.once(told(), "d1")["changed"]


@pytest.mark.parametrize(
    "result", [told(changed=False), told(resource=None), told(""), {"changed": True}, {"failed": True}]
)
def test_other_results_stay_as_they_are(memory: Memory, result: dict[str, Any]) -> None:
    assert memory.once(result, "d1") == memory.once(result, "d1") == result


def goes(id: str = ID) -> dict[str, Any]:
    """The result of a task that would delete something."""
    return told(id, resource=None, diff={"before": {"name": "a"}, "after": {}})


@pytest.mark.parametrize("inside", ["", "/operations/o"])
def test_what_goes_goes_once(memory: Memory, inside: str) -> None:
    assert memory.told(goes(), "d1")["changed"]
    assert memory.told(goes(f"{ID}{inside}".lower()), "d2") == goes(f"{ID}{inside}".lower()) | {
        "changed": False,
        "diff": {"before": {}, "after": {}},
    }
    assert memory.told(goes(f"{ID}x"), "d1")["changed"]


def test_what_is_made_after_it_was_deleted_goes_again(memory: Memory) -> None:
    assert memory.told(goes(), "d1")["changed"]
    assert memory.told(told(), "d2")["changed"]
    assert memory.told(goes(), "d1")["changed"]


def test_with_a_revision_its_api_does_not_go(memory: Memory) -> None:
    assert memory.told(goes(f"{ID};rev=2"), "d1")["changed"]
    assert memory.told(goes(), "d1")["changed"]


@pytest.mark.parametrize("inside", ["", "/operations/o"])
def test_what_was_made_for_real_meanwhile_goes(memory: Memory, inside: str) -> None:
    assert memory.told(told(), "d1")["changed"]
    memory.settle(told())
    assert memory.told(goes(f"{ID}{inside}"), "d2")["changed"]


def test_what_was_done_for_real_meanwhile_counts(memory: Memory) -> None:
    assert memory.told(told(), "d1")["changed"]
    memory.settle(told())
    assert memory.told(goes(), "d2")["changed"]
    memory.settle(goes())
    memory.settle(told())
    assert memory.told(goes(), "d2")["changed"]
    assert not memory.told(goes(), "d2")["changed"]


def test_of_tasks_at_the_same_moment_one_counts(memory: Memory) -> None:
    """As of two hosts with a common resource: each is a process of its own."""
    starts = threading.Barrier(8)

    def one(result: dict[str, Any]) -> bool:
        starts.wait()
        return bool(memory.told(result, "d1")["changed"])

    with ThreadPoolExecutor(8) as pool:
        for result in (told(), goes()):
            assert sum(pool.map(one, [result] * 8)) == 1
