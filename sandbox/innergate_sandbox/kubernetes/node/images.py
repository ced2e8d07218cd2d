# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pulling images: which stand-in a container runs, or the waiting states and events of one that cannot be pulled."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from innergate_sandbox.images.catalogue import StandIn, parse, pull_error, stand_in
from innergate_sandbox.kubernetes.node.backoff import Backoff

Tell = Callable[[str, str, str], None]
"""Record an event about the container: type, reason, message."""
Wait = Callable[[str, str], None]
"""Show the container as waiting: reason, message."""

SHOWN = 2.0
"""How long ErrImagePull shows before it becomes ImagePullBackOff: about one turn of the kubelet's loop."""
SIZE = 48_128_000


async def pull(reference: str, policy: str, present: set[str], tell: Tell, wait: Wait, backoff: Backoff) -> StandIn:
    """What stands for the image. Returns only when there is something; until then it backs off and tries again.

    `policy` is the imagePullPolicy, `present` the images that the node has already. Events and states are those of
    kubernetes pkg/kubelet/images.
    """
    while True:
        image = parse(reference)
        if image is None:
            text = f'couldn\'t parse image name "{reference}": invalid reference format'
            tell("Warning", "InspectFailed", f'Failed to apply default image tag "{reference}": {text}')
            await _refuse("InvalidImageName", f'Failed to apply default image tag "{reference}": {text}', tell, wait)
            continue
        found = stand_in(image)
        if policy == "Never" and image.full not in present:
            await _refuse(
                "ErrImageNeverPull",
                f'Container image "{reference}" is not present with pull policy of Never',
                tell,
                wait,
            )
            continue
        if found and policy != "Always" and image.full in present:
            tell(
                "Normal",
                "Pulled",
                f'Container image "{reference}" already present on machine and can be accessed by the pod',
            )
            return found
        tell("Normal", "Pulling", f'Pulling image "{reference}"')
        if found:
            tell(
                "Normal",
                "Pulled",
                f'Successfully pulled image "{reference}" in 31ms (31ms including waiting). Image size: {SIZE} bytes.',
            )
            present.add(image.full)
            return found
        error = pull_error(image)
        tell("Warning", "Failed", f'Failed to pull image "{reference}": {error}')
        tell("Warning", "Failed", "Error: ErrImagePull")
        wait("ErrImagePull", error)
        pause = backoff.next()
        await asyncio.sleep(min(SHOWN, pause))
        tell("Normal", "BackOff", f'Back-off pulling image "{reference}"')
        tell("Warning", "Failed", "Error: ImagePullBackOff")
        wait("ImagePullBackOff", f'Back-off pulling image "{reference}": ErrImagePull: {error}')
        await asyncio.sleep(max(pause - SHOWN, 0.0))


async def _refuse(reason: str, message: str, tell: Tell, wait: Wait) -> None:
    tell("Warning", "Failed", f"Error: {reason}")
    wait(reason, message)
    await asyncio.sleep(12)
