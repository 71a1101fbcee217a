"""Phiếu ghi nhận nộp tiền: what is owed, what was paid, for the payer's memory. It is no biên lai.

From 01/01/2027 a biên lai is electronic and comes from a recognised system (NĐ 254/2026/NĐ-CP);
this paper only names its series and number where there is one.
"""

from collections.abc import Sequence

from onestop.domain.dossier import Fee, Payment
from onestop.domain.moment import show_at
from onestop.domain.template import Facts
from onestop.errors import PrintError
from onestop.office.deeds import PAY_METHODS
from onestop.office.paper_facts import Asked, dossier_fields, print_fields
from onestop.printing.wording import money, money_words

PAYMENT_NOTE = "GN"
"""Its form number among the papers that are printed here."""

_UNKNOWN_METHOD = "Không ghi"


def payment_note_facts(asked: Asked) -> Facts:
    """Raises PrintError for a dossier that nothing was collected for."""
    office, dossier = asked.office, asked.dossier
    if not dossier.payments:
        raise PrintError("Hồ sơ chưa thu khoản nào", "Phiếu ghi nhận nộp tiền chỉ in được sau khi đã thu.")
    subject = dossier.subject
    payer = subject.submitter if subject.submitter.name else subject.owner
    owed, paid = dossier.fee_total_vnd, dossier.collected_vnd
    fields = dossier_fields(office, dossier) | print_fields(office, dossier, PAYMENT_NOTE)
    fields |= {
        "payer_name": payer.name,
        "payer_address": payer.address or subject.owner.address,
        "owed_total": money(owed),
        "paid_total": money(paid),
        "paid_words": money_words(max(0, paid)),
        "left_to_pay": money(owed - paid) if paid < owed else "",
        "paid_too_much": money(paid - owed) if paid > owed else "",
    }
    rows = {"owed": owed_rows(subject.fees), "payments": payment_rows(dossier.payments)}
    return Facts(dossier.code, office.now, fields, rows)


def owed_rows(fees: Sequence[Fee]) -> tuple[dict[str, str], ...]:
    """Each fee with its reason: how it was counted and by which text."""
    return tuple(
        {
            "no": str(number),
            "name": fee.name,
            "ground": f"({fee.ground})" if fee.ground else "",
            "amount": dotted(fee.amount_vnd),
        }
        for number, fee in enumerate(fees, 1)
    )


def payment_rows(payments: Sequence[Payment]) -> tuple[dict[str, str], ...]:
    """Money taken, or given back: then its amount is below zero."""
    rows = []
    for payment in payments:
        method = PAY_METHODS.get(payment.method, _UNKNOWN_METHOD)
        rows.append(
            {
                "at": show_at(payment.at),
                "method": method if payment.amount_vnd >= 0 else f"Hoàn lại: {method.lower()}",
                "fee_receipt": payment.fee_receipt,
                "amount": dotted(payment.amount_vnd),
            }
        )
    return tuple(rows)


def dotted(amount_vnd: int) -> str:
    """`1.250.000`."""
    return f"{amount_vnd:,}".replace(",", ".")
