"""Units of measure and exact conversion between those of one family, from `resources/units.toml`."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from functools import cache

import resources
from db.core.errors import DataProblem
from db.core.values import LARGEST, MICRO_DIGITS, plain

_FINEST = 30


@dataclass(frozen=True)
class Unit:
    """A unit: amount × `factor` is in the family's base unit; an amount in it carries at most `decimals` decimals."""

    name: str
    family: str
    factor: Fraction
    decimals: int
    aliases: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Return whether only whole numbers make sense in this unit."""
        return self.decimals == 0


def units() -> tuple[Unit, ...]:
    """Return every known unit, in the order of the file."""
    return tuple(dict.fromkeys(_by_key().values()))


def find_unit(name: str) -> Unit | None:
    """Return the unit that `name` means (its name or another spelling such as ㎡, MW, 吨标煤), or None."""
    return _by_key().get(_key(name))


def decimals_of(unit: str) -> int:
    """Return how many decimals an amount in `unit` may carry; 6, the most that is stored, for an unknown unit."""
    found = find_unit(unit)
    return found.decimals if found else MICRO_DIGITS


def family_of(unit: str) -> str | None:
    """Return the name of the family of `unit`, None for an unknown unit."""
    found = find_unit(unit)
    return found.family if found else None


def convertible(from_unit: str, to_unit: str) -> bool:
    """Return whether amounts in one unit can be expressed in the other."""
    if _key(from_unit) == _key(to_unit):
        return True
    family = family_of(from_unit)
    return family is not None and family == family_of(to_unit)


_MOST = LARGEST * 10**6
"""Sums are converted too: a million of the largest amounts."""


def convert(amount: Decimal, from_unit: str, to_unit: str, *, decimals: int = MICRO_DIGITS) -> Decimal:
    """Return `amount` of `from_unit` in `to_unit`, exactly.

    DataProblem when the units do not belong together or the result needs more than `decimals` decimals.
    """
    scaled = _converted(amount, from_unit, to_unit) * 10**decimals
    if scaled.denominator != 1:
        raise DataProblem(
            f"{amount}{from_unit}换算成{to_unit}后超过{decimals}位小数，存不准。",
            advice="请换算后填写。",
            code="unit.inexact",
        )
    return _exact(scaled.numerator, decimals)


def convert_rounded(amount: Decimal, from_unit: str, to_unit: str, *, decimals: int | None = None) -> Decimal:
    """Return `amount` in `to_unit` rounded half up to `decimals` (default: the unit's): to show, never to store."""
    places = decimals_of(to_unit) if decimals is None else decimals
    scaled = _converted(amount, from_unit, to_unit) * 10**places
    with localcontext() as context:
        context.prec = 60
        rounded = (Decimal(scaled.numerator) / Decimal(scaled.denominator)).to_integral_value(rounding=ROUND_HALF_UP)
    return _exact(int(rounded), places)


def _exact(scaled: int, decimals: int) -> Decimal:
    return plain(Decimal((int(scaled < 0), tuple(map(int, str(abs(scaled)))), -decimals)))


def _converted(amount: Decimal, from_unit: str, to_unit: str) -> Fraction:
    if not amount.is_finite() or amount.copy_abs() > _MOST or (amount and amount.adjusted() < -_FINEST):
        raise DataProblem(f"数太大或太小，不能换算成{to_unit}。", advice="请核对单位。", code="number.too_large")
    exact = Fraction(*amount.as_integer_ratio())
    if _key(from_unit) == _key(to_unit):
        return exact
    source, target = find_unit(from_unit), find_unit(to_unit)
    if source is None or target is None or source.family != target.family:
        raise DataProblem(f"{from_unit}和{to_unit}不能换算。", advice="请用同一类单位填写。", code="unit.mismatch")
    return exact * source.factor / target.factor


def _key(name: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", name)).casefold()


@cache
def _by_key() -> dict[str, Unit]:
    found: dict[str, Unit] = {}
    for family in resources.load_toml("units.toml")["family"]:
        for entry in family["units"]:
            aliases = tuple(entry.get("aliases", ()))
            unit = Unit(entry["name"], family["name"], Fraction(entry["factor"]), entry["decimals"], aliases)
            for spelling in (unit.name, *aliases):
                if found.setdefault(_key(spelling), unit) != unit:
                    raise ValueError(f"units.toml: {spelling} stands for two units")
    return found
