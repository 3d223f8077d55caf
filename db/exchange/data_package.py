"""datapackage.json: what it says, and reading it back from nobody knows whom (Frictionless Data Package 1)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from db.core.errors import DataProblem
from db.exchange.package_kinds import PackageName, schema_version
from db.exchange.package_tables import PackageTable, table_descriptor
from db.exchange.strict_json import JsonFault, strict_json
from db.exchange.zip_write import Entry

LARGEST = 8 << 20
"""Bytes that datapackage.json may have."""

_PREFIX = "data/"


@dataclass(frozen=True)
class WrittenTable:
    """A table that lies in the package: number of rows, control totals by field name."""

    table: PackageTable
    entry: Entry
    rows: int
    totals: Mapping[str, Decimal] = field(default_factory=dict)


def data_package(
    name: PackageName, title: str, plan_version: str, tables: Sequence[WrittenTable], files: Iterable[Entry]
) -> bytes:
    """Return the content of datapackage.json: every table and file with its hash.

    It names neither date nor sequence number, so that the same data give the same bytes, and the letter's hash of it
    tells whether two packages hold the same.
    """
    resources = [_table_resource(written) for written in tables]
    resources += [_file_resource(entry) for entry in sorted(files, key=lambda entry: entry.name)]
    descriptor = {
        "profile": "data-package",
        "name": f"{name.county}-{name.kind}-{name.period}".lower(),
        "title": title,
        "x-county-code": name.county,
        "x-kind": name.kind,
        "x-period": name.period,
        "x-plan-version": plan_version,
        "x-schema-version": schema_version(),
        "resources": resources,
    }
    return json.dumps(descriptor, ensure_ascii=False, indent=1).encode("utf-8")


def _table_resource(written: WrittenTable) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": written.table.name,
        "path": written.table.path,
        "title": written.table.schema.title,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": written.entry.size,
        "hash": f"sha256:{written.entry.sha256}",
        "rows": written.rows,
        "x-totals": {name: f"{total:f}" for name, total in written.totals.items()},
        "schema": table_descriptor(written.table),
    }


def _file_resource(entry: Entry) -> dict[str, Any]:
    path = entry.name.removeprefix(_PREFIX)
    # `type` keeps tools from reading a spreadsheet among the attachments as a table of the package.
    return {
        "profile": "data-resource",
        "type": "file",
        "name": path.lower(),
        "path": path,
        "bytes": entry.size,
        "hash": f"sha256:{entry.sha256}",
    }


@dataclass(frozen=True)
class Resource:
    """One entry of `resources`, as far as it is usable; `path` is relative to the folder of datapackage.json."""

    name: str
    path: str
    bytes: object
    hash: object
    rows: object
    totals: object
    schema: object

    @property
    def is_table(self) -> bool:
        """Return whether it claims to be a table."""
        return self.schema is not None


def parse_data_package(content: bytes) -> tuple[dict[str, Any], list[Resource]]:
    """Return the descriptor and its resources; DataProblem when it is no usable JSON."""
    try:
        descriptor = strict_json(content, whole=True)
    except JsonFault as error:
        raise _fault(f"不是规范的 JSON（{error}）") from error
    if not isinstance(descriptor, dict):
        raise _fault("不是一个 JSON 对象")
    entries = descriptor.get("resources")
    if not isinstance(entries, list) or not entries:
        raise _fault("没有列出数据表（resources）")
    found: list[Resource] = []
    for number, entry in enumerate(entries, start=1):
        if not isinstance(entry, dict):
            raise _fault(f"第{number}个资源不是 JSON 对象")
        name, path = entry.get("name"), entry.get("path")
        if not isinstance(name, str) or not isinstance(path, str) or not name or not path:
            raise _fault(f"第{number}个资源没有名称或路径")
        found.append(
            Resource(
                name,
                path,
                entry.get("bytes"),
                entry.get("hash"),
                entry.get("rows"),
                entry.get("x-totals"),
                entry.get("schema"),
            )
        )
    return descriptor, found


def _fault(what: str) -> DataProblem:
    return DataProblem(f"{what}。", advice="请对方重新导出。", place="data/datapackage.json", code="datapackage")
