# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The record in Azure: plain named values of the API Management service."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._arm.azure import ArmError, Azure
from ansible_collections.innergate.azure.plugins.module_utils._arm.deadline import backoff
from ansible_collections.innergate.azure.plugins.module_utils._arm.retries import is_busy
from ansible_collections.innergate.azure.plugins.module_utils._engine.ids import Place, locate
from ansible_collections.innergate.azure.plugins.module_utils._ledger.record import (
    NotALedger,
    Record,
    from_texts,
    parts,
    to_texts,
)
from ansible_collections.innergate.azure.plugins.module_utils._resources import apim_named_value
from ansible_collections.innergate.azure.plugins.module_utils._run.reading import Reader
from ansible_collections.innergate.azure.plugins.module_utils._run.refuse import refuse

RESOURCE = apim_named_value.RESOURCE
MOST_ROUNDS = 10


class Store:
    """One service's record, under one name. C(texts) and C(etag) are those of the last read."""

    def __init__(self, azure: Azure, options: dict[str, Any]) -> None:
        self._azure = azure
        self._options = options
        self._reader = Reader(azure, options)
        self._texts: list[str] = []
        self._etag = ""

    def read(self) -> Record:
        """The record, empty if there is none."""
        first = self._reader.get(self._place(1))
        self._etag = str((first or {}).get("etag") or "")
        self._texts = [] if first is None else [_value(first)]
        try:
            for number in range(2, parts(self._texts[0]) + 1 if self._texts else 0):
                body = self._reader.get(self._place(number))
                self._texts.append(_value(body) if body else "{}")
            return from_texts(self._texts)
        except NotALedger as error:
            raise refuse(
                "NotALedger",
                f"named value {self._place(1).name} of {self._options['service_name']} is no ledger ({error}); rename "
                "it, or give the ledger another name",
                target=self._place(1).id,
            ) from None

    def change(self, record: Record, apply: Callable[[Record], None]) -> Record:
        """Write what C(apply) makes of the record; of what it is by then, if somebody else was faster."""
        for attempt in range(1, MOST_ROUNDS + 1):
            changed = record.copy()
            apply(changed)
            try:
                self._write(to_texts(changed))
                return changed
            except ArmError as error:
                again = error.status == 412 or is_busy(error)
                if (
                    not again
                    or attempt == MOST_ROUNDS
                    or not self._azure.deadline.wait(backoff(attempt, first=0.2, most=10))
                ):
                    raise
                record = self.read()
        raise AssertionError("the last round returns or raises")

    def _write(self, texts: list[str]) -> None:
        """Bring Azure from the texts that were read to these.

        What is added moves names to later texts, so these are written first; what is removed moves them to earlier
        ones. So no name is missing if the run ends in between.
        """
        known = dict(enumerate(self._texts, 1))
        wanted = dict(enumerate(texts, 1))
        differing = [number for number, text in wanted.items() if known.get(number) != text]
        grows = sum(map(len, texts)) >= sum(map(len, self._texts))
        for number in sorted(differing, reverse=grows):
            self._put(self._place(number), wanted[number], self._etag if number == 1 else "")
        for number in sorted(set(known) - set(wanted), reverse=True):
            self._call("delete", self._place(number), None, "*")

    def _put(self, place: Place, text: str, if_match: str) -> None:
        properties = {"displayName": place.name, "value": text, "secret": False, "tags": ["innergate"]}
        self._call("create_or_update", place, {"properties": properties}, if_match)

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

    def _place(self, number: int) -> Place:
        name = self._options["name"] + (f"-{number}" if number > 1 else "")
        return locate(RESOURCE, {**self._options, "name": name}, self._azure.subscription_id)


def _value(body: dict[str, Any]) -> str:
    return str((body.get("properties") or {}).get("value") or "")
