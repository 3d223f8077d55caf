"""Where in the program something is: what links, search results and undo send the window to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """A page and what to show in it; an empty field means "wherever the page is now".

    `page` is a name from `desktop.pages.PAGES`; `task_id` a clause or target id (`08-06-1`); `register` a register's
    name; `row_id` the id of a row in the page's table; `section` a part of the page (基础信息: towns, enterprises …);
    `period` a month (`2022-03`); `field` the name of the field to stand on in the row.
    """

    page: str
    task_id: str = ""
    year: int = 0
    register: str = ""
    row_id: str = ""
    section: str = ""
    period: str = ""
    field: str = ""
