"""Proof files in the city's window: which rows have some, opening them, and what stands in the way."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from db.exchange.ledger.originals import originals_of
from desktop.dialogs.city_received import CityReceivedDialog
from desktop.dialogs.package_password import PackagePasswordDialog
from desktop.pages.city_report import CityReportPage
from tests.db.exchange.packages import PAPERS, small_package
from tests.desktop.city_page import CityPage


@pytest.fixture
def page(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[CityPage]:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))  # where proof files are opened from
    made = CityPage(qtbot, tmp_path)
    yield made
    made.close()
    assert made.problems == []


def take(page: CityPage, package: Path, *passwords: str) -> CityReceivedDialog:
    page.window.take([package], passwords)
    dialog = page.dialog(CityReceivedDialog)
    assert isinstance(dialog, CityReceivedDialog)
    dialog.close()
    return dialog


def report_with_proofs(page: CityPage, folder: Path, password: str = "") -> CityReportPage:
    take(page, small_package(folder, password=password), *([password] if password else []))
    page.window.show_report(1)
    page.window.report.rows.lead_to("register_key_project", "", "name")
    return page.window.report


def opening(page: CityPage, report: CityReportPage) -> list[Path]:
    opened: list[Path] = []
    report.open_outside = opened.append
    return opened


def row_with_proofs(report: CityReportPage) -> int:
    model = report.rows.rows_model
    return next(row for row in range(model.rowCount()) if model.proofs(row))


def test_a_countys_proof_is_opened_from_its_row(page: CityPage, tmp_path: Path) -> None:
    report = report_with_proofs(page, tmp_path / "county")
    opened, rows = opening(page, report), report.rows
    row = row_with_proofs(report)
    bare = next(each for each in range(rows.rows_model.rowCount()) if not rows.rows_model.proofs(each))
    vertical, clip = Qt.Orientation.Vertical, Qt.ItemDataRole.DecorationRole
    assert rows.rows_model.headerData(row, vertical, clip) is not None
    assert rows.rows_model.headerData(bare, vertical, clip) is None
    rows.grid.setCurrentIndex(rows.rows_model.index(bare, 0))
    assert rows.proof_button.isVisible() and not rows.proof_button.isEnabled()
    rows.grid.setCurrentIndex(rows.rows_model.index(row, 0))
    assert rows.proof_button.isEnabled()
    items = rows.rows_model.proofs(row)
    if len(items) == 1:
        rows.proof_button.click()
    else:
        assert f"（{len(items)}）" in rows.proof_button.text()
        rows.proof_button.click()
        (menu,) = [each for each in rows.findChildren(QMenu) if each.isVisible()]
        menu.actions()[0].trigger()
        menu.close()
    (file,) = opened
    assert file.name == items[0].name and file.read_bytes() == PAPERS[items[0].name]
    rows.lead_to("attachment", "", "")
    rows.grid.setCurrentIndex(rows.rows_model.index(0, 0))
    assert rows.proof_button.isEnabled()
    rows.proof_button.click()
    assert len(opened) == 2
    rows.lead_to("town", "", "")
    assert not rows.proof_button.isVisible()


def test_the_password_of_a_package_is_asked_for_when_a_proof_is_opened(page: CityPage, tmp_path: Path) -> None:
    secret = "granary lantern oxcart"
    report = report_with_proofs(page, tmp_path / "county", secret)
    opened = opening(page, report)
    item = report.rows.rows_model.proofs(row_with_proofs(report))[0]
    report.open_proof(item)
    for typed in ("wrong wrong wrong", secret):
        dialog = page.dialog(PackagePasswordDialog)
        assert isinstance(dialog, PackagePasswordDialog) and not dialog.yes.isEnabled()
        dialog.password.setText(typed)
        dialog.yes.click()
    assert [file.read_bytes() for file in opened] == [PAPERS[item.name]]


def test_a_proof_that_was_not_kept_says_how_to_get_it(page: CityPage, tmp_path: Path) -> None:
    report = report_with_proofs(page, tmp_path / "county")
    opened = opening(page, report)
    item = report.rows.rows_model.proofs(row_with_proofs(report))[0]
    shutil.rmtree(originals_of(page.city.ledger.path))
    report.open_proof(item)
    assert opened == [] and "再核收一次" in str(page.problems.pop())
