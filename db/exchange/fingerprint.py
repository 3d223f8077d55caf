"""A mark that a row of a file carries: from it, reading the file back tells who changed what since it was written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence


def fingerprint_of(parts: Sequence[object]) -> str:
    """Return a short digest of the parts (JSON values); equal for rows that say the same."""
    text = json.dumps(list(parts), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
