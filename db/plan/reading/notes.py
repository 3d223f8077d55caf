"""What the clerk is told about a target, and the faults of the document that a rule can see."""

from __future__ import annotations

import re

from db.plan.model import Clause, Fault, Target
from db.plan.reading.drafts import Draft
from db.plan.reading.duties import is_vague
from db.plan.reading.judging import Judgement
from db.plan.reading.phrases import table
from db.plan.vocabulary import Allocation, FaultKind, Nature, ValueKind


def note_of(draft: Draft, judgement: Judgement, text: str, *, from_above: bool, vague: bool) -> str:
    """Return the sentences for the clerk, "" when there is nothing to say."""
    said: list[str] = []
    amount = draft.amount
    if amount is not None:
        said += _amount_notes(draft, judgement, text)
    if draft.nature is Nature.TARGET:
        if from_above:
            said.append(_note("from_above"))
        elif vague and amount is None and judgement.allocation in (Allocation.COMPLETION, Allocation.CITY_ONLY):
            said.append(_note("no_value"))
        if draft.time is None:
            said.append(_note("no_date"))
        elif re.search("采暖|供暖|取暖", draft.time.text):
            said.append(_note("season"))
    return "".join(said)


def fault_of(target: Target, clause: Clause) -> Fault | None:
    """Return what is wrong with the document at a target: a change without a base year, an aim nobody can check."""
    start = clause.start + target.start
    if target.value_kind is ValueKind.CHANGE and target.baseline_year is None:
        quote = target.quote.removeprefix(target.deadline_text).lstrip("，")
        begin = start + len(target.quote) - len(quote)
        return Fault(FaultKind.NO_BASE_YEAR, clause.id, begin, begin + len(quote), quote, _note("no_base_year"))
    unchecked = target.nature is Nature.TARGET and target.value is None and not target.set_by_province
    if unchecked and target.deadline and target.allocation is not Allocation.RATE and is_vague(target.quote):
        quote = re.split("，", target.quote)[-1]
        begin = start + len(target.quote) - len(quote)
        return Fault(FaultKind.NO_VALUE, clause.id, begin, begin + len(quote), quote, "没有可以核对的数值。")
    return None


def _amount_notes(draft: Draft, judgement: Judgement, text: str) -> list[str]:
    amount = draft.amount
    assert amount is not None
    said = []
    if draft.named:
        said.append(_note("named"))
    if amount.upper is not None:
        said.append(_note("range").format(upper=amount.upper, unit=amount.unit))
    spelled = text[amount.start : amount.end]
    if amount.doubling:
        said.append(_note("doubling").format(text=spelled, value=amount.value))
    elif amount.unit == "%" and re.search("分之|/", spelled):
        said.append(_note("fraction").format(text=spelled, value=amount.value))
    if amount.shared and amount.behind:
        said.append(_note("shared").format(word=amount.behind))
    if judgement.value_kind is ValueKind.CHANGE and draft.base_year is None:
        said.append(_note("no_base_year"))
    return said


def _note(name: str) -> str:
    return str(table("notes", name))
