"""One officer at the keyboard: the steps of the plan, done on the real window."""

from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QComboBox, QMenu, QPushButton, QWidget

from onestop.domain.acts import RULES, Act
from onestop.domain.deadline import TimeUnit
from onestop.domain.dossier import Dossier
from onestop.domain.moment import local
from onestop.office.deeds import find_dossier
from onestop.office.packs import read_pack
from ui.app import Program
from ui.shell import Shell
from ui.tour.administrator import edit_route, take_day_off
from ui.tour.hand import Hand, Stuck, name_of
from ui.tour.plan import At, DayOff, Do, Intake, PowerCut, Print, RouteEdit, SignIn, Step

STEP = timedelta(seconds=40)
"""What an act takes on the wall clock of the tour."""


class TourClock:
    """Starts somewhere and moves on a little each time a step is done, or by a jump."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def __call__(self) -> datetime:
        return self._now

    def go_to(self, moment: datetime) -> None:
        self._now = max(self._now, moment)

    def tick(self) -> None:
        self._now += STEP


class Officers:
    """Whoever sits at the desk. `ids` maps the plan's keys to dossiers taken in so far."""

    def __init__(self, program: Program, clock: TourClock, out: Path, ids: dict[str, str]) -> None:
        shell = program.shell
        if shell is None:
            raise Stuck("the desk did not open")
        self.shell: Shell = shell
        self.clock = clock
        self.out = out
        self.ids = ids
        self.hand = Hand(shell, out / "pictures")
        self.people: list[dict[str, Any]] = read_pack("practice.json")["citizens"]

    def do(self, step: Step) -> str:
        """Does one step; gives words for the report."""
        self.clock.tick()
        words = "Mất điện"
        match step:
            case At():
                self.clock.go_to(step.moment)
                words = f"Đồng hồ: {local(step.moment):%d/%m/%Y %H:%M}"
            case SignIn():
                words = self._sign_in(step.officer)
            case Intake():
                words = self._intake(step)
            case Do():
                words = self._act(step)
            case Print():
                words = self._print(step)
            case DayOff():
                words = take_day_off(self.hand, step)
            case RouteEdit():
                words = edit_route(self.hand, step)
            case PowerCut():
                pass
        return words

    def dossier(self, key: str) -> Dossier:
        return find_dossier(self.shell.office, self.ids[key])

    # --- signing in

    def _sign_in(self, name: str) -> str:
        self._close_drawer()
        self.hand.press("Ctrl+L")
        self.hand.settle(30)
        self.hand.tab_to("Tìm theo tên")
        self.hand.press("Ctrl+A")
        self.hand.write(name)
        self.hand.press("Return")
        self.hand.wait(lambda: self._sits(name), f"{name} signed in")
        self.hand.settle(40)
        return f"{name} ngồi vào quầy"

    def _sits(self, name: str) -> bool:
        from ui.pages.sign_in import SignInPage

        page = self.shell.findChild(SignInPage)
        return self.shell.office.officer.name == name and (page is None or not page.isVisible())

    # --- intake

    def _intake(self, step: Intake) -> str:
        before = set(self._codes())
        self._close_drawer()
        self.hand.press("Ctrl+N")
        self.hand.wait(lambda: self.hand.sees("Tiếp nhận và in phiếu"), "the intake page")
        self.hand.tab_to("Tên hoặc mã thủ tục")
        self.hand.write(step.procedure_code)
        self.hand.settle(150)
        self.hand.press("Return")
        if step.case:
            self._choose_case(step)
        self.hand.press("F7")
        self.hand.scan(self._card(step.owner))
        self._type_phone(step.owner)
        self._answer_open_questions(step.procedure_code)
        if step.declared:
            self._declare(step)
        if step.fields:
            self._type(step.fields)
            self.hand.shot(f"fee-{step.key}")
        if step.way == "receive":
            self._tick_papers()
        self._send(step)
        self.hand.wait(lambda: bool(set(self._codes()) - before), f"the code of {step.key}")
        code = (set(self._codes()) - before).pop()
        self.ids[step.key] = self._id_of(code)
        self.hand.wait(lambda: self._shows_number(code), f"{code} in big letters")
        if step.way == "receive":
            self.hand.wait(lambda: self.hand.sees("Lưu PDF"), "the receipt beside the page")
            self.hand.rest(0.3)
            self.hand.wait(self.shell.tasks.is_idle, "the picture of the receipt")
            self.hand.shot(f"intake-{step.key}")
        return f"{self.dossier(step.key).subject.procedure.name} · {code}"

    def _choose_case(self, step: Intake) -> None:
        """The digit before its name."""
        from ui.pages.receive_case import CaseButton

        self.hand.tab_where(lambda focused: isinstance(focused, CaseButton), "the cases")
        shown = [each for each in self.shell.findChildren(CaseButton) if each.isVisible()]
        digit = next(no for no, each in enumerate(shown, 1) if each.shown.name.startswith(step.case))
        self.hand.press(str(digit))
        self.hand.settle(60)
        self.hand.shot(f"case-{step.key}")

    def _declare(self, step: Intake) -> None:
        self.hand.push("Điền tờ khai trên máy")
        self.hand.settle(60)
        self._type(step.declared)
        self.hand.shot(f"declaration-{step.key}")

    def _type(self, fields: tuple[tuple[str, str], ...]) -> None:
        for name, text in fields:
            if name.startswith("+"):
                self._choose_in(name[1:], text)
            else:
                self.hand.fill(name, text)

    def _shows_number(self, code: str) -> bool:
        from ui.widgets import BigNumber

        return any(big.number() == code and big.isVisible() for big in self.shell.findChildren(BigNumber))

    def _card(self, owner: int) -> str:
        """The QR text of an invented citizen's card."""
        who = self.people[owner]
        born = "".join(reversed(who["born_on"].split("-"))).rjust(8, "0")  # only the year: 00001958
        issued = "".join(reversed(who["issued_on"].split("-")))
        sex = who["sex"].capitalize()
        parts = (who["id_number"], who["old_id_number"], who["name"], born, sex, who["address"], issued)
        return "|".join(parts)

    def _type_phone(self, owner: int) -> None:
        who = self.people[owner]
        if who["phone"]:
            self.hand.fill("Điện thoại", who["phone"])

    def _answer_open_questions(self, procedure_code: str) -> None:
        """What the catalogue does not know is asked of the officer, never guessed."""
        procedure = self.shell.office.catalogue.procedure(procedure_code)
        if procedure.time_limit.unit is TimeUnit.UNSPECIFIED:
            self.hand.fill("Thời hạn giải quyết", "5")
        if procedure.fee_vnd is None:
            self.hand.fill("Số tiền", "50000")
        if "certify-copy" in procedure.fees:
            self.hand.fill("Số trang", "5")

    def _tick_papers(self) -> None:
        """Every paper that is asked for is on the table."""
        from ui.widgets.checklist import CheckRow

        rows = [
            row
            for row in self.shell.findChildren(CheckRow)
            if row.isVisible() and "Bắt buộc" in row.status()[0]
        ]
        for row in rows:
            self._tab_onto(row)
            if not row.isChecked():
                self.hand.press("Space")

    def _send(self, step: Intake) -> None:
        if step.way == "receive":
            self.hand.press("Ctrl+Return")
        elif step.way == "supplement":
            self.hand.push("Chưa đủ giấy tờ", then=lambda: self.hand.press("Ctrl+Return"))
        else:
            self.hand.push("Từ chối", then=lambda: self._give_reason(step.reason))

    def _give_reason(self, reason: str) -> None:
        self.hand.write(reason)
        self.hand.press("Ctrl+Return")

    # --- acts on the dossier page

    def _act(self, step: Do) -> str:
        before = self.dossier(step.key).count
        self.open(step.key)
        if step.act is Act.ADD_NOTE:
            self._note(step)
        else:
            self.choose(step.act)
            if step.act is not Act.TAKE_OVER:  # done at once: it asks nothing
                self._fill_form(step)
        self.hand.wait(lambda: self.dossier(step.key).count > before, f"{step.act} on {step.key}")
        self.hand.wait(self._is_panel_closed, f"the panel of {step.act} closed")
        self.hand.settle(30)
        return f"{RULES[step.act].done} {self.dossier(step.key).code}"

    def _is_panel_closed(self) -> bool:
        from ui.acts import ActPanel

        panels = self.shell.findChildren(ActPanel)
        return all(panel.form is None for panel in panels if panel.isVisible())

    def open(self, key: str) -> None:
        """Ctrl+K, the code, Enter."""
        from ui.pages.dossier_head import DossierHead

        self._close_drawer()
        code = self.dossier(key).code
        self.hand.press("Ctrl+K")
        self.hand.press("Ctrl+A")
        self.hand.write(code)
        self.hand.wait(lambda: self._is_found(code), f"{code} in the search")
        self.hand.press("Return")

        def is_shown() -> bool:
            heads = self.shell.findChildren(DossierHead)
            return any(head.isVisible() and head.code.text() == code for head in heads)

        self.hand.wait(is_shown, f"the page of {code}")
        self.hand.settle(20)
        self.hand.wait(self.shell.tasks.is_idle, f"all of the page of {code}")
        self.hand.settle(20)

    def _is_found(self, code: str) -> bool:
        from ui.finder import Finder

        finder = self.shell.findChild(Finder)
        if finder is None or not finder.results().isVisible():
            return False
        model = finder.results().model()
        return any(code in str(model.index(row, 0).data()) for row in range(model.rowCount()))

    def choose(self, act: Act) -> None:
        """The filled button by Ctrl+Enter, another by Tab, the rest in the menu “Việc khác”."""
        from ui.pages.dossier_head import ActBar

        bar = next(each for each in self.shell.findChildren(ActBar) if each.isVisible())
        button = bar.findChild(QPushButton, f"act_{act.value}")
        if bar.main is act:
            self.hand.press("Ctrl+Return")
        elif button is not None and button.isVisible():
            self._tab_onto(button)
            self.hand.press("Space")
        else:
            self.hand.push("Việc khác", then=lambda: self._pick(RULES[act].words))

    def _pick(self, words: str) -> None:
        menu = QApplication.activePopupWidget()
        if not isinstance(menu, QMenu):
            raise Stuck("the menu did not open")
        for _ in range(40):
            self.hand.press("Down")
            action: QAction | None = menu.activeAction()
            if action is not None and action.text().replace("&", "") == words:
                self.hand.press("Return")
                return
        raise Stuck(f"“{words}” is not in the menu")

    def _fill_form(self, step: Do) -> None:
        self.hand.settle(40)
        self.hand.wait(self.shell.tasks.is_idle, "what the form reads")
        self._type(step.fields)
        for number in range(step.files):
            self.hand.push("Chọn tệp", then=partial(self._type_path, step.key, number))
            self.hand.settle(50)
            self.hand.wait(self.shell.tasks.is_idle, "the file in the store")
        if step.act is Act.RECEIVE:
            self._tick_papers()
        confirm = self._confirm if step.is_confirmed else None
        self.hand.press("Ctrl+Return", then=confirm)

    def _confirm(self) -> None:
        """Reads the question, goes to the button that says yes, presses it."""
        box = QApplication.activeModalWidget()
        if box is None:
            raise Stuck("nothing asks")
        first = QApplication.focusWidget()
        for _ in range(6):
            focused = QApplication.focusWidget()
            if focused is not None and focused.property("look") in {"primary", "danger"}:
                self.hand.press("Return")
                return
            self.hand.press("Tab")
            if QApplication.focusWidget() is first:
                break
        raise Stuck("the question has no yes")

    def _choose_in(self, name: str, text: str) -> None:
        """A choice: down, line by line, until it reads right."""
        box = self.hand.tab_to(name)
        if not isinstance(box, QComboBox):
            raise Stuck(f"“{name}” is no choice")
        self.hand.press("Home")
        for _ in range(box.count()):
            if text.lower() in box.currentText().lower():
                return
            self.hand.press("Down")
        raise Stuck(f"“{name}” does not offer “{text}”")

    def _type_path(self, key: str, number: int) -> None:
        """The system's own window for files: a path and Enter."""
        self._type_to(scan_of(self.out / "scans", key, number))

    def _note(self, step: Do) -> None:
        self.hand.press("Ctrl+M")
        self.hand.write(step.fields[0][1])
        self.hand.press("Ctrl+Return")

    # --- printing

    def _print(self, step: Print) -> str:
        before = len(self.dossier(step.key).printed)
        self.open(step.key)
        self.hand.press("Ctrl+P")
        self.hand.wait(lambda: self.hand.sees("Lưu PDF"), "the print panel")
        name = f"{self.dossier(step.key).code}-{before + 1}.pdf"
        path = self.out / "papers" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        self.hand.settle(300)
        self.hand.shot(f"print-{step.key}-{before + 1}")
        self.hand.push("Lưu PDF", then=lambda: self._type_to(path))
        self.hand.wait(path.exists, f"{name} written")
        self.hand.wait(lambda: len(self.dossier(step.key).printed) > before, "the print in the journal")
        return f"In giấy tiếp nhận lần {before + 1}: {name}"

    def _type_to(self, path: Path) -> None:
        self.hand.settle(100)
        self.hand.press("Ctrl+A")
        self.hand.write(str(path))
        self.hand.press("Return")

    # --- seeing

    def _close_drawer(self) -> None:
        if self.hand.sees("Lưu PDF"):
            self.hand.tab_to("Lưu PDF")
            self.hand.press("Esc")
            self.hand.settle(30)

    def _codes(self) -> list[str]:
        return [row.row.code for row in self.shell.worklist.newest(limit=200)]

    def _id_of(self, code: str) -> str:
        return next(row.row.id for row in self.shell.worklist.newest(limit=200) if row.row.code == code)

    def _tab_onto(self, widget: QWidget) -> None:
        self.hand.tab_where(lambda focused: focused is widget, name_of(widget))


def scan_of(folder: Path, key: str, number: int) -> Path:
    """A scanned page as a scanner leaves it: a PNG with grey noise, unlike any other."""
    from PySide6.QtCore import QRect, Qt
    from PySide6.QtGui import QColor, QImage, QPainter

    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{key}-{number + 1}.png"
    page = QImage(620, 877, QImage.Format.Format_RGB32)
    page.fill(QColor("#fbfaf6"))
    painter = QPainter(page)
    painter.setPen(QColor("#222222"))
    painter.drawText(
        QRect(60, 60, 500, 80), Qt.AlignmentFlag.AlignCenter, f"BẢN QUÉT {key.upper()} {number + 1}"
    )
    for line in range(22):
        painter.fillRect(60, 170 + line * 28, 500 - (line * 37) % 160, 2, QColor("#777777"))
    painter.end()
    page.save(str(path))
    return path
