"""How long work reports its progress and learns that it was cancelled."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Reports steps to whoever watches; raises `Cancelled` from `step` when the clerk cancelled."""

    def step(self, done: int, total: int, text: str = "") -> None:
        """Say that `done` of `total` is finished (any unit, total 0 = unknown)."""


class _Silent:
    def step(self, done: int, total: int, text: str = "") -> None:
        return None


NO_PROGRESS: Progress = _Silent()
