"""Reading a plan: a document becomes a catalogue, and a list of what was not understood.

read_file(file) -> Reading
read_plan(document, departments=…) -> Reading
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain
from pathlib import Path
from typing import TypeVar

from db.plan.catalogue import load_catalogue
from db.plan.model import Article, Catalogue, Clause, Department, Part
from db.plan.reading import leftovers as left
from db.plan.reading.clauses import Cut, Cutter, clauses_of
from db.plan.reading.contradictions import contradictions
from db.plan.reading.document import open_document
from db.plan.reading.faults import faults_of
from db.plan.reading.model import Document, Leftover, LeftoverKind, Reading, TargetReading
from db.plan.reading.offices import Offices
from db.plan.reading.outline import Outline, outline_of
from db.plan.reading.plain_form import plain_form
from db.plan.reading.span_of_years import published_on, years_of
from db.plan.reading.table_rows import TableRow, column_titles
from db.plan.reading.table_targets import has_amounts, read_rows
from db.plan.reading.targets import read_targets
from db.plan.reading.time_limits import limited
from db.plan.reading.titles import titles_of

_Place = TypeVar("_Place", Part, Article)


def read_file(file: Path) -> Reading:
    """Return the reading of the plan in `file`, with the departments of the shipped plan; errors of `open_document`."""
    return read_plan(open_document(file), departments=load_catalogue().departments)


def read_plan(document: Document, *, departments: Sequence[Department]) -> Reading:
    """Return the catalogue of `document`; `departments` are those whose names are known, others are kept as they stand.

    Every document has a reading. What no clause and no target took is in `leftovers`, in the order of the text.
    """
    plain = plain_form(document.text)
    offices = Offices(departments)
    outline = outline_of(document, plain)
    cutter = Cutter(plain, offices)
    articles: list[Article] = []
    pairs: list[tuple[Clause, Cut]] = []
    for section in outline.sections:
        cuts = cutter.cuts(section)
        titles = titles_of(section, cuts, plain)
        article = _verbatim(section.article, document.text)
        articles.append(replace(article, title=article.title or next(iter(titles), article.numeral)))
        pairs += zip(clauses_of(section, cuts, titles, document.text), cuts, strict=True)
    clauses = tuple(clause for clause, _ in pairs)
    begins, ends = years_of(outline.title, plain)
    found, limits = _targets(pairs, plain, begins=begins, ends=ends)
    faults = [*found.faults, *faults_of(clauses, articles, offices)]
    faults += contradictions(clauses, found.targets, begins=begins, ends=ends)
    catalogue = Catalogue(
        version=_version(document.name),
        title=_title(document, outline),
        begins=begins,
        published=published_on(plain, outline.body, begins),
        ends=ends,
        source=document.name,
        source_sha256=document.sha256,
        rule_for_all_clauses=next((cut.said.what.rule for _, cut in pairs if cut.said and cut.said.what.rule), ""),
        parts=tuple(_verbatim(part, document.text) for part in outline.parts),
        articles=tuple(articles),
        clauses=clauses,
        targets=found.targets,
        left_out=found.left_out,
        number_words=found.number_words,
        faults=tuple(sorted(faults, key=lambda fault: (fault.start, fault.end, fault.kind))),
        departments=tuple(departments),
    )
    orphans = (left.orphan(document.text, said.start, said.end) for said in cutter.orphans)
    rest = [
        one
        for one in chain(orphans, found.leftovers, _leftovers(document, outline, catalogue, pairs))
        if not (one.kind is LeftoverKind.DATE and one.text in limits.get(one.clause, ""))
    ]
    marked = (replace(one, before_plan=not one.clause and one.end <= outline.body) for one in rest)
    return Reading(document, catalogue, tuple(sorted(marked, key=lambda one: (one.start, one.end, one.kind))))


def _targets(
    pairs: Sequence[tuple[Clause, Cut]], plain: str, *, begins: date, ends: date
) -> tuple[TargetReading, dict[str, str]]:
    """Return the targets of prose and of tables, and by clause the time limits that targets took.

    Prose is read in plain form; a row of a table that holds no amounts is prose too, its cells being sentences.
    """
    rows = {clause.id: cut.row for clause, cut in pairs if cut.row is not None}
    amounts = {clause_id for clause_id, row in rows.items() if has_amounts(row)}
    prose = [_plain(clause, plain, rows.get(clause.id)) for clause, _ in pairs if clause.id not in amounts]
    found = read_targets(prose, begins=begins, ends=ends)
    tables = [(clause, rows[clause.id]) for clause, _ in pairs if clause.id in amounts]
    tabled = read_rows(tables, begins=begins, ends=ends)
    clauses = {clause.id: clause for clause, _ in pairs}
    places = {clause_id: place for place, clause_id in enumerate(clauses)}
    targets = sorted(chain(found.targets, tabled.targets), key=lambda target: places[target.clause])
    quoted = [replace(one, quote=clauses[one.clause].text[one.start : one.end]) for one in targets]
    dated, limits = limited(quoted, list(clauses.values()), rows, begins=begins, ends=ends)
    left_out = [replace(one, text=clauses[one.clause].text[one.start : one.end]) for one in found.left_out]
    return replace(found, targets=tuple(dated), left_out=tuple(left_out)), limits


def _plain(clause: Clause, plain: str, row: TableRow | None) -> Clause:
    text = plain[clause.start : clause.end]
    if row is None:
        return replace(clause, text=text)
    for _, cell in row.responsible:
        start, end = cell.start - clause.start, cell.end - clause.start
        if start >= 0 and end <= len(text):
            text = text[:start] + "。" * (end - start) + text[end:]
    return replace(clause, text=text.replace("\t", "。"))


def _leftovers(
    document: Document,
    outline: Outline,
    catalogue: Catalogue,
    pairs: Sequence[tuple[Clause, Cut]],
) -> Iterator[Leftover]:
    taken = [(outline.start, outline.title_end), *outline.passed]
    taken += [place for section in outline.sections for place in column_titles(section.content)]
    taken += [(part.start, part.end) for part in catalogue.parts]
    taken += [(article.start, article.end) for article in catalogue.articles]
    taken += [(clause.start, clause.end) for clause in catalogue.clauses]
    taken += [(cut.said.start, cut.said.end) for _, cut in pairs if cut.said]
    taken += [(cut.row.order.start, cut.row.order.end) for _, cut in pairs if cut.row and cut.row.order]
    signed = f"{catalogue.published.year}年{catalogue.published.month}月{catalogue.published.day}日"
    yield from (one for one in left.outside_clauses(document.text, taken) if one.text.strip("（）()") != signed)
    quoted = [catalogue.place(target) for target in catalogue.targets]
    yield from left.in_parentheses(document.text, catalogue.clauses, quoted)
    yield from left.dates_in_responsibilities(catalogue.clauses)
    for clause, cut in pairs:
        yield from left.unread(clause, cut.said.what.unread if cut.said else ())


def _verbatim(place: _Place, text: str) -> _Place:
    heading = text[place.start : place.end]
    at = plain_form(heading).find(place.title)
    title = heading[at : at + len(place.title)] if heading and at >= 0 else place.title
    return replace(place, heading=heading, title=title)


def _title(document: Document, outline: Outline) -> str:
    verbatim = "".join(line.strip() for line in document.text[outline.start : outline.title_end].split("\n"))
    return verbatim if plain_form(verbatim) == outline.title else outline.title or document.name


def _version(name: str) -> str:
    """Return the name of the file without its ending."""
    stem, dot, ending = name.rpartition(".")
    return stem if dot and ending.lower() in ("docx", "txt", "doc") else name
