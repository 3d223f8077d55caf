"""Opening a county for work: the file itself, then whatever this program knows that the file does not yet.

open_county(folder, *, author, read_only=False) -> County
"""

from __future__ import annotations

from pathlib import Path

from db.store.county import County
from db.work.registers import ensure_registers, outdated

LABEL = "更新清单定义"


def open_county(folder: Path, *, author: str, read_only: bool = False, take_over: bool = False) -> County:
    """Open the county in `folder` and bring its registers to the editions shipped with this program.

    Nothing is written when the file has them already or is opened read-only. Raises what `County.open` raises.
    """
    county = County.open(folder, author=author, read_only=read_only, take_over=take_over)
    if read_only:
        return county
    try:
        with county.reading() as conn:
            behind = outdated(conn)
        if behind:
            with county.operation(LABEL, undoable=False) as op:
                ensure_registers(op, behind)
            county.notices.append(f"清单已更新：{'、'.join(schema.title for schema in behind)}。原有的行都保留。")
    except BaseException:
        county.close()
        raise
    return county
