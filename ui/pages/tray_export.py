"""The quarantine shelf as a file for the support desk: JSON lines, each with its bytes as they came."""

import json
from pathlib import Path

from onestop.errors import StoreError
from onestop.office.office import Office
from onestop.store.shelf_lines import shelf_lines


def write_shelf(office: Office, path: Path) -> int:
    """How many lines were written. Raises StoreError when the place cannot be written to."""
    with office.store.read() as connection:
        lines = shelf_lines(connection)
    text = "".join(json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n" for line in lines)
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise StoreError("Không ghi được tệp", f"Chọn nơi khác rồi xuất lại ({path.parent}).") from error
    return len(lines)
