from __future__ import annotations

from pathlib import Path

import pytest

from desktop.settings import MOST_RECENT, Settings, login_name, user_folder, user_name


def test_user_folder_follows_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setattr("sys.platform", "linux")
    assert user_folder() == tmp_path / "sijian-desk"
    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "local"))
    assert user_folder() == tmp_path / "local" / "sijian-desk"


def test_values_outlive_the_program(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "settings.json"
    Settings(file).author = "  王芳 "
    Settings(file).window = "abc"
    Settings(file).remember_view("grid.town", {"widths": {"name": 120}})
    again = Settings(file)
    assert (again.author, again.window) == ("王芳", "abc")
    assert again.view("grid.town") == {"widths": {"name": 120}}
    assert again.view("unknown") == {}
    assert [entry.name for entry in file.parent.iterdir()] == ["settings.json"]


def test_two_windows_do_not_undo_each_other(tmp_path: Path) -> None:
    first, second = Settings(tmp_path / "s.json"), Settings(tmp_path / "s.json")
    first.author = "王芳"
    second.window = "abc"
    first.remember_view("a", {"x": 1})
    second.remember_view("b", {"x": 2})
    again = Settings(tmp_path / "s.json")
    assert (again.author, again.window, again.view("a"), again.view("b")) == ("王芳", "abc", {"x": 1}, {"x": 2})


@pytest.mark.parametrize("text", ["", "{", "[1, 2]", '{"author": 3, "recent": "x", "views": [], "window": null}'])
def test_broken_file_counts_as_empty(tmp_path: Path, text: str) -> None:
    file = tmp_path / "settings.json"
    file.write_text(text, encoding="utf-8")
    settings = Settings(file)
    assert (settings.author, settings.recent, settings.window, settings.view("x")) == ("", [], "", {})
    settings.author = "王芳"
    assert Settings(file).author == "王芳"


def test_unwritable_folder_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    settings = Settings(tmp_path / "file" / "settings.json")
    settings.author = "王芳"
    assert settings.author == "王芳"


def test_recent_folders_that_exist_newest_first(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "settings.json")
    folders = [tmp_path / str(number) for number in range(MOST_RECENT + 3)]
    for folder in folders:
        folder.mkdir()
        (folder / "county.db").touch()
        settings.remember_folder(folder)
    settings.remember_folder(folders[5])
    (folders[-1] / "county.db").unlink()
    expected = [folders[5], *reversed([f for f in folders[:-1] if f != folders[5]])]
    assert Settings(settings.file).recent == expected[: MOST_RECENT - 1]


def test_name_of_the_user(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    assert user_name() == login_name() != ""
    Settings().author = "王芳"
    assert user_name() == "王芳"

    def unknown() -> str:
        raise OSError

    monkeypatch.setattr("getpass.getuser", unknown)
    assert login_name() == "经办人"
