from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from db.store import attachments, backup_file, backup_keeping
from db.store.backup import before, before_import, daily, describe, kept, restore
from db.store.county import County
from tests.db.store import counties
from tests.db.store.test_backup import content_of, with_proofs


class Clock:
    """The day it is for backups."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.day = date(2022, 3, 15)
        self.seconds = 0
        for module in (backup_keeping, backup_file):
            patch.setattr(module, "now", self.now)

    def now(self) -> str:
        self.seconds += 1
        return f"{self.day.isoformat()}T{self.seconds // 3600:02}:{self.seconds // 60 % 60:02}:{self.seconds % 60:02}"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "backups").glob("*.zip"))


def pool(folder: Path) -> list[Path]:
    return [path for path in (folder / "backups" / "attachments").rglob("*") if path.is_file()]


def touch(county: County, number: int) -> None:
    with county.operation("改人口") as op:
        op.conn.execute("UPDATE town SET population = ?", (number,))


def test_once_a_day_and_the_later_state_wins(tmp_path: Path, clock: Clock) -> None:
    with counties.new(tmp_path) as county:
        assert daily(county) == tmp_path / "backups" / "daily-2022-03-15.zip"
        assert daily(county) is None
        touch(county, 1)
        assert daily(county) == tmp_path / "backups" / "daily-2022-03-15.zip"
        clock.day = date(2022, 3, 16)
        assert daily(county) is None
        touch(county, 2)
        daily(county)
        assert names(tmp_path) == ["daily-2022-03-15.zip", "daily-2022-03-16.zip"]
        assert list((tmp_path / "backups").glob(".*")) == []


def test_read_only_makes_none(tmp_path: Path) -> None:
    counties.new(tmp_path).close()
    with County.open(tmp_path, author="李四", read_only=True) as county:
        assert daily(county) is None and names(tmp_path) == []


def test_a_backup_is_never_replaced_by_a_worse_one(tmp_path: Path, clock: Clock) -> None:
    with counties.new(tmp_path) as county:
        for number in range(40):
            touch(county, number)
        good = daily(county)
    assert good is not None
    content = good.read_bytes()
    (tmp_path / "county.db").unlink()
    with counties.new(tmp_path) as county:
        assert daily(county) == good.with_name("daily-2022-03-15-2.zip")
        assert good.read_bytes() == content
        for day in range(1, 500):
            clock.day = date(2022, 3, 15) + timedelta(days=day)
            if day % 40 == 0:
                touch(county, day)
                daily(county)
    assert good.read_bytes() == content, "the fullest one is not rotated away"


def test_an_unreadable_file_in_the_way_is_left_alone(tmp_path: Path, clock: Clock) -> None:
    with counties.new(tmp_path) as county:
        (tmp_path / "backups" / "daily-2022-03-15.zip").write_bytes(b"half")
        (tmp_path / "backups" / "我的备份.zip").write_bytes(b"own")
        out = daily(county)
        assert out is not None and out.name == "daily-2022-03-15-2.zip"
        assert [entry.file for entry in kept(tmp_path)] == [out]
    assert len(names(tmp_path)) == 3


def test_ten_days_and_twelve_months_are_kept(tmp_path: Path, clock: Clock) -> None:
    with counties.new(tmp_path) as county:
        for day in range(0, 500, 4):
            clock.day = date(2022, 1, 1) + timedelta(days=day)
            touch(county, day)
            daily(county)
    days = [date(2022, 1, 1) + timedelta(days=day) for day in range(0, 500, 4)]
    months: dict[tuple[int, int], date] = {(day.year, day.month): day for day in days}
    expected = {*days[-10:], *list(months.values())[-12:]}
    assert names(tmp_path) == [f"daily-{day.isoformat()}.zip" for day in sorted(expected)]


def test_ten_snapshots_of_each_reason_are_kept(tmp_path: Path, clock: Clock) -> None:
    with counties.new(tmp_path):
        made = [before(tmp_path, "import") for _ in range(12)]
        other = before(tmp_path, "migration")
    assert {entry.file for entry in kept(tmp_path)} == {*made[2:], other}


def test_snapshots_of_the_same_second_do_not_replace_each_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup_keeping, "now", lambda: "2022-03-15T08:00:00")
    with counties.new(tmp_path):
        assert len({before(tmp_path, "import") for _ in range(3)}) == 3
    assert len(kept(tmp_path)) == 3


def test_proofs_are_kept_once_and_come_back(tmp_path: Path, clock: Clock) -> None:
    folder = tmp_path / "a"
    with with_proofs(folder, "一.pdf", "二.pdf") as county:
        daily(county)
        first = {path: path.stat().st_mtime_ns for path in pool(folder)}
        touch(county, 1)
        clock.day = date(2022, 3, 16)
        out = daily(county)
        assert len(first) == 2 and {path: path.stat().st_mtime_ns for path in pool(folder)} == first
        saved = counties.tables_of(county)
    assert out is not None and out.stat().st_size < 100_000
    shutil.rmtree(folder / "attachments")
    (folder / "county.db").unlink()
    restore(out, folder)
    assert content_of(folder) == (saved, [])


def test_a_damaged_proof_is_not_kept_as_a_good_one(tmp_path: Path, clock: Clock) -> None:
    with with_proofs(tmp_path, "一.pdf") as county:
        with county.reading() as conn:
            (stored,) = attachments.contents(conn)
        (tmp_path / "attachments" / stored.stored_name).write_bytes(b"x" * stored.size)
        daily(county)
        assert pool(tmp_path) == []


def test_proofs_that_no_backup_needs_go(tmp_path: Path, clock: Clock) -> None:
    with with_proofs(tmp_path, "一.pdf") as county:
        daily(county)
        stray = tmp_path / "backups" / "attachments" / "ab" / ("ab" * 32)
        stray.parent.mkdir(exist_ok=True)
        stray.write_bytes(b"x")
        touch(county, 1)
        daily(county)
    assert len(pool(tmp_path)) == 1 and not stray.exists()


def test_a_lost_proof_makes_a_backup_worse(tmp_path: Path, clock: Clock) -> None:
    with with_proofs(tmp_path, "一.pdf") as county:
        first = daily(county)
        with county.reading() as conn:
            (stored,) = attachments.contents(conn)
        (tmp_path / "attachments" / stored.stored_name).unlink()
        touch(county, 1)
        second = daily(county)
    assert first is not None and second is not None and first != second
    assert backup_keeping.worse(describe(second), describe(first))
    assert not backup_keeping.worse(describe(first), describe(first))


def test_only_many_rows_are_worth_a_backup_ahead(tmp_path: Path) -> None:
    with counties.new(tmp_path) as county:
        assert before_import(county, backup_keeping.LARGE_IMPORT - 1) is None and kept(tmp_path) == []
        made = before_import(county, backup_keeping.LARGE_IMPORT)
        assert before_import(county, backup_keeping.LARGE_IMPORT) is None, "one is enough for blocks in a row"
        assert [entry.file for entry in kept(tmp_path)] == [made] and kept(tmp_path)[0].kind == "before-import"
