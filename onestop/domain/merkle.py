"""The Merkle tree over a log's records (RFC 6962, RFC 9162): nobody can rewrite it unnoticed.

A node is named by its level (0: leaves) and its place from the left; only full subtrees are
named, and those never change. Hashes are 32 raw bytes.
"""

from collections.abc import Callable, Sequence
from hashlib import sha256

EMPTY = sha256(b"").digest()
"""Root of a log without records."""

HASH_BYTES = 32

Node = Callable[[int, int], bytes]
"""Gives the hash of the full subtree at (level, place)."""


def leaf_hash(data: bytes) -> bytes:
    return sha256(b"\0" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right).digest()


class Frontier:
    """The right edge of a growing tree: the roots of its full subtrees, largest first."""

    __slots__ = ("hashes", "size")

    def __init__(self, size: int = 0, hashes: Sequence[bytes] = ()) -> None:
        if size < 0 or len(hashes) != size.bit_count():
            raise ValueError(f"{len(hashes)} subtrees do not make {size} leaves")
        self.size = size
        self.hashes = list(hashes)

    def append(self, data: bytes) -> list[tuple[int, int, bytes]]:
        """Adds a leaf; gives the nodes it completed as (level, place, hash), the leaf's first."""
        node, level, place = leaf_hash(data), 0, self.size
        completed = [(level, place, node)]
        while place & 1:
            node = node_hash(self.hashes.pop(), node)
            level, place = level + 1, place >> 1
            completed.append((level, place, node))
        self.hashes.append(node)
        self.size += 1
        return completed

    def root(self) -> bytes:
        if not self.hashes:
            return EMPTY
        root = self.hashes[-1]
        for left in reversed(self.hashes[:-1]):
            root = node_hash(left, root)
        return root

    def encode(self) -> bytes:
        return self.size.to_bytes(8, "big") + b"".join(self.hashes)

    @classmethod
    def decode(cls, encoded: bytes) -> "Frontier":
        """Raises ValueError for bytes that `encode` did not make."""
        rest = encoded[8:]
        if len(encoded) < 8 or len(rest) % HASH_BYTES:
            raise ValueError("not a frontier")
        hashes = [rest[at : at + HASH_BYTES] for at in range(0, len(rest), HASH_BYTES)]
        return cls(int.from_bytes(encoded[:8], "big"), hashes)


def root_of(size: int, node: Node) -> bytes:
    """The root over the first `size` leaves."""
    return _range_root(0, size, node) if size else EMPTY


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << ((size - 1).bit_length() - 1)


def _range_root(start: int, end: int, node: Node) -> bytes:
    size = end - start
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return node(level, start >> level)
    middle = start + _split(size)
    return node_hash(_range_root(start, middle, node), _range_root(middle, end, node))


def consistency_proof(old: int, new: int, node: Node) -> list[bytes]:
    """That the log of `new` records begins with the log of `old`. Raises ValueError outside 0..new."""
    if not 0 <= old <= new:
        raise ValueError(f"no proof from {old} to {new} records")
    if old in (0, new):
        return []
    return _subproof(old, 0, new, True, node)


def _subproof(old: int, start: int, end: int, is_whole: bool, node: Node) -> list[bytes]:
    size = end - start
    if old == size:
        return [] if is_whole else [_range_root(start, end, node)]
    left = _split(size)
    middle = start + left
    if old <= left:
        return [*_subproof(old, start, middle, is_whole, node), _range_root(middle, end, node)]
    return [*_subproof(old - left, middle, end, False, node), _range_root(start, middle, node)]


def verify_consistency(
    old_size: int, old_root: bytes, new_size: int, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """RFC 9162, 2.1.4.2."""
    if old_size == new_size:
        return not proof and old_root == new_root
    if old_size == 0:
        return not proof and old_root == EMPTY
    if not 0 < old_size < new_size or not proof:
        return False
    path = list(proof)
    if old_size & (old_size - 1) == 0:
        path.insert(0, old_root)
    return _walk(old_size - 1, new_size - 1, path) == (old_root, new_root)


def _walk(place: int, last: int, path: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    """Both roots that the path leads to; None when it is too long or too short."""
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = path[0]
    for step in path[1:]:
        if last == 0:
            return None
        if place & 1 or place == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new = node_hash(new, step)
        place, last = place >> 1, last >> 1
    return (old, new) if last == 0 else None


def inclusion_proof(place: int, size: int, node: Node) -> list[bytes]:
    """That leaf `place` (from 0) lies in the log of `size` records. Raises ValueError outside it."""
    if not 0 <= place < size:
        raise ValueError(f"no leaf {place} among {size}")
    proof: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if place < middle:
            proof.append(_range_root(middle, end, node))
            end = middle
        else:
            proof.append(_range_root(start, middle, node))
            start = middle
    return proof[::-1]


def verify_inclusion(place: int, size: int, data: bytes, root: bytes, proof: Sequence[bytes]) -> bool:
    """RFC 9162, 2.1.3.2."""
    if not 0 <= place < size:
        return False
    last = size - 1
    node = leaf_hash(data)
    for step in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            node = node_hash(step, node)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            node = node_hash(node, step)
        place, last = place >> 1, last >> 1
    return last == 0 and node == root
