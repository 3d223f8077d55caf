from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from db.core.errors import EnvironmentProblem
from db.store import files


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "disk_full"),
        (errno.EDQUOT, "disk_full"),
        (errno.EROFS, "read_only_disk"),
        (errno.EBUSY, "in_use"),
        (errno.EIO, "disk_gone"),
        (errno.EFBIG, "too_big"),
        (errno.ENAMETOOLONG, "name_too_long"),
        (errno.ENOENT, "not_found"),
        (errno.EEXIST, "exists"),
        (errno.ENOTDIR, "wrong_kind"),
        (errno.EACCES, "permission"),
        (errno.EPERM, "permission"),
        (errno.EMFILE, "os_error"),
    ],
)
def test_every_error_has_a_sentence_with_advice(number: int, code: str) -> None:
    with pytest.raises(EnvironmentProblem) as caught, files.explained("写入备份", "U盘"):
        raise OSError(number, os.strerror(number))
    assert caught.value.code == code
    assert caught.value.message.startswith("写入备份时出错（U盘）：") and caught.value.advice.endswith("。")


@pytest.mark.parametrize(
    ("winerror", "code"),
    [
        (32, "in_use"),
        (112, "disk_full"),
        (19, "read_only_disk"),
        (21, "disk_gone"),
        (206, "name_too_long"),
        (123, "bad_name"),
    ],
)
def test_windows_tells_more_precisely(winerror: int, code: str) -> None:
    error = OSError(errno.EACCES, "denied")
    error.winerror = winerror  # type: ignore[attr-defined,unused-ignore]
    assert files.explain(error, "写入", "x").code == code


def test_replacing_takes_the_place_or_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "清单.xlsx"
    files.write_atomically(path, b"old")
    with pytest.raises(ZeroDivisionError), files.replacing(path) as file:
        file.write(b"half")
        raise ZeroDivisionError
    assert path.read_bytes() == b"old"
    files.write_atomically(path, b"new")
    assert path.read_bytes() == b"new" and list(tmp_path.iterdir()) == [path]


def test_the_bytes_are_on_the_disk_before_the_name_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x"
    seen: list[bool] = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: seen.append(path.exists()))
    files.write_atomically(path, b"data")
    assert seen[0] is False and path.exists()


def test_a_full_disk_while_writing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(EnvironmentProblem) as caught:
        files.write_atomically(tmp_path / "x", b"data", "写入备份")
    assert caught.value.code == "disk_full" and list(tmp_path.iterdir()) == []


def test_long_names_can_be_replaced_too(tmp_path: Path) -> None:
    path = tmp_path / ("名" * 80 + ".pdf")
    files.write_atomically(path, b"data")
    assert path.read_bytes() == b"data"


def test_too_little_space_is_told_with_both_sizes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(0, 0, 1_500_000))
    files.require_space(tmp_path, 1_500_000, "备份")
    with pytest.raises(EnvironmentProblem, match=r"备份需要约 250\.0 MB.*只剩 1\.5 MB"):
        files.require_space(tmp_path, 250_000_000, "备份")


def test_a_disk_that_does_not_tell_its_space_is_tried(tmp_path: Path) -> None:
    files.require_space(tmp_path / "nowhere", 10**18, "备份")


@pytest.mark.parametrize(
    ("size", "text"), [(0, "0.0"), (1, "0.1"), (123_456, "0.1"), (195_000_000, "195.0"), (4e9, "4,000.0")]
)
def test_megabytes(size: int, text: str) -> None:
    assert files.megabytes(size) == text


def test_only_our_own_leftovers_are_removed(tmp_path: Path) -> None:
    ours, theirs = files.part_of(tmp_path / "x"), tmp_path / ".download.part"
    for path in (ours, theirs):
        path.write_bytes(b"")
    files.remove_leftovers(tmp_path, tmp_path / "nowhere")
    assert list(tmp_path.iterdir()) == [theirs]


def test_sync_file_and_folder_reach_the_disk(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"1")
    files.sync_file(path)
    files.sync_folder(tmp_path)
    with pytest.raises(FileNotFoundError):
        files.sync_file(tmp_path / "nowhere")


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process are POSIX")
def test_a_file_that_may_not_grow_is_told_by_the_real_system(tmp_path: Path) -> None:
    code = (
        "import resource, sys; from pathlib import Path; from db.store.files import write_atomically;"
        " resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000));"
        " write_atomically(Path(sys.argv[1]), b'x' * 5000)"
    )
    run = subprocess.run([sys.executable, "-c", code, tmp_path / "x"], capture_output=True, text=True)
    assert "放不下单个这么大的文件" in run.stderr and list(tmp_path.iterdir()) == []


def held(winerror: int) -> PermissionError:
    error = PermissionError(errno.EACCES, "denied")
    error.winerror = winerror  # type: ignore[attr-defined,unused-ignore]
    return error


@pytest.fixture
def scanner(monkeypatch: pytest.MonkeyPatch) -> list[OSError]:
    """What renaming meets, one after the other, before it goes through; without any waiting."""
    met: list[OSError] = []
    replace = Path.replace

    def meet(part: Path, path: Path) -> Path:
        if met:
            raise met.pop(0)
        return replace(part, path)

    monkeypatch.setattr(Path, "replace", meet)
    monkeypatch.setattr(files, "PAUSES", (0.0,) * len(files.PAUSES))
    return met


def test_a_virus_scanner_that_holds_the_file_for_seconds_is_waited_for(tmp_path: Path, scanner: list[OSError]) -> None:
    scanner += [held(5), held(32), held(32)]
    files.write_atomically(tmp_path / "上报包.zip", b"all")
    assert (tmp_path / "上报包.zip").read_bytes() == b"all" and not scanner


def test_a_file_that_stays_open_in_excel_is_told_and_left_as_it_was(tmp_path: Path, scanner: list[OSError]) -> None:
    path = tmp_path / "月调度表.xlsx"
    path.write_bytes(b"old")
    scanner += [held(32)] * 20
    with pytest.raises(EnvironmentProblem) as caught:
        files.write_atomically(path, b"new")
    assert caught.value.code == "in_use" and "Excel" in caught.value.advice
    assert path.read_bytes() == b"old" and list(tmp_path.iterdir()) == [path]


def test_other_refusals_are_not_tried_again(tmp_path: Path, scanner: list[OSError]) -> None:
    scanner += [PermissionError(errno.EACCES, "denied"), PermissionError(errno.EACCES, "denied")]
    with pytest.raises(EnvironmentProblem):
        files.write_atomically(tmp_path / "备份.zip", b"x")
    assert len(scanner) == 1


@pytest.mark.parametrize(("length", "code"), [(20, "not_found"), (300, "name_too_long")])
def test_what_windows_calls_not_found_may_be_a_path_that_is_too_long(length: int, code: str) -> None:
    error = FileNotFoundError(errno.ENOENT, "not found")
    error.winerror = 3  # type: ignore[attr-defined,unused-ignore]
    assert files.explain(error, "写入附件", "C:\\" + "长" * length).code == code
