"""Saved views of a register: which rows, in which order, under which columns, kept under a name.

They lie in the county file, as settings: a view names the county's own towns and enterprises, goes with the folder to
the colleague who takes it over, and is backed up with the rows. Widths of columns stay with the person at the PC.

    saved_views(conn, schema) -> list[SavedView]        by name; at most one is the default
    save_view(op, schema, view)                         takes the place of the view of that name
    remove_view(op, schema, name)
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, get_args

from db.core.errors import DataProblem
from db.core.fields import Field, TableSchema
from db.core.text import fold_choice
from db.core.values import Cell, State
from db.store import cells
from db.store.filters import Filter, Kind
from db.store.operation import Operation
from db.store.query import Sort

LONGEST_NAME, MOST = 30, 50
_STATE = "state"


@dataclass(frozen=True)
class SavedView:
    """What a grid shows; of a view whose register lost a field, the rest."""

    name: str
    filters: tuple[Filter, ...] = ()
    sorts: tuple[Sort, ...] = ()
    search: str = ""
    hidden: tuple[str, ...] = ()
    default: bool = False


def saved_views(conn: sqlite3.Connection, schema: TableSchema) -> list[SavedView]:
    """Return the register's views in the order of their names."""
    beginning = _id(schema, "")
    found = conn.execute(
        "SELECT value FROM setting WHERE deleted_at IS NULL AND substr(id, 1, ?) = ?", (len(beginning), beginning)
    )
    return sorted((_read(schema, json.loads(value)) for (value,) in found), key=lambda view: view.name)


def save_view(op: Operation, schema: TableSchema, view: SavedView) -> None:
    """Keep the view; one that is the default takes that from the others. DataProblem for an impossible name."""
    name = fold_choice(view.name)
    if not name or len(name) > LONGEST_NAME:
        raise DataProblem(
            f"视图名称要有1到{LONGEST_NAME}个字。", advice="请换一个名称，如“本月到期”。", code="view.name"
        )
    present = [each for each in saved_views(op.conn, schema) if each.name != name]
    if len(present) >= MOST:
        raise DataProblem(f"一张清单最多保存{MOST}个视图。", advice="请先删去不用的。", code="view.many")
    if view.default:
        for other in present:
            if other.default:
                _write(op, schema, replace(other, default=False))
    _write(op, schema, replace(view, name=name))


def remove_view(op: Operation, schema: TableSchema, name: str) -> None:
    """Take the view away; undoing brings it back."""
    op.conn.execute("DELETE FROM setting WHERE id = ?", (_id(schema, name),))


def _id(schema: TableSchema, name: str) -> str:
    return f"view:{schema.name}:{name}"


def _write(op: Operation, schema: TableSchema, view: SavedView) -> None:
    value = {
        "name": view.name,
        "filters": [_filter_out(schema, each) for each in view.filters],
        "sorts": [{"field": each.field, "descending": each.descending} for each in view.sorts],
        "search": view.search,
        "hidden": list(view.hidden),
        "default": view.default,
    }
    op.conn.execute(
        "INSERT INTO setting (id, value, created_at) VALUES (?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET value = excluded.value, deleted_at = NULL",
        (_id(schema, view.name), json.dumps(value, ensure_ascii=False), op.at),
    )


def _filter_out(schema: TableSchema, condition: Filter) -> dict[str, Any]:
    field = schema.field(condition.field)
    values = [{_STATE: cell.value} if isinstance(cell, State) else cells.store(field, cell) for cell in condition.cells]
    return {"field": condition.field, "kind": condition.kind, "cells": values, "text": condition.text}


def _read(schema: TableSchema, value: Mapping[str, Any]) -> SavedView:
    filters = [
        Filter(each["field"], each["kind"], _cells(schema.field(each["field"]), each["cells"]), each["text"])
        for each in value["filters"]
        if each["field"] in schema and each["kind"] in get_args(Kind)
    ]
    return SavedView(
        name=value["name"],
        filters=tuple(filters),
        sorts=tuple(Sort(each["field"], each["descending"]) for each in value["sorts"] if each["field"] in schema),
        search=value["search"],
        hidden=tuple(name for name in value["hidden"] if name in schema),
        default=value["default"],
    )


def _cells(field: Field, raw: list[Any]) -> tuple[Cell, ...]:
    return tuple(State(each[_STATE]) if isinstance(each, dict) else cells.load(field, each) for each in raw)
