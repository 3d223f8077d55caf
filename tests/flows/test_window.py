"""The clerk's whole job through the real window, with mouse and keyboard and real threads."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFrame, QRadioButton
from pytestqt.qtbot import QtBot

from desktop.cli import main
from desktop.main_window import MainWindow
from desktop.widgets.simple_table import SimpleTable
from tests.db.exchange.packages import make_ready
from tests.flows.clerk import CTRL, KEY, Clerk, cell


def test_a_clerk_does_the_whole_job(qtbot: QtBot, tmp_path: Path) -> None:
    clerk, county = Clerk(qtbot, tmp_path), tmp_path / "寿光"
    proof = tmp_path / "验收意见.txt"
    proof.write_text("同意验收", encoding="utf-8")
    clerk.start()
    begin_county(clerk, county)
    tell_quota(clerk)
    break_down(clerk)
    register_project(clerk, proof)
    titles = {"plan": "落实方案与任务分解", "registers": "项目清单"}
    packages = [export(clerk, kind, title, tmp_path / "U盘") for kind, title in titles.items()]
    assert [main(["verify", str(package)]) for package in packages] == [0, 0]
    undo_last(clerk)
    clerk.close()
    clerk.start()  # the only county is there at once
    clerk.wait(lambda: clerk.reads("寿光市 — "))
    everything_is_there(clerk)
    clerk.close()


def begin_county(clerk: Clerk, folder: Path) -> None:
    clerk.choose("填报单位", "寿光市")
    clerk.fill("经办人", "王芳")
    clerk.fill("保存位置", str(folder))
    clerk.press("新建")
    clerk.wait(lambda: clerk.reads("寿光市 — ") and clerk.reads("王芳"))


def open_heating(clerk: Clerk) -> None:
    """Find the target of clean heating by its number."""
    clerk.press("任务分解")
    clerk.wait(lambda: clerk.reads("责任单位："))
    clerk.fill("查找任务、编号", "08-06-1")
    clerk.key(KEY.Key_Return)
    clerk.wait(lambda: clerk.reads("单位：户（市级万户）"))


def tell_quota(clerk: Clerk) -> None:
    open_heating(clerk)
    clerk.press("录入县级目标…")
    clerk.fill("如 30800 或 3.08万", "3000")
    clerk.fill("如 潍四减四增办〔2022〕1号", "潍四减四增办〔2022〕1号")
    clerk.press("保存")
    clerk.wait(lambda: clerk.reads("县级目标已经录入，还没有分解。"))


def break_down(clerk: Clerk) -> None:
    """Type one town's share, paste those of two, share the rest out; the balance is zero at the end."""
    sheet, sums = clerk.table("分解表"), clerk.table("小计、县级目标和余额")
    clerk.click_cell(sheet, cell(sheet, "圣城街道", "2022"))
    clerk.type("1200")
    clerk.key(KEY.Key_Return)
    clerk.wait(lambda: cell(sums, "余额", "2022", under=sheet).data() == "1,800")
    clerk.paste("300\n400")
    clerk.press("粘贴")
    clerk.wait(lambda: cell(sums, "余额", "2022", under=sheet).data() == "1,100")
    clerk.press("分配…")
    clerk.press("已有的不动，只分余下的")
    clerk.press("分配")
    clerk.wait(lambda: cell(sums, "余额", "2022", under=sheet).data() == "0")
    assert cell(sheet, "圣城街道", "2022").data() == "1,200"


def register_project(clerk: Clerk, proof: Path) -> None:
    clerk.press("项目清单")
    clerk.click_line("项目清单", "重点项目")
    clerk.press("新增第一行")
    grid = clerk.table("重点项目")
    clerk.wait(lambda: grid.hasFocus() and grid.currentIndex().isValid())
    clerk.type("集中供热管网改造")
    clerk.key(KEY.Key_Return)
    clerk.wait(lambda: clerk.reads("集中供热管网改造"))
    clerk.fill("总投资（万元）", "1,200.5")
    clerk.key(KEY.Key_Return)
    clerk.fill("所属领域", "能源结构")
    clerk.key(KEY.Key_Return)
    clerk.fill("所属镇街", "圣城")
    clerk.key(KEY.Key_Return)
    clerk.wait(lambda: clerk.field("所属镇街").property("text") == "圣城街道")
    clerk.drop(clerk.the(QFrame, lambda each: each.objectName() == "evidence"), proof)
    clerk.wait(lambda: clerk.reads("佐证附件 1"))


def export(clerk: Clerk, kind: str, title: str, out: Path) -> Path:
    clerk.press("上报")
    clerk.press(title, QRadioButton)
    clerk.press("下一步：审核")
    clerk.wait(lambda: clerk.reads("才能导出"))
    explain_everything(clerk, kind)
    clerk.press("上一步")
    clerk.press("下一步：审核")
    clerk.wait(lambda: clerk.reads("都已处理，可以上报"))
    clerk.press("下一步：核对清单")
    clerk.press("下一步：保存位置")
    clerk.fill("保存上报包的文件夹", str(out))
    before = set(out.glob("*.zip"))
    clerk.press("导出并校验")
    clerk.wait(lambda: clerk.reads("上报包已写好，并重新打开逐项校验通过。"))
    clerk.press("再导出一份")
    (package,) = set(out.glob("*.zip")) - before
    return package


def explain_everything(clerk: Clerk, kind: str) -> None:
    """Say what there is to say to the issues; the page for it has tests of its own."""
    assert clerk.frame is not None
    window = clerk.frame.findChild(MainWindow)
    assert window is not None
    make_ready(window.session.county, kind, "2022", window.session.today())


def undo_last(clerk: Clerk) -> None:
    """Undo passes by the exports and takes the proof file back."""
    clerk.key(KEY.Key_Z, CTRL)
    clerk.wait(lambda: clerk.reads("已撤销：") and clerk.reads("添加附件"))
    clerk.key(KEY.Key_Y, CTRL)
    clerk.wait(lambda: clerk.reads("已重做："))


def everything_is_there(clerk: Clerk) -> None:
    open_heating(clerk)
    sheet, sums = clerk.table("分解表"), clerk.table("小计、县级目标和余额")
    clerk.wait(lambda: cell(sums, "余额", "2022", under=sheet).data() == "0")
    assert cell(sheet, "圣城街道", "2022").data() == "1,200"
    assert cell(sums, "县级目标", "2022", under=sheet).data() == "3,000"
    clerk.press("项目清单")
    clerk.wait(lambda: clerk.reads("集中供热管网改造") and clerk.reads("佐证附件 1"))
    assert clerk.field("总投资（万元）").property("text") == "1200.5"
    assert clerk.field("所属镇街").property("text") == "圣城街道"
    clerk.press("上报")
    history = clerk.the(SimpleTable, lambda each: each.model().rowCount() == 2)
    assert {str(history.model().index(row, 0).data()) for row in range(2)} == {
        "2022 项目清单",
        "2022 落实方案与任务分解",
    }
