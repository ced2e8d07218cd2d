# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What tells clusters apart that were asked who they are, in one run or another. Pure: no I/O.

That is the uid of the namespace kube-system. Who may not get that namespace knows a cluster by a digest of its address
only, and one cluster can have several addresses.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_DIGEST = re.compile("[0-9a-f]{32}")  # a uid has hyphens


@dataclass(frozen=True)
class Fingerprint:
    """What is known of a cluster; empty is what is not."""

    uid: str = ""
    address: str = ""

    @property
    def text(self) -> str:
        """How identifiers of objects name the cluster."""
        return self.uid or self.address

    def is_that_of(self, other: Fingerprint) -> bool | None:
        """Whether both are of one cluster, None if that can't be told."""
        if self.uid and other.uid:
            return self.uid == other.uid
        return True if self.address and self.address == other.address else None


def of_cluster(uid: object, host: str) -> Fingerprint:
    """Of a cluster that was asked at this address; the uid is None if it has not told."""
    return Fingerprint(str(uid or ""), hashlib.sha256(host.encode()).hexdigest()[:32])


def of_id(identifier: str) -> Fingerprint:
    """Of the cluster that the identifier of an object begins with, or that is named in the same way."""
    text = identifier.partition("/")[0]
    return Fingerprint(address=text) if _DIGEST.fullmatch(text) else Fingerprint(uid=text)


def warnings(own: Fingerprint, host: str, strangers: Iterable[str]) -> Iterator[str]:
    """What is to be said of identifiers that are not, or perhaps not, of the cluster at an address."""
    ids = list(strangers)
    elsewhere = [text for text in ids if own.is_that_of(of_id(text)) is False]
    doubtful = [text for text in ids if text not in elsewhere]
    if elsewhere:
        yield f"these objects are in another cluster than {host}: {', '.join(elsewhere)}"
    if doubtful:
        yield (
            f"whether these objects are in the cluster {host} can't be told, for who has noted them, or who asks now, "
            f"may not get its namespace kube-system: {', '.join(doubtful)}"
        )
