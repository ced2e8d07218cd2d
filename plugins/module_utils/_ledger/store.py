# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The record in Azure: plain named values of the API Management service."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._arm.azure import ArmError, Azure
from ansible_collections.innergate.azure.plugins.module_utils._arm.deadline import backoff
from ansible_collections.innergate.azure.plugins.module_utils._arm.retries import is_busy
from ansible_collections.innergate.azure.plugins.module_utils._engine.ids import Place, locate, locate_all
from ansible_collections.innergate.azure.plugins.module_utils._ledger.kinds import key_of
from ansible_collections.innergate.azure.plugins.module_utils._ledger.record import Record
from ansible_collections.innergate.azure.plugins.module_utils._ledger.texts import NotALedger, from_texts, to_texts
from ansible_collections.innergate.azure.plugins.module_utils._resources import apim_named_value
from ansible_collections.innergate.azure.plugins.module_utils._run.reading import Reader
from ansible_collections.innergate.azure.plugins.module_utils._run.refuse import refuse

RESOURCE = apim_named_value.RESOURCE
MOST_ROUNDS = 10
#: What to do about a named value that is no ledger.
ADVICE = "rename it, or give the ledger another name"


class Store:
    """One service's record, under one name.

    Each part is a named value of its own, called by that name, a hyphen and something that nobody else chooses. Azure
    has no way to create something only if it does not exist, but changes something only if it is as it was read. So two
    runs that begin a record at the same moment begin two parts, and neither overwrites what the other one has written.
    """

    def __init__(self, azure: Azure, options: dict[str, Any], *, advice: str = ADVICE) -> None:
        self._azure = azure
        self._advice = advice
        self._options = options
        self._reader = Reader(azure, options)
        self._texts: dict[str, str] = {}

    def read(self) -> Record:
        """The record, empty if there is none."""
        collection = locate_all(RESOURCE, self._options, self._azure.subscription_id)
        name = self._options["name"]
        bodies = self._reader.list_if_any(collection, {"filter": f"startswith(displayName,'{name}')"})
        named = {str(body.get("name")): _value(body) for body in bodies}
        self._texts = {key: text for key, text in sorted(named.items()) if key == name or _is_part(key, name)}
        for key, text in self._texts.items():
            try:
                from_texts([text])
            except NotALedger as error:
                raise refuse(
                    "NotALedger",
                    f"named value {key} of {self._options['service_name']} is no ledger ({error}); {self._advice}",
                    target=self._place(key).id,
                ) from None
        return from_texts(list(self._texts.values()))

    def entry(self, kind: str, name: str) -> str:
        """An id for what the record has of an object, which nothing in Azure has."""
        return f"{self._place(self._options['name']).id}/{kind}/{key_of(kind, name)}"

    def change(self, apply: Callable[[Record], None]) -> Record:
        """Write what C(apply) makes of the record as it is now; again if somebody else was faster."""
        for attempt in range(1, MOST_ROUNDS + 1):
            record = self.read()
            changed = record.copy()
            apply(changed)
            try:
                self._write(record, changed)
                return changed
            except ArmError as error:
                again = error.status == 412 or is_busy(error)
                if (
                    not again
                    or attempt == MOST_ROUNDS
                    or not self._azure.deadline.wait(backoff(attempt, first=0.2, most=10))
                ):
                    raise
        raise AssertionError("the last round returns or raises")

    def _write(self, record: Record, changed: Record) -> None:
        """Bring Azure from the record that was read to another one.

        What is new goes into the last part if there is room, else into new ones.
        """
        new = changed.beyond(record)
        for key, text in reversed(self._texts.items()):
            kept = from_texts([text]).only(changed)
            longer = to_texts(from_texts([*to_texts(kept), *to_texts(new)]))
            texts = longer if len(longer) == 1 else to_texts(kept)
            if texts is longer:
                new = Record()
            if texts != [text]:
                self._replace(key, text, texts)
        for text in to_texts(new):
            self._put(f"{self._options['name']}-{secrets.token_hex(4)}", text, "")

    def _replace(self, key: str, before: str, texts: list[str]) -> None:
        """Change or remove a part, if it is still as it was read."""
        place = self._place(key)
        body = self._reader.get(place) or {}
        if _value(body) != before:
            raise ArmError("PreconditionFailed", "The ledger was changed meanwhile.", status=412, target=place.id)
        if texts:
            self._put(key, texts[0], str(body.get("etag") or ""))
        else:
            self._call("delete", place, None, str(body.get("etag") or "*"))

    def _put(self, key: str, text: str, if_match: str) -> None:
        properties = {"displayName": key, "value": text, "secret": False, "tags": ["innergate"]}
        self._call("create_or_update", self._place(key), {"properties": properties}, if_match)

    def _call(self, operation: str, place: Place, body: Any, if_match: str) -> None:
        try:
            self._azure.write(
                RESOURCE.client,
                place.scope.sdk,
                operation,
                *place.names,
                body=body,
                if_match=if_match,
                target=place.id,
            )
        except ArmError as error:
            if error.status != 404:
                raise
            if operation != "delete":
                raise refuse(
                    "ServiceNotFound",
                    f"there is no API Management service {self._options['service_name']} in resource group "
                    f"{self._options['resource_group']}; create it first, for example with the module "
                    "innergate.azure.apim_service",
                    target=place.id,
                ) from None

    def _place(self, key: str) -> Place:
        return locate(RESOURCE, {**self._options, "name": key}, self._azure.subscription_id)


def _is_part(key: str, name: str) -> bool:
    return re.fullmatch(re.escape(name) + "-[0-9a-f]{8}", key) is not None


def _value(body: dict[str, Any]) -> str:
    return str((body.get("properties") or {}).get("value") or "")
