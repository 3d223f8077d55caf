"""Killed at 250 random moments of writing, importing, exporting, attaching, the county holds all that was saved."""

from __future__ import annotations

import json
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from db.core.progress import NO_PROGRESS
from db.exchange.package_verify import verify_package
from db.store import attachments, integrity
from db.store.backup import kept
from db.store.county import County
from db.store.journal import journalled_tables
from db.work.setup import new_county
from tests.db.store.counties import Tables, tables

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL and fork are POSIX")

KILLS = {"write": 60, "import": 50, "export": 100, "attach": 40}
LONGEST = {"write": 0.2, "import": 0.5, "export": 0.8, "attach": 0.3}
"""Seconds until the kill: long enough for several steps, short enough for the first to be hit too."""
CRASHES_PER_COUNTY = 5

Line = dict[str, Any]


class Worker:
    """The warmed-up process that forks and kills."""

    def __init__(self, first: Path) -> None:
        command = [sys.executable, "-m", "tests.flows.kill_worker", str(first)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def kill_while(self, **job: object) -> int:
        """Do the job until the kill and return the signal that ended it."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(json.dumps(job) + "\n")
        self.process.stdin.flush()
        return int(json.loads(self.process.stdout.readline())["signal"])

    def stop(self) -> None:
        with self.process:
            assert self.process.stdin is not None
            self.process.stdin.close()


@pytest.fixture(scope="module")
def worker(template: Path) -> Iterator[Worker]:
    running = Worker(template)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a county with towns, departments and registers, to be copied."""
    folder = tmp_path_factory.mktemp("template") / "county"
    new_county(folder, county="370783", author="张三").close()
    return folder


def test_there_are_enough() -> None:
    assert sum(KILLS.values()) == 250 and KILLS["export"] == 100


@pytest.mark.parametrize("action", KILLS)
def test_killed_at_random_moments(action: str, worker: Worker, template: Path, tmp_path: Path) -> None:
    chance = random.Random(f"{action} 2022-03-10")
    saved = interrupted = 0
    for number in range(KILLS[action]):
        place = tmp_path / str(number // CRASHES_PER_COUNTY)
        if not place.exists():
            shutil.copytree(template, place / "county")
            (place / "out").mkdir()
        report = place / "report"
        earlier = unfinished(place)
        ended_by = worker.kill_while(
            folder=str(place / "county"),
            action=action,
            seed=chance.getrandbits(32),
            delay=chance.uniform(0, LONGEST[action]),
            report=str(report),
        )
        lines = read_report(report)
        assert ended_by == signal.SIGKILL, lines[-1:]
        interrupted += bool(unfinished(place) - earlier)
        check_county(place / "county", lines)
        check_packages(place / "out", lines)
        saved += len([line for line in lines if "operation" in line])
        if (number + 1) % CRASHES_PER_COUNTY == 0:
            shutil.rmtree(place)
    # Otherwise the moments were badly chosen and the test proves nothing.
    assert saved > KILLS[action] and interrupted > 0, (saved, interrupted)


def unfinished(place: Path) -> set[Path]:
    """Return what a kill left half written: the county's journal, and packages under their first names.

    An export spends nearly all its time on the package; its entry in the county is written in a moment.
    """
    return {*place.glob("county/county.db-journal"), *place.glob("out/.*.part")}


def read_report(report: Path) -> list[Line]:
    """Return what the children said, each line written at once; none may be a failure."""
    lines = report.read_text(encoding="utf-8").splitlines() if report.exists() else []
    found = [json.loads(line) for line in lines]
    failures = [line["error"] for line in found if "error" in line]
    assert not failures, failures[0]
    return found


def check_county(folder: Path, lines: list[Line]) -> None:
    with County.open(folder, author="李四") as county, county.reading() as conn:
        assert integrity.check(conn).sound
        assert not list(folder.rglob(".*.part"))
        assert conn.execute("SELECT operation_id FROM journal_state").fetchall() == [(None,)]
        found = {row[0]: row[1:] for row in conn.execute("SELECT id, label, state FROM operation")}
        for line in lines:
            if "operation" in line:
                assert found[line["operation"]][0] == line["label"], "a step reported as saved is gone"
        check_whole_operations(conn.execute(COUNTED).fetchall())
        assert tables(conn) == replayed(conn), "the tables are not what the journal says"
        assert attachments.missing(conn, folder, deep=True) == []
    backups = {entry.file.name for entry in kept(folder)}
    assert backups == {path.name for path in (folder / "backups").glob("*.zip")}, "a half backup has its final name"


COUNTED = """
    SELECT o.id, o.label, o.kind, o.target_id, count(c.seq), o.last_change - o.first_change + 1
    FROM operation o JOIN change c ON c.operation_id = o.id GROUP BY o.id ORDER BY o.id
"""
CHANGES = "SELECT table_name, row_id, action, after FROM change ORDER BY seq"


def check_whole_operations(operations: list[tuple[Any, ...]]) -> None:
    """Every operation has all the changes its label tells of; an undo or redo as many as its target."""
    sizes: dict[int, int] = {}
    for operation_id, label, kind, target, count, span in operations:
        assert count == span
        sizes[operation_id] = count
        if kind in ("undo", "redo"):
            assert count == sizes[target]
        elif label.split()[-1].isdigit():
            assert count == int(label.split()[-1]), "a part of an operation was saved"


def replayed(conn: sqlite3.Connection) -> Tables:
    """Return the tables that the journal's changes lead to, from nothing."""
    rows: dict[str, dict[str, dict[str, Any]]] = {table: {} for table in journalled_tables(conn)}
    for table, row_id, action, after in conn.execute(CHANGES):
        match action:
            case "insert":
                rows[table][row_id] = json.loads(after)
            case "update":
                rows[table][row_id].update(json.loads(after))
            case _:
                del rows[table][row_id]
    columns = {table: [column[1] for column in conn.execute(f"PRAGMA table_info({table})")] for table in rows}
    return {
        table: sorted(tuple(row.get(name) for name in columns[table]) for row in rows[table].values()) for table in rows
    }


def check_packages(out: Path, lines: list[Line]) -> None:
    names = {path.name for path in out.iterdir() if not path.name.startswith(".")}
    assert {line["package"] for line in lines if "package" in line} <= names
    for name in sorted(names):
        assert verify_package(out / name, NO_PROGRESS).ok, name
