"""The plan that ships with the program: its catalogue as values, and as the JSON of `sijian plan --json`.

`resources/plan/catalogue.json` is data, checked against the document by the tests; nothing is computed from the
document when the program runs.
"""

from __future__ import annotations

import json
from decimal import Decimal
from functools import cache
from typing import Any

import resources
from db.plan.catalogue_file import catalogue_from_json
from db.plan.corrections import Correction, corrections_from_json
from db.plan.model import (
    Article,
    Catalogue,
    Clause,
    Department,
    Fault,
    LeftOut,
    NumberWord,
    Part,
    Target,
)
from db.plan.vocabulary import Allocation, Comparator, DeadlineBasis, Direction, Measure

__all__ = [
    "Article",
    "Catalogue",
    "Clause",
    "Department",
    "Fault",
    "LeftOut",
    "NumberWord",
    "Part",
    "Target",
    "catalogue_from_json",
    "load_catalogue",
    "plan_json",
    "shipped_corrections",
]

_CATALOGUE = "plan/catalogue.json"
_DEPARTMENTS = "plan/departments.json"
_CORRECTIONS = "plan/corrections.json"


@cache
def load_catalogue() -> Catalogue:
    """Return the catalogue of the shipped plan; read once, the same object every time."""
    return catalogue_from_json(_decimal_json(_CATALOGUE), _decimal_json(_DEPARTMENTS))


def shipped_corrections() -> tuple[Correction, ...]:
    """Return what was corrected in the reading of the shipped plan, each with its reason."""
    return corrections_from_json(resources.text(_CORRECTIONS))


def plan_json(catalogue: Catalogue) -> dict[str, list[dict[str, Any]]]:
    """Return clauses and targets as plain JSON values; what the plan does not say is null, mode alone says "none"."""
    return {
        "clauses": [_clause_json(clause) for clause in catalogue.clauses],
        "targets": [_target_json(target) for target in catalogue.targets],
    }


def _decimal_json(name: str) -> Any:
    return json.loads(resources.text(name), parse_float=Decimal)


def _clause_json(clause: Clause) -> dict[str, Any]:
    return {
        "id": clause.id,
        "article": clause.article,
        "part": clause.part,
        "text": clause.text,
        "responsibility": clause.responsibility or None,
        "leads": list(clause.leads),
        "cooperators": list(clause.cooperators),
        "mode": str(clause.mode),
    }


def _target_json(target: Target) -> dict[str, Any]:
    return {
        "id": target.id,
        "clause": target.clause,
        "quote": target.quote,
        "indicator": target.indicator,
        "value": _number(target.value),
        "unit": target.unit or None,
        "comparator": _word(target.comparator),
        "baseline_value": _number(target.baseline_value),
        "baseline_year": target.baseline_year,
        "deadline": None if target.deadline is None else target.deadline.isoformat(),
        "deadline_basis": _word(target.deadline_basis),
        "direction": _word(target.direction),
        "measure": _word(target.measure),
        "allocation": _word(target.allocation),
        "nature": str(target.nature),
        "soft": target.soft,
        "set_by_province": target.set_by_province,
        "part_of": target.part_of,
    }


def _number(amount: Decimal | None) -> int | float | None:
    """JSON has binary readers only; amounts of at most 15 digits come back from a float as they were written."""
    if amount is None:
        return None
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def _word(word: Comparator | DeadlineBasis | Direction | Measure | Allocation) -> str | None:
    return None if word == "none" else str(word)
