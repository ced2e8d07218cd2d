# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The values of a template: parameters, variables, copy loops, and functions that know the deployment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from innergate_sandbox.arm.providers.resources.functions import FUNCTIONS, LAZY
from innergate_sandbox.arm.providers.resources.language import Evaluator, Function, TemplateError
from innergate_sandbox.arm.providers.resources.place import GROUPS, Json, Place, Planned, joined

_KINDS: dict[str, Any] = {"string": str, "securestring": str, "int": int, "bool": bool, "array": list,
                          "object": dict, "secureobject": dict}  # fmt: skip

Fetch = Callable[[str, str, str, Any], Any]
"""What `reference` and `list*` ask: verb ("GET" or the action), id, api-version, body."""


class Values:
    """What the expressions of a template are worth. Everything raises TemplateError for what cannot be."""

    def __init__(self, body: Any, given: Json, place: Place, fetch: Fetch) -> None:
        """Take the template, `{parameter: {"value": ...}}`, the place, and how live resources are read."""
        _check_shape(body)
        self.body, self.place, self._fetch = body, place, fetch
        self._variables: Json = {}
        self._copies: dict[str, int] = {}
        self.planned: list[Planned] = []
        self.parameters: Json = {}
        self._take(body.get("parameters") or {}, given)

    # -- parameters ---------------------------------------------------------------------------------------------

    def _take(self, declared: Json, given: Json) -> None:
        """Fill in the parameters; a default may use those before it."""
        known = {name.lower(): name for name in declared}
        strange = [name for name in given if name.lower() not in known]
        if strange:
            raise TemplateError(
                f"The template parameters '{', '.join(strange)}' in the parameters file are not valid; they are not "
                "present in the original template and can therefore not be provided at deployment time. The only "
                f"supported parameters for this template are '{', '.join(declared)}'. Please see "
                "https://aka.ms/arm-pass-parameter-values for usage details."
            )
        sent = {known[name.lower()]: value for name, value in given.items()}
        for name, rule in declared.items():
            if name in sent and isinstance(sent[name], dict) and "value" in sent[name]:
                value = sent[name]["value"]
            elif "defaultValue" in rule:
                value = self.evaluator().value(rule["defaultValue"])
            elif rule.get("nullable"):
                value = None
            else:
                raise TemplateError(
                    f"The value for the template parameter '{name}' at line '1' and column '1' is not provided. Please "
                    "see https://aka.ms/arm-create-parameter-file for usage details."
                )
            _check_parameter(name, rule, value)
            self.parameters[name] = value

    def shown_parameters(self) -> Json:
        """Return the parameters as answers show them: secure ones without their values."""
        shown = {}
        for name, rule in (self.body.get("parameters") or {}).items():
            kind = str(rule.get("type", "string"))
            secure = kind.lower().startswith("secure")
            shown[name] = {"type": kind[:1].upper() + kind[1:], **({} if secure else {"value": self.parameters[name]})}
        return shown

    # -- expressions --------------------------------------------------------------------------------------------

    def evaluator(self) -> Evaluator:
        """Return an evaluator that knows this deployment."""
        place = self.place
        own: dict[str, Function] = {
            "parameters": self._parameter,
            "variables": self._variable,
            "resourceid": self._resource_id,
            "subscriptionresourceid": self._subscription_id,
            "tenantresourceid": lambda type, *names: joined("", type, "/".join(names)),
            "extensionresourceid": lambda scope, type, *names: joined(scope, type, "/".join(names)),
            "resourcegroup": self._group,
            "subscription": lambda: {
                "id": f"/subscriptions/{place.subscription}",
                "subscriptionId": place.subscription,
                "tenantId": place.tenant,
                "displayName": "sandbox",
            },
            "tenant": lambda: {"tenantId": place.tenant, "id": f"/tenants/{place.tenant}"},
            "deployment": lambda: {
                "name": place.name,
                **({} if place.group else {"location": place.location}),
                "properties": {"template": self.body, "mode": "Incremental"},
            },
            "environment": lambda: {
                "name": "AzureCloud",
                "resourceManager": place.base_url + "/",
                "authentication": {"tenant": "common"},
                "suffixes": {"storage": "core.windows.net", "keyvaultDns": ".vault.azure.net"},
            },
            "utcnow": lambda form="": place.now[:10] if form == "yyyy-MM-dd" else place.now,
            "copyindex": self._copy_index,
            "reference": self._reference,
            "list*": self._list,
        }
        return Evaluator({**FUNCTIONS, **own}, LAZY)

    def _parameter(self, name: str) -> Any:
        found = [key for key in self.parameters if key.lower() == name.lower()]
        if not found:
            raise TemplateError(
                f"The template parameter '{name}' is not found. Please see "
                "https://aka.ms/arm-syntax-parameters for usage details."
            )
        return self.parameters[found[0]]

    def _variable(self, name: str) -> Any:
        declared = self.body.get("variables") or {}
        loops = {str(loop.get("name")): loop for loop in declared.get("copy") or [] if isinstance(loop, dict)}
        found = [key for key in (*declared, *loops) if key.lower() == name.lower() and key != "copy"]
        if not found:
            raise TemplateError(
                f"The template variable '{name}' is not found. Please see "
                "https://aka.ms/arm-syntax-variables for usage details."
            )
        key = found[0]
        if key not in self._variables:
            # While it is worked out it is not there: one that leads to itself ends here.
            self._variables[key] = None
            self._variables[key] = self._loop(loops[key]) if key in loops else self.evaluate(declared[key])
        return self._variables[key]

    def _loop(self, loop: Json) -> list[Any]:
        name, found = str(loop.get("name")), []
        for index in range(self._count(loop)):
            self._copies[name.lower()] = index
            found.append(self.evaluate(loop.get("input")))
        self._copies.pop(name.lower(), None)
        return found

    def _count(self, loop: Json) -> int:
        count = self.evaluator().value(loop.get("count"))
        if not isinstance(count, int) or not 0 <= count <= 800:
            raise TemplateError(f"The copy count '{count}' must be an integer between 0 and 800.")
        return count

    def evaluate(self, value: Any) -> Any:
        """Return a value worked out, with the `copy` loops of its objects."""
        return self.evaluator().value(self._unrolled(value))

    def _unrolled(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._unrolled(inner) for inner in value]
        if not isinstance(value, dict):
            return value
        loops = value.get("copy")
        if not isinstance(loops, list) or not all(isinstance(loop, dict) and "input" in loop for loop in loops):
            return {key: self._unrolled(inner) for key, inner in value.items()}
        rest = {key: self._unrolled(inner) for key, inner in value.items() if key != "copy"}
        return rest | {str(loop["name"]): _Done.of(self._loop(loop)) for loop in loops}

    def _copy_index(self, name: Any = None, offset: int = 0) -> int:
        if isinstance(name, int):
            name, offset = None, name
        known = self._copies
        key = str(name).lower() if name is not None else next(reversed(known), "")
        if key not in known:
            raise TemplateError("The template function 'copyIndex' is not expected at this location.")
        return known[key] + offset

    def _group(self) -> Json:
        place = self.place
        if place.group is None:
            raise TemplateError("The template function 'resourceGroup' is not expected at this location.")
        return {
            "id": place.scope,
            "name": place.group,
            "type": GROUPS,
            "location": place.location,
            "tags": {},
            "properties": {"provisioningState": "Succeeded"},
        }

    def _resource_id(self, *words: str) -> str:
        at = next((number for number, word in enumerate(words) if "/" in word), None)
        if at is None:
            raise TemplateError("Unable to evaluate template language function 'resourceId': the type is missing.")
        type, names, before = words[at], "/".join(words[at + 1 :]), words[:at]
        group = before[-1] if before else self.place.group
        scope = self.place.of_group(group) if group else f"/subscriptions/{self.place.subscription}"
        return joined(scope, type, names)

    def _subscription_id(self, *words: str) -> str:
        at = 0 if "/" in words[0] else 1
        return joined(f"/subscriptions/{self.place.subscription}", words[at], "/".join(words[at + 1 :]))

    def _reference(self, what: str, version: str | None = None, full: str | None = None) -> Any:
        found = self.find(what)
        target = found.id if found else what
        if not target.startswith("/"):
            raise TemplateError(
                f"The resource '{what}' is not defined in the template. Please see https://aka.ms/arm-syntax for usage "
                "details."
            )
        body = self._fetch("GET", target, version or (found.api_version if found else ""), None)
        return body if full and full.lower() == "full" else body.get("properties", {})

    def _list(self, action: str, what: str, version: str = "", body: Any = None) -> Any:
        found = self.find(what)
        return self._fetch(action, found.id if found else what, version or (found.api_version if found else ""), body)

    def find(self, what: str) -> Planned | None:
        """Return the resource of the template with this id, symbolic name or name."""
        raise NotImplementedError


class _Done:
    """Values that are worked out already, so that texts in them are not taken for expressions."""

    @staticmethod
    def of(value: Any) -> Any:
        """Return the value with the brackets of its texts escaped."""
        if isinstance(value, dict):
            return {key: _Done.of(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [_Done.of(inner) for inner in value]
        return f"[{value}" if isinstance(value, str) and value.startswith("[") else value


def _check_shape(body: Any) -> None:
    """Refuse a template whose parts are of the wrong kind."""
    parts = ("parameters", "variables", "outputs")
    right = isinstance(body, dict) and isinstance(body.get("resources") or [], (dict, list))
    right = right and all(isinstance(body.get(part) or {}, dict) for part in parts)
    rules = [rule for part in ("parameters", "outputs") for rule in (body.get(part) or {}).values()] if right else []
    resources = body.get("resources") or [] if right else []
    rules += list(resources.values() if isinstance(resources, dict) else resources)
    if not right or not all(isinstance(rule, dict) for rule in rules):
        raise TemplateError("the template is not an object of parameters, variables, resources and outputs")


def _check_parameter(name: str, rule: Json, value: Any) -> None:
    """Refuse a value that its parameter does not allow."""
    kind = str(rule.get("type", "string"))
    wanted = _KINDS.get(kind.lower())
    wrong = wanted is not None and not isinstance(value, wanted)
    if (wrong or (wanted is int and isinstance(value, bool))) and not (value is None and rule.get("nullable")):
        raise TemplateError(
            f"Template parameter JToken type is not valid. Expected '{kind}'. Actual '{type(value).__name__}'. Please "
            "see https://aka.ms/arm-parameter-file for usage details."
        )
    allowed = rule.get("allowedValues")
    if allowed and value not in allowed:
        raise TemplateError(
            f"The provided value for the template parameter '{name}' is not valid. The value '{value}' is not part of "
            f"the allowed value(s): '{','.join(map(str, allowed))}'."
        )
    size = len(value) if isinstance(value, (str, list)) else None
    for word, measured in (("minLength", size), ("maxLength", size), ("minValue", value), ("maxValue", value)):
        limit = rule.get(word)
        if limit is None or not isinstance(measured, int):
            continue
        if measured < limit if word.startswith("min") else measured > limit:
            raise TemplateError(
                f"The provided value for the template parameter '{name}' is not valid. {word} is '{limit}', the value "
                f"has '{measured}'."
            )
