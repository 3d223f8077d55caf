"""What the kinds of packages are, which tables each holds, and how its files are called."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from functools import cache

import resources
from db.core.errors import DataProblem
from db.core.fields import TableSchema, load_schema, schema_from_json
from db.core.period import Period

ATTACHMENTS, EXPLANATIONS, CHANGES, REMARKS = "attachments", "explanations", "changes", "remarks"
DATA_PACKAGE = "data/datapackage.json"
REPORT = "data/report.xlsx"
LETTER = "data/letter.pdf"
ATTACHMENT_FOLDER = "data/attachments/"

_NAMESPACE = uuid.UUID("6f1d6a0e-5f4e-5c1b-8a53-370700202203")
_COUNTY = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{1,31}")
_NAME = re.compile(rf"({_COUNTY.pattern})-([a-z]+)-([0-9]{{4}}(?:-[0-9]{{2}})?)-v([1-9][0-9]{{0,5}})")


@dataclass(frozen=True)
class PackageKind:
    """One kind of package: `tables` by schema name in the order they are written, the registers after them if
    `registers`; of the tables in `of_the_year` only the rows of the period's year, of those in `of_the_month` its own.

    Those in `context` are carried along, so that the package can be read by itself; the others it is about.
    `evaluation` tells which one it holds: that of the "year", the "final" one of the whole plan, or none ("").
    """

    name: str
    title: str
    monthly: bool
    tables: tuple[str, ...]
    of_the_year: frozenset[str]
    of_the_month: frozenset[str]
    registers: bool
    evaluation: str = ""
    context: frozenset[str] = frozenset()

    def evaluation_key(self, period: Period) -> str:
        """Return the key of the evaluation in a package of `period`, "" when it holds none."""
        return str(period) if self.evaluation == "year" else self.evaluation


@dataclass(frozen=True)
class PackageName:
    """What a package's file name says: `370783-plan-2022-v1`."""

    county: str
    kind: str
    period: str
    sequence: int

    def __str__(self) -> str:
        return f"{self.county}-{self.kind}-{self.period}-v{self.sequence}"


def package_name(county: str, kind: str, period: str, sequence: int) -> PackageName:
    """Return the name of a package; DataProblem when the county's code or key cannot stand in a file name."""
    if not _COUNTY.fullmatch(county):
        raise DataProblem(
            f"填报单位的代码“{county}”不能用作文件名。", advice="请在基础信息里填写区划代码，或用英文字母和数字作标识。"
        )
    return PackageName(county, kind, period, sequence)


def parse_package_name(text: str) -> PackageName | None:
    """Return what the name of a package says, or None when it is none."""
    match = _NAME.fullmatch(text)
    return PackageName(match[1], match[2], match[3], int(match[4])) if match else None


def package_id_of(name: str, data_sha256: str) -> str:
    """Return the id of the package of this name whose datapackage.json has this hash: other content, another id."""
    return str(uuid.uuid5(_NAMESPACE, f"{name} {data_sha256}"))


@cache
def kinds() -> dict[str, PackageKind]:
    """Return the kinds that this program can write and read, by name."""
    return {
        name: PackageKind(
            name,
            entry["title"],
            entry["period"] == "month",
            tuple(entry["tables"]),
            frozenset(entry["of_the_year"]),
            frozenset(entry.get("of_the_month", ())),
            entry["registers"],
            entry.get("evaluation", ""),
            frozenset(entry["context"]),
        )
        for name, entry in resources.load_json("packages.json")["kinds"].items()
    }


def kind_and_period(kind: str, period: str) -> tuple[PackageKind, Period]:
    """Return both as values; DataProblem for an unknown kind and for a month where a year belongs, or the reverse."""
    known = kinds()
    if kind not in known:
        names = "、".join(f"{each.name}（{each.title}）" for each in known.values())
        raise DataProblem(f"没有“{kind}”这种上报包。", advice=f"请选择：{names}。", code="package.kind")
    chosen, parsed = known[kind], Period.parse(period)
    if parsed.is_month != chosen.monthly:
        form = "月份，如2022-03" if chosen.monthly else "年度，如2022"
        raise DataProblem(f"{chosen.title}按{form[:2]}上报，不能是{parsed.title}。", advice=f"请填写{form}。")
    return chosen, parsed


@cache
def schema_version() -> int:
    """Return the version of the package format that this program writes and the newest it reads."""
    return int(resources.load_json("packages.json")["schema_version"])


@cache
def papers() -> dict[str, tuple[TableSchema, int]]:
    """Return the definitions of the tables that lie beside the data (explanations.csv …), by name, each with the
    version of the package format that it came with.
    """
    stated = resources.load_json("packages.json")["papers"]
    return {name: (schema_from_json(entry["schema"]), int(entry["since"])) for name, entry in stated.items()}


def attachments_schema() -> TableSchema:
    """Return the definition of tables/attachments.csv."""
    return load_schema("attachment")
