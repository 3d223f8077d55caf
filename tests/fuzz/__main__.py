"""Verify many mutants of real packages: `python -m tests.fuzz [NUMBER] [FIRST]`; ends with 1 if one was misjudged.

The packages are one of every kind and one under a password; the number of a mutant says which.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.bench.harness import peak_memory
from tests.fuzz.mutations import good_packages
from tests.fuzz.trial import trial

MOST_GROWN, MOST_MEMORY = 64e6, 300e6
"""Bytes that verifying may need over what the program needs itself, and in all; the packages have 60 to 90 kB."""
_WARM = 200


def main(number: int = 10_000, first: int = 0) -> int:
    """Try the mutants with the numbers from `first` on and print those that were misjudged."""
    misjudged = before = 0
    tried: Counter[str] = Counter()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="sijian-fuzz-") as name:
        packages = good_packages(Path(name))
        for seed in range(first, first + number):
            package = packages[seed % len(packages)]
            mutant = package.mutant(seed)
            fault = trial(package, mutant, Path(name) / f"{package.root.strip('/')}.zip")
            tried[package.root.split("-")[1] + (" under a password" if package.password else "")] += 1
            if fault:
                misjudged += 1
                print(f"{seed} {mutant.how} sealed: {mutant.seal}: {fault}", flush=True)
            if seed == first + _WARM:
                before = peak_memory()
    peak = peak_memory()
    grown = peak - before if before else 0
    rate = (time.monotonic() - begun) / max(1, number) * 1000
    print(", ".join(f"{kind} {count}" for kind, count in tried.items()))
    print(
        f"{number} mutants, {misjudged} misjudged, {rate:.1f} ms each,"
        f" memory grew by {grown / 1e6:.1f} MB to {peak / 1e6:.0f} MB"
    )
    return 1 if misjudged or grown > MOST_GROWN or peak > MOST_MEMORY else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:3])))
