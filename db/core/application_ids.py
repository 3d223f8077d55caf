"""By which number SQLite's header tells our kinds of database from others, and from each other."""

from __future__ import annotations

from typing import Final

COUNTY_FILE: Final = 0x534A535A
LEDGER_FILE: Final = 0x534A434C
