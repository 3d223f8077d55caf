"""One paper for each of many: a file for each, whole or not there at all; one that cannot be written stops no other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from db.core.errors import EnvironmentProblem, Problem
from db.core.file_names import safe_names
from db.core.progress import Progress
from db.store.files import explained, write_atomically

_ONE_FILE = frozenset({"in_use", "permission", "wrong_kind"})
"""What keeps one file from being written but says nothing about the others."""


@dataclass(frozen=True)
class Paper:
    """A file to be made: its name without what a file system refuses, for whom it is, and what makes its bytes."""

    name: str
    who: str
    make: Callable[[], bytes]


@dataclass(frozen=True)
class WrittenSheets:
    """The files that were written, and a problem with its place for each that could not be."""

    files: tuple[Path, ...]
    problems: tuple[Problem, ...] = ()


def write_papers(out: Path, papers: Sequence[Paper], ending: str, what: str, progress: Progress) -> WrittenSheets:
    """Write each paper into the folder `out`, replacing a file of the same name; `what` is being done, for sentences.

    A file that is open in another program is reported and the others go on. Raises EnvironmentProblem for the folder or
    a full disk, Cancelled between two files.
    """
    with explained(what, out):
        out.mkdir(parents=True, exist_ok=True)
    files: list[Path] = []
    problems: list[Problem] = []
    names = safe_names(paper.name for paper in papers)
    for done, (name, paper) in enumerate(zip(names, papers, strict=True)):
        progress.step(done, len(papers), paper.who)
        data, file = paper.make(), out / f"{name}{ending}"
        try:
            write_atomically(file, data, what)
        except EnvironmentProblem as problem:
            if problem.code not in _ONE_FILE:
                raise
            problems.append(Problem(problem.code, problem.message, problem.advice, paper.who))
        else:
            files.append(file)
    progress.step(len(papers), len(papers))
    return WrittenSheets(tuple(files), tuple(problems))
