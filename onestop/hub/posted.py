"""What a browser posts from a form of ours: text fields, and a file beside them."""

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl

MOST_FIELDS = 8

_BOUNDARY = re.compile(r'multipart/form-data;.*boundary="?([0-9A-Za-z\'()+_,./:=? -]{1,70})"?')
_NAME = re.compile(rb'[ ;]name="([a-z_]{1,40})"')


def posted_fields(kind: str, body: bytes) -> Mapping[str, bytes]:
    """Fields by name, those of a shape no browser sends left out; `kind` is the Content-Type."""
    if kind.startswith("application/x-www-form-urlencoded"):
        return _from_line(body)
    boundary = _BOUNDARY.match(kind)
    return _from_pieces(body, boundary[1].strip().encode("ascii")) if boundary else {}


def _from_line(body: bytes) -> dict[str, bytes]:
    try:
        pairs = parse_qsl(body.decode("ascii"), max_num_fields=MOST_FIELDS)
    except ValueError:
        return {}
    return {name: text.encode() for name, text in pairs}


def _from_pieces(body: bytes, boundary: bytes) -> dict[str, bytes]:
    """RFC 7578: each piece is its heads, an empty line and its bytes as they are."""
    fields = {}
    for piece in (b"\r\n" + body).split(b"\r\n--" + boundary, MOST_FIELDS + 1)[1:]:
        heads, empty, content = piece.partition(b"\r\n\r\n")
        name = _NAME.search(heads)
        if name and empty:
            fields[name[1].decode("ascii")] = content
    return fields
