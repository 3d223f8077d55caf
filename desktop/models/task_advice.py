"""What a clerk does next with a task: one sentence and one thing to click, by the state of its breakdown."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from db.work.breakdown import BreakdownGrid, year_sentences
from db.work.scope import UNDECIDED
from db.work.tasks import Duty


class Act(Enum):
    """What can be clicked."""

    SCOPE = "scope"
    ADD = "add"
    QUOTA = "quota"
    SPLIT = "split"
    GO_ON = "go_on"


@dataclass(frozen=True)
class Advice:
    """A sentence, "" when there is nothing to say, with the link that does it."""

    sentence: str = ""
    word: str = ""
    act: Act = Act.GO_ON


def first_step(found: BreakdownGrid) -> Advice:
    """Return what a task needs before its breakdown has begun; an empty one afterwards."""
    years = found.summaries.values()
    if found.scope.excluded or found.share:
        return Advice()
    if found.scope.applies == UNDECIDED and not any(year.assigned for year in years):
        return Advice("这项任务是否涉及本县还没有定。", "现在定下来…", Act.SCOPE)
    if found.duty is Duty.COMPLETION:
        nobody = not any(year.assigned for year in years)
        words = "在要承担的年度打勾（空格键）；企业和部门先添加进来。"
        return Advice(words, "添加责任主体…", Act.ADD) if nobody else Advice()
    if all(year.quota is None for year in years):
        return Advice("市里下达的县级目标还没有录入。", "录入县级目标…", Act.QUOTA)
    if not any(year.filled for year in years):
        return Advice("县级目标已经录入，还没有分解。", "分配…", Act.SPLIT)
    return Advice()


def going_on(found: BreakdownGrid) -> Advice:
    """Return how far a breakdown that has begun has come, and what is left."""
    years = list(found.summaries.values())
    if found.scope.excluded or found.share:
        return Advice()
    if found.duty is Duty.COMPLETION:
        return Advice(f"已落实{sum(year.assigned for year in years)}项。", "下一项任务", Act.GO_ON)
    untold = [str(year.year) for year in years if year.filled and year.quota is None]
    if untold:
        return Advice(f"{'、'.join(untold)}年的县级目标还没有录入。", "录入县级目标…", Act.QUOTA)
    wrong = year_sentences(years)
    if wrong:
        return Advice(" ".join(wrong[:2]), "分配余下的…", Act.SPLIT)
    return Advice("已录入县级目标的年度都分解好了。", "下一项任务", Act.GO_ON)
