# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections are closed however the work with them ends."""

from __future__ import annotations

import asyncio

import pytest
from innergate_sandbox.streams import closing
from support.streams import connected, serving

MORE_THAN_FITS = b"x" * 50_000_000


async def deaf(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await asyncio.Event().wait()


async def test_what_was_written_arrives_before_the_end() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"hello")

    async with serving(answer) as place, connected(*place) as (reader, dummy):
        assert await asyncio.wait_for(reader.read(), 5) == b"hello"


async def test_an_error_closes_it() -> None:
    async with serving(deaf) as place:
        dummy, writer = await asyncio.open_connection(*place)
        with pytest.raises(LookupError):
            async with closing(writer):
                raise LookupError
        assert writer.is_closing()


@pytest.mark.parametrize("inside", [True, False])
async def test_who_is_cancelled_does_not_wait_for_the_other_side(inside: bool) -> None:
    async with serving(deaf) as place:
        dummy, writer = await asyncio.open_connection(*place)

        async def talk() -> None:
            async with closing(writer):
                writer.write(MORE_THAN_FITS)
                if inside:
                    await writer.drain()

        task = asyncio.create_task(talk())
        await asyncio.wait({task}, timeout=0.05)
        assert not task.done()
        task.cancel()
        await asyncio.wait({task}, timeout=5)
        assert task.cancelled()
        assert writer.transport.get_write_buffer_size() == 0  # type: ignore[attr-defined]
