# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What has to hold for every resource type, whatever the user writes."""

from __future__ import annotations

import copy
import re
from collections.abc import Sequence
from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._engine import paths
from ansible_collections.innergate.azure.plugins.module_utils._engine.argument_spec import informing, managing
from ansible_collections.innergate.azure.plugins.module_utils._engine.ids import locate
from ansible_collections.innergate.azure.plugins.module_utils._engine.problems import PlanError
from ansible_collections.innergate.azure.plugins.module_utils._engine.reconcile import Plan, reconcile
from ansible_collections.innergate.azure.plugins.module_utils._engine.redact import secrets_of
from ansible_collections.innergate.azure.plugins.module_utils._engine.translate import to_options
from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import Compare, Field, ResourceType
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from support.fake_arm import merged
from support.generated import declarations, names, options

DECLARATIONS = declarations()
KINDS = [name for name, resource in DECLARATIONS.items() if not resource.link]


def leaves(fields: tuple[Field, ...]) -> list[Field]:
    return [leaf for field in fields for leaf in (field, *leaves(field.fields))]


EVERY = pytest.mark.parametrize("kind", KINDS)
FEW = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)


def plan(resource: ResourceType, wanted: dict[str, Any], found: dict[str, Any] | None) -> Plan:
    """A plan; options that the type itself refuses make no example."""
    everything = {**names(resource.scopes[0]), **wanted}
    try:
        return reconcile(locate(resource, everything, "sub"), everything, found)
    except PlanError as error:
        # a rule of the type's own names no field; regions have two spellings, and one list may draw both; some options
        # go together only with a certain value of one of them
        assume(error.field and not re.search(r"twice| only (with|for) ", error.message))
        raise


def wanted_for(resource: ResourceType, *, new: bool) -> st.SearchStrategy[dict[str, Any]]:
    """Options that can be meant, immutable ones only for what is new."""
    fields = [field for field in resource.fields if new or not field.immutable]
    taken = names(resource.scopes[0])
    return options([field for field in fields if field.name not in taken], complete=new)


@EVERY
@FEW
@given(data=st.data())
def test_a_resource_is_made_and_changed_as_wanted(kind: str, data: st.DataObject) -> None:
    resource = DECLARATIONS[kind]
    wanted = data.draw(wanted_for(resource, new=True))
    made = plan(resource, wanted, None)
    assert made.action == "create"
    again = plan(resource, wanted, made.predicted)
    assert again.action == "noop", again.differences
    assert again.before == again.after

    found = with_what_others_added(made.predicted)
    wanted = data.draw(wanted_for(resource, new=False))
    given_to_it = copy.deepcopy((found, wanted))
    changed = plan(resource, wanted, found)
    assert (found, wanted) == given_to_it
    assert (changed.action == "noop") == (not changed.differences)
    check_nothing_unnamed_is_lost(resource, found, changed)
    if changed.action == "update" and resource.update == "patch" and not changed.whole:
        assert without_nulls(merged(found, changed.body)) == without_nulls(changed.predicted)
    again = plan(resource, wanted, changed.predicted)
    assert again.action == "noop", again.differences
    assert changed.predicted is not None
    fed_back = plan(resource, settable(resource.fields, to_options(resource, changed.predicted)), changed.predicted)
    assert fed_back.action == "noop", fed_back.differences


def settable(fields: Sequence[Field], shown: dict[str, Any]) -> dict[str, Any]:
    """Of what a result shows, that which can be given as options."""
    result: dict[str, Any] = {}
    for field in fields:
        if field.read_only or field.name not in shown:
            continue
        found = shown[field.name]
        if field.fields and isinstance(found, list):
            result[field.name] = [settable(field.fields, item) for item in found]
        elif field.fields:
            result[field.name] = settable(field.fields, found)
        else:
            result[field.name] = found
    return result


def with_what_others_added(found: dict[str, Any] | None) -> dict[str, Any]:
    """The resource with things in it that no declaration knows and no task has named."""
    assert found is not None
    added = copy.deepcopy(found)
    added.setdefault("properties", {})["routeTableOfAks"] = {"id": "/subscriptions/s/x"}
    added["identityOfSomebody"] = {"type": "SystemAssigned"}
    return added


def check_nothing_unnamed_is_lost(resource: ResourceType, found: dict[str, Any], changed: Plan) -> None:
    body = changed.body if resource.update == "put" and changed.action == "update" else changed.predicted
    assert body is not None
    assert body["properties"]["routeTableOfAks"] == found["properties"]["routeTableOfAks"]
    assert body["identityOfSomebody"] == found["identityOfSomebody"]
    named = {path for difference in changed.differences for path in prefixes(difference.wire)}
    for field in resource.fields:
        path = paths.wire_path(field, True)
        # what can't be compared is sent with every write, and a list may move to or from its twin
        unseen = any(leaf.compare is Compare.NEVER or leaf.write_only for leaf in leaves((field,)))
        if unseen or {path, field.scalar} & named:
            continue
        assert paths.get(changed.predicted, path) == paths.get(found, path), path


def prefixes(path: str) -> list[str]:
    keys = path.split(".")
    return [".".join(keys[: index + 1]) for index in range(len(keys))]


def without_nulls(tree: Any) -> Any:
    """Merge patches remove what is null; an object with nothing in it says nothing either."""
    if isinstance(tree, dict):
        inner = {key: without_nulls(value) for key, value in tree.items()}
        return {key: value for key, value in inner.items() if value not in (None, {})}
    return tree


@pytest.mark.parametrize(
    "kind", [name for name in KINDS if any(leaf.secret for leaf in leaves(DECLARATIONS[name].fields))]
)
@FEW
@given(data=st.data())
def test_no_secret_is_in_a_diff(kind: str, data: st.DataObject) -> None:
    resource = DECLARATIONS[kind]
    one = data.draw(wanted_for(resource, new=True))
    two = data.draw(wanted_for(resource, new=False))
    first = plan(resource, marked(resource.fields, one, "sesame1"), None)
    second = plan(resource, marked(resource.fields, two, "sesame2"), first.predicted)
    third = reconcile(
        locate(resource, names(resource.scopes[0]), "sub"), {"state": "absent"}, copy.deepcopy(second.predicted)
    )
    for shown in (first.diff, second.diff, third.diff):
        assert "sesame" not in str(shown)


def marked(fields: Any, wanted: Any, mark: str) -> Any:
    """The options with every secret replaced by a word that is easy to find."""
    result = dict(wanted)
    for field in fields:
        given_value = result.get(field.name)
        if given_value is None:
            continue
        if field.secret:
            result[field.name] = {"header": [mark]} if field.type == "dict" else mark
        elif field.fields and isinstance(given_value, list):
            result[field.name] = [marked(field.fields, item, mark) for item in given_value]
        elif field.fields:
            result[field.name] = marked(field.fields, given_value, mark)
    if any(secret != mark for secret in secrets_of(fields, result)):
        raise AssertionError("a secret was not found by secrets_of")
    return result


@pytest.mark.parametrize("kind", DECLARATIONS)
def test_argument_specs_hide_secrets_and_nothing_else(kind: str) -> None:
    resource = DECLARATIONS[kind]
    managed = managing(resource)
    for field in resource.fields:
        if not field.read_only:
            assert bool(managed.options[field.name].get("no_log")) == field.secret
    read_only = {field.name for field in resource.fields if field.read_only}
    scope_options = {
        option
        for scope in resource.scopes
        for segment in scope.segments
        for option in (segment.option, segment.revision)
    }
    assert not (read_only - scope_options) & set(managed.options)
    own = {item.name for item in resource.info_options} | ({"names"} if resource.show_secrets else set())
    assert set(informing(resource).options) <= set(managed.options) | own
    assert len({field.name for field in leaves(resource.fields)}) > 0 or resource.link
