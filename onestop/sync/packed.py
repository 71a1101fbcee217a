"""Packed and sealed files: zstd inside a seal, written whole, read in a stream.

Rows and blobs of the store pass through here on their way to a disk, a stick or a hub;
memory stays at a few segments whatever the length.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from zstandard import ZstdCompressor, ZstdDecompressor, ZstdError

from onestop.store.sealed import Opener, SealedReader, SealedWriter, SealTo, Sink, broken
from onestop.store.whole import unreadable, whole_file

_LEVEL = 3
_WINDOW = 8 * 1024 * 1024
"""No file of ours asks for more memory to unpack; one that does is not ours."""


class SealedSink:
    """Where a sealed file is written to, and the key that reads it back once."""

    def __init__(self, packer: Sink, seal: SealedWriter) -> None:
        self._packer = packer
        self.file_key = seal.file_key

    def write(self, data: bytes, /) -> int:
        self._packer.write(data)
        return len(data)


@contextmanager
def packing(out: Sink) -> Iterator[Sink]:
    """What is written comes out packed."""
    with ZstdCompressor(level=_LEVEL).stream_writer(cast(BinaryIO, out), closefd=False) as packer:
        yield packer


@contextmanager
def sealing(target: Path, to: SealTo, purpose: str) -> Iterator[SealedSink]:
    """A packed, sealed file at `target`, there only when the block ended well."""
    with whole_file(target) as file:
        seal = SealedWriter(file, to, purpose)
        with packing(seal) as packer:
            yield SealedSink(packer, seal)
        seal.finish()


@contextmanager
def unsealing(source: Path, opener: Opener, purpose: str) -> Iterator[io.BufferedReader]:
    """The plain stream of a sealed file. Raises StoreError: wrong key, damaged, cut, not ours."""
    try:
        file = source.open("rb")
    except OSError as error:
        raise unreadable(source) from error
    with file:
        yield unpacking(SealedReader(file, opener, purpose))


def unpacking(packed: io.RawIOBase | BinaryIO) -> io.BufferedReader:
    """The plain stream of a packed one."""
    return io.BufferedReader(_Unpacked(packed), 256 * 1024)


class _Unpacked(io.RawIOBase):
    def __init__(self, packed: io.RawIOBase | BinaryIO) -> None:
        super().__init__()
        made = ZstdDecompressor(max_window_size=_WINDOW)
        self._reader = made.stream_reader(cast(BinaryIO, packed), closefd=False)

    def readable(self) -> bool:
        return True

    def readinto(self, target: object) -> int:
        try:
            return int(self._reader.readinto(target))
        except ZstdError as error:
            raise broken() from error
