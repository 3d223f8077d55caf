"""Rows of any table, made from its schema alone: inserting, changing, deleting to the recycle bin, reading.

Every write belongs to an open `Operation`; the journal's triggers see it. A half-typed row is stored as it is: what is
required or doubtful is a matter of the checks, not of the store. The file computes a computed field by itself: what is
given for one is left out.

    insert(op, schema, values, *, row_id=None) -> str
    insert_many(op, schema, rows) -> list[str]
    update(op, schema, row_id, values) -> None
    update_many(op, schema, [(row_id, values), …]) -> None
    delete(op, schema, row_ids) -> int          restore(op, schema, row_ids) -> int
    get(conn, schema, row_id) -> Row | None
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import count, islice
from typing import Any, NamedTuple

from db.core.errors import DataProblem
from db.core.fields import Field, TableSchema
from db.core.ids import new_id
from db.core.values import Cell, State
from db.store import cells
from db.store.blocks import Given, update_rows
from db.store.connection import quoted
from db.store.initials import initials
from db.store.operation import Operation

BATCH = 500
"""How many values one statement's IN (…) takes."""


@dataclass(frozen=True)
class Row:
    """A row: `values` by field name, `labels` the names its references point to, `deleted_at` None while it is live."""

    seq: int
    id: str
    values: dict[str, Cell]
    labels: dict[str, str] = field(default_factory=dict)
    deleted_at: str | None = None


def insert(op: Operation, schema: TableSchema, values: Mapping[str, Cell], *, row_id: str | None = None) -> str:
    """Add a row and return its id; fields not given get their default.

    Where the table keeps a key unique and the recycle bin holds the same key, that row comes back with these values
    (and its own id is returned); a live row with the same key is a DataProblem.
    """
    chosen = row_id or new_id()
    try:
        _insert(op, schema, [(chosen, values)])
    except sqlite3.IntegrityError as error:
        found = _same_key(op.conn, schema, values, chosen, error)
        if found is None:
            raise
        existing, deleted_at = found
        if deleted_at is None:
            raise _duplicate(schema) from error
        restore(op, schema, [existing])
        update(op, schema, existing, _whole(schema, values))
        return existing
    return chosen


def insert_many(op: Operation, schema: TableSchema, rows: Iterable[Mapping[str, Cell]]) -> list[str]:
    """Add rows and return their ids in order; fields not given get their default; DataProblem for a key in use."""
    entries = [(new_id(), values) for values in rows]
    try:
        _insert(op, schema, entries)
    except sqlite3.IntegrityError as error:
        if error.sqlite_errorcode not in (sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY):
            raise
        raise _duplicate(schema) from error
    return [row_id for row_id, _ in entries]


def update(op: Operation, schema: TableSchema, row_id: str, values: Mapping[str, Cell]) -> None:
    """Write the given fields of a live row and no others; DataProblem when the row is gone."""
    update_many(op, schema, [(row_id, values)])


def update_many(op: Operation, schema: TableSchema, changes: Iterable[tuple[str, Mapping[str, Cell]]]) -> None:
    """Write each row's given fields, all or nothing; DataProblem when one of the rows is gone."""
    for shape, rows in _by_shape(schema, changes).items():
        try:
            changed = update_rows(op.conn, partial(_update_sql, schema, shape), rows)
        except sqlite3.IntegrityError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_CONSTRAINT_UNIQUE:
                raise
            raise _duplicate(schema) from error
        if changed != len(rows):
            raise DataProblem(
                f"「{schema.title}」中有{len(rows) - changed}行已被删除，没有保存。",
                advice="请从回收站恢复后再修改。",
                code="row.gone",
            )


def delete(op: Operation, schema: TableSchema, row_ids: Iterable[str]) -> int:
    """Move live rows to the recycle bin and return how many there were."""
    sql = f"UPDATE {quoted(schema.table)} SET deleted_at = ? WHERE id = ? AND deleted_at IS NULL"
    return op.conn.executemany(sql, [(op.at, row_id) for row_id in row_ids]).rowcount


def restore(op: Operation, schema: TableSchema, row_ids: Iterable[str]) -> int:
    """Bring rows back from the recycle bin and return how many there were."""
    sql = f"UPDATE {quoted(schema.table)} SET deleted_at = NULL WHERE id = ? AND deleted_at IS NOT NULL"
    return op.conn.executemany(sql, [(row_id,) for row_id in row_ids]).rowcount


def get(conn: sqlite3.Connection, schema: TableSchema, row_id: str) -> Row | None:
    """Return the row with this id, from the recycle bin too, or None."""
    return next(select(conn, schema, "t.id = ?", (row_id,)), None)


def get_many(conn: sqlite3.Connection, schema: TableSchema, row_ids: Iterable[str]) -> list[Row]:
    """Return the rows with these ids that exist, in the order of the ids."""
    wanted = list(row_ids)
    found = {row.id: row for chunk in chunks(wanted) for row in select(conn, schema, in_list("t.id", chunk), chunk)}
    return [found[row_id] for row_id in wanted if row_id in found]


def select(
    conn: sqlite3.Connection, schema: TableSchema, where: str, parameters: Sequence[Any], tail: str = ""
) -> Iterator[Row]:
    """Yield the rows of `t`, the schema's table, for which the SQL `where` holds; `tail` may order and join nothing.

    A reference to a row in the recycle bin is labelled 名称（已删除）.
    """
    reader = cells.RowReader(schema)
    references = [f for f in schema.fields if f.ref]
    columns = ["t.seq", "t.id", "t.deleted_at", "t.states", *(f"t.{quoted(name)}" for name in reader.names)]
    columns += [f"{ref_alias(f)}.name || iif({ref_alias(f)}.deleted_at IS NULL, '', '（已删除）')" for f in references]
    joins = "".join(ref_join(f) for f in references)
    sql = f"SELECT {', '.join(columns)} FROM {quoted(schema.table)} t{joins} WHERE {where} {tail}"
    end = 4 + len(reader.names)
    for raw in conn.execute(sql, parameters):
        labels = {f.name: label for f, label in zip(references, raw[end:], strict=True) if label is not None}
        yield Row(raw[0], raw[1], reader.cells(raw[4:end], raw[3]), labels, raw[2])


def ref_alias(reference: Field) -> str:
    """Return the name under which the table that `reference` points to is joined."""
    return quoted(f"ref_{reference.name}")


def ref_join(reference: Field) -> str:
    """Return the join of the table that `reference` points to."""
    alias = ref_alias(reference)
    return f" LEFT JOIN {quoted(reference.ref)} {alias} ON {alias}.id = t.{quoted(reference.name)}"


def in_list(column: str, values: Sequence[object]) -> str:
    """Return `column` IN (?, …) for as many values."""
    return f"{column} IN ({', '.join('?' * len(values))})"


def chunks(values: Iterable[str]) -> Iterator[list[str]]:
    """Yield the values in lists short enough for one statement."""
    iterator = iter(values)
    while chunk := list(islice(iterator, BATCH)):
        yield chunk


def _insert(op: Operation, schema: TableSchema, entries: Sequence[tuple[str, Mapping[str, Cell]]]) -> None:
    for name in {name for _, values in entries for name in values}:
        _field(schema, name)
    plain = cells.plain_columns(schema)
    fields = [f for f in schema.fields if f.computed is None]
    columns = ["id", *(f.name for f in fields), "states", "created_at"]
    if schema.initials_of:
        columns.append("initials")
    sql = (
        f"INSERT INTO {quoted(schema.table)} ({', '.join(map(quoted, columns))})"
        f" VALUES ({', '.join('?' * len(columns))})"
    )

    def parameters() -> Iterator[list[Any]]:
        for row_id, values in entries:
            whole = _whole(schema, values)
            given = ((f, whole[f.name]) for f in fields)
            stored = [None if cell is None else cells.store(f, cell, plain=f.name in plain) for f, cell in given]
            tail = [_initials(schema, whole)] if schema.initials_of else []
            yield [row_id, *stored, cells.store_states(whole), op.at, *tail]

    op.conn.executemany(sql, parameters())


def _whole(schema: TableSchema, values: Mapping[str, Cell]) -> dict[str, Cell]:
    return {f.name: values.get(f.name, f.default) for f in schema.fields if f.computed is None}


class _Shape(NamedTuple):
    """What an UPDATE writes: the fields, and those of them that get a state."""

    fields: tuple[str, ...]
    states: tuple[str, ...]


def _by_shape(schema: TableSchema, changes: Iterable[tuple[str, Mapping[str, Cell]]]) -> dict[_Shape, list[list[Any]]]:
    """Return the parameters of every row's UPDATE, in the order of `_update_sql`, by what it writes."""
    computed = {f.name for f in schema.fields if f.computed is not None}
    plain = cells.plain_columns(schema)
    columns: dict[tuple[str, ...], list[tuple[Field, bool]]] = {}
    groups: dict[tuple[tuple[str, ...], tuple[str, ...]], list[list[Any]]] = {}
    for row_id, values in changes:
        if computed:
            values = {name: cell for name, cell in values.items() if name not in computed}
        if not values:
            continue
        names = tuple(values)
        if names not in columns:
            columns[names] = [(_field(schema, name), name in plain) for name in names]
        row: list[Any] = [
            None if cell is None else cells.store(column, cell, plain=is_plain)
            for (column, is_plain), cell in zip(columns[names], values.values(), strict=True)
        ]
        marked: tuple[str, ...] = ()
        if State in map(type, values.values()):
            states = {name: cell.value for name, cell in values.items() if isinstance(cell, State)}
            row += states.values()
            marked = tuple(states)
        if schema.initials_of in values:
            row.append(_initials(schema, values))
        row.append(row_id)
        groups.setdefault((names, marked), []).append(row)
    return {_Shape(names, marked): rows for (names, marked), rows in groups.items()}


def _update_sql(schema: TableSchema, shape: _Shape, given: Given, source: str) -> str:
    """Return the UPDATE for what `_by_shape` gives; see `blocks.Statement`."""
    places = count()
    setters = [f"{quoted(name)} = {given(next(places))}" for name in shape.fields]
    keep = ", ".join(_json_path(name) for name in shape.fields if name not in shape.states)
    mark = ", ".join(f"{_json_path(name)}, {given(next(places))}" for name in shape.states)
    # Rows without any state are by far the most, and JSON is slow.
    left = f"iif(states = '{{}}', states, json_remove(states, {keep}))" if keep else "states"
    setters.append(f"states = json_set({left}, {mark})" if mark else f"states = {left}")
    if schema.initials_of in shape.fields:
        setters.append(f"initials = {given(next(places))}")
    table = quoted(schema.table)
    found = f"{table}.id = {given(next(places))} AND deleted_at IS NULL"
    return f"UPDATE {table} SET {', '.join(setters)}{source} WHERE {found}"


def _json_path(name: str) -> str:
    return f"'$.\"{name}\"'"


def _initials(schema: TableSchema, values: Mapping[str, Cell]) -> str | None:
    name = values.get(schema.initials_of)
    return initials(name) if isinstance(name, str) and not isinstance(name, State) else None


def _field(schema: TableSchema, name: str) -> Field:
    found = schema.field(name)
    assert found.name == name
    return found


def _same_key(
    conn: sqlite3.Connection,
    schema: TableSchema,
    values: Mapping[str, Cell],
    row_id: str,
    error: sqlite3.IntegrityError,
) -> tuple[str, str | None] | None:
    """Return id and deletion time of the row whose key made the insertion fail, None when it failed otherwise."""
    if error.sqlite_errorcode != sqlite3.SQLITE_CONSTRAINT_UNIQUE:
        return None
    columns = [part.strip().rpartition(".")[2] for part in str(error).partition(":")[2].split(",")]
    whole: dict[str, Any] = {"id": row_id}
    whole |= {name: cells.store(schema.field(name), cell) for name, cell in _whole(schema, values).items()}
    where = " AND ".join(f"{quoted(column)} IS ?" for column in columns)
    found = conn.execute(
        f"SELECT id, deleted_at FROM {quoted(schema.table)} WHERE {where}", [whole[column] for column in columns]
    ).fetchone()
    return None if found is None else (found[0], found[1])


def _duplicate(schema: TableSchema) -> DataProblem:
    return DataProblem(f"「{schema.title}」中已有同样的一行。", advice="请修改原来的那一行。", code="row.duplicate")
