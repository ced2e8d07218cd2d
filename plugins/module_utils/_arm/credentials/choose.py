# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which way to sign in is taken: the one that auth_source names, or the first that has all it needs."""

from __future__ import annotations

from collections.abc import Callable

from ansible_collections.innergate.azure.plugins.module_utils._arm.credentials.azure_cli import azure_cli
from ansible_collections.innergate.azure.plugins.module_utils._arm.credentials.managed_identity import (
    hinted_managed_identity,
    managed_identity,
)
from ansible_collections.innergate.azure.plugins.module_utils._arm.credentials.service_principal import (
    service_principal,
)
from ansible_collections.innergate.azure.plugins.module_utils._arm.credentials.strategy import Missing, Strategy
from ansible_collections.innergate.azure.plugins.module_utils._arm.credentials.workload_identity import (
    workload_identity,
)
from ansible_collections.innergate.azure.plugins.module_utils._arm.errors import CredentialsError
from ansible_collections.innergate.azure.plugins.module_utils._arm.settings import Settings

Way = tuple[str, Callable[[Settings], "Strategy | Missing"]]


def _options(settings: Settings) -> Strategy | Missing:
    """The task's own options; what they leave open comes from the environment or the profile."""
    own = [name for name in ("client_id", "secret", "x509_certificate_path") if settings.options.get(name)]
    if not own:
        return Missing("client_id, secret and tenant not set")
    names = ("client_id", "secret", "tenant", "x509_certificate_path", "certificate_password")
    return service_principal({name: settings.first(name) for name in names}, spell=False)


def _environment(settings: Settings) -> Strategy | Missing:
    merged = {
        **settings.environment,
        **({"tenant": settings.options["tenant"]} if "tenant" in settings.options else {}),
    }
    merged["certificate_password"] = settings.environ.get("AZURE_CLIENT_CERTIFICATE_PASSWORD", "")
    found = service_principal(merged, spell=True)
    if isinstance(found, Missing) and settings.environ.get("AZURE_AD_USER"):
        return Missing(f"{found.reason}; AZURE_AD_USER and AZURE_PASSWORD don't do, since users need a second factor")
    return found


def _profile(settings: Settings) -> Strategy | Missing:
    path = settings.credentials_file
    if not settings.profile:
        return Missing(f"no profile {settings.profile_name!r} in {path}")
    found = service_principal(settings.profile, spell=False)
    if isinstance(found, Missing):
        return Missing(f"{found.reason} in the profile {settings.profile_name!r} of {path}")
    return found


OPTIONS: Way = ("options", _options)
ENVIRONMENT: Way = ("environment", _environment)
WORKLOAD: Way = ("workload identity", workload_identity)
PROFILE: Way = ("~/.azure/credentials", _profile)
MACHINE: Way = ("managed identity", managed_identity)
HINTED: Way = ("managed identity", hinted_managed_identity)
CLI: Way = ("Azure CLI", azure_cli)

#: What auth_source means. A profile that is asked for by name goes before the environment.
WAYS: dict[str, tuple[Way, ...]] = {
    "auto": (OPTIONS, ENVIRONMENT, WORKLOAD, PROFILE, HINTED, CLI),
    "env": (ENVIRONMENT, WORKLOAD),
    "credential_file": (PROFILE,),
    "msi": (MACHINE,),
    "workload_identity": (WORKLOAD,),
    "cli": (CLI,),
}


def choose(settings: Settings) -> Strategy:
    """The way to sign in. Raises CredentialsError, which says what was tried and what to set."""
    ways = WAYS.get(settings.auth_source)
    if ways is None:
        raise CredentialsError(
            "UnknownAuthSource",
            f"auth_source {settings.auth_source!r} is none of {', '.join(WAYS)}",
            advice="Check auth_source (ANSIBLE_AZURE_AUTH_SOURCE).",
        )
    if settings.auth_source == "auto" and (settings.options.get("profile") or settings.environment.get("profile")):
        ways = (OPTIONS, PROFILE)
    tried = []
    for name, find in ways:
        found = find(settings)
        if not isinstance(found, Missing):
            return found
        tried.append(f"{name} ({found.reason})")
    raise CredentialsError(
        "NoCredentials",
        f"there are no credentials for Azure. Tried: {'; '.join(tried)}",
        operation="signing in",
        advice="Set AZURE_CLIENT_ID, AZURE_SECRET and AZURE_TENANT (or the options client_id, secret and tenant), or "
        "sign in with az login.",
    )
