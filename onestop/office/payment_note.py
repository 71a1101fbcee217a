"""The payment note of a dossier: what is owed, what was paid, and that it is no biên lai."""

from onestop.domain.dossier import Dossier
from onestop.errors import PrintError
from onestop.office.deeds import PAY_METHODS
from onestop.office.office import Office
from onestop.printing.papers import Letterhead
from onestop.printing.payment_note import OwedRow, PaidRow, PaymentNotePaper

PAYMENT_NOTE = "GN"
"""Its form number among the papers that are printed here."""


def payment_note_paper(office: Office, dossier: Dossier, head: Letterhead) -> PaymentNotePaper:
    """Raises PrintError for a dossier that nothing was collected for."""
    if not dossier.payments:
        raise PrintError("Hồ sơ chưa thu khoản nào", "Phiếu ghi nhận nộp tiền chỉ in được sau khi đã thu.")
    subject = dossier.subject
    printed = sum(1 for paper in dossier.printed if paper.form == PAYMENT_NOTE)
    return PaymentNotePaper(
        letterhead=head,
        code=dossier.code,
        payer_name=subject.submitter.name or subject.owner.name,
        address=subject.submitter.address or subject.owner.address,
        procedure_name=subject.procedure.name,
        officer_name=office.officer.name,
        made_at=office.now,
        number=f"{dossier.register_no:02d}/{PAYMENT_NOTE}",
        owed=tuple(OwedRow(fee.name, fee.amount_vnd, fee.ground) for fee in subject.fees),
        paid=tuple(
            PaidRow(p.at, PAY_METHODS.get(p.method, "Không ghi"), p.fee_receipt, p.amount_vnd)
            for p in dossier.payments
        ),
        reprint_no=printed,
    )
