"""Writing a package: one moment of the county file, whole and verified under its name, or nothing at all.

The tables are read in one transaction and set aside as CSV and as a workbook for people while a second thread copies
the attachments into the zip (they never change, so they need no transaction). Then the finished file is flushed to the
disk, opened again, verified as if it came from a stranger, and only then given its name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from threading import Event

from db import __version__
from db.core.errors import EnvironmentProblem
from db.core.fields import TableSchema
from db.core.period import Period
from db.core.progress import NO_PROGRESS, Progress, Span
from db.exchange import bag
from db.exchange.attachment_copy import Source, copy_attachments, find_sources
from db.exchange.data_package import WrittenTable, data_package
from db.exchange.own_verdict import PackageRefused, require_good
from db.exchange.package_kinds import (
    DATA_PACKAGE,
    LETTER,
    REPORT,
    PackageKind,
    PackageName,
    kind_and_period,
    package_id_of,
    package_name,
    schema_version,
)
from db.exchange.package_verify import verify_package
from db.exchange.passwords import require_usable
from db.exchange.readiness import live_explanations
from db.exchange.snapshot import Snapshot
from db.exchange.spool import Spooled, SpooledTable, spool
from db.exchange.submissions import PackageResult, Submission
from db.exchange.target import appearing, check_folder, check_room, flush
from db.exchange.verdict import PackageFacts
from db.exchange.zip_write import Entry, ZipWriter
from db.reports.letter import SAMPLE_NOTE, LetterFacts, LetterTable
from db.reports.package_report import summable, total_words
from db.store.county import SAMPLE, County

__all__ = ["PackageRefused", "PackageResult", "write_package"]

_BYTES_PER_ROW = 1_000
_MARGIN = 1 << 20
_PATIENCE = 0.1
_CHECKED = 100
"""Thousandths of the work that checking takes."""

DrawLetter = Callable[[LetterFacts], bytes]
Publish = Callable[[], None]
Keep = Callable[["PackageResult", Publish], None]
"""Receives the finished package and what gives the file its name; it calls that, or raises and nothing is left."""


def just_publish(result: PackageResult, publish: Publish) -> None:
    """Give the package its name and record nothing."""
    publish()


def write_package(
    county: County,
    *,
    kind: str,
    period: str,
    out: Path,
    letter: DrawLetter,
    keep: Keep = just_publish,
    password: str = "",
    today: date | None = None,
    progress: Progress = NO_PROGRESS,
    now: datetime | None = None,
) -> PackageResult:
    """Write the next package of this kind and period into the folder `out`, verify it, and return what it is.

    `letter` draws the letter as a PDF; `keep` has the last word once everything is verified; with a `password`
    it is encrypted (AES-256), with `today` the rules of 审核 are held against it first. Raises DataProblem for
    what the clerk can mend (PackageRefused lists cells), EnvironmentProblem for the target, Cancelled.
    """
    chosen, when = kind_and_period(kind, period)
    folder = Path(out).absolute()
    require_usable(password)
    check_folder(folder)
    order = _Order(county, chosen, when, folder, letter, password, today, progress, now or datetime.now())
    with ExitStack() as stack:
        return _Writing(order, stack).run(keep)


@dataclass(frozen=True)
class _Order:
    """What is to be written, and how."""

    county: County
    kind: PackageKind
    period: Period
    folder: Path
    letter: DrawLetter
    password: str
    today: date | None
    progress: Progress
    now: datetime


@dataclass(frozen=True)
class _Identity:
    """What the package is called and whom it replaces; `path` does not exist yet."""

    name: PackageName
    path: Path
    replaced: Submission | None

    @property
    def root(self) -> str:
        return f"{self.name}/"

    @property
    def supersedes(self) -> str:
        return self.replaced.package_id if self.replaced else ""


class _Writing:
    """One package on its way, step by step."""

    def __init__(self, order: _Order, stack: ExitStack) -> None:
        self._order = order
        self._stack = stack
        self._stop = Event()

    def run(self, keep: Keep) -> PackageResult:
        with ExitStack() as reading:
            conn = reading.enter_context(self._order.county.reading())
            conn.execute("BEGIN")
            snapshot = Snapshot(conn, self._order.kind, self._order.period)
            if self._order.today is not None:
                span = Span(self._order.progress, 0, _CHECKED)
                snapshot.explained = live_explanations(
                    conn, self._order.kind, self._order.period, self._order.today, span
                )
            identity = self._identity(snapshot)
            sources = find_sources(self._order.county.folder, snapshot.attachments())
            rows = sum(map(snapshot.count, snapshot.tables))
            self._check_room(rows, sources)
            file, part, publish = self._stack.enter_context(appearing(identity.path))
            archive = ZipWriter(file, password=self._order.password)
            with ThreadPoolExecutor(1, thread_name_prefix="attachments") as pool:
                try:
                    copying = pool.submit(copy_attachments, archive, identity.root, sources, self._stop)
                    tables, report = self._spool(snapshot, identity, rows)
                    conn.execute("COMMIT")
                    reading.close()
                    while not copying.done():
                        self._order.progress.step(500, 1000, "正在写入附件")
                        wait([copying], timeout=_PATIENCE)
                    attachments = copying.result()
                except BaseException:
                    self._stop.set()
                    raise
        payload = _Payload(archive, identity.root, list(attachments))
        written = [self._add_table(payload, table) for table in tables]
        payload.stream(REPORT, report)
        self._order.progress.step(550, 1000, "正在写入上报函")
        package_id = self._add_papers(payload, snapshot, identity, written)
        archive.finish()
        flush(file)
        span, schemas = Span(self._order.progress, 600, 1000), _schemas(snapshot)
        try:
            verdict = verify_package(part, span, schemas=schemas, password=self._order.password)
        except EnvironmentProblem as problem:
            # Its name while it is written means nothing to anybody.
            message = problem.message.replace(str(part), str(identity.path))
            raise EnvironmentProblem(message, advice=problem.advice, code=problem.code) from problem
        require_good(verdict, identity.path.name, tables)
        result = self._result(identity, package_id, snapshot, verdict.package)
        keep(result, publish)
        return result

    def _result(self, identity: _Identity, package_id: str, snapshot: Snapshot, package: PackageFacts) -> PackageResult:
        return PackageResult(
            path=identity.path,
            name=str(identity.name),
            package_id=package_id,
            sha256=package.file_sha256,
            data_sha256=package.data_sha256,
            kind=self._order.kind.name,
            period=str(self._order.period),
            sequence=identity.name.sequence,
            exported_at=self._order.now.isoformat(timespec="seconds"),
            supersedes=identity.supersedes,
            size=package.file_size,
            tables=package.tables,
            attachments=package.attachments,
            encrypted=bool(self._order.password),
            base_seq=snapshot.base_seq,
            sources=tuple(table.schema.table for table in snapshot.tables),
        )

    def _identity(self, snapshot: Snapshot) -> _Identity:
        """Return the first name after the last recorded one that the folder does not hold yet."""
        replaced = snapshot.predecessor
        sequence = snapshot.last_sequence
        while True:
            sequence += 1
            name = package_name(snapshot.county_code, self._order.kind.name, str(self._order.period), sequence)
            path = self._order.folder / f"{name}.zip"
            if not path.exists():
                return _Identity(name, path, replaced)

    def _check_room(self, rows: int, sources: Sequence[Source]) -> None:
        everything = sum(source.stored.size for source in sources)
        certain = sum(source.stored.size for source in sources if not source.deflate)
        check_room(self._order.folder, everything + rows * _BYTES_PER_ROW + _MARGIN, certain)

    def _spool(self, snapshot: Snapshot, identity: _Identity, rows: int) -> tuple[list[SpooledTable], Spooled]:
        lines = [
            ("填报单位", snapshot.county_name),
            ("上报内容", self._order.kind.title),
            ("期", self._order.period.title),
            ("方案版本", snapshot.plan_version),
        ]
        title = f"{snapshot.county_name}{self._order.period.title}{self._order.kind.title}"

        def tell(done: int, what: str) -> None:
            self._order.progress.step(_CHECKED + done * (500 - _CHECKED) // max(1, rows), 1000, f"正在读取{what}")

        return spool(snapshot, title, lines, self._stack, tell)

    def _add_table(self, payload: _Payload, spooled: SpooledTable) -> WrittenTable:
        entry = payload.stream(f"data/{spooled.table.path}", spooled.content)
        return WrittenTable(spooled.table, entry, spooled.rows, spooled.totals)

    def _add_papers(
        self, payload: _Payload, snapshot: Snapshot, identity: _Identity, written: Sequence[WrittenTable]
    ) -> str:
        """Write datapackage.json, the letter and the bag's own files; return the package's id."""
        described = {table.entry.name for table in written}
        files = [entry for entry in payload.entries if entry.name not in described]
        title = f"{snapshot.county_name}{self._order.period.title}{self._order.kind.title}"
        data = payload.add(DATA_PACKAGE, data_package(identity.name, title, snapshot.plan_version, written, files))
        # Equal for equal data under an equal name, so that two exports of one moment are one package.
        package_id = package_id_of(str(identity.name), data.sha256)
        attachments = [entry for entry in files if entry.name != REPORT]
        facts = LetterFacts(
            county_name=snapshot.county_name,
            kind_title=self._order.kind.title,
            period_title=self._order.period.title,
            package=str(identity.name),
            package_id=package_id,
            sequence=identity.name.sequence,
            data_sha256=data.sha256,
            tables=[_letter_table(table) for table in written],
            attachments=len(attachments),
            attachment_bytes=sum(entry.size for entry in attachments),
            supersedes=identity.replaced.name if identity.replaced else "",
            changes=len(snapshot.changes),
            contact=_contact(snapshot, self._order.county),
            phone=snapshot.settings.get("clerk_phone", ""),
            sample=bool(snapshot.settings.get(SAMPLE)),
        )
        payload.add(LETTER, self._order.letter(facts))
        info = {
            "Source-Organization": snapshot.county_name,
            "Contact-Name": facts.contact,
            "Contact-Phone": facts.phone,
            "External-Identifier": package_id,
            "Bagging-Date": self._order.now.date().isoformat(),
            "Payload-Oxum": f"{sum(entry.size for entry in payload.entries)}.{len(payload.entries)}",
            "Internal-Sender-Identifier": identity.name.county,
            "Submission-Kind": identity.name.kind,
            "Reporting-Period": identity.name.period,
            "Sequence": str(identity.name.sequence),
            "Supersedes": identity.supersedes,
            "Plan-Version": snapshot.plan_version,
            "Schema-Version": str(schema_version()),
            "Bag-Software-Agent": f"sijian-desk {__version__}",
            bag.SAMPLE: SAMPLE_NOTE if facts.sample else "",
        }
        payload.add_tag_files(bag.bag_info_text(info))
        return package_id


class _Payload:
    """The files of the bag as they are written; `entries` are those of the payload, by their names in the bag."""

    def __init__(self, archive: ZipWriter, root: str, attachments: Sequence[Entry]) -> None:
        self._archive = archive
        self._root = root
        self.entries = [self._inside(entry) for entry in attachments]

    def add(self, name: str, content: bytes) -> Entry:
        """Write a small payload file."""
        return self._noted(self._archive.add(self._root + name, content))

    def stream(self, name: str, content: Spooled) -> Entry:
        """Write a payload file from what was set aside."""
        deflate = name.endswith(".csv") and content.size > 0
        return self._noted(self._archive.stream(self._root + name, content.pieces, content.size, deflate=deflate))

    def add_tag_files(self, bag_info: str) -> None:
        """Write the bag's own files, which speak about the payload."""
        texts = {bag.BAGIT: bag.DECLARATION, bag.BAG_INFO: bag_info, bag.MANIFEST: bag.manifest_text(self.entries)}
        tags = [self._inside(self._archive.add(self._root + name, text.encode())) for name, text in texts.items()]
        self._archive.add(self._root + bag.TAG_MANIFEST, bag.manifest_text(tags).encode())

    def _noted(self, entry: Entry) -> Entry:
        inside = self._inside(entry)
        self.entries.append(inside)
        return inside

    def _inside(self, entry: Entry) -> Entry:
        return Entry(entry.name.removeprefix(self._root), entry.size, entry.sha256)


def _letter_table(written: WrittenTable) -> LetterTable:
    schema = written.table.schema
    totals = [total_words(schema.field(n), t) for n, t in written.totals.items() if t and summable(schema.field(n))]
    return LetterTable(schema.title, written.rows, totals)


def _contact(snapshot: Snapshot, county: County) -> str:
    return snapshot.settings.get("clerk", "") or county.author


def _schemas(snapshot: Snapshot) -> dict[str, TableSchema]:
    return {table.schema.table: table.schema for table in snapshot.tables if table.schema.kind == "register"}
