# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every declaration says what the SDK's contract says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import (
    Field,
    IfMatch,
    ResourceType,
    camel,
)
from generator.sdk import (
    Model,
    Property,
    Texts,
    accepts,
    answer_model,
    body_model,
    client,
    operation,
    parts,
    path_parameters,
)

from contract.declarations import RESOURCES

every_type = pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.name)


def wire(field: Field, top: bool) -> str:
    """The path of a field, with the default that the vocabulary gives it."""
    return field.wire or ("properties." if top else "") + camel(field.name)


def fields(resource: ResourceType) -> Iterator[tuple[str, Field]]:
    """All fields with a readable name, nested ones as C(parent.child)."""

    def walk(level: tuple[Field, ...], before: str) -> Iterator[tuple[str, Field]]:
        for field in level:
            yield before + field.name, field
            yield from walk(field.fields, f"{before}{field.name}.")

    yield from walk(resource.fields, "")


def shown_only(resource: ResourceType, name: str) -> bool:
    """Whether a field, or an object that it is a part of, is only in results."""
    return any(field.read_only and (name == other or name.startswith(f"{other}.")) for other, field in fields(resource))


def groups(resource: ResourceType) -> Iterator[Any]:
    """The operation groups of a type, one for each scope."""
    for scope in resource.scopes:
        yield getattr(client(resource.client), scope.sdk)


def models(resource: ResourceType, *verbs: str) -> list[Model]:
    """Models of bodies (create_or_update, update) or of answers (get) of the first scope."""
    group = next(groups(resource))
    found = []
    for verb in verbs:
        function = operation(group, verb)
        if function is not None:
            model = answer_model(function) if verb == "get" else body_model(function)
            if model is not None:
                found.append(model)
    return found


def nodes(resource: ResourceType, *verbs: str) -> Iterator[tuple[str, Field, list[Property | Model]]]:
    """Every field with what the models of these operations know under its path."""

    def walk(
        level: tuple[Field, ...], parents: list[Model | Texts], before: str, top: bool
    ) -> Iterator[tuple[str, Field, list[Property | Model]]]:
        for field in level:
            path = wire(field, top)
            known = [node for node in (parent.resolve(path) for parent in parents) if node is not None]
            yield before + field.name, field, known
            inner = [parts(node) for node in known]
            if field.fields:
                yield from walk(field.fields, [m for m in inner if m], f"{before}{field.name}.", False)

    yield from walk(resource.fields, list(models(resource, *verbs)), "", True)


@every_type
def test_every_option_can_be_written(resource: ResourceType) -> None:
    unknown = [
        name
        for name, field, known in nodes(resource, "create_or_update", "update", "get")
        if not field.read_only and not known
    ]
    assert unknown == [], "the contract has no such property"


@every_type
def test_every_result_can_be_read(resource: ResourceType) -> None:
    if resource.link:
        assert resource.fields == ()
        return
    sent_only = {name for name, field in fields(resource) if field.write_only}
    unknown = [
        name
        for name, dummy, known in nodes(resource, "get")
        if not known and name not in sent_only and name.split(".")[0] not in sent_only
    ]
    assert unknown == [], "GET answers no such property"


@every_type
def test_what_azure_fills_in_is_read_only(resource: ResourceType) -> None:
    wrong = [
        name
        for name, field, known in nodes(resource, "create_or_update")
        if not field.read_only
        and known
        and all(isinstance(node, Property) and node.read_only for node in known)
        # the whole object of a reference is written, its inner id is the one that clients give
        and not field.to_azure
    ]
    assert wrong == [], "the contract says that clients can't write this"


@every_type
def test_choices_are_those_of_the_contract(resource: ResourceType) -> None:
    differences = {}
    for name, field, known in nodes(resource, "create_or_update", "get"):
        for node in known:
            if not isinstance(node, Property) or (field.from_azure and not field.choices):
                continue
            if set(node.choices) != set(map(str, field.choices)) and not shown_only(resource, name):
                differences[name] = (sorted(field.choices), sorted(node.choices))
    assert differences == {}


@every_type
def test_no_choice_of_the_contract_is_missing(resource: ResourceType) -> None:
    """Also one of an older SDK's: whoever has it was told that Azure takes these values."""
    missing = {
        name: lost
        for name, field, known in nodes(resource, "create_or_update", "get")
        for node in known
        if isinstance(node, Property) and field.choices and (lost := set(node.choices) - set(map(str, field.choices)))
    }
    assert missing == {}


def never_less(field: Field, value: int) -> bool:
    """Whether fewer characters or elements are never sent: what is demanded is not empty, and nothing is null."""
    demanded = field.required or field.required_on_create or field.default_on_create is not None
    return value == 0 or (value == 1 and field.type == "str" and (demanded or field.empty_on_wire != ""))


@every_type
def test_limits_are_those_of_the_contract(resource: ResourceType) -> None:
    differences = {}
    for name, field, known in nodes(resource, "create_or_update"):
        for node in known:
            if not isinstance(node, Property) or field.read_only:
                continue
            for limit, value in node.limits:
                ours = getattr(field, limit)
                if limit in ("min_length", "min_items") and never_less(field, value):
                    continue
                if limit == "pattern":
                    # a reference is checked as an id before it is sent
                    if field.reference or name.endswith("subnet"):
                        continue
                    ours = f"^{ours}$"  # ours match the whole text
                if ours != value:
                    differences[f"{name} {limit}"] = (ours, value)
    assert differences == {}


@every_type
def test_what_sounds_like_a_secret_is_one(resource: ResourceType) -> None:
    plain = [
        name
        for name, field, known in nodes(resource, "create_or_update")
        for node in known
        if isinstance(node, Property) and not field.read_only and node.sounds_secret(field.name) and not field.secret
    ]
    assert plain == []


@pytest.mark.parametrize(
    ("name", "about", "secret"),
    [
        ("password", "", True),
        ("primary_key", "", True),
        ("data", "Base 64 encoded certificate using the application/x-pkcs12 representation. Required.", True),
        ("secret_identifier", "Key vault secret identifier for fetching secret.", False),
        ("subscription_key_parameter_names", "", False),
        ("description", "", False),
    ],
)
def test_secrets_are_known_by_their_names_and_by_what_is_said_of_them(name: str, about: str, secret: bool) -> None:
    node = Property(False, False, (), (), "", "str", None, about)
    assert node.sounds_secret(name) is secret


@every_type
def test_what_the_contract_requires_is_declared(resource: ResourceType) -> None:
    missing = []
    for name, field, known in nodes(resource, "create_or_update"):
        if wire(field, True).count(".") > 1 or shown_only(resource, name):
            continue  # required in an object that need not be there
        required = [node for node in known if isinstance(node, Property) and node.required]
        if required and not (field.required or field.required_on_create or field.default_on_create is not None):
            missing.append(name)
    allowed = {
        # the tier of an existing service stays when only its capacity is given
        "apim_service": {"sku.name", "additional_locations.sku.name"},
    }.get(resource.name, set())
    assert set(missing) <= allowed


@every_type
def test_nothing_writable_is_forgotten(resource: ResourceType) -> None:
    """A property that the contract lets clients write is an option, or the declaration says why it is none."""
    top = {wire(field, True) for field in resource.fields}
    prefixes = top | set(resource.left_out)
    covered = prefixes | {f"{wire(f, True)}.{wire(inner, False)}" for f in resource.fields for inner in f.fields}
    twins = {field.scalar for field in resource.fields if field.scalar}
    forgotten = []
    for model in models(resource, "create_or_update"):
        for path in model.writable():
            known = (
                path in covered
                or path in ("id", "name")
                or path in twins
                or any(c.startswith(path + ".") for c in covered)
            )
            if not known:
                forgotten.append(path)
    assert sorted(set(forgotten)) == []


@every_type
def test_left_out_properties_exist(resource: ResourceType) -> None:
    known = models(resource, "create_or_update")
    gone = [path for path in resource.left_out if not any(model.resolve(path) for model in known)]
    assert gone == []
    assert all(reason.strip() for reason in resource.left_out.values())


@every_type
def test_operations_exist(resource: ResourceType) -> None:
    for scope, group in zip(resource.scopes, groups(resource), strict=True):
        segments = [segment for segment in scope.segments if segment.option]
        reads = ("check_entity_exists", "get_entity_tag") if resource.link else (scope.operations.get("get", "get"),)
        read = next((verb for verb in reads if operation(group, verb)), reads[0])
        verbs = [read, "create_or_update"]
        verbs += [
            verb
            for verb, is_used in (("delete", "absent" in resource.states), ("update", resource.update == "patch"))
            if is_used
        ]
        for verb in verbs:
            function = operation(group, verb)
            assert function is not None, f"{scope.sdk} has no {verb}"
            assert len(path_parameters(function)) == len(segments), f"{scope.sdk}.{verb}: {path_parameters(function)}"
        if scope.list_sdk or scope.segments[-1].option:
            assert getattr(group, scope.list_sdk, None) is not None, f"{scope.sdk} has no {scope.list_sdk!r}"
        for secret in resource.secrets.values():
            assert getattr(group, secret, None) is not None
        for verb, keywords in resource.queries.items():
            function = operation(group, verb)
            assert function is not None
            assert [keyword for keyword in keywords if not accepts(function, keyword)] == []


@every_type
def test_if_match_is_what_the_contract_takes(resource: ResourceType) -> None:
    for group in groups(resource):
        last = "delete" if "absent" in resource.states else "create_or_update"
        demanded = not resource.link and accepts(operation(group, last), "if_match")
        assert demanded == (resource.if_match is IfMatch.ANY)


@every_type
def test_soft_delete_operations_exist(resource: ResourceType) -> None:
    soft = resource.soft_delete
    if soft is None:
        assert not {"recover", "purge"} & {field.name for field in resource.absent_options}
        return
    group = getattr(client(resource.client), soft.sdk)
    assert path_parameters(getattr(group, soft.get)) == ["service_name", "location"]
    assert path_parameters(getattr(group, soft.purge)) == ["service_name", "location"]
    assert callable(getattr(group, soft.list_all))
    assert {"recover", "purge"} <= {field.name for field in resource.absent_options}
    (body,) = models(resource, "create_or_update")
    assert body.resolve(soft.restore) is not None


@every_type
def test_names_are_ansible_names(resource: ResourceType) -> None:
    every = [name.rsplit(".", 1)[-1] for name, dummy in fields(resource)]
    assert [name for name in every if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name)] == []


@every_type
def test_secrets_are_declared(resource: ResourceType) -> None:
    """Whatever sounds like a secret is declared as one; what is not, is listed here with the reason."""
    harmless = {
        "is_secret",  # a flag
        "secret_identifier",  # an address in a key vault
        "subscription_key_parameter_names",  # names of a header and a query parameter
        "bearer_token_sending_methods",
        "key_vault",
        "key_vault_id",
        "credentials",  # an object; what is secret in it is declared below it
    }
    suspicious = [
        name
        for name, field in fields(resource)
        if re.search(r"secret|password|key|token|credential|encoded", field.name)
        and not field.secret
        and not field.read_only
        and field.name not in harmless
    ]
    assert suspicious == []


@every_type
def test_what_others_write_stays_in_a_put(resource: ResourceType) -> None:
    """A PUT replaces the whole resource: what is only shown here, but can be written elsewhere, has to be repeated."""
    if resource.update != "put" or resource.link:
        return
    lost = [
        wire(field, True)
        for field in resource.fields
        if field.read_only
        and wire(field, True) not in resource.keep_wire
        and any(
            isinstance(node := model.resolve(wire(field, True)), Property) and not node.read_only
            for model in models(resource, "create_or_update")
        )
    ]
    assert lost == []
