"""How the window looks: colours from the palette, icons drawn in them, fonts and the style sheet."""

from __future__ import annotations

import re
from functools import cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QIcon, QPainter, QPalette, QPen, QPixmap
from PySide6.QtWidgets import QApplication, QStyleFactory

import resources
from desktop.palette import palette

FONT_FAMILIES = ("Microsoft YaHei UI", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Zen Hei")
BASE_PIXELS = 14
ICON_SIZE = 18


@cache
def colour(name: str) -> QColor:
    """Return the palette's colour called `name`; KeyError when there is none."""
    return QColor(palette()[name])


@cache
def pen(name: str, width: float = 1) -> QPen:
    """Return a pen in the palette's colour called `name`."""
    return QPen(colour(name), width)


def icon(name: str, tint: str = "secondary", size: int = ICON_SIZE) -> QIcon:
    """Return the icon `name` drawn in the palette's colour `tint`, sharp on every screen that is attached."""
    return _icon(name, tint, size, _pixel_ratios())


@cache
def _icon(name: str, tint: str, size: int, ratios: tuple[float, ...]) -> QIcon:
    made = QIcon()
    for ratio in ratios:
        made.addPixmap(pixmap(name, tint, size, ratio), QIcon.Mode.Normal)
        made.addPixmap(pixmap(name, "disabled", size, ratio), QIcon.Mode.Disabled)
    return made


def pixmap(name: str, tint: str = "secondary", size: int = ICON_SIZE, ratio: float = 0.0) -> QPixmap:
    """Return the icon `name` as a picture of `size` logical pixels; `ratio` 0 takes the sharpest screen's."""
    return _pixmap(name, tint, size, ratio or _pixel_ratios()[-1])


@cache
def _pixmap(name: str, tint: str, size: int, ratio: float) -> QPixmap:
    from PySide6.QtSvg import QSvgRenderer

    drawing = resources.text(f"icons/{name}.svg").replace("currentColor", palette()[tint])
    renderer = QSvgRenderer(QByteArray(drawing.encode()))
    picture = QPixmap(QSize(round(size * ratio), round(size * ratio)))
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter, QRectF(picture.rect()))
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture


def _pixel_ratios() -> tuple[float, ...]:
    return tuple(sorted({screen.devicePixelRatio() for screen in QGuiApplication.screens()})) or (1.0,)


def font(pixels: int = BASE_PIXELS, *, bold: bool = False) -> QFont:
    """Return the program's font with figures of equal width."""
    made = QFont(QApplication.font())
    made.setPixelSize(pixels)
    made.setBold(bold)
    return made


def apply(app: QApplication) -> None:
    """Give `app` the program's font, palette and style sheet, unless it has them: it would style every widget anew."""
    sheet = style_sheet()
    if app.styleSheet() == sheet:
        return
    app.setStyle(QStyleFactory.create("Fusion"))
    app.setFont(_base_font())
    app.setPalette(_qt_palette())
    app.setStyleSheet(sheet)


@cache
def families() -> tuple[str, ...]:
    """Return those of the program's fonts that this PC has; one that it lacks would be replaced in silence."""
    known = set(QFontDatabase.families())
    return tuple(family for family in FONT_FAMILIES if family in known)


def _base_font() -> QFont:
    base = QFont()
    if families():
        base.setFamilies(list(families()))
    base.setPixelSize(BASE_PIXELS)
    base.setFeature(QFont.Tag("tnum"), 1)
    base.setHintingPreference(QFont.HintingPreference.PreferVerticalHinting)
    return base


def style_sheet() -> str:
    """Return the style sheet with every `@name` replaced by the palette's colour; KeyError for an unknown name."""
    icons = resources.path("icons/check.svg").parent.as_posix()
    return coloured(resources.text("style/app.qss").replace("@icons", icons))


def coloured(text: str) -> str:
    """Return `text` with every `@name` replaced by the palette's colour; KeyError for an unknown name."""
    return re.sub(r"@([a-z_]+)", lambda match: palette()[match[1]], text)


def _qt_palette() -> QPalette:
    made = QPalette()
    roles = {
        QPalette.ColorRole.Window: "ground",
        QPalette.ColorRole.WindowText: "text",
        QPalette.ColorRole.Base: "surface",
        QPalette.ColorRole.AlternateBase: "stripe",
        QPalette.ColorRole.Text: "text",
        QPalette.ColorRole.PlaceholderText: "muted",
        QPalette.ColorRole.Button: "surface",
        QPalette.ColorRole.ButtonText: "text",
        QPalette.ColorRole.Highlight: "selection",
        QPalette.ColorRole.HighlightedText: "text",
        QPalette.ColorRole.ToolTipBase: "text",
        QPalette.ColorRole.ToolTipText: "surface",
        QPalette.ColorRole.Link: "accent",
        QPalette.ColorRole.Accent: "accent",
    }
    for role, name in roles.items():
        made.setColor(role, colour(name))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText, QPalette.ColorRole.WindowText):
        made.setColor(QPalette.ColorGroup.Disabled, role, colour("disabled"))
    return made
