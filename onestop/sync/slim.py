"""Lines without what the other side can work out: most of an entry is hashes, which zstd cannot pack.

In a header, the hash of its own body and the ids of entries on earlier lines of the same message become
marks: "~b" and "~3" (line 3, counted from 1). A body goes as the text it is. `h` and `b` become `c` and
`t`; a record's `ref` goes where it is the entry's own id. Lines with `h` and `b` are read as ever.
"""

import json
import re
from typing import Any

from onestop.domain.entry import body_hash, entry_id
from onestop.domain.offer import Offer
from onestop.sync.lines import Plain, WireError, b64, from_b64

_HASH = re.compile(r'"([0-9a-f]{64})"')
_MARK = re.compile(r'"~(b|[0-9]{1,6})"')


class Slimmer:
    """The lines of one message on their way out, in their order."""

    def __init__(self) -> None:
        self._lines: dict[str, str] = {}

    def slim(self, plain: Plain, offer: Offer, number: int) -> Plain:
        """The line without what is known; `plain` as `offer_plain` or `record_plain` gives it."""
        ident = entry_id(offer.header)
        made = dict(plain)
        if '"~' not in plain["h"]:
            own = None if offer.body is None else body_hash(offer.salt or b"", offer.body)
            made["c"] = _HASH.sub(lambda found: f'"{self._mark(found[1], own)}"', made.pop("h"))
        text = _as_text(offer.body, plain["b"])
        if text is not None:
            made["t"] = text
            del made["b"]
        if plain.get("ref") == ident:
            del made["ref"]
        self._lines[ident] = f"~{number}"
        return made

    def _mark(self, hexed: str, own: str | None) -> str:
        return "~b" if hexed == own else self._lines.get(hexed, hexed)


def _as_text(body: bytes | None, base64: str | None) -> str | None:
    """The body as text, where that is no longer than base64."""
    if body is None or base64 is None:
        return None
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return None
    return text if len(json.dumps(text, ensure_ascii=False).encode()) <= len(base64) + 2 else None


class Filler:
    """The lines of one message on their way in, in their order."""

    def __init__(self) -> None:
        self._headers: dict[int, bytes] = {}

    def whole(self, plain: Plain, number: int) -> Plain:
        """The line as if nothing had been left out. Raises WireError."""
        try:
            return self._whole(dict(plain), number)
        except (AttributeError, TypeError, ValueError) as error:
            raise WireError(f"line {number}: {error}") from error

    def _whole(self, plain: Plain, number: int) -> Plain:
        if "t" in plain:
            plain["b"] = b64(plain.pop("t").encode())
        if "c" in plain:
            plain["h"] = _MARK.sub(lambda found: f'"{self._named(found[1], plain)}"', plain.pop("c"))
        if isinstance(plain.get("h"), str):
            self._headers[number] = plain["h"].encode()
            if "cursor" in plain and "ref" not in plain:
                plain["ref"] = entry_id(self._headers[number])
        return plain

    def _named(self, mark: str, plain: Plain) -> str:
        if mark == "b":
            return body_hash(_bytes(plain.get("salt")), _bytes(plain.get("b")))
        header = self._headers.get(int(mark))
        if header is None:
            raise WireError(f"no entry on line {mark}")
        return entry_id(header)


def _bytes(text: Any) -> bytes:
    return b"" if text is None else from_b64(text)
