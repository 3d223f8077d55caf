"""What is evaluated: a year, or at the end the whole plan (（二十一）每年组织开展一次评估，2024年全面评估)."""

from __future__ import annotations

from dataclasses import dataclass

from db.core.errors import DataProblem
from db.core.period import Period
from db.plan.catalogue import Catalogue

FINAL = "final"


@dataclass(frozen=True)
class EvaluationPeriod:
    """A period by its key ("2022" or "final"); `months` are the Decembers at whose end its years are judged."""

    key: str
    years: tuple[int, ...]

    @property
    def is_final(self) -> bool:
        """Return whether it is the whole plan."""
        return self.key == FINAL

    @property
    def title(self) -> str:
        """Return what people call it: 2022年度自评, 2021—2023年全面评估自评."""
        if self.is_final:
            return f"{self.years[0]}—{self.years[-1]}年全面评估自评"
        return f"{self.years[0]}年度自评"

    @property
    def span(self) -> str:
        """Return the time it covers: 2022年, 2021—2023年."""
        return f"{self.years[0]}—{self.years[-1]}年" if self.is_final else f"{self.years[0]}年"

    @property
    def months(self) -> tuple[Period, ...]:
        """Return the last month of every year of it."""
        return tuple(Period(year, 12) for year in self.years)

    @property
    def first_month(self) -> str:
        """Return its first month as entries name it."""
        return f"{self.years[0]}-01"

    @property
    def last_month(self) -> str:
        """Return its last month as entries name it."""
        return f"{self.years[-1]}-12"


def evaluation_period(catalogue: Catalogue, key: str) -> EvaluationPeriod:
    """Return the period called `key`; DataProblem for another than a year of the plan or "final"."""
    if key == FINAL:
        return EvaluationPeriod(FINAL, catalogue.years)
    years = [year for year in catalogue.years if str(year) == key]
    if not years:
        named = "、".join(str(year) for year in catalogue.years)
        raise DataProblem(
            f"没有“{key}”这个评估期。", advice=f"请选{named}，或全面评估 {FINAL}。", code="evaluation.period"
        )
    return EvaluationPeriod(key, (years[0],))


def evaluation_periods(catalogue: Catalogue) -> tuple[EvaluationPeriod, ...]:
    """Return every period of the plan, the whole of it last."""
    return tuple(evaluation_period(catalogue, key) for key in (*map(str, catalogue.years), FINAL))
