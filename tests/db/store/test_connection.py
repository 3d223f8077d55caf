from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path, PureWindowsPath

import pytest

from db.core.errors import Cancelled, EnvironmentProblem
from db.store import connection
from db.store.connection import connect_reader, connect_writer, explain_sqlite, file_uri, pragma, translated
from tests.db.store import counties


def test_pragmas_of_the_writer(tmp_path: Path) -> None:
    with counties.new(tmp_path), closing(connect_writer(tmp_path / "county.db")) as conn:
        assert conn.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert {
            name: pragma(conn, name) for name in ("synchronous", "foreign_keys", "application_id", "user_version")
        } == {
            "synchronous": 2,
            "foreign_keys": 1,
            "application_id": connection.APPLICATION_ID,
            "user_version": connection.SCHEMA_VERSION,
        }


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    with counties.new(tmp_path) as county, closing(county.connect()) as conn:
        assert pragma(conn, "trusted_schema") == 0
        with pytest.raises(EnvironmentProblem) as caught, translated(county.path):
            conn.execute("UPDATE journal_state SET operation_id = 1")
        assert caught.value.code == "read_only_disk"


NAMES = ["寿光市 2022", "a%20b", "ein#anker", "a&b=c", "it's", *(["what?mode=memory"] if os.name != "nt" else [])]


@pytest.mark.parametrize("name", NAMES)
def test_any_folder_name_works(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    with counties.new(folder) as county:
        assert counties.town_names(county) == ["圣城街道", "洛城街道"]
    assert (folder / "county.db").is_file()


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("C:\\数据\\a b", "file:///C:/%E6%95%B0%E6%8D%AE/a%20b?mode=ro"),
        ("\\\\server\\share\\x", "file:////server/share/x?mode=ro"),
    ],
)
def test_windows_paths_become_uris(monkeypatch: pytest.MonkeyPatch, path: str, uri: str) -> None:
    monkeypatch.setattr(PureWindowsPath, "absolute", lambda self: self, raising=False)
    assert file_uri(PureWindowsPath(path), "ro") == uri  # type: ignore[arg-type]


def test_full_disk_saves_nothing_and_is_told(tmp_path: Path) -> None:
    with counties.new(tmp_path) as county:
        before = counties.tables_of(county)
        with pytest.raises(EnvironmentProblem) as caught, county.operation("导入") as op:
            op.conn.execute(f"PRAGMA max_page_count = {pragma(op.conn, 'page_count') + 2}").fetchall()
            op.conn.executemany("INSERT INTO town (id, name) VALUES (?, ?)", [(str(n), "镇" * 500) for n in range(500)])
        assert caught.value.code == "disk_full"
        assert "磁盘空间已满" in str(caught.value) and "清理磁盘" in str(caught.value)
        assert counties.tables_of(county) == before


def test_a_file_held_by_another_program_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "_TIMEOUT", 0.0)
    with counties.new(tmp_path) as county, closing(connect_writer(county.path)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(EnvironmentProblem) as caught, county.reading() as conn:
            conn.execute("SELECT * FROM town")
        assert caught.value.code == "busy"
        other.rollback()


def test_an_interrupt_is_a_cancellation(tmp_path: Path) -> None:
    with counties.new(tmp_path) as county, pytest.raises(Cancelled), county.reading() as conn:
        conn.set_progress_handler(lambda: 1, 10)
        conn.execute("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n")


def test_our_own_mistakes_pass_unchanged(tmp_path: Path) -> None:
    with counties.new(tmp_path) as county, pytest.raises(sqlite3.OperationalError, match="no such table"):
        with county.reading() as conn:
            conn.execute("SELECT * FROM no_table")


@pytest.mark.parametrize("code", [getattr(sqlite3, name) for name in dir(sqlite3) if name.startswith("SQLITE_IOERR")])
def test_every_disk_error_has_a_sentence(code: int) -> None:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = code
    meaning = explain_sqlite(error, Path("county.db"))
    assert isinstance(meaning, EnvironmentProblem) and meaning.advice


def test_a_missing_file_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem) as caught, translated(tmp_path / "county.db"):
        connect_reader(tmp_path / "county.db").execute("SELECT * FROM town")
    assert caught.value.code == "cannot_open"


def test_readers_see_the_last_saved_state_while_a_large_operation_runs(tmp_path: Path) -> None:
    with counties.new(tmp_path) as county:
        with county.operation("导入") as op:
            rows = [(str(number), "镇" * 200) for number in range(20_000)]
            op.conn.executemany("INSERT INTO town (id, name) VALUES (?, ?)", rows)
            assert counties.town_names(county) == ["圣城街道", "洛城街道"]
        assert len(counties.town_names(county)) == 20_002


def test_opening_imports_nothing_that_only_migrations_need(tmp_path: Path) -> None:
    counties.new(tmp_path).close()
    code = (
        "import sys; from pathlib import Path; from db.store.county import County;"
        " County.open(Path(sys.argv[1]), author='').close(); print('sqlite_utils' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code, tmp_path], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
