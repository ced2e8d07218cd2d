# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The store: identity, versions, order, atomicity, durability."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from innergate_sandbox.clock import Clock
from innergate_sandbox.store import Entity, Store, parent_id

GROUP = "/subscriptions/S/resourceGroups/Rg"
NETWORK = f"{GROUP}/providers/Microsoft.Network/virtualNetworks/Hub"
NETWORKS, SUBNETS = "Microsoft.Network/virtualNetworks", "Microsoft.Network/virtualNetworks/subnets"


@pytest.fixture
def store() -> Iterator[Store]:
    found = Store(":memory:", Clock())
    yield found
    found.close()


def test_ids_are_one_whatever_their_case_and_keep_their_first_spelling(store: Store) -> None:
    store.put(NETWORK, NETWORKS, {"a": 1})
    again = store.put(NETWORK.upper(), NETWORKS.lower(), {"a": 2})
    assert (again.id, again.type, again.name) == (NETWORK, NETWORKS, "Hub")
    assert len(store.find()) == 1
    found = store.get(NETWORK.lower() + "/")
    assert found is not None
    assert found.body == {"a": 2}


def test_the_version_moves_only_with_a_change(store: Store) -> None:
    first = store.put(NETWORK, NETWORKS, {"a": 1, "b": 2}, {"key": "x"})
    assert store.put(NETWORK, body={"b": 2, "a": 1}).version == first.version
    changed = store.put(NETWORK, body={"a": 1})
    assert changed.version > first.version
    assert changed.hidden == {"key": "x"}
    assert store.put(NETWORK, hidden={"key": "y"}).version > changed.version
    assert store.touch(NETWORK).version > changed.version + 1


def test_versions_increase_over_the_whole_store(store: Store) -> None:
    versions = [store.put(f"{NETWORK}{n % 3}", NETWORKS, {"n": n}).version for n in range(9)]
    assert versions == sorted(set(versions))


def test_an_entity_read_can_be_changed_and_written_back(store: Store) -> None:
    store.put(NETWORK, NETWORKS, {"a": 1})
    found = store.require(NETWORK)
    found.body["a"] = 7
    store.put(found)
    assert store.require(NETWORK).body == {"a": 7}
    assert isinstance(found, Entity)


def test_a_new_entity_needs_a_type(store: Store) -> None:
    with pytest.raises(ValueError, match="type"):
        store.put(NETWORK, body={})


def test_children_come_in_the_order_of_creation_and_only_direct_ones(store: Store) -> None:
    store.put(NETWORK, NETWORKS)
    for name in ("zeta", "alpha", "mid"):
        store.put(f"{NETWORK.upper()}/subnets/{name}", SUBNETS, {"n": name})
    store.put(f"{NETWORK}/subnets/zeta", body={"n": "again"})
    assert [child.name for child in store.children(NETWORK, SUBNETS)] == ["zeta", "alpha", "mid"]
    assert [child.name for child in store.children(GROUP.lower(), NETWORKS)] == ["Hub"]
    assert store.children(GROUP, SUBNETS) == []


def test_find_below_an_id_does_not_take_longer_names(store: Store) -> None:
    store.put(NETWORK, NETWORKS)
    store.put(NETWORK + "/subnets/a", SUBNETS)
    store.put(NETWORK + "-2/subnets/b", SUBNETS)
    assert [found.name for found in store.find(SUBNETS, NETWORK)] == ["a"]
    assert [found.name for found in store.find(under=GROUP)] == ["Hub", "a", "b"]
    assert len(store.find(under="/")) == 3


def test_delete_takes_what_is_below_unless_told_otherwise(store: Store) -> None:
    for name in (NETWORK, NETWORK + "/subnets/a", NETWORK + "2"):
        store.put(name, NETWORKS)
    assert store.delete(NETWORK, cascade=False) == 1
    assert store.get(NETWORK + "/subnets/a") is not None
    store.put(NETWORK, NETWORKS)
    assert store.delete(NETWORK.upper()) == 2
    assert [left.name for left in store.find()] == ["Hub2"]
    assert store.delete(NETWORK) == 0


def test_a_transaction_is_undone_as_a_whole_and_nests(store: Store) -> None:
    with pytest.raises(RuntimeError), store.transaction():
        store.put(NETWORK, NETWORKS)
        raise RuntimeError
    assert store.get(NETWORK) is None
    with store.transaction():
        store.put(NETWORK, NETWORKS)
        with pytest.raises(RuntimeError), store.transaction():
            store.put(NETWORK + "2", NETWORKS)
            raise RuntimeError
    assert [left.name for left in store.find()] == ["Hub"]


def test_what_is_derived_is_read_again_after_every_change_and_every_undoing(store: Store) -> None:
    reads: list[str] = []

    def names(owner: str) -> list[str]:
        reads.append(owner)
        return [entity.name for entity in store.find()]

    def derived(owner: object) -> list[str]:
        return store.derived(owner, lambda: names(str(owner)))

    one, other = "one", "other"
    assert derived(one) == derived(one) == derived(other) == [] and reads == [one, other]
    with pytest.raises(RuntimeError, match="away with it"), store.transaction():
        store.put(NETWORK, NETWORKS, {})
        assert derived(one) == ["Hub"]
        with pytest.raises(LookupError), store.transaction():
            store.delete(NETWORK)
            assert derived(one) == []
            raise LookupError
        assert derived(one) == ["Hub"]
        raise RuntimeError("away with it")
    assert derived(one) == derived(other) == []
    store.put(NETWORK, NETWORKS, {})
    assert derived(one) == derived(other) == ["Hub"]
    store.clear()
    assert derived(one) == []


def test_small_values(store: Store) -> None:
    store.kv_set("a", {"x": [1]})
    assert store.kv_get("a") == {"x": [1]}
    store.kv_set("a", None)
    assert store.kv_get("a", "nothing") == "nothing"


def test_clear_forgets_all_but_the_numbers(store: Store) -> None:
    before = store.put(NETWORK, NETWORKS).version
    store.clear()
    assert store.find() == []
    assert store.put(NETWORK, NETWORKS).version > before


@pytest.mark.parametrize(
    ("resource", "parent"),
    [
        (NETWORK, GROUP),
        (NETWORK + "/subnets/a", NETWORK),
        (NETWORK + "/providers/Microsoft.Authorization/locks/l", NETWORK),
        (GROUP, "/subscriptions/S"),
        ("/subscriptions/S/providers/A.B/locations/w/deletedservices/n", "/subscriptions/S/providers/A.B/locations/w"),
    ],
)
def test_parent(resource: str, parent: str) -> None:
    assert parent_id(resource) == parent


def test_what_was_written_survives_the_death_of_the_process(tmp_path: Path) -> None:
    file = tmp_path / "state.db"
    program = (
        "import os, signal, sys; from innergate_sandbox.store import Store; from innergate_sandbox.clock import Clock\n"
        f"store = Store({str(file)!r}, Clock())\n"
        f"for n in range(50): store.put({NETWORK!r} + str(n), {NETWORKS!r}, {{'n': n}})\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == -9
    store = Store(file, Clock())
    assert len(store.find(NETWORKS)) == 50
    assert file.stat().st_mode & 0o077 == 0
    store.close()
