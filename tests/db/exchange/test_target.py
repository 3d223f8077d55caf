from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from db.core.errors import EnvironmentProblem
from db.exchange import target
from db.store import files


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def test_a_file_appears_when_it_is_good(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with target.appearing(path) as (file, part, publish):
        file.write(b"good")
        target.flush(file)
        assert not path.exists() and part.parent == tmp_path
        publish()
    assert path.read_bytes() == b"good" and names_in(tmp_path) == ["x.zip"]


def test_nothing_remains_without_publishing_or_after_an_error(tmp_path: Path) -> None:
    with target.appearing(tmp_path / "x.zip") as (file, _, _):
        file.write(b"half")
    with pytest.raises(KeyboardInterrupt), target.appearing(tmp_path / "x.zip"):
        raise KeyboardInterrupt
    assert names_in(tmp_path) == []


def test_what_has_the_name_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with pytest.raises(EnvironmentProblem) as caught, target.appearing(path) as (file, _, publish):
        file.write(b"new")
        path.write_bytes(b"theirs")
        publish()
    assert caught.value.code == "exists"
    assert path.read_bytes() == b"theirs" and names_in(tmp_path) == ["x.zip"]


def test_a_full_disk_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem, match="空间已满"), target.appearing(tmp_path / "x.zip"):
        raise OSError(28, "No space left on device")


def test_the_folder_is_made_and_leftovers_of_yesterday_go(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    target.check_folder(folder)
    old, fresh, other = (folder / name for name in (".0123456789ab.part", ".ba9876543210.part", ".notes.part"))
    for path in (old, fresh, other):
        path.touch()
    for path in (old, other):
        os.utime(path, (0, 0))
    target.check_folder(folder)
    assert {path.name for path in folder.iterdir()} == {fresh.name, other.name}


def test_a_file_in_the_folders_place_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "out").touch()
    with pytest.raises(EnvironmentProblem, match="同名"):
        target.check_folder(tmp_path / "out")


def test_room_is_asked_for_before_writing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    free = shutil.disk_usage(tmp_path).free
    target.check_room(tmp_path, 1000, 1000)
    with pytest.raises(EnvironmentProblem, match="MB"):
        target.check_room(tmp_path, free * 2, 0)
    monkeypatch.setattr(target, "require_space", lambda *_: None)
    monkeypatch.setattr(target, "file_system", lambda _: "vfat")
    target.check_room(tmp_path, 0, target.LARGEST_ON_FAT)
    with pytest.raises(EnvironmentProblem, match="FAT32"):
        target.check_room(tmp_path, 0, target.LARGEST_ON_FAT + 1)


def held_on_windows() -> PermissionError:
    error = PermissionError(13, "in use")
    error.winerror = 32  # type: ignore[attr-defined,unused-ignore]
    return error


def holding(path: Path, times: int, monkeypatch: pytest.MonkeyPatch, error: OSError) -> list[Path]:
    """Have `path` refuse to take its name `times` times, as while a virus scanner reads the new file."""
    tried: list[Path] = []
    real = Path.rename

    def rename(part: Path, name: Path) -> Path:
        tried.append(name)
        if len(tried) <= times:
            raise error
        return real(part, name)

    monkeypatch.setattr(files, "PAUSES", (0.0,) * 6)
    monkeypatch.setattr(Path, "rename", rename)
    return tried


@pytest.mark.parametrize("error", [held_on_windows(), OSError(16, "busy")])
def test_a_virus_scanner_that_holds_the_file_is_waited_for(
    error: OSError, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.zip"
    tried = holding(path, 3, monkeypatch, error)
    with target.appearing(path) as (file, _, publish):
        file.write(b"good")
        publish()
    assert path.read_bytes() == b"good" and len(tried) == 4


def test_who_never_lets_go_of_it_is_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tried = holding(tmp_path / "x.zip", 99, monkeypatch, held_on_windows())
    with pytest.raises(EnvironmentProblem, match="其他程序"), target.appearing(tmp_path / "x.zip") as (_, _, publish):
        publish()
    assert len(tried) == 7 and names_in(tmp_path) == []


def test_a_name_that_may_not_last_is_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(folder: Path) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(target, "sync_folder", gone)
    with pytest.raises(EnvironmentProblem, match="拔出"), target.appearing(tmp_path / "x.zip") as (_, _, publish):
        publish()
    assert names_in(tmp_path) == []
