"""Which dossiers of a hub name which papers; a paper that none names any more is erased."""

from collections.abc import Collection

from sqlalchemy import Connection, and_, delete, select, update

from onestop.store.bulk import rows_in
from onestop.store.tables import blob_refs, blob_streams, blobs


def drop_names(connection: Connection, names: Collection[tuple[str, str]], at: str) -> None:
    """(sha256, dossier) pairs that the law took away at `at`; the files go when the hub tidies up."""
    for sha, dossier in names:
        named = and_(blob_refs.c.sha256 == sha, blob_refs.c.dossier == dossier)
        connection.execute(delete(blob_refs).where(named))
    gone = {sha for sha, _ in names}
    gone -= {sha for (sha,) in rows_in(connection, select(blob_refs.c.sha256), blob_refs.c.sha256, gone)}
    connection.execute(update(blobs).where(blobs.c.sha256.in_(gone)).values(erased_at=at))
    connection.execute(delete(blob_streams).where(blob_streams.c.sha256.in_(gone)))
