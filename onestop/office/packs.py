"""The packs of data that ship with the program."""

import json
from typing import Any

from onestop.paths import resource


def read_pack(name: str) -> Any:
    """The plain JSON of a shipped pack below `resources/packs/`."""
    return json.loads(resource("packs", name).read_text("utf-8"))
