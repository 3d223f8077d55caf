"""Which amounts 分配… leaves alone: remembered by task, year and assignee while the window is open, nowhere else."""

from __future__ import annotations

from collections.abc import Iterable

Lock = tuple[str, int, str]
"""Task id, year, assignee id."""


class Locks:
    """The locked amounts. The task's sheet and 分配… show and change the same ones."""

    def __init__(self) -> None:
        self._held: set[Lock] = set()

    def __bool__(self) -> bool:
        return bool(self._held)

    def __contains__(self, lock: object) -> bool:
        return lock in self._held

    def put(self, locks: Iterable[Lock], held: bool) -> None:
        """Lock these amounts, or let them go."""
        if held:
            self._held.update(locks)
        else:
            self._held.difference_update(locks)
