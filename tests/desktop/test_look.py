from __future__ import annotations

import re

import pytest
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

import resources
from desktop import look
from desktop.app import make_app
from desktop.palette import palette

DRAWINGS = [name for name in resources.names("icons") if name.endswith(".svg")]
TEXT_ON_GROUND = [
    ("text", "surface"),
    ("text", "ground"),
    ("text", "accent_tint"),
    ("text", "cell_bad"),
    ("text", "highlight"),
    ("secondary", "surface"),
    ("secondary", "ground"),
    ("secondary", "header"),
    ("muted", "surface"),
    ("on_rail", "rail"),
    ("on_rail", "rail_active"),
    ("on_rail", "rail_hover"),
    ("on_accent", "accent"),
    ("on_accent", "accent_hover"),
    ("accent", "surface"),
    ("accent", "accent_tint"),
    ("surface", "text"),
    ("surface", "bad"),
    ("rail_mark", "text"),
    ("good", "surface"),
    ("bad", "surface"),
    ("caution", "surface"),
    *((tone, f"{tone}_tint") for tone in ("good", "caution", "bad", "notice", "neutral")),
]


def luminance(colour: QColor) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.03928 else float(((part + 0.055) / 1.055) ** 2.4)

    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF())


def contrast(first: str, second: str) -> float:
    high, low = sorted((luminance(look.colour(first)), luminance(look.colour(second))), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("words", "ground"), TEXT_ON_GROUND)
def test_text_can_be_read(words: str, ground: str) -> None:
    assert contrast(words, ground) >= 4.5


@pytest.mark.parametrize("name", DRAWINGS)
def test_drawings_are_one_family(name: str) -> None:
    text = resources.text(f"icons/{name}")
    if name == "app.svg":
        return
    assert 'viewBox="0 0 24 24"' in text
    assert 'stroke-linecap="round"' in text
    assert re.search(r'stroke-width="(1\.7|2\.6)"', text)


@pytest.mark.parametrize("name", [name.removesuffix(".svg") for name in DRAWINGS if name != "app.svg"])
def test_drawings_draw_something_in_the_colour_asked_for(name: str, qtbot: QtBot) -> None:
    picture: QImage = look.pixmap(name, "bad", 24, 2.0).toImage()
    assert (picture.width(), picture.height(), picture.devicePixelRatio()) == (48, 48, 2.0)
    inked = [picture.pixelColor(x, y) for x in range(48) for y in range(48) if picture.pixelColor(x, y).alpha() > 200]
    assert len(inked) > 10
    if "currentColor" in resources.text(f"icons/{name}.svg"):
        assert any(abs(pixel.red() - look.colour("bad").red()) < 12 for pixel in inked)


def test_style_sheet_uses_known_colours_only() -> None:
    assert "@" not in look.style_sheet()
    used = set(re.findall(r"@([a-z_]+)", resources.text("style/app.qss"))) - {"icons"}
    assert used <= set(palette())


def test_style_sheet_names_drawings_that_exist() -> None:
    for name in re.findall(r"@icons/([\w-]+\.svg)", resources.text("style/app.qss")):
        assert resources.path(f"icons/{name}").is_file()


def test_unknown_names_are_refused(qtbot: QtBot) -> None:
    with pytest.raises(KeyError):
        look.colour("pink")
    with pytest.raises(FileNotFoundError):
        look.pixmap("nothing", "text", 16, 1.0)


def test_app_is_chinese_with_figures_of_equal_width(qtbot: QtBot) -> None:
    app = make_app()
    assert make_app() is app
    assert not app.windowIcon().isNull()
    font = look.font()
    from PySide6.QtGui import QFontMetricsF

    metrics = QFontMetricsF(font)
    assert len({round(metrics.horizontalAdvance(figure), 2) for figure in "0123456789"}) == 1
