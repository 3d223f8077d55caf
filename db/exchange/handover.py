"""交接包: the whole county for a successor, as a backup with a sheet that says what is open.

handover_sheet(conn, catalogue, …) -> HandoverSheet
write_handover(county, out, draw=…) -> HandedOver            the package and, beside it, the sheet to be signed

What opens it is what opens any backup: 从备份恢复 on the start page, `sijian restore`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from db.checks.runner import run
from db.core.period import Period, reported_month
from db.core.progress import NO_PROGRESS, Progress
from db.exchange.package_kinds import kinds
from db.exchange.part.write import free_name
from db.exchange.statuses import all_statuses
from db.plan.catalogue import Catalogue
from db.plan.editions import county_catalogue
from db.plan.part import require_whole
from db.reports.handover_sheet import HandoverSheet, OpenMatter
from db.reports.official_page import Head
from db.store.backup_file import BackupInfo, write_backup
from db.store.county import County
from db.store.files import explained, megabytes, write_atomically
from db.work.county_settings import county_facts
from db.work.handouts import PART, open_handouts
from db.work.monthly.months import month_state
from db.work.remarks import CLOSED, threads
from db.work.submission_states import RECALLED
from db.work.task_states import StateKind, shares, states

SHEET: Final = "交接单.pdf"
LABEL: Final = "写出交接包"
MONTHLY: Final = "monthly"
SHOWN: Final = 30
"""How many lines of one matter are listed; of the others the number is told."""
_OPEN_TASKS = (
    (StateKind.NOT_STARTED, "还没有分解"),
    (StateKind.PARTLY, "只分解了一部分"),
    (StateKind.UNBALANCED, "分解数与县级目标不一致"),
    (StateKind.UNDECIDED, "还没有定是否涉及"),
)
_KINDS = {"tasks": "任务", "registers": "清单", "monthly": "月调度", PART: "工作包"}

Draw = Callable[[HandoverSheet], bytes]


@dataclass(frozen=True)
class HandedOver:
    """The package, the sheet beside it, and what they hold."""

    file: Path
    paper: Path
    sheet: HandoverSheet
    info: BackupInfo

    def sentence(self) -> str:
        """Return it for a person."""
        size = megabytes(self.file.stat().st_size)
        lost = f"有{len(self.info.absent)}个附件文件已经丢失，不在里面。" if self.info.absent else ""
        return f"已写出交接包并核对：{self.info.rows:,}条记录，附件{len(self.info.attachments):,}个，{size} MB。{lost}"


def write_handover(
    county: County, out: Path, *, draw: Draw, today: date | None = None, progress: Progress = NO_PROGRESS
) -> HandedOver:
    """Write package and sheet into the folder `out`, read the package back, and return both.

    DataProblem where the county is only a part; EnvironmentProblem when it is damaged or cannot be written.
    """
    out, on = Path(out).absolute(), today or date.today()
    progress.step(0, 0, "查看还有哪些事没有办完")
    with county.reading() as conn:
        require_whole(conn, "写出交接包")
        sheet = handover_sheet(conn, county_catalogue(conn), author=county.author, today=on)
        code = county_facts(conn).code
    with explained(LABEL, out):
        out.mkdir(parents=True, exist_ok=True)
    paper = draw(sheet)
    file = free_name(out, f"{code}-handover-{on.isoformat()}", ".zip")
    info = write_backup(county.folder, file, inside=True, progress=progress, papers={SHEET: paper})
    beside = file.with_suffix(".pdf")
    write_atomically(beside, paper, LABEL)
    return HandedOver(file, beside, sheet, info)


def handover_sheet(conn: sqlite3.Connection, catalogue: Catalogue, *, author: str, today: date) -> HandoverSheet:
    """Return what is open on the day `today`."""
    facts = county_facts(conn)
    matters = (
        _numbered("一、上报情况", *_sent(conn)),
        OpenMatter("二、还没有上报的月份", tuple(_months(conn, catalogue, today))),
        _numbered("三、审核问题", *_issues(conn, catalogue, today)),
        _numbered("四、市级意见", *_remarks(conn, catalogue)),
        _numbered("五、发出还没有收回的", *_handouts(conn)),
        OpenMatter("六、任务分解", tuple(_tasks(conn, catalogue))),
        OpenMatter("七、没有办完的草稿", tuple(_drafts(conn))),
        OpenMatter("八、联系人", tuple(_contacts(facts.contacts))),
    )
    return HandoverSheet(facts.name or facts.code, facts.office, author, today, matters)


Found = tuple[Sequence[Head], Sequence[tuple[str, ...]], str]
"""The heads and rows of a table, and a sentence about them."""


def _numbered(title: str, heads: Sequence[Head], rows: Sequence[tuple[str, ...]], more: str) -> OpenMatter:
    rest = f"{more}只列出前{SHOWN}条，共{len(rows)}条。" if len(rows) > SHOWN else more
    return OpenMatter(title, (rest,) if rest else (), tuple(heads), tuple(rows[:SHOWN]))


def _sent(conn: sqlite3.Connection) -> Found:
    rows = []
    for (kind, period), status in sorted(all_statuses(conn).items(), key=lambda each: each[0][::-1]):
        what = f"{Period.parse(period).title}{kinds()[kind].title}"
        times = f"第{status.last.sequence}次" if status.last is not None else ""
        changed = f"{status.modified}处" if status.modified else ""
        rows.append((what, times, status.filing.value, status.sending, status.review, changed))
    heads = (("上报", 32), ("次数", 12), ("填报", 14), ("报送", 14), ("审核", 14), ("报送后修改", 14))
    return heads, rows, "" if rows else "还没有上报过。"


def _months(conn: sqlite3.Connection, catalogue: Catalogue, today: date) -> Iterator[str]:
    """Yield the months since the first that was worked on, up to the one being reported, that have no package out."""
    sql = "SELECT min(period) FROM (SELECT period FROM progress UNION ALL SELECT period FROM project_report)"
    first = conn.execute(sql).fetchone()[0]
    if first is None:
        return
    out = {
        period
        for (period,) in conn.execute(
            "SELECT period FROM submission WHERE kind = ? AND coalesce(status, '') <> ? AND deleted_at IS NULL",
            (MONTHLY, RECALLED),
        )
    }
    month, last = Period.parse(first), reported_month(today, min(today.year, catalogue.years[-1]))
    while month <= last:
        if str(month) not in out:
            yield f"{month.title}（{month_state(conn, month).title}）"
        month = Period(month.year + month.month // 12, month.month % 12 + 1)


def _issues(conn: sqlite3.Connection, catalogue: Catalogue, today: date) -> Found:
    found = run(conn, catalogue, today=today)
    waiting = [issue for issue in found.issues if issue.open]
    rows = [(issue.level.title, issue.place, f"{issue.what}{issue.advice}") for issue in waiting]
    return (("类别", 14), ("位置", 30), ("问题", 56)), rows, found.sentence()


def _remarks(conn: sqlite3.Connection, catalogue: Catalogue) -> Found:
    waiting = [thread for thread in threads(conn, catalogue) if thread.status != CLOSED]
    rows = [(thread.status, thread.where, thread.text) for thread in waiting]
    return (("状态", 12), ("位置", 40), ("意见", 48)), rows, ""


def _handouts(conn: sqlite3.Connection) -> Found:
    rows = [
        (
            book.unit_name or "本县",
            "、".join(_KINDS.get(kind, kind) for kind in book.kinds),
            book.period,
            book.state.written_at[:10],
            book.state.title,
            book.state.file_name,
        )
        for book in open_handouts(conn)
    ]
    return (("单位", 18), ("内容", 14), ("期", 10), ("发出", 14), ("状态", 10), ("文件", 34)), rows, ""


def _tasks(conn: sqlite3.Connection, catalogue: Catalogue) -> Iterator[str]:
    whole = shares(catalogue, states(conn, catalogue))[""]
    for kind, words in _OPEN_TASKS:
        if count := whole.of(kind):
            yield f"有{count}项任务{words}。"


def _drafts(conn: sqlite3.Connection) -> Iterator[str]:
    for (name,) in conn.execute("SELECT name FROM plan_draft WHERE deleted_at IS NULL"):
        yield f"正在核对的方案“{name}”还没有采用。"
    sql = "SELECT period, count(*) FROM progress WHERE reviewed = 0 AND deleted_at IS NULL GROUP BY period ORDER BY 1"
    for period, count in conn.execute(sql):
        yield f"{Period.parse(period).title}有{count}项沿用上月的数，还没有核对。"


def _contacts(contacts: dict[str, str]) -> Iterator[str]:
    named = (("分管负责人", "leader", "leader_phone"), ("经办人", "clerk", "clerk_phone"))
    for title, name, phone in named:
        if contacts.get(name) or contacts.get(phone):
            yield f"{title}：{contacts.get(name, '')}　{contacts.get(phone, '')}".rstrip()
