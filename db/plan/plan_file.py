"""A plan in a file of whichever kind: a document to be read, or a catalogue that was read before.

read_plan_file(file) -> Reading
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from db.core.errors import DataProblem, EnvironmentProblem
from db.plan.catalogue_file import read_catalogue
from db.plan.reading.model import Document, Reading
from db.plan.reading.read import read_file

_MOST_BYTES = 20 << 20


def read_plan_file(file: Path) -> Reading:
    """Return the plan in `file`: a .json as the catalogue it is (its document has no text), all else by reading it.

    DataProblem when it is no plan, EnvironmentProblem when the computer cannot read it.
    """
    if file.suffix.lower() != ".json":
        return read_file(file)
    try:
        size = file.stat().st_size
        content = file.read_bytes() if size <= _MOST_BYTES else b""
    except OSError as error:
        raise EnvironmentProblem(
            f"读不了文件“{file.name}”：{error.strerror}。", advice="请检查权限，U盘是否已拔出。", code="plan.read"
        ) from error
    if size > _MOST_BYTES:
        raise DataProblem(f"“{file.name}”太大，不是方案目录。", advice="请选择方案文件。", code="plan.too_large")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataProblem(
            f"“{file.name}”不是 UTF-8 编码，不是方案目录。", advice="请选择方案文件。", code="plan.catalogue"
        ) from error
    document = Document(file.name, "", hashlib.sha256(content).hexdigest())
    return Reading(document, read_catalogue(text), ())
