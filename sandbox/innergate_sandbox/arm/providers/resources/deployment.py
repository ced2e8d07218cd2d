# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One deployment: checked at once, carried out in the background, and gone on with after a restart."""

from __future__ import annotations

import asyncio
import hashlib
import json
import uuid
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from innergate_sandbox.arm import group_deletion
from innergate_sandbox.arm.errors import gateway_error
from innergate_sandbox.arm.message import ArmError, ArmRequest, ArmResponse, Principal, parse
from innergate_sandbox.arm.provider import Context
from innergate_sandbox.arm.providers.resources.language import TemplateError
from innergate_sandbox.arm.providers.resources.place import TYPE, Json, NeedsLive, Place, Planned
from innergate_sandbox.arm.providers.resources.template import Template
from innergate_sandbox.store import Entity

RUNNING = ("Accepted", "Running")
PAUSE = 0.02
"""Wall seconds between two looks at the operation of a resource."""


def invalid(error: TemplateError | str) -> ArmError:
    """400 of a template that cannot be worked out (text: Learn, "Resolve errors for invalid template")."""
    return gateway_error(400, "InvalidTemplate", f"Deployment template validation failed: '{error}'.")


class Deployment:
    """A deployment that a request wants, or that the store holds."""

    def __init__(self, ctx: Context, id: str, wanted: Json, place: Place, principal: Principal) -> None:
        """Take its id, its `properties` as sent, where it happens, and for whom."""
        self.ctx, self.id, self.wanted, self.place, self.principal = ctx, id, wanted, place, principal
        self._live: dict[tuple[str, str, str], Any] = {}
        self.template: Template
        self.planned: list[Planned] = []

    # -- checking -----------------------------------------------------------------------------------------------

    def check(self) -> None:
        """Work out what is wanted; an ArmError if the template cannot be."""
        template, given = self.wanted.get("template"), self.wanted.get("parameters")
        if str(self.wanted.get("mode", "")).lower() not in ("incremental", "complete"):
            message = "The request content was invalid and could not be deserialized: 'mode is required'."
            raise gateway_error(400, "InvalidRequestContent", message)
        if self.wanted.get("templateLink") or self.wanted.get("parametersLink"):
            message = "The sandbox stays on its machine: send the template and the parameters inline."
            raise gateway_error(400, "InvalidContentLink", message)
        if template is None:
            raise gateway_error(400, "InvalidDeployment", "The 'Template' property is required.")
        values = given.get("parameters") if isinstance(given, dict) and "$schema" in given else given
        try:
            self.template = Template(template, values if isinstance(values, dict) else {}, self.place, self._fetch)
            self.planned = self.template.plan()
        except TemplateError as error:
            raise invalid(error) from error
        except (AttributeError, TypeError, KeyError) as error:
            raise invalid(f"the template has something of a wrong kind: {error}") from error
        except NeedsLive as need:
            message = "The template function 'reference' is not expected at this location."
            raise invalid(f"{message} ({need})") from need

    def _fetch(self, verb: str, id: str, api_version: str, body: Any) -> Any:
        key = (verb.lower(), id.lower(), json.dumps(body))
        if key not in self._live:
            raise NeedsLive(verb, id, api_version, body)
        return self._live[key]

    async def live(self, work: Callable[[], Any]) -> Any:
        """Return what an expression is worth, after reading the live resources that it asks for."""
        for dummy in range(200):
            try:
                return work()
            except NeedsLive as need:
                verb = "GET" if need.verb == "GET" else "POST"
                path = need.id if verb == "GET" else f"{need.id}/{need.verb}"
                answer = await self.send(verb, path, need.api_version, need.body)
                self._live[need.verb.lower(), need.id.lower(), json.dumps(need.body)] = answer.body
            except TemplateError as error:
                raise invalid(error) from error
        raise invalid("The template asks for too many live resources.")

    # -- carrying out -------------------------------------------------------------------------------------------

    async def send(self, method: str, path: str, api_version: str, body: Any = None) -> ArmResponse:
        """Send a request in the caller's name; an ArmError if it is refused."""
        target = f"{quote(path, safe='/;:=@,!')}?api-version={api_version or '2021-04-01'}"
        headers = {"If-Match": "*"} if method == "DELETE" else {}
        request = parse(method, target, headers=headers, base_url=self.place.base_url, principal=self.principal)
        request.body = body
        return await self.ctx.dispatch(request)

    async def run(self) -> None:
        """Make everything that is wanted, one resource after the other, and keep how it went."""
        self._note(provisioningState="Running")
        done: set[str] = set()
        failures: list[tuple[Planned, ArmError]] = []
        for one in self.planned:
            if not one.needs <= done:
                continue
            try:
                await self._make(one)
                done.add(one.key)
            except ArmError as error:
                failures.append((one, error))
        if not failures and str(self.wanted["mode"]).lower() == "complete":
            await self._remove_others()
        outputs: Json = {}
        if not failures:
            try:
                outputs = await self.live(self.template.outputs)
            except ArmError as error:
                self._end("Failed", {"code": "DeploymentOutputEvaluationFailed", "message": error.message})
                return
        if failures:
            message = (
                "At least one resource deployment operation failed. Please list deployment operations for details. "
                "Please see https://aka.ms/arm-deployment-operations for usage details."
            )
            details = [{"code": error.code, "message": error.message, "target": one.id} for one, error in failures]
            self._end("Failed", {"code": "DeploymentFailed", "target": self.id, "message": message, "details": details})
            return
        made = [{"id": one.id} for one in self.planned if not one.existing]
        self._end("Succeeded", None, outputs=outputs, outputResources=made)

    async def _make(self, one: Planned) -> None:
        began = self.ctx.clock.time()
        if one.existing:
            return
        status, failure = "OK", None
        try:
            body = await self.live(lambda: self.template.content(one))
            answer = await self.send("PUT", one.id, one.api_version, body)
            status = {200: "OK", 201: "Created", 202: "Accepted"}.get(answer.status, str(answer.status))
            await self._follow(answer, one)
        except ArmError as error:
            status, failure = (
                {400: "BadRequest", 404: "NotFound", 409: "Conflict"}.get(error.status, "BadRequest"),
                error,
            )
        self._record(one, began, status, failure)
        if failure:
            raise failure

    async def _follow(self, answer: ArmResponse, one: Planned) -> None:
        """Wait for the end of what an answer announces; an ArmError if it fails."""
        urls = {name.lower(): value for name, value in answer.headers.items()}
        url = urls.get("azure-asyncoperation") or urls.get("location")
        while url:
            await asyncio.sleep(PAUSE)
            found = await self._poll(url)
            state = found.body.get("status") if isinstance(found.body, dict) else None
            if state in ("Failed", "Canceled"):
                error = found.body.get("error") or {}
                raise ArmError(409, error.get("code", "ResourceDeploymentFailure"), error.get("message", ""),
                               details=error.get("details", []))  # fmt: skip
            if found.status != 202 and state in (None, "Succeeded"):
                break
        while True:
            found = await self.send("GET", one.id, one.api_version)
            properties = found.body.get("properties") if isinstance(found.body, dict) else None
            state = (properties or {}).get("provisioningState", "Succeeded")
            if state in ("Failed", "Canceled"):
                error = (properties or {}).get("error") or {}
                message = error.get("message") or (
                    "The resource operation completed with terminal provisioning state 'Failed'."
                )
                raise ArmError(409, error.get("code", "ResourceDeploymentFailure"), message)
            if str(state).lower() in ("succeeded", "created") or not _is_moving(str(state)):
                return
            await asyncio.sleep(PAUSE)

    async def _poll(self, url: str) -> ArmResponse:
        target = "/" + url.split("://", 1)[-1].partition("/")[2]
        request = parse("GET", target, base_url=self.place.base_url, principal=self.principal)
        return await self.ctx.dispatch(request)

    async def _remove_others(self) -> None:
        """Mode Complete: what the group has and the template does not is deleted."""
        if self.place.group is None:
            return
        wanted = {one.key for one in self.planned}
        for dummy in range(group_deletion.PATIENCE):
            others = [
                one for one in group_deletion.top_level(self.ctx, self.place.scope) if one.id.lower() not in wanted
            ]
            for entity in reversed(others):
                try:
                    version = getattr(self.ctx.provider(entity.type.partition("/")[0]), "api_version", "2024-05-01")
                    await self.send("DELETE", entity.id, version)
                except ArmError:
                    # In use by a neighbour, most likely: it goes in the next round, or stays.
                    continue
                while self.ctx.operations.running_for(entity.id):
                    await asyncio.sleep(PAUSE)
                    self.ctx.operations.complete_due()

    # -- keeping ------------------------------------------------------------------------------------------------

    def keep(self, location: str | None, tags: Any) -> Entity:
        """Write the deployment as accepted."""
        hidden = {"wanted": self.wanted, "principal": asdict(self.principal), "operations": [],
                  "place": asdict(self.place), "operation": str(uuid.uuid4())}  # fmt: skip
        body = {**({"location": location} if location else {}), **({"tags": tags} if tags else {})}
        body["properties"] = {**self.shown(), "provisioningState": "Accepted", "duration": "PT0S"}
        return self.ctx.store.put(self.id, TYPE, body, hidden)

    def shown(self) -> Json:
        """Return the properties that do not depend on how far it is."""
        text = json.dumps(self.wanted["template"], sort_keys=True)
        names: dict[str, dict[str, Any]] = {}
        for one in self.planned:
            namespace, dummy, kind = one.type.partition("/")
            known = names.setdefault(namespace, {"namespace": namespace, "resourceTypes": []})
            entry = {"resourceType": kind, "locations": [self.place.location]}
            if entry not in known["resourceTypes"]:
                known["resourceTypes"].append(entry)
        by_key = {one.key: one for one in self.planned}
        dependencies = [
            {"dependsOn": [_reference(by_key[key]) for key in sorted(one.needs)], **_reference(one)}
            for one in self.planned
            if one.needs
        ]
        return {
            "templateHash": str(int(hashlib.sha256(text.encode()).hexdigest()[:15], 16)),
            "parameters": self.template.shown_parameters(),
            "mode": str(self.wanted["mode"]).capitalize(),
            "timestamp": self.place.now,
            "correlationId": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{self.id}{self.place.now}")),
            "providers": list(names.values()),
            "dependencies": dependencies,
        }

    def _note(self, **properties: Any) -> None:
        entity = self.ctx.store.get(self.id)
        if entity is not None:
            entity.body["properties"] |= properties
            self.ctx.store.put(entity)

    def _end(self, state: str, error: Json | None, **more: Any) -> None:
        began = datetime.fromisoformat(self.place.now).timestamp()
        seconds = max(0.0, self.ctx.clock.time() - began)
        more |= {"error": error} if error else {}
        self._note(provisioningState=state, duration=f"PT{seconds:.7f}S", **more)

    def _record(self, one: Planned, began: float, status: str, failure: ArmError | None) -> None:
        """Keep what `deployments/X/operations` shows of a resource."""
        entity = self.ctx.store.get(self.id)
        if entity is None:
            return
        operation = {
            "provisioningOperation": "Create",
            "provisioningState": "Failed" if failure else "Succeeded",
            "timestamp": moment(self.ctx.clock.time()),
            "duration": f"PT{max(0.0, self.ctx.clock.time() - began):.7f}S",
            "trackingId": str(uuid.uuid4()),
            "statusCode": status,
            **({"statusMessage": {"status": "Failed", "error": failure.error()}} if failure else {}),
            "targetResource": _reference(one),
        }
        entity.hidden["operations"].append({"id": uuid.uuid4().hex[:16].upper(), "properties": operation})
        self.ctx.store.put(entity)


def _is_moving(state: str) -> bool:
    return state.lower().endswith("ing") or state.lower() in ("accepted", "inprogress")


def _reference(one: Planned) -> Json:
    return {"id": one.id, "resourceType": one.type, "resourceName": one.name}


def moment(seconds: float) -> str:
    """Return a time as answers show it."""
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S.%fZ}"


def resumed(ctx: Context, entity: Entity) -> Deployment:
    """Return a deployment that the store holds."""
    hidden = entity.hidden
    place, principal = Place(**hidden["place"]), Principal(**hidden["principal"])
    return Deployment(ctx, entity.id, hidden["wanted"], place, principal)


def place_of(request: ArmRequest, ctx: Context, location: str, name: str) -> Place:
    """Return where the deployment of a request happens."""
    return Place(
        str(request.subscription), ctx.settings.tenant_id, request.resource_group, location, name, request.base_url,
        request.api_version, moment(ctx.clock.time()),
    )  # fmt: skip
