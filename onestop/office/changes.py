"""What a correction changed, line by line, in words a person at the counter reads."""

from collections.abc import Iterable
from dataclasses import dataclass

from onestop.domain.declaration import DeclarationForm
from onestop.domain.dossier import ComponentLine, Fee, Party, Subject
from onestop.domain.person import show_born_on, show_phone
from onestop.office.declaring import declared_changes
from onestop.terms import show

_PARTY = ("name", "id_number", "tax_code", "born_on", "sex", "address", "phone", "email")
_WHO = (("owner", "Chủ hồ sơ"), ("delegate", "Người nộp"))
_NONE = "(trống)"
ORDINARY = "thông thường"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that reads differently now."""

    what: str
    before: str
    after: str

    @property
    def words(self) -> str:
        return f"{self.what}: {self.before or _NONE} → {self.after or _NONE}"


def subject_changes(
    before: Subject, after: Subject, forms: Iterable[DeclarationForm] = ()
) -> tuple[Change, ...]:
    """Every difference between two subjects that papers or lists show. `forms` name declared fields."""
    pairs = [*_plain(before, after), *_people(before, after)]
    pairs += _components(before.components, after.components)
    pairs += _fees(before.fees, after.fees)
    declared = declared_changes(forms, before.declaration, after.declaration)
    pairs += [Change(*what) for what in declared]
    return tuple(change for change in pairs if change.before != change.after)


def _plain(before: Subject, after: Subject) -> list[Change]:
    return [
        Change("Thủ tục", before.procedure.name, after.procedure.name),
        Change("Trường hợp", _case(before), _case(after)),
        Change("Nội dung yêu cầu", before.content, after.content),
        Change("Số bộ", str(before.sets), str(after.sets)),
        Change("Ghi chú", before.note, after.note),
    ]


def _people(before: Subject, after: Subject) -> list[Change]:
    changes = []
    for part, words in _WHO:
        old, new = getattr(before, part) or Party(), getattr(after, part) or Party()
        for name in _PARTY:
            what = f"{words}, {show(name).lower()}"
            changes.append(Change(what, _shown(name, old), _shown(name, new)))
    return changes


def _shown(name: str, party: Party) -> str:
    value: str = getattr(party, name)
    if name == "born_on":
        return show_born_on(value)
    return show_phone(value) if name == "phone" else value


def _case(subject: Subject) -> str:
    return subject.procedure.case_name or (ORDINARY if subject.procedure.name else "")


def _components(before: tuple[ComponentLine, ...], after: tuple[ComponentLine, ...]) -> list[Change]:
    """By name: another case asks for other papers under other numbers."""
    old, new = {line.name: line for line in before}, {line.name: line for line in after}
    changed = [Change(name, _given(old.get(name)), _given(line)) for name, line in new.items()]
    gone = [
        Change(name, _given(line), "không phải nộp")
        for name, line in old.items()
        if name not in new and line.is_given
    ]
    return changed + gone


def _given(line: ComponentLine | None) -> str:
    if line is None or not line.is_given:
        return "chưa nộp"
    counts = ((line.originals, "bản chính"), (line.certified, "bản chứng thực"), (line.copies, "bản sao"))
    return ", ".join(f"{count} {words}" for count, words in counts if count) or "đã nộp"


def _fees(before: tuple[Fee, ...], after: tuple[Fee, ...]) -> list[Change]:
    old = {fee.name: fee.amount_vnd for fee in before}
    return [Change(fee.name, money(old.get(fee.name, 0)), money(fee.amount_vnd)) for fee in after]


def money(amount_vnd: int) -> str:
    """`8.000 đồng`."""
    return f"{amount_vnd:,} đồng".replace(",", ".")
