# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Events: repeated ones counted, similar ones combined, floods cut."""

from __future__ import annotations

from typing import Any

from innergate_sandbox.kubernetes.api.client import ApiError
from innergate_sandbox.kubernetes.api.events import BURST, Correlator, Recorder, reference

SERVICE = {"metadata": {"name": "web", "namespace": "default", "uid": "u1"}}
ABOUT = reference(SERVICE, "Service")


class Kube:
    def __init__(self) -> None:
        self.created: list[dict[str, Any]] = []
        self.patched: list[tuple[str, dict[str, Any]]] = []
        self.forgotten = False

    async def create(self, path: str, body: dict[str, Any]) -> None:
        self.created.append(body)

    async def patch(self, path: str, body: dict[str, Any]) -> None:
        if self.forgotten:
            raise ApiError(404, "NotFound", "gone")
        self.patched.append((path, body))


async def recorded(kube: Kube, *messages: str) -> Recorder:
    recorder = Recorder(kube, "service-controller")  # type: ignore[arg-type]
    recorder.start()
    for message in messages:
        recorder.record(ABOUT, "Warning", "SyncLoadBalancerFailed", message)
    await recorder.flush()
    return recorder


async def test_an_event_names_its_object_and_source() -> None:
    kube = Kube()
    await (await recorded(kube, "no")).stop()
    (event,) = kube.created
    assert event["involvedObject"] == {
        "kind": "Service", "namespace": "default", "name": "web", "uid": "u1", "apiVersion": "v1",
    }  # fmt: skip
    assert event["source"] == {"component": "service-controller"}
    assert event["reportingComponent"] == "service-controller"
    assert (event["type"], event["reason"], event["message"], event["count"]) == (
        "Warning", "SyncLoadBalancerFailed", "no", 1,
    )  # fmt: skip
    assert event["metadata"]["name"].startswith("web.")


async def test_the_same_again_is_counted() -> None:
    kube = Kube()
    await (await recorded(kube, "no", "no", "no")).stop()
    assert len(kube.created) == 1
    assert [body["count"] for dummy, body in kube.patched] == [2, 3]
    assert kube.patched[0][0].endswith(kube.created[0]["metadata"]["name"])


async def test_one_that_expired_is_written_anew() -> None:
    kube = Kube()
    recorder = await recorded(kube, "no")
    kube.forgotten = True
    recorder.record(ABOUT, "Warning", "SyncLoadBalancerFailed", "no")
    await recorder.stop()
    assert [event["count"] for event in kube.created] == [1, 1]


async def test_more_than_ten_different_texts_become_one_event() -> None:
    kube = Kube()
    await (await recorded(kube, *[f"operation {number}" for number in range(13)])).stop()
    assert len(kube.created) == 11
    assert kube.created[10]["message"] == "(combined from similar events): operation 10"
    assert kube.patched[-1][1]["message"] == "(combined from similar events): operation 12"


def test_a_flood_is_cut_and_refilled_slowly() -> None:
    correlator = Correlator()
    admitted = [correlator.admit(ABOUT, "c", "Normal", 1000.0) for dummy in range(BURST + 3)]
    assert admitted.count(True) == BURST
    assert not correlator.admit(ABOUT, "c", "Normal", 1299.0)
    assert correlator.admit(ABOUT, "c", "Normal", 1301.0)
    assert correlator.admit(ABOUT, "c", "Warning", 1000.0)  # another type has its own measure
