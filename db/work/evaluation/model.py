"""An evaluation as values: what was typed, a task with its figure and points, the whole with its total."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from db.plan.vocabulary import Measure
from db.work.evaluation.judging import CENT, HUNDRED, Score, Standpoint
from db.work.evaluation.periods import EvaluationPeriod
from db.work.evaluation.ranking import TownScore
from db.work.evaluation.scoring_choice import ScoringInForce


@dataclass(frozen=True)
class TypedEntry:
    """What the clerk typed for a task and period; None and "": nothing. `id` is the row's."""

    value: Decimal | None = None
    score: Decimal | None = None
    reason: str = ""
    explanation: str = ""
    note: str = ""
    id: str = ""


@dataclass(frozen=True)
class EvaluationRow:
    """A task: `value` and `goal` in `unit` (% for what is completed or not), `computed` what the months come to.

    `computed_score` is what the table gives, None where nothing is scored; `proofs` counts files, of which
    `proofs_elsewhere` belong to no evaluation but to assignments, months and registers.
    """

    task_id: str
    clause_id: str
    part: str
    title: str
    measure: Measure
    unit: str
    standpoint: Standpoint
    arithmetic: str
    goal: Decimal | None
    value: Decimal | None
    computed: Decimal | None
    completion: Decimal | None
    computed_score: Score | None
    typed: TypedEntry
    proofs: int
    proofs_elsewhere: int = 0

    @property
    def points(self) -> Decimal | None:
        """Return how many points it is worth, None where it is not scored."""
        return None if self.computed_score is None else self.computed_score.points

    @property
    def score(self) -> Decimal | None:
        """Return its points: what the clerk typed, else what the table gives; None where it is not scored."""
        if self.computed_score is None:
            return None
        typed = self.typed.score
        # Another scoring table may give the task fewer points than when they were typed.
        return self.computed_score.amount if typed is None else min(typed, self.computed_score.points)

    @property
    def score_sentence(self) -> str:
        """Return the arithmetic of the points, or why there are none."""
        if self.computed_score is None:
            return f"{self.standpoint.value}，不计分。"
        told = self.computed_score.sentence
        if self.typed.score is not None:
            told += f"自评改为{self.typed.score:f}分：{self.typed.reason}。"
        return told


@dataclass(frozen=True)
class Evaluation:
    """A period: `rows` in the order of the plan, `towns` from the best down, `missing` what still has to be done."""

    period: EvaluationPeriod
    scoring: ScoringInForce
    rows: tuple[EvaluationRow, ...]
    towns: tuple[TownScore, ...]

    @property
    def points(self) -> Decimal:
        """Return what all scored tasks are worth."""
        return sum((row.points for row in self.rows if row.points is not None), Decimal(0))

    @property
    def score(self) -> Decimal:
        """Return what they get."""
        return sum((row.score for row in self.rows if row.score is not None), Decimal(0))

    @property
    def percent(self) -> Decimal | None:
        """Return the total out of a hundred, two decimals; None where nothing is scored."""
        return percent_of_points(self.score, self.points)

    @property
    def grade(self) -> str:
        """Return the word for the total, "" where nothing is scored."""
        return "" if self.percent is None else self.scoring.table.grade(self.percent)

    def counted(self, standpoint: Standpoint) -> int:
        """Return how many tasks stand so."""
        return sum(row.standpoint is standpoint for row in self.rows)

    @property
    def missing(self) -> tuple[str, ...]:
        """Return sentences about what the evaluation still lacks."""
        lost = [row for row in self.rows if row.score is not None and row.points is not None and row.score < row.points]
        counts = (
            (self.counted(Standpoint.MISSING), "项到期末没有报过数，按0分或扣分计"),
            (self.counted(Standpoint.NO_GOAL), "项没有目标值，没有计分"),
            (self.counted(Standpoint.UNKNOWN), "项的数算不出来（分母为零或缺基年的数）"),
            (sum(not row.typed.explanation for row in lost), "项没有得满分，还没有写说明"),
            (sum(row.standpoint is Standpoint.JUDGED and not row.proofs for row in self.rows), "项没有佐证附件"),
        )
        return tuple(f"{number}{words}。" for number, words in counts if number)


def percent_of_points(amount: Decimal, points: Decimal) -> Decimal | None:
    """Return `amount` out of a hundred, two decimals; None where nothing is scored."""
    return (amount * HUNDRED / points).quantize(CENT, ROUND_HALF_UP) if points else None
