"""Small counties for the tests of the store, and their tables as something that can be compared."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from db.store.connection import connect_writer, quoted
from db.store.county import County
from db.store.journal import journalled_tables

Tables = dict[str, list[tuple[Any, ...]]]


def new(folder: Path) -> County:
    """Return a new county with two towns, made in one step that can be undone."""
    county = County.create(folder, county_code="370783", county_name="寿光市", author="张三")
    add_towns(county, "圣城街道", "洛城街道")
    return county


def add_towns(county: County, *names: str) -> None:
    with county.operation("新增镇街") as op:
        op.conn.executemany("INSERT INTO town (id, name) VALUES (?, ?)", [(f"town-{name}", name) for name in names])


def town_names(county: County) -> list[str]:
    with county.reading() as conn:
        return [name for (name,) in conn.execute("SELECT name FROM town ORDER BY seq")]


def tables(conn: sqlite3.Connection) -> Tables:
    """Return every row of every journalled table, row numbers included."""
    return {
        table: conn.execute(f"SELECT * FROM {quoted(table)} ORDER BY seq").fetchall()
        for table in journalled_tables(conn)
    }


def tables_of(county: County) -> Tables:
    with county.reading() as conn:
        return tables(conn)


def edit_from_outside(folder: Path, *statements: str) -> None:
    """Run SQL as another program would: on a connection of its own, outside of any operation."""
    with closing(connect_writer(folder / "county.db")) as conn:
        for statement in statements:
            conn.execute(statement)
