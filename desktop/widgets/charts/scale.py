"""The steps of an axis: round numbers that people count in."""

from __future__ import annotations

from decimal import Decimal


def ticks(largest: Decimal, most: int = 5) -> list[Decimal]:
    """Return 0 and at most `most` more numbers in steps of 1, 2 or 5 × 10ⁿ, the last not below `largest`."""
    if largest <= 0:
        return [Decimal(0), Decimal(1)]
    rough = largest / most
    power = Decimal(1).scaleb(rough.adjusted())
    step = next(power * each for each in (1, 2, 5, 10) if power * each >= rough)
    count = int(largest / step)
    if step * count < largest:
        count += 1
    return [step * place for place in range(count + 1)]


def spread_labels(widths: list[float], room: float, gap: float) -> int:
    """Return every how many labels of these widths one can be written, side by side in `room`."""
    if not widths or room <= 0:
        return 1
    wanted = max(widths) + gap
    return max(1, -(-int(wanted * len(widths)) // max(int(room), 1)))
