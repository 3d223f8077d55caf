"""What a page may say of a table for when it is printed."""

from __future__ import annotations

PAPER_TITLE, PAPER_NOTE, PAPER_BELOW = "paperTitle", "paperNote", "paperBelow"
"""Properties of a view: what stands above its table on paper (default: its accessible name), and a line below that;
the last is another view in the same columns whose rows follow as sums."""
