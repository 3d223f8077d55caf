"""The tint of a city's remark in each of its states."""

from __future__ import annotations

from db.work.remarks import CLOSED, NEW, PROPOSED, REPLIED
from desktop.widgets.basics import Tone

TONES: dict[str, Tone] = {NEW: "bad", REPLIED: "caution", PROPOSED: "notice", CLOSED: "good"}
