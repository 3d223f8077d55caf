"""What is wrong with a plan's text where a rule can see it; shown, never repaired."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from db.plan.model import Article, Clause, Fault
from db.plan.reading.offices import Offices
from db.plan.vocabulary import FaultKind, Mode

_FIRST_PHRASE = re.compile("[^，,。；;：:\n\t]+")
_NO_VERB = re.compile(
    "(?<=[，。；])(?:根据|按照|依据|围绕)[^，,。；：、]{4,60}(?:区域|范围|要求|规定|部署|原则|目标|标准|安排|清单|方案)。"
)


def faults_of(clauses: Sequence[Clause], articles: Sequence[Article], offices: Offices) -> list[Fault]:
    """Return misspelt departments, clauses that nobody is responsible for, and sentences without a verb."""
    found = [*_misspellings(clauses, articles, offices), *_nobody(clauses), *_without_verb(clauses)]
    return sorted(found, key=lambda fault: (fault.start, fault.end, fault.kind))


def _misspellings(clauses: Sequence[Clause], articles: Sequence[Article], offices: Offices) -> Iterator[Fault]:
    numerals = {article.id: article.numeral for article in articles}
    for clause in clauses:
        for wrong, right in offices.faulty.items():
            place = clause.responsibility.find(wrong)
            if place < 0 or clause.responsibility_start is None:
                continue
            model = next((other for other in clauses if right in other.responsibility), None)
            where = f"按（{numerals[model.article]}）的写法" if model and numerals[model.article] else "按通常写法"
            start = clause.responsibility_start + place
            note = f"部门名称有错字，{where}对应“{right}”，原文不改。"
            yield Fault(FaultKind.MISSPELLING, clause.id, start, start + len(wrong), wrong, note)


def _nobody(clauses: Sequence[Clause]) -> Iterator[Fault]:
    """In a plan that names who is responsible: every clause behind the first such that names nobody."""
    named = [place for place, clause in enumerate(clauses) if clause.mode is not Mode.NONE]
    for clause in clauses[named[0] :] if named else ():
        if clause.mode is Mode.NONE and (phrase := _FIRST_PHRASE.search(clause.text)):
            start = clause.start + phrase.start()
            note = "这一句之后没有责任括号，没有写由谁负责。"
            yield Fault(FaultKind.NOBODY_RESPONSIBLE, clause.id, start, clause.start + phrase.end(), phrase[0], note)


def _without_verb(clauses: Sequence[Clause]) -> Iterator[Fault]:
    for clause in clauses:
        for found in _NO_VERB.finditer(clause.text):
            note = f"只有“{found[0][:2]}……”，没有谓语，做什么没有写出。"
            start = clause.start + found.start()
            yield Fault(FaultKind.NO_VERB, clause.id, start, start + len(found[0]), found[0], note)
