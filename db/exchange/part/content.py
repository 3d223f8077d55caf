"""What came back of a work package, taken apart: nothing in the file is trusted, every fault is listed.

read_content(path) -> ReturnContent
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from db.core.errors import DataProblem
from db.exchange.part.giveback import FORMAT, ROWS, VERSION, RowChange
from db.exchange.part.names import MOST_INFO, PART_INFO, RETURN_INFO
from db.exchange.strict_json import JsonFault, strict_json
from db.exchange.zip_read import SafeZip
from db.plan.part import PartIdentity, identity_from
from db.store.attachments import FOLDER as ATTACHMENTS
from db.store.attachments import Stored, is_stored_name

MOST_ROWS: Final = 500_000
MOST_ROWS_SIZE: Final = 256 << 20
LONGEST_LINE: Final = 4 << 20
_LONGEST_ID = 64
_SHA256 = re.compile("[0-9a-f]{64}")
_DAMAGED = "请对方重新交回一份，不要改动文件。"


@dataclass(frozen=True)
class ReturnContent:
    """Whose part came back, of which county (code), by whom and when; its changed rows, and how many rows it has.

    `proofs` are the contents of new attachments by their names in the zip. `sample`: of a county to practise with.
    """

    identity: PartIdentity
    county: str
    author: str
    returned_at: str
    changes: tuple[RowChange, ...]
    totals: Mapping[str, int]
    proofs: Mapping[str, Stored]
    sample: bool = False


def read_content(path: Path) -> ReturnContent:
    """Return what the file says; DataProblem where it is no return, was changed, or is of a newer program."""
    with SafeZip(path) as archive:
        if archive.problems:
            raise _broken(path, archive.problems[0].sentence())
        if RETURN_INFO not in archive.files:
            raise _no_return(path, sent_out=PART_INFO in archive.files)
        try:
            info = strict_json(archive.read(RETURN_INFO, MOST_INFO), whole=True)
        except JsonFault as fault:
            raise _broken(path, f"{RETURN_INFO}不是规范的 JSON（{fault}）") from fault
        if not isinstance(info, dict) or info.get("format") != FORMAT:
            raise _no_return(path, sent_out=False)
        if info.get("version") != VERSION:
            raise DataProblem(f"“{path.name}”由更新版本的程序写成。", advice="请升级本程序后再读。", code="part.newer")
        identity = identity_from(info.get("part"))
        if identity is None:
            raise _broken(path, "没有写明是哪个工作包")
        rows = info.get("rows")
        changes = tuple(_changes(path, archive, rows.get("sha256") if isinstance(rows, dict) else None))
        return ReturnContent(
            identity,
            str(info.get("county", "")),
            str(info.get("author", ""))[:60],
            str(info.get("returned_at", ""))[:25],
            changes,
            _totals(info.get("tables")),
            dict(_proofs(path, archive, info.get("attachments"))),
            sample=bool(info.get("sample")),
        )


def _changes(path: Path, archive: SafeZip, sha256: Any) -> Iterator[RowChange]:
    """Yield the rows one by one, after a first look at whether they are what was written."""
    seen: set[tuple[str, str]] = set()
    if sha256 != _hash_of_rows(path, archive):
        raise _broken(path, "各行的内容与校验码不一致")
    for number, line in enumerate(_lines(path, archive), start=1):
        if number > MOST_ROWS:
            raise _broken(path, f"改动超过{MOST_ROWS:,}行")
        try:
            entry = strict_json(line, whole=True)
        except JsonFault as fault:
            raise _broken(path, f"第{number}行不是规范的 JSON（{fault}）") from fault
        change = _change(entry)
        if change is None or (change.table, change.id) in seen:
            raise _broken(path, f"第{number}行" + ("看不懂" if change is None else "与前面的是同一行"))
        seen.add((change.table, change.id))
        yield change


def _hash_of_rows(path: Path, archive: SafeZip) -> str:
    digest = hashlib.sha256()
    if ROWS in archive.files:
        if archive.files[ROWS].file_size > MOST_ROWS_SIZE:
            raise _broken(path, f"改动超过{MOST_ROWS_SIZE >> 20}MB")
        for piece in archive.chunks(ROWS):
            digest.update(piece)
    return digest.hexdigest()


def _lines(path: Path, archive: SafeZip) -> Iterator[bytes]:
    """Yield the lines of rows.jsonl, never holding more than one and a piece of the file."""
    rest = b""
    for piece in archive.chunks(ROWS) if ROWS in archive.files else ():
        *lines, rest = (rest + piece).split(b"\n")
        yield from lines
        if len(rest) > LONGEST_LINE:
            raise _broken(path, "有一行太长")
    if rest:
        yield rest


def _change(entry: Any) -> RowChange | None:
    if not isinstance(entry, dict) or entry.keys() != {"table", "id", "before", "after"}:
        return None
    table, row_id, before, after = entry["table"], entry["id"], entry["before"], entry["after"]
    if not (isinstance(table, str) and isinstance(row_id, str) and 0 < len(row_id) <= _LONGEST_ID):
        return None
    if not (_is_row(before) and _is_row(after)) or (before is None and after is None):
        return None
    return RowChange(table, row_id, before, after)


def _is_row(values: Any) -> bool:
    if values is None:
        return True
    return isinstance(values, dict) and all(isinstance(text, str) for text in values.values())


def _totals(raw: Any) -> dict[str, int]:
    found = raw.items() if isinstance(raw, dict) else ()
    return {table: count for table, count in found if isinstance(count, int) and count >= 0}


def _proofs(path: Path, archive: SafeZip, raw: Any) -> Iterator[tuple[str, Stored]]:
    for entry in raw if isinstance(raw, list) else ():
        if not isinstance(entry, dict):
            raise _broken(path, "附件的登记看不懂")
        sha256, name, size = entry.get("sha256"), entry.get("name"), entry.get("size")
        if not (isinstance(sha256, str) and isinstance(name, str) and isinstance(size, int)):
            raise _broken(path, "附件的登记看不懂")
        content = Stored(sha256, name, size)
        inside = f"{ATTACHMENTS}/{content.stored_name}"
        lawful = _SHA256.fullmatch(sha256) is not None and is_stored_name(content.stored_name.split("/")[-1])
        if not lawful or inside not in archive.files or archive.files[inside].file_size != size:
            raise _broken(path, f"附件“{name[:80]}”不在里面，或大小不对")
        yield inside, content


def _no_return(path: Path, *, sent_out: bool) -> DataProblem:
    if sent_out:
        return DataProblem(
            f"“{path.name}”是发出去的工作包，还没有交回的内容。",
            advice="请让对方打开它，填好以后交回。",
            code="part.out",
        )
    return DataProblem(f"“{path.name}”不是交回的工作包。", advice="请选择对方交回的文件。", code="part.none")


def _broken(path: Path, why: str) -> DataProblem:
    return DataProblem(f"“{path.name}”不能用：{why.rstrip('。')}。", advice=_DAMAGED, code="part.damaged")
