"""The pages of the window, in the order of the rail. A page is imported when it is shown for the first time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from desktop.session import Session


@dataclass(frozen=True)
class PageEntry:
    """A page by name, the word and drawing on the rail, and what makes it: `make(session, parent)`.

    A page `under` another has no button of its own: the other's is marked while it is shown. `in_part` is what it is
    called in a work package, "" for the same.
    """

    name: str
    title: str
    icon: str
    make: Callable[[Session, QWidget], QWidget]
    at_bottom: bool = False
    under: str = ""
    in_part: str = ""


def _overview(session: Session, parent: QWidget) -> QWidget:
    from desktop.pages.overview import OverviewPage

    return OverviewPage(session, parent)


def _breakdown(session: Session, parent: QWidget) -> QWidget:
    from desktop.pages.breakdown import BreakdownPage

    return BreakdownPage(session, parent)


def _projects(session: Session, parent: QWidget) -> QWidget:
    from desktop.pages.projects import ProjectsPage

    return ProjectsPage(session, parent)


def _workbooks(session: Session, parent: QWidget) -> QWidget:
    from desktop.pages.workbooks import WorkbooksPage

    return WorkbooksPage(session, parent)


def _monthly(session: Session, parent: QWidget) -> QWidget:
    from desktop.pages.monthly import MonthlyPage

    return MonthlyPage(session, parent)


def _check(session: Session, parent: QWidget) -> QWidget:
    from desktop.pages.check import CheckPage

    return CheckPage(session, parent)


def _submit(session: Session, parent: QWidget) -> QWidget:
    if session.part is not None:
        from desktop.pages.give_back import GiveBackPage

        return GiveBackPage(session, parent)
    from desktop.pages.submit import SubmitPage

    return SubmitPage(session, parent)


def _base(session: Session, parent: QWidget) -> QWidget:
    from desktop.pages.base import BasePage

    return BasePage(session, parent)


def _plan_review(session: Session, parent: QWidget) -> QWidget:
    from desktop.pages.plan_review import PlanReviewPage

    return PlanReviewPage(session, parent)


def _evaluation(session: Session, parent: QWidget) -> QWidget:
    from desktop.pages.evaluation import EvaluationPage

    return EvaluationPage(session, parent)


PAGES: tuple[PageEntry, ...] = (
    PageEntry("overview", "总览", "overview", _overview),
    PageEntry("breakdown", "任务分解", "breakdown", _breakdown),
    PageEntry("projects", "项目清单", "projects", _projects),
    PageEntry("workbooks", "收发", "workbooks", _workbooks),
    PageEntry("monthly", "月调度", "monthly", _monthly),
    PageEntry("check", "审核", "check-circle", _check),
    PageEntry("submit", "上报", "submit", _submit, in_part="回交"),
    PageEntry("base", "基础信息", "base", _base, at_bottom=True),
    PageEntry("evaluation", "自评", "target", _evaluation, under="monthly"),
    PageEntry("plan_review", "核对方案", "clause", _plan_review, under="base"),
)
