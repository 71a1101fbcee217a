"""Which dossier may open which blob."""

import secrets
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import Connection, select

from onestop.domain.entry import BlobRef
from onestop.errors import StoreError
from onestop.store.blobs import has_blob, inspect, read_blob, unwrap, wrap, write_blob
from onestop.store.store import Store
from onestop.store.tables import blob_keys, dossier_keys

DRAFTS = "drafts"
"""Holder of blobs that no entry names yet."""


def keep_blob(store: Store, source: Path) -> BlobRef:
    """Takes a file into the store, encrypted, before any entry names it.

    Content that is already there is not written again. Raises InputError or StoreError.
    """
    digest, length, mime = inspect(source)
    with store.write() as connection:
        # The key is settled before the file: two who bring the same content must not seal
        # it under two keys, of which the store would remember one.
        known = _blob_key(connection, digest)
        key = known or secrets.token_bytes(32)
        if known is None:
            _give(connection, DRAFTS, digest, key)
    if known and has_blob(store.blobs_folder, digest):
        return BlobRef(digest, length, mime, "paper")
    return write_blob(store.blobs_folder, source, digest, mime, key)


def give_blobs(connection: Connection, dossier: str, refs: Iterable[BlobRef]) -> None:
    """Lets a dossier open blobs the store already has. Raises StoreError for an unknown one."""
    for ref in refs:
        key = _blob_key(connection, ref.sha256)
        if key is None:
            raise StoreError("Tệp giấy tờ chưa có trong kho", "Hãy chọn hoặc quét lại tệp.", "papers")
        _give(connection, dossier, ref.sha256, key)


def open_blob(store: Store, dossier: str, digest: str) -> bytes:
    """The plain bytes of a dossier's paper. Raises StoreError."""
    with store.read() as connection:
        wrapped = connection.scalar(
            select(blob_keys.c.wrapped).where(blob_keys.c.sha256 == digest, blob_keys.c.dossier == dossier)
        )
        dossier_key = connection.scalar(select(dossier_keys.c.key).where(dossier_keys.c.dossier == dossier))
    if wrapped is None or dossier_key is None:
        raise StoreError("Hồ sơ này không có tệp đó", "Hãy mở lại hồ sơ và chọn giấy tờ trong danh sách.")
    return read_blob(store.blobs_folder, digest, unwrap(dossier_key, digest, wrapped))


def _blob_key(connection: Connection, digest: str) -> bytes | None:
    found = connection.execute(
        select(blob_keys.c.wrapped, dossier_keys.c.key)
        .join(dossier_keys, dossier_keys.c.dossier == blob_keys.c.dossier)
        .where(blob_keys.c.sha256 == digest)
        .limit(1)
    ).first()
    return None if found is None else unwrap(found.key, digest, found.wrapped)


def _give(connection: Connection, dossier: str, digest: str, key: bytes) -> None:
    already = select(blob_keys.c.sha256).where(blob_keys.c.sha256 == digest, blob_keys.c.dossier == dossier)
    if connection.scalar(already):
        return
    wrapped = wrap(_dossier_key(connection, dossier), digest, key)
    connection.execute(blob_keys.insert().values(sha256=digest, dossier=dossier, wrapped=wrapped))


def _dossier_key(connection: Connection, dossier: str) -> bytes:
    key: bytes | None = connection.scalar(select(dossier_keys.c.key).where(dossier_keys.c.dossier == dossier))
    if key is None:
        key = secrets.token_bytes(32)
        connection.execute(dossier_keys.insert().values(dossier=dossier, key=key))
    return key
