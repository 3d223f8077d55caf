"""What a grid is asked to show: the page's own query, and what the clerk added by hand in the header and search box."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from db.store.filters import Filter
from db.store.query import Sort, TableQuery


@dataclass
class GridQuery:
    """`base` is the page's; `filters` by column, `sorts` (the first one first) and `search` are the clerk's."""

    base: TableQuery
    filters: dict[str, Filter] = field(default_factory=dict)
    sorts: tuple[Sort, ...] = ()
    search: str = ""

    def composed(self) -> TableQuery:
        """Return the query that the rows come from."""
        return replace(
            self.base,
            search=self.search or self.base.search,
            filters=(*self.base.filters, *self.filters.values()),
            sorts=self.sorts or self.base.sorts,
        )

    def without(self, name: str) -> TableQuery:
        """Return the query without the condition on `name`: what that column's choices are counted in."""
        others = tuple(each for key, each in self.filters.items() if key != name)
        return replace(self.base, search=self.search or self.base.search, filters=(*self.base.filters, *others))

    def sort_of(self, name: str) -> tuple[int, Sort] | None:
        """Return the column's place among those that order the rows, from 1, and how it does; None when it does not."""
        return next((found for found in enumerate(self.sorts, 1) if found[1].field == name), None)

    def turned(self, name: str, *, more: bool) -> tuple[Sort, ...]:
        """Return the order after a click on the column: upwards, downwards, not at all, in turn.

        With `more` the other columns keep their places before and after it, else they order no longer.
        """
        found = self.sort_of(name)
        if found is None or (not more and len(self.sorts) > 1):
            return (*self.sorts, Sort(name)) if more else (Sort(name),)
        place, present = found
        turned = () if present.descending else (Sort(name, descending=True),)
        return (*self.sorts[: place - 1], *turned, *self.sorts[place:])

    @property
    def narrows(self) -> bool:
        """Return whether the clerk leaves rows out."""
        return bool(self.filters or self.search.strip())
