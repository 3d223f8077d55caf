"""Verify many mutants of a real package: `python -m tests.fuzz [NUMBER] [FIRST]`; ends with 1 if one was misjudged."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from tests.bench.harness import peak_memory
from tests.db.exchange.packages import small_package
from tests.fuzz.mutations import Package
from tests.fuzz.trial import trial

MOST_MEMORY = 64e6
"""Bytes that verifying may need over what the program needs itself; the package has 60 kB."""
_WARM = 200


def main(number: int = 10_000, first: int = 0) -> int:
    """Try the mutants with the numbers from `first` on and print those that were misjudged."""
    misjudged = 0
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="sijian-fuzz-") as name:
        package = Package(small_package(Path(name)).read_bytes())
        path = Path(name) / f"{package.root.strip('/')}.zip"
        before = 0
        for seed in range(first, first + number):
            mutant = package.mutant(seed)
            fault = trial(package, mutant, path)
            if fault:
                misjudged += 1
                print(f"{seed} {mutant.how} sealed: {mutant.seal}: {fault}", flush=True)
            if seed == first + _WARM:
                before = peak_memory()
    grown = peak_memory() - before if before else 0
    rate = (time.monotonic() - begun) / max(1, number) * 1000
    print(f"{number} mutants, {misjudged} misjudged, {rate:.1f} ms each, memory grew by {grown / 1e6:.1f} MB")
    return 1 if misjudged or grown > MOST_MEMORY else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:3])))
