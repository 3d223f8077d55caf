"""督办单: what one town, enterprise or department is behind with, as values; Word and PDF are made from the same.

（二十一）逾期未完成规定任务的，要通报批评、约谈: before that the county asks in writing, by a day, for an answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from db.reports.task_sheet import day


@dataclass(frozen=True)
class SupervisedTask:
    """One task that is behind: figures as texts in its unit, how it stands (逾期31天), arithmetic, what was said."""

    task_id: str
    title: str
    unit: str
    planned: str
    actual: str
    percent: str
    deadline: str
    standing: str
    sentence: str
    problems: str = ""


@dataclass(frozen=True)
class SupervisionPaper:
    """The whole paper: `office` asks `assignee` to answer by `reply_by`; the figures are of `period` (2022年3月)."""

    county: str
    office: str
    clerk: str
    clerk_phone: str
    assignee: str
    kind: str
    responsible: str
    period: str
    issued_on: date
    reply_by: date
    tasks: tuple[SupervisedTask, ...]
    number: str = ""

    @property
    def title(self) -> str:
        """Return the heading."""
        return f"{self.county}“四减四增”工作督办单"

    @property
    def opening(self) -> str:
        """Return the sentences before the table."""
        return (
            f"经调度，截至{self.period}底，你单位承担的下列{len(self.tasks)}项任务已经逾期或进度滞后。"
            "请逐项查明原因，落实责任人和整改时限，加快推进。"
        )

    @property
    def demand(self) -> str:
        """Return the sentence after the table: what is to be answered by when."""
        contact = f"联系人：{self.clerk}" if self.clerk else ""
        contact += f"　电话：{self.clerk_phone}" if self.clerk_phone else ""
        closing = f"（{contact}）" if contact else ""
        return f"请于{day(self.reply_by)}前将整改措施和进展情况书面反馈{self.office}{closing}。"
