"""All chance and all time of a world come from its seed: keys, ids, salts, every monotonic clock."""

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from onestop.domain.signing import SigningKey
from onestop.office import found
from onestop.office.catalogue import read_catalogue
from onestop.store import anchor, blob_stream
from onestop.sync import client, node, papers, work

_CLOCKED = (anchor, client, node, papers, work)
"""Modules that ask for monotonic seconds."""

_catalogues: dict[Any, Any] = {}


@contextmanager
def seeded(seed: str, monotonic: Callable[[], float], place_of: Callable[[Path], str]) -> Iterator[None]:
    """Within, the program draws its secrets from `seed`; `monotonic` is seconds, `place_of` names
    the machine and folder that an anchor is tied to."""
    random = Random(seed)

    def token(count: int | None = None) -> bytes:
        return random.randbytes(32 if count is None else count)

    def key(_: Any) -> SigningKey:
        return SigningKey(random.randbytes(32))

    patches: list[tuple[Any, str, Any]] = [
        (secrets, "token_bytes", token),
        (blob_stream, "token_bytes", token),
        (secrets, "token_hex", lambda count=32: token(count).hex()),
        (secrets, "randbits", random.getrandbits),
        (os, "urandom", token),
        (SigningKey, "generate", classmethod(key)),
        (anchor, "place_of", place_of),
        (found, "read_catalogue", _read_catalogue),
    ]
    patches += [
        (module, "time", SimpleNamespace(monotonic=monotonic))
        for module in _CLOCKED
        if hasattr(module, "time")
    ]
    with ExitStack() as held:
        for target, name, value in patches:
            held.enter_context(patch.object(target, name, value))
        yield


_real_read_catalogue = read_catalogue


def _read_catalogue(list_reference: Any, is_practice: bool) -> Any:
    """A catalogue takes longer to read than all else of opening a desk; the same rows give the same one."""
    kinds = ("agency", "unit", "officer", "routing", "calendar", "procedure", "provinces")
    rows = {kind: list_reference(kind) for kind in kinds[:4]}
    key = (repr(rows), is_practice)
    if key not in _catalogues:
        _catalogues[key] = _real_read_catalogue(list_reference, is_practice)
    return _catalogues[key]
