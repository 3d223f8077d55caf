from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from db.core.errors import EnvironmentProblem
from db.store import integrity
from db.store.connection import connect_reader, connect_writer
from db.store.county import County
from tests.db.store import counties


def fill(folder: Path) -> None:
    with counties.new(folder) as county, county.operation("导入") as op:
        rows = [(f"e{number}", "企业" * 40) for number in range(3000)]
        op.conn.executemany("INSERT INTO enterprise (id, name) VALUES (?, ?)", rows)


def damage(path: Path) -> None:
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 20_000] = b"\xa5" * 20_000
    path.write_bytes(content)


def crash(folder: Path) -> None:
    (folder / "county.lock").write_text("{}")


def test_a_sound_file_is_sound(tmp_path: Path) -> None:
    with counties.new(tmp_path) as county, county.reading() as conn:
        assert integrity.check(conn) == integrity.Soundness((), ())


def test_damage_is_found_after_an_unclean_end_only(tmp_path: Path) -> None:
    fill(tmp_path)
    damage(tmp_path / "county.db")
    with closing(connect_reader(tmp_path / "county.db")) as conn:
        assert integrity.check(conn).damage
    County.open(tmp_path, author="张三").close()
    crash(tmp_path)
    for _ in range(2):  # it stays suspected until it has been found whole
        with pytest.raises(EnvironmentProblem) as caught:
            County.open(tmp_path, author="张三")
        assert caught.value.code == "damaged" and "备份" in caught.value.advice
    County.open(tmp_path, author="张三", read_only=True).close()


def test_rows_pointing_nowhere_are_told_but_do_not_hinder(tmp_path: Path) -> None:
    counties.new(tmp_path).close()
    with closing(connect_writer(tmp_path / "county.db")) as conn:
        conn.execute("PRAGMA foreign_keys = OFF")
        conn.executemany("INSERT INTO enterprise (id, town_id) VALUES (?, 'nowhere')", [("a",), ("b",)])
    crash(tmp_path)
    with County.open(tmp_path, author="张三") as county:
        assert [notice for notice in county.notices if "企业中有 2 条" in notice]


def test_a_hot_journal_counts_as_an_unclean_end(tmp_path: Path) -> None:
    counties.new(tmp_path).close()
    (tmp_path / "county.db-journal").write_bytes(b"left by a crash")
    with County.open(tmp_path, author="张三") as county:
        assert "没有正常关闭" in county.notices[0]


def test_tables_have_a_name_for_people() -> None:
    assert integrity.title("town") == "镇街" and "strange" in integrity.title("strange")
    assert integrity.title("register_coal_boiler") == "燃煤锅炉淘汰" and integrity.title("register_x") == "其他清单"
