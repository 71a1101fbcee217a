"""One procedure under an administrator's hand: its versions, cases and rules, and the receipt they give.

Nothing is saved until “Lưu”; what is typed is asked for before it is left.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from onestop.domain.moment import local_day, show_on
from onestop.domain.person import parse_day
from onestop.domain.procedure import Case, Procedure, Resumption, has_ordinary, row_key
from onestop.errors import InputError
from onestop.office.changing import Changed
from onestop.office.procedure_edit import count_kept, save_procedure, versions_of
from ui import look
from ui.keys import bind
from ui.pages.page import Frame
from ui.pages.procedure_paper import ReceiptCard
from ui.pages.procedure_part import PartEdit
from ui.pages.row_form import Job, RowForm, day_field
from ui.widgets import Card, ComboField, Field, LineField, confirm, label, plain, primary

_RESUMPTIONS = (
    (Resumption.SHIFT.value, "Tính tiếp phần còn lại"),
    (Resumption.RESTART.value, "Tính lại từ đầu"),
)
_WAYS = (("", "Sửa bản đang xem"), ("new", "Bản mới từ một ngày"))
_ORDINARY = "Trường hợp thông thường"
_TYPING_MS, _WIDE = 500, 900


class ProcedureEditor(RowForm):
    """`show_procedure` begins; `closed` when the list shall come back."""

    closed = Signal()

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame, "procedure_editor")
        self._today = local_day(frame.worklist.now())
        self._versions: tuple[Procedure, ...] = ()
        self._draft: Procedure | None = None
        self._start: Procedure | None = None
        self._part_shown = ""
        self.title = label("", "section", is_wrapped=True)
        self.version = ComboField("version", "Phiên bản", ())
        self.way = ComboField("way", "Cách lưu", _WAYS)
        self.day = day_field("effective_on", "Áp dụng từ ngày", self._today)
        self.name = LineField("name", "Tên thủ tục")
        self.sector = LineField("sector", "Lĩnh vực")
        self.resumption = ComboField("resumption", "Sau khi nhận bổ &sung", _RESUMPTIONS)
        self.part = ComboField("part", "Trường hợp đang &xem", ())
        self.edit = PartEdit()
        self.paper = ReceiptCard(frame)
        self.changes = label("", is_wrapped=True)
        self._typing = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._lay_out()
        self._connect()

    # ---- what stands here -------------------------------------------------------------

    def show_procedure(self, code: str, effective_on: str | None = None) -> None:
        """Its version in force, or the one of a day ("" the first)."""
        office = self.frame.office
        self._versions = versions_of(office, code)
        one = next((each for each in self._versions if each.effective_on == effective_on), None)
        self._begin(one or office.catalogue.procedure(code))
        self.frame.tasks.run(
            self, lambda: count_kept(office, code), self._say_kept, self.frame.show_error, busy=False
        )

    def draft(self) -> Procedure:
        """The procedure with all that is typed. Raises InputError for a day that is none."""
        assert self._draft is not None
        whole = self._take_part(self._draft)
        return replace(
            whole,
            name=self.name.text(),
            sector=self.sector.text(),
            resumption=Resumption(self.resumption.key()),
            effective_on=self._effective_on(),
        )

    def catalogue_came(self) -> None:
        """The rows are others now: what is being typed stays, else the version is read anew."""
        if self._draft is None:
            return
        day, self._versions = self._draft.effective_on, versions_of(self.frame.office, self._draft.code)
        one = next((each for each in self._versions if each.effective_on == day), None)
        if one is not None and not self.is_changed():
            self._begin(one)

    def is_changed(self) -> bool:
        if self._start is None:
            return False
        try:
            return self.draft() != self._start or bool(self.way.key())
        except InputError:
            return True

    def may_close(self) -> bool:
        """Asks where something typed would be lost."""
        return not self.is_changed() or confirm(
            self, "Bỏ các thay đổi chưa lưu?", self.title.text(), "Bỏ thay đổi", is_danger=True
        )

    def close_editor(self) -> None:
        if self.may_close():
            self._start = None
            self.closed.emit()

    # ---- saving -----------------------------------------------------------------------

    def job(self) -> Job:
        wanted, is_new = self.draft(), bool(self.way.key())
        return lambda office: save_procedure(office, wanted, is_new)

    def clear_errors(self) -> None:
        super().clear_errors()
        self.edit.clear_errors()

    def show_errors(self, error: InputError) -> None:
        """The case of the first fault comes to the front, so that its field can be marked."""
        first = getattr(error, "errors", [error])[0].field or ""
        if first.startswith("cases."):
            assert self._draft is not None
            self._draft = self._take_part(self._draft)
            self._show_part(self._draft.cases[int(first.split(".")[1]) - 1].id)
        super().show_errors(error)

    def field(self, name: str) -> Field | None:
        """Of a case that is not shown: the choice of cases."""
        prefix = self._prefix()
        if prefix and name.startswith(prefix):
            return self.edit.field(name.removeprefix(prefix))
        if name.startswith("cases."):
            return self.part
        own = super().field(name)
        return own or (self.part if prefix else self.edit.field(name))

    def _saved(self, made: Changed) -> None:
        """What was saved stands here as the version it became."""
        self._draft = self._start = self.draft()
        self.way.set_key("")
        self._show_way()
        super()._saved(made)

    # ---- parts ------------------------------------------------------------------------

    def add_case(self) -> None:
        assert self._draft is not None
        draft = self._take_part(self._draft)
        taken = {case.id for case in draft.cases}
        ident = next(f"c{number}" for number in range(1, len(taken) + 2) if f"c{number}" not in taken)
        new = Case(ident, "", "", draft.components, draft.time_limit, draft.online_limit)
        self._draft = replace(draft, cases=(*draft.cases, new))
        self._show_part(ident)
        self.edit.name.setFocus()
        self._changed()

    def drop_case(self) -> None:
        assert self._draft is not None
        left = tuple(case for case in self._draft.cases if case.id != self._part_shown)
        self._draft = replace(self._draft, cases=left)
        self._show_part("" if has_ordinary(self._draft) else left[0].id)
        self._changed()

    def _take_part(self, draft: Procedure) -> Procedure:
        """The draft with what stands in the fields of the part shown."""
        if not self._part_shown:
            return self.edit.typed(draft)
        cases = (self.edit.typed(case) if case.id == self._part_shown else case for case in draft.cases)
        return replace(draft, cases=tuple(cases))

    def _show_part(self, part: str) -> None:
        draft = self._draft
        assert draft is not None
        self._part_shown = part
        ordinary = (("", _ORDINARY),) if has_ordinary(draft) else ()
        cases = ((case.id, case.name or "Trường hợp mới") for case in draft.cases)
        self.part.set_choices((*ordinary, *cases))
        self.part.set_key(part)
        self.edit.show_part(next((case for case in draft.cases if case.id == part), draft))
        self._drop.setVisible(bool(part) and (has_ordinary(draft) or len(draft.cases) > 1))

    def _part_chosen(self) -> None:
        assert self._draft is not None
        self._draft = self._take_part(self._draft)
        self._show_part(self.part.key())
        self._typing.start()

    def _prefix(self) -> str:
        """Of the names of `InputError.field` for the part shown."""
        cases = self._draft.cases if self._draft else ()
        place = next((no for no, case in enumerate(cases, 1) if case.id == self._part_shown), 0)
        return f"cases.{place}." if place else ""

    # ---- filling ----------------------------------------------------------------------

    def _begin(self, one: Procedure) -> None:
        self.clear_errors()
        self._draft = one
        self.title.setText(f"{one.code} · {one.name}")
        self.version.set_choices(
            [(row_key(each), _version_words(each, self._today)) for each in self._versions]
        )
        self.version.set_key(row_key(one))
        self.version.setVisible(len(self._versions) > 1)
        self.way.set_key("")
        self.day.set_text("")
        self.name.set_text(one.name)
        self.sector.set_text(one.sector)
        self.resumption.set_key(one.resumption.value)
        self._show_part("" if has_ordinary(one) else one.cases[0].id)
        self._start = None
        self._start = self.draft()
        self._show_way()
        self._draw()

    def _version_chosen(self) -> None:
        wanted = self.version.key()
        assert self._draft is not None
        if not self.may_close():
            self.version.set_key(row_key(self._draft))
            return
        one = next(each for each in self._versions if row_key(each) == wanted)
        self._begin(one)

    def _effective_on(self) -> str:
        assert self._draft is not None
        if not self.way.key():
            return self._draft.effective_on
        text = self.day.text()
        return parse_day(text, self._today, "effective_on").isoformat() if text else ""

    def _show_way(self) -> None:
        self.day.setVisible(bool(self.way.key()))
        self._say_changes()

    def _changed(self) -> None:
        self._typing.start()
        self._say_changes()

    def _say_kept(self, count: int) -> None:
        self._kept = count
        self._say_changes()

    def _say_changes(self) -> None:
        since = "từ khi lưu"
        if self.way.key():
            since = f"từ {self.day.text() or 'ngày áp dụng'}"
        self.changes.setText(
            f"{self._kept} hồ sơ đang mở của thủ tục này giữ bản đã tiếp nhận: giấy tờ, hạn trả, phí "
            f"không đổi. Hồ sơ nhận {since} theo nội dung ở đây."
        )

    # ---- the receipt ------------------------------------------------------------------

    def _draw(self) -> None:
        """mẫu 01 under what is typed now; until it can be made, why not."""
        if self._draft is None or not self.isVisible():
            return
        try:
            wanted = self.draft()
        except InputError as error:
            self.paper.show_fault(error)
            return
        self.paper.show_rules(wanted, self._part_shown)

    # ---- parts of the page ------------------------------------------------------------

    def _lay_out(self) -> None:
        self._kept, self._is_turned = 0, False
        back = plain("Về danh sách", icon="arrow-left")
        back.setObjectName("back_to_list")
        back.clicked.connect(self.close_editor)
        self._save = primary("&Lưu thủ tục", "Ctrl+Enter", icon="save")
        self._save.clicked.connect(self.save)
        head = QHBoxLayout()
        head.setSpacing(look.px(12))
        head.addWidget(back)
        head.addWidget(self.title, 1)
        self._turn = plain("Xem giấy", icon="eye")
        self._turn.clicked.connect(self._turn_over)
        head.addWidget(self._turn)
        head.addWidget(self._save)
        self._add = plain("Thêm trường hợp", icon="plus")
        self._drop = plain("Bỏ trường hợp", icon="trash-2")
        self._add.clicked.connect(self.add_case)
        self._drop.clicked.connect(self.drop_case)
        self._form = self._make_form()
        body = QHBoxLayout()
        body.setSpacing(look.px(12))
        body.addWidget(self._form, 3)
        body.addWidget(self.paper, 2)
        self.rows.insertLayout(0, head)
        self.rows.addWidget(self.changes)
        self.rows.addLayout(body, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _turn_over(self) -> None:
        """Where it is narrow: the fields, or the receipt in their place."""
        self._is_turned = not self._is_turned
        self._fit()

    def _fit(self) -> None:
        is_wide = self.width() >= look.px(_WIDE)
        self._turn.setVisible(not is_wide)
        self._turn.setText("  Về nội dung" if self._is_turned else "  Xem giấy")
        self._form.setVisible(is_wide or not self._is_turned)
        self.paper.setVisible(is_wide or self._is_turned)

    def _make_form(self) -> QWidget:
        """The fields, which scroll."""
        inside = QWidget()
        inside.setProperty("look", "clear")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, look.px(8), look.px(8))
        column.setSpacing(look.px(10))
        whole, part = Card(margin=12), Card(margin=12)
        for fields in ((self.version, self.way, self.day), (self.name,), (self.sector, self.resumption)):
            whole.body.addLayout(self._row(*fields))
        chosen = self._row(self.part)
        buttons = QHBoxLayout()
        for button in (self._add, self._drop):
            buttons.addWidget(button)
        buttons.addStretch(1)
        part.body.addLayout(chosen)
        part.body.addLayout(buttons)
        part.body.addWidget(self.edit)
        column.addWidget(whole)
        column.addWidget(part)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(inside)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        return scroll

    def _row(self, *fields: Field) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(look.px(12))
        for field in fields:
            self.fields.append(field)
            row.addWidget(field, 1)
            if isinstance(field, ComboField):
                field.editor.setMinimumContentsLength(8)
        return row

    def _connect(self) -> None:
        self._typing.timeout.connect(self._draw)
        self.version.changed.connect(self._version_chosen)
        self.way.changed.connect(self._show_way)
        self.part.changed.connect(self._part_chosen)
        self.paper.asked.connect(self._draw)
        slots: tuple[tuple[Field, Callable[[], None]], ...] = (
            (self.day, self._changed),
            (self.name, self._changed),
            (self.sector, self._changed),
            (self.resumption, self._changed),
        )
        for field, slot in slots:
            field.changed.connect(slot)
        self.edit.changed.connect(self._changed)
        bind(self, "main_act", self.save)
        bind(self, "next_error", self.errors.next_error)
        bind(self, "previous_error", self.errors.previous_error)


def _version_words(one: Procedure, today: date) -> str:
    if not one.effective_on:
        return "Từ đầu"
    day = date.fromisoformat(one.effective_on)
    return f"Từ {show_on(day)}{' (sẽ áp dụng)' if day > today else ''}"
