"""A dossier as its row: what queues, lists and registers read. Made only from the fold."""

from datetime import datetime
from typing import Any

from onestop.domain.acts import STATES
from onestop.domain.dossier import Dossier
from onestop.domain.moment import to_wire
from onestop.domain.work import queue_at_of, queue_of


def row_of(dossier: Dossier) -> dict[str, Any]:
    """Every column of `dossiers` but `n`."""
    subject, clock, custody = dossier.subject, dossier.clock, dossier.custody
    holder = custody.holder
    return {
        "id": dossier.id,
        "code": dossier.code,
        "state": dossier.state.value,
        "national": STATES[dossier.state].national,
        "procedure_code": subject.procedure.code,
        "procedure_name": subject.procedure.name,
        "sector": subject.procedure.sector,
        "owner_name": subject.owner.name,
        "submitter_name": subject.submitter.name,
        "id_number": subject.owner.id_number or subject.owner.tax_code,
        "phone": subject.submitter.phone or subject.owner.phone,
        "channel": subject.channel,
        "received_at": _wire(clock.received_at),
        "due_at": _wire(clock.due.at),
        "original_due_at": _wire(clock.original_due_at),
        "ended_at": _wire(clock.ended_at),
        "handed_out_at": _wire(dossier.result.handed_out_at),
        "register_no": dossier.register_no,
        "counter": custody.counter,
        "holder_unit": holder.unit if holder else "",
        "holder_officer": (holder.officer or "") if holder else "",
        "is_taken": bool(holder and holder.is_taken),
        "queue": queue_of(dossier),
        "queue_at": queue_at_of(dossier),
        "head": " ".join(dossier.heads),
        "entry_count": dossier.count,
    }


def _wire(moment: datetime | None) -> str | None:
    return to_wire(moment) if moment else None
