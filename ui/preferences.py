"""Settings of this machine and of the officer signed in, kept as two small TOML files."""

import re
from datetime import datetime
from pathlib import Path

from onestop.errors import StoreError
from onestop.paths import Profile
from onestop.settings import Settings, Value, load_settings, save_settings, setting_of


class Preferences:
    """`settings` holds both; `change` writes the file that the setting belongs to."""

    def __init__(self, profile: Profile, now: datetime, is_safe: bool = False) -> None:
        """`is_safe`: defaults only, and nothing is written."""
        self._profile, self._is_safe = profile, is_safe
        self.warning = ""
        self._machine, self._officer = Settings(), Settings()
        self._officer_id = ""
        if not is_safe:
            loaded = load_settings(self._file(), now)
            self._machine, self.warning = loaded.settings, loaded.warning

    @property
    def settings(self) -> Settings:
        return Settings({**self._machine.changed(), **self._officer.changed()})

    def take_officer(self, officer_id: str, now: datetime) -> None:
        """From here on the officer's own settings hold."""
        self._officer_id = officer_id
        self._officer = Settings() if self._is_safe else load_settings(self._file(officer_id), now).settings

    def change(self, key: str, value: Value) -> None:
        """Raises InputError for a value that does not fit, StoreError when it cannot be written."""
        if setting_of(key).scope == "officer" and self._officer_id:
            self._officer = self._officer.with_value(key, value)
            self._save(self._officer, self._officer_id)
        else:
            self._machine = self._machine.with_value(key, value)
            self._save(self._machine)

    def _save(self, settings: Settings, officer_id: str = "") -> None:
        if self._is_safe:
            return
        try:
            save_settings(self._file(officer_id), settings)
        except OSError as error:
            raise StoreError(
                "Chưa lưu được thiết lập",
                "Thiết lập vẫn dùng đến khi tắt chương trình. Kiểm tra quyền ghi của thư mục dữ liệu.",
            ) from error

    def _file(self, officer_id: str = "") -> Path:
        mark = "-" + re.sub(r"[^A-Za-z0-9_-]", "_", officer_id) if officer_id else ""
        return self._profile.folder / f"settings{mark}.toml"
