"""Design tokens: every colour and size of the program, once, for each theme.

Contrasts and colour-blind distances are computed in tests/ui/test_look.py.
"""

from dataclasses import dataclass
from enum import StrEnum


class Theme(StrEnum):
    system = "system"
    light = "light"
    dark = "dark"
    contrast = "contrast"


class Urgency(StrEnum):
    """How near the due time is; decides icon, words and fill of the pill."""

    overdue = "overdue"
    today = "today"
    soon = "soon"
    in_time = "in_time"
    paused = "paused"
    done = "done"


class Fill(StrEnum):
    solid = "solid"
    tint = "tint"
    none = "none"


@dataclass(frozen=True, slots=True)
class UrgencyLook:
    """One deadline state. `text` stands on `tint` (or on the table when there is none)."""

    icon: str
    text: str
    tint: str
    bar: str
    edge: str
    fill: Fill
    bar_width: int


@dataclass(frozen=True, slots=True)
class Tokens:
    theme: Theme
    is_dark: bool
    window: str
    base: str
    alt: str
    text: str
    dim: str
    line: str
    border: str
    handle: str
    accent: str
    accent_hover: str
    accent_text: str
    selection: str
    hover: str
    rail: str
    rail_on: str
    rail_text: str
    badge: str
    badge_text: str
    danger: str
    danger_hover: str
    danger_text: str
    error: str
    error_edge: str
    error_tint: str
    success: str
    success_icon: str
    warning: str
    warning_icon: str
    toast: str
    toast_text: str
    toast_action: str
    overdue: UrgencyLook
    today: UrgencyLook
    soon: UrgencyLook
    in_time: UrgencyLook
    paused: UrgencyLook
    done: UrgencyLook

    def urgency(self, name: str) -> UrgencyLook:
        """The look of an urgency. Raises ValueError for an unknown name."""
        look = getattr(self, Urgency(name).value)
        assert isinstance(look, UrgencyLook)
        return look

    def colour(self, role: str) -> str:
        """`#RRGGBB` of a role, or of an urgency's text. Raises AttributeError for an unknown role."""
        value = getattr(self, role)
        return value.text if isinstance(value, UrgencyLook) else str(value)


LIGHT = Tokens(
    theme=Theme.light,
    is_dark=False,
    window="#EEF1F4",
    base="#FFFFFF",
    alt="#F6F8FA",
    text="#1B1F24",
    dim="#57606A",
    line="#D0D7DE",
    border="#57606A",
    handle="#8C959F",
    accent="#0B57D0",
    accent_hover="#0949AE",
    accent_text="#FFFFFF",
    selection="#D6E6FB",
    hover="#E4EAF1",
    rail="#0B3A66",
    rail_on="#1B5593",
    rail_text="#E3EEF9",
    badge="#FFD43B",
    badge_text="#332B08",
    danger="#A3123F",
    danger_hover="#8E1230",
    danger_text="#FFFFFF",
    error="#8E1230",
    error_edge="#A3123F",
    error_tint="#FCE4EA",
    success="#0A4F3C",
    success_icon="#0B8560",
    warning="#7A3300",
    warning_icon="#C2410C",
    toast="#24292F",
    toast_text="#FFFFFF",
    toast_action="#9CCBFF",
    overdue=UrgencyLook("octagon-alert", "#FFFFFF", "#A3123F", "#A3123F", "#A3123F", Fill.solid, 6),
    today=UrgencyLook("clock-alert", "#7A3300", "#FFE8D6", "#D9480F", "#D9480F", Fill.tint, 4),
    soon=UrgencyLook("hourglass", "#5C4700", "#FFF3BF", "#E8B004", "#5C4700", Fill.tint, 4),
    in_time=UrgencyLook("calendar-check", "#123F6D", "", "#1C7ED6", "#1C7ED6", Fill.none, 4),
    paused=UrgencyLook("circle-pause", "#3D434A", "", "#7B838C", "#7B838C", Fill.none, 4),
    done=UrgencyLook("circle-check", "#0A4F3C", "", "#0F9D73", "#0F9D73", Fill.none, 4),
)

DARK = Tokens(
    theme=Theme.dark,
    is_dark=True,
    window="#121417",
    base="#17191C",
    alt="#1D2024",
    text="#E6E8EB",
    dim="#A6ADB7",
    line="#343A41",
    border="#A6ADB7",
    handle="#6B737D",
    accent="#7FB8F5",
    accent_hover="#A4CEFA",
    accent_text="#0B1B2B",
    selection="#1E3A57",
    hover="#262B31",
    rail="#0E1B29",
    rail_on="#1E3A57",
    rail_text="#C9DCF0",
    badge="#FFD43B",
    badge_text="#332B08",
    danger="#FF4D6D",
    danger_hover="#FF7A92",
    danger_text="#3D0F1C",
    error="#FFB3C1",
    error_edge="#FF4D6D",
    error_tint="#3D0F1C",
    success="#8FE3C2",
    success_icon="#12B886",
    warning="#FFC795",
    warning_icon="#FF922B",
    toast="#E6E8EB",
    toast_text="#17191C",
    toast_action="#0B4AAE",
    overdue=UrgencyLook("octagon-alert", "#3D0F1C", "#FF4D6D", "#FF4D6D", "#FF4D6D", Fill.solid, 6),
    today=UrgencyLook("clock-alert", "#FFC795", "#38210C", "#FF8A1F", "#FF8A1F", Fill.tint, 4),
    soon=UrgencyLook("hourglass", "#FFE58A", "#332B08", "#FFD43B", "#FFD43B", Fill.tint, 4),
    in_time=UrgencyLook("calendar-check", "#A9D1FF", "", "#4DABF7", "#4DABF7", Fill.none, 4),
    paused=UrgencyLook("circle-pause", "#CED4DA", "", "#9AA3AD", "#9AA3AD", Fill.none, 4),
    done=UrgencyLook("circle-check", "#8FE3C2", "", "#0F9D73", "#0F9D73", Fill.none, 4),
)

CONTRAST = Tokens(
    theme=Theme.contrast,
    is_dark=True,
    window="#000000",
    base="#000000",
    alt="#000000",
    text="#FFFFFF",
    dim="#FFFFFF",
    line="#FFFFFF",
    border="#FFFFFF",
    handle="#FFFFFF",
    accent="#FFFF00",
    accent_hover="#FFFFFF",
    accent_text="#000000",
    selection="#003C8F",
    hover="#262626",
    rail="#000000",
    rail_on="#003C8F",
    rail_text="#FFFFFF",
    badge="#FFFF00",
    badge_text="#000000",
    danger="#FF8FA3",
    danger_hover="#FFFFFF",
    danger_text="#000000",
    error="#FFB3C1",
    error_edge="#FF8FA3",
    error_tint="#000000",
    success="#7CFFC4",
    success_icon="#7CFFC4",
    warning="#FFC795",
    warning_icon="#FFC795",
    toast="#FFFFFF",
    toast_text="#000000",
    toast_action="#003C8F",
    overdue=UrgencyLook("octagon-alert", "#3D0F1C", "#FF4D6D", "#FF4D6D", "#FF4D6D", Fill.solid, 6),
    today=UrgencyLook("clock-alert", "#FFC795", "#38210C", "#FF8A1F", "#FF8A1F", Fill.tint, 4),
    soon=UrgencyLook("hourglass", "#FFE58A", "#332B08", "#FFD43B", "#FFD43B", Fill.tint, 4),
    in_time=UrgencyLook("calendar-check", "#A9D1FF", "", "#4DABF7", "#4DABF7", Fill.none, 4),
    paused=UrgencyLook("circle-pause", "#CED4DA", "", "#9AA3AD", "#9AA3AD", Fill.none, 4),
    done=UrgencyLook("circle-check", "#8FE3C2", "", "#0F9D73", "#0F9D73", Fill.none, 4),
)

ALL = (LIGHT, DARK, CONTRAST)
