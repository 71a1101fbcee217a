"""A head at the tray: looks at each entry, voids what contradicts, ratifies the rest, by keys."""

from dataclasses import dataclass, field

from ui.pages.tray import TrayPage
from ui.pages.tray_read import TrayLine
from ui.tour.counter import Counter
from ui.tour.hand import Stuck

_MOST = 40
_ILLEGAL = "Trái trạng thái hồ sơ"
_QUARANTINED = "Quyền đã bị thu hồi"


@dataclass(slots=True)
class Settled:
    voided: int = 0
    ratified: int = 0
    left: int = 0
    pictures: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def settle_all(desk: Counter) -> Settled:
    """The tray is in front. Ends when nothing is left that somebody can decide."""
    told, page = Settled(), desk.tray()
    desk.officers.hand.wait(lambda: bool(page.lines), "something in the tray")
    _look(desk, page, told, _ILLEGAL, "05-xung-dot")
    page = _look_dark(desk, told)
    _look(desk, page, told, _QUARANTINED, "06-cach-ly")
    for _ in range(_MOST):
        line = next((each for each in page.lines if each.can_be_ratified or each.can_be_voided), None)
        if line is None:
            break
        _settle(desk, page, line, told)
    told.left = len(page.lines)
    if told.left or not told.voided or not told.ratified:
        told.faults.append(f"Cần xử lý còn {told.left}, huỷ {told.voided}, phê chuẩn {told.ratified}")
    desk.officers.hand.press("Ctrl+Tab")
    told.pictures.append(desk.shot("07-ke-cach-ly"))
    desk.officers.hand.press("Ctrl+Tab")
    return told


def _look(desk: Counter, page: TrayPage, told: Settled, short: str, name: str) -> None:
    line = next((each for each in page.lines if each.short == short), None)
    if line is None:
        told.faults.append(f"Không có dòng “{short}” trong Cần xử lý")
        return
    _choose(desk, page, line)
    told.pictures.append(desk.shot(name))


def _look_dark(desk: Counter, told: Settled) -> TrayPage:
    """The same once more in the dark; pages are made anew for another theme."""
    shell = desk.officers.shell
    shell.change_setting("look.theme", "dark")
    desk.officers.hand.wait(lambda: bool(desk.tray().lines), "the tray in the dark")
    _look(desk, desk.tray(), told, _ILLEGAL, "05-xung-dot-toi")
    shell.change_setting("look.theme", "light")
    desk.officers.hand.wait(lambda: bool(desk.tray().lines), "the tray in the light")
    return desk.tray()


def _settle(desk: Counter, page: TrayPage, line: TrayLine, told: Settled) -> None:
    """Ctrl+R or Ctrl+Enter, a reason, Ctrl+Enter; until it has left the list."""
    hand = desk.officers.hand
    _choose(desk, page, line)
    is_void = line.short == _ILLEGAL or not line.can_be_ratified
    before = len(page.lines)
    hand.press("Ctrl+R" if is_void else "Ctrl+Return")
    hand.wait(lambda: page.panel.form is not None, "the form of the tray")
    hand.settle(40)
    hand.fill("Lý do", "Đã đối chiếu với bản giấy và sổ theo dõi của quầy")
    hand.press("Ctrl+Return")
    hand.wait(lambda: page.panel.form is None, "the form closed")
    hand.wait(lambda: line.entry_id not in {each.entry_id for each in page.lines}, "the entry left the tray")
    hand.wait(desk.officers.shell.tasks.is_idle, "the tray read anew")
    count = before - len(page.lines)
    if is_void:
        told.voided += count
    else:
        told.ratified += count


def _choose(desk: Counter, page: TrayPage, line: TrayLine) -> None:
    """From the top of the list down to it; both versions stand beside it."""
    hand = desk.officers.hand
    hand.tab_where(lambda focused: focused is page.table, "the list of the tray")
    hand.press("Up", len(page.lines))
    for _ in range(len(page.lines) + 1):
        current = page.current()
        if current is not None and current.entry_id == line.entry_id:
            break
        hand.press("Down")
    else:
        raise Stuck(f"“{line.words}” is not in the tray")
    hand.wait(lambda: page.case is not None and page.case.entry_id == line.entry_id, "both versions")
