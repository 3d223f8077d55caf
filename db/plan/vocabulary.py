"""The words a clause or target is described with, as the catalogue file and `sijian plan --json` spell them."""

from __future__ import annotations

from enum import StrEnum


class Mode(StrEnum):
    """How the departments of a responsibility parenthesis share the work."""

    LEAD = "牵头"
    BY_DUTY = "按职责分工"
    LEAD_AND_COOPERATE = "牵头+配合"
    BY_DUTY_AND_COOPERATE = "按职责分工+配合"
    COUNTIES = "县市区落实"
    NONE = "none"


class Comparator(StrEnum):
    """How an amount is held against the value. NONE: the text gives neither a value nor a word of comparison.

    at_least: 不低于, 以上, and verbs of arriving from below (达到, 提高到, 增加到) · at_most: 以内, 以下, 及以下, 控制,
    降至 (以上 and 以下 include the number, 民法典 第一千二百五十九条) · equal: a bare amount (淘汰800台, 减少3%).
    """

    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    MORE_THAN = "more_than"
    LESS_THAN = "less_than"
    EQUAL = "equal"
    ABOUT = "about"
    NONE = "none"


class DeadlineBasis(StrEnum):
    """Whether the text states the last day (2021年10月底前) or it is inferred (到2023年 means 2023-12-31)."""

    STATED = "stated"
    INFERRED = "inferred"
    NONE = "none"


class Direction(StrEnum):
    """Which way the indicator is to move; for work that is counted as it is done (淘汰, 关停) the count goes up."""

    UP = "up"
    DOWN = "down"
    NONE = "none"


class ValueKind(StrEnum):
    """What the value is: the LEVEL to reach (2.08亿平方米), or the CHANGE against an earlier year (下降10%)."""

    LEVEL = "level"
    CHANGE = "change"


class Measure(StrEnum):
    """How figures of several periods and places belong together; NONE for a criterion or reference."""

    CUMULATIVE = "cumulative"
    FLOW = "flow"
    STOCK = "stock"
    RATE = "rate"
    STAGE = "stage"
    NONE = "none"


class Allocation(StrEnum):
    """How a target comes down to the counties; NONE for a criterion or reference."""

    QUANTITY = "quantity"
    RATE = "rate"
    COMPLETION = "completion"
    CITY_ONLY = "city_only"
    NONE = "none"


class Nature(StrEnum):
    """What kind of commitment it is; only a TARGET is assigned."""

    TARGET = "target"
    CRITERION = "criterion"
    STANDING_REQUIREMENT = "standing_requirement"
    PROHIBITION = "prohibition"
    RECURRING = "recurring"
    REFERENCE = "reference"


class FaultKind(StrEnum):
    """What is wrong with the document at a place."""

    MISSPELLING = "misspelling"
    NO_VERB = "no_verb"
    NOBODY_RESPONSIBLE = "nobody_responsible"
    NO_BASE_YEAR = "no_base_year"
    NO_DATE = "no_date"
    NO_VALUE = "no_value"
    AMBIGUOUS = "ambiguous"
    REPEATED = "repeated"
    INCONSISTENT = "inconsistent"
    PAST_DATE = "past_date"
