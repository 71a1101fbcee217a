"""Who knows the facts of the slips, by form; a paper of several dossiers can be made of one as well."""

from collections.abc import Mapping
from typing import Final

from onestop.domain.template import Facts
from onestop.office.facts_course import COURSE, course_facts
from onestop.office.facts_many import HANDOVER_LIST, JOINT_RECEIPT, handover_lists, joint_receipt_facts
from onestop.office.facts_slips import (
    ADDRESS_LABEL,
    HAND_OUT_NOTE,
    HANDOVER_SLIP,
    RESULT_SLIP,
    hand_out_facts,
    handover_facts,
    label_facts,
    result_slip_facts,
)
from onestop.office.paper_facts import Asked, Maker
from onestop.office.payment_note import PAYMENT_NOTE, payment_note_facts


def _joint_of_one(asked: Asked) -> Facts:
    return joint_receipt_facts([asked])


def _list_of_one(asked: Asked) -> Facts:
    return handover_lists([asked])[0]


SLIP_MAKERS: Final[Mapping[str, Maker]] = {
    PAYMENT_NOTE: payment_note_facts,
    HAND_OUT_NOTE: hand_out_facts,
    HANDOVER_SLIP: handover_facts,
    RESULT_SLIP: result_slip_facts,
    ADDRESS_LABEL: label_facts,
    COURSE: course_facts,
    HANDOVER_LIST: _list_of_one,
    JOINT_RECEIPT: _joint_of_one,
}
