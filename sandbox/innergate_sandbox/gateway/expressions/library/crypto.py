# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hashes and keyed hashes."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

from innergate_sandbox.gateway.expressions.members import Kind


class Hasher:
    """A hash algorithm, with a key when it is keyed."""

    def __init__(self, name: str, key: bytes | None = None) -> None:
        """Take hashlib's name of the algorithm."""
        self.name, self.key = name, key

    def compute(self, data: Any) -> bytes:
        """Return the hash of bytes."""
        if self.key is None:
            return hashlib.new(self.name, bytes(data)).digest()
        return hmac.new(self.key, bytes(data), self.name).digest()


hashers = Kind("HashAlgorithm", Hasher)
hashers.methods.update({"ComputeHash": Hasher.compute, "Clear": lambda hasher: None, "Initialize": lambda hasher: None})
for _name in ("MD5", "SHA1", "SHA256", "SHA384", "SHA512"):
    _plain = Kind(_name).alias(f"{_name}Managed", f"{_name}CryptoServiceProvider")
    _plain.static_methods["Create"] = lambda *dummy, name=_name: Hasher(name.lower())
    _plain.constructor = lambda name=_name: Hasher(name.lower())
    _keyed = Kind(f"HMAC{_name}")
    _keyed.constructor = lambda key, name=_name: Hasher(name.lower(), bytes(key))
