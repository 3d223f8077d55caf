"""A target that fills up, goes away, is write-protected or held by another program, at every call that can fail.

No half package under its name, nothing recorded, nothing locked, the county unharmed; a sentence each; and once the
target is well again, the same export works under the same number.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Self

import pytest

from db.core.errors import EnvironmentProblem, SijianError
from db.core.period import Period
from db.exchange.package_verify import verify_package
from db.exchange.sending import send
from db.exchange.submissions import submissions
from db.store import files, integrity
from db.store.county import County
from db.work.monthly.months import month_state
from tests.db.exchange.packages import PERIODS, letter, small_county

Fails = Callable[[], None]


@pytest.fixture
def county(tmp_path: Path) -> Iterator[County]:
    with small_county(tmp_path) as opened:
        yield opened


class Disk:
    """Stands between the program and the target's file: counts the calls and lets one of them fail."""

    def __init__(self, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.out = out
        self.calls = 0
        self.fail_at = 0
        self.error = OSError(errno.EIO, "Input/output error")
        self.reading = False
        self._fsync, self._rename, self._open = os.fsync, Path.rename, Path.open
        monkeypatch.setattr(files, "PAUSES", (0.0,) * 3)
        monkeypatch.setattr(os, "fsync", self.fsync)
        monkeypatch.setattr(Path, "rename", lambda part, name: self.rename(part, name))
        monkeypatch.setattr(Path, "open", lambda path, *arguments, **named: self.open(path, *arguments, **named))

    def call(self) -> None:
        self.calls += 1
        if 0 < self.fail_at <= self.calls:
            raise self.error

    def open(self, path: Path, *arguments: Any, **named: Any) -> Any:
        file = self._open(path, *arguments, **named)
        if path.parent != self.out or path.suffix != ".part":
            return file
        return _File(file, self)

    def fsync(self, descriptor: int) -> None:
        if str(self.out) in str(Path(f"/proc/self/fd/{descriptor}").readlink()):
            self.call()
        self._fsync(descriptor)

    def rename(self, part: Path, name: Path) -> Path:
        if part.parent == self.out:
            self.call()
        return self._rename(part, name)


class _File:
    def __init__(self, file: Any, disk: Disk) -> None:
        self._file, self._disk = file, disk

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def write(self, data: bytes) -> int:
        self._disk.call()
        return int(self._file.write(data))

    def read(self, *size: int) -> bytes:
        if self._disk.reading:
            self._disk.call()
        return bytes(self._file.read(*size))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


def export(county: County, out: Path, kind: str = "monthly") -> Path:
    return send(county, kind=kind, period=PERIODS[kind], out=out, letter=letter).path


def nothing_happened(county: County, out: Path, *, reachable: bool = True) -> None:
    with county.reading() as conn:
        assert submissions(conn) == [] and not month_state(conn, Period(2022, 3)).closed
        assert integrity.check(conn).sound
    if reachable:
        assert [path.name for path in out.iterdir()] == []


ERRORS = {
    "full": (errno.ENOSPC, "空间已满"),
    "gone": (errno.EIO, "拔出"),
    "no longer there": (errno.ENODEV, "拔出"),
    "read-only": (errno.EROFS, "只读"),
    "too large for FAT32": (errno.EFBIG, "放不下"),
}


@pytest.mark.skipif(os.name == "nt", reason="asks /proc which file a descriptor is")
@pytest.mark.parametrize("what", ERRORS)
def test_whichever_call_fails_nothing_is_left(
    what: str, county: County, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, said = ERRORS[what]
    out = tmp_path / "stick"
    out.mkdir()
    disk = Disk(out, monkeypatch)
    disk.error = OSError(number, os.strerror(number))
    # A full disk can still be read; one that is gone cannot.
    disk.reading = said == "拔出"
    export(county, out, "plan")
    whole = disk.calls
    (out / "370783-plan-2022-v1.zip").unlink()
    moments = sorted({1, 2, whole // 4, whole // 2, whole - 3, whole - 2, whole - 1, whole})
    for moment in moments:
        disk.calls, disk.fail_at = 0, moment
        with pytest.raises(EnvironmentProblem, match=said) as caught:
            export(county, out)
        assert caught.value.advice and ".part" not in str(caught.value), (moment, str(caught.value))
        nothing_of_the_month(county, out)
    disk.fail_at = 0
    assert export(county, out).name == "370783-monthly-2022-03-v1.zip"


def nothing_of_the_month(county: County, out: Path) -> None:
    with county.reading() as conn:
        assert submissions(conn, "monthly") == [] and not month_state(conn, Period(2022, 3)).closed
    assert list(out.iterdir()) == []


@pytest.mark.parametrize("kind", PERIODS)
def test_a_stick_pulled_out_while_the_letter_is_drawn(kind: str, county: County, tmp_path: Path) -> None:
    out = tmp_path / "stick"

    def pull(facts: object) -> bytes:
        shutil.rmtree(out)
        return b"%PDF-1.7\n"

    with pytest.raises(EnvironmentProblem) as caught:
        send(county, kind=kind, period=PERIODS[kind], out=out, letter=pull)
    assert str(caught.value).strip() and caught.value.advice
    nothing_happened(county, out, reachable=False)
    assert verify_package(export(county, out, kind)).ok


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written(county: County, tmp_path: Path) -> None:
    out = tmp_path / "stick"
    out.mkdir(mode=0o500)
    with pytest.raises(EnvironmentProblem, match="没有权限"):
        export(county, out)
    nothing_happened(county, out)


def test_a_write_protected_stick_is_told_before_anything_is_read(
    county: County, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, *_: object, **__: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    out = tmp_path / "stick"
    out.mkdir()
    monkeypatch.setattr(Path, "touch", refuse)
    with pytest.raises(EnvironmentProblem, match="写保护"):
        export(county, out)
    nothing_happened(county, out)


@pytest.mark.skipif(os.name == "nt", reason="asks /proc which file a descriptor is")
@pytest.mark.parametrize(("held", "works"), [(2, True), (3, True), (99, False)])
def test_a_virus_scanner_that_holds_the_finished_file(
    held: int, works: bool, county: County, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "stick"
    out.mkdir()
    tried: list[Path] = []
    real = Path.rename

    def rename(part: Path, name: Path) -> Path:
        tried.append(name)
        if len(tried) <= held:
            held_by_another = PermissionError(errno.EACCES, "held by a scanner")
            held_by_another.winerror = 32  # type: ignore[attr-defined]  # as Windows says it
            raise held_by_another
        return real(part, name)

    monkeypatch.setattr(files, "PAUSES", (0.0,) * 3)
    monkeypatch.setattr(Path, "rename", rename)
    if works:
        assert verify_package(export(county, out)).ok
        return
    with pytest.raises(EnvironmentProblem, match="其他程序"):
        export(county, out)
    nothing_happened(county, out)


def test_the_countys_own_disk_is_full(county: County, tmp_path: Path) -> None:
    """The package is good, but it cannot be recorded: then there is none."""
    out = tmp_path / "stick"

    def fill(facts: object) -> bytes:
        pages = county._connection.execute("PRAGMA page_count").fetchone()[0]
        county._connection.execute(f"PRAGMA max_page_count = {pages}")
        return b"%PDF-1.7\n" + bytes(9)

    with county.operation("填满") as op:
        op.conn.execute("UPDATE enterprise SET note = ?", ("满" * 2000,))
    with pytest.raises(SijianError) as caught:
        for _ in range(40):  # until no page has room for one more record
            send(county, kind="plan", period="2022", out=out, letter=fill)
    assert "空间" in str(caught.value) or "满" in str(caught.value)
    with county.reading() as conn:
        recorded = {row.file_name for row in submissions(conn)}
        assert integrity.check(conn).sound
    assert {path.name for path in out.iterdir()} == recorded
