"""Settings: each declared once, checked, and never lost with a broken file."""

import tomllib
import unicodedata
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onestop.errors import InputError
from onestop.settings import SETTINGS, Settings, load_settings, save_settings, setting_of, to_toml

NOW = datetime(2026, 11, 20, 1, 12, 5, tzinfo=UTC)


def test_each_setting_is_declared_once_and_whole() -> None:
    keys = [setting.key for setting in SETTINGS]
    assert len(keys) == len(set(keys))
    groups = [name for name, _ in groupby(key.split(".")[0] for key in keys)]
    assert len(groups) == len(set(groups)), "keys of one table stand together, or the file has it twice"
    for setting in SETTINGS:
        assert setting.check(setting.default) == setting.default, setting.key
        assert setting.label_vi, setting.key
        assert setting.help_vi, setting.key
        words = setting.label_vi + setting.help_vi
        assert unicodedata.is_normalized("NFC", words), setting.key
        assert bool(setting.choices) == (setting.kind == "choice"), setting.key


def test_a_reader_gives_defaults_and_typed_values() -> None:
    settings = Settings({"look.zoom": 125, "print.on_receive": False})
    assert settings.text("look.theme") == "system"
    assert settings.number("look.zoom") == 125
    assert settings.is_on("print.on_receive") is False
    with pytest.raises(TypeError):
        settings.text("look.zoom")
    with pytest.raises(TypeError):
        settings.number("print.on_receive")
    with pytest.raises(TypeError):
        settings.is_on("look.theme")


def test_a_key_nobody_declared_is_a_bug() -> None:
    with pytest.raises(KeyError):
        Settings().get("look.colour")


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("look.zoom", 500, "từ 80 đến 200"),
        ("look.zoom", True, "từ 80 đến 200"),
        ("look.theme", "purple", "Theo hệ thống, Sáng, Tối, Tương phản cao"),
        ("look.theme", 1, "Theo hệ thống"),
        ("print.on_receive", "yes", "bật hoặc tắt"),
        ("agency.hotline", "một\nhai", "một dòng"),
        ("agency.hotline", "x" * 501, "500"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_in_words(key: str, value: object, words: str) -> None:
    with pytest.raises(InputError) as caught:
        Settings().with_value(key, value)
    assert caught.value.field == key
    assert words in caught.value.message
    assert setting_of(key).label_vi in caught.value.title


def test_with_value_leaves_the_first_as_it_was() -> None:
    first = Settings()
    second = first.with_value("look.theme", "dark")
    assert first.text("look.theme") == "system"
    assert second.text("look.theme") == "dark"
    assert dict(second.changed()) == {"look.theme": "dark"}


def test_saved_settings_come_back(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "settings.toml"
    settings = Settings(
        {"look.zoom": 150, "print.on_receive": False, "agency.look_up_address": 'Cổng "tỉnh" \\ xã # 1'}
    )
    save_settings(path, settings)
    loaded = load_settings(path, NOW)
    assert loaded.warning == ""
    assert loaded.settings.changed() == settings.changed()
    assert "# Cỡ chữ (%)" in path.read_text(encoding="utf-8")
    assert [each.name for each in path.parent.iterdir()] == ["settings.toml"]


@given(st.text(st.characters(categories=("L", "N", "P", "S", "Zs")), max_size=200))
def test_any_text_that_passes_survives_the_file(text: str) -> None:
    try:
        settings = Settings({"agency.hotline": text})
    except InputError:
        return
    assert tomllib.loads(to_toml(settings.changed())).get("agency", {"hotline": ""})["hotline"] == text


def test_no_file_means_defaults(tmp_path: Path) -> None:
    loaded = load_settings(tmp_path / "settings.toml", NOW)
    assert not loaded.settings.changed()
    assert loaded.warning == ""


@pytest.mark.parametrize("broken", [b"look = [", b"\xff\xfe\x00rubbish", b"\x00" * 400])
def test_a_broken_file_is_kept_aside_and_said(tmp_path: Path, broken: bytes) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(broken)
    loaded = load_settings(path, NOW)
    aside = tmp_path / "settings.toml.broken-20261120-011205"
    assert not loaded.settings.changed()
    assert aside.read_bytes() == broken
    assert not path.exists()
    assert aside.name in loaded.warning


def test_one_bad_value_costs_only_itself(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    lines = ["top = 1", "[look]", "zoom = 9000", 'theme = "dark"', "shine = true", "[future]", 'thing = "x"']
    path.write_text("\n".join(lines), encoding="utf-8")
    loaded = load_settings(path, NOW)
    assert dict(loaded.settings.changed()) == {"look.theme": "dark"}
    assert "Cỡ chữ" in loaded.warning
    assert path.exists()


def test_a_file_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.mkdir()
    loaded = load_settings(path, NOW)
    assert not loaded.settings.changed()
    assert "settings.toml" in loaded.warning
