"""Verifying a package that nothing is known about: everything that is wrong with it, and never a surprise.

Nothing is unpacked; contents are streamed once, hashed and, where they are tables, typed by their definition at the
same time. What is not a table is hashed on a second thread, since hashing and inflating need no interpreter, unless it
is so small that the thread would take longer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from pathlib import Path
from threading import Event

from db.core.errors import DataProblem, Problem
from db.core.fields import TableSchema
from db.core.file_kinds import Kind, meant, refuse_other
from db.core.progress import NO_PROGRESS, Progress
from db.exchange.bag import SAMPLE, TAG_FILES
from db.exchange.bag_check import Bag, check_oxum, open_bag
from db.exchange.contents_check import ContentsCheck
from db.exchange.package_kinds import ATTACHMENT_FOLDER, DATA_PACKAGE, kinds
from db.exchange.table_check import RowTaker
from db.exchange.verdict import Findings, PackageFacts, Verdict
from db.exchange.zip_read import CHUNK, DEFAULT_LIMITS, Damaged, Limits, SafeZip
from db.store.files import explained

_FILE = ""
"""Stands for the package file itself among the things to hash."""
_TEXT = "正在校验上报包"
_PATIENCE = 0.1
_SMALL = 4 << 20
_CHANGED = "请重新拷贝；仍不一致时，请对方重新导出。"


def verify_package(
    path: Path,
    progress: Progress = NO_PROGRESS,
    *,
    schemas: Mapping[str, TableSchema] | None = None,
    limits: Limits = DEFAULT_LIMITS,
    taker: RowTaker | None = None,
    password: str = "",
) -> Verdict:
    """Return what the package is and everything that is wrong with it; `progress` counts bytes.

    `schemas` are definitions by table name that the program does not ship (a county's own registers). `taker` gets the
    rows as they are read, before it is known whether the package is good; a table that it knows is only hashed. A
    package under another `password`, or under one while none is given, has just that problem (`asks_for_password`).
    Raises EnvironmentProblem when the file cannot be read at all, Cancelled when the clerk says so.
    """
    path = Path(path)
    try:
        # What the file is instead is only asked of one that cannot be read: packages are many.
        with meant(path, Kind.PACKAGE, ours=True), SafeZip(path, limits, password=password) as archive:
            return _Verification(path, archive, progress, schemas or {}, taker).run()
    except DataProblem as problem:
        found = Problem(problem.code, problem.message, problem.advice, problem.place)
        return Verdict(path.name, PackageFacts(), [found])


class _Verification:
    def __init__(
        self,
        path: Path,
        archive: SafeZip,
        progress: Progress,
        schemas: Mapping[str, TableSchema],
        taker: RowTaker | None,
    ) -> None:
        self._path = path
        self._archive = archive
        self._progress = progress
        self._schemas = schemas
        self._taker = taker
        self._findings = Findings()
        self._hashes: dict[str, str] = {}
        self._sizes: dict[str, int] = {}
        self._stop = Event()
        self._done = 0
        self._total = 1
        with explained("读取上报包", path):
            self._size = path.stat().st_size

    def run(self) -> Verdict:
        for problem in self._archive.problems:
            self._findings.add("", problem)
        bag = open_bag(self._archive, self._findings)
        if bag is None:
            refuse_other(self._path, Kind.PACKAGE)
            return Verdict(self._path.name, PackageFacts(), self._findings.all())
        contents = ContentsCheck(bag, self._findings, self._schemas, self._taker)
        self._read_data_package(bag, contents)
        self._read_everything(bag, contents)
        self._compare_hashes(bag)
        check_oxum(bag, {name: size for name, size in self._sizes.items() if name.startswith("data/")}, self._findings)
        contents.compare(self._hashes, self._sizes)
        return Verdict(self._path.name, self._facts(bag, contents), self._findings.all(), contents.notes)

    def _read_data_package(self, bag: Bag, contents: ContentsCheck) -> None:
        if DATA_PACKAGE not in bag.names or bag.newer:
            return
        try:
            content = self._archive.read(bag.names[DATA_PACKAGE], contents.largest)
            bag.contents[DATA_PACKAGE] = content
            contents.plan(content)
        except DataProblem as problem:
            self._findings.add(DATA_PACKAGE, Problem(problem.code, problem.message, problem.advice, DATA_PACKAGE))

    def _read_everything(self, bag: Bag, contents: ContentsCheck) -> None:
        tables = [name for name in bag.payload if name in contents.tables]
        others = [name for name in [*bag.payload, *TAG_FILES] if name in bag.names and name not in contents.tables]
        sizes = [self._archive.files[bag.names[name]].file_size for name in [*tables, *others]]
        self._total = self._size + sum(sizes)
        if self._total < _SMALL:
            self._read_tables(bag, contents, tables)
            self._add(self._hash_all(bag, [_FILE, *others]))
            return
        with ThreadPoolExecutor(1, thread_name_prefix="verify") as pool:
            hashing: Future[list[Problem]] = pool.submit(self._hash_all, bag, [_FILE, *others])
            try:
                self._read_tables(bag, contents, tables)
                while not hashing.done():
                    self._progress.step(min(self._done, self._total), self._total, _TEXT)
                    wait([hashing], timeout=_PATIENCE)
            except BaseException:
                self._stop.set()
                raise
            self._add(hashing.result())

    def _read_tables(self, bag: Bag, contents: ContentsCheck, names: list[str]) -> None:
        for name in names:
            if not self._is_known(bag, contents, name):
                contents.check(name, self._told(self._hashed(bag, name)))

    def _add(self, problems: list[Problem]) -> None:
        for problem in problems:
            self._findings.add(problem.place, problem)

    def _is_known(self, bag: Bag, contents: ContentsCheck, name: str) -> bool:
        """Return whether the table is, byte for byte, one in which nothing was wrong; else it has yet to be read."""
        if not contents.known(name):
            return False
        with suppress(Damaged):
            for _ in self._told(self._hashed(bag, name)):
                continue
        return self._hashes.get(name) == bag.manifest[name]

    def _hash_all(self, bag: Bag, names: list[str]) -> list[Problem]:
        problems: list[Problem] = []
        for name in names:
            try:
                for _ in self._hashed(bag, name):
                    if self._stop.is_set():
                        return problems
            except Damaged as damage:
                problems.append(Problem(damage.code, damage.message, damage.advice, name))
        return problems

    def _hashed(self, bag: Bag, name: str) -> Iterator[bytes]:
        """Yield the content of a file; once it has been read to the end its hash and size are noted."""
        digest = hashlib.sha256()
        size = 0
        for data in self._chunks(bag, name):
            digest.update(data)
            size += len(data)
            self._done += len(data)
            yield data
        self._hashes[name] = digest.hexdigest()
        if name != _FILE:
            self._sizes[name] = size

    def _chunks(self, bag: Bag, name: str) -> Iterable[bytes]:
        if name == _FILE:
            return self._file_chunks()
        return [bag.contents[name]] if name in bag.contents else self._archive.chunks(bag.names[name])

    def _told(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        for data in chunks:
            self._progress.step(min(self._done, self._total), self._total, _TEXT)
            yield data

    def _file_chunks(self) -> Iterator[bytes]:
        with explained("读取上报包", self._path), self._path.open("rb") as file:
            while data := file.read(CHUNK):
                yield data

    def _compare_hashes(self, bag: Bag) -> None:
        for manifest in (bag.manifest, bag.tag_manifest):
            for name, stated in manifest.items():
                if self._hashes.get(name, stated) != stated:
                    self._findings.say("bag.changed", name, "内容被改动过，与清单里的校验码不一致。", _CHANGED)

    def _facts(self, bag: Bag, contents: ContentsCheck) -> PackageFacts:
        info = bag.info
        kind = kinds().get(info.get("Submission-Kind"))
        sequence = info.get("Sequence")
        attachments = [size for name, size in self._sizes.items() if name.startswith(ATTACHMENT_FOLDER)]
        return PackageFacts(
            name=bag.root.removesuffix("/"),
            package_id=info.get("External-Identifier"),
            county_code=info.get("Internal-Sender-Identifier"),
            county_name=info.get("Source-Organization"),
            kind=info.get("Submission-Kind"),
            kind_title=kind.title if kind else "",
            period=info.get("Reporting-Period"),
            sequence=int(sequence) if sequence.isascii() and sequence.isdigit() and len(sequence) < 7 else 0,
            supersedes=info.get("Supersedes"),
            plan_version=info.get("Plan-Version"),
            schema_version=info.get("Schema-Version"),
            bagging_date=info.get("Bagging-Date"),
            agent=info.get("Bag-Software-Agent"),
            contact=info.get("Contact-Name"),
            phone=info.get("Contact-Phone"),
            data_sha256=self._hashes.get(DATA_PACKAGE, ""),
            file_sha256=self._hashes.get(_FILE, ""),
            file_size=self._size,
            tables=contents.table_facts(self._hashes),
            attachments=len(attachments),
            attachment_bytes=sum(attachments),
            sample=info.get(SAMPLE),
        )
