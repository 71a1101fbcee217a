"""Where a dossier stands and who may move it: the two words everything else is built on.

Apart from the dossier itself, because the first window needs only these.
"""

from enum import StrEnum


class State(StrEnum):
    """Where a dossier stands. National codes are in `acts.STATES`."""

    SUBMITTED = "submitted"
    RECEIVED = "received"
    REFUSED = "refused"
    PROCESSING = "processing"
    IN_TRANSIT = "in_transit"
    PROPOSED = "proposed"
    APPROVED = "approved"
    SIGNED = "signed"
    AWAITING_SUPPLEMENT = "awaiting_supplement"
    AWAITING_PAYMENT = "awaiting_payment"
    PAUSED = "paused"
    STOPPED = "stopped"
    WITHDRAWN = "withdrawn"
    COMPLETED = "completed"
    HANDED_OUT = "handed_out"


class Role(StrEnum):
    """What an officer is allowed to be; the words stand in `terms`."""

    RECEPTION = "reception"
    SPECIALIST = "specialist"
    HEAD = "head"
    LEADER = "leader"
    CLERK = "clerk"
    CASHIER = "cashier"
    ADMIN = "admin"
