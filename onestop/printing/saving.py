"""Keeping a paper as a file."""

import os
from pathlib import Path

from onestop.printing.edge import saving_paper


def save_pdf(pdf: bytes, path: Path) -> None:
    """Writes whole or not at all: a half-written file is never left under that name.

    Raises PrintError with advice when the disk is full or the folder cannot be written.
    """
    part = path.with_name(path.name + ".part")
    with saving_paper():
        try:
            with part.open("wb") as file:
                file.write(pdf)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        except OSError:
            part.unlink(missing_ok=True)
            raise
