"""Papers of a dossier as files: into the store, and out of it to be looked at."""

from pathlib import Path

from onestop.domain.entry import BlobRef
from onestop.office.office import Office
from onestop.store.papers import keep_blob, open_blob


def keep_paper(office: Office, path: Path) -> BlobRef:
    """Takes a file into the store before any entry names it. Raises InputError or StoreError."""
    return keep_blob(office.store, path)


def open_paper(office: Office, dossier_id: str, sha256: str) -> bytes:
    """The plain bytes of a dossier's paper. Raises StoreError."""
    return open_blob(office.store, dossier_id, sha256)
