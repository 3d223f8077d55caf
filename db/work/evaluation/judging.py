"""What a figure at the end of a period is worth: its state, its completion, the points it gets, and the arithmetic.

judge(due, standing, …) -> Judgement        one task of the county, or one line of a town
score(table, points, judgement) -> Score | None        None: not scored at all

Completion (%) is what there is of what was due by the end of the period; of an at_most target the share of what is
allowed. 省下达 before it was told, 不涉及 and 暂无数据 are not scored: they are never zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from enum import StrEnum

from db.core.values import UNREPORTED, State
from db.plan.catalogue import Target
from db.plan.vocabulary import Nature
from db.work.arithmetic import figure
from db.work.evaluation.scoring import SOFT, ScoringTable
from db.work.monthly.goals import DueTask
from db.work.monthly.lamps import LampKind, Standing, is_done, kind_of, lamp, percent_of, share_of_due
from db.work.monthly.model import measure_of
from db.work.tasks import Task

HUNDRED = Decimal(100)
CENT = Decimal("0.01")
_JUST_UNDER, _JUST_OVER = HUNDRED - CENT, HUNDRED + CENT


class Standpoint(StrEnum):
    """How a task stands in an evaluation; only the first two are scored."""

    JUDGED = "已评"
    MISSING = UNREPORTED
    NOT_APPLICABLE = State.NOT_APPLICABLE.value
    NO_DATA = State.NO_DATA.value
    PENDING = "省下达待定"
    NO_GOAL = "没有目标值"
    UNKNOWN = "算不出来"
    NOT_DUE = "还没到时间"
    PART = "其中数"
    EARLIER = "此前已评"

    @property
    def scored(self) -> bool:
        """Return whether points are given."""
        return self in (Standpoint.JUDGED, Standpoint.MISSING)


@dataclass(frozen=True)
class Judgement:
    """How a task stands. `completion` in %, two decimals; `met`: what was due is there, or a limit is kept.

    `late`: the figure is not that of the period's end everywhere. `overdue`: a deadline that the plan states has passed
    and it is not done. `arithmetic` is a sentence.
    """

    standpoint: Standpoint
    arithmetic: str
    completion: Decimal | None = None
    met: bool = False
    cap: bool = False
    late: bool = False
    overdue: bool = False


@dataclass(frozen=True)
class Score:
    """Points of a task and how many of them it gets, with the arithmetic; 0 ≤ `amount` ≤ `points`, two decimals."""

    points: Decimal
    amount: Decimal
    sentence: str


def judge(due: DueTask, standing: Standing, *, late: bool = False) -> Judgement:
    """Return how a figure stands against what was due at its month's end; of none only that it is missing."""
    told = lamp(standing, due.unit).sentence
    if standing.goal is None:
        return Judgement(Standpoint.NO_GOAL, told)
    if standing.actual is None:
        return Judgement(Standpoint.MISSING, told)
    percent, share, done = percent_of(standing), share_of_due(standing), is_done(standing)
    assert percent is not None
    if share is None and not standing.cap and not done and standing.passed < standing.days:
        return Judgement(Standpoint.NOT_DUE, f"{told.rstrip('。')}；到期末还没有应完成的量，不评。")
    # Of what is due only later a part is due by now; what is done already is done.
    partly = share is not None and standing.passed < standing.days and not done
    completion = share if partly and share is not None else percent.quantize(CENT)
    if partly:
        told = f"{told.rstrip('。')}；占期末应完成的 {completion}%。"
    # Without its deadline the lamp says nothing but whether the plan is met; the exact comparison is the engine's.
    met = kind_of(standing._replace(deadline=None)) is LampKind.GREEN
    if standing.strict and not standing.cap and not partly:
        met = met and is_done(standing)
    return Judgement(
        Standpoint.JUDGED,
        told,
        max(completion, Decimal(0)),
        met,
        standing.cap,
        late,
        _overdue(due, standing),
    )


def points_of(table: ScoringTable, task: Task) -> Decimal:
    """Return the points that the task is worth."""
    own = table.tasks.get(task.id)
    if own is not None:
        return own
    points = table.points[str(measure_of(task))]
    if isinstance(task, Target):
        points *= table.weights.get(str(task.nature), table.weights[str(Nature.TARGET)])
        if task.soft:
            points *= table.weights[SOFT]
    return points


def score(table: ScoringTable, points: Decimal, judgement: Judgement) -> Score | None:
    """Return the points that the judgement gets by the table, None where nothing is scored."""
    if judgement.standpoint is Standpoint.MISSING:
        off = table.deductions["no_figure"]
        left = _cents(points * (HUNDRED - off) / HUNDRED)
        return Score(points, left, f"分值{figure(points)}，到期末没有报过数，扣{figure(off)}%，得{figure(left)}分。")
    if judgement.standpoint is not Standpoint.JUDGED or judgement.completion is None:
        return None
    share, how = _share(table, judgement, judgement.completion)
    # What was not reached is never rounded up to all the points.
    gained = _cents(points * share / HUNDRED, ROUND_HALF_UP if judgement.met else ROUND_DOWN)
    told = [f"分值{figure(points)}", f"{how}，得{figure(gained)}分"]
    for name, holds, words in (
        ("late", judgement.late, "期末的数没有报齐"),
        ("overdue", judgement.overdue, "期限已到没有完成"),
    ):
        off = _cents(points * table.deductions[name] / HUNDRED)
        if holds and off and gained:
            off = min(off, gained)
            gained -= off
            told.append(f"{words}，扣{figure(off)}分")
    if len(told) > 2:
        told.append(f"实得{figure(gained)}分")
    return Score(points, gained, "；".join(told) + "。")


def _share(table: ScoringTable, judgement: Judgement, completion: Decimal) -> tuple[Decimal, str]:
    """Return the share of the points in %, and why; what is rounded never decides between kept and not kept."""
    if judgement.cap:
        used = min(completion, HUNDRED) if judgement.met else max(completion, _JUST_OVER)
        band = next((band for band in table.cap_bands if used <= band.limit), None)
        share = Decimal(0) if band is None or band.share is None else band.share
        return share, f"占控制数{figure(completion)}%，得分值的{figure(share)}%"
    reached = max(completion, HUNDRED) if judgement.met else min(completion, _JUST_UNDER)
    band = next(band for band in table.bands if reached >= band.limit)
    if band.share is None:
        share = min(reached, HUNDRED)
        return share, f"完成率{figure(completion)}%，按完成率得分"
    return band.share, f"完成率{figure(completion)}%，得分值的{figure(band.share)}%"


def _overdue(due: DueTask, standing: Standing) -> bool:
    target = due.target
    if target is None or target.deadline is None or standing.cap:
        return False
    return target.deadline <= due.on and not is_done(standing)


def _cents(amount: Decimal, rounding: str = ROUND_HALF_UP) -> Decimal:
    return amount.quantize(CENT, rounding)
