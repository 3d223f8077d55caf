"""Either the value or the refusal: what a reader of arbitrary input may give, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from db.core.errors import DataProblem

T = TypeVar("T")


def outcome(read: Callable[[], T]) -> T | DataProblem:
    """Return what `read` returns, or the DataProblem that it raises; any other exception is a bug and goes on."""
    try:
        return read()
    except DataProblem as problem:
        return problem


def is_sentence(problem: DataProblem) -> bool:
    """Return whether a clerk can read the refusal: a printable Chinese sentence and an advice."""
    said = str(problem)
    return said.isprintable() and said.endswith("。") and bool(problem.advice) and any(c > "\u4e00" for c in said)
