# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Swagger 2: what API Management makes of it, where that is not what it makes of OpenAPI 3.

C(produces) is left out by an import. Fields of forms are not supported; what they become is not known, so operations
with any are compared without what they take (Microsoft Learn: api-management-api-import-restrictions; GitHub issue
Azure/api-management-developer-portal 1036).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._engine.specification_model import text_of
from ansible_collections.innergate.azure.plugins.module_utils._engine.specification_openapi import OpenApi, Types
from ansible_collections.innergate.azure.plugins.module_utils._engine.specification_shape import SWAGGER


class Swagger(OpenApi):
    """Swagger 2."""

    version_key = "swagger"
    version = re.compile(r"2\.0")
    shape = SWAGGER
    schemas_at = ("definitions",)

    @property
    def title(self) -> str:
        return "Swagger 2 document"

    def service_url(self) -> str:
        host = text_of(self.document.get("host"))
        schemes = [str(scheme) for scheme in self.document.get("schemes") or ["https"]]
        base = text_of(self.document.get("basePath")).rstrip("/")
        return f"{'https' if 'https' in schemes else schemes[0]}://{host}{base}" if host else ""

    def schema(self, given: Mapping[str, Any]) -> Mapping[str, Any]:
        return given

    def request_types(self, item: Mapping[str, Any], given: list[Mapping[str, Any]], *keys: str) -> Types:
        """Those of a body. What becomes of one of which nothing says how it is written is not known."""
        bodies = [parameter for parameter in given if parameter.get("in") == "body"]
        consumes = item.get("consumes") or self.document.get("consumes") or []
        if any(parameter.get("in") == "formData" for parameter in given) or (bodies and not consumes):
            return frozenset(), {}, False
        return self.types(dict.fromkeys(map(str, consumes), bodies[0]) if bodies else {})

    def response_types(self, response: Mapping[str, Any]) -> Types:
        return frozenset(), {}, False
