"""The thermal printer at the counter: set and tried in the settings, given a receipt as any printer is."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageFilter
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from onestop.errors import PrintError
from onestop.office.deeds import find_dossier
from onestop.office.papers import paper_pdf
from onestop.settings import Settings
from tests.office_desk import Seat, receive, seated
from tests.slip_printer import codes_on, decoded, slip_printer
from tests.ui.desk import opened, settle
from ui.app import Program
from ui.pages.settings import SettingsPage
from ui.printer import Job, Printer, print_job
from ui.printing import PrintPanel
from ui.shell import Shell
from ui.tasks import Cancelled, Progress, Report
from ui.thermal import thermal_printers
from ui.widgets.field import ComboField, Field

BIRTH = "1.001193"
FIELDS = ("network", "queue", "file", "feed_mm", "cut")


def at_desk(way: str, where: str) -> Settings:
    return Settings({"print.thermal_way": way, f"print.thermal_{way}": where})


# --- A receipt


@pytest.fixture
def seat(tmp_path: Path) -> Iterator[Seat]:
    with seated(tmp_path / "store") as made:
        yield made


def worn(slip: Image.Image) -> Image.Image:
    """The head of a slip as a phone sees it: dots half a dot too fat all around, askew, a little blurred."""
    head = slip.convert("L").crop((0, 0, slip.width, 700))
    paper = Image.new("L", (640, 764), 255)
    paper.paste(head, (32, 32))
    fat = paper.resize((1920, 2292), Image.Resampling.NEAREST).filter(ImageFilter.MinFilter(3))
    return fat.rotate(1.5, Image.Resampling.BICUBIC, fillcolor=255).filter(ImageFilter.GaussianBlur(2))


def test_a_receipt_comes_out_of_the_roll_and_can_be_read_back(seat: Seat) -> None:
    dossier = receive(seat, procedure=BIRTH)
    pdf = paper_pdf(seat.office, dossier.id, "01", "K80", 2)
    told: list[object] = []
    with slip_printer() as machine:
        [printer] = thermal_printers(at_desk("network", machine.address))
        assert printer.name == f"Máy in nhiệt K80 ({machine.address})"
        assert print_job(Job(dossier.code, pdf, printer), Progress(told.append)) == 2
    assert machine.roll.rubbish == []
    assert len(machine.roll.slips) == 2
    for slip in machine.roll.slips:
        codes = codes_on(slip)
        assert codes["Code 128"] == dossier.code
        assert len(codes["QR Code"]) > 200, "what proves the receipt"
        assert codes_on(worn(slip)) == codes
    assert Report(1, 2, "phiếu 2/2") in told


def test_a_sheet_of_a5_is_no_slip(seat: Seat, tmp_path: Path) -> None:
    dossier = receive(seat, procedure=BIRTH)
    pdf = paper_pdf(seat.office, dossier.id, "01", "A5", 1)
    [printer] = thermal_printers(at_desk("file", str(tmp_path / "lp0")))
    with pytest.raises(PrintError, match="khổ K80"):
        print_job(Job(dossier.code, pdf, printer), Progress(lambda _: None))
    assert not (tmp_path / "lp0").exists()


def test_what_is_cancelled_in_time_prints_nothing(seat: Seat, tmp_path: Path) -> None:
    dossier = receive(seat, procedure=BIRTH)
    pdf = paper_pdf(seat.office, dossier.id, "01", "K80", 2)
    [printer] = thermal_printers(at_desk("file", str(tmp_path / "lp0")))
    progress = Progress(lambda _: progress.cancel())
    with pytest.raises(Cancelled):
        print_job(Job(dossier.code, pdf, printer), progress)
    assert not (tmp_path / "lp0").exists()


def test_a_desk_without_one_lists_none() -> None:
    assert thermal_printers(Settings()) == ()
    assert thermal_printers(at_desk("queue", "  ")) == ()


# --- The settings


def settings_page(qtbot: QtBot, program: Program) -> tuple[Shell, SettingsPage]:
    shell = opened(qtbot, program)
    shell.activateWindow()
    shell.go("settings")
    page = shell.page("settings")
    assert isinstance(page, SettingsPage)
    return shell, page


def choose(page: SettingsPage, way: str) -> None:
    field = page.editors["print.thermal_way"]
    assert isinstance(field, ComboField)
    field.set_key(way)
    field.changed.emit()


def line_of(page: SettingsPage, key: str) -> QLineEdit:
    found = page.editors[key].findChild(QLineEdit)
    assert found is not None
    return found


def shown(page: SettingsPage) -> list[str]:
    editors: dict[str, QWidget] = {each: page.editors[f"print.thermal_{each}"] for each in FIELDS}
    return [each for each, editor in editors.items() if not editor.isHidden()]


def test_the_settings_show_only_what_the_way_needs(qtbot: QtBot, program: Program, pictures: Path) -> None:
    _, page = settings_page(qtbot, program)
    assert shown(page) == []
    assert page.thermal.button.isHidden()
    for way in ("network", "queue", "file"):
        choose(page, way)
        assert shown(page) == [way, "feed_mm", "cut"]
    page.grab().save(str(pictures / "settings-thermal.png"))


def test_a_slip_tries_the_printer_out(qtbot: QtBot, program: Program, pictures: Path) -> None:
    shell, page = settings_page(qtbot, program)
    choose(page, "network")
    page.thermal.try_out()
    assert "Điền nơi nối" in page.thermal.strip.words()
    with slip_printer() as machine:
        line = line_of(page, "print.thermal_network")
        line.setFocus()
        line.setText(machine.address)
        page.thermal.button.click()
        assert shell.settings.text("print.thermal_network") == machine.address
        settle(qtbot, program, lambda: "Đã gửi phiếu in thử" in page.thermal.strip.words())
        [slip] = machine.roll.slips
    assert codes_on(slip)["Code 128"] == "IN THU"
    assert machine.roll.rubbish == []
    page.grab().save(str(pictures / "settings-thermal-tried.png"))
    slip.save(pictures / "trial-slip.png")


def test_a_wrong_address_is_told_where_it_is_typed(qtbot: QtBot, program: Program) -> None:
    shell, page = settings_page(qtbot, program)
    choose(page, "network")
    field, line = page.editors["print.thermal_network"], line_of(page, "print.thermal_network")
    assert isinstance(field, Field)
    for typed, words in (("máy in", "Địa chỉ máy in nhiệt không đúng"), ("192.168.1.50", ""), ("", "")):
        line.setFocus()
        line.setText(typed)
        page.editors["look.theme"].setFocus()
        assert field.error().startswith(words)
        assert bool(field.error()) == bool(words)
        assert shell.settings.text("print.thermal_network") == ("" if words else typed)


def test_names_of_the_systems_printers_are_offered(qtbot: QtBot, program: Program) -> None:
    _, page = settings_page(qtbot, program)
    page.thermal.find_queues = lambda: (Printer("HP-Q02"), Printer("XP-80C"))
    choose(page, "queue")
    settle(qtbot, program)
    completer = line_of(page, "print.thermal_queue").completer()
    assert completer is not None
    completer.setCompletionPrefix("80")
    assert completer.completionCount() == 1
    assert completer.currentCompletion() == "XP-80C"


def test_what_keeps_it_from_printing_stands_below_the_button(qtbot: QtBot, program: Program) -> None:
    shell, page = settings_page(qtbot, program)
    with slip_printer(rows_left=0) as machine:
        choose(page, "network")
        shell.change_setting("print.thermal_network", machine.address)
        page.thermal.button.click()
        settle(qtbot, program, lambda: "hết giấy" in page.thermal.strip.words())
    assert machine.roll.slips == []


def test_a_slip_may_be_tried_into_a_folder(qtbot: QtBot, program: Program, tmp_path: Path) -> None:
    shell, page = settings_page(qtbot, program)
    folder = tmp_path / "slips"
    folder.mkdir()
    choose(page, "file")
    shell.change_setting("print.thermal_file", str(folder))
    page.thermal.button.click()
    settle(qtbot, program, lambda: str(folder) in page.thermal.strip.words())
    [made] = folder.iterdir()
    assert [codes_on(slip)["Code 128"] for slip in decoded(made.read_bytes()).slips] == ["IN THU"]


# --- The print panel


def test_the_panel_prints_on_the_roll_what_it_shows(qtbot: QtBot, program: Program, pictures: Path) -> None:
    shell = opened(qtbot, program)
    dossier = find_dossier(shell.office, shell.worklist.newest(limit=1)[0].row.id)
    with slip_printer() as machine:
        shell.change_setting("print.thermal_way", "network")
        shell.change_setting("print.thermal_network", machine.address)
        shell.print_papers(dossier)
        panel = shell.findChild(PrintPanel)
        assert panel is not None
        settle(qtbot, program, lambda: bool(panel.paper()))
        panel.fields.sheet.set_key("K80")
        panel.fields.sheet.changed.emit()
        settle(qtbot, program, lambda: bool(panel.paper()))
        assert panel.fields.printer.key() == f"Máy in nhiệt K80 ({machine.address})"
        panel.print()
        settle(qtbot, program, lambda: "Đã gửi" in panel.strip.words())
        shell.grab().save(str(pictures / "panel-thermal.png"))
    copies = panel.fields.count()
    assert machine.roll.rubbish == []
    assert len(machine.roll.slips) == copies
    assert all(any(dossier.code in text for text in codes_on(each).values()) for each in machine.roll.slips)
    printed = find_dossier(shell.office, dossier.id).printed
    assert [each.form for each in printed] == [*(each.form for each in dossier.printed), "01"]
