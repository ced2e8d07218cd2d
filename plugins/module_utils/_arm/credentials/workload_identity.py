# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sign in with a token that somebody else gave: a Kubernetes service account, GitHub Actions ..."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from ansible_collections.innergate.azure.plugins.module_utils._arm.cloud import Cloud
from ansible_collections.innergate.azure.plugins.module_utils._arm.credentials.strategy import (
    Missing,
    Strategy,
    entra,
    token_of,
)
from ansible_collections.innergate.azure.plugins.module_utils._arm.settings import Settings
from ansible_collections.innergate.azure.plugins.module_utils._arm.tokens import Token


@dataclass(frozen=True)
class WorkloadIdentity:
    """The token in the file is exchanged for one of Entra ID; it is read anew each time, for it is replaced often."""

    title: ClassVar[str] = "workload identity"
    tenant: str
    client_id: str
    token_file: str

    @property
    def key(self) -> tuple[str, ...]:
        return ("workload", self.tenant, self.client_id, self.token_file)

    def fetch(self, cloud: Cloud, verify: bool | str, skip_discovery: bool) -> Token:
        options = {
            "tenant_id": self.tenant,
            "client_id": self.client_id,
            "token_file_path": self.token_file,
            **entra(cloud, verify, skip_discovery),
        }
        return token_of("WorkloadIdentityCredential", f"workload identity {self.client_id}", cloud.scope, options)


def workload_identity(settings: Settings) -> Strategy | Missing:
    """The workload identity of the environment, as its webhook sets it."""
    token_file = settings.environment.get("federated_token_file", "")
    if not token_file:
        return Missing("AZURE_FEDERATED_TOKEN_FILE not set")
    if not Path(token_file).is_file():
        return Missing(f"AZURE_FEDERATED_TOKEN_FILE names {token_file}, which is no file")
    tenant = settings.options.get("tenant") or settings.environment.get("tenant", "")
    client_id = settings.options.get("client_id") or settings.environment.get("client_id", "")
    if not tenant or not client_id:
        return Missing("AZURE_CLIENT_ID and AZURE_TENANT (or AZURE_TENANT_ID) not set")
    return WorkloadIdentity(tenant, client_id, token_file)
