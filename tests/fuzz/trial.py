"""Verifying a mutant and judging what was said of it."""

from __future__ import annotations

import os
import sys
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from db.exchange.package_verify import verify_package
from tests.fuzz.mutations import Mutant, Package, files_in
from tests.fuzz.tampering import Files

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_CHANGING = ("os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link", "os.symlink", "os.truncate", "os.chmod")
# Sealed by somebody who knows the format, these two can say anything lawful; the letter carries the hash of the first.
_FREE = ("data/datapackage.json", "data/letter.pdf")

_watched: list[str] | None = None


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if _watched is None:
        return
    if event in _CHANGING or (event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITING):
        _watched.append(f"{event} {arguments[0]}")


sys.addaudithook(_hook)


@contextmanager
def watched() -> Iterator[list[str]]:
    """Yield a list that receives every attempt to write to a disk."""
    global _watched
    _watched = []
    try:
        yield _watched
    finally:
        _watched = None


def trial(package: Package, mutant: Mutant, path: Path) -> str:
    """Return what is wrong with how `mutant` was judged, "" when nothing is. `path` is overwritten."""
    path.write_bytes(mutant.content)
    try:
        with watched() as written:
            verdict = verify_package(path, password=package.password)
    except Exception as error:  # noqa: BLE001 - that is what is looked for
        return f"raised {error!r}"
    if written:
        return f"wrote: {written}"
    for problem in verdict.problems:
        if not problem.sentence().strip():
            return f"a finding without words: {problem!r}"
    if not verdict.ok or package.password:
        return ""
    return _overlooked(package, mutant)


def _overlooked(package: Package, mutant: Mutant) -> str:
    """Return how the payload of a mutant that was called good differs from the original's."""
    try:
        found = files_in(mutant.content)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError) as error:
        return f"called good what cannot be read: {error!r}"
    before, after = _payload(package.files, package.root), _payload(found, package.root)
    if mutant.seal == "everything":
        return "" if before.keys() == after.keys() else f"called good: {before.keys() ^ after.keys()}"
    free = _FREE if mutant.seal == "manifests" else ()
    different = [name for name in before.keys() | after.keys() if before.get(name) != after.get(name)]
    different = [name for name in different if name not in free]
    return f"called good though these differ: {different}" if different else ""


def _payload(files: Files, root: str) -> Files:
    """Return the payload by its names in the bag, and whatever lies outside of the bag."""
    inside = {name.removeprefix(root): content for name, content in files.items() if name.startswith(f"{root}data/")}
    outside = {name: content for name, content in files.items() if not name.startswith(root)}
    return {**inside, **outside}
