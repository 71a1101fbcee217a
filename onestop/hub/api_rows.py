"""Administrators' changes of an office's rows: from its desks to the root, and from there to all of them."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field, JsonValue, StringConstraints

from onestop.domain.entry import EntryError
from onestop.errors import ConflictError, InputError, Offline, Refused, RuleError
from onestop.hub.calls import Caller, HubHere, fault, known
from onestop.hub.hub import Hub
from onestop.hub.office_change import SentRow, put_office_change
from onestop.hub.shapes import Empty, Wide, Words
from onestop.hub.upstream import rows_above
from onestop.store.device_view import Standing
from onestop.sync.wire import MAX_ROWS

router = APIRouter(prefix="/sync/v1", tags=["rows"])

Name = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]+$")]


class RowShape(Wide):
    """A row as it shall be; `value` null takes it away. `was`: version that the desk saw, "" for none."""

    kind: Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")]
    key: Name
    value: JsonValue = None
    was: Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{16})?$")] = ""


class RowsWish(Wide):
    """All of `rows` are written, or none. `officer`: who administers; `words`: what the change is."""

    officer: Name
    words: Words = ""
    rows: Annotated[list[RowShape], Field(max_length=MAX_ROWS)]


@router.post("/rows", responses=known(409))
async def rows(wish: RowsWish, hub: HubHere, caller: Caller) -> Empty:
    """Writes rows of the caller's own office; the officer named must be granted to administer it now.

    409: another desk changed one of them meanwhile, or the office may not change it so.
    """
    sent = [SentRow(each.kind, each.key, each.value, each.was) for each in wish.rows]
    threads = hub.files if hub.ledger.is_relay else hub.database
    try:
        await threads.run(_put, hub, caller, wish, sent)
    except (EntryError, InputError, RecursionError) as error:
        raise fault(422, f"a row cannot be written: {error}"[:500]) from error
    except Offline as error:
        raise fault(503, "the root that keeps the rows is away", **{"Retry-After": "30"}) from error
    except (PermissionError, Refused) as error:
        raise fault(403, f"{error}"[:500]) from error
    except (ConflictError, RuleError) as error:
        raise fault(409, f"{error.title}. {error.message}"[:500]) from error
    hub.wake.ring()
    return Empty()


def _put(hub: Hub, caller: Standing, wish: RowsWish, sent: list[SentRow]) -> None:
    if hub.ledger.is_relay:
        rows_above(hub, wish.model_dump())
    else:
        put_office_change(hub, caller.office, wish.officer, sent, hub.clock())
