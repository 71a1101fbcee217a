"""Codes in modules: the dossier code as QR and as Code 128, a transfer slip as QR; reading machines
give back exactly what went in."""

from functools import lru_cache
from typing import NamedTuple

from onestop.printing.code128 import code128_widths
from onestop.printing.marks import Rectangles


class Modules(NamedTuple):
    """`columns` × `rows` modules without the quiet zone, which the page keeps free."""

    columns: int
    rows: int
    rectangles: Rectangles


@lru_cache(maxsize=64)
def qr_modules(text: str) -> Modules:
    """Error correction M or better; dark runs of a row are one rectangle."""
    return _square(text, "m")


@lru_cache(maxsize=8)
def long_qr_modules(digits: str) -> Modules:
    """A long number: digits alone, error correction L or better."""
    return _square(digits, "l")


def _square(text: str, error: str) -> Modules:
    import segno

    matrix = segno.make(text, error=error, micro=False).matrix
    rectangles: list[tuple[int, int, int, int]] = []
    for row, modules in enumerate(matrix):
        for start, length in _dark_runs(bytes(modules)):
            rectangles.append((start, row, length, 1))
    return Modules(len(matrix), len(matrix), tuple(rectangles))


@lru_cache(maxsize=64)
def code128_modules(text: str) -> Modules:
    """One row of bars."""
    at, rectangles = 0, []
    for index, width in enumerate(map(int, code128_widths(text))):
        if index % 2 == 0:
            rectangles.append((at, 0, width, 1))
        at += width
    return Modules(at, 1, tuple(rectangles))


def _dark_runs(modules: bytes) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for at, module in enumerate(modules):
        if not module:
            continue
        if runs and sum(runs[-1]) == at:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((at, 1))
    return runs
