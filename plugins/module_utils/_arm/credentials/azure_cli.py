# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sign in as whoever is signed in with the Azure CLI."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from ansible_collections.innergate.azure.plugins.module_utils._arm.cloud import Cloud
from ansible_collections.innergate.azure.plugins.module_utils._arm.credentials.strategy import (
    Missing,
    Strategy,
    token_of,
)
from ansible_collections.innergate.azure.plugins.module_utils._arm.settings import Settings
from ansible_collections.innergate.azure.plugins.module_utils._arm.tokens import Token


@dataclass(frozen=True)
class AzureCli:
    """C(folder) is the CLI's own; C(account) who is signed in there; C(tenant) "" means the account's."""

    title: ClassVar[str] = "Azure CLI"
    folder: str
    account: str
    tenant: str = ""
    subscription_id: str = ""

    @property
    def key(self) -> tuple[str, ...]:
        return ("cli", self.folder, self.account, self.tenant)

    def fetch(self, cloud: Cloud, verify: bool | str, skip_discovery: bool) -> Token:
        options: dict[str, Any] = {"process_timeout": 60}
        if self.tenant:
            options["tenant_id"] = self.tenant
        return token_of("AzureCliCredential", "Azure CLI", cloud.scope, options)


def azure_cli(settings: Settings) -> Strategy | Missing:
    """The account that az would use."""
    if shutil.which("az", path=settings.environ.get("PATH")) is None:
        return Missing("az is not installed")
    if settings.options.get("client_id") and settings.options.get("auth_source") != "cli":
        return Missing("client_id names somebody else")
    folder = Path(settings.environ.get("AZURE_CONFIG_DIR") or settings.home / ".azure")
    profile = _profile(folder / "azureProfile.json")
    chosen: dict[str, Any] = next((item for item in profile if item.get("isDefault")), {})
    if not chosen:
        return Missing(f"nobody is signed in ({folder}); az login does")
    user = str((chosen.get("user") or {}).get("name", ""))
    tenant = settings.options.get("tenant", "")
    return AzureCli(str(folder), f"{user}@{chosen.get('tenantId', '')}", tenant, str(chosen.get("id", "")))


def _profile(path: Path) -> list[dict[str, Any]]:
    """The accounts that az knows. The file begins with a byte order mark."""
    try:
        found = json.loads(path.read_text(encoding="utf-8-sig")).get("subscriptions") or []
    except (OSError, ValueError, AttributeError):
        return []
    return [item for item in found if isinstance(item, dict)]
