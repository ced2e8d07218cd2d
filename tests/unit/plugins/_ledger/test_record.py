# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The record: what it knows, how it is cut into named values, what a strike forgets."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._ledger.kinds import key_of
from ansible_collections.innergate.azure.plugins.module_utils._ledger.record import Record
from ansible_collections.innergate.azure.plugins.module_utils._ledger.texts import (
    MOST_CHARACTERS,
    NotALedger,
    from_texts,
    to_texts,
)
from hypothesis import given
from hypothesis import strategies as st

NAMES = st.dictionaries(
    st.sampled_from(["apim_product", "apim_product_api", "vnet_subnet", "kubernetes"]),
    st.lists(st.text(min_size=1, max_size=90), min_size=1, max_size=60, unique=True),
)


@given(NAMES, NAMES, st.text(max_size=300), st.lists(st.text(min_size=1, max_size=60), max_size=3, unique=True))
def test_texts_hold_everything_and_fit(
    made: dict[str, list[str]], found: dict[str, list[str]], before: str, environments: list[str]
) -> None:
    keys = {(kind, key_of(kind, name)) for kind, names in made.items() for name in names}
    found = {kind: [name for name in names if (kind, key_of(kind, name)) not in keys] for kind, names in found.items()}
    found = {kind: names for kind, names in found.items() if names}
    record = Record(made, found, {"apim_vnet_connection": {"apim": before}} if found else {})
    for name in environments:
        record.enter(name, {**found, **made, "apim_vnet_connection": ["apim"]})
    assert bool(record.claims) is bool(environments and (made or found))
    texts = to_texts(record)
    assert all(len(text) <= MOST_CHARACTERS for text in texts)
    assert from_texts(texts).as_dict() == record.as_dict()
    assert all(from_texts([text]).only(record).as_dict() == from_texts([text]).as_dict() for text in texts)
    assert not record.beyond(from_texts(texts)) and record.beyond(Record()).as_dict() == record.as_dict()


def test_an_empty_record_needs_no_text() -> None:
    assert to_texts(Record()) == []
    assert not Record()


def test_what_is_part_of_something_made_is_known() -> None:
    record = Record(
        made={"apim_product": ["ours"], "apim_product_api": ["ours/random"]}, found={"apim_product": ["theirs"]}
    )
    assert record.knows("apim_product_policy", "ours") and not record.knows("apim_product_policy", "theirs")
    # It may go before the product.
    assert record.knows("apim_product_api", "ours/random") and not record.knows("apim_product_api", "ours/other")
    objects = {"apim_product": ["ours", "theirs", "new", "new"], "apim_product_policy": ["theirs", "ours"]}
    assert record.unknown(objects) == {"apim_product": ["new"], "apim_product_policy": ["theirs"]}


def test_names_of_azure_are_known_in_any_case_and_those_of_a_cluster_are_not() -> None:
    made = {"apim_api": ["Cubes"], "kubernetes": ["uid/ns/v1/Secret/Web"], "volumes": ["Theirs"]}
    record = Record(made=made, found={"vnet_subnet": ["RG/VNet/one"]})
    assert record.knows("apim_api", "cubes") and record.knows("apim_api_policy", "CUBES")
    assert record.knows("vnet_subnet", "rg/vnet/ONE") and not record.knows("apim_api_operation", "cubes/get")
    objects = {
        "apim_api": ["CUBES", "New", "new"],
        "kubernetes": ["uid/ns/v1/Secret/web", "uid/ns/v1/Secret/Web"],
        "volumes": ["theirs"],
    }
    assert record.unknown(objects) == {
        "apim_api": ["New"],
        "kubernetes": ["uid/ns/v1/Secret/web"],
        "volumes": ["theirs"],
    }


def test_a_strike_forgets_other_spellings_in_azure_only() -> None:
    record = Record(
        made={
            "apim_api": ["Cubes", "other"],
            "apim_api_operation": ["cubes/get", "other/get"],
            "kubernetes": ["uid/ns/v1/Secret/Web"],
        },
        before={"vnet_subnet": {"RG/VNet/one": "no group"}},
    )
    record.strike({"apim_api": ["CUBES"], "kubernetes": ["uid/ns/v1/Secret/web"], "vnet_subnet": ["rg/vnet/one"]})
    assert record.made == {
        "apim_api": ["other"],
        "apim_api_operation": ["other/get"],
        "kubernetes": ["uid/ns/v1/Secret/Web"],
    }
    assert record.before == {}


def test_what_was_recorded_in_two_spellings_was_made() -> None:
    """As versions before this one did."""
    record = Record(
        made={"vnet_subnet": ["rg/vnet/One"]},
        found={"vnet_subnet": ["rg/vnet/one"]},
        before={"vnet_subnet": {"rg/vnet/one": "nsg"}},
    )
    assert from_texts(to_texts(record)).as_dict() == {
        "made": record.made,
        "found": {},
        "before": {},
        "claims": {},
    }


def test_a_strike_forgets_what_was_made_with_its_parts_and_keeps_what_was_found() -> None:
    record = Record(
        made={"apim_product": ["a", "b"], "apim_product_api": ["a/random", "found/random"]},
        found={"apim_product": ["found"]},
        before={"apim_vnet_connection": {"apim": "Internal"}},
    )
    record.strike({"apim_product": ["a", "found"]})
    assert record.made == {"apim_product": ["b"], "apim_product_api": ["found/random"]}
    assert record.found == {"apim_product": ["found"]}
    record.strike({"apim_product": ["b"], "apim_product_api": ["found/random"]})
    assert record.made == {} and record.found == {"apim_product": ["found"]}  # a connection is still to be restored
    record.strike({"apim_vnet_connection": ["apim"]})
    assert not record and record.before == {}


def test_an_environment_wants_what_would_go_or_be_brought_back_until_it_leaves() -> None:
    record = Record(
        made={"apim_product": ["a", "B"], "kubernetes": ["uid/Web"]},
        found={"apim_product": ["found"], "vnet_subnet": ["rg/vnet/one"]},
        before={"vnet_subnet": {"rg/vnet/one": "nsg"}},
    )
    record.enter("one/x", {"apim_product": ["b", "B", "found", "unknown"], "kubernetes": ["uid/web"]})
    record.enter("one/x", {"apim_product": ["a"], "vnet_subnet": ["RG/VNet/one"]})
    record.enter("One/x", {"apim_product": ["a"]})
    record.enter("nothing", {"apim_product": ["found"]})
    of_one = {"apim_product": ["a", "b"], "vnet_subnet": ["RG/VNet/one"]}
    assert record.as_dict()["claims"] == {"One/x": {"apim_product": ["a"]}, "one/x": of_one}
    record.strike({"apim_product": ["A"]})
    assert record.as_dict()["claims"] == {"one/x": {"apim_product": ["b"], "vnet_subnet": ["RG/VNet/one"]}}
    record.enter("one/y", {"apim_product": ["B"]})
    record.enter("two/y", {"apim_product": ["B"]})
    record.leave(["one", "two/x", "unknown"])
    assert record.claims == {"two/y": {"apim_product": ["B"]}} and record.made["apim_product"] == ["B"]
    record.strike({"apim_product": ["B"], "kubernetes": ["uid/Web"], "vnet_subnet": ["rg/vnet/one"]})
    assert not record


def test_of_whole_kinds_an_environment_wants_no_more_what_it_does_not_name() -> None:
    record = Record(made={"apim_product": ["p"], "apim_product_api": ["p/a", "p/b"]})
    record.enter("one", {"apim_product": ["p"], "apim_product_api": ["p/a"]})
    record.enter("one", {"apim_product_api": ["p/b"]}, ["apim_product_api", "apim_product_group"])
    assert record.claims == {"one": {"apim_product": ["p"], "apim_product_api": ["p/b"]}}
    record.enter("one", {}, ["apim_product_api"])
    assert record.claims == {"one": {"apim_product": ["p"]}}


def test_all_parts_are_wanted_while_there_are_some_to_want() -> None:
    record = Record(
        made={"apim_api": ["A"], "apim_product_api": ["found/a"]}, found={"apim_api": ["b"], "apim_product": ["found"]}
    )
    parts = {"apim_api_operation": ["a/*", "b/*"], "apim_product_api": ["Found/*"], "apim_product_group": ["found/*"]}
    record.enter("one", parts)
    assert record.claims == {"one": {"apim_api_operation": ["a/*"], "apim_product_api": ["Found/*"]}}
    record.strike({"apim_product_api": ["found/a"]})
    assert record.claims == {"one": {"apim_api_operation": ["a/*"]}}


def test_what_others_want_is_not_given_up() -> None:
    record = Record(made={"apim_product": ["P", "q"], "kubernetes": ["uid/x"]})
    record.enter("one", {"apim_product": ["p", "q"], "kubernetes": ["uid/x"]})
    record.enter("two", {"apim_product": ["P"], "kubernetes": ["uid/X"]})
    record.give_up({"apim_product": ["p", "q"], "kubernetes": ["uid/x"]}, "one")
    assert record.made == {"apim_product": ["P"]}
    assert record.claims == {"one": {"apim_product": ["p"]}, "two": {"apim_product": ["P"]}}
    record.give_up({"apim_product": ["p"]}, "")
    assert record.made == {"apim_product": ["P"]}


def test_parts_go_also_if_another_run_has_struck_what_they_were_part_of() -> None:
    record = Record(made={"apim_product_api": ["a/random"], "apim_api_operation": ["x/get"]}, found={"apim_api": ["x"]})
    record.strike({"apim_product": ["A"], "apim_api": ["X"]})
    assert record.made == {"apim_api_operation": ["x/get"]}


def test_claims_tell_made_from_found() -> None:
    record = Record()
    record.claim("apim_vnet_connection", "apim", exists=True, before="Internal, subnet")
    record.claim("apim_product", "a", exists=False, before="unused")
    assert record.as_dict() == {
        "made": {"apim_product": ["a"]},
        "found": {"apim_vnet_connection": ["apim"]},
        "before": {"apim_vnet_connection": {"apim": "Internal, subnet"}},
        "claims": {},
    }


def test_what_one_text_has_made_another_one_has_not_found() -> None:
    first = Record(made={"apim_product": ["a"]})
    second = Record(found={"apim_product": ["a", "b"]}, before={"apim_product": {"a": "later", "b": "before"}})
    assert from_texts([*to_texts(second), *to_texts(first)]).as_dict() == {
        "made": {"apim_product": ["a"]},
        "found": {"apim_product": ["b"]},
        "before": {"apim_product": {"b": "before"}},
        "claims": {},
    }


BRACKETS = pytest.param("[" * MOST_CHARACTERS, id="brackets without end")


@pytest.mark.parametrize("text", ["", "no json", "[]", "7", "{}", '{"version": 2}', BRACKETS])
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(NotALedger):
        from_texts([text])


#: What is no names by kind, though some of it could be gone through as if it were.
NO_NAMES: list[Any] = [None, [], "", [1], "apim_product", {"apim_product": None}, {"apim_product": 1}]
NO_NAMES += [{"apim_product": names} for names in ("ours", {"ours": 1}, [1], ["ours", None], [["ours"]])]
#: What is no texts by name.
NO_TEXTS: list[Any] = [None, [], "b", [["rg/vnet/one", "nsg"]], {"rg/vnet/one": None}, {"rg/vnet/one": ["nsg"]}]


@pytest.mark.parametrize(
    "content",
    [
        *({section: names} for section in ("made", "found") for names in NO_NAMES),
        *({"before": before} for before in (None, [], "", [1], *({"vnet_subnet": texts} for texts in NO_TEXTS))),
        *({"claims": claims} for claims in (None, [], "", [1], *({"one": names} for names in NO_NAMES))),
    ],
    ids=json.dumps,
)
def test_other_contents_are_refused(content: dict[str, Any]) -> None:
    with pytest.raises(NotALedger):
        from_texts([json.dumps({"version": 1, **content})])
