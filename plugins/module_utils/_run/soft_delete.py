# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Deleted resources that Azure keeps for a while: bring them back, or remove them for good."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._arm.azure import Azure
from ansible_collections.innergate.azure.plugins.module_utils._arm.deadline import backoff
from ansible_collections.innergate.azure.plugins.module_utils._arm.errors import ArmError
from ansible_collections.innergate.azure.plugins.module_utils._engine import paths
from ansible_collections.innergate.azure.plugins.module_utils._engine.compare import location as short
from ansible_collections.innergate.azure.plugins.module_utils._engine.ids import Place
from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import SoftDelete

#: A restore is refused for some moments after the deletion (terraform-provider-azurerm retries it likewise).
MOST_RESTORES = 6
#: How often to look for what was deleted just now.
MOST_LOOKS = 5


class Bin:
    """The deleted resource of one place, for types that have SoftDelete; for others it is always empty."""

    def __init__(self, azure: Azure, place: Place, options: Mapping[str, Any]) -> None:
        self._azure = azure
        self._place = place
        self._options = options
        self._soft = place.resource.soft_delete

    def restore(self, body: Mapping[str, Any] | None) -> bool:
        """Bring the deleted resource back, if the task asks for it and there is one.

        Everything but the restore flag is ignored by Azure in that PUT, but has to be there.
        """
        if self._soft is None or not self._options.get("recover") or self._find(self._soft, "") is None:
            return False
        sent = dict(body or {})
        paths.put(sent, self._soft.restore, True)
        for attempt in range(1, MOST_RESTORES + 1):
            try:
                self._write(sent)
            except ArmError as error:
                again = error.status == 400 and attempt < MOST_RESTORES
                if not again or not self._azure.deadline.wait(backoff(attempt, first=0.5, most=10)):
                    raise
            else:
                return True
        return True

    def to_purge(self, location: str, *, patient: bool = False) -> dict[str, Any] | None:
        """The deleted resource, if the task asks for its removal for good. C(location): where it was, "" if unknown.

        C(patient): it was deleted just now, and may not be seen everywhere yet.
        """
        if self._soft is None or not self._options.get("purge"):
            return None
        for attempt in range(1, MOST_LOOKS + 1):
            found = self._find(self._soft, location)
            if found is not None or not patient or not self._azure.deadline.wait(backoff(attempt, first=0.5, most=5)):
                return found
        return None

    def purge(self, deleted: Mapping[str, Any]) -> None:
        """Remove a deleted resource for good."""
        if self._soft is not None:
            self._azure.write(
                self._place.resource.client,
                self._soft.sdk,
                self._soft.purge,
                self._place.name,
                short(deleted.get("location")),
                target=str(deleted.get("id") or self._place.id),
            )

    def _find(self, soft: SoftDelete, location: str) -> dict[str, Any] | None:
        """The deleted resource of that name, wherever it was where the location is not known."""
        client = self._place.resource.client
        where = str(self._options.get(soft.location) or location)
        if where:
            answer = self._azure.find(client, soft.sdk, soft.get, self._place.name, short(where), target=self._place.id)
            return None if answer is None else {"location": where, **answer.object}
        name = self._place.name.casefold()
        for item in self._azure.list(client, soft.sdk, soft.list_all, target=self._place.id):
            if str(item.get("name", "")).casefold() == name:
                return item
        return None

    def _write(self, body: dict[str, Any]) -> None:
        self._azure.write(
            self._place.resource.client,
            self._place.scope.sdk,
            "create_or_update",
            *self._place.names,
            body=body,
            target=self._place.id,
        )
