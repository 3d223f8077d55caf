"""Whether there is a screen to show a window on, and how Qt draws where there is none."""

from __future__ import annotations

import os
import sys

UNSEEN = ("offscreen", "minimal")


def unseen_platform() -> str:
    """Return the platform on which Qt is to draw papers and pages that nobody sees.

    On Windows that is its own: what is never shown is not seen there either, and `offscreen` knows no fonts.
    """
    return "windows" if sys.platform == "win32" else "offscreen"


def has_display() -> bool:
    """Return whether a window would be seen: always on Windows, with a display server elsewhere."""
    if os.environ.get("QT_QPA_PLATFORM") in UNSEEN:
        return False
    if sys.platform in {"win32", "darwin"}:
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
