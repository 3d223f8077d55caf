"""Every backup a second time where the clerk wants it."""

from __future__ import annotations

import shutil
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest

from db.core.errors import DataProblem, EnvironmentProblem
from db.store.backup import before, daily, restore
from db.store.backup_copies import check_second_place, copy_backups, is_behind
from db.store.backup_keeping import DAYS
from db.store.county import County
from tests.db.store import counties
from tests.db.store.test_backup import content_of, with_proofs
from tests.db.store.test_backup_keeping import Clock, clock, touch

__all__ = ["clock"]


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    place = tmp_path / "U盘"
    place.mkdir()
    return place


def copies(stick: Path) -> list[str]:
    return sorted(file.name for file in stick.rglob("*.zip"))


def test_what_is_lacking_comes_and_nothing_twice(tmp_path: Path, stick: Path, clock: Clock) -> None:
    with counties.new(tmp_path / "寿光市") as county:
        touch(county, 1)
        daily(county)
        assert is_behind(county.folder, stick)
        before(county.folder, "import")
        assert copy_backups(county.folder, stick) == 2
        assert copies(stick) == ["before-import-2022-03-15-000003.zip", "daily-2022-03-15.zip"]
        assert copy_backups(county.folder, stick) == 0 and not is_behind(county.folder, stick)
        touch(county, 2)
        daily(county)  # takes the place of the day's earlier one
        assert copy_backups(county.folder, stick) == 1
        assert len(copies(stick)) == 2


def test_it_is_restored_from_there_with_its_proof_files(tmp_path: Path, stick: Path) -> None:
    with with_proofs(tmp_path / "寿光市", "一.pdf", "二.txt") as county:
        daily(county)
        copy_backups(county.folder, stick)
    content = content_of(county.folder)
    shutil.rmtree(tmp_path / "寿光市")
    restore(stick / "寿光市" / next(iter(copies(stick))), tmp_path / "新电脑")
    assert content_of(tmp_path / "新电脑") == content


def test_days_that_were_missed_come_later_and_old_ones_go(tmp_path: Path, stick: Path, clock: Clock) -> None:
    with counties.new(tmp_path / "寿光市") as county:
        for number in range(DAYS + 5):
            touch(county, number + 1)
            daily(county)
            clock.day += timedelta(days=1)
            if number % 4 == 0:
                copy_backups(county.folder, stick)
        copy_backups(county.folder, stick)
        assert copies(stick) == sorted(file.name for file in (county.folder / "backups").glob("*.zip"))


def test_a_stick_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with counties.new(tmp_path / "寿光市") as county:
        daily(county)
        for ask in (copy_backups, is_behind):
            with pytest.raises(EnvironmentProblem, match="备份没有另存：找不到文件夹"):
                ask(county.folder, tmp_path / "E盘")
    assert not (tmp_path / "E盘").exists()


def test_a_place_that_cannot_be_written_is_a_sentence(tmp_path: Path, stick: Path) -> None:
    (stick / "寿光市").write_bytes(b"")
    with counties.new(tmp_path / "寿光市") as county:
        daily(county)
        with pytest.raises(EnvironmentProblem, match="另存备份"):
            copy_backups(county.folder, stick)


def test_a_file_of_another_kind_under_a_backups_name_is_passed_over(tmp_path: Path, stick: Path, clock: Clock) -> None:
    (stick / "寿光市").mkdir()
    stranger = stick / "寿光市" / "daily-2022-03-15.zip"
    with zipfile.ZipFile(stranger, "w") as archive:
        archive.writestr("370783-monthly-2022-03-v1/bagit.txt", "")
    content = stranger.read_bytes()
    with counties.new(tmp_path / "寿光市") as county:
        daily(county)
        assert copy_backups(county.folder, stick) == 1 and not is_behind(county.folder, stick)
    assert copies(stick) == ["daily-2022-03-15-2.zip", "daily-2022-03-15.zip"] and stranger.read_bytes() == content


def test_another_county_of_the_same_name_is_not_overwritten(tmp_path: Path, stick: Path, clock: Clock) -> None:
    for place, people in (("一", 1), ("二", 2)):
        with counties.new(tmp_path / place / "寿光市") as county:
            for change in range(3 if place == "一" else 1):
                touch(county, people + change)
            daily(county)
            copy_backups(county.folder, stick)
    assert copies(stick) == ["daily-2022-03-15-2.zip", "daily-2022-03-15.zip"]


def test_copies_inside_the_county_folder_are_refused(tmp_path: Path) -> None:
    (tmp_path / "寿光市" / "backups").mkdir(parents=True)
    for place in ("寿光市", "寿光市/backups"):
        with pytest.raises(DataProblem, match="不能另存到填报文件夹里面"):
            check_second_place(tmp_path / "寿光市", tmp_path / place)
    check_second_place(tmp_path / "寿光市", tmp_path)


def test_a_county_without_backups_has_nothing_to_copy(tmp_path: Path, stick: Path) -> None:
    with counties.new(tmp_path / "寿光市") as county:
        assert isinstance(county, County)
        assert copy_backups(county.folder, stick) == 0 and not is_behind(county.folder, stick)
