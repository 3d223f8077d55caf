"""Is the county file sound? Asked after an unclean end, of every backup, and by the clerk."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from db.core.errors import EnvironmentProblem
from db.core.fields import load_schema
from db.store.connection import RESTORE_ADVICE, explain_sqlite

_SHOWN = 20
_REGISTER = "register_"
_TITLES = {
    "setting": "设置",
    "reporting_unit": "填报单位",
    "town": "镇街",
    "department": "县级部门",
    "enterprise": "企业",
    "task_scope": "任务适用情况",
    "responsibility": "县级责任分工",
    "plan_edition": "方案",
    "plan_draft": "正在核对的方案",
    "quota": "县级目标",
    "assignment": "任务分解",
    "register_definition": "清单定义",
    "attachment": "佐证附件",
    "submission": "上报记录",
    "progress": "进度填报",
    "project_report": "项目月报",
    "month": "调度月份",
    "monthly_curve": "月度计划",
    "measure_taken": "督办措施",
    "holiday": "节假日",
    "evaluation": "自评",
    "handout": "发出的工作簿",
    "received_file": "收到的文件",
    "explanation": "审核说明",
    "rule_setting": "审核规则设置",
    "remark": "市级审核意见",
    "remark_reply": "意见的回复",
}


@dataclass(frozen=True)
class Soundness:
    """What was found: `damage` in the file itself, `broken_references` = (table, how many rows point to nothing)."""

    damage: tuple[str, ...]
    broken_references: tuple[tuple[str, int], ...]

    @property
    def sound(self) -> bool:
        """Return whether nothing was found."""
        return not self.damage and not self.broken_references


def check(conn: sqlite3.Connection) -> Soundness:
    """Read the whole file of `conn` and return what is wrong with it."""
    try:
        lines = [str(row[0]) for row in conn.execute(f"PRAGMA integrity_check({_SHOWN})")]
        broken = broken_references(conn)
    except sqlite3.DatabaseError as error:
        if getattr(explain_sqlite(error, Path()), "code", "") != "damaged":
            raise
        return Soundness((str(error),), ())
    return Soundness(() if lines == ["ok"] else tuple(lines), broken)


def broken_references(conn: sqlite3.Connection) -> tuple[tuple[str, int], ...]:
    """Return each table that has rows pointing to nothing, with how many."""
    broken: dict[str, int] = {}
    for row in conn.execute("PRAGMA foreign_key_check"):
        broken[row[0]] = broken.get(row[0], 0) + 1
    return tuple(sorted(broken.items()))


def title(table: str) -> str:
    """Return what a clerk calls `table`; of a register that the program does not bring along, 其他清单."""
    if table in _TITLES:
        return _TITLES[table]
    if not table.startswith(_REGISTER):
        return f"表 {table} "
    try:
        return load_schema(table.removeprefix(_REGISTER)).title
    except FileNotFoundError:
        return "其他清单"


def damaged(path: Path, findings: Soundness) -> EnvironmentProblem:
    """Return the problem to raise for a file with damage."""
    return EnvironmentProblem(
        f"数据文件已损坏（{path}）：检查发现 {len(findings.damage)} 处问题。", advice=RESTORE_ADVICE, code="damaged"
    )
