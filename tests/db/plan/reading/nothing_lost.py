"""The proof that a reading lost nothing, by looking at the document again and asking who took each thing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from db.plan.reading.model import Reading

ARABIC = re.compile(r"[0-9０-９]+(?:[.．][0-9０-９]+)?")
PARENTHESIS = re.compile(r"（[^（）]*）|\([^()]*\)")
Span = tuple[int, int]


def assert_nothing_lost(reading: Reading) -> None:
    """Hold every place of a reading against its text, and every number and parenthesis against what took it."""
    text, catalogue = reading.document.text, reading.catalogue
    for clause in catalogue.clauses:
        assert text[clause.start : clause.end] == clause.text
        assert clause.text.strip() == clause.text != ""
        assert clause.title
        if clause.responsibility:
            assert text[clause.responsibility_start : clause.responsibility_end] == clause.responsibility
        for target in catalogue.targets_of(clause.id):
            assert clause.text[target.start : target.end] == target.quote
    for part in catalogue.parts:
        assert text[part.start : part.end] == part.heading
    for article in catalogue.articles:
        assert text[article.start : article.end] == article.heading
    for one in reading.leftovers:
        assert text[one.start : one.end] == one.text
    places = sorted(taken(reading))
    found = [hit for pattern in (ARABIC, PARENTHESIS) for hit in pattern.finditer(text)]
    lost = [hit[0] for hit in found if not any(start <= hit.start() and hit.end() <= end for start, end in places)]
    assert not lost, lost


def taken(reading: Reading) -> Iterator[Span]:
    """Yield every place that something was made of, or that is shown as not understood."""
    text, catalogue = reading.document.text, reading.catalogue
    starts = {clause.id: clause.start for clause in catalogue.clauses}
    yield from ((part.start, part.end) for part in catalogue.parts)
    yield from ((article.start, article.end) for article in catalogue.articles)
    for line in re.finditer("[^\n]+", text):
        if line[0].strip() and line[0].strip() in catalogue.title:
            yield line.span()
    yield from ((c.responsibility_start or 0, c.responsibility_end or 0) for c in catalogue.clauses)
    yield from (catalogue.place(target) for target in catalogue.targets)
    yield from ((starts[one.clause] + one.start, starts[one.clause] + one.end) for one in catalogue.left_out)
    yield from ((one.start, one.end) for one in reading.leftovers)
    for one in catalogue.number_words:
        yield from ((hit.start(), hit.end()) for hit in re.finditer(re.escape(one.word), text))
    yield from ((hit.start(), hit.end()) for hit in re.finditer(understood(reading), text, flags=re.M))
    for table in reading.document.tables:
        yield from ((cell.start, cell.end) for cell in (*table.rows[0], *(row[0] for row in table.rows)))
    for target in catalogue.targets:
        clause = catalogue.clause(target.clause)
        if target.deadline_text:
            said = text[clause.start : max(clause.end, clause.responsibility_end or 0)]
            hits = re.finditer(re.escape(target.deadline_text), said)
            yield from ((clause.start + hit.start(), clause.start + hit.end()) for hit in hits)


def understood(reading: Reading) -> str:
    """Return a pattern of what became a title, a date, the number of an item, or a line of contents."""
    signed = reading.catalogue.published
    date = f"[（(]?{signed.year}年{signed.month}月{signed.day}日[)）]?"
    item = r"^\s*(?:[0-9.]+ |[（(]?[0-9０-９]{1,3}[)）.．、\u3000]|（[一二三四五六七八九十]+）)"
    return f"{date}|{item}|^.*[\t…][0-9]+$|^单位：.*$|^表[0-9].*$|^序号.*$"
