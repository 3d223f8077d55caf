from __future__ import annotations

from dataclasses import replace

from db.reports.letter import RECIPIENT, LetterFacts, LetterTable, grouped, letter_html

FACTS = LetterFacts(
    county_name="寿光市",
    kind_title="项目清单",
    period_title="2022年",
    package="370783-registers-2022-v2",
    package_id="6f1d6a0e-5f4e-5c1b-8a53-370700202203",
    sequence=2,
    data_sha256="0123456789abcdef" * 4,
    tables=[LetterTable("重点项目", 1234, ["总投资 1,200万元", "b", "c", "不再列"])],
    attachments=2,
    attachment_bytes=1_234_567,
    supersedes="370783-registers-2022-v1",
    contact="王芳",
    phone="0536-1234567",
)


def test_the_letter_says_all_of_its_facts() -> None:
    text = letter_html(FACTS)
    for words in (
        *(RECIPIENT, FACTS.title, "寿光市", f"{FACTS.package}.zip", FACTS.package_id, "1,234", "总投资 1,200万元"),
        *("佐证附件2份，共1,234,567字节", "第2次报送，代替 370783-registers-2022-v1", "王芳，0536-1234567", "（盖章）"),
    ):
        assert words in text
    assert "不再列" not in text


def test_the_hash_stands_in_groups_and_whole() -> None:
    assert grouped("0123456789abcdef01") == "01234567 89abcdef 01"
    text = letter_html(FACTS).replace('</p>\n<p class="code">', " ")
    assert grouped(FACTS.data_sha256) in text


def test_a_first_letter_without_attachments_and_contact_says_nothing_of_them() -> None:
    text = letter_html(replace(FACTS, sequence=1, supersedes="", attachments=0, contact="", phone=""))
    assert "代替" not in text and "佐证附件" not in text and "联系人：　" in text


def test_what_was_typed_is_no_markup() -> None:
    odd = '<b>&"甲'
    text = letter_html(replace(FACTS, county_name=odd, contact=odd, tables=[LetterTable(odd, 1, [odd])]))
    assert odd not in text and text.count("&lt;b&gt;&amp;&quot;甲") == 5
