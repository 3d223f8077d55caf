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
        descriptor = json.loads(content.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise _fault(f"不是规范的 JSON（{_short(error)}）") from error
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


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    # Two programs may take a different one of two equal keys, and would see two different packages.
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("键名重复")
    return result


def _no_constant(name: str) -> Any:
    raise ValueError(f"不能用 {name}")


def _short(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "嵌套太深"
    if isinstance(error, UnicodeDecodeError):
        return "不是 UTF-8 编码"
    if isinstance(error, json.JSONDecodeError):
        return f"第{error.lineno}行第{error.colno}列"
    return str(error)[:40]


def _fault(what: str) -> DataProblem:
    return DataProblem(f"{what}。", advice="请对方重新导出。", place="data/datapackage.json", code="datapackage")
