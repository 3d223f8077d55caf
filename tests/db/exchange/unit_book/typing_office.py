"""LibreOffice as a second program in which somebody types: what is a number, a date or a text, it decides itself.

`type_into` lets it open a workbook, type texts into cells and save it in any of its formats. It is driven from outside,
by whichever Python on this computer has LibreOffice's own module `uno`, with `office_script.py`.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final

import pytest

SCRIPT: Final = Path(__file__).with_name("office_script.py")
Typed = Mapping[str, Mapping[str, str]]
"""What is typed, by sheet and cell ("E5"); what begins with = is a formula, a leading ' makes the rest a text."""


def type_into(file: Path, typed: Typed, kinds: tuple[str, ...], folder: Path) -> dict[str, Path]:
    """Return the workbook with what was typed, by kind, as LibreOffice saves it; skips where it cannot be driven."""
    office, python = shutil.which("soffice"), _python_of_office()
    if office is None or python is None:
        pytest.skip("LibreOffice, or a Python that drives it, is not installed")
    folder.mkdir(parents=True, exist_ok=True)
    saved = {kind: folder / f"{file.stem}.{kind}" for kind in kinds}
    order = {
        "office": office,
        "profile": (folder / "profile").as_uri(),
        "file": str(file),
        "typed": typed,
        "saved": {kind: str(path) for kind, path in saved.items()},
    }
    done = subprocess.run(
        [python, "-I", str(SCRIPT)], input=json.dumps(order), capture_output=True, text=True, timeout=150, check=False
    )
    assert done.returncode == 0, done.stderr
    return saved


@cache
def _python_of_office() -> str | None:
    """Return a Python that has `uno`: the system's, or the one that comes with LibreOffice."""
    for python in _pythons():
        if subprocess.run([python, "-c", "import uno"], capture_output=True, timeout=60, check=False).returncode == 0:
            return python
    return None


def _pythons() -> Iterator[str]:
    office = shutil.which("soffice")
    if office is not None:
        beside = Path(office).resolve().parent
        yield from (str(found) for name in ("python", "python.exe") if (found := beside / name).is_file())
    yield from (found for found in ("/usr/bin/python3",) if Path(found).is_file())
