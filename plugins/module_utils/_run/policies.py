# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Policies on their way to the wanted state: documents behind links, and the names that documents refer to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._arm.errors import ArmError
from ansible_collections.innergate.azure.plugins.module_utils._engine import paths, policy, policy_owner
from ansible_collections.innergate.azure.plugins.module_utils._engine.links import is_link
from ansible_collections.innergate.azure.plugins.module_utils._engine.policy_references import (
    KINDS,
    Reference,
    absent,
    references,
)
from ansible_collections.innergate.azure.plugins.module_utils._engine.policy_rules import refusal
from ansible_collections.innergate.azure.plugins.module_utils._engine.problems import PlanError
from ansible_collections.innergate.azure.plugins.module_utils._engine.reconcile import NOOP, Plan
from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import ResourceType
from ansible_collections.innergate.azure.plugins.module_utils._run.context import Context
from ansible_collections.innergate.azure.plugins.module_utils._run.linked import Linked
from ansible_collections.innergate.azure.plugins.module_utils._run.manager import Body, Manager

_VALUE, _FORMAT = "properties.value", "properties.format"


class PolicyManager(Manager):
    """Manages one policy.

    A document behind a link is compared, and shown, as if the task had given it in the option itself; only what is
    sent to Azure is the link. References are looked up only where somebody has to say something about them: when Azure
    has refused the document, and in check mode when it would be sent. That costs one list for each kind of reference.
    """

    def __init__(self, resource: ResourceType, context: Context) -> None:
        super().__init__(resource, context)
        self.owner = str(self.options.get("owner") or "")
        if self.owner and (reason := policy_owner.problem(self.owner)):
            raise PlanError(reason, field="owner")
        self.link = str(self.options.get("value") or "") if is_link(self.options.get("format")) else ""
        self.linked: Linked | None = None
        if self.link and self.owner:
            raise PlanError("owner: its comment can't be put into a document behind a link", field="owner")
        if self.link and not self.wanted_absent:
            self.linked = Linked(context, self.link, option="value", what=resource.title)
            self._check(self.linked)

    def plan(self, found: Body | None) -> Plan:
        if self.wanted_absent and self.owner and found is not None and not self._is_own(found):
            return Plan(NOOP)
        self.options = self._wanted(found)
        plan = super().plan(found)
        if self.owner and plan.body is not None:
            self._sign(plan, found)
        if self.linked is None or plan.body is None or paths.get(plan.body, _VALUE) is None:
            return plan
        if self.linked.text is None:  # what is known of it is where it is
            plan.after["value"] = self.linked.shown
            if plan.predicted is not None:
                paths.put(plan.predicted, _VALUE, self.linked.shown)
        paths.put(plan.body, _VALUE, self.link)
        paths.put(plan.body, _FORMAT, self.context.params["format"])
        return plan

    def repairs(self, found: Body | None) -> bool:
        """A document without the comment of its owner is written again, be it the same otherwise or not."""
        return super().repairs(found) or bool(self.owner and found is not None and not self._is_own(found))

    def finish(self, plan: Plan, body: Body | None, found: Body | None) -> dict[str, Any]:
        if self.context.check_mode and plan.changed and not self.wanted_absent:
            sentence = self._missing()
            if sentence:
                self.context.warn(f"{sentence} Unless an earlier task of this play does that, Azure will refuse it.")
        result = super().finish(plan, body, found)
        if self.owner:
            own = _text(found) if self._is_own(found) else ""
            result["released_backends"] = policy_owner.released_backends(own, _text(body)) if plan.changed else []
        return result

    def write(self, plan: Plan, found: Body | None) -> Body | None:
        try:
            return super().write(plan, found)
        except ArmError as error:
            if "ValidationError" in error.codes:
                error.advice = self._missing() or error.advice
            raise

    def _wanted(self, found: Body | None) -> Mapping[str, Any]:
        """The options, with the document in the place of the link that leads to it."""
        options = self.options
        if self.owner and options.get("value"):
            return {**options, "value": policy_owner.marked(str(options["value"]), self.owner)}
        if self.linked is None:
            return options
        if self.linked.text is not None:
            return {**options, "value": self.linked.text, "format": str(options["format"]).removesuffix("-link")}
        if found is None or self.linked.sends_blindly:
            return options
        self.linked.kept()
        return {**options, "value": None, "format": None}

    def _is_own(self, found: Body | None) -> bool:
        return policy_owner.is_marked(_text(found), self.owner)

    def _sign(self, plan: Plan, found: Body | None) -> None:
        """See to it that the document is sent with the comment, also where nothing else is to be changed."""
        for body in (plan.body, plan.predicted):
            if body is not None and not self.wanted_absent:
                paths.put(body, _VALUE, self.options["value"])
                paths.put(body, _FORMAT, self.options.get("format") or "rawxml")
        plan.before["owner"] = self.owner if self._is_own(found) else None
        plan.after["owner"] = self.owner

    def _check(self, linked: Linked) -> None:
        """Refuse a document that can't be one."""
        format = str(self.options.get("format")).removesuffix("-link")
        reason = refusal(linked.text, format, self.options) if linked.text is not None else None
        if reason:
            raise PlanError(f"the document behind value ({linked.shown}) {reason}", field="value")

    def _missing(self) -> str:
        """What is to be said about references that lead nowhere, "" for nothing."""
        text = self.linked.text if self.linked else self.options.get("value")
        if not text:
            return ""
        try:
            named = references(str(text))
            known = {collection: self._names(collection) for collection in {item.collection for item in named}}
        except (policy.PolicyError, ArmError):
            return ""  # whoever may not read them, or has no service yet, has nothing to learn from us
        missing = [item for item in named if not _is_in(item, known) and not self._foretold(item)]
        return absent(missing) if missing else ""

    def _foretold(self, reference: Reference) -> bool:
        """Whether check mode has said that it will be made; a named value that is called like its resource, too."""
        return self.context.foretold.covers(f"{self.place.service_id}/{reference.collection}/{reference.name}")

    def _names(self, collection: str) -> set[str]:
        """The names by which policies know what is in a collection of the service."""
        kind = KINDS[collection]
        target = f"{self.place.service_id}/{collection}"
        items = self.azure.list(
            self.resource.client, kind.group, "list_by_service", *self.place.names[:2], target=target
        )
        if collection == "namedValues":
            return {str((item.get("properties") or {}).get("displayName")).casefold() for item in items}
        return {str(item.get("name")).casefold() for item in items}


def _text(body: Body | None) -> str:
    """The document, "" if there is none."""
    return str(paths.get(body or {}, _VALUE) or "")


def _is_in(reference: Reference, known: Mapping[str, set[str]]) -> bool:
    return reference.name.casefold() in known[reference.collection]
