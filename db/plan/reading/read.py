"""Reading a plan: a document becomes a catalogue, and a list of what was not understood.

read_plan(document, departments=…) -> Reading
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from pathlib import Path

from db.plan.catalogue import load_catalogue
from db.plan.model import Catalogue, Clause, Department
from db.plan.reading import leftovers as left
from db.plan.reading.clauses import Cut, Cutter, clauses_of
from db.plan.reading.document import open_document
from db.plan.reading.faults import faults_of
from db.plan.reading.model import Document, Leftover, Reading
from db.plan.reading.offices import Offices
from db.plan.reading.outline import Outline, outline_of
from db.plan.reading.span_of_years import published_on, years_of
from db.plan.reading.table_targets import read_rows
from db.plan.reading.targets import read_targets
from db.plan.reading.titles import titles_of


def read_file(file: Path) -> Reading:
    """Return the reading of the plan in `file`, with the departments of the shipped plan; errors of `open_document`."""
    return read_plan(open_document(file), departments=load_catalogue().departments)


def read_plan(document: Document, *, departments: Sequence[Department]) -> Reading:
    """Return the catalogue of `document`; `departments` are those whose names are known, others are kept as they stand.

    Every document has a reading. What no clause and no target took is in `leftovers`, in the order of the text.
    """
    text = document.text
    offices = Offices(departments)
    outline = outline_of(document)
    cutter = Cutter(text, offices)
    pairs: list[tuple[Clause, Cut]] = []
    for section in outline.sections:
        cuts = cutter.cuts(section)
        pairs += zip(clauses_of(section, cuts, titles_of(section, cuts, text), text), cuts, strict=True)
    clauses = [clause for clause, _ in pairs]
    begins, ends = years_of(outline.title, text)
    prose = [clause for clause, cut in pairs if cut.row is None]
    rows = [(clause, cut.row) for clause, cut in pairs if cut.row is not None]
    found = read_targets(prose, begins=begins, ends=ends)
    tabled = read_rows(rows, begins=begins, ends=ends)
    places = {clause.id: place for place, clause in enumerate(clauses)}
    targets = sorted(chain(found.targets, tabled.targets), key=lambda target: places[target.clause])
    articles = tuple(section.article for section in outline.sections)
    faults = chain(found.faults, faults_of(clauses, articles, offices))
    catalogue = Catalogue(
        version=_version(document.name),
        title=outline.title or document.name,
        begins=begins,
        published=published_on(text, outline.body, begins),
        ends=ends,
        source=document.name,
        source_sha256=document.sha256,
        rule_for_all_clauses=next((cut.said.what.rule for _, cut in pairs if cut.said and cut.said.what.rule), ""),
        parts=outline.parts,
        articles=articles,
        clauses=tuple(clauses),
        targets=tuple(targets),
        left_out=(*found.left_out, *tabled.left_out),
        number_words=found.number_words,
        faults=tuple(sorted(faults, key=lambda fault: (fault.start, fault.end, fault.kind))),
        departments=tuple(departments),
    )
    rest = chain(found.leftovers, tabled.leftovers, _leftovers(document, outline, catalogue, pairs))
    return Reading(document, catalogue, tuple(sorted(rest, key=lambda one: (one.start, one.end, one.kind))))


def _leftovers(
    document: Document, outline: Outline, catalogue: Catalogue, pairs: Sequence[tuple[Clause, Cut]]
) -> list[Leftover]:
    taken = [(part.start, part.end) for part in outline.parts]
    taken += [(article.start, article.end) for article in catalogue.articles]
    taken += [(clause.start, clause.end) for clause in catalogue.clauses]
    taken += [
        (clause.responsibility_start or 0, clause.responsibility_end or 0)
        for clause in catalogue.clauses
        if clause.responsibility
    ]
    quoted = [catalogue.place(target) for target in catalogue.targets]
    taken.append((outline.start, outline.title_end))
    signed = f"{catalogue.published.year}年{catalogue.published.month}月{catalogue.published.day}日"
    found = [one for one in left.outside_clauses(document.text, taken) if one.text != signed]
    found += left.in_parentheses(document.text, catalogue.clauses, quoted)
    found += left.dates_in_responsibilities([clause for clause, cut in pairs if cut.row is None])
    for clause, cut in pairs:
        found += left.unread(clause, cut.said.what.unread if cut.said else ())
    return found


def _version(name: str) -> str:
    """Return the name of the file without its ending."""
    stem, dot, ending = name.rpartition(".")
    return stem if dot and ending.lower() in ("docx", "txt", "doc") else name
