"""Run the benchmarks: `python3 dev.py bench [WORD ...]`; ends with 1 when one exceeds its limit."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.bench.harness import Benchmark


def discover(folder: Path, package: str) -> Iterator[Benchmark]:
    """Yield the benchmarks of every module `bench_*.py` in `folder`, in order of definition."""
    for file in sorted(folder.glob("bench_*.py")):
        module = importlib.import_module(f"{package}.{file.stem}")
        yield from (value for value in vars(module).values() if isinstance(value, Benchmark))


def run(benchmarks: Sequence[Benchmark]) -> int:
    """Measure and print each; return 0 when all hold, 1 when one does not or fails, 2 when there is none."""
    if not benchmarks:
        print("no such benchmark", file=sys.stderr)
        return 2
    failed = 0
    for each in benchmarks:
        try:
            measured = each.measure()
        except Exception as error:  # noqa: BLE001 - the others are still worth measuring
            failed += 1
            print(f"{each.name}: {type(error).__name__}: {error} FAIL", flush=True)
            continue
        failed += not each.holds(measured)
        print(each.line(measured), flush=True)
    print(f"{len(benchmarks) - failed} passed, {failed} failed")
    return int(failed > 0)


def main(words: Sequence[str]) -> int:
    """Run the benchmarks whose names hold one of `words`, or all of them."""
    found = list(discover(Path(__file__).parent, "tests.bench"))
    return run([each for each in found if not words or any(word in each.name for word in words)])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
