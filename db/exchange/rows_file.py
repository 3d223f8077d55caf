"""A register's rows as a plain table, .xlsx or .csv, for people: what both directions share.

The first column is the row's own id; an empty one means a new row. The last is the row's fingerprint as it was
written, so that reading it back tells apart what was changed in the file, in the program, and in both. Text stays
text whatever it begins with: in a CSV, which has no types, a text that a spreadsheet would take for a formula gets an
apostrophe, and loses it when it is read.
"""

from __future__ import annotations

from collections.abc import Mapping

from db.core.field import Field
from db.core.fields import TableSchema
from db.core.values import Cell
from db.exchange.fingerprint import fingerprint_of

ID_HEADING, BASE_HEADING = "行标识（勿改）", "校验（勿改）"
_FORMULA = ("=", "+", "-", "@", "\t")


def guarded(text: str) -> str:
    """Return `text` so that no spreadsheet takes it for a formula; inverse of `unguarded`."""
    return f"'{text}" if text.lstrip("'").startswith(_FORMULA) else text


def unguarded(text: str) -> str:
    """Return the text that `guarded` was given."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(_FORMULA) else text


def row_fingerprint(schema: TableSchema, values: Mapping[str, Cell]) -> str:
    """Return the fingerprint of a row with these values; what the program computes says nothing of its own."""
    return fingerprint_of([[f.name, f.csv(values[f.name])] for f in schema.fields if not f.read_only])


def is_text(field: Field) -> bool:
    """Return whether the field holds texts, references included."""
    return field.type in ("string", "text")
