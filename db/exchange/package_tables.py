"""A table as it travels in a package: its columns, its Table Schema, and back from that to our definition."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from db.core.errors import DataProblem
from db.core.fields import TableSchema, load_schema, schema_from_json
from db.core.values import UNREPORTED, State
from db.exchange.package_kinds import ATTACHMENTS, PackageKind, attachments_schema, papers, schema_version
from db.work.registers import registers

ROW_ID = "id"
LONGEST_ID = 64
ROW_ID_PATTERN = rf"[0-9A-Za-z][0-9A-Za-z._:-]{{0,{LONGEST_ID - 1}}}"
LABELS = {"": UNREPORTED, **{state.value: state.value for state in State}}

_ROW_ID_FIELD = {
    "name": ROW_ID,
    "title": "行标识",
    "type": "string",
    "constraints": {"required": True, "unique": True, "pattern": ROW_ID_PATTERN},
    "x-help": "每行一个，修改、退回、再次上报时不变。",
}
_LONGEST_WORDS = 200
_OWN_KEYS = ("missingValues", "primaryKey", "x-missing-value-labels")
_FIELD_EXTRAS = ("trueValues", "falseValues", "x-required")


@dataclass(frozen=True)
class PackageTable:
    """One CSV in a package. `name` is its name there (attachments for the table attachment)."""

    name: str
    schema: TableSchema

    @property
    def path(self) -> str:
        """Return where it lies, relative to the package's data folder."""
        return f"{self.name}.csv" if self.name in papers() else f"tables/{self.name}.csv"

    @property
    def holds_data(self) -> bool:
        """Return whether it is one of the county's tables, neither the attachments nor a paper."""
        return self.name != ATTACHMENTS and self.name not in papers()

    @property
    def header(self) -> list[str]:
        """Return the titles of its columns: row id, then the fields."""
        return [ROW_ID, *self.schema.names]


def fixed_tables(kind: PackageKind, version: int = 0) -> list[PackageTable]:
    """Return the tables that every package of this kind has, registers left out, in the order they are written.

    `version` is that of the package's format; 0 is the one that this program writes.
    """
    tables = [PackageTable(name, load_schema(name)) for name in kind.tables]
    known = version or schema_version()
    beside = [PackageTable(name, schema) for name, (schema, since) in papers().items() if since <= known]
    return [*tables, PackageTable(ATTACHMENTS, attachments_schema()), *beside]


def data_tables(conn: sqlite3.Connection, kind: PackageKind) -> list[TableSchema]:
    """Return the tables of the county file that a package of this kind holds, attachments and papers left out."""
    extra = registers(conn) if kind.registers else []
    return [*map(load_schema, kind.tables), *extra]


def register_table(schema: TableSchema) -> PackageTable:
    """Return the CSV of a register."""
    return PackageTable(schema.table, schema)


def table_descriptor(table: PackageTable) -> dict[str, Any]:
    """Return the Table Schema of the CSV, which any Table Schema tool can check it with.

    The states are strings in `missingValues` with their labels beside them: entries that hold a label themselves came
    with version 2 of the standard, and tools of version 1 refuse the package for them.
    """
    descriptor = table.schema.descriptor()
    descriptor["fields"] = [deepcopy(_ROW_ID_FIELD), *descriptor["fields"]]
    descriptor["primaryKey"] = ROW_ID
    descriptor["x-missing-value-labels"] = dict(LABELS)
    return descriptor


@dataclass(frozen=True)
class Described:
    """A table's descriptor, its JSON and the hash of that; `schema` is the definition that it describes."""

    schema: TableSchema
    descriptor: dict[str, Any]
    text: str
    sha256: str


_MOST_KEPT = 500
_kept: dict[int, Described] = {}


def described(table: PackageTable) -> Described:
    """Return the table's descriptor, made once for every definition: nobody changes it."""
    kept = _kept.get(id(table.schema))
    if kept is None:
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        descriptor = table_descriptor(table)
        text = json.dumps(descriptor, ensure_ascii=False)
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        # The definition is kept beside what it is spelt as, so that its identity is not given to another one.
        kept = _kept[id(table.schema)] = Described(table.schema, descriptor, text, digest)
    return kept


def is_described_by(table: PackageTable, descriptor: object) -> bool:
    """Return whether `descriptor` is what we write for the table, word for word: then it need not be taken apart."""
    return described(table).descriptor == descriptor


def schema_of(descriptor: Mapping[str, Any]) -> TableSchema:
    """Return our definition of a table from the Table Schema that came with it; DataProblem when it is not usable.

    Its patterns are left out: a regular expression from outside can take longer than anybody lives. Titles and units
    of absurd length are refused: every finding about a cell repeats them.
    """
    raw = deepcopy(dict(descriptor))
    for key in _OWN_KEYS:
        raw.pop(key, None)
    fields = raw.get("fields")
    entries = [entry for entry in fields if isinstance(entry, dict)] if isinstance(fields, list) else []
    raw["fields"] = [entry for entry in entries if entry.get("name") != ROW_ID]
    for entry in raw["fields"]:
        constraints = entry.get("constraints")
        if isinstance(constraints, dict):
            constraints.pop("pattern", None)
        if entry.get("x-required") is True:
            entry["constraints"] = {**(constraints if isinstance(constraints, dict) else {}), "required": True}
        for key in _FIELD_EXTRAS:
            entry.pop(key, None)
    schema = schema_from_json(raw)
    words = [schema.title, *(text for field in schema.fields for text in (field.title, field.unit))]
    if max(map(len, words)) > _LONGEST_WORDS:
        raise DataProblem(f"名称超过{_LONGEST_WORDS}个字。", advice="请对方重新导出。", code="schema")
    return schema
