# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What may be repeated of an environment that a task of the ledger was told: no credentials, nor what is in Secrets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._engine.argument_spec import field_options
from ansible_collections.innergate.azure.plugins.module_utils._engine.links import mask
from ansible_collections.innergate.azure.plugins.module_utils._engine.redact import STRANGER
from ansible_collections.innergate.azure.plugins.module_utils._engine.repeated import without_secrets
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.repeating import without_contents
from ansible_collections.innergate.azure.plugins.module_utils._resources import apim_backend


def without_credentials(params: Mapping[str, Any]) -> dict[str, Any]:
    """The options of a task as results and logs may have them. They need not have been checked."""
    shown = without_contents(params)
    if "apis" in shown:
        shown["apis"] = _presentable(shown["apis"])
    return shown


def _presentable(value: Any) -> Any:
    """An API or a list of them. What has another shape may be anything."""
    if isinstance(value, list | tuple):
        return [_presentable(item) for item in value]
    if isinstance(value, Mapping):
        return presentable(value)
    return STRANGER if value else value


def presentable(api: Mapping[str, Any]) -> dict[str, Any]:
    """An API, as the roles take it, without what must not be shown."""
    shown = dict(api)
    if "backend" in api:
        shown["backend"] = without_secrets(_BACKEND, api["backend"])
    if "service_url" in api:
        shown["service_url"] = mask(api["service_url"])
    if "specification" in api:
        shown["specification"] = _specification(api["specification"])
    return shown


def _specification(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {**value, "link": mask(value["link"])} if "link" in value else value
    return STRANGER if value else value


#: The options of a backend, among which its credentials are secret.
_BACKEND = {"name": {}, **field_options(apim_backend.RESOURCE.fields)}
