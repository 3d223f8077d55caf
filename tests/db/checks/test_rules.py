"""Every rule fires on what breaks it and is silent once that is mended; every issue says all that it has to."""

from __future__ import annotations

import string
from decimal import Decimal

import pytest

from db.checks.model import Findings, Issue, Level
from db.checks.rulebook import KINDS, Rule, rulebook
from db.checks.rules import MONTHS, ROWS, TASKS, WHOLE
from db.plan.catalogue import load_catalogue
from tests.db.checks.cases import CASES
from tests.db.checks.cases_months import CASES as MONTH_CASES
from tests.db.checks.cases_tasks import CASES as TASK_CASES
from tests.db.checks.cases_tasks import GAS
from tests.db.checks.desk import FEBRUARY, MARCH, CheckDesk

ALL = {**CASES, **TASK_CASES, **MONTH_CASES}
FUNCTIONS = [*ROWS, *TASKS, *MONTHS, *WHOLE]


@pytest.mark.parametrize("code", rulebook())
def test_a_rule_fires_and_is_silent(desk: CheckDesk, code: str) -> None:
    chosen = ALL[code]
    steps = chosen.steps(desk)
    next(steps)
    board = desk.board(chosen.kind, chosen.period)
    found = [issue for issue in board.findings.issues if issue.rule == code]
    assert found
    for issue in found:
        assert issue.found and issue.found in issue.what, issue
        assert issue.expected and issue.expected in issue.what, issue
        assert issue.advice.endswith("。") and issue.what.endswith("。"), issue
        assert load_catalogue().clause(issue.clause).id == issue.clause
        assert issue.place and issue.table, issue
        assert "{" not in issue.sentence(), issue
    assert len({issue.key for issue in found}) == len(found)
    last = desk.last_operation()
    assert next(steps, "mended") == "mended"
    mended = desk.findings(chosen.kind, chosen.period)
    assert [issue for issue in mended.issues if issue.rule == code] == []
    if changes := desk.changes_since(last):
        for each in changes:
            board.renewed(desk.conn, desk.plan, each)
        assert told(board.findings) == told(mended)


@pytest.mark.parametrize(("february", "march", "jumps"), [(10, 20, False), (10, 21, True), (20, 40, False)])
def test_what_grows_steadily_since_new_year_is_no_jump(desk: CheckDesk, february: int, march: int, jumps: bool) -> None:
    # In March a figure since 1 January is half as much again as in February by itself: 50 % and that make 100 %.
    desk.share(GAS, 2022, "60")
    desk.file(GAS, FEBRUARY, amount=Decimal(february))
    desk.file(GAS, MARCH, amount=Decimal(march))
    found = desk.issues("L02")
    assert bool(found) is jumps
    assert all("（阈值100%）" in issue.what for issue in found)


def test_who_was_given_more_time_is_not_late_before_it_is_over(desk: CheckDesk) -> None:
    row_id = desk.project("coal_boiler", name="1号锅炉", town_id=desk.towns[0], extended=True)
    desk.put("register_coal_boiler", row_id, due_on="2021-10-31", extended_until="2022-04-04")
    assert [issue.found for issue in desk.issues("P18")] == ["2021-10-31"]
    desk.put("register_coal_boiler", row_id, extended_until="2022-04-05")
    assert desk.issues("P18") == []
    desk.put("register_coal_boiler", row_id, extended_until=None)
    assert desk.issues("P18") != []


def told(findings: Findings) -> list[Issue]:
    return sorted(findings.issues, key=lambda issue: issue.key)


def test_every_rule_has_its_case_and_no_other_has() -> None:
    assert ALL.keys() == rulebook().keys()


def test_every_rule_is_a_condition_or_a_function_and_every_function_a_rule() -> None:
    assert len(FUNCTIONS) == len(set(FUNCTIONS))
    for rule in rulebook().values():
        assert (bool(rule.when) + bool(rule.problem) + FUNCTIONS.count(rule.code)) == 1, rule.code
    assert set(FUNCTIONS) <= rulebook().keys()


def test_there_are_rules_of_every_class_kind_and_group() -> None:
    rules = rulebook().values()
    assert len(rules) >= 60
    assert {rule.level for rule in rules} == set(Level)
    for kind in KINDS:
        assert {rule.level for rule in rules if kind in rule.kinds} == set(Level), kind


@pytest.mark.parametrize("rule", rulebook().values(), ids=lambda rule: rule.code)
def test_a_message_names_both_values_and_what_to_do(rule: Rule) -> None:
    fields = {name for _, name, _, _ in string.Formatter().parse(rule.message) if name}
    assert {"found", "expected"} <= fields
    assert rule.title and rule.advice and rule.group


@pytest.mark.parametrize("rule", [rule for rule in rulebook().values() if rule.clause], ids=lambda rule: rule.code)
def test_a_clause_is_one_of_the_plan(rule: Rule) -> None:
    assert load_catalogue().clause(rule.clause).id == rule.clause
