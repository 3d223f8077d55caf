"""A process that works on a county until it is killed: `python -m tests.flows.kill_worker FIRST_COUNTY`.

It imports everything once and reads the first county's registers, then takes one JSON job per line, forks, lets the
child work, kills it with SIGKILL after `delay` seconds, and answers with a line. The child writes a line to the job's
report after each thing it has been told is saved; those lines survive it.
"""

from __future__ import annotations

import json
import os
import random
import select
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from db.exchange.sending import send
from db.store import attachments, backup
from db.store.county import County
from db.store.history import operations
from db.work import evidence
from db.work.registers import registers
from tests.db.exchange.packages import PERIODS

Report = Callable[..., None]
PDF = b"%PDF-1.4\n%%EOF\n"


def main() -> None:
    warm_up(Path(sys.argv[1]))
    for line in sys.stdin:
        job = json.loads(line)
        sys.stdout.write(json.dumps({"signal": run(job)}) + "\n")
        sys.stdout.flush()


def warm_up(folder: Path) -> None:
    """Read once what every child would have to read anew before it comes to work."""
    with County.open(folder, author="张三") as county, county.reading() as conn:
        registers(conn)


def run(job: dict[str, Any]) -> int:
    """Do the job in a child, kill it at its moment, and return the signal that ended it (0 if it ended by itself)."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        work(job)
    os.close(writing)
    # The pipe is closed by the child's end, so this waits for the moment or for a child that gave up.
    select.select([reading], [], [], job["delay"])
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    os.close(reading)
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def work(job: dict[str, Any]) -> None:
    """Open the county and work on it for ever; a failure is reported and ends the process."""
    descriptor = os.open(job["report"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)

    def report(**fact: object) -> None:
        os.write(descriptor, json.dumps(fact).encode() + b"\n")

    chance = random.Random(job["seed"])
    folder = Path(job["folder"])
    try:
        while True:
            with County.open(folder, author="张三") as county:
                for _ in range(chance.randint(1, 30)):
                    chance.choice(ACTIONS[job["action"]])(county, chance, report)
    except Exception:  # noqa: BLE001 - whatever it is, the test has to hear of it
        report(error=traceback.format_exc())
        os._exit(1)


def edit(county: County, chance: random.Random, report: Report) -> None:
    """Insert, change and remove a few rows in two tables."""
    count = chance.randint(1, 20)
    with county.operation(f"编辑 {3 * count}") as op:
        ids = [(f"e{chance.getrandbits(64):x}",) for _ in range(2 * count)]
        op.conn.executemany("INSERT INTO enterprise (id, name) VALUES (?, '企业')", ids)
        op.conn.executemany("UPDATE enterprise SET phone = '1' WHERE id = ?", ids[:count])
    report(operation=op.id, label=op.label)


def bring_in(county: County, chance: random.Random, report: Report) -> None:
    """Import many rows as one operation."""
    count = chance.randint(500, 3000)
    with county.operation(f"导入 {count}") as op:
        rows = [(f"i{chance.getrandbits(64):x}", "企业" * chance.randint(1, 20)) for _ in range(count)]
        op.conn.executemany("INSERT INTO enterprise (id, name) VALUES (?, ?)", rows)
    report(operation=op.id, label=op.label)


def step_back(county: County, chance: random.Random, report: Report) -> None:
    """Undo or redo, where there is something to."""
    undo = chance.random() < 0.5
    if (county.undo_label() if undo else county.redo_label()) is not None:
        changes = county.undo() if undo else county.redo()
        report(operation=changes.operation_id, label=changes.label)


def attach(county: County, chance: random.Random, report: Report) -> None:
    """Add a proof file."""
    source = county.folder.parent / "source.txt"
    source.write_bytes(chance.randbytes(chance.randint(1, 50_000)))
    with county.operation("附件 1") as op:
        attachments.add(op, county, "enterprise", "e", source)
    report(operation=op.id, label=op.label)


def attach_some(county: County, chance: random.Random, report: Report) -> None:
    """Add several proof files at once, some large enough to be killed in the middle of."""
    sources = []
    for number in range(chance.randint(2, 6)):
        source = county.folder.parent / f"source {number}.pdf"
        source.write_bytes(chance.randbytes(chance.choice([2_000, 50_000, 1_500_000])))
        sources.append(source)
    with county.operation(f"附件 {len(sources)}") as op:
        evidence.add_files(op, county, "enterprise", "e", sources)
    report(operation=op.id, label=op.label)


def keep(county: County, chance: random.Random, report: Report) -> None:
    """Make the daily backup, or one ahead of an import."""
    made = backup.daily(county) if chance.random() < 0.5 else backup.before(county.folder, "import")
    if made is not None:
        report(backup=made.name)


def export(county: County, chance: random.Random, report: Report) -> None:
    """Export a package and record it."""
    out = county.folder.parent / "out"
    kind = chance.choice(list(PERIODS))
    result = send(county, kind=kind, period=PERIODS[kind], out=out, letter=lambda facts: PDF)
    report(package=result.path.name)
    with county.reading() as conn:
        done = operations(conn, 1)[0]
    report(operation=done.id, label=done.label)


ACTIONS: dict[str, list[Callable[[County, random.Random, Report], None]]] = {
    "write": [edit, edit, edit, edit, step_back, step_back, attach, keep],
    "import": [bring_in, bring_in, step_back, keep],
    "export": [export, export, edit],
    "attach": [attach_some, attach_some, attach_some, step_back],
}

if __name__ == "__main__":
    main()
