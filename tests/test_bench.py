"""The measuring harness itself."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.bench.__main__ import discover, run
from tests.bench.harness import Benchmark, Measured, benchmark, in_turn, peak_memory_of, percentile, seconds


def fixed(value: float, reference: float | None, limit: float) -> Benchmark:
    return benchmark("paint", unit="s", limit=limit)(lambda: Measured(value, reference))


def test_a_ratio_is_held_against_the_limit() -> None:
    within, over = fixed(0.3, 0.2, 1.5), fixed(0.4, 0.2, 1.5)
    assert within.line(within.measure()) == "paint: 0.3 s / 0.2 s = 1.50 (limit 1.50) ok"
    assert over.line(over.measure()) == "paint: 0.4 s / 0.2 s = 2.00 (limit 1.50) FAIL"


def test_without_a_reference_the_value_is_held_against_the_limit() -> None:
    only = fixed(20, None, 50)
    assert only.line(only.measure()) == "paint: 20 s (limit 50 s) ok"
    assert not only.holds(Measured(51))


def test_nonsense_never_passes() -> None:
    assert not fixed(1, 0, 2).holds(Measured(1, 0))
    assert not fixed(1, 1, 2).holds(Measured(math.nan, 1))


def test_run_reports_failures_and_goes_on(capsys: pytest.CaptureFixture[str]) -> None:
    def broken() -> Measured:
        raise OSError("disk is full")

    assert run([benchmark("broken", limit=1)(broken), fixed(1, 1, 1)]) == 1
    out = capsys.readouterr().out
    assert "broken: OSError: disk is full FAIL" in out
    assert out.endswith("1 passed, 1 failed\n")
    assert run([fixed(1, 1, 1)]) == 0
    assert run([]) == 2


def test_discover_finds_what_modules_define(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "measured_here"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "other.py").write_text("raise AssertionError('not a benchmark module')")
    (package / "bench_one.py").write_text(
        "from tests.bench.harness import Measured, benchmark\n"
        "@benchmark('first', limit=1)\ndef first(): return Measured(1)\n"
        "@benchmark('second', limit=1)\ndef second(): return Measured(1)\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    assert [each.name for each in discover(package, "measured_here")] == ["first", "second"]


def test_timed_alternately() -> None:
    calls: list[str] = []

    def noting(word: str) -> Callable[[], None]:
        return lambda: calls.append(word)

    measured = in_turn(noting("own"), noting("reference"), repeats=3, warm_up=1)
    assert calls == ["reference", "own"] * 4
    assert measured.value > 0
    assert measured.reference is not None


def test_seconds_and_percentiles() -> None:
    assert seconds(lambda: sum(range(1000))) > 0
    samples = [float(n) for n in range(1, 101)]
    assert (percentile(samples, 95), percentile(samples, 100), percentile([7.0], 95)) == (95.0, 100.0, 7.0)


def allocate(megabytes: str) -> None:
    """Hold `megabytes` MB for a moment; called in a process of its own."""
    assert len(b"x" * (int(megabytes) << 20)) > 0


def test_peak_memory_is_the_childs_own() -> None:
    ballast = bytearray(b"x" * (200 << 20))  # must not show in the children's figures
    small, large = (peak_memory_of("tests.test_bench:allocate", size) for size in ("1", "65"))
    assert len(ballast) > small
    assert 56 << 20 < large - small < 72 << 20


def test_peak_memory_tells_why_the_child_failed() -> None:
    with pytest.raises(RuntimeError, match="invalid literal"):
        peak_memory_of("tests.test_bench:allocate", "much")
