"""What a dossier holds, to be read: information, result, fees."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from onestop.domain.data_lookup import is_looked_up, is_taken
from onestop.domain.deadline import OUTCOME_WORDS, outcome
from onestop.domain.declaration import find_form
from onestop.domain.dossier import ComponentLine, Dossier, Fee, Party, Printed
from onestop.domain.moment import show_at, show_on
from onestop.domain.person import show_born_on, show_phone
from onestop.domain.procedure import KIND_WORDS, ComponentKind
from onestop.office.changes import money
from onestop.office.declaring import declared_sections
from onestop.office.deeds import PAY_METHODS
from onestop.office.intake import CHANNELS
from onestop.office.office import Catalogue
from onestop.office.paper_words import form_words
from ui import look
from ui.widgets import EmptyState, label, picture

Pairs = Sequence[tuple[str, str]]
_KINDS = {"charge": "Phí", "levy": "Lệ phí"}


class Sheet(QScrollArea):
    """Sections of label and value, one below the other; filled anew for each dossier."""

    def __init__(self, name: str, words: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(words)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.begin()

    def begin(self) -> None:
        """An empty sheet; the old one goes, the place in it stays."""
        place = self.verticalScrollBar().value()
        room = QWidget()
        room.setProperty("look", "clear")
        self._column = QVBoxLayout(room)
        self._column.setContentsMargins(look.px(4), look.px(8), look.px(12), look.px(8))
        self._column.setSpacing(look.px(8))
        self._place = place
        self.setWidget(room)

    def end(self) -> None:
        self._column.addStretch(1)
        self.verticalScrollBar().setValue(self._place)

    def add_section(self, title: str, pairs: Pairs) -> None:
        """Empty values are left out; a section with none does not appear."""
        kept = [(words, value) for words, value in pairs if value]
        if not kept:
            return
        self._column.addWidget(label(title, "section"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(look.px(16))
        grid.setVerticalSpacing(look.px(4))
        grid.setColumnMinimumWidth(0, look.px(148))
        grid.setColumnStretch(1, 1)
        for row, (words, value) in enumerate(kept):
            name = label(words, "dim", is_wrapped=True)
            grid.addWidget(name, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(_value(value), row, 1)
        self._column.addLayout(grid)
        self._column.addSpacing(look.px(8))

    def add_components(self, lines: Sequence[ComponentLine]) -> None:
        needed = [line for line in lines if line.needed]
        given = sum(line.is_given for line in needed)
        self._column.addWidget(label(f"Thành phần hồ sơ · {given}/{len(needed)} bắt buộc", "section"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(look.px(8))
        grid.setVerticalSpacing(look.px(4))
        grid.setColumnStretch(1, 1)
        for row, line in enumerate(lines):
            icon, role = ("circle-check", "success_icon") if line.is_given else ("minus", "dim")
            grid.addWidget(picture(icon, role, 18), row, 0, Qt.AlignmentFlag.AlignTop)
            told = f"{line.name}\n{line.note}" if is_looked_up(line) else line.name
            grid.addWidget(_value(told), row, 1)
            grid.addWidget(label(_counts(line), "dim"), row, 2, Qt.AlignmentFlag.AlignTop)
        self._column.addLayout(grid)
        self._column.addSpacing(look.px(8))

    def add_empty(self, icon: str, title: str, words: str) -> None:
        self._column.addWidget(EmptyState(icon, title, words), 1)


def _value(text: str) -> QLabel:
    made = label(text, "", is_wrapped=True)
    made.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made


def _counts(line: ComponentLine) -> str:
    counts = ((line.originals, "bản chính"), (line.certified, "chứng thực"), (line.copies, "bản sao"))
    words = " · ".join(f"{count} {what}" for count, what in counts if count)
    if is_taken(line):
        return "lấy từ dữ liệu"
    if line.is_given:
        return "đã xuất trình" if line.kind == ComponentKind.PRESENT else words or "đã nộp"
    if line.needed:
        return "chưa xuất trình" if line.kind == ComponentKind.PRESENT else "chưa nộp"
    return "không bắt buộc" if line.kind == ComponentKind.SUBMIT else _kind_words(line)


def _kind_words(line: ComponentLine) -> str:
    """`nếu có`, `nếu ủy quyền`, `thay bằng dữ liệu`, `xuất trình`."""
    known = {kind.value: words for kind, words in KIND_WORDS.items()}
    return known.get(line.kind, "không bắt buộc").lower()


def show_information(sheet: Sheet, catalogue: Catalogue, dossier: Dossier) -> None:
    subject = dossier.subject
    sheet.begin()
    title = "Chủ hồ sơ" if subject.delegate else "Chủ hồ sơ, người nộp"
    sheet.add_section(title, _party(subject.owner))
    if subject.delegate:
        sheet.add_section("Người nộp", _party(subject.delegate))
    sheet.add_section("Yêu cầu", _request(dossier))
    if subject.components:
        sheet.add_components(subject.components)
    asked = [
        (catalogue.unit_name(c.unit), f"{c.question}\n→ {c.opinion or 'chưa trả lời'}")
        for c in dossier.consultations
    ]
    sheet.add_section("Lấy ý kiến", asked)
    sheet.add_section("Giấy đã in", [_printed_pair(one) for one in reversed(dossier.printed)])
    _add_declaration(sheet, catalogue, dossier)
    sheet.end()


def _add_declaration(sheet: Sheet, catalogue: Catalogue, dossier: Dossier) -> None:
    """What was filled in, under the headings of its form; nothing where the form came on paper."""
    filled = dossier.subject.declaration
    if filled is None:
        return
    form = find_form(catalogue.declarations, filled.form, filled.version)
    for title, told in declared_sections(form, filled.values):
        sheet.add_section(f"Tờ khai · {title}", [(each.words, each.text) for each in told])


def _printed_pair(printed: Printed) -> tuple[str, str]:
    """When, then what and how many; a voided one says so and why."""
    told = f"{form_words(printed.form)}, {printed.copies} bản"
    if printed.replaces_at:
        told = f"{told}\nThay thế giấy cấp lúc {show_at(printed.replaces_at)}"
    if printed.voided_at:
        told = f"{told}\nĐã huỷ lúc {show_at(printed.voided_at)}: {printed.voided_why}"
    return show_at(printed.at), told


def _request(dossier: Dossier) -> Pairs:
    subject, received_at = dossier.subject, dossier.received_at
    return (
        ("Thủ tục", f"{subject.procedure.code} · {subject.procedure.name}"),
        ("Trường hợp", subject.procedure.case_name),
        ("Lĩnh vực", subject.procedure.sector),
        ("Nội dung yêu cầu", subject.content if subject.content != subject.procedure.name else ""),
        ("Tiếp nhận", show_at(received_at) if received_at else ""),
        ("Hình thức nộp", CHANNELS.get(subject.channel, subject.channel)),
        ("Số bộ hồ sơ", str(subject.sets)),
        ("Số vào sổ", str(dossier.register_no or "")),
        ("Ghi chú", subject.note),
    )


def _party(party: Party) -> Pairs:
    where = "Nơi cư trú" if party.kind == "person" else "Địa chỉ"
    return (
        ("Họ tên" if party.kind == "person" else "Tên tổ chức", party.name),
        ("Số định danh", party.id_number),
        ("Mã số thuế", party.tax_code),
        ("Ngày sinh", show_born_on(party.born_on)),
        ("Giới tính", party.sex.capitalize()),
        (where, party.address),
        ("Số điện thoại", show_phone(party.phone)),
        ("Thư điện tử", party.email),
    )


def show_result(sheet: Sheet, dossier: Dossier) -> None:
    result, clock = dossier.result, dossier.clock
    sheet.begin()
    issued = show_on(date.fromisoformat(result.issued_on)) if result.issued_on else ""
    handed = show_at(result.handed_out_at) if result.handed_out_at else ""
    sheet.add_section("Đề xuất", (("Nội dung trình", result.proposal),))
    pairs = (("Số, ký hiệu", result.number), ("Ngày ban hành", issued), ("Tên kết quả", result.title))
    sheet.add_section("Kết quả", pairs)
    if clock.ended_at and result.number:
        first = clock.original_due_at
        kept = OUTCOME_WORDS[outcome(first, clock.ended_at)] if first else ""
        sheet.add_section("Thời hạn", (("Có kết quả lúc", show_at(clock.ended_at)), ("Đánh giá", kept)))
    sheet.add_section("Trả kết quả", (("Người nhận", result.recipient), ("Lúc", handed)))
    if not result.proposal and not result.number:
        sheet.add_empty("file-clock", "Chưa có kết quả", "Kết quả hiện ở đây sau khi trình duyệt và ký.")
    sheet.end()


def show_fees(sheet: Sheet, dossier: Dossier) -> None:
    fees = dossier.subject.fees
    sheet.begin()
    if not fees and not dossier.payments:
        sheet.add_empty("wallet", "Không thu phí, lệ phí", "Hồ sơ này không có khoản phải thu.")
    sheet.add_section("Phải thu", [(_fee_words(fee), money(fee.amount_vnd)) for fee in fees])
    paid = [
        (show_at(p.at), " · ".join(part for part in _payment_parts(p.amount_vnd, p.method, p.fee_receipt)))
        for p in dossier.payments
    ]
    sheet.add_section("Đã thu, đã hoàn", paid)
    if fees or dossier.payments:
        left = dossier.fee_total_vnd - dossier.collected_vnd
        words = "Còn phải thu" if left >= 0 else "Thu thừa"
        sheet.add_section("Tổng cộng", (("Đã thu", money(dossier.collected_vnd)), (words, money(abs(left)))))
    sheet.end()


def _fee_words(fee: Fee) -> str:
    return f"{_KINDS.get(fee.kind, '')}: {fee.name}"


def _payment_parts(amount_vnd: int, method: str, fee_receipt: str) -> list[str]:
    sign = "Thu" if amount_vnd >= 0 else "Hoàn"
    parts = [f"{sign} {money(abs(amount_vnd))}", PAY_METHODS.get(method, method)]
    return [part for part in (*parts, f"biên lai {fee_receipt}" if fee_receipt else "") if part]
