"""Erasing by law: bodies, salts and papers go, the signed headers stay and still verify.

(Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15, Điều 14.) Without its salt a body's hash tells
nothing; without its key a paper's file is noise.
"""

from collections.abc import Iterable

from sqlalchemy import Connection, delete, select, update

from onestop.domain.acts import Act
from onestop.domain.settle import Journal, settle
from onestop.store.blob_names import drop_names
from onestop.store.papers import DRAFTS
from onestop.store.tables import blob_keys, blob_moves, dossier_keys, entries, peers


def erase_settled(connection: Connection, dossier_id: str, journal: Journal) -> tuple[str, ...]:
    """Does what the erase entries of a journal ask for; the ids whose bodies went now.

    A desk that has a hub waits for its word: until then the erasing might yet be refused.
    """
    settled = settle(journal)
    if not settled.erased:
        return ()
    spoken = _confirmed(connection, dossier_id)
    names = {name for erase, named in settled.named.items() if erase in spoken for name in named}
    gone = tuple(
        entry.id
        for entry, _ in journal
        if entry.id in names & settled.erased and (entry.body is not None or entry.salt is not None)
    )
    for name in gone:
        bare = update(entries).where(entries.c.id == bytes.fromhex(name))
        connection.execute(bare.values(body=None, salt=None))
    all_erased = names & settled.erased
    _drop_papers(connection, dossier_id, journal, all_erased)
    return gone


def _confirmed(connection: Connection, dossier_id: str) -> set[str]:
    asked = select(entries.c.id).where(entries.c.dossier == dossier_id, entries.c.kind == Act.ERASE.value)
    if connection.execute(select(peers.c.log).limit(1)).first() is not None:
        asked = asked.where(entries.c.cursor.is_not(None))
    return {ident.hex() for (ident,) in connection.execute(asked)}


def _drop_papers(connection: Connection, dossier_id: str, journal: Journal, erased: Iterable[str]) -> None:
    """Keys of papers that only erased entries name; the last key of a file goes too."""
    gone = set(erased)
    kept = {ref.sha256 for entry, _ in journal if entry.id not in gone for ref in entry.header.blobs}
    dropped = {ref.sha256 for entry, _ in journal if entry.id in gone for ref in entry.header.blobs} - kept
    for digest in dropped:
        for table in (blob_keys, blob_moves):
            here = table.c.sha256 == digest
            connection.execute(delete(table).where(here, table.c.dossier == dossier_id))
        others = select(blob_keys.c.dossier).where(
            blob_keys.c.sha256 == digest, blob_keys.c.dossier != DRAFTS
        )
        if connection.execute(others.limit(1)).first() is None:
            connection.execute(delete(blob_keys).where(blob_keys.c.sha256 == digest))
    if dropped:
        drop_names(connection, {(digest, dossier_id) for digest in dropped}, journal[-1][0].header.at)
        _drop_unused_key(connection, dossier_id)


def _drop_unused_key(connection: Connection, dossier_id: str) -> None:
    for holder in (dossier_id, DRAFTS):
        used = select(blob_keys.c.sha256).where(blob_keys.c.dossier == holder)
        if connection.execute(used.limit(1)).first() is None:
            connection.execute(delete(dossier_keys).where(dossier_keys.c.dossier == holder))
