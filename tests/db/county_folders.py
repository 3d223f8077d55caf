"""County folders for tests: one is made per run and copied, since making it anew costs a third of a second."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from db.store.county import County
from db.work.setup import new_county

AUTHOR = "经办人"


@cache
def _template() -> tempfile.TemporaryDirectory[str]:
    folder = tempfile.TemporaryDirectory(prefix="sijian-county-")
    new_county(Path(folder.name) / "county", county="370783", author=AUTHOR).close()
    return folder


@contextmanager
def county_in(folder: Path) -> Iterator[County]:
    """Yield the open county file of 寿光市 as it is when new, in `folder`."""
    shutil.copytree(Path(_template().name) / "county", folder)
    with County.open(folder, author=AUTHOR) as county:
        yield county


@contextmanager
def fresh_county() -> Iterator[County]:
    """Yield the same in a folder of its own, for each example of a property."""
    with tempfile.TemporaryDirectory(prefix="sijian-county-") as folder, county_in(Path(folder) / "寿光") as county:
        yield county
