"""The named colours of the window, by themselves: the first paint needs them before anything of `look` is loaded."""

from __future__ import annotations

from functools import cache

import resources


@cache
def palette() -> dict[str, str]:
    """Return the named colours as #RRGGBB; lamps are called `lamp_green` and so on."""
    tables = resources.load_toml("style/palette.toml")
    colours = dict(tables["colour"])
    colours.update({f"lamp_{name}": value for name, value in tables["lamp"].items()})
    return colours
