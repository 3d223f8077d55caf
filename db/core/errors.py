"""The three kinds of failure: what the clerk can mend, what the computer refuses, and our own bugs.

Anything that is neither `DataProblem` nor `EnvironmentProblem` is a bug: it is logged and shown once with details.
Messages are Chinese and are built where the fact is known.
"""

from __future__ import annotations

from dataclasses import dataclass


class SijianError(Exception):
    """A failure with a sentence for the clerk: `message` says what happened, `advice` what to do."""

    def __init__(self, message: str, *, advice: str = "", place: str = "", code: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice
        self.place = place
        self.code = code

    def __str__(self) -> str:
        return self.message + self.advice


class DataProblem(SijianError):
    """Something in the data that the clerk can mend."""


class EnvironmentProblem(SijianError):
    """Something outside the data: disk full, locked, read-only, damaged, newer file."""


class Cancelled(Exception):
    """The clerk pressed 取消; everything done so far in the operation is rolled back."""


@dataclass(frozen=True)
class Problem:
    """One finding in a list of findings (a pasted block, a package, a row), with its place."""

    code: str
    message: str
    advice: str = ""
    place: str = ""

    def sentence(self) -> str:
        """Return place, message and advice as one line for a person."""
        head = f"{self.place}：" if self.place else ""
        return f"{head}{self.message}{self.advice}"
