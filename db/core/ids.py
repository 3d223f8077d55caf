"""Row ids: random UUIDs, except for places with an official code, whose ids are the same on every PC."""

from __future__ import annotations

import uuid

_NAMESPACE = uuid.UUID("3f3c4b2e-6c0b-5a52-9a65-37070020220310".replace("-", "")[:32])


def new_id() -> str:
    """Return a new random row id (36 characters)."""
    return str(uuid.uuid4())


def fixed_id(kind: str, code: str) -> str:
    """Return the id of the thing of this `kind` with this official `code`, equal wherever it is computed."""
    return str(uuid.uuid5(_NAMESPACE, f"{kind}:{code}"))
