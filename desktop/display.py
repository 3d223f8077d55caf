"""Whether there is a screen to show a window on, and how Qt draws where there is none."""

from __future__ import annotations

import os
import sys

UNSEEN = ("offscreen", "minimal")


def has_display() -> bool:
    """Return whether a window would be seen: always on Windows, with a display server elsewhere."""
    if os.environ.get("QT_QPA_PLATFORM") in UNSEEN:
        return False
    if sys.platform in {"win32", "darwin"}:
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
