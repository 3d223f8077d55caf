"""Reading the shipped plan is held against what python-docx needs to open it and list its paragraphs."""

from __future__ import annotations

import time
from collections.abc import Callable

import docx

from db.plan.catalogue import load_catalogue
from db.plan.reading.document import open_document
from db.plan.reading.read import read_file
from tests.db.plan.reading.make_variants import PLANS

FILE = PLANS / "saved.docx"


def fastest(work: Callable[[], object]) -> float:
    def once() -> float:
        begin = time.process_time()
        work()
        return time.process_time() - begin

    return min(once() for _ in range(7))


def listed_by_python_docx() -> list[str]:
    return [paragraph.text for paragraph in docx.Document(str(FILE)).paragraphs]


def test_reading_takes_less_than_ten_times_what_listing_takes() -> None:
    load_catalogue()
    assert fastest(lambda: read_file(FILE)) < 10 * fastest(listed_by_python_docx)


def test_opening_alone_is_no_slower_than_python_docx() -> None:
    assert fastest(lambda: open_document(FILE)) < fastest(listed_by_python_docx)
