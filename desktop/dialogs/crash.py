"""What the clerk sees of a bug: a sentence, and the details folded with a copy button."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from desktop.widgets.dialog import Dialog, tell

SENTENCE = "程序遇到了意外问题，刚才这一步可能没有完成。"
ADVICE = (
    "之前保存的数据都在，可以继续使用。请把下面的详细信息复制下来，发给软件维护人员；如果反复出现，请重新打开程序。"
)


def show_crash(details: str, parent: QWidget | None = None) -> Dialog:
    """Show the details of a bug and return at once."""
    dialog = tell(parent, "意外问题", SENTENCE, ADVICE, tone="bad", details=details)
    dialog.setMinimumWidth(560)
    return dialog
