"""What became of each step: said as it happens, kept in a log of its own, and summed up in one verdict.

    verdict = Verdict(logs)
    verdict.do("freeze", freeze, needs=["python"])
    verdict.end()                                0 when every step was good, 1 otherwise

A step that fails stops only those that need what it makes.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

GOOD, FAILED, LEFT_OUT = "good", "FAILED", "not tried"
SUMMARY = "verdict.txt"


@dataclass(frozen=True)
class Outcome:
    """How a step ended: one of the words above, its seconds, its log, what was measured, and what is wrong."""

    name: str
    state: str
    seconds: float
    log: Path | None
    figures: tuple[str, ...]
    problems: tuple[str, ...]

    def lines(self) -> list[str]:
        """Return what is said of it at the end."""
        where = f"  {self.log.name}" if self.log is not None else ""
        head = f"{self.name:<12} {self.state:<9} {self.seconds:>5.0f} s{where}"
        return [head, *(f"    {figure}" for figure in self.figures), *(f"    ! {each}" for each in self.problems)]


class Verdict:
    """Does steps one after the other; their logs lie in `logs`, whose old ones go."""

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        logs.mkdir(parents=True, exist_ok=True)
        for old in logs.iterdir():
            old.unlink()
        self.outcomes: list[Outcome] = []
        self._figures: list[str] = []
        self._problems: list[str] = []
        self.log: Path | None = None

    def do(self, name: str, work: Callable[[], object], needs: Sequence[str] = ()) -> bool:
        """Do one step and return whether it was good; it is left out when one that it needs was not."""
        bad = [each.name for each in self.outcomes if each.name in needs and each.state != GOOD]
        self._figures, self._problems = [], []
        _say(f"== {name}")
        begun = time.perf_counter()
        if bad:
            self._problems.append(f"it needs {', '.join(bad)}")
        else:
            self.log = self._logs / f"{len(self.outcomes) + 1:02}-{name}.log"
            self.log.touch()
            try:
                work()
            except Exception as error:  # noqa: BLE001 - whatever it is, the other steps are still worth doing
                self.note(traceback.format_exc())
                self.miss(str(error).strip() or type(error).__name__)
        state = LEFT_OUT if bad else FAILED if self._problems else GOOD
        took = time.perf_counter() - begun
        done = Outcome(name, state, took, self.log, tuple(self._figures), tuple(map(_short, self._problems)))
        self.log = None
        self.outcomes.append(done)
        _say(f"   {state}, {took:.0f} s")
        return state == GOOD

    def note(self, text: str) -> None:
        """Write into the step's log only."""
        if self.log is not None:
            with self.log.open("a", encoding="utf-8") as file:
                file.write(text.rstrip() + "\n")

    def tell(self, figure: str) -> None:
        """Say something of the step that belongs into the verdict."""
        _say(f"   {figure}")
        self.note(figure)
        self._figures.append(figure)

    def miss(self, sentence: str) -> None:
        """Say that something is not as it must be: the step goes on, and has failed."""
        _say(f"   ! {_short(sentence)}")
        self.note(f"! {sentence}")
        self._problems.append(sentence)

    def expect(self, condition: object, sentence: str) -> None:
        """Miss `sentence` unless the condition holds."""
        if not condition:
            self.miss(sentence)

    def hold(self, what: str, value: float, limit: float, unit: str) -> None:
        """Tell a figure, and miss it when it is over its limit."""
        self.tell(f"{what}: {value:.2f} {unit} (limit {limit:g})")
        self.expect(value <= limit, f"{what} is over its limit")

    def end(self) -> int:
        """Say the verdict, write it beside the logs and return the exit code."""
        good = bool(self.outcomes) and all(each.state == GOOD for each in self.outcomes)
        total = sum(each.seconds for each in self.outcomes)
        lines = [line for each in self.outcomes for line in each.lines()]
        lines += [f"logs: {self._logs}", f"VERDICT: {'good' if good else 'FAILED'} after {total / 60:.0f} min"]
        (self._logs / SUMMARY).write_text("\n".join(lines) + "\n", encoding="utf-8")
        _say("\n" + "\n".join(lines))
        return 0 if good else 1


def _short(text: str) -> str:
    """Return the last lines, where programs say what went wrong."""
    return " / ".join(text.strip().splitlines()[-3:])[-400:]


def _say(text: str) -> None:
    print(text, flush=True)
