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


class Span:
    """Shows the progress of a part of the work as its share, from `start` to `end` of `whole`."""

    def __init__(self, progress: Progress, start: int, end: int, whole: int = 1000) -> None:
        self._progress = progress
        self._start = start
        self._end = end
        self._whole = whole

    def step(self, done: int, total: int, text: str = "") -> None:
        """Pass the step on."""
        share = (self._end - self._start) * done // max(1, total)
        self._progress.step(self._start + share, self._whole, text)
