"""The demo from end to end: county folder, breakdown, package, verification, then the window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.display import has_display

if TYPE_CHECKING:
    from db.store.county import County

DEFAULT_FOLDER = Path("demo") / "寿光市"
PACKAGES = (("plan", "2022"), ("registers", "2022"), ("monthly", "2022-02"))


def run_demo(folder: Path | None, *, say: Callable[[str], object], window: bool) -> int:
    """Make (or reuse) the demo county in `folder`, export and verify its packages, and open the window on it.

    Returns the exit code: 0 when every package is valid, 1 when one is not.
    """
    from db.work.demo import build_demo
    from db.work.demo_months import FIRST, LAST, fill_months
    from db.work.opening import open_county

    place = (folder or DEFAULT_FOLDER).absolute()
    seen = window and has_display()
    if seen:
        # The letter is drawn with the application there is; the window's own must be the first.
        from desktop.app import make_app

        make_app()
    if (place / "county.db").exists():
        say(f"演示填报文件已经在这里，继续使用：{place}")
    else:
        build_demo(place)
        with open_county(place, author="演示") as county:
            fill_months(county, FIRST, LAST)
        say(f"演示填报文件：{place}")
    with open_county(place, author="演示") as county:
        for notice in county.notices:
            say(notice)
        bad = [kind for kind, period in PACKAGES if not _export_and_verify(county, kind, period, say)]
    if bad:
        return 1
    if seen:
        from desktop.app import run_window

        return run_window(place)
    if window:
        say("这台电脑没有显示器，窗口没有打开；其余工作都已完成。")
    return 0


def _export_and_verify(county: County, kind: str, period: str, say: Callable[[str], object]) -> bool:
    from db.exchange.package_verify import verify_package
    from desktop.export_job import export_package

    result = export_package(county, kind=kind, period=period, out=county.folder / "exports")
    verdict = verify_package(result.path)
    say(f"上报包：{result.path}")
    say("　校验通过。" if verdict.ok else "　校验发现问题：")
    for problem in verdict.problems:
        say(f"　{problem.sentence()}")
    return verdict.ok
