"""The whole manual, the command line among it. The first call takes a tenth of a second: not on the GUI thread."""

from __future__ import annotations

from functools import cache

from db.reports.manual.book import Manual, read_manual
from db.reports.manual.parts import PARTS
from desktop.manual_commands import commands_part


@cache
def manual() -> Manual:
    """Return the manual, the same every time."""
    return read_manual({**PARTS, "commands": commands_part})
