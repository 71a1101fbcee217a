"""A person or an organisation on the intake page: typed, or scanned from a citizen card."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QRadioButton, QVBoxLayout, QWidget

from onestop.domain.card import DAMAGED_ADVICE, CitizenCard, parse_card
from onestop.domain.person import (
    check_id_number,
    check_tax_code,
    normalise_id_number,
    normalise_name,
    normalise_phone,
    parse_born_on,
    show_born_on,
    show_phone,
)
from onestop.domain.place import Place
from onestop.domain.text import fold, nfc
from onestop.errors import InputError
from onestop.office.intake import PartyForm
from ui import look
from ui.pages.receive_scan import CardField, Comparison, Difference
from ui.widgets import ComboField, DateField, Field, LineField, error_words, label
from ui.widgets.place_picker import PlaceField

SEXES = (("", "—"), ("nam", "Nam"), ("nữ", "Nữ"))
CARD_FIELDS = ("id_number", "name", "born_on", "sex", "address")
_ROWS = (
    (("id_number", 4), ("tax_code", 4), ("name", 8)),
    (("born_on", 3), ("sex", 2), ("phone", 3), ("email", 4)),
    (("address", 1),),
)
"""Names and shares of width; hidden ones leave their room to the others."""
_TITLES = {
    "id_number": "Số định danh",
    "name": "Họ, chữ đệm, tên",
    "born_on": "Ngày sinh",
    "sex": "Giới tính",
    "address": "Nơi cư trú",
}


class PartyFields(QWidget):
    """Fields named `prefix.name`, `prefix.id_number`… as in `InputError.field`."""

    changed = Signal()
    left = Signal()
    card_taken = Signal()

    def __init__(
        self, prefix: str, keys: Mapping[str, str], today: Callable[[], date], clock: Callable[[], str]
    ) -> None:
        """`keys` gives each field's title with its access key; `clock` the words of the time now."""
        super().__init__()
        self.prefix, self._today, self._clock = prefix, today, clock
        self.source = ""
        self._provinces: Mapping[str, str] | None = None
        self._agency_code = ""
        self.scan = CardField(f"{prefix}.card")
        self.scan.scanned.connect(self.take_text)
        self._kinds = self._kind_buttons()
        self.fields = self._make_fields(keys)
        self._warning = label("", "warning", is_wrapped=True)
        self._note = label("", "small", is_wrapped=True)
        self.comparison = Comparison(f"{prefix}.comparison")
        self.comparison.decided.connect(self._decided)
        self._lay_out()
        self._show_kind()
        self.show_warnings(())
        self._say_source("")

    # ---- typed values -----------------------------------------------------------------

    def typed(self) -> PartyForm:
        """As it stands, letter by letter: a draft keeps also what is not right yet."""
        texts = {name: self._raw(field) for name, field in self.fields.items()}
        return PartyForm(kind=self.kind(), **texts)

    def fill(self, party: PartyForm, source: str = "") -> None:
        self._check_kind(party.kind)
        for name, field in self.fields.items():
            field.set_text(getattr(party, name))
        self.comparison.hide()
        self._say_source(source)
        self._warn()

    def kind(self) -> str:
        return "organisation" if self._kinds[1].isChecked() else "person"

    def is_empty(self) -> bool:
        return self.typed() == PartyForm(kind=self.kind())

    def set_provinces(self, provinces: Mapping[str, str], agency_code: str = "") -> None:
        """Of ID numbers; places of the agency's own province come first of equals."""
        self._provinces, self._agency_code = provinces, agency_code

    def has_focus(self) -> bool:
        """Whether the keyboard is anywhere in this person."""
        focused = self.window().focusWidget()
        return focused is not None and self.isAncestorOf(focused)

    def field(self, name: str) -> Field | None:
        """The field of `prefix.name`, None when it is not of this person."""
        prefix, _, rest = name.partition(".")
        return self.fields.get(rest) if prefix == self.prefix else None

    def number(self) -> str:
        """What identifies the person or organisation, '' while it is not readable."""
        name, normalise = ("id_number", normalise_id_number)
        if self.kind() == "organisation":
            name, normalise = ("tax_code", check_tax_code)
        text = self.fields[name].text()
        try:
            return normalise(text) if text else ""
        except InputError:
            return ""

    def warnings(self) -> str:
        return self._warning.text()

    # ---- the card ---------------------------------------------------------------------

    def take_text(self, text: str) -> None:
        """What a scanner sent: fills empty fields; what differs is shown, never overwritten."""
        try:
            card = parse_card(text)
        except InputError as error:
            self.scan.set_error(error.message)
            return
        self.scan.set_error("")
        self.take_card(card)

    def take_card(self, card: CitizenCard) -> None:
        self._check_kind("person")
        read = _card_texts(card)
        differences = self._differences(read)
        is_other_person = any(difference.field == "id_number" for difference in differences)
        if not is_other_person:
            self._put({name: text for name, text in read.items() if not self._raw(self.fields[name])})
        self.comparison.show_differences(differences if not is_other_person else self._all(read))
        words = f"Lấy từ mã QR trên thẻ, {self._clock()}"
        if card.is_text_damaged:
            self.scan.set_error(DAMAGED_ADVICE)
        if differences:
            self._say_source(f"{words} · khác với nội dung đã nhập, hãy chọn bên dưới")
            self.comparison.setFocus()
        else:
            self._say_source(f"{words} · hãy đối chiếu với thẻ")
            self._go_on()
        self._warn()
        self.changed.emit()
        self.card_taken.emit()

    def _go_on(self) -> None:
        """From the scan box to the first field the card does not fill; a scan elsewhere moves nothing."""
        if self.scan.editor.hasFocus():
            order = ("name", "born_on", "phone", "address")
            empty = (self.fields[name] for name in order if not self._raw(self.fields[name]))
            next(empty, self.fields["phone"]).setFocus(Qt.FocusReason.TabFocusReason)

    def _differences(self, read: Mapping[str, str]) -> list[Difference]:
        found = []
        for name, text in read.items():
            typed = self._raw(self.fields[name])
            if typed and not self._is_same(name, typed, text):
                found.append(self._difference(name, text))
        return found

    def _all(self, read: Mapping[str, str]) -> list[Difference]:
        """Another person's card: nothing may be mixed, so everything is compared."""
        return [
            self._difference(name, text)
            for name, text in read.items()
            if not self._is_same(name, self._raw(self.fields[name]), text)
        ]

    def _difference(self, name: str, text: str) -> Difference:
        typed = self._raw(self.fields[name])
        shown = [dict(SEXES)[value] if name == "sex" else value for value in (typed, text)]
        return Difference(name, _TITLES[name], shown[0], shown[1], text)

    def _is_same(self, name: str, typed: str, read: str) -> bool:
        if name == "born_on":
            return self._shown_birth(typed) == read
        if name == "id_number":
            return "".join(typed.split()) == read
        # A card writes names as people do; only marks and letters count, not case or blanks.
        return nfc(typed).casefold() == read.casefold() and bool(fold(typed) == fold(read))

    def _decided(self, taken: object) -> None:
        """`taken`: the texts of the card that shall stand, by field; empty to keep what was typed."""
        texts = dict(taken) if isinstance(taken, dict) else {}
        self._put(texts)
        words = f"Lấy từ mã QR trên thẻ, {self._clock()}"
        self._say_source(words if texts else f"Đã so với thẻ lúc {self._clock()}, giữ nội dung đã nhập")
        self.fields["id_number"].setFocus()
        self._warn()
        self.changed.emit()

    def _put(self, texts: Mapping[str, str]) -> None:
        for name, text in texts.items():
            self.fields[name].set_text(text)

    # ---- checks on leaving ------------------------------------------------------------

    def show_warnings(self, warnings: tuple[str, ...]) -> None:
        self._warning.setText("\n".join(warnings))
        self._warning.setVisible(bool(warnings))

    def _warn(self) -> None:
        """Soft: registers hold wrong births and changed sexes, and the counter must go on."""
        number = self.fields["id_number"].text()
        try:
            born_on = self._wire_birth()
            sex = self.fields["sex"].text()
            warnings = check_id_number(number, born_on, sex, self._provinces) if number else ()
        except InputError:
            warnings = ()
        self.show_warnings(warnings if self.kind() == "person" else ())

    def _wire_birth(self) -> str:
        text = self.fields["born_on"].text()
        try:
            return parse_born_on(text, self._today()) if text else ""
        except InputError:
            return ""

    def _shown_birth(self, text: str) -> str:
        """As shown; what cannot be read stays as it is."""
        try:
            return self._read_birth(text)
        except InputError:
            return text

    def _read_birth(self, text: str) -> str:
        return show_born_on(parse_born_on(text, self._today())) if text else ""

    def _say_source(self, words: str) -> None:
        self.source = words
        self._note.setText(words)
        self._note.setVisible(bool(words))
        for name in CARD_FIELDS:
            field = self.fields[name]
            if not field.error():
                field.editor.setAccessibleDescription(words)

    def _edited(self, name: str) -> None:
        """A value typed over a scanned one is no longer the card's."""
        mark = f"đã sửa: {_TITLES.get(name, '').lower()}"
        if self.source.startswith("Lấy từ") and name in CARD_FIELDS and mark not in self.source:
            self._say_source(f"{self.source} · {mark}")
        self.changed.emit()

    def _left(self, name: str) -> None:
        if name in {"id_number", "born_on", "sex"}:
            self._warn()
        self.left.emit()

    # ---- building ---------------------------------------------------------------------

    def _kind_buttons(self) -> tuple[QRadioButton, QRadioButton]:
        person, organisation = QRadioButton("Cá nhân"), QRadioButton("Tổ chức")
        group = QButtonGroup(self)
        for name, button in (("person", person), ("organisation", organisation)):
            button.setObjectName(f"{self.prefix}.{name}")
            group.addButton(button)
            button.clicked.connect(self._kind_chosen)
        person.setChecked(True)
        return person, organisation

    def _check_kind(self, kind: str) -> None:
        self._kinds[1 if kind == "organisation" else 0].setChecked(True)
        self._show_kind()

    def _kind_chosen(self) -> None:
        self._show_kind()
        self._warn()
        self.changed.emit()

    def _show_kind(self) -> None:
        is_person = self.kind() == "person"
        for name in ("id_number", "born_on", "sex"):
            self.fields[name].setVisible(is_person)
        self.fields["tax_code"].setVisible(not is_person)
        self.scan.setVisible(is_person)
        for name, words in (("name", "tên tổ chức"), ("address", "địa chỉ")):
            editor = self.fields[name].editor
            editor.setAccessibleName(_TITLES[name] if is_person else words.capitalize())
        titles = self._titles
        self.fields["name"].label.setText(titles["name"] if is_person else titles["organisation"])

    def _make_fields(self, keys: Mapping[str, str]) -> dict[str, Field]:
        self._titles = dict(keys)
        made: dict[str, Field] = {
            name: LineField(f"{self.prefix}.{name}", keys[name], check=self._check(check))
            for name, check in (
                ("id_number", normalise_id_number),
                ("tax_code", check_tax_code),
                ("name", normalise_name),
                ("phone", normalise_phone),
                ("email", None),
            )
        }
        made["address"] = PlaceField(f"{self.prefix}.address", keys["address"], self._places)
        made["born_on"] = DateField(f"{self.prefix}.born_on", keys["born_on"], self._read_birth, hint="")
        made["sex"] = ComboField(f"{self.prefix}.sex", keys["sex"], SEXES)
        for name in ("id_number", "tax_code", "phone"):
            field = made[name]
            if isinstance(field, LineField):
                field.set_digits()
        for name, each in made.items():
            each.changed.connect(lambda name=name: self._edited(name))
            each.left.connect(lambda name=name: self._left(name))
        return made

    def _places(self, end: str) -> Sequence[Place]:
        """Provinces and communes for the end of an address; read when somebody first types one."""
        from onestop.office.places import look_up, province_of

        return look_up(end, near=province_of(self._agency_code))

    def _check(self, normalise: Callable[[str], str] | None) -> Callable[[str], str] | None:
        """What is wrong, on leaving; an empty field is only asked for when the form is sent."""
        if normalise is None:
            return None

        def check(text: str) -> str:
            try:
                if text:
                    normalise(text)
            except InputError as error:
                return error.message or error_words(error)
            return ""

        return check

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(look.px(8))
        for button in self._kinds:
            head.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        head.addSpacing(look.px(8))
        head.addWidget(self.scan, 1)
        room = self.scan.sizePolicy()
        room.setRetainSizeWhenHidden(True)  # else the two kinds spread over the row
        self.scan.setSizePolicy(room)
        column_box = QVBoxLayout(self)
        column_box.setContentsMargins(0, 0, 0, 0)
        column_box.setSpacing(look.px(8))
        column_box.addLayout(head)
        column_box.addWidget(self._note)
        column_box.addWidget(self.comparison)
        for row in _ROWS:
            column_box.addLayout(self._row(row))
        column_box.addWidget(self._warning)

    def _row(self, places: tuple[tuple[str, int], ...]) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(look.px(12))
        for name, stretch in places:
            row.addWidget(self.fields[name], stretch)
        return row

    def _raw(self, field: Field) -> str:
        if isinstance(field, LineField):
            return field.editor.text()
        return field.text()


def party_form(plain: object) -> PartyForm:
    """A party of the journal as the page types it: births and phones as people write them."""
    values = asdict(plain)  # type: ignore[call-overload]  # Party: the same fields by the same names
    values["born_on"] = show_born_on(values["born_on"])
    values["phone"] = show_phone(values["phone"])
    return PartyForm(**values)


def _card_texts(card: CitizenCard) -> dict[str, str]:
    """What the card says, as the fields show it; without what it does not say."""
    texts = {
        "id_number": card.id_number,
        "name": card.name,
        "born_on": show_born_on(card.born_on),
        "sex": card.sex,
        "address": card.address,
    }
    return {name: text for name, text in texts.items() if text}
