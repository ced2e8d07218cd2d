# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One resource on its way to the wanted state: read, plan, write, and again where Azure asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._arm.azure import Azure
from ansible_collections.innergate.azure.plugins.module_utils._arm.deadline import backoff
from ansible_collections.innergate.azure.plugins.module_utils._arm.errors import ArmError, RepeatRefused
from ansible_collections.innergate.azure.plugins.module_utils._arm.message import Answer
from ansible_collections.innergate.azure.plugins.module_utils._arm.polling import FAILED, is_running, state_of
from ansible_collections.innergate.azure.plugins.module_utils._arm.retries import is_busy
from ansible_collections.innergate.azure.plugins.module_utils._engine import paths
from ansible_collections.innergate.azure.plugins.module_utils._engine.ids import Place, by_name, locate
from ansible_collections.innergate.azure.plugins.module_utils._engine.problems import PlanError
from ansible_collections.innergate.azure.plugins.module_utils._engine.reconcile import (
    CREATE,
    DELETE,
    UPDATE,
    Plan,
    reconcile,
    restore,
)
from ansible_collections.innergate.azure.plugins.module_utils._engine.redact import secrets_of
from ansible_collections.innergate.azure.plugins.module_utils._engine.translate import to_options
from ansible_collections.innergate.azure.plugins.module_utils._engine.validate import validate
from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import Field, IfMatch, ResourceType
from ansible_collections.innergate.azure.plugins.module_utils._run.blame import described
from ansible_collections.innergate.azure.plugins.module_utils._run.context import Context
from ansible_collections.innergate.azure.plugins.module_utils._run.imports import Imports
from ansible_collections.innergate.azure.plugins.module_utils._run.reading import Reader, with_etag
from ansible_collections.innergate.azure.plugins.module_utils._run.soft_delete import Bin

#: How often a plan is made anew because somebody else was faster.
MOST_ROUNDS = 10
#: Not every front end of Azure knows at once of what another one has written.
MOST_LOOKS = 6

Body = dict[str, Any]


class Manager:
    """Manages one resource for one task."""

    def __init__(self, resource: ResourceType, context: Context) -> None:
        self.resource = resource
        self.context = context
        self.options = context.params
        self.wanted_absent = self.options.get("state") == "absent"
        if not self.wanted_absent:
            validate(resource, self.options)  # before anything is asked for
        self.azure: Azure = context.azure(title=f"{resource.title} {self.options.get('name') or ''}".strip())
        self.options = by_name(resource, self.options, self.azure.subscription_id)
        self.place: Place = locate(resource, self.options, self.azure.subscription_id)
        self.reader = Reader(self.azure, self.options)
        self.imports = Imports(context, self.azure, self.place, {} if self.wanted_absent else self.options)
        self.bin = Bin(self.azure, self.place, self.options, context.warn)
        self.seen = False  # whether the resource was the one that if_match names, before it was written
        self.show = bool(resource.show_secrets and self.options.get(resource.show_secrets))

    def run(self) -> dict[str, Any]:
        """The task's result."""
        first: Plan | None = None
        found = self.read()
        self.reveal(None if found is None else to_options(self.resource, found))
        for attempt in range(1, MOST_ROUNDS + 1):
            plan = self.plan(found)
            first = first or plan
            if not plan.changed or self.context.check_mode:
                return self.finish(first, plan.predicted if plan.changed else found, found)
            try:
                if plan.restores:
                    self.bin.restore(plan.body)
                    found = self.read()  # it is back as it was: now bring it to the wanted state
                    continue
                written = self.write(plan, found)
            except ArmError as error:
                own = isinstance(error, RepeatRefused) and bool(self.options.get("if_match"))
                if not own and not self.again(error, attempt):
                    raise
                found = self.read()
                if own:  # the entity tag may be another one by this very write
                    self.seen = True
                    if self.plan(found).changed:
                        raise
                    return self.finish(first, found, found)
                continue
            if not self.imports.pending:
                return self.finish(first, written, found)
            # What the document says may be other than what the task says, and the task wins.
            self.imports.done = True
            found = written
        raise AssertionError("the last round returns or raises")

    def read(self) -> Body | None:
        """The resource when Azure is not at work on it; as it is now in check mode, which waits for nobody."""
        return self.reader.get(self.place) if self.context.check_mode else self.reader.settled(self.place)

    def finish(self, plan: Plan, body: Body | None, found: Body | None) -> dict[str, Any]:
        """The result; a resource that is to be absent for good is purged before."""
        if self.context.check_mode and plan.changed:
            self.warn(plan, found)
        result = self.result(plan, body)
        where = str((found or {}).get("location") or "")
        made_now = plan.changed and not self.context.check_mode
        deleted = self.bin.to_purge(where, patient=made_now) if self.wanted_absent else None
        if deleted is not None:
            result["changed"] = True
            if not self.context.check_mode:
                self.bin.purge(deleted)
        return result

    def warn(self, plan: Plan, found: Body | None) -> None:
        """Say what Azure will miss, or what is in the way, unless something changes that before."""
        # Loaded in check mode only: a module's process reads each file anew.
        from ansible_collections.innergate.azure.plugins.module_utils._run.foresight import missing
        from ansible_collections.innergate.azure.plugins.module_utils._run.obstacles import in_the_way, remember

        told = self.context.foretold
        words = [] if self.wanted_absent else missing(self.azure, self.place, self.options, plan, told)
        before = "creates it"
        if not words:
            words = in_the_way(self.azure, self.place, self.options, plan, found, told)
            before = "changes that"
        if not words:
            remember(self.place, plan, told)
        else:
            self.context.warn(
                f"{described(self.resource, self.options)}: {', '.join(words)}. Unless something {before} before, "
                "Azure will refuse this."
            )

    def plan(self, found: Body | None) -> Plan:
        """What has to be done, given what was found."""
        foretold = self.context.check_mode and found is None and self.context.foretold.made(self.place.id)
        if not foretold:
            self.check_etag(found)
        new = found is None and not self.wanted_absent and not foretold
        deleted = self.bin.to_restore() if new else None
        if deleted is not None:
            return restore(self.place, self.options, deleted)
        if found is not None and not self.wanted_absent:
            given = [field for field in self.resource.fields if self.options.get(field.name) is not None]
            found = self.reader.with_secrets(self.place, found, given)
        learns = [] if self.wanted_absent else self.imports.differences(found)
        plan = reconcile(
            self.place,
            self.options,
            found,
            importing=list(self.imports.sets(found)) if learns else None,
            repair=self.repairs(found),
            leader=self.leader() if new else None,
            foretold=foretold,
        )
        if plan.action == DELETE and not foretold:
            self.check_alone(found)
        if not self.wanted_absent:
            self.imports.foresee(plan, found, learns)
        return plan

    def leader(self) -> Body | None:
        """What a new resource is put beside (a new revision: the current one), if the task says what both share."""
        leader = self.place.leader
        said = (self.options.get(field.name) for field in self.resource.fields if field.shared)
        if leader == self.place or all(value in (None, "") for value in said):
            return None
        return self.reader.get(leader)

    def check_alone(self, found: Body | None) -> None:
        """Refuse to delete what Azure deletes only together with others, unless the task says that they may go."""
        together = self.resource.together
        if together is None or self.options.get(together.option) or not paths.get(found, together.leads):
            return
        names = self.place.leader.names
        all_of_them = self.azure.list(self.resource.client, together.sdk, together.list, *names, target=self.place.id)
        if len(all_of_them) > 1:
            called = ", ".join(str(paths.get(item, together.each)) for item in all_of_them)
            raise PlanError(
                f"it is the current {together.title} of several ({called}), and Azure deletes it only with them all: "
                f"set {together.option}, or remove the others first",
                field=together.option,
            )

    def repairs(self, found: Body | None) -> bool:
        """Whether to write the resource again even where it looks as wanted: its last write failed or was canceled."""
        return state_of(found) in FAILED

    def write(self, plan: Plan, found: Body | None) -> Body | None:
        """Do what the plan says. The resource afterwards; None if it is gone."""
        if plan.action == DELETE:
            self.delete(found)
            return None
        patches = plan.action == UPDATE and self.resource.update == "patch" and not plan.whole
        operation = "update" if patches else "create_or_update"
        answer = self.send(operation, plan.body, "" if plan.action == CREATE else self.if_match(operation, found))
        return self.after(answer)

    def delete(self, found: Body | None) -> None:
        try:
            self.send("delete", None, self.if_match("delete", found))
        except ArmError as error:
            if error.status != 404:  # somebody else was faster
                raise

    def send(self, operation: str, body: Body | None, if_match: str) -> Answer:
        """One write, followed to its end."""
        scope = self.place.scope
        return self.azure.write(
            self.resource.client,
            scope.sdk,
            scope.operations.get(operation, operation),
            *self.place.names,
            body=body,
            if_match=if_match,
            query=self.reader.query(self.resource, operation),
            target=self.place.id,
        )

    def after(self, answer: Answer) -> Body | None:
        """The resource after a write: as it was answered, or read again where the answer is not the last word."""
        body = answer.object
        if self.resource.link:
            return {**body, "id": self.place.id, "name": self.place.name}
        if "properties" in body and not is_running(body):
            return with_etag(body, answer.etag)
        for attempt in range(1, MOST_LOOKS + 1):
            found = self.read()
            if found is not None or not self.azure.deadline.wait(backoff(attempt, first=0.3, most=5)):
                return found
        raise self.unseen()

    def unseen(self) -> ArmError:
        return ArmError(
            "ResourceNotFound",
            "Azure has accepted it, but does not show it.",
            status=404,
            target=self.place.id,
            operation=f"{self.place.scope.sdk}.get",
            advice="Run the task again.",
        )

    def check_etag(self, found: Body | None) -> None:
        """Refuse to touch a resource that is not the one the task has seen."""
        wanted = str(self.options.get("if_match") or "")
        if self.seen or wanted in ("", "*") or (found is None and self.wanted_absent):
            return
        etag = str((found or {}).get("etag") or "")
        if etag.removeprefix("W/").strip('"') == wanted.removeprefix("W/").strip('"'):
            return
        has = f"has {etag}" if found is not None else "does not exist"
        raise ArmError(
            "PreconditionFailed",
            f"if_match asks for the entity tag {wanted}, but the {self.resource.title} {self.place.name!r} {has}",
            status=412,
            target=self.place.id,
        )

    def if_match(self, operation: str, found: Body | None) -> str:
        """The If-Match of a write: the ETag that was read where the body was made of what was read, else "*"."""
        if self.resource.if_match is IfMatch.NO or self.resource.link:
            return ""
        etag = str((found or {}).get("etag") or "")
        if self.options.get("if_match"):  # it is the one that was read (check_etag), in Azure's own spelling
            return "*" if self.options["if_match"] == "*" else etag
        if self.resource.if_match is IfMatch.BODY:
            return etag if operation != "delete" else ""
        return etag if operation == "create_or_update" and etag else "*"

    def again(self, error: ArmError, attempt: int) -> bool:
        """Whether to read and plan anew: somebody else has changed the resource, or Azure was busy with it."""
        raced = error.status == 412 and not self.options.get("if_match")
        if not (raced or is_busy(error)) or attempt >= MOST_ROUNDS:
            return False
        return self.azure.deadline.wait(backoff(attempt, first=0.2, most=10))

    def result(self, plan: Plan, body: Body | None) -> dict[str, Any]:
        """What the task returns. C(plan) is the first one: it knows what was different in the beginning."""
        shown = body
        secret = [field for field in self.resource.fields if self._shows(field)]
        if shown is not None and self.show and not (self.context.check_mode and plan.changed):
            shown = self.reader.with_secrets(self.place, shown, secret)
        resource = None if shown is None else to_options(self.resource, shown, secrets=self._shows)
        self.context.revealed.update(secrets_of(secret, resource or {}))
        self.reveal(resource)
        return {"changed": plan.changed, "id": self.place.id, "resource": resource, "diff": plan.diff}

    def reveal(self, resource: Mapping[str, Any] | None) -> None:
        """Let what is no secret (Field.secret_when) be in texts, where the same word may mean something else.

        C(resource): as it is, in options. What the task says of it counts more.
        """
        for field in (field for field in self.resource.fields if field.secret_when):
            said = self.options.get(field.secret_when)
            if not ((resource or {}).get(field.secret_when) if said is None else said):
                self.context.revealed.update(secrets_of([field], self.options))

    def _shows(self, field: Field) -> bool:
        return self.show and field.secret and bool(field.read_back)
