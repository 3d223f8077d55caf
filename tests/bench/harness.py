"""How measurements are taken and judged: each against a reference timed in the same run, so that ratios hold anywhere.

A benchmark is a function in a module `tests/bench/bench_*.py`:

    @benchmark("jump to the end, 95th percentile", unit="ms", limit=50)
    def jump_to_the_end() -> Measured:
        return Measured(percentile(samples, 95) * 1000)
"""

from __future__ import annotations

import gc
import math
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class Measured:
    """What a benchmark found, in its unit; without a `reference` the value itself is held against the limit."""

    value: float
    reference: float | None = None

    @property
    def score(self) -> float:
        """Return what the limit is for: the ratio to the reference, or the value where there is none."""
        if self.reference is None:
            return self.value
        return self.value / self.reference if self.reference > 0 else math.inf


@dataclass(frozen=True)
class Benchmark:
    """A named measurement with the most its score may be; infinity for one that is only told."""

    name: str
    unit: str
    limit: float
    measure: Callable[[], Measured]

    def line(self, measured: Measured) -> str:
        """Return the line to print: name, value, reference, ratio, limit and verdict."""
        verdict = "ok" if self.holds(measured) else "FAIL"
        own = f"{self.name}: {measured.value:.3g} {self.unit}"
        if measured.reference is None:
            bound = f"limit {self.limit:g} {self.unit}"
        else:
            own += f" / {measured.reference:.3g} {self.unit} = {measured.score:.2f}"
            bound = f"limit {self.limit:.2f}"
        return f"{own} ({bound}) {verdict}" if math.isfinite(self.limit) else f"{own} (no limit)"

    def holds(self, measured: Measured) -> bool:
        """Return whether the score is within the limit; not-a-number is not."""
        return measured.score <= self.limit


Measure = Callable[[], Measured]


def benchmark(name: str, *, unit: str = "s", limit: float = math.inf) -> Callable[[Measure], Benchmark]:
    """Make a function that returns what it measured into a benchmark."""

    def decorate(measure: Measure) -> Benchmark:
        return Benchmark(name, unit, limit, measure)

    return decorate


def seconds(action: Callable[[], object]) -> float:
    """Return how long one call takes, with the garbage collector kept out of it."""
    gc.collect()
    gc.disable()
    try:
        start = time.perf_counter()
        action()
        return time.perf_counter() - start
    finally:
        gc.enable()


def median_seconds(action: Callable[[], object], *, repeats: int = 5, warm_up: int = 1) -> float:
    """Return the median of `repeats` timed calls after `warm_up` untimed ones."""
    for _ in range(warm_up):
        action()
    return statistics.median(seconds(action) for _ in range(repeats))


def in_turn(
    action: Callable[[], object], reference: Callable[[], object], *, repeats: int = 5, warm_up: int = 1
) -> Measured:
    """Return the medians of both, timed alternately so that a PC that speeds up or slows down favours neither."""
    for _ in range(warm_up):
        reference()
        action()
    pairs = [(seconds(reference), seconds(action)) for _ in range(repeats)]
    return Measured(statistics.median(own for _, own in pairs), statistics.median(ref for ref, _ in pairs))


def percentile(samples: Sequence[float], percent: float) -> float:
    """Return the smallest sample that at least `percent` % of the samples do not exceed."""
    ordered = sorted(samples)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


_PEAK = """
import importlib, sys
from tests.bench.harness import peak_memory
module, name, *arguments = sys.argv[1:]
getattr(importlib.import_module(module), name)(*arguments)
print("peak", peak_memory(), flush=True)
"""


def peak_memory() -> int:
    """Return the most memory, in bytes, this process has held so far."""
    import psutil

    if sys.platform == "win32":
        return int(psutil.Process().memory_info().peak_wset)
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def peak_memory_of(function: str, *arguments: str) -> int:
    """Return the peak memory, in bytes, of a fresh process that calls `function` ("package.module:name").

    The process must see its own peak only: on Linux the figure survives fork, so a parent larger than the child would
    hide it. The child is therefore started through a small interpreter of its own.
    """
    module, _, name = function.partition(":")
    relay = "import subprocess, sys; sys.exit(subprocess.run(sys.argv[1:]).returncode)"
    command = [sys.executable, "-S", "-c", relay, sys.executable, "-c", _PEAK, module, name, *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode:
        raise RuntimeError(f"{function} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return int(done.stdout.rpartition("peak ")[2])
