"""The rules as `resources/checks.toml` lists them: code, class, what they belong to, what they say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

import resources
from db.checks.model import Level

FILE = "checks.toml"
REGISTERS = "registers"
"""Stands for the tables of all registers, in what a rule reads and where its condition is held against rows."""

SCOPES = ("row", "task", "month", "table", "whole")
KINDS = ("plan", "registers", "monthly", "annual", "final")

_MONTH_READS = frozenset({"progress", "assignment", "quota", "task_scope"})
"""What tells which lines a month has and how they stand, and so is read by every rule on them."""


@dataclass(frozen=True)
class Rule:
    """One rule.

    `kinds` are the packages it belongs to, `reads` the tables it is made from (`REGISTERS` for those). `scope` tells
    what an edit makes doubtful: the row, its task, the months of its task, its register, or everything. `clause` is ""
    where it is the clause of the row or task. `threshold` is in `unit`. A rule with `when` is that condition on the
    rows of `tables`, seen in `field`; `unless` lets rows off in tables that have its fields. One with `problem` says
    what `db.core.fields.row_problems` finds under these codes. `found`, `expected`, `message`, `advice` are templates.
    `county` says why a work package cannot be held against the rule but only the whole county, "" where it can; one on
    `sums` judges what the county has of a task.
    """

    code: str
    title: str
    level: Level
    group: str
    kinds: frozenset[str]
    reads: frozenset[str]
    scope: str
    message: str
    advice: str
    clause: str = ""
    threshold: Decimal | None = None
    unit: str = ""
    county: str = ""
    sums: bool = False
    tables: tuple[str, ...] = ()
    field: str = ""
    when: str = ""
    unless: str = ""
    found: str = ""
    expected: str = ""
    problem: tuple[str, ...] = ()


@cache
def rulebook() -> Mapping[str, Rule]:
    """Return the rules by code, in the order of the file, which is the order in which people see them."""
    entries = resources.load_toml(FILE)["rule"]
    found = {entry["code"]: _rule(entry) for entry in entries}
    if len(found) != len(entries):
        raise ValueError(f"{FILE} has a code twice")
    return found


def _rule(entry: Mapping[str, object]) -> Rule:
    given = dict(entry)
    threshold = given.pop("threshold", None)
    if isinstance(threshold, str):
        # What the lamps have too is defined there.
        threshold = resources.load_toml("lamps.toml")[threshold]
    tables = given.get("tables", ())
    assert isinstance(tables, list | tuple)
    kinds, reads = given.pop("kinds", KINDS), given.pop("reads", tables)
    assert isinstance(kinds, list | tuple)
    assert isinstance(reads, list | tuple)
    problem = given.pop("problem", ())
    assert isinstance(problem, list | tuple)
    sums = bool(given.pop("sums", False))
    texts = {name: str(value) for name, value in given.items() if name not in ("tables", "level")}
    rule = Rule(
        level=Level(str(given["level"])),
        kinds=frozenset(kinds),
        reads=frozenset(reads) | (_MONTH_READS if given["scope"] == "month" else frozenset()),
        tables=tuple(tables),
        problem=tuple(problem),
        sums=sums,
        threshold=None if threshold is None else Decimal(str(threshold)),
        **texts,
    )
    if rule.scope not in SCOPES or not rule.kinds <= set(KINDS):
        raise ValueError(f"{FILE}: rule {rule.code} has an unknown scope or kind")
    return rule
