"""The letter (上报函) that is printed, stamped and sent beside a package: its facts and its words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

RECIPIENT = "市“四减四增”三年行动专项工作组："
_PLAN = "四减四增三年行动"


@dataclass(frozen=True)
class LetterTable:
    """One table of the package: title, number of rows, its totals as people read them (may be empty)."""

    title: str
    rows: int
    totals: str = ""


@dataclass(frozen=True)
class LetterFacts:
    """What the letter says. `package` is the package's name, `data_sha256` the hash that stands under the stamp.

    `supersedes` is the name of the package that this one replaces, empty for the first. There is no date among them:
    whoever stamps the letter writes it, and the same data give the same letter.
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
    contact: str = ""
    phone: str = ""

    @property
    def title(self) -> str:
        """Return the heading."""
        return f"关于报送{self.period_title}“{_PLAN}”{self.kind_title}的函"


def grouped(digest: str) -> str:
    """Return a hash in groups of eight, which two people can compare over the telephone."""
    return " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))


def letter_html(facts: LetterFacts) -> str:
    """Return the letter as HTML for one page or more of A4."""
    name = escape(facts.county_name)
    rows = "".join(
        f"<tr><td>{number}</td><td>{escape(table.title)}</td><td align='right'>{table.rows:,}</td>"
        f"<td>{escape(table.totals)}</td></tr>"
        for number, table in enumerate(facts.tables, start=1)
    )
    replaces = f"本次为第{facts.sequence}次报送，代替{escape(facts.supersedes)}。" if facts.supersedes else ""
    papers = f"佐证附件{facts.attachments:,}份，共{facts.attachment_bytes:,}字节。" if facts.attachments else ""
    digest = grouped(facts.data_sha256)
    half = len(digest) // 2
    contact = "，".join(part for part in (facts.contact, facts.phone) if part)
    return f"""<html><head><style>
body {{ font-size: 12pt; line-height: 150%; }}
h1 {{ font-size: 18pt; font-weight: bold; text-align: center; }}
p {{ text-indent: 24pt; margin-top: 4pt; margin-bottom: 4pt; }}
p.plain {{ text-indent: 0; }}
p.right {{ text-align: right; }}
td, th {{ padding: 3pt 5pt; font-size: 10.5pt; }}
p.code {{ font-family: 'Consolas', 'DejaVu Sans Mono', 'Noto Sans Mono CJK SC', monospace; font-size: 11pt;
  text-indent: 0; margin-left: 24pt; }}
</style></head><body>
<h1>{escape(facts.title)}</h1>
<p class="plain">{RECIPIENT}</p>
<p>按照三年行动方案关于制定落实方案、列出项目清单、实行月调度的要求，现报送{name}{escape(facts.period_title)}{escape(facts.kind_title)}
数据（上报包 {escape(facts.package)}.zip）。{replaces}{papers}内容如下：</p>
<table border="1" cellspacing="0" width="100%">
<tr><th width="8%">序号</th><th width="40%">表名</th><th width="14%">行数</th><th>合计</th></tr>
{rows}</table>
<p>上报包编号：{escape(facts.package_id)}</p>
<p>数据校验码（SHA-256）：</p>
<p class="code">{digest[:half].strip()}<br/>{digest[half:].strip()}</p>
<p>请收到后用“校验上报包”核对：显示的数据校验码应与本函一致，不一致即不是本单位报送的数据。</p>
<p class="plain">联系人：{escape(contact) or "　"}</p>
<p class="right"><br/>{name}（盖章）</p>
<p class="right">　　　　年　　月　　日</p>
</body></html>"""
