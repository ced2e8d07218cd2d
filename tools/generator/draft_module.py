# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The first draft of a managing module, made of its declaration.

What only a person can write stands as an ellipsis; the contract tests refuse a module that still has one. RETURN
follows from the options and the first example: it is drafted anew when those have been written.
"""

from __future__ import annotations

from typing import Any

from generator.documents import HEADER, Module, dump, version
from generator.limits import missing
from generator.words import BEYOND, CODE, SAID, WRONG, article, plural

UNSAID = "…"
#: What a request id looks like.
REQUEST = "8d1f2c1e-7a53-4c7c-9d4f-2f6e0c0a5b11"
#: And a key.
SECRET = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"

TEMPLATE = '''#!/usr/bin/python

{header}
from __future__ import annotations

DOCUMENTATION = r"""
{documentation}"""

EXAMPLES = r"""
{examples}"""

RETURN = r"""
{returned}"""  # noqa: E501

from ansible_collections.innergate.azure.plugins.module_utils._resources.{name} import RESOURCE
from ansible_collections.innergate.azure.plugins.module_utils._run.manage import manage

TASK = manage(RESOURCE)


def main() -> None:
    """Run as a module of its own; on a local connection the action plugin runs TASK in the controller."""
    TASK.main()


if __name__ == "__main__":
    main()
'''

SCOPE_FRAGMENTS = {
    "resource_group": "innergate.azure._scope",
    "service_name": "innergate.azure._scope.service",
    "api_name": "innergate.azure._scope.api",
    "product_name": "innergate.azure._scope.product",
}


def draft(resource: Any) -> str:
    """The text of C(plugins/modules/<name>.py)."""
    documentation, examples = _documentation(resource), _examples(resource)
    return TEMPLATE.format(
        header=HEADER,
        name=resource.name,
        documentation=dump(documentation),
        examples=dump(examples).replace("\n- name", "\n\n- name"),
        returned=dump(returned(resource, documentation["options"], _task(resource, examples))),
    )


def with_return(resource: Any, text: str, known: Module) -> str:
    """The text of a module whose options and examples are written, with its RETURN drafted from them."""
    head, begin, rest = text.partition('\nRETURN = r"""\n')
    dummy, end, tail = rest.partition('"""')
    task = _task(resource, known.examples)
    return head + begin + dump(returned(resource, known.documentation["options"], task)) + end + tail


def _task(resource: Any, examples: list[dict[str, Any]]) -> dict[str, Any]:
    """The options of the first example, and those that only others show."""
    module = f"innergate.azure.{resource.name}"
    merged: dict[str, Any] = {}
    for example in reversed(examples):
        merged = _over(merged, example.get(module, {}))
    return merged


def _over(lower: dict[str, Any], upper: dict[str, Any]) -> dict[str, Any]:
    """One dictionary laid over another."""
    both = {**lower, **upper}
    for key in lower.keys() & upper.keys():
        if isinstance(lower[key], dict) and isinstance(upper[key], dict):
            both[key] = _over(lower[key], upper[key])
    return both


def _documentation(resource: Any) -> dict[str, Any]:
    placed = [s.option for s in resource.scopes[0].segments if s.option]
    named = resource.scopes[0].segments[-1].option  # "" where there is only one of its kind
    fragments = ["_attributes", "_attributes.action_group", "_auth"]
    scopes = [SCOPE_FRAGMENTS[option] for option in placed if option in SCOPE_FRAGMENTS and option != named]
    if "innergate.azure._scope.service" in scopes:
        scopes.remove("innergate.azure._scope")
    lasting = resource.states == ("present",)
    tail = ["_state.wait"] if lasting else ["_state", "_state.wait"]
    if resource.if_match.name != "NO" and not resource.link:
        tail.append("_state.if_match")
    own = {
        option: {
            "description": [f"Name (id) of the {resource.title}." if option == named else UNSAID],
            "type": "str",
            "required": True,
        }
        for option in placed
        if option not in SCOPE_FRAGMENTS or option == named
    }
    if lasting:
        said = f"Azure does not delete {plural(resource.title)}."
        own["state"] = {"description": [said], "type": "str", "choices": ["present"], "default": "present"}
    in_service = "service_name" in placed
    titles = plural(resource.title)
    done = "Changes" if lasting else "Creates, changes and removes"
    return {
        "module": resource.name,
        "short_description": f"Manage {titles} of API Management" if in_service else f"Manage {titles}",
        "version_added": version(),
        "description": [
            f"{done} {titles}{' of an API Management service' if in_service else ''}.",
            UNSAID,
        ],
        "author": ["Innergate contributors (@innergate)"],
        "extends_documentation_fragment": [
            *(f"innergate.azure.{name}" for name in fragments),
            *scopes,
            *(f"innergate.azure.{name}" for name in tail),
        ],
        "options": {
            **own,
            **options(resource.fields, resource.title),
            **options(resource.absent_options, resource.title),
        },
        "seealso": [
            {"module": f"innergate.azure.{resource.name}_info"},
            {
                "name": resource.arm_type.replace("/", " ", 1),
                "description": "Reference of the resource type.",
                "link": f"https://learn.microsoft.com/azure/templates/{resource.arm_type.lower()}",
            },
        ],
    }


def options(fields: tuple[Any, ...], title: str, *, element: bool = False, above: str = "") -> dict[str, Any]:
    """The options of fields, without what only a person can say about them. C(element), C(above): see missing."""
    drafted: dict[str, Any] = {}
    for field in fields:
        if field.read_only:
            continue
        limits = missing(field, "", element=element, above=above)
        about = [UNSAID, *([" ".join(limits)] if limits else [])]
        entry: dict[str, Any] = {"description": about, "type": field.type}
        if field.type == "list":
            entry["elements"] = field.elements
        if field.required:
            entry["required"] = True
        if field.choices:
            entry["choices"] = list(field.choices)
        if field.aliases:
            entry["aliases"] = list(field.aliases)
        if field.fields:
            entry["suboptions"] = options(
                field.fields,
                title,
                element=element or field.type == "list" or field.write_only,
                above=f"{above}{field.name}{'[]' if field.type == 'list' else ''}.",
            )
        if field.can_be_cleared:  # an empty dictionary is allowed, too
            for inner in entry["suboptions"].values():
                if inner.pop("required", False):
                    inner["description"].append("Needed, unless the dictionary is empty, which clears it.")
        if field.required_on_create:
            about.append(f"Needed for a new {title}.")
        drafted[field.name] = entry
        if field.purge:
            text = f"Whether elements that O({field.name}) does not name are removed."
            drafted[field.purge] = {"description": [text], "type": "bool", "default": False}
    return drafted


def _examples(resource: Any) -> list[dict[str, Any]]:
    known = {
        "resource_group": "contoso-rg",
        "service_name": "contoso-apim",
        "api_name": "orders",
        "product_name": "partners",
        "virtual_network": "contoso-vnet",
        "name": f"contoso-{resource.title.replace(' ', '-').lower()}",
    }
    place = {s.option: known.get(s.option, UNSAID) for s in resource.scopes[0].segments if s.option}
    module = f"innergate.azure.{resource.name}"
    needed = {field.name: UNSAID for field in resource.fields if field.required_on_create}
    one = article(resource.title)
    tasks: list[dict[str, Any]] = [{"name": f"Create {one}", module: {**place, **needed}}]
    if not resource.link:
        tasks.append({"name": f"Change {one}", module: {**place, UNSAID: UNSAID}})
    if "absent" in resource.states:
        tasks.append({"name": f"Remove {one}", module: {**place, "state": "absent"}})
    return tasks


def returned(resource: Any, documented: dict[str, Any], task: dict[str, Any]) -> dict[str, Any]:
    """RETURN; descriptions are taken over from the options, samples from the options of an example."""
    sample = _id(resource, task)
    said = [f"ARM id of the {resource.title}."]
    ident = {"description": said, "returned": "always", "type": "str", "sample": sample}
    name = str(task.get("name", UNSAID))
    contains = {
        "id": ident,
        "name": {"description": ["Its name."], "returned": "always", "type": "str", "sample": name},
    }
    if not resource.link:
        about = "Entity tag, for O(if_match)." if resource.if_match.name != "NO" else "Entity tag."
        contains["etag"] = {
            "description": [about],
            "returned": "when set",
            "type": "str",
            "sample": "AAAAAAADmodU=",
        }
    contains.update(_contains(resource.fields, documented, task, resource.show_secrets))
    operation = f"{resource.scopes[0].sdk}.create_or_update"
    error = {
        name: {"description": [text], "returned": when, "type": kind, "sample": sample}
        for name, text, when, kind, sample in (
            ("code", CODE, "always", "str", "ValidationError"),
            ("status", "HTTP status of the answer.", "when Azure answered", "int", 400),
            ("message", SAID, "always", "str", "One or more fields contain incorrect values:"),
            ("target", "What the error is about: an id or an option.", "when known", "str", sample),
            ("request_id", "Id of the request, for Azure support.", "when Azure answered", "str", REQUEST),
            ("operation", "The operation that failed.", "when one did", "str", operation),
        )
    }
    return {
        "id": {**ident, "returned": "success"},
        "resource": {
            "description": [
                f"The {resource.title} as it is, or would be in check mode, after the task.",
                "V(null) when it does not exist.",
                *([] if resource.link else [BEYOND]),
            ],
            "returned": "success",
            "type": "dict",
            "contains": contains,
        },
        "error": {
            "description": [WRONG],
            "returned": "on failure",
            "type": "dict",
            "contains": error,
        },
    }


def _id(resource: Any, task: dict[str, Any]) -> str:
    """The ARM id of what the task is about."""
    pairs = [
        f"{s.collection}/{task.get(s.option, UNSAID) if s.option else s.constant}" for s in resource.scopes[0].segments
    ]
    return "/".join(["/subscriptions/SUBSCRIPTION", *pairs])


def _contains(
    fields: tuple[Any, ...], documented: dict[str, Any], task: dict[str, Any], shows: str = ""
) -> dict[str, Any]:
    """What a result has of these fields. C(shows): the option with which it has the secrets that can be read."""
    shown: dict[str, Any] = {}
    for field in fields:
        if (field.write_only or field.secret) and not (field.read_back and shows):
            continue
        said, value = documented.get(field.name, {}), task.get(field.name)
        about = said.get("description", [UNSAID])[:1]
        entry: dict[str, Any] = {"description": about, "returned": "when set", "type": field.type}
        if field.secret:
            entry["returned"] = f"when O({shows}=true)"
        elif field.required_on_create:
            entry["returned"] = "always"
        if field.type == "list":
            entry["elements"] = field.elements
        if field.fields:
            inner = value[0] if isinstance(value, list) and value else value
            given = inner if isinstance(inner, dict) else {}
            entry["contains"] = _contains(field.fields, said.get("suboptions", {}), given, shows)
        elif field.secret:
            entry["sample"] = SECRET
        elif value is not None and "{{" not in str(value):
            entry["sample"] = value
        else:
            entry["sample"] = {"bool": True, "int": 1}.get(field.type, field.choices[0] if field.choices else UNSAID)
        shown[field.name] = entry
    return shown
