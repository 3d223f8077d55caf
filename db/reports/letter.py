"""The letter (上报函) that is printed, stamped and sent beside a package: its facts and its words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

SAMPLE_NOTE = "演示数据，不是正式报送。"
RECIPIENT = "市“四减四增”工作专班："
_PLAN = "四减四增"
_MOST_TOTALS = 3


@dataclass(frozen=True)
class LetterTable:
    """One table of the package: title, number of rows, its totals as people read them."""

    title: str
    rows: int
    totals: Sequence[str] = ()


@dataclass(frozen=True)
class LetterFacts:
    """What the letter says. `package` is the package's name, `data_sha256` the hash that stands under the stamp.

    `supersedes` is the name of the package that this one replaces, empty for the first; `changes` is
    how many cells and rows are otherwise than in that one. There is no date among them: whoever stamps the letter
    writes it, and the same data give the same letter.
    """

    county_name: str
    kind_title: str
    period_title: str
    package: str
    package_id: str
    sequence: int
    data_sha256: str
    tables: Sequence[LetterTable]
    attachments: int = 0
    attachment_bytes: int = 0
    supersedes: str = ""
    changes: int = 0
    contact: str = ""
    phone: str = ""
    sample: bool = False

    @property
    def title(self) -> str:
        """Return the heading."""
        return f"关于报送{self.period_title}“{_PLAN}”{self.kind_title}的函"


def grouped(digest: str) -> str:
    """Return a hash in groups of eight, which two people can compare over the telephone."""
    return " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))


def _replaces(facts: LetterFacts) -> str:
    told = f"与上一版相比改动{facts.changes:,}处，见包内《与上一版相比》" if facts.changes else "数据与上一版相同"
    return f"本次为第{facts.sequence}次报送，代替 {escape(facts.supersedes)}，{told}。"


def letter_html(facts: LetterFacts) -> str:
    """Return the letter as HTML for one page or more of A4."""
    name = escape(facts.county_name)
    rows = "".join(
        f"<tr><td align='center'>{number}</td><td>{escape(table.title)}</td><td align='right'>{table.rows:,}</td>"
        f"<td>{escape('；'.join(table.totals[:_MOST_TOTALS]))}</td></tr>"
        for number, table in enumerate(facts.tables, start=1)
    )
    opening = (
        "按照三年行动方案关于制定落实方案、列出项目清单、实行月调度的要求，现报送"
        f"{name}{escape(facts.period_title)}{escape(facts.kind_title)}数据（上报包 {escape(facts.package)}.zip）。"
    )
    replaces = _replaces(facts) if facts.supersedes else ""
    papers = f"佐证附件{facts.attachments:,}份，共{facts.attachment_bytes:,}字节。" if facts.attachments else ""
    digest = grouped(facts.data_sha256)
    half = len(digest) // 2
    sample = f"<p class='plain' align='center'><b>{SAMPLE_NOTE}</b></p>" if facts.sample else ""
    contact = "，".join(part for part in (facts.contact, facts.phone) if part)
    return f"""<html><head><style>
p {{ font-size: 12pt; line-height: 140%; margin-top: 2pt; margin-bottom: 2pt; text-indent: 72px; }}
p.title {{ font-size: 18pt; font-weight: bold; margin-bottom: 12pt; text-indent: 0px; }}
p.plain {{ text-indent: 0px; }}
table {{ border-collapse: collapse; border-style: solid; border-width: 1px; border-color: #333333;
  margin-top: 4pt; margin-bottom: 8pt; }}
td, th {{ padding: 5px 12px; font-size: 10pt; line-height: 110%; vertical-align: middle; }}
p.code {{ font-family: 'Noto Sans Mono CJK SC', 'Consolas', 'DejaVu Sans Mono', monospace; font-size: 11pt; }}
</style></head><body>
<p class="title" align="center">{escape(facts.title)}</p>
{sample}
<p class="plain">{RECIPIENT}</p>
<p>{opening}{replaces}{papers}内容如下：</p>
<table border="1" cellpadding="0" cellspacing="0" width="100%">
<tr><th width="9%">序号</th><th width="31%">表名</th><th width="13%">行数</th><th>合计</th></tr>
{rows}</table>
<p style="margin-top: 10pt">上报包编号：{escape(facts.package_id)}</p>
<p>数据校验码（SHA-256）：</p>
<p class="code">{digest[:half].strip()}</p>
<p class="code">{digest[half:].strip()}</p>
<p>收到后请用“校验上报包”核对：显示的数据校验码与本函一致，才是本单位报送的数据。</p>
<p>联系人：{escape(contact) or "　"}</p>
<p align="right">{name}（盖章）&nbsp;&nbsp;</p>
<p align="right">年&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;月&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;日&nbsp;&nbsp;</p>
</body></html>"""
