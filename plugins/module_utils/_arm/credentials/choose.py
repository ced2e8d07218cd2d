# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which way to sign in is taken: the one that auth_source names, or the first that has all it needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping

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
from ansible_collections.innergate.azure.plugins.module_utils._arm.settings import PROOFS, Settings, first

Way = tuple[str, Callable[[Settings], "Strategy | Missing"]]


def _principal(settings: Settings, *sources: Mapping[str, str], spell: bool) -> Strategy | Missing:
    """The service principal of the sources, by precedence. The first one that has a proof of it decides which it is."""
    proof: Mapping[str, str] = next((source for source in sources if any(source.get(name) for name in PROOFS)), {})
    values = {name: proof.get(name, "") for name in (*PROOFS, "certificate_password")}
    values["certificate_password"] = values["certificate_password"] or settings.environ.get(
        "AZURE_CLIENT_CERTIFICATE_PASSWORD", ""
    )
    return service_principal(
        {**values, **{name: first(name, *sources) for name in ("client_id", "tenant")}}, spell=spell
    )


def _options(settings: Settings) -> Strategy | Missing:
    """The task's own options; what they leave open comes from the environment or the profile."""
    if not any(settings.options.get(name) for name in ("client_id", *PROOFS)):
        return Missing("client_id, secret and tenant not set")
    return _principal(settings, *settings.sources, spell=False)


def _environment(settings: Settings) -> Strategy | Missing:
    found = _principal(settings, settings.options, settings.environment, spell=True)
    if isinstance(found, Missing) and settings.environ.get("AZURE_AD_USER"):
        return Missing(f"{found.reason}; AZURE_AD_USER and AZURE_PASSWORD don't do, since users need a second factor")
    return found


def _profile(settings: Settings) -> Strategy | Missing:
    path = settings.credentials_file
    if settings.profile_problem:
        return Missing(f"{path} can't be read: {settings.profile_problem}")
    if not settings.profile:
        return Missing(f"no profile {settings.profile_name!r} in {path}")
    found = _principal(settings, settings.options, settings.profile, spell=False)
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

#: What auth_source means.
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
    if settings.auth_source == "auto":
        if any(settings.options.get(name) for name in PROOFS):
            ways = (OPTIONS,)
        elif settings.profile_is_named:
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
