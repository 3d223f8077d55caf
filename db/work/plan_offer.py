"""A plan that may be taken up: as it was read from a file, or as it was looked through.

offer_of(reading) -> Offer                     draft_offer(conn) -> Offer | None
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from db.plan.catalogue import Catalogue
from db.plan.corrections import Correction
from db.plan.reading.model import Reading
from db.work import plan_draft


@dataclass(frozen=True)
class Offer:
    """What was read, from which text and file, with what people corrected.

    `leftovers` is how many numbers, dates and parentheses nobody understood, `is_draft` whether it is the plan that is
    being looked through, which is put away once it is taken up.
    """

    catalogue: Catalogue
    document: str = ""
    document_name: str = ""
    corrections: tuple[Correction, ...] = ()
    leftovers: int = 0
    is_draft: bool = False


def offer_of(reading: Reading) -> Offer:
    """Return a plan as it was read, with nothing corrected."""
    document = reading.document
    return Offer(reading.catalogue, document.text, document.name, leftovers=len(reading.leftovers))


def draft_offer(conn: sqlite3.Connection) -> Offer | None:
    """Return the plan that is being looked through, with all that was decided about it; None when there is none."""
    review = plan_draft.draft(conn)
    if review is None:
        return None
    document = review.reading.document
    return Offer(
        review.catalogue,
        document.text,
        document.name,
        corrections=review.corrections,
        leftovers=len(review.leftovers),
        is_draft=True,
    )
