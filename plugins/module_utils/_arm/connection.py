# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A signed-in connection to one cloud and subscription, shared by all tasks of a process that ask for the same."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace

from ansible_collections.innergate.azure.plugins.module_utils._arm import cloud as clouds
from ansible_collections.innergate.azure.plugins.module_utils._arm.cloud import Cloud
from ansible_collections.innergate.azure.plugins.module_utils._arm.credentials.choose import choose
from ansible_collections.innergate.azure.plugins.module_utils._arm.credentials.strategy import Strategy
from ansible_collections.innergate.azure.plugins.module_utils._arm.deadline import Deadline
from ansible_collections.innergate.azure.plugins.module_utils._arm.errors import CredentialsError
from ansible_collections.innergate.azure.plugins.module_utils._arm.http import HttpWire, is_proxy
from ansible_collections.innergate.azure.plugins.module_utils._arm.message import Answer, Request, Wire
from ansible_collections.innergate.azure.plugins.module_utils._arm.retries import Patient
from ansible_collections.innergate.azure.plugins.module_utils._arm.settings import Settings
from ansible_collections.innergate.azure.plugins.module_utils._arm.tokens import FileCache, TokenCache, directory
from ansible_collections.innergate.azure.plugins.module_utils._arm.trust import VARIABLES, verification

#: What ARM says about itself is asked again after an hour.
METADATA_AGE = 3600.0
#: How long a task may look for ARM's metadata before it gives up.
METADATA_TIME = 60.0


class Authorized:
    """A Wire that signs requests. A token of the cache that Azure refuses is replaced once."""

    def __init__(self, wire: Wire, tokens: TokenCache) -> None:
        self._wire = wire
        self._tokens = tokens

    def send(self, request: Request) -> Answer:
        token = self._token(request)
        answer = self._wire.send(_signed(request, token))
        if answer.status == 401 and self._tokens.renew(token):
            answer = self._wire.send(_signed(request, self._token(request)))
        return answer

    def _token(self, request: Request) -> str:
        """A token. Raises CredentialsError, which says what it was needed for: tokens expire in the middle of work."""
        try:
            return self._tokens.get()
        except CredentialsError as error:
            error.target = request.target
            raise


def _signed(request: Request, token: str) -> Request:
    return replace(request, headers={**request.headers, "Authorization": f"Bearer {token}"})


@dataclass(frozen=True)
class Connection:
    """Where ARM is, which subscription is meant, and the wire to it."""

    cloud: Cloud
    subscription_id: str
    wire: Wire


_open: dict[tuple[int, str], Connection] = {}


def connect(settings: Settings) -> Connection:
    """The connection for the settings; one per process and settings. Raises CredentialsError, ArmError."""
    key = (os.getpid(), _fingerprint(settings))
    if key not in _open:
        _open[key] = _connect(settings)
    return _open[key]


def _connect(settings: Settings) -> Connection:
    verify = verification(settings.environ)
    strategy = choose(settings)
    subscription_id = settings.first("subscription_id") or str(getattr(strategy, "subscription_id", ""))
    if not subscription_id:
        raise CredentialsError(
            "NoSubscription",
            "no Azure subscription is named",
            operation="signing in",
            advice="Set AZURE_SUBSCRIPTION_ID (or the option subscription_id).",
        )
    files = FileCache(directory(settings.environ, settings.home))
    wire = HttpWire(verify, settings.environ)
    cloud = _cloud(settings, files, wire)
    tokens = TokenCache(_key(strategy, cloud), files, lambda: strategy.fetch(cloud, verify, settings.skip_discovery))
    return Connection(cloud, subscription_id, Authorized(wire, tokens))


def _cloud(settings: Settings, files: FileCache, wire: Wire) -> Cloud:
    """The cloud, from the cache if it had to be asked for not long ago."""
    name = settings.first("cloud_environment")
    key = f"cloud {name.rstrip('/')}"
    stored = clouds.load(files.read(key, younger_than=METADATA_AGE) or "")
    if stored is not None:
        return stored
    cloud = clouds.find_cloud(name, Patient(wire, Deadline(METADATA_TIME)).send)
    if not cloud.public:
        files.write(key, clouds.dump(cloud))
    return cloud


def _key(strategy: Strategy, cloud: Cloud) -> str:
    return json.dumps(["token", *strategy.key, cloud.authority, cloud.scope])


def _fingerprint(settings: Settings) -> str:
    environ: Mapping[str, str] = settings.environ
    parts = [
        sorted(settings.options.items()),
        sorted(settings.environment.items()),
        sorted(settings.profile.items()),
        sorted((name, value) for name, value in environ.items() if name in VARIABLES or is_proxy(name)),
        str(settings.home),
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
