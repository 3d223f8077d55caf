"""Makes resources/plan/catalogue.json: what the rules read from the document, and the corrections that ship with it.

python -m tests.db.plan.make_catalogue
"""

from __future__ import annotations

from dataclasses import replace

import resources
from db.plan.catalogue import load_catalogue, shipped_corrections
from db.plan.catalogue_file import catalogue_text
from db.plan.correcting import apply
from db.plan.corrections import Correction
from db.plan.model import Catalogue
from db.plan.reading.document import open_document
from db.plan.reading.model import Reading
from db.plan.reading.read import read_plan
from tests.db.plan import proof

CATALOGUE = "plan/catalogue.json"


def reading() -> Reading:
    """Return what the rules alone read from the shipped document."""
    read = read_plan(open_document(resources.path(proof.DOCUMENT)), departments=load_catalogue().departments)
    return replace(read, catalogue=replace(read.catalogue, source=proof.DOCUMENT))


def corrected(read: Reading, by: tuple[Correction, ...]) -> Catalogue:
    """Return the catalogue with the corrections in it; every one must find its place."""
    catalogue, unplaced = apply(read.catalogue, by, read.document.text)
    assert unplaced == ()
    return catalogue


def main() -> None:
    """Write the catalogue."""
    text = catalogue_text(corrected(reading(), shipped_corrections()), departments=False)
    resources.path(CATALOGUE).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
