from __future__ import annotations

import errno
import getpass
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from db.core.errors import EnvironmentProblem
from db.store import lock
from db.store.county import County
from db.store.lock import CountyLocked, FolderLock, holder_of
from tests.db.store import counties

HOLD = """
import sys
from pathlib import Path
from db.store.county import County
county = County.open(Path(sys.argv[1]), author="另一个")
print("open", flush=True)
sys.stdin.readline()
"""


@contextmanager
def another_process(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Have `folder` open in another process, which does not close it when it is killed."""
    command = [sys.executable, "-c", HOLD, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None and process.stdout.readline() == "open\n"
            yield process
        finally:
            process.kill()


def write_holder(folder: Path, host: str, pid: int = 1) -> None:
    holder = {"host": host, "user": "王芳", "pid": pid, "since": "2022-03-15T08:00:00"}
    (folder / lock.FILE_NAME).write_text(json.dumps(holder, ensure_ascii=False), encoding="utf-8")


def test_a_second_start_is_told_who_has_it(tmp_path: Path) -> None:
    counties.new(tmp_path).close()
    with another_process(tmp_path) as process:
        with pytest.raises(CountyLocked) as caught:
            County.open(tmp_path, author="张三")
        holder = caught.value.holder
        assert holder is not None and holder.here and holder.pid == process.pid
        assert not caught.value.can_take_over and "已在这台电脑上打开" in str(caught.value)
        with County.open(tmp_path, author="张三", read_only=True) as reader:
            assert counties.town_names(reader) == ["圣城街道", "洛城街道"]


def test_the_same_process_cannot_open_it_twice_either(tmp_path: Path) -> None:
    with counties.new(tmp_path):
        with pytest.raises(CountyLocked):
            County.open(tmp_path, author="张三", take_over=True)
    County.open(tmp_path, author="张三").close()


def test_after_a_crash_it_is_taken_over_checked_and_told(tmp_path: Path) -> None:
    counties.new(tmp_path).close()
    leftover = tmp_path / "attachments" / ".0123456789ab.part"
    with another_process(tmp_path) as process:
        leftover.write_bytes(b"half")
        process.kill()
        process.wait()
    with County.open(tmp_path, author="张三") as county:
        assert len(county.notices) == 1
        assert "没有正常关闭" in county.notices[0] and socket.gethostname() in county.notices[0]
        assert not leftover.exists()
        assert holder_of(tmp_path) is not None
    with County.open(tmp_path, author="张三") as county:
        assert county.notices == []


def test_a_clean_close_leaves_no_holder(tmp_path: Path) -> None:
    with counties.new(tmp_path):
        holder = holder_of(tmp_path)
        assert holder is not None and holder.pid == os.getpid()
    assert holder_of(tmp_path) is None


def test_another_computer_that_did_not_close_needs_a_persons_word(tmp_path: Path) -> None:
    counties.new(tmp_path).close()
    write_holder(tmp_path, "办公室-2")
    with pytest.raises(CountyLocked) as caught:
        County.open(tmp_path, author="张三")
    assert caught.value.can_take_over
    assert all(word in str(caught.value) for word in ("办公室-2", "王芳", "2022-03-15 08:00:00", "接管", "只读"))
    County.open(tmp_path, author="张三", read_only=True).close()
    with County.open(tmp_path, author="张三", take_over=True) as county:
        assert "办公室-2" in county.notices[0]
    County.open(tmp_path, author="张三").close()


@pytest.mark.parametrize("text", ["{", "[]", '{"host": "x"}', "\x00\x00", '"x"'])
def test_a_torn_lock_file_counts_as_a_crash(tmp_path: Path, text: str) -> None:
    counties.new(tmp_path).close()
    (tmp_path / lock.FILE_NAME).write_text(text)
    with County.open(tmp_path, author="张三") as county:
        assert "没有正常关闭" in county.notices[0]


def test_a_disk_without_locks_goes_by_the_holder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "_try_lock", lambda descriptor: None)
    counties.new(tmp_path).close()
    with County.open(tmp_path, author="张三"):
        with pytest.raises(CountyLocked):
            FolderLock.acquire(tmp_path)
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    write_holder(tmp_path, socket.gethostname(), process.pid)
    with County.open(tmp_path, author="张三") as county:
        assert "没有正常关闭" in county.notices[0]


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counties.new(tmp_path).close()

    def refuse(*_: object) -> int:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(EnvironmentProblem) as caught:
        County.open(tmp_path, author="张三")
    assert caught.value.code == "read_only_disk"


def test_a_user_without_a_name_can_still_hold_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise KeyError("uid not found")

    monkeypatch.setattr(getpass, "getuser", nobody)
    with counties.new(tmp_path):
        holder = holder_of(tmp_path)
        assert holder is not None and holder.user == ""


def test_releasing_twice_and_without_a_lock_file(tmp_path: Path) -> None:
    held = FolderLock.acquire(tmp_path)
    held.release()
    held.release()
    assert holder_of(tmp_path / "nowhere") is None


@pytest.mark.parametrize(("user", "words"), [("王芳", "切换到已打开的窗口"), ("李强", "用户 李强 关闭后")])
def test_another_user_of_the_same_pc_is_named(
    user: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(getpass, "getuser", lambda: user)
    held = FolderLock.acquire(tmp_path)
    monkeypatch.setattr(getpass, "getuser", lambda: "王芳")
    with pytest.raises(CountyLocked) as caught:
        FolderLock.acquire(tmp_path)
    assert words in caught.value.advice
    held.release()
