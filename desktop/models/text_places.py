"""Places in a text as Python counts them (characters) and as Qt does (UTF-16 units): 𠮷 is one here and two there."""

from __future__ import annotations

from bisect import bisect_left


class TextPlaces:
    """Turns places of one text from one count into the other."""

    def __init__(self, text: str) -> None:
        wide = [place for place, character in enumerate(text) if ord(character) > 0xFFFF]
        self._wide = wide
        self._units = [place + number for number, place in enumerate(wide)]

    def to_qt(self, place: int) -> int:
        """Return the place in UTF-16 units of the character at `place`."""
        return place + bisect_left(self._wide, place)

    def from_qt(self, unit: int) -> int:
        """Return the character at a place in UTF-16 units; in the middle of a character, that character."""
        return unit - bisect_left(self._units, unit)
