# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task says about credentials and cloud: options first, then the environment, then a profile.

A profile that is asked for goes before the environment.
"""

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

#: With what a service principal proves who it is. Who names one of them has chosen the way to sign in.
PROOFS = ("secret", "x509_certificate_path")

_TRUE = ("1", "true", "yes", "on")


@dataclass(frozen=True)
class Settings:
    """The three sources, each as option name -> text; empty values are left out.

    C(profile_problem): why the file of profiles can't be read, "" if it can, or if there is none.
    """

    options: Mapping[str, str]
    environment: Mapping[str, str]
    profile: Mapping[str, str]
    environ: Mapping[str, str] = field(repr=False)
    home: Path = Path()
    profile_name: str = ""
    profile_problem: str = ""

    @property
    def sources(self) -> tuple[Mapping[str, str], ...]:
        """By precedence."""
        asked_for = self.auth_source == "credential_file" or (self.auth_source == "auto" and self.profile_is_named)
        rest = (self.profile, self.environment) if asked_for else (self.environment, self.profile)
        return (self.options, *rest)

    def first(self, name: str) -> str:
        """The value by precedence."""
        return first(name, *self.sources)

    @property
    def auth_source(self) -> str:
        """The one that is named. Options that say how to sign in leave nothing for the environment to say about it."""
        return auth_source(self.options, self.environment)

    @property
    def profile_is_named(self) -> bool:
        return bool(first("profile", self.options, self.environment))

    @property
    def skip_discovery(self) -> bool:
        return self.first("disable_instance_discovery").lower() in _TRUE

    @property
    def credentials_file(self) -> Path:
        return self.home / ".azure" / "credentials"


def first(name: str, *sources: Mapping[str, str]) -> str:
    """The value in the first source that has one, "" if none has."""
    return next((source[name] for source in sources if source.get(name)), "")


def auth_source(options: Mapping[str, str], environment: Mapping[str, str]) -> str:
    """The source of credentials that is named: by its option, by options that imply it, or by the environment."""
    implied = "auto" if any(options.get(name) for name in (*PROOFS, "profile")) else ""
    return (options.get("auth_source") or implied or environment.get("auth_source") or "auto").lower()


def read(params: Mapping[str, Any], environ: Mapping[str, str]) -> Settings:
    """Read all sources. Raises CredentialsError if a profile is asked for and can't be had."""
    options = {name: str(params[name]) for name in ENVIRONMENT if params.get(name) not in (None, "")}
    environment: dict[str, str] = {}
    for name, variables in ENVIRONMENT.items():
        value = next((environ[variable] for variable in variables if environ.get(variable)), "")
        if value:
            environment[name] = value
    home = Path(environ.get("HOME") or Path("~").expanduser())
    wanted = first("profile", options, environment)
    name, path = wanted or "default", home / ".azure" / "credentials"
    parser = configparser.ConfigParser(interpolation=None)
    problem = _read(parser, path)
    if problem and (wanted or auth_source(options, environment) == "credential_file"):
        raise CredentialsError(
            "BadProfile",
            f"{path} can't be read: {problem}",
            operation="signing in",
            advice=f"Mend it: below a line [{name}] come lines with client_id=, secret=, tenant= and subscription_id=.",
        )
    if wanted and not parser.has_section(name):
        known = ", ".join(parser.sections()) or "none"
        raise CredentialsError(
            "NoProfile",
            f"there is no profile {name!r} in {path} (profiles there: {known})",
            operation="signing in",
            advice="Check profile (AZURE_PROFILE).",
        )
    found = dict(parser.items(name)) if parser.has_section(name) and not problem else {}
    profile = {key: value for key, value in found.items() if value}
    return Settings(options, environment, profile, environ, home, name, problem)


def _read(parser: configparser.ConfigParser, path: Path) -> str:
    """Read an INI file, if there is one. Why it can't be read, without a word of its content, which is secret."""
    try:
        parser.read(path, encoding="utf-8")
    except configparser.MissingSectionHeaderError as error:
        return f"line {error.lineno} belongs to no section"
    except configparser.ParsingError as error:
        return f"line {error.errors[0][0]} is neither [profile] nor name = value"
    except configparser.Error as error:  # something is there twice
        return str(error).splitlines()[0].rpartition("]: ")[2]
    except OSError as error:
        return str(error.strerror)
    except UnicodeDecodeError:
        return "it is no text in UTF-8"
    return ""
