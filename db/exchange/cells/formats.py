"""Number formats that change what a cell says: 0.5 shown as 50% was typed as 50%."""

from __future__ import annotations

import re


def is_percent(code: str) -> bool:
    """Return whether a number format multiplies by a hundred: a % that is no quoted text."""
    return "%" in re.sub(r'"[^"]*"|\\.', "", code)
