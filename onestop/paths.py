"""Where things are: shipped resources, and the folders of a profile."""

import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from onestop.errors import InputError


def resource(*parts: str) -> Path:
    """Path of a shipped file below `resources/`, frozen or not."""
    frozen = getattr(sys, "_MEIPASS", None)
    root = Path(frozen) if frozen else Path(__file__).resolve().parent.parent
    return root.joinpath("resources", *parts)


def default_data_dir() -> Path:
    """The per-user folder for data, as the system has it."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or str(Path.home() / "AppData" / "Local")
        return Path(base) / "onestop"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "onestop"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "onestop"


@dataclass(frozen=True)
class Profile:
    """One agency's data on this machine: `data_dir/profiles/name/`."""

    data_dir: Path
    name: str = "default"

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[A-Za-z0-9._-]{1,40}", self.name) or self.name in {".", ".."}:
            raise InputError(
                "Tên hồ sơ cấu hình không hợp lệ",
                "Chỉ dùng chữ không dấu, số, dấu chấm, gạch ngang, gạch dưới; tối đa 40 ký tự.",
                "profile",
            )

    @property
    def folder(self) -> Path:
        return self.data_dir / "profiles" / self.name

    @property
    def database(self) -> Path:
        return self.folder / "onestop.db"

    @property
    def blobs(self) -> Path:
        return self.folder / "blobs"

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    @property
    def papers(self) -> Path:
        return self.folder / "papers"
