"""The tint of each class of issues."""

from __future__ import annotations

from db.checks.model import Level
from desktop.widgets.basics import Tone

TONES: dict[Level, Tone] = {
    Level.BLOCKING: "bad",
    Level.CONFIRM: "caution",
    Level.EXPLAIN: "notice",
    Level.HINT: "neutral",
}
