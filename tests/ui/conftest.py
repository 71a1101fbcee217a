"""A dressed program for the tests of the window; the core's tests never import Qt."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from onestop.paths import Profile
from tests.ui.desk import copy_of, practice, running
from ui.app import Program
from ui.look import apply_look
from ui.tasks import Bug, Tasks

PICTURES = Path(__file__).resolve().parents[2] / "out" / "pictures"


@pytest.fixture(autouse=True)
def _swept_between_tests() -> Iterator[None]:
    """As `Sweep` does in the program: garbage is collected between events, never while Qt paints it."""
    gc.disable()
    yield
    gc.collect(1)
    gc.enable()


@pytest.fixture
def app(qapp: QApplication) -> Iterator[QApplication]:
    """The application in the light theme at 100 %; whatever a test changes is put back."""
    apply_look(qapp, "light")
    yield qapp
    if qapp.property("onestop_theme") != "light" or qapp.property("onestop_zoom") != 1.0:
        apply_look(qapp, "light")


@pytest.fixture
def tasks(qapp: QApplication) -> Iterator[Tasks]:
    """Real threads; an error or a bug that no test took is a failure of the test."""
    untaken: list[object] = []
    made = Tasks(lambda _, error: untaken.append(error), lambda _, bug: untaken.append(bug))
    yield made
    made.shutdown()
    assert not untaken, [thing.trace if isinstance(thing, Bug) else thing for thing in untaken]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Profile:
    return practice(tmp_path_factory.mktemp("practice"))


@pytest.fixture
def program(app: QApplication, office: Profile, tmp_path: Path) -> Iterator[Program]:
    """The whole program on a copy of the module's practice office."""
    with running(copy_of(office, tmp_path)) as made:
        yield made


@pytest.fixture
def pictures() -> Path:
    """Where pictures to be looked at are saved; git ignores it."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    return PICTURES
