"""A field of a template as people see it: its meaning, and a sample of what stands there."""

from typing import NamedTuple


class FieldSample(NamedTuple):
    """What people call the field, and a sample of it."""

    words: str
    sample: str
