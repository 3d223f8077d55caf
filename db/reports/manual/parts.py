"""The parts of the manual that are made from the program's own definitions, each as Markdown.

    PARTS["fields"]("coal_boiler") -> str

What they say stands in `resources` alone; a part that needs something from outside `db` (the command line) is made
there, in the same way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

import resources
from db.checks.model import Level
from db.checks.rulebook import Rule, rulebook
from db.core import conditions
from db.core.field_words import REFERENCE_WORDS, TYPE_WORDS
from db.core.fields import Field, TableSchema, load_schema
from db.core.units import units
from db.plan.catalogue import load_catalogue
from db.plan.vocabulary import Measure, Nature
from db.plan.words import word
from db.reports.manual.book import Part
from db.reports.manual.markup import cell
from db.work.evaluation.scoring import SOFT, default_table
from db.work.monthly.lamps import rules as lamp_rules
from db.work.registers import clause_lines, shipped

CHECKS: Mapping[str, str] = {"credit_code": "统一社会信用代码，程序核对校验位", "phone": "电话号码"}


def table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    lines = [heading, *rows]
    written = ["| " + " | ".join(map(cell, line)) + " |" for line in lines]
    return "\n".join([written[0], "|" + " --- |" * len(heading), *written[1:]])


# -- fields -----------------------------------------------------------------------------------------------------------


def fields_part(name: str) -> str:
    """Return what the table or register called `name` is for, its clauses, and its fields; FileNotFoundError."""
    schema = load_schema(name)
    lines = [schema.help] if schema.help else []
    if schema.clauses:
        lines.append(f"依据：方案（{'）、（'.join(schema.clauses)}）。")
    heading = ("名称", "类型", "单位", "必填", "可选值和要求", "说明")
    rows = [_field_row(schema, field) for field in schema.fields]
    kept = [0, 1, *(place for place in range(2, len(heading)) if any(row[place] for row in rows))]
    whole = table([heading[place] for place in kept], ([row[place] for place in kept] for row in rows))
    return "\n\n".join([*lines, whole])


def _field_row(schema: TableSchema, field: Field) -> tuple[str, ...]:
    pointed = REFERENCE_WORDS.get(field.ref)
    return (
        field.title,
        f"选{pointed}" if pointed else "单选" if field.enum else TYPE_WORDS[field.type],
        field.unit,
        "必填" if field.required else "",
        "；".join(_asked(schema, field)),
        field.help,
    )


def _asked(schema: TableSchema, field: Field) -> list[str]:
    """Return what is asked of the field's values, as half sentences."""
    asked = []
    if field.computed is not None:
        asked.append("程序计算")
    elif field.read_only:
        asked.append("程序填写")
    if field.relevant is not None:
        asked.append(f"{conditions.in_words(field.relevant, schema.by_name)}时填写")
    if field.enum:
        asked.append("、".join(field.enum))
    if field.check:
        asked.append(CHECKS[field.check])
    asked += _limits(field)
    if field.constraint is not None:
        asked.append(conditions.in_words(field.constraint, schema.by_name))
    if field.unique:
        asked.append("不能重复")
    if field.default is not None:
        asked.append(f"不填时是{field.show(field.default)}")
    if field.personal:
        asked.append("个人信息，导出时遮盖")
    return asked


def _limits(field: Field) -> list[str]:
    low, high = field.minimum, field.maximum
    if high is None and low in (None, 0):
        return []
    before, after = ("不早于", "不晚于") if isinstance(low or high, date) else ("不小于", "不大于")
    return [f"{word}{field.show(limit)}" for word, limit in ((before, low), (after, high)) if limit is not None]


# -- registers and clauses --------------------------------------------------------------------------------------------


def registers_part(_: str) -> str:
    """Return all registers with their clauses and what is entered in them."""
    rows = ((schema.title, "、".join(schema.clauses), schema.help) for schema in shipped())
    return table(("清单", "条款", "登记什么"), rows)


def clauses_part(_: str) -> str:
    """Return which registers each clause asks for, as 条款与清单对照 does."""
    return table(
        ("条款", "任务", "清单"),
        ((line.clause, line.task, line.schema.title) for line in clause_lines(load_catalogue(), shipped())),
    )


# -- rules ------------------------------------------------------------------------------------------------------------


def rules_part(_: str) -> str:
    """Return the classes of rules, then the rules of each group with what to do."""
    classes = table(("类别", "要怎样"), ((level.title, level.effect) for level in Level))
    groups: dict[str, list[Rule]] = {}
    for rule in rulebook().values():
        groups.setdefault(rule.group, []).append(rule)
    parts = [f"## {group}的规则\n\n{table(_RULE_HEADING, map(_rule_row, found))}" for group, found in groups.items()]
    return "\n\n".join([classes, "依据空着的，依据是那一行、那项任务自己的条款。", *parts])


_RULE_HEADING = ("编号", "查什么", "类别", "哪种上报", "依据", "怎么办")


def _rule_row(rule: Rule) -> tuple[str, ...]:
    kinds = {name: kind["title"] for name, kind in resources.load_json("packages.json")["kinds"].items()}
    only = [title for name, title in kinds.items() if name in rule.kinds]
    limit = "" if rule.threshold is None else f"（现在是{rule.threshold:f}{rule.unit}）"
    asked = "都查" if len(only) == len(kinds) else "、".join(only)
    return rule.code, rule.title + limit, rule.level.title, asked, rule.clause, rule.advice


# -- lamps, units, scores ---------------------------------------------------------------------------------------------


def lamps_part(_: str) -> str:
    """Return the lamps with what each means, and the stages with the percents they count for."""
    rules = lamp_rules()
    meaning = {
        "green": ("绿灯", "赶上了时间进度（有月度计划的，赶上了计划）。"),
        "yellow": ("黄灯", f"比时间进度落后，不超过{rules.yellow_points}个百分点。"),
        "red": ("红灯", f"落后超过{rules.yellow_points}个百分点；或过了期限没有完成；或超过了控制数。"),
        "blue": ("蓝灯", f"离期限不到{rules.soon_days}天，还没有完成。"),
        "grey": ("灰灯", "没有数，或没有目标可比。"),
    }
    lamps = table(("灯", "字样", "什么时候亮"), ((*_pair(meaning[kind], word),) for kind, word in rules.words.items()))
    stages = table(("阶段", "折算"), ((stage, f"{percent}%") for stage, percent in rules.stages.items()))
    return f"{lamps}\n\n以完成与否计的任务，按阶段折算：\n\n{stages}\n\n口径：{rules.source}。"


def _pair(meaning: tuple[str, str], word: str) -> tuple[str, str, str]:
    return meaning[0], word, meaning[1]


def units_part(_: str) -> str:
    """Return the units by family, with what may be written for each and how it converts."""
    titles = {family["name"]: family["title"] for family in resources.load_toml("units.toml")["family"]}
    rows = []
    for family, title in titles.items():
        known = [unit for unit in units() if unit.family == family]
        base = next(unit for unit in known if unit.factor == 1)
        for unit in known:
            factor = Decimal(unit.factor.numerator) / Decimal(unit.factor.denominator)
            same = "" if unit is base or len(known) == 1 else f"1{unit.name} = {factor.normalize():,f}{base.name}"
            rows.append((title, unit.name, same, str(unit.decimals), "、".join(unit.aliases)))
            title = ""
    return table(("类别", "单位", "换算", "小数位", "也可以写"), rows)


def scoring_part(_: str) -> str:
    """Return the scoring table that comes with the program."""
    scores = default_table()
    points = table(("计量方式", "分值"), ((word(Measure(key)), f"{value:f}") for key, value in scores.points.items()))
    weights = table(("要求", "分值乘以"), ((_nature(key), f"{value:f}") for key, value in scores.weights.items()))
    bands = table(
        ("完成率", "得分"),
        (
            (f"{band.limit:f}%及以上", "按完成率" if band.share is None else f"分值的{band.share:f}%")
            for band in scores.bands
        ),
    )
    caps = table(
        ("占控制数", "得分"), ((f"不超过{band.limit:f}%", f"分值的{band.share:f}%") for band in scores.cap_bands)
    )
    cut = scores.deductions
    grades = table(("总分", "等次"), ((f"{limit:f}分及以上", word) for limit, word in scores.grades))
    deductions = (
        f"扣分（占这一项分值）：到期末没有报过数扣{cut['no_figure']:f}%；期末的数没有报齐扣{cut['late']:f}%；"
        f"期限已到没有完成扣{cut['overdue']:f}%。扣到0分为止。"
    )
    return "\n\n".join([scores.source, points, weights, bands, caps, deductions, grades])


def _nature(key: str) -> str:
    return "写“力争”的，再乘一次" if key == SOFT else word(Nature(key))


PARTS: Mapping[str, Part] = {
    "fields": fields_part,
    "registers": registers_part,
    "clauses": clauses_part,
    "rules": rules_part,
    "lamps": lamps_part,
    "units": units_part,
    "scoring": scoring_part,
}
