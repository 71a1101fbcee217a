"""What checks look at, and how they say what differs."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from onestop.store import tables as t
from onestop.store.store import Store

if TYPE_CHECKING:
    pass


def ids_at(store: Store) -> set[str]:
    with store.read() as connection:
        return {ident.hex() for (ident,) in connection.execute(select(t.entries.c.id))}


def shelved_at(store: Store) -> set[str]:
    with store.read() as connection:
        return set(connection.scalars(select(t.shelf.c.entry)))


def differing(one: dict[str, Any], other: dict[str, Any]) -> str:
    keys = [key for key in one.keys() | other.keys() if one.get(key) != other.get(key)]
    return ", ".join(f"{key[:12]}: {one.get(key)} / {other.get(key)}" for key in sorted(keys)[:3])
