"""Whether frozen data holds what its fields say: bodies may come from other programs."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, get_args, get_origin


def require_shape(new: Any, old: Any = None) -> None:
    """Raise TypeError where a field of a dataclass, or of one inside it, is of another type.

    What `new` shares with `old`, an earlier state of the same thing, is not looked at again.
    """
    for name, kind, item_kind, is_nested in _shape(type(new)):  # type: ignore[arg-type]  # every class is hashable
        value = getattr(new, name)
        if old is not None and value is getattr(old, name):
            continue
        if not isinstance(value, kind):
            raise TypeError(f"{name} holds {type(value).__name__}")
        if item_kind is not None:
            for item in value:
                if not isinstance(item, item_kind):
                    raise TypeError(f"{name} holds {type(item).__name__}")
                if is_nested:
                    require_shape(item)
        elif is_nested and value is not None:
            require_shape(value)


@cache
def _shape(kind: type) -> tuple[tuple[str, Any, Any, bool], ...]:
    """Each field's name, its type, for a tuple the type of its items, and whether to look inside."""
    return tuple((field.name, *_kinds(field.type)) for field in fields(kind))


def _kinds(kind: Any) -> tuple[Any, Any, bool]:
    if get_origin(kind) is Mapping:
        return Mapping, None, False  # what stands in it is read by whoever knows its keys
    if get_origin(kind) is not tuple:
        return kind, None, any(is_dataclass(each) for each in get_args(kind) or (kind,))
    item = get_args(kind)[0]
    return tuple, get_origin(item) or item, is_dataclass(item)
