"""Papers that prove themselves: the square code of what is printed here, and what one is worth that
somebody brings, decided from this node's own store alone, so with no line too."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection

from onestop.domain.dossier import Dossier, Printed
from onestop.domain.entry import Entry
from onestop.domain.fold import fold
from onestop.domain.moment import show_at
from onestop.domain.proof import Proof, can_prove, make_proof, proof_digits, read_proof
from onestop.domain.template import Facts
from onestop.office.office import Office
from onestop.office.paper_words import form_words
from onestop.store.journal import read_journal
from onestop.store.proofs import DeskKey, find_desk_keys, find_ids_by_code


class Worth(StrEnum):
    """What a paper is worth."""

    GENUINE = "genuine"
    REPLACED = "replaced"
    VOIDED = "voided"
    UNPRINTED = "unprinted"
    STRANGER = "stranger"
    ALTERED = "altered"


WORTH_WORDS = {
    Worth.GENUINE: (
        "Giấy thật",
        "Giấy do quầy ghi bên dưới in và có trong nhật ký hồ sơ. "
        "Hãy so mã hồ sơ, giờ hẹn và số kiểm tra với tờ giấy.",
    ),
    Worth.REPLACED: (
        "Giấy thật nhưng đã được thay thế",
        "Hồ sơ đã đính chính sau khi in giấy này. Hãy dùng giấy in sau đó.",
    ),
    Worth.VOIDED: (
        "Giấy đã huỷ",
        "Giấy này do cơ quan in nhưng sau đó đã huỷ, không còn giá trị.",
    ),
    Worth.UNPRINTED: (
        "Chữ ký đúng, chưa thấy lần in",
        "Giấy do quầy ghi bên dưới ký, nhưng lần in chưa có ở đây: quầy ấy có thể chưa đồng bộ. "
        "Hãy kiểm tra lại sau.",
    ),
    Worth.STRANGER: (
        "Không xác nhận được",
        "Không có quầy nào được tin ở đây ký giấy này. Hãy đối chiếu với cơ quan tiếp nhận theo mã hồ sơ.",
    ),
    Worth.ALTERED: (
        "Mã đã bị sửa",
        "Chữ ký không khớp với nội dung của mã. Đừng tin giấy này; hãy đối chiếu với cơ quan tiếp nhận.",
    ),
}
"""Title and what to do, for the page of a hub and the window of a desk."""


_CHECK_WORDS = "Mã vuông và số kiểm tra cho biết giấy này có thật. "


@dataclass(frozen=True, slots=True)
class PaperCheck:
    """What is known of a paper somebody brought; nothing but `why` is about a person.

    `desk`: the name of the desk that signed, "" where nobody known did; `dossier_id` "" where the
    dossier is not here; `due_now`: its due moment today, None where there is none; `replaced_at`: when
    the paper that replaces this one was printed. `why` it was voided is for officers alone: they wrote it
    for one another, and it may name a person.
    """

    worth: Worth
    proof: Proof
    desk: str = ""
    dossier_id: str = ""
    due_now: datetime | None = None
    replaced_at: datetime | None = None
    why: str = ""

    @property
    def is_good(self) -> bool:
        return self.worth is Worth.GENUINE

    @property
    def title(self) -> str:
        return WORTH_WORDS[self.worth][0]

    @property
    def words(self) -> str:
        return WORTH_WORDS[self.worth][1]

    def short(self) -> str:
        """`Giấy thật · in lúc 20/11/2026 09:15 · số kiểm tra 482 917`; of any other what to do."""
        if not self.is_good:
            return f"{self.title}. {self.words}"
        due, now = _shown(self.proof.due_at), _shown(self.due_now)
        told = (
            self.title,
            f"in lúc {show_at(self.proof.printed_at)}",
            f"hẹn trả nay là {now}" if now not in ("", due) else "",
            f"số kiểm tra {self.proof.check}",
        )
        return " · ".join(filter(None, told))

    def lines(self) -> list[tuple[str, str]]:
        """Label and text of what to compare with the paper; empty where the code cannot be believed."""
        if self.worth is Worth.ALTERED:
            return []
        proof = self.proof
        due, now = _shown(proof.due_at), _shown(self.due_now)
        told = [
            ("Giấy", form_words(proof.form)),
            ("Mã hồ sơ", proof.code),
            ("In lúc", show_at(proof.printed_at)),
            ("Hẹn trả ghi trong mã", due),
            ("Hẹn trả hiện nay", now if now != due else ""),
            ("Giấy thay thế in lúc", _shown(self.replaced_at)),
            ("Quầy in", self.desk),
            ("Số kiểm tra", proof.check if self.desk else ""),
        ]
        return [(label, text) for label, text in told if text]


def proven(office: Office, dossier: Dossier, form: str, facts: Facts) -> Facts:
    """The facts of a paper with its proof; as they are where the code is not one a proof can name. A
    draft proves nothing: nobody has signed it."""
    if not can_prove(form, facts.code) or facts.fields.get("draft_mark"):
        return facts
    proof = make_proof(office.pen.key, form, facts.code, facts.made_at, dossier.due_at)
    fields = {**facts.fields, "check": proof.check, "check_words": _CHECK_WORDS}
    return replace(facts, fields=fields, proof=proof_digits(proof))


def check_paper(connection: Connection, text: str) -> PaperCheck:
    """What the paper with this code is worth. Raises InputError (field `proof`) for another code."""
    proof = read_proof(text)
    keys = find_desk_keys(connection, proof.key_hint)
    signer = next((key for key in keys if proof.is_by(key.public)), None)
    if signer is None:
        return PaperCheck(Worth.ALTERED if keys else Worth.STRANGER, proof)
    checks = [_check(connection, proof, signer, ident) for ident in find_ids_by_code(connection, proof.code)]
    unseen = (Worth.UNPRINTED, Worth.STRANGER)
    found = next((check for check in checks if check.worth not in unseen), None)
    return found or next(iter(checks), PaperCheck(_unprinted(signer), proof, signer.name))


def check_at(office: Office, text: str) -> PaperCheck:
    """As `check_paper`, from the store of this desk."""
    with office.store.read() as connection:
        return check_paper(connection, text)


def _unprinted(signer: DeskKey) -> Worth:
    """Whoever stole a desk has its key: what is not in a journal is then not believed."""
    return Worth.STRANGER if signer.stopped else Worth.UNPRINTED


def _check(connection: Connection, proof: Proof, signer: DeskKey, dossier_id: str) -> PaperCheck:
    journal = read_journal(connection, dossier_id)
    dossier = fold(journal)
    if dossier is None:
        return PaperCheck(_unprinted(signer), proof, signer.name)
    printed = _printing_of(proof, signer.device, dossier.printed, [entry for entry, _ in journal])
    known = PaperCheck(_unprinted(signer), proof, signer.name, dossier_id, dossier.due_at)
    return _judged(known, dossier, printed) if printed else known


def _printing_of(
    proof: Proof, device: str, printed: Sequence[Printed], journal: Sequence[Entry]
) -> Printed | None:
    """A paper is made a moment before its printing is noted: the first note of that desk afterwards."""
    of_desk = {entry.id for entry in journal if entry.header.device == device}
    later = [
        one
        for one in printed
        if one.form == proof.form and one.entry in of_desk and one.at >= proof.printed_at
    ]
    return min(later, key=lambda one: one.at, default=None)


def _judged(known: PaperCheck, dossier: Dossier, printed: Printed) -> PaperCheck:
    corrected = dossier.correction_at
    if printed.voided_at is not None:
        return replace(known, worth=Worth.VOIDED, why=printed.voided_why)
    if corrected is None or known.proof.printed_at >= corrected:
        return replace(known, worth=Worth.GENUINE)
    newer = (one.at for one in dossier.standing_papers(printed.form) if one.at >= corrected)
    return replace(known, worth=Worth.REPLACED, replaced_at=min(newer, default=None))


def _shown(moment: datetime | None) -> str:
    return show_at(moment) if moment else ""
