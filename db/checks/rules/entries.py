"""The entries of a month that some rule may ask about, beside those of the month before and of a year ago.

SQL leaves out what is plainly in order; what is left is judged exactly, in the task's own unit.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from db.checks.context import Context
from db.checks.model import Issue
from db.checks.rulebook import Rule, rulebook
from db.core.period import Period
from db.core.values import from_micro
from db.store import records
from db.work.arithmetic import figure as shown
from db.work.monthly.figures import Stored, figure_of
from db.work.monthly.goals import DueTask
from db.work.monthly.model import FigureKind, month_before

_COLUMNS = ("period", "amount", "numerator", "denominator", "stage", "unit", "states", "reviewed", "source")
_JOINED = (
    " LEFT JOIN progress {0} INDEXED BY progress_figures ON {0}.task_id = p.task_id AND {0}.period = ?{1}"
    " AND {0}.assignee_id = p.assignee_id AND {0}.deleted_at IS NULL"
)
_ALWAYS = (
    "(p.source = 'copied' AND NOT coalesce(p.reviewed, 1))",
    "p.states <> '{}'",
)
_SUSPECT = {
    FigureKind.RATE: (
        "p.numerator >= p.denominator",
        "p.denominator = 0",
        "(p.numerator IS NULL) <> (p.denominator IS NULL)",
        "(p.amount IS NOT NULL AND p.numerator IS NULL)",
        "abs(1.0 * p.numerator / p.denominator * o.denominator / o.numerator - 1) * 100 > {jump}",
        "abs(p.denominator - o.denominator) * 100 > {base} * o.denominator",
    ),
    FigureKind.AMOUNT: (
        "p.amount < o.amount",
        "p.amount < y.amount",
        "coalesce(p.unit, '') <> coalesce(o.unit, p.unit, '')",
        "coalesce(p.unit, '') <> coalesce(y.unit, p.unit, '')",
        "abs(p.amount - o.amount) * 100 > {jump} * o.amount",
        "abs(p.amount - y.amount) * 100 > {year} * y.amount",
    ),
    FigureKind.STAGE: ("p.stage <> o.stage",),
}


@dataclass(frozen=True)
class Entry:
    """An entry; `last` and `year_ago` are None where nothing was filed then."""

    row_id: str
    due: DueTask
    kind: str
    who: str
    now: Stored
    last: Stored | None
    year_ago: Stored | None

    def figure(self, stored: Stored | None) -> Decimal | None:
        """Return a figure in the task's unit, None where there is none."""
        found = None if stored is None else figure_of(self.due, stored)
        return None if found is None else found.value

    def text(self, stored: Stored | None = None) -> str:
        """Return the figure (default: this month's) with its unit, as people read it."""
        own = stored or self.now
        if self.due.kind is FigureKind.STAGE:
            return f"“{own.stage or '未报'}”"
        found = self.figure(own)
        return "（未报）" if found is None else shown(found, self.due.unit)

    def decimal(self, micro: int) -> Decimal:
        """Return micro-units as an amount."""
        return from_micro(micro)

    def issue(self, ctx: Context, rule: Rule, *, found: str, expected: str, field: str = "", **words: object) -> Issue:
        """Return an issue about this entry; it is seen in the field of its figure, unless another is named."""
        usual = {FigureKind.AMOUNT: "amount", FigureKind.RATE: "numerator", FigureKind.STAGE: "stage"}
        return ctx.of_task(
            rule,
            "progress",
            self.due.id,
            row_id=self.row_id,
            field=field or usual[self.due.kind],
            period=self.now.period,
            found=found,
            expected=expected,
            assignee_id=self.who,
            words=words,
        )


def entries(ctx: Context, period: Period) -> Sequence[Entry]:
    """Return the entries of the month that may break a rule, in the order of the plan; read once in a run."""
    known: list[Entry] | None = ctx.once.get(f"entries {period}")
    if known is None:
        known = ctx.once[f"entries {period}"] = list(_read(ctx, period))
    return known


def _read(ctx: Context, period: Period) -> Iterator[Entry]:
    tasks = {task_id: due for task_id, due in ctx.grid(period).facts.tasks.items() if ctx.reaches(task_id)}
    raw: dict[str, list[tuple[Any, ...]]] = {}
    for kind in FigureKind:
        wanted = [task_id for task_id, due in tasks.items() if due.kind is kind]
        for row in _suspects(ctx, period, kind, wanted):
            raw.setdefault(row[1], []).append(row)
    rows = [row for task_id in tasks for row in raw.get(task_id, ())]
    ids: dict[int, tuple[str, str]] = {}
    for chunk in _chunks([row[0] for row in rows]):
        sql = f"SELECT seq, id, assignee_kind FROM progress WHERE {records.in_list('seq', chunk)}"
        ids.update({seq: (row_id, kind) for seq, row_id, kind in ctx.conn.execute(sql, chunk)})
    width = len(_COLUMNS)
    for seq, task_id, who, *columns in rows:
        now, last, ago = (Stored(*columns[at : at + width]) for at in (0, width, 2 * width))
        earlier = [stored if stored.period else None for stored in (last, ago)]
        yield Entry(ids[seq][0], tasks[task_id], ids[seq][1], who, now, *earlier)


def _suspects(ctx: Context, period: Period, kind: FigureKind, wanted: Iterable[str]) -> list[tuple[Any, ...]]:
    limits = {name: _limit(ctx, code, period) for name, code in (("jump", "L02"), ("year", "L05"), ("base", "L09"))}
    terms = [*_ALWAYS, *(term.format(**limits) for term in _SUSPECT[kind])]
    columns = ", ".join(f"{alias}.{name}" for alias in "poy" for name in _COLUMNS)
    joins = "".join(_JOINED.format(alias, place) for alias, place in (("o", 3), ("y", 4)))
    return ctx.conn.execute(
        f"SELECT p.seq, p.task_id, p.assignee_id, {columns} FROM json_each(?1) AS wanted"
        f" CROSS JOIN progress p INDEXED BY progress_figures ON p.task_id = wanted.value AND p.period = ?2{joins}"
        f" WHERE p.deleted_at IS NULL AND ({' OR '.join(terms)})",
        (json.dumps(list(wanted)), str(period), str(month_before(period)), str(month_before(period, 12))),
    ).fetchall()


def _limit(ctx: Context, code: str, period: Period) -> str:
    rule = rulebook().get(code)
    tuned = ctx.tuned(rule, str(period)) if rule is not None else None
    return f"{tuned.threshold:f}" if tuned is not None and tuned.threshold is not None else "1000000"


def _chunks(seqs: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(seqs), records.BATCH):
        yield seqs[start : start + records.BATCH]
