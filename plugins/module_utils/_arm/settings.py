# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task says about credentials and cloud: options first, then the environment, then a profile."""

from __future__ import annotations

import configparser
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._arm.errors import CredentialsError

#: option: environment variables, the collection's own names first, then those of the Azure SDK
ENVIRONMENT = {
    "auth_source": ("ANSIBLE_AZURE_AUTH_SOURCE",),
    "profile": ("AZURE_PROFILE",),
    "subscription_id": ("AZURE_SUBSCRIPTION_ID",),
    "client_id": ("AZURE_CLIENT_ID",),
    "secret": ("AZURE_SECRET", "AZURE_CLIENT_SECRET"),
    "tenant": ("AZURE_TENANT", "AZURE_TENANT_ID"),
    "x509_certificate_path": ("AZURE_X509_CERTIFICATE_PATH", "AZURE_CLIENT_CERTIFICATE_PATH"),
    "federated_token_file": ("AZURE_FEDERATED_TOKEN_FILE",),
    "cloud_environment": ("AZURE_CLOUD_ENVIRONMENT",),
    "disable_instance_discovery": ("AZURE_DISABLE_INSTANCE_DISCOVERY",),
}

#: Variables that hold secrets, which no message may repeat.
SECRETS = ("AZURE_SECRET", "AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PASSWORD")

_TRUE = ("1", "true", "yes", "on")


@dataclass(frozen=True)
class Settings:
    """The three sources, each as option name -> text; empty values are left out."""

    options: Mapping[str, str]
    environment: Mapping[str, str]
    profile: Mapping[str, str]
    environ: Mapping[str, str] = field(repr=False)
    home: Path = Path()
    profile_name: str = ""

    def first(self, name: str) -> str:
        """The value by precedence: option, environment, profile."""
        for source in (self.options, self.environment, self.profile):
            if source.get(name):
                return source[name]
        return ""

    @property
    def auth_source(self) -> str:
        return (self.options.get("auth_source") or self.environment.get("auth_source") or "auto").lower()

    @property
    def skip_discovery(self) -> bool:
        return self.first("disable_instance_discovery").lower() in _TRUE

    @property
    def credentials_file(self) -> Path:
        return self.home / ".azure" / "credentials"


def read(params: Mapping[str, Any], environ: Mapping[str, str]) -> Settings:
    """Read all sources. Raises CredentialsError if a profile is asked for by name and is not there."""
    options = {name: str(params[name]) for name in ENVIRONMENT if params.get(name) not in (None, "")}
    environment: dict[str, str] = {}
    for name, variables in ENVIRONMENT.items():
        value = next((environ[variable] for variable in variables if environ.get(variable)), "")
        if value:
            environment[name] = value
    home = Path(environ.get("HOME") or Path("~").expanduser())
    wanted = options.get("profile") or environment.get("profile") or ""
    settings = Settings(options, environment, {}, environ, home, wanted or "default")
    profile = _profile(settings.credentials_file, settings.profile_name, required=bool(wanted))
    return Settings(options, environment, profile, environ, home, settings.profile_name)


def _profile(path: Path, name: str, *, required: bool) -> dict[str, str]:
    """One section of ~/.azure/credentials, an INI file."""
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read(path, encoding="utf-8")
    except (configparser.Error, OSError, UnicodeDecodeError) as error:
        if not required:
            return {}
        raise CredentialsError(
            "BadProfile", f"{path} can't be read: {str(error).splitlines()[0]}", advice=""
        ) from error
    if not parser.has_section(name):
        if required:
            known = ", ".join(parser.sections()) or "none"
            raise CredentialsError(
                "NoProfile",
                f"there is no profile {name!r} in {path} (profiles there: {known})",
                advice="Check profile (AZURE_PROFILE).",
            )
        return {}
    return {key: value for key, value in parser.items(name) if value}
