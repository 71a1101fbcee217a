"""The keys that hold in the whole window."""

from functools import partial
from typing import TYPE_CHECKING

from ui.keys import bind
from ui.places import PLACES

if TYPE_CHECKING:
    from ui.shell import Shell

ZOOM_STEP = 10


def bind_frame_keys(shell: "Shell") -> None:
    """Once for a window."""
    for place in PLACES:
        bind(shell, f"go_{place.id}", partial(shell.go_by_key, place.id))
    for key_id, slot in (
        ("help", partial(shell.go_by_key, "help")),
        ("new_dossier", partial(shell.go_by_key, "receive")),
        ("find", shell.open_finder),
        ("scan_box", shell.focus_scan),
        ("sync_panel", shell.show_sync),
        ("next_pane", partial(shell.step_pane, 1)),
        ("previous_pane", partial(shell.step_pane, -1)),
        ("all_keys", shell.show_keys),
        ("zoom_in", partial(shell.zoom_by, ZOOM_STEP)),
        ("zoom_out", partial(shell.zoom_by, -ZOOM_STEP)),
        ("zoom_reset", partial(shell.zoom_by, 0)),
        ("lock", shell.lock),
    ):
        bind(shell, key_id, slot)
