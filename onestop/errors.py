"""Everything that may go wrong and that a person at the counter can act on.

    OfficeError
    ├── InputError        what was typed or handed in; `field` names the place
    ├── RuleError         the law or the table of acts does not allow it now
    ├── ConflictError     somebody else was first
    ├── StoreError        the local store: disk, key, version, damage
    ├── SyncError
    │   ├── Offline       no line; a state, not a fault
    │   ├── Refused       the other side said no
    │   └── VersionMismatch
    └── PrintError        paper, printer, PDF

Title and message are Vietnamese and say what to do. Foreign errors become one of
these at one edge; anything else is a bug and is never swallowed.
"""


class OfficeError(Exception):
    """An error for people: what happened (`title`) and what to do (`message`)."""

    def __init__(self, title: str, message: str = "", field: str | None = None) -> None:
        super().__init__(f"{title}: {message}" if message else title)
        self.title = title
        self.message = message
        self.field = field


class InputError(OfficeError):
    """A value that cannot be taken as it is; `field` is the form's own field name."""


class InputErrors(InputError):
    """Several fields at once, so that the page can show one summary."""

    def __init__(self, errors: list[InputError]) -> None:
        first = errors[0]
        super().__init__(f"Cần sửa {len(errors)} chỗ", first.title, first.field)
        self.errors = errors


class RuleError(OfficeError):
    """The act is not legal in this state, for this officer, or lacks a fact."""


class ConflictError(OfficeError):
    """Two officers did what only one may do."""


class StoreError(OfficeError):
    """The local store cannot be opened, read or written."""


class SyncError(OfficeError):
    """Sending to or taking from a hub did not work."""


class Offline(SyncError):
    """No line to the hub."""


class Refused(SyncError):
    """The hub answered no."""


class VersionMismatch(SyncError):
    """Program and hub speak different versions."""


class PrintError(OfficeError):
    """A paper could not be made or printed."""
