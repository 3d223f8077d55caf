"""What a grid is asked to show: the page's own query, and what the clerk added by hand in the header and search box."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from db.store.filters import Filter
from db.store.query import Sort, TableQuery


@dataclass
class GridQuery:
    """`base` is the page's; `filters` by column, `sort` and `search` are the clerk's."""

    base: TableQuery
    filters: dict[str, Filter] = field(default_factory=dict)
    sort: Sort | None = None
    search: str = ""

    def composed(self) -> TableQuery:
        """Return the query that the rows come from."""
        return replace(
            self.base,
            search=self.search or self.base.search,
            filters=(*self.base.filters, *self.filters.values()),
            sorts=(self.sort,) if self.sort is not None else self.base.sorts,
        )

    def without(self, name: str) -> TableQuery:
        """Return the query without the condition on `name`: what that column's choices are counted in."""
        others = tuple(each for key, each in self.filters.items() if key != name)
        return replace(self.base, search=self.search or self.base.search, filters=(*self.base.filters, *others))

    @property
    def narrows(self) -> bool:
        """Return whether the clerk leaves rows out."""
        return bool(self.filters or self.search.strip())
