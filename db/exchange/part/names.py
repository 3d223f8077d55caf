"""How the files of work packages are called, and what in the zip says which of the two it is."""

from __future__ import annotations

from typing import Final

ENDING: Final = ".sijian-part"
PART_INFO, RETURN_INFO = "part.json", "return.json"
"""What says in the zip what it is: a part that goes out, and what came back of one."""
MOST_INFO: Final = 1 << 20
