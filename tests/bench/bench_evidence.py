"""100 MB of proof files added to a row, against reading, hashing and copying the same bytes."""

from __future__ import annotations

import hashlib
import os
import random
import statistics
import sys
import tempfile
from pathlib import Path

from db.core.fields import load_schema
from db.store import records
from db.work.evidence import add_files
from db.work.setup import new_county
from tests.bench.harness import Measured, benchmark, seconds

SIZES = [20_000_000] * 2 + [4_000_000] * 10 + [500_000] * 40
"""Bytes of each: two films or large scans, photographs, small papers; together 100 MB."""
REPEATS = 5


def copy_and_hash(files: list[Path], into: Path, *, confirmed: bool) -> None:
    """Do what the reference does: read every byte, hash it, write it; `confirmed` waits until the disk has it."""
    into.mkdir()
    for file in files:
        digest = hashlib.sha256()
        with file.open("rb") as source, (into / file.name).open("wb") as target:
            while piece := source.read(1 << 20):
                digest.update(piece)
                target.write(piece)
            if confirmed:
                target.flush()
                os.fsync(target.fileno())


def flush() -> None:
    """Have the disk finish what was written before, where the system can be asked to."""
    if sys.platform != "win32":
        os.sync()


@benchmark("100 MB of proof files added / read, hashed and copied to the disk", limit=1.5)
def evidence_added() -> Measured:
    return times(confirmed=True)


@benchmark("the same / copied into the system's memory, where a power cut takes it")
def evidence_added_beside_a_cached_copy() -> Measured:
    return times(confirmed=False)


def times(*, confirmed: bool) -> Measured:
    """Return the medians of adding the files and of the reference, in turn."""
    chance = random.Random(20220310)
    schema = load_schema("coal_boiler")
    pairs: list[tuple[float, float]] = []
    with tempfile.TemporaryDirectory(prefix="sijian-bench-") as name:
        folder = Path(name)
        with new_county(folder / "county", county="370783", author="测试") as county:
            with county.operation("项目") as op:
                row_id = records.insert(op, schema, {"name": "1号锅炉"})
            for number in range(REPEATS + 1):
                files = [folder / f"{number}-{place}.pdf" for place in range(len(SIZES))]
                for file, size in zip(files, SIZES, strict=True):
                    file.write_bytes(chance.randbytes(size))
                copies = folder / f"copies {number}"

                def add(files: list[Path] = files) -> None:
                    with county.operation("附件") as op:
                        add_files(op, county, schema.table, row_id, files)

                def copy(files: list[Path] = files, copies: Path = copies) -> None:
                    copy_and_hash(files, copies, confirmed=confirmed)

                # Neither pays for what the other left to be written; who begins changes.
                took: dict[bool, float] = {}
                for own in (number % 2 == 0, number % 2 == 1):
                    flush()
                    took[own] = seconds(add if own else copy)
                pairs.append((took[True], took[False]))
                for file in (*files, *copies.iterdir()):
                    file.unlink()
    # The first warms up.
    return Measured(statistics.median(own for own, _ in pairs[1:]), statistics.median(ref for _, ref in pairs[1:]))
