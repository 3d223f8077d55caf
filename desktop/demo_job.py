"""The demo from end to end: a county with months behind it, its packages exported and verified, then the window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from desktop.display import has_display

DEFAULT_FOLDER = Path("demo") / "寿光市"


def run_demo(folder: Path | None, *, say: Callable[[str], object], window: bool) -> int:
    """Make (or reuse) the demo county in `folder`, verify the packages that it has sent, and open the window on it.

    Returns the exit code: 0 when every package is valid, 1 when one is not.
    """
    from db.exchange.rehearsal import EXPORTS, LEDGER, make_demo
    from desktop.printing import letter_pdf

    place = (folder or DEFAULT_FOLDER).absolute()
    seen = window and has_display()
    if seen:
        # The letter is drawn with the application there is; the window's own must be the first.
        from desktop.app import make_app

        make_app()
    if (place / "county.db").exists():
        say(f"演示填报文件已经在这里，继续使用：{place}")
    else:
        make_demo(place, letter=letter_pdf, ledger_file=place.parent / LEDGER)
        say(f"演示填报文件：{place}")
        say(f"演示台账（市级核收）：{place.parent / LEDGER}")
    bad = [file for file in sorted((place / EXPORTS).glob("*.zip")) if not _verified(file, say)]
    if bad:
        return 1
    if seen:
        from desktop.app import run_window

        return run_window(place)
    if window:
        say("这台电脑没有显示器，窗口没有打开；其余工作都已完成。")
    return 0


def _verified(file: Path, say: Callable[[str], object]) -> bool:
    from db.exchange.package_verify import verify_package

    verdict = verify_package(file)
    say(f"上报包：{file}")
    say("　校验通过。" if verdict.ok else "　校验发现问题：")
    for problem in verdict.problems:
        say(f"　{problem.sentence()}")
    return verdict.ok
