"""What findings about a package of our own mean: cells for the clerk to mend, or a disk that lost something."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from db.core.errors import DataProblem, EnvironmentProblem, Problem
from db.core.text import quote
from db.exchange.csv_text import csv_batches
from db.exchange.spool import SpooledTable
from db.exchange.verdict import Verdict

_MOST_TOLD = 10
_BATCH = 2_000
_ROW = re.compile(r"(.*) 第([0-9]+)行")


class PackageRefused(DataProblem):
    """The data cannot be submitted as they are; `problems` are all the places to mend."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        told = "".join(f"\n{problem.sentence()}" for problem in problems[:_MOST_TOLD])
        more = f"\n……共{len(problems)}处。" if len(problems) > _MOST_TOLD else ""
        super().__init__(
            f"有{len(problems)}处数据不符合规定，没有导出：{told}{more}", advice="\n请改正后重新导出。", code="refused"
        )
        self.problems = list(problems)


def require_good(verdict: Verdict, file_name: str, tables: Sequence[SpooledTable]) -> None:
    """Raise PackageRefused for cells to mend, EnvironmentProblem for anything else that is wrong with the package."""
    cells = [problem for problem in verdict.problems if problem.code in ("cell", "more")]
    if cells and len(cells) == len(verdict.problems):
        raise PackageRefused(_in_words(cells, {f"data/{each.table.path}": each for each in tables}))
    if verdict.problems:
        first = verdict.problems[0].sentence()
        raise EnvironmentProblem(
            f"{file_name}写入后核对不一致（共{len(verdict.problems)}处，如：{first}），没有保留。",
            advice="磁盘可能有故障，请换一个U盘或文件夹后重新导出。",
            code="unverified",
        )


def _in_words(problems: Sequence[Problem], tables: Mapping[str, SpooledTable]) -> list[Problem]:
    """Return the problems with the title of the table and the name of the row in place of a line of a file."""
    places = [_ROW.fullmatch(problem.place) for problem in problems]
    wanted: dict[str, set[int]] = {}
    for place in places:
        if place and place[1] in tables:
            wanted.setdefault(place[1], set()).add(int(place[2]))
    names = {path: _row_names(tables[path], numbers) for path, numbers in wanted.items()}
    found = []
    for problem, place in zip(problems, places, strict=True):
        path = place[1] if place else problem.place
        title = f"《{tables[path].table.schema.title}》" if path in tables else problem.place
        row = names.get(path, {}).get(int(place[2]), f"第{int(place[2]) - 1}条") if place else ""
        found.append(Problem(problem.code, problem.message, problem.advice, title + row))
    return found


def _row_names(spooled: SpooledTable, numbers: set[int]) -> dict[int, str]:
    """Return what people call the rows in these lines of the CSV, as far as they have a name."""
    schema = spooled.table.schema
    name = schema.initials_of or ("name" if "name" in schema else "")
    if not name:
        return {}
    column = spooled.table.header.index(name)
    found: dict[int, str] = {}
    number = 0
    for batch in csv_batches(spooled.content.pieces(), _BATCH):
        for row in batch:
            number += 1
            if number in numbers and row[column]:
                found[number] = quote(row[column])
    return found
