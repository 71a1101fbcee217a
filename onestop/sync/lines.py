"""JSON lines, base64, zstd: the bytes that travel, read with a limit on everything."""

import base64
import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import zstandard

MAX_LINE = 256 * 1024  # the largest entry in base64, and room

Plain = dict[str, Any]


class WireError(ValueError):
    """Bytes that are not of this protocol; names the line. For a machine, not for people."""


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def from_b64(text: object) -> bytes:
    """Raises WireError for anything but base64 text."""
    if not isinstance(text, str):
        raise WireError("base64 is text")
    try:
        return base64.b64decode(text, validate=True)
    except ValueError as error:
        raise WireError("not base64") from error


def pack(data: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=3).compress(data)


def unpack(packed: bytes, limit: int) -> bytes:
    """The bytes before `pack`. Raises WireError for rubbish, a cut, or more than `limit` bytes."""
    try:
        claimed = zstandard.get_frame_parameters(packed).content_size
        # A frame may not say its size (streamed): then it is bounded while it is unpacked.
        if claimed not in (zstandard.CONTENTSIZE_UNKNOWN, zstandard.CONTENTSIZE_ERROR) and claimed > limit:
            raise WireError(f"{claimed} bytes unpacked are above the limit of {limit}")
        return zstandard.ZstdDecompressor().decompress(packed, max_output_size=limit, allow_extra_data=False)
    except zstandard.ZstdError as error:
        raise WireError(f"not zstd, cut, or above {limit} bytes unpacked") from error


def write_line(plain: Mapping[str, Any]) -> bytes:
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def split_lines(data: bytes) -> list[bytes]:
    """The lines without their ends; empty ones are none."""
    return [line for line in data.split(b"\n") if line.strip()]


def read_line(line: bytes, number: int = 1) -> Plain:
    """One JSON object. Raises WireError that names the line, counted from 1."""
    if len(line) > MAX_LINE:
        raise WireError(f"line {number}: above {MAX_LINE} bytes")
    try:
        plain = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise WireError(f"line {number}: not JSON") from error
    if not isinstance(plain, dict):
        raise WireError(f"line {number}: not an object")
    return plain


def read_lines(data: bytes) -> list[Plain]:
    """Every line an object. Raises WireError that names the first that is not."""
    return [read_line(line, number) for number, line in enumerate(split_lines(data), 1)]


_T = TypeVar("_T")


def made(number: int, make: Callable[[Plain], _T], plain: Plain) -> _T:
    """Runs a converter of the domain; whatever it dislikes becomes a WireError of that line."""
    try:
        return make(plain)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise WireError(f"line {number}: {error}") from error


def whole(value: object) -> int:
    """A count of this protocol: a whole number, not negative. Raises WireError."""
    if type(value) is not int or not 0 <= value < 2**53:
        raise WireError(f"{value!r:.40} is no whole number")
    return value
