# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Deleted resources that Azure keeps for a while: bring them back, or remove them for good."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._arm.azure import Azure
from ansible_collections.innergate.azure.plugins.module_utils._arm.deadline import backoff
from ansible_collections.innergate.azure.plugins.module_utils._arm.errors import ArmError
from ansible_collections.innergate.azure.plugins.module_utils._engine.compare import location as short
from ansible_collections.innergate.azure.plugins.module_utils._engine.ids import Place
from ansible_collections.innergate.azure.plugins.module_utils._engine.reconcile import group_of_another
from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import SoftDelete

#: A restore is refused for some moments after the deletion (terraform-provider-azurerm retries it likewise).
MOST_RESTORES = 6
#: How often to look for what was deleted just now.
MOST_LOOKS = 5


class Bin:
    """The deleted resource of one place, for types that have SoftDelete; for others it is always empty."""

    def __init__(self, azure: Azure, place: Place, options: Mapping[str, Any], warn: Callable[[str], None]) -> None:
        self._azure = azure
        self._place = place
        self._options = options
        self._soft = place.resource.soft_delete
        self._warn = warn

    def to_restore(self) -> dict[str, Any] | None:
        """The deleted resource of that name, be it of this place or another, if the task asks for it.

        It is looked for everywhere: with the region that the task names it could only be missed.
        """
        if self._soft is None or not self._options.get("recover"):
            return None
        named = str(self._options.get(self._soft.location) or "")
        return (self._find(self._soft, named) if named else None) or self._find(self._soft, "")

    def restore(self, body: Mapping[str, Any] | None) -> None:
        """Bring the deleted resource back by a PUT of the body."""
        for attempt in range(1, MOST_RESTORES + 1):
            try:
                self._write(dict(body or {}))
            except ArmError as error:
                again = error.status == 400 and attempt < MOST_RESTORES
                if not again or not self._azure.deadline.wait(backoff(attempt, first=0.5, most=10)):
                    raise
            else:
                return

    def to_purge(self, location: str, *, patient: bool = False) -> dict[str, Any] | None:
        """The deleted resource of this place, if the task asks for its removal for good.

        C(location): where it was; if that is "", the task may say it, and it has to be there. C(patient): it was
        deleted just now, and may not be seen everywhere yet.
        """
        if self._soft is None or not self._options.get("purge"):
            return None
        named = "" if location else str(self._options.get(self._soft.location) or "")
        for attempt in range(1, MOST_LOOKS + 1):
            found = self._find(self._soft, location) if location else self._anywhere(self._soft, named)
            if found is not None:
                return self._own(found, named)
            if not patient or not self._azure.deadline.wait(backoff(attempt, first=0.5, most=5)):
                return None
        return None

    def _anywhere(self, soft: SoftDelete, named: str) -> dict[str, Any] | None:
        """The deleted resource in whatever region; who may not list them is given that of the named region."""
        try:
            return self._find(soft, "")
        except ArmError:
            if not named:
                raise
            return self._find(soft, named)

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

    def _own(self, deleted: dict[str, Any], named: str) -> dict[str, Any] | None:
        """The deleted resource, unless it is of another resource group, or of another region than the task names."""
        what = f"the deleted {self._place.resource.title} {self._place.name} is"
        region, group = deleted.get("location"), group_of_another(self._place, deleted)
        if group:
            self._warn(
                f"{what} of the resource group {group} and not of the one that the task names, so it is left alone; "
                "its name stays taken until it is purged there"
            )
        elif named and short(named) != short(region):
            self._warn(f"{what} in {region} and not in {named}, so it is left alone: correct location, or leave it out")
        else:
            return deleted
        return None

    def _find(self, soft: SoftDelete, location: str) -> dict[str, Any] | None:
        """The deleted resource of that name; in all regions if C(location) is ""."""
        client = self._place.resource.client
        if location:
            names = (self._place.name, short(location))
            answer = self._azure.find(client, soft.sdk, soft.get, *names, target=self._place.id)
            return None if answer is None else {"location": location, **answer.object}
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
