"""A package of 100,000 rows and 195 MB of attachments, against deflating and hashing the same bytes."""

from __future__ import annotations

import hashlib
import random
import shutil
import statistics
import subprocess
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from db.core.fields import load_schema
from db.core.values import Cell, State
from db.exchange.package_verify import verify_package
from db.exchange.package_write import write_package
from db.exchange.submissions import PackageResult
from db.reports.letter import LetterFacts
from db.store import attachments, records
from db.store.county import County
from db.work.setup import new_county, town_id
from tests.bench.harness import Measured, benchmark, seconds

ROWS = 100_000
FILES = 50
FILE_SIZE = 3_900_000
REPEATS = 3

_WORDS = (
    "技术改造",
    "产能",
    "锅炉",
    "清洁取暖",
    "验收",
    "关停",
    "镇街",
    "企业",
    "设备",
    "更新",
    "建设",
    "管网",
    "项目",
)
_TOWNS = ("370783001", "370783003", "370783103", "370783104", "370783106")


def letter(facts: LetterFacts) -> bytes:
    """Return something for a letter; drawing it is Qt's work and takes the same time for any package."""
    return b"%PDF-1.7\n" + facts.data_sha256.encode()


def make_county(folder: Path) -> None:
    """Make a county with a register of ROWS projects and FILES proof files, every other one incompressible."""
    chance = random.Random(20220310)
    schema = load_schema("key_project")
    with new_county(folder, county="370783", author="测试") as county:
        with county.operation("项目") as op:
            records.insert_many(op, schema, rows(chance))
        with county.operation("附件") as op:
            first = op.conn.execute(f"SELECT id FROM {schema.table} LIMIT 1").fetchone()[0]
            for number in range(FILES):
                file = folder / f"{number}.bin"
                file.write_bytes(chance.randbytes(FILE_SIZE) if number % 2 else prose(chance, FILE_SIZE))
                attachments.add(op, county, schema.table, first, file, "佐证")
                file.unlink()


def prose(chance: random.Random, size: int) -> bytes:
    """Return text like that of reports: words, numbers, lines."""
    words = [chance.choice(_WORDS) + str(chance.randrange(1000)) for _ in range(4000)]
    text = "，".join(chance.choices(words, k=size // 8))
    return text.encode()[:size]


def rows(chance: random.Random) -> Iterator[dict[str, Cell]]:
    """Yield projects filled in as a clerk does: most fields, a few states, free text of some length."""
    towns = [town_id(code) for code in _TOWNS]
    for number in range(ROWS):
        start = date(2021, 1, 1) + timedelta(days=chance.randrange(900))
        money = Decimal(chance.randrange(1, 10_000_000)).scaleb(-2)
        yield {
            "name": f"{chance.choice(_WORDS)}{chance.choice(_WORDS)}工程{number}",
            "town_id": chance.choice(towns),
            "location": f"{chance.choice(_WORDS)}路{chance.randrange(999)}号",
            "content": "，".join(chance.choices(_WORDS, k=12)),
            "category": chance.choice(("产业结构", "能源结构", "运输结构")),
            "task_id": "06-02",
            "two_high": chance.random() < 0.1,
            "coal_saving": Decimal(chance.randrange(100_000)).scaleb(-2),
            "sulfur_dioxide": State.NO_DATA if chance.random() < 0.05 else Decimal(chance.randrange(1000)),
            "total_investment": money,
            "planned_investment": money,
            "started_on": start,
            "planned_completion_on": start + timedelta(days=300),
            "responsible": "张三",
            "phone": f"1{chance.randrange(3, 10)}{chance.randrange(10**9):09}",
        }


def payload(package: Path) -> list[bytes]:
    """Return the payload's files, unpacked: the same bytes for the reference."""
    with zipfile.ZipFile(package) as archive:
        return [archive.read(name) for name in archive.namelist() if "/data/" in name]


def deflate_and_hash(contents: list[bytes]) -> None:
    """Do what the reference does: one thread, zlib level 6 and SHA-256 over every byte."""
    for content in contents:
        hashlib.sha256(content).digest()
        zlib.compress(content, 6)


def test_and_sum(package: Path) -> None:
    """Do what `unzip -t` and `sha256sum` do with the file: inflate and sum up every entry, and hash the file."""
    for command in (["unzip", "-tqq", str(package)], ["sha256sum", str(package)]):
        if shutil.which(command[0]):
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        elif command[0] == "unzip":
            with zipfile.ZipFile(package) as archive:
                assert archive.testzip() is None
        else:
            with package.open("rb") as file:
                hashlib.file_digest(file, "sha256")


def times(action: str, reference: str = "deflate and hash") -> Measured:
    """Return the medians of writing (verified) or verifying a package and of the reference, timed in turn."""
    with tempfile.TemporaryDirectory(prefix="sijian-bench-") as name:
        folder = Path(name)
        make_county(folder / "county")
        with County.open(folder / "county", author="测试") as county:

            def write() -> PackageResult:
                shutil.rmtree(folder / "out", ignore_errors=True)
                return write_package(county, kind="registers", period="2022", out=folder / "out", letter=letter)

            made = write()
            contents = payload(made.path)
            pairs: list[tuple[float, float]] = []
            for _ in range(REPEATS):
                if reference == "test and sum":
                    theirs = seconds(lambda: test_and_sum(made.path))
                else:
                    theirs = seconds(lambda: deflate_and_hash(contents))
                own = seconds(write if action == "write" else lambda: verify_package(made.path))
                pairs.append((own, theirs))
    return Measured(statistics.median(own for own, _ in pairs), statistics.median(ref for _, ref in pairs))


@benchmark("package of 100,000 rows and 195 MB, written and verified / zlib 6 + SHA-256", limit=0.8)
def package_written() -> Measured:
    return times("write")


@benchmark("the same package verified / zlib 6 + SHA-256", limit=0.5)
def package_verified() -> Measured:
    return times("verify")


@benchmark("the same package verified / unzip -t and sha256sum", limit=1.5)
def package_tested() -> Measured:
    return times("verify", "test and sum")
