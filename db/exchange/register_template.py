"""The empty form of a register's definition, as a workbook: sheets with an example, and how to fill them in."""

from __future__ import annotations

from pathlib import Path

from db.exchange.register_words import (
    CHOICE_COLUMNS,
    CHOICES,
    COLUMNS,
    COUNT_COLUMNS,
    COUNTS,
    FIELDS,
    HOW_WORDS,
    SETTING_COLUMNS,
    SETTINGS,
    TYPES,
)

_SETTING = (
    "sample_register",
    "示例清单",
    "1",
    "18-01",
    "一个点位一行。请把这里和下面各表换成自己的内容。",
    "是",
    "name、town_id",
)
_EXAMPLE: tuple[dict[str, str], ...] = (
    {
        "name": "point_kind",
        "label": "点位类型",
        "type": "select_one",
        "required": "是",
        "choices": "点位类型",
        "group": "点位",
    },
    {
        "name": "seen",
        "label": "是否检查",
        "type": "yes_no",
        "group": "点位",
        "help": "本月是否去看过。",
        "clause": "18-01",
    },
    {"name": "seen_on", "label": "检查日期", "type": "date", "relevant": "seen = true", "group": "点位"},
    {"name": "planned", "label": "计划数", "type": "integer", "unit": "处", "group": "数量"},
    {
        "name": "done",
        "label": "完成数",
        "type": "integer",
        "unit": "处",
        "constraint": ". <= planned",
        "constraint_message": "多于计划数。",
        "group": "数量",
    },
    {
        "name": "rest",
        "label": "剩余数",
        "type": "integer",
        "unit": "处",
        "calculation": "planned - done",
        "group": "数量",
    },
)
_CHOICES = (("点位类型", "路口"), ("点位类型", "工地"), ("点位类型", "厂区"))
_HOW = (
    "一、“设置”写清单名（小写英文字母、数字、下划线）、标题、版次。改动已经发出的清单时把版次加1，已填的行都会保留。",
    "二、“字段”一行一个字段。字段名用小写英文字母、数字、下划线，同一张清单里不能重复；改名时在“原字段名”写原来的名字。",
    "三、类型：" + "、".join(f"{title}（{key}）" for key, (title, _) in TYPES.items()) + "。",
    "四、单选的选项写在“选项”工作表，或在“选项”列中用“、”隔开写出。",
    "五、“何时填写”“约束条件”是条件，用字段名、数、引号中的文字写成，如：planned > 0 and stage = '实施中'；",
    "　　可以用 = != < <= > >= and or not + - * / 和括号，selected(字段, '甲', '乙')，empty(字段)；“.”指本字段。",
    "六、“计算公式”只能用加减，如 planned - done；由程序计算，不用填写。",
    "七、“含公共字段”填“是”时，前后自动加上项目名称、所属镇街、投资、进度、责任人等公共字段。",
    "八、“区分字段”写哪几个字段合起来能分清两行，如 name、town_id；都相同的两行会提醒可能重复。可以不写。",
    "九、“计入目标”写各行怎样汇总成方案的目标，如目标编号 08-06-1、计算方式“合计”、字段 done。可以不写。",
    "　　计算方式："
    + "、".join(HOW_WORDS.values())
    + "。合计写字段；月末存量写开始、结束日期字段；比率写分子、分母字段；",
    "　　减少率写字段和基数字段；“属于条件”限定哪些行算在内，“计入条件”限定其中哪些计入。",
)
_BROAD = {"label": 18, "constraint": 24, "constraint_message": 22, "relevant": 24, "choices": 18, "help": 34}


def write_template(path: Path) -> None:
    """Write the workbook to `path`, over what is there; what it holds is itself a register that can be loaded."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font, PatternFill

    book = Workbook()
    sheets = {
        FIELDS[0]: (list(COLUMNS.items()), [[entry.get(key, "") for key in COLUMNS] for entry in _EXAMPLE]),
        CHOICES[0]: (list(CHOICE_COLUMNS.items()), [list(each) for each in _CHOICES]),
        COUNTS[0]: (list(COUNT_COLUMNS.items()), []),
        SETTINGS[0]: (list(SETTING_COLUMNS.items()), [list(_SETTING)]),
    }
    for name, (columns, rows) in sheets.items():
        sheet = book.create_sheet(name)
        sheet.append([f"{title} {key}" for key, title in columns])
        for row in rows:
            sheet.append(row)
        for place, (key, _) in enumerate(columns, 1):
            head = sheet.cell(1, place)
            head.font, head.fill = Font(bold=True), PatternFill("solid", fgColor="E3F1EC")
            sheet.column_dimensions[head.column_letter].width = _BROAD.get(key, 14)
        for cells in sheet.iter_rows(min_row=2):
            for cell in cells:
                cell.number_format, cell.data_type = "@", "s"
        sheet.freeze_panes = "A2"
    how = book.create_sheet("填写说明")
    how.column_dimensions["A"].width = 110
    for line in _HOW:
        how.append([line])
    for (cell,) in how.iter_rows():
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    book.remove(book.worksheets[0])
    book.save(path)
