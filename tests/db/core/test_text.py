from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.core.errors import DataProblem
from db.core.text import clean, fold_choice, fold_width, quote
from tests.db.core.outcomes import is_sentence, outcome


def test_line_breaks_stay_only_where_they_may() -> None:
    text = " 第一行 \r\n第二行\r第三行\v第四行\u2028第五行\n"
    assert clean(text, multiline=True) == "第一行 \n第二行\n第三行\n第四行\n第五行"
    assert clean(text, multiline=False) == "第一行 第二行 第三行 第四行 第五行"
    assert clean("甲\n\n 乙", multiline=False) == "甲 乙"
    assert clean("甲\t乙", multiline=True) == "甲 乙"


def test_invisible_marks_go_and_letters_are_composed() -> None:
    assert clean("\ufeff潍\u200b坊\u202e市\u00ad", multiline=False) == "潍坊市"
    assert clean("e\u0301", multiline=False) == "é"
    assert clean("=1+1", multiline=False) == "=1+1"
    assert clean("（全角）１２", multiline=False) == "（全角）１２"


@pytest.mark.parametrize("bad", ["\0", "\x01", "\x1b", "\x7f", "\x80", "\x9f", "\ud800"])
def test_control_characters_are_refused_with_their_place(bad: str) -> None:
    with pytest.raises(DataProblem, match="第3个字") as caught:
        clean(f"潍坊{bad}市", multiline=True)
    assert caught.value.code == "text.control"
    caught.value.message.encode()


@given(st.text(), st.booleans())
def test_clean_text_stays_as_it_is(text: str, multiline: bool) -> None:
    cleaned = outcome(lambda: clean(text, multiline=multiline))
    if isinstance(cleaned, DataProblem):
        assert is_sentence(cleaned)
        return
    assert clean(cleaned, multiline=multiline) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert multiline or "\n" not in cleaned
    cleaned.encode()


def test_folding() -> None:
    assert fold_width("　Ａｂ１２，％－ ") == "Ab12,%-"
    assert fold_choice(" ＬＮＧ（气）") == fold_choice("LNG(气)")


@given(st.text() | st.text("ａA１1（(　 é\u0301\u200b\u00ad\ufb01镇街"))
def test_folding_a_plain_text_saves_nothing_but_time(text: str) -> None:
    bare = "".join(letter for letter in text if unicodedata.category(letter) != "Cf")
    assert fold_choice(bare) == unicodedata.normalize("NFKC", bare).strip()


@given(st.text() | st.integers() | st.floats() | st.none() | st.binary())
def test_a_quotation_is_short_and_printable(raw: object) -> None:
    shown = quote(raw)
    assert len(shown) <= 27
    assert shown.isprintable()


def test_a_number_without_a_spelling_is_quoted_too() -> None:
    assert quote(10**5000) == "这个数"
