"""Opening a county for work: the file itself, then whatever this program knows that the file does not yet.

open_county(folder, *, author, read_only=False) -> County
"""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

from db.core.errors import EnvironmentProblem
from db.store.county import County
from db.store.history import operations
from db.store.location import check_location
from db.store.operation import now
from db.work.parts import keep_to_the_part
from db.work.registers import ensure_registers, outdated

_CLOCKS_DIFFER = timedelta(hours=2)
"""Two PCs that work on one county may be so far apart without anybody minding."""
LABEL = "更新清单定义"


def open_county(folder: Path, *, author: str, read_only: bool = False, take_over: bool = False) -> County:
    """Open the county in `folder` and bring its registers to the editions shipped with this program.

    Nothing is written when the file has them already or is opened read-only. Raises what `County.open` raises.
    """
    county = County.open(folder, author=author, read_only=read_only, take_over=take_over)
    if read_only:
        return county
    try:
        with county.between_writes() as conn:
            behind = outdated(conn)
            county.notices += [*_clock(conn), *_place(folder)]
        if behind:
            with county.operation(LABEL, undoable=False) as op:
                ensure_registers(op, behind)
            county.notices.append(f"清单已更新：{'、'.join(schema.title for schema in behind)}。原有的行都保留。")
        keep_to_the_part(county)
    except BaseException:
        county.close()
        raise
    return county


def _clock(conn: sqlite3.Connection) -> list[str]:
    """Return a sentence when this PC's clock cannot be right: the file was saved later than it is now."""
    last = next((entry.at for entry in operations(conn, 1)), "")
    present = now()
    if last <= (datetime.fromisoformat(present) + _CLOCKS_DIFFER).isoformat(timespec="seconds"):
        return []
    then, today = last.replace("T", " ")[:16], present.replace("T", " ")[:16]
    return [
        f"这台电脑的时间是{today}，而这份数据在{then}保存过，电脑的日期可能不对。请核对：报送日、逾期天数都按电脑的日期算。"
    ]


def _place(folder: Path) -> list[str]:
    """Return a sentence when a county was moved to where it is not safe; it opens, since its data are there."""
    try:
        check_location(folder)
    except EnvironmentProblem as problem:
        return [f"{problem.message}请关闭程序，把整个文件夹移到本机的硬盘上（如“文档”）再打开。"]
    return []
