"""The Merkle tree: against a naive one, and against whoever rewrites the past."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onestop.domain.merkle import (
    EMPTY,
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)

Leaves = list[bytes]
Nodes = dict[tuple[int, int], bytes]

# RFC 6962's reference log: the empty root and that of one empty leaf.
EMPTY_HEX = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
ONE_EMPTY_LEAF_HEX = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"


def naive_root(leaves: Leaves) -> bytes:
    """RFC 6962, 2.1, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\x01" + naive_root(leaves[:split]) + naive_root(leaves[split:])).digest()


def grown(leaves: Leaves) -> tuple[Frontier, Nodes]:
    frontier, nodes = Frontier(), {}
    for leaf in leaves:
        nodes.update({(level, place): node for level, place, node in frontier.append(leaf)})
    return frontier, nodes


def reader(nodes: Nodes):  # type: ignore[no-untyped-def]  # a function of (level, place)
    return lambda level, place: nodes[level, place]


many = st.lists(st.binary(max_size=8), max_size=70)


def test_the_roots_of_the_reference_log() -> None:
    assert EMPTY.hex() == EMPTY_HEX
    frontier = Frontier()
    frontier.append(b"")
    assert frontier.root().hex() == ONE_EMPTY_LEAF_HEX


@given(many)
def test_a_growing_tree_has_the_root_of_the_naive_one(leaves: Leaves) -> None:
    frontier, nodes = grown(leaves)
    assert frontier.size == len(leaves)
    assert frontier.root() == naive_root(leaves) == root_of(len(leaves), reader(nodes))
    again = Frontier.decode(frontier.encode())
    assert (again.size, again.hashes) == (frontier.size, frontier.hashes)


@given(many, st.data())
def test_a_log_that_only_grew_proves_it_and_no_other_can(leaves: Leaves, data: st.DataObject) -> None:
    old = data.draw(st.integers(0, len(leaves)))
    frontier, nodes = grown(leaves)
    old_root = naive_root(leaves[:old])
    proof = consistency_proof(old, len(leaves), reader(nodes))
    assert verify_consistency(old, old_root, len(leaves), frontier.root(), proof)
    assert not verify_consistency(old, old_root, len(leaves), frontier.root(), [*proof, EMPTY])
    if 0 < old < len(leaves):
        assert not verify_consistency(old, old_root, len(leaves), frontier.root(), proof[:-1])
        place = data.draw(st.integers(0, len(proof) - 1))
        broken = [*proof[:place], leaf_hash(proof[place]), *proof[place + 1 :]]
        assert not verify_consistency(old, old_root, len(leaves), frontier.root(), broken)


@given(st.lists(st.binary(min_size=1, max_size=8), min_size=2, max_size=70), st.data())
def test_a_rewritten_past_has_no_proof(leaves: Leaves, data: st.DataObject) -> None:
    """The proof of a log in which one old record was replaced, against what a witness remembers."""
    old = data.draw(st.integers(1, len(leaves) - 1))
    place = data.draw(st.integers(0, old - 1))
    forged = [*leaves[:place], leaves[place] + b"!", *leaves[place + 1 :]]
    frontier, nodes = grown(forged)
    proof = consistency_proof(old, len(forged), reader(nodes))
    assert not verify_consistency(old, naive_root(leaves[:old]), len(forged), frontier.root(), proof)


@given(st.lists(st.binary(max_size=8), min_size=1, max_size=70), st.data())
def test_a_record_proves_that_it_is_in_the_log(leaves: Leaves, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(leaves) - 1))
    frontier, nodes = grown(leaves)
    proof = inclusion_proof(place, len(leaves), reader(nodes))
    size, root = len(leaves), frontier.root()
    assert verify_inclusion(place, size, leaves[place], root, proof)
    assert not verify_inclusion(place, size, leaves[place] + b"!", root, proof)
    assert not verify_inclusion(place, size, leaves[place], root, [*proof, EMPTY])
    assert not verify_inclusion(size, size, leaves[place], root, proof)


@given(
    st.integers(-1, 40),
    st.binary(max_size=32),
    st.integers(-1, 40),
    st.lists(st.binary(max_size=32), max_size=9),
)
def test_any_rubbish_is_answered_no_or_yes_and_never_raises(
    old: int, root: bytes, new: int, proof: list[bytes]
) -> None:
    assert verify_consistency(old, root, new, b"x" * 32, proof) in (True, False)
    assert verify_inclusion(old, new, root, b"x" * 32, proof) is False


@pytest.mark.parametrize("encoded", [b"", b"\0" * 7, b"\0" * 8 + b"x", b"\0" * 7 + b"\2", b"\0" * 7 + b"\1"])
def test_a_damaged_frontier_is_told(encoded: bytes) -> None:
    with pytest.raises(ValueError):
        Frontier.decode(encoded)


@pytest.mark.parametrize(("old", "new"), [(-1, 3), (4, 3)])
def test_no_proof_outside_the_log(old: int, new: int) -> None:
    _, nodes = grown([b"a", b"b", b"c"])
    with pytest.raises(ValueError):
        consistency_proof(old, new, reader(nodes))


def test_leaves_and_nodes_are_hashed_apart() -> None:
    """Else two leaves could be passed off as one node."""
    assert leaf_hash(b"a" * 32 + b"b" * 32) != node_hash(b"a" * 32, b"b" * 32)
