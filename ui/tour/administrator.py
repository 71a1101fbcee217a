"""The administrator at the keyboard: Quản trị, section by section."""

from functools import partial

from PySide6.QtWidgets import QListWidget

from ui.tour.hand import Hand, Stuck
from ui.tour.plan import DayOff, RouteEdit


def go_to_section(hand: Hand, words: str) -> None:
    """Ctrl+8, then down the list to the section of that name."""
    hand.press("Ctrl+8")
    sections = hand.tab_to("Các phần quản trị")
    assert isinstance(sections, QListWidget)
    hand.press("Home")
    for _ in range(sections.count()):
        if sections.currentItem().text() == words:
            return
        hand.press("Down")
    raise Stuck(f"no section of the administration is called “{words}”")


def take_day_off(hand: Hand, step: DayOff) -> str:
    """Seen before it is saved; then the dates of open dossiers follow, and who is told is shown."""
    go_to_section(hand, "Lịch làm việc")
    hand.wait(lambda: hand.sees("Thêm vào lịch"), "the calendar")
    hand.push("Thêm vào lịch", then=partial(_type_day_off, hand, step))
    hand.wait(lambda: hand.sees("Xem ảnh hưởng"), "what is not saved yet")
    hand.shot("calendar")
    hand.press("Ctrl+Return")
    hand.wait(lambda: hand.sees("Lưu và tính lại"), "which dossiers are due later")
    hand.shot("calendar-effect")
    hand.press("Ctrl+Return")
    hand.wait(lambda: hand.sees("Xuất danh sách"), "who must be told")
    hand.shot("calendar-told")
    hand.press("Esc")
    return f"Nghỉ {step.day}: hạn trả được tính lại"


def edit_route(hand: Hand, step: RouteEdit) -> str:
    """Found by its name, its second step changed, the picture of it looked at, saved."""
    go_to_section(hand, "Quy trình nội bộ")
    hand.fill("Tìm quy trình", step.name)
    hand.press("Return")
    hand.press("Return")
    hand.wait(lambda: hand.sees("Thêm bước"), "the editor of the route")
    hand.tab_to("Các bước của quy trình")
    hand.press("Home")
    hand.press("Down")
    hand.fill("Giờ làm việc", step.hours)
    hand.press("Tab")
    hand.settle(60)
    hand.shot("route-editor")
    hand.press("Ctrl+S")
    hand.wait(lambda: not hand.sees("Thêm bước"), "the list of routes")
    hand.shot("routes")
    return f"Quy trình {step.name}: bước 2 còn {step.hours} giờ"


def _type_day_off(hand: Hand, step: DayOff) -> None:
    hand.fill("Từ ngày", step.day)
    hand.fill("Lý do", step.reason)
    hand.press("Ctrl+Return")
