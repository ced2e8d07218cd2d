# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Clouds: where ARM and Entra ID are. Known by name, or described by ARM itself at /metadata/endpoints."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

from ansible_collections.innergate.azure.plugins.module_utils._arm.errors import ArmError, CredentialsError
from ansible_collections.innergate.azure.plugins.module_utils._arm.message import Answer, Request

METADATA_VERSION = "2022-09-01"


@dataclass(frozen=True)
class Cloud:
    """C(authority) is Entra's URL, C(resource_manager) ARM's, C(audience) what tokens are for.

    C(public) clouds are known to Entra's instance discovery; others have to go without it.
    """

    name: str
    authority: str
    resource_manager: str
    audience: str
    public: bool = True

    @property
    def scope(self) -> str:
        return self.audience.rstrip("/") + "/.default"


_KNOWN = (
    Cloud(
        "AzureCloud",
        "https://login.microsoftonline.com",
        "https://management.azure.com",
        "https://management.azure.com",
    ),
    Cloud(
        "AzureChinaCloud",
        "https://login.chinacloudapi.cn",
        "https://management.chinacloudapi.cn",
        "https://management.chinacloudapi.cn",
    ),
    Cloud(
        "AzureUSGovernment",
        "https://login.microsoftonline.us",
        "https://management.usgovcloudapi.net",
        "https://management.usgovcloudapi.net",
    ),
)

#: Names that other tools use.
_ALIASES = {"azurepubliccloud": "azurecloud", "azureusgovernmentcloud": "azureusgovernment"}


def find_cloud(name: str, fetch: Callable[[Request], Answer]) -> Cloud:
    """The cloud of a name or of an ARM address. C(fetch) sends a request without a token. Raises CredentialsError."""
    text = name.strip() or "AzureCloud"
    key = _ALIASES.get(text.lower(), text.lower())
    for cloud in _KNOWN:
        if cloud.name.lower() == key:
            return cloud
    if urlsplit(text).scheme != "https" or not urlsplit(text).hostname:
        names = ", ".join(cloud.name for cloud in _KNOWN)
        raise CredentialsError(
            "UnknownCloud",
            f"{text!r} is no cloud: cloud_environment (AZURE_CLOUD_ENVIRONMENT) is {names}, or the https address of "
            "an Azure Resource Manager",
            advice="",
        )
    base = text.rstrip("/")
    answer = fetch(
        Request(
            "GET",
            f"{base}/metadata/endpoints?api-version={METADATA_VERSION}",
            operation="reading the metadata of the cloud",
        )
    )
    return _described(base, answer)


def _described(base: str, answer: Answer) -> Cloud:
    """The cloud that ARM's metadata describe: one object, or (before 2022-09-01) a list of them."""
    body: Any = answer.json
    if isinstance(body, list):
        body = next((item for item in body if _text(item, "resourceManager").rstrip("/") == base), body[:1] and body[0])
    authentication = body.get("authentication") if isinstance(body, dict) else None
    if not answer.ok or not isinstance(authentication, dict) or not authentication.get("loginEndpoint"):
        raise ArmError(
            "NoMetadata",
            f"{base}/metadata/endpoints answered {answer.status} and does not describe a cloud",
            status=answer.status,
            advice="cloud_environment (AZURE_CLOUD_ENVIRONMENT) has to be the address of an Azure Resource Manager.",
        )
    manager = (_text(body, "resourceManager") or base).rstrip("/")
    audiences = [str(item) for item in authentication.get("audiences") or ()]
    audience = next((item for item in audiences if item.rstrip("/") == manager), (audiences or [manager])[0])
    login = str(authentication["loginEndpoint"]).rstrip("/")
    return Cloud(_text(body, "name") or base, login, manager, audience, public=False)


def _text(body: Any, key: str) -> str:
    return str(body.get(key) or "") if isinstance(body, dict) else ""


def dump(cloud: Cloud) -> str:
    """For a cache."""
    return json.dumps(asdict(cloud))


def load(text: str) -> Cloud | None:
    """From a cache; None if it is not what dump wrote."""
    try:
        return Cloud(**json.loads(text))
    except (ValueError, TypeError):
        return None
