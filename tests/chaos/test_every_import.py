# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options beside an import: what the task names wins over what the document says, and check mode knows it.

For each option of an API, beside documents that say something else about the same thing: an API that is new, one that
was made by hand, and one that was imported before, from the same document or from another.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from chaos.test_every_request import azure, phases
from chaos.test_every_value import alike, experiment, short
from integration.examples.twelve import ALL, identity
from support.in_process import InProcess

__all__ = ["azure"]

API = ALL["apim_api"]
FIELDS = {field.name: field for field in API.fields}
#: Option -> two values that a task may name; the documents say something else about each that they can speak of.
NAMED: dict[str, tuple[Any, Any]] = {
    "display_name": ("Named", "Named anew"),
    "path": ("named", "named/anew"),
    "protocols": (["https"], ["http", "https"]),
    "service_url": ("https://named.contoso.com", "https://anew.contoso.com"),
    "description": ("Named by the task", ""),
    "api_type": ("http", "http"),
    "api_revision_description": ("First", "Second"),
    "subscription_required": (True, False),
    "subscription_key_parameter_names": ({"header": "X-Key", "query": "key"}, {"header": "X-Other", "query": "other"}),
    "terms_of_service_url": ("https://named.contoso.com/terms", ""),
    "contact": ({"name": "Named", "email": "named@contoso.com"}, {"name": "Anew"}),
    "license": ({"name": "Named"}, {"name": "Anew", "url": "https://contoso.com/anew"}),
}
#: Whether Azure takes these from a document, as it takes the license, is not known, so nobody can foretell them.
UNKNOWN = re.compile(r"foretold (contact|terms_of_service_url)=null ")
#: Options that an import has nothing to do with, or that need other resources (test_every_reference).
APART = {"api_version", "api_version_description", "api_version_set", "source_api", "authentication_settings"}
PATHS = {
    "/shipments": {"get": {"operationId": "list", "summary": "List", "responses": {"200": {"description": "All"}}}},
}
INFO = {
    "title": "Documented",
    "description": "Documented, too",
    "version": "1.0",
    "termsOfService": "https://documented.contoso.com/terms",
    "contact": {"name": "Documented", "email": "documented@contoso.com"},
    "license": {"name": "Documented", "url": "https://documented.contoso.com/license"},
}


def openapi(paths: Any) -> dict[str, Any]:
    server = {"url": "https://documented.contoso.com/v1"}
    return {"openapi": "3.0.3", "info": INFO, "servers": [server], "paths": paths}


def swagger(paths: Any) -> dict[str, Any]:
    place = {"host": "documented.contoso.com", "basePath": "/v1", "schemes": ["http"]}
    return {"swagger": "2.0", "info": INFO, **place, "paths": paths}


DOCUMENTS = {"openapi+json": openapi, "swagger-json": swagger}


def imported(form: str, *, other: bool = False) -> dict[str, Any]:
    """The option that imports one of two documents."""
    more = {"/more": {"get": {**PATHS["/shipments"]["get"], "operationId": "more"}}} if other else {}
    return {"specification": {"format": form, "content": json.dumps(DOCUMENTS[form]({**PATHS, **more}))}}


EXAMPLE = dict(phases("apim_api"))["create"]
PLACE = {option: EXAMPLE[option] for option in identity(API) if option in EXAMPLE}
NEEDED = {**PLACE, "path": EXAMPLE["path"]}


def test_every_option_is_tried() -> None:
    tried = {field.name for field in API.fields if not field.read_only} - APART - {"specification"}
    assert set(NAMED) == tried
    assert {name: values for name, values in NAMED.items() if FIELDS[name].choices and values[0] != values[1]} == {
        "protocols": NAMED["protocols"]
    }


def before(form: str, name: str) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """(how the API has come about, the tasks that made it)."""
    first = {name: NAMED[name][0]}
    by_hand = {**NEEDED, "display_name": "By hand"}
    yield "new", []
    yield "made by hand", [by_hand]
    yield "made by hand with it", [{**by_hand, **first}]
    yield "imported", [{**NEEDED, **imported(form)}]
    yield "imported with it", [{**NEEDED, **imported(form), **first}]
    yield "imported, then changed", [{**NEEDED, **imported(form)}, {**PLACE, **first}]


#: What both kinds of documents say in different ways; the rest is tried with one of them.
BOTH = ("display_name", "description", "protocols", "service_url")
CASES = [(name, form) for form in DOCUMENTS for name in NAMED if form == "openapi+json" or name in BOTH]


@pytest.mark.parametrize(("name", "form"), CASES)
def test_what_the_task_names_wins(azure: InProcess, name: str, form: str) -> None:
    field, problems = FIELDS[name], []
    for title, tasks in before(form, name):
        for other in (False, True):
            for value in (*NAMED[name], *([None] if name == "display_name" else [])):
                options = {**NEEDED, **imported(form, other=other), **({} if value is None else {name: value})}
                with azure.undone():
                    for task in tasks:
                        made = azure.run("apim_api", task)
                        assert not made.get("failed"), made["msg"]
                    wrong = [problem for problem in experiment(azure, API, options) if not UNKNOWN.match(problem)]
                    if value:
                        found = azure.run("apim_api_info", PLACE)["resource"].get(name)
                        wrong += [] if alike(field, value, found) else [f"it is {short(found)}"]
                which = f"{title}, {'another' if other else 'the same'} document, {name}={short(value)}"
                problems += [f"{which}: {problem}" for problem in wrong]
    assert not problems, "\n".join(problems)
