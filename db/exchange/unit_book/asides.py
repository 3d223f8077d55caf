"""Lines below a table that are no entries of it: sums, and who filled it in when."""

from __future__ import annotations

import re
from collections.abc import Sequence

from db.core.text import fold_choice
from db.exchange.cells.model import Raw

_SUM = re.compile(r"(?:总|合|小|累|共)\s*计[:：]?|汇总|本页合计|全(?:镇|街道?|县)合计")
_SIGNATURE = re.compile(
    r"(?:填[表报]|审[核批]|制表|复核|经办|负责|分管|主要|联系|单位)?(?:人|领导|负责人|电话|日期|时间|单位|盖章|签字|签章)?"
    r"(?:[（(](?:签字|签章|盖章|公章)[）)])?\s*[:：].*",
    re.S,
)
_NOTE = re.compile(r"(?:备\s*注|说\s*明|注|填表说明|示例|例)\d*\s*[:：].*", re.S)
_MOST_CELLS = 3


def aside(cells: Sequence[Raw]) -> str:
    """Return what a line with these entry cells is called if it is no entry: 合计, 落款; else ""."""
    first = next((cell for cell in cells if cell is not None), None)
    text = fold_choice(first) if isinstance(first, str) else ""
    if _SUM.fullmatch("".join(text.split())):
        return "合计"
    if (_SIGNATURE.fullmatch(text) or _NOTE.fullmatch(text)) and sum(c is not None for c in cells) <= _MOST_CELLS:
        return "落款或说明"
    return ""
