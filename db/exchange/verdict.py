"""What was found out about a package: what it is, and everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from db.core.errors import Problem
from db.exchange.zip_read import NO_PASSWORD, WRONG_PASSWORD

MOST_FINDINGS = 200
"""How many findings are listed about one table or file; of the rest only the number is told."""


@dataclass(frozen=True)
class TableFacts:
    """One table of a package: name, title, rows, control totals as text by field name, SHA-256 of its CSV."""

    name: str
    title: str
    rows: int
    totals: Mapping[str, str] = field(default_factory=dict)
    words: str = ""
    sha256: str = ""


@dataclass(frozen=True)
class PackageFacts:
    """What a package says it is; texts are empty and numbers 0 where it does not say."""

    name: str = ""
    package_id: str = ""
    county_code: str = ""
    county_name: str = ""
    kind: str = ""
    kind_title: str = ""
    period: str = ""
    sequence: int = 0
    supersedes: str = ""
    plan_version: str = ""
    schema_version: str = ""
    bagging_date: str = ""
    agent: str = ""
    contact: str = ""
    phone: str = ""
    data_sha256: str = ""
    file_sha256: str = ""
    file_size: int = 0
    tables: Sequence[TableFacts] = ()
    attachments: int = 0
    attachment_bytes: int = 0
    sample: str = ""
    """What a package of invented data says of itself; empty for real ones."""


@dataclass(frozen=True)
class Verdict:
    """The outcome of a verification: good when there are no problems. `notes` are remarks that are no faults."""

    file_name: str
    package: PackageFacts
    problems: list[Problem]
    notes: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Return whether nothing is wrong."""
        return not self.problems

    @property
    def asks_for_password(self) -> bool:
        """Return whether a password, or another one, would tell more."""
        return any(problem.code in (NO_PASSWORD, WRONG_PASSWORD) for problem in self.problems)

    @property
    def facts(self) -> dict[str, str]:
        """Return what the package is, for people: Chinese names and values, empty ones left out."""
        package = self.package
        kind = f"{package.kind}（{package.kind_title}）" if package.kind_title else package.kind
        contact = " ".join(part for part in (package.contact, package.phone) if part)
        lines = {
            "文件": self.file_name,
            "上报包": package.name,
            "上报包编号": package.package_id,
            "性质": package.sample,
            "填报单位": " ".join(part for part in (package.county_name, package.county_code) if part),
            "种类": kind,
            "期": package.period,
            "次数": f"第{package.sequence}次" if package.sequence else "",
            "代替": package.supersedes,
            "导出日期": package.bagging_date,
            "联系人": contact,
            "方案版本": package.plan_version,
            "格式版本": package.schema_version,
            "导出程序": package.agent,
            "数据校验码": package.data_sha256,
            "文件校验码": package.file_sha256,
        }
        for table in package.tables:
            lines[f"《{table.title}》"] = f"{table.rows:,}行" + (f"，{table.words}" if table.words else "")
        if package.attachments:
            lines["佐证附件"] = f"{package.attachments:,}份，共{package.attachment_bytes:,}字节"
        for number, note in enumerate(self.notes, start=1):
            lines[f"说明{number}"] = note
        return {name: value for name, value in lines.items() if value}

    def to_json(self) -> dict[str, Any]:
        """Return all of it for programs: ok, file, package, problems, notes."""
        return {
            "ok": self.ok,
            "file": self.file_name,
            "package": asdict(self.package),
            "problems": [
                {"code": each.code, "place": each.place, "message": each.message, "advice": each.advice}
                for each in self.problems
            ],
            "notes": list(self.notes),
        }


class Findings:
    """Collects problems; of each subject only the first MOST_FINDINGS are kept, the others counted."""

    def __init__(self) -> None:
        self._kept: dict[str, list[Problem]] = {}
        self._more: dict[str, int] = {}

    def add(self, subject: str, problem: Problem) -> None:
        """Take a finding about `subject`, a table or file."""
        kept = self._kept.setdefault(subject, [])
        if len(kept) < MOST_FINDINGS:
            kept.append(problem)
        else:
            self._more[subject] = self._more.get(subject, 0) + 1

    def say(self, code: str, place: str, message: str, advice: str = "请对方重新导出。", *, subject: str = "") -> None:
        """Take a finding by its parts; its subject is its place unless told otherwise."""
        self.add(subject or place, Problem(code, message, advice, place))

    def all(self) -> list[Problem]:
        """Return the findings, subject by subject, each with a last line on how many more there are."""
        listed: list[Problem] = []
        for subject, kept in self._kept.items():
            listed += kept
            more = self._more.get(subject, 0)
            if more:
                listed.append(Problem("more", f"还有{more:,}处问题没有逐条列出。", "", subject))
        return listed
