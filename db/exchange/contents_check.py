"""Checking what lies inside the bag: datapackage.json against the files, tables against their definitions, papers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from db.core.errors import DataProblem, Problem
from db.core.fields import TableSchema
from db.core.text import quote
from db.exchange.bag_check import PAYLOAD, Bag
from db.exchange.data_package import LARGEST, Resource, parse_data_package
from db.exchange.package_kinds import ATTACHMENT_FOLDER, ATTACHMENTS, DATA_PACKAGE, LETTER, REPORT, PackageKind, kinds
from db.exchange.package_tables import PackageTable, fixed_tables, is_described_by, register_table, schema_of
from db.exchange.table_check import RowTaker, TableContent, check_table
from db.exchange.verdict import Findings, TableFacts
from db.exchange.zip_names import name_fault
from db.exchange.zip_read import Damaged
from db.reports.package_report import summable, total_words
from db.work.registers import shipped

_ATTACHMENT = re.compile(rf"{ATTACHMENT_FOLDER}([0-9a-f]{{64}})(\.[a-z0-9]{{1,10}})?")
_UNUSABLE = (DataProblem, ValueError, TypeError, KeyError, AttributeError, ArithmeticError, RecursionError)
"""What making a definition out of any JSON whatever can end with."""


@dataclass
class _Table:
    table: PackageTable
    resource: Resource
    content: TableContent


class ContentsCheck:
    """Knows what the payload should be. `tables` are those that can be typed, by their names inside the bag."""

    largest = LARGEST

    def __init__(
        self, bag: Bag, findings: Findings, schemas: Mapping[str, TableSchema], taker: RowTaker | None = None
    ) -> None:
        self.tables: dict[str, PackageTable] = {}
        self.notes: list[str] = []
        self._bag = bag
        self._findings = findings
        self._taker = taker
        self._found: dict[str, _Table] = {}
        self._resources: list[Resource] = []
        self._kind: PackageKind | None = kinds().get(bag.info.get("Submission-Kind"))
        registers = [*shipped(), *schemas.values()]
        self._registers = {schema.table: schema for schema in registers}
        self._planned = False
        self._listed: set[str] = set()

    def plan(self, content: bytes) -> None:
        """Take datapackage.json in; DataProblem when it is not usable at all."""
        descriptor, self._resources = parse_data_package(content)
        self._planned = True
        if self._bag.name is not None:
            stated = tuple(descriptor.get(key) for key in ("x-county-code", "x-kind", "x-period"))
            if stated != (self._bag.name.county, self._bag.name.kind, self._bag.name.period):
                self._say(DATA_PACKAGE, "写的填报单位、种类或期与文件夹名不一致。")
        # The letter's hash covers this file alone, so what it says has to be what the bag says.
        if descriptor.get("x-plan-version") != self._bag.info.get("Plan-Version"):
            self._say(DATA_PACKAGE, "写的方案版本与 bag-info.txt 不一致。")
        self._check_listing()
        version = self._bag.version
        fixed = {table.name: table for table in fixed_tables(self._kind, version)} if self._kind else {}
        for resource in self._resources:
            path = PAYLOAD + resource.path
            if resource.is_table and path in self._bag.names and path not in self.tables:
                table = self._table_for(resource, fixed)
                if table is not None:
                    self.tables[path] = table
                    self._found[path] = _Table(table, resource, TableContent())
        for table in fixed.values():
            if PAYLOAD + table.path not in self.tables:
                self._say(PAYLOAD + table.path, f"缺少《{table.schema.title}》的数据表。", code="table.missing")

    def known(self, path: str) -> bool:
        """Return whether the table need not be read if its hash is what the manifest says.

        Then that is taken for what it holds; `check` takes it back.
        """
        found = self._found[path]
        # Attachments are compared one by one with those that lie in this package.
        if self._taker is None or found.table.name == ATTACHMENTS or path not in self._bag.manifest:
            return False
        content = self._taker.known(found.table, self._bag.manifest[path])
        found.content = content or TableContent()
        return content is not None

    def check(self, path: str, chunks: Iterable[bytes]) -> None:
        """Read one table from its pieces, to the end whatever comes."""
        pieces = iter(chunks)
        found = self._found[path]
        found.content = TableContent()
        collect = {"sha256": self._listed} if found.table.name == ATTACHMENTS else {}
        try:
            found.content = check_table(found.table, pieces, path, self._findings, collect=collect, taker=self._taker)
            for _ in pieces:  # for the hash
                continue
        except Damaged as damage:
            self._findings.add(path, Problem(damage.code, damage.message, damage.advice, path))

    def compare(self, hashes: Mapping[str, str], sizes: Mapping[str, int]) -> None:
        """Hold what was read against what is said about it, once every file has been read."""
        if self._bag.newer:
            return
        for path, what in ((DATA_PACKAGE, "数据说明"), (LETTER, "上报函"), (REPORT, "报表")):
            if path not in self._bag.names:
                self._say(path, f"缺少{what}。", code="package.missing")
        if not self._planned:
            return
        for resource in self._resources:
            path = PAYLOAD + resource.path
            if path in hashes:
                self._compare_file(path, resource, hashes[path], sizes[path])
        for path, found in self._found.items():
            if found.content.complete:
                self._compare_content(path, found)
        self._compare_attachments(hashes)

    def table_facts(self, hashes: Mapping[str, str]) -> list[TableFacts]:
        """Return what the tables held, in the order of datapackage.json."""
        facts = []
        for path, found in self._found.items():
            schema, content = found.table.schema, found.content
            totals = {name: f"{total:f}" for name, total in content.totals.items()}
            words = [
                total_words(schema.field(name), total)
                for name, total in content.totals.items()
                if total and summable(schema.field(name))
            ]
            told, digest = "；".join(words), hashes.get(path, "")
            facts.append(TableFacts(found.table.name, schema.title, content.rows, totals, told, digest))
        return facts

    def _check_listing(self) -> None:
        """Every file is listed once, nothing is listed that is not there."""
        names: set[str] = set()
        paths: set[str] = set()
        for resource in self._resources:
            fault = name_fault(resource.path)
            if fault:
                self._say(DATA_PACKAGE, f"列出的文件{quote(resource.path)}{fault}。")
            elif PAYLOAD + resource.path not in self._bag.names:
                self._say(DATA_PACKAGE, f"列出的文件{quote(resource.path)}包里没有。", code="package.missing")
            if resource.name in names or resource.path in paths:
                self._say(DATA_PACKAGE, f"资源{quote(resource.name)}重复。")
            names.add(resource.name)
            paths.add(resource.path)
        for path in self._bag.payload:
            if path not in (DATA_PACKAGE, LETTER) and path.removeprefix(PAYLOAD) not in paths:
                self._say(path, "是多余的文件，datapackage.json 没有列出。", code="package.extra")

    def _table_for(self, resource: Resource, fixed: Mapping[str, PackageTable]) -> PackageTable | None:
        own = fixed.get(resource.name)
        if own is None and self._kind is not None and self._kind.registers and resource.name in self._registers:
            own = register_table(self._registers[resource.name])
        path = PAYLOAD + resource.path
        if own is not None and PAYLOAD + own.path == path and is_described_by(own, resource.schema):
            return own
        try:
            stated = schema_of(resource.schema) if isinstance(resource.schema, dict) else None
        except _UNUSABLE as error:
            detail = error.message if isinstance(error, DataProblem) else "结构不对。"
            self._say(path, f"数据表的定义不可用：{detail}", code="table.schema")
            stated = None
        if stated is None:
            return own
        if own is None:
            return self._unknown(resource, stated)
        if PAYLOAD + own.path != path:
            self._say(path, f"《{own.schema.title}》应在{own.path}。", code="table.path")
            return None
        if stated.edition > own.schema.edition:
            self._findings.say(
                "package.newer",
                path,
                f"用的是更新的表样（第{stated.edition}版，本程序只认识到第{own.schema.edition}版）。",
                "请升级本程序或导入新表样后再校验。",
            )
            return None
        if stated.names == own.schema.names:
            return own
        if stated.edition == own.schema.edition:
            self._say(path, f"《{own.schema.title}》的字段与表样不同。", code="table.schema")
            return own
        self.notes.append(f"《{stated.title}》用的是较早的表样（第{stated.edition}版），按包内的定义核对。")
        return PackageTable(own.name, stated)

    def _unknown(self, resource: Resource, stated: TableSchema) -> PackageTable | None:
        known_kind = self._kind is not None and self._kind.registers
        table = register_table(stated)
        if known_kind and stated.kind == "register" and resource.name == table.name and resource.path == table.path:
            self.notes.append(f"清单《{stated.title}》不在本程序自带的表样里，按包内的定义核对。")
            return table
        self._say(PAYLOAD + resource.path, f"本程序不认识数据表{quote(resource.name)}。", code="table.unknown")
        return None

    def _compare_file(self, path: str, resource: Resource, digest: str, size: int) -> None:
        if resource.bytes != size or isinstance(resource.bytes, bool):
            self._say(path, f"有{size:,}字节，与 datapackage.json 写的不一致。", code="package.bytes")
        if resource.hash != f"sha256:{digest}":
            self._say(path, "内容与 datapackage.json 里的校验码不一致。", code="package.hash")

    def _compare_content(self, path: str, found: _Table) -> None:
        content, resource = found.content, found.resource
        if resource.rows != content.rows or isinstance(resource.rows, bool):
            stated = resource.rows if isinstance(resource.rows, int) else "？"
            self._say(path, f"有{content.rows}行，datapackage.json 写的是{stated}行。", code="package.rows")
        totals = {name: f"{total:f}" for name, total in content.totals.items()}
        stated_totals = resource.totals if isinstance(resource.totals, dict) else {}
        for name in sorted({*totals, *(key for key in stated_totals if isinstance(key, str))}):
            if totals.get(name) != stated_totals.get(name):
                title = found.table.schema.field(name).title if name in found.table.schema else name
                self._say(
                    path,
                    f"「{title[:40]}」的合计是{totals.get(name, '无')}，"
                    f"datapackage.json 写的是{quote(stated_totals.get(name, '无'))}。",
                    code="package.totals",
                )

    def _compare_attachments(self, hashes: Mapping[str, str]) -> None:
        present: set[str] = set()
        for path in self._bag.payload:
            if not path.startswith(ATTACHMENT_FOLDER):
                continue
            match = _ATTACHMENT.fullmatch(path)
            if match is None:
                self._say(path, "附件的文件名应是它的内容摘要。", code="attachment.name")
                continue
            present.add(match[1])
            if path in hashes and hashes[path] != match[1]:
                self._say(path, "附件的内容与文件名里的摘要不一致。", code="attachment.content")
            if match[1] not in self._listed:
                self._say(path, "附件没有登记在 tables/attachments.csv 里。", code="attachment.unlisted")
        for digest in sorted(self._listed - present):
            place = f"{ATTACHMENT_FOLDER}{digest[:64]}"
            self._say(place, "登记了附件，包里没有这个文件。", code="attachment.missing")

    def _say(self, path: str, message: str, *, code: str = "datapackage") -> None:
        self._findings.say(code, path, message)
