"""Opens a table in a file: finds its kind, encoding, separator and columns, or says what to do."""

import codecs
import csv
import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _
from python_calamine import CalamineSheet, CalamineWorkbook

from ronda.kernel.imports.words import shorten, visible

TEXT_BYTES_MAX = 2 * 1024**3
XLSX_BYTES_MAX = 24 * 1024**2
XLSX_UNPACKED_MAX = 256 * 1024**2
ROWS_MAX = 2_000_000
LINE_MAX = 256 * 1024
_SEPARATORS = (",", ";", "\t", "|")


class ImportRefused(ValueError):
    """The whole file cannot be read; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its own name or one of the names it has in other people's files."""

    name: str
    aliases: tuple[str, ...] = ()
    required: bool = True

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.aliases)


@dataclass
class Table:
    """An open table: its dress, its header and the rows that are still to come."""

    path: Path
    dress: str
    header: list[str]
    columns: dict[str, int]
    rows: Iterator[tuple[int, list[str]]]
    size: int
    position: Callable[[], int]
    notes: list[str] = field(default_factory=list)

    def has(self, *names: str) -> bool:
        return all(name in self.columns for name in names)


@contextmanager
def open_table(path: Path, columns: Sequence[Column]) -> Iterator[Table]:
    """The table in a file, its columns found by name. Raises ImportRefused when there is none."""
    if not path.is_file():
        raise ImportRefused(_("Berkas %(path)s tidak ada.") % {"path": path})
    with path.open("rb") as file:
        start = file.read(8)
        if start.startswith(b"PK\x03\x04"):
            yield _open_xlsx(path, columns)
            return
        _refuse_other_kinds(start)
        file.seek(0)
        if start.startswith(b"\x1f\x8b"):
            with gzip.open(file) as unpacked:
                yield _open_text(path, file, unpacked, columns)
        else:
            yield _open_text(path, file, file, columns)


def _refuse_other_kinds(start: bytes) -> None:
    if not start:
        raise ImportRefused(_("Berkas kosong."))
    kinds = {b"\xd0\xcf\x11\xe0": "Excel 97-2003 (.xls)", b"%PDF": "PDF", b"<": "HTML/XML", b"\x89PNG": "PNG"}
    for magic, kind in kinds.items():
        if start.startswith(magic):
            wanted = _("Berkas ini %(kind)s. Simpan sebagai .xlsx atau CSV UTF-8, lalu impor lagi.")
            raise ImportRefused(wanted % {"kind": kind})


def _open_text(path: Path, raw: BinaryIO, data: BinaryIO | gzip.GzipFile, columns: Sequence[Column]) -> Table:
    encoding = _encoding(data)
    data.seek(0)
    lines = _lines(io.TextIOWrapper(data, encoding=encoding, newline=""))
    start = _until_first_words(lines)
    separator = _separator(start[-1] if start else "", columns)
    reader = csv.reader(chain(start, lines), delimiter=separator, strict=True)
    rows = _csv_rows(reader)
    _number, header = next(rows, (0, []))
    table = Table(
        path=path,
        dress=f"{encoding}, {separator!r}",
        header=[cell.strip() for cell in header],
        columns=_find_columns(header, columns),
        rows=rows,
        size=path.stat().st_size,
        position=raw.tell,
    )
    if encoding == "cp1252":
        table.notes.append(
            _("Berkas bukan UTF-8: dibaca sebagai Windows-1252. Periksa huruf beraksen pada hasilnya.")
        )
    return table


def _encoding(data: BinaryIO | gzip.GzipFile) -> str:
    """UTF-8 if all of it is, UTF-16 by its mark, else Windows-1252 when every byte has a meaning there."""
    start = next(_blocks(data), b"")[:4]
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    for encoding in ("utf-8", "cp1252"):
        if _decodes(data, encoding):
            return "utf-8-sig" if encoding == "utf-8" and start[:3] == b"\xef\xbb\xbf" else encoding
    raise ImportRefused(_("Huruf dalam berkas tidak dikenali. Simpan sebagai CSV UTF-8, lalu impor lagi."))


def _decodes(data: BinaryIO | gzip.GzipFile, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for block in _blocks(data):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _blocks(data: BinaryIO | gzip.GzipFile) -> Iterator[bytes]:
    total = 0
    try:
        data.seek(0)
        while block := data.read(1 << 20):
            total += len(block)
            if total > TEXT_BYTES_MAX:
                limit = TEXT_BYTES_MAX // 1024**2
                raise ImportRefused(_("Berkas lebih dari %(limit)s MB. Bagi per wilayah.") % {"limit": limit})
            yield block
    except (OSError, EOFError, zlib.error) as error:
        raise ImportRefused(_("Berkas gzip rusak atau terpotong.")) from error


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    number = 0
    try:
        while line := text.readline(LINE_MAX + 1):
            number += 1
            if len(line) > LINE_MAX:
                message = _("Baris %(row)s lebih panjang dari %(limit)s huruf: ini bukan tabel.")
                raise ImportRefused(message % {"row": number, "limit": LINE_MAX})
            yield line
    except (OSError, EOFError, zlib.error, UnicodeError) as error:
        raise ImportRefused(_("Berkas rusak sesudah baris %(row)s.") % {"row": number}) from error


def _until_first_words(lines: Iterator[str]) -> list[str]:
    start = []
    for line in lines:
        start.append(line)
        if line.strip():
            break
    return start


def _csv_rows(reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    lines = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            message = _("Baris %(row)s tidak dapat dibaca (tanda kutip tidak berpasangan?): %(error)s")
            raise ImportRefused(message % {"row": lines + 1, "error": error}) from error
        lines = reader.line_num  # type: ignore[attr-defined]  # csv.reader counts lines
        _refuse_too_many(lines)
        if any(cell.strip() for cell in cells):
            yield lines, cells


def _refuse_too_many(rows: int) -> None:
    if rows > ROWS_MAX:
        raise ImportRefused(_("Berkas lebih dari %(limit)s baris. Bagi per wilayah.") % {"limit": ROWS_MAX})


def _separator(first: str, columns: Sequence[Column]) -> str:
    """The separator under which the header has the most known columns, then the most cells."""

    def known(separator: str) -> tuple[int, int]:
        names = {_plain(cell) for cell in first.split(separator)}
        wanted = sum(any(_plain(name) in names for name in column.names) for column in columns)
        return wanted, len(names)

    return max(_SEPARATORS, key=known)


def _find_columns(header: Sequence[str], columns: Sequence[Column]) -> dict[str, int]:
    places: dict[str, int] = {}
    for at, cell in enumerate(header):
        places.setdefault(_plain(cell), at)
    found = {}
    for column in columns:
        hit = next((places[_plain(name)] for name in column.names if _plain(name) in places), None)
        if hit is not None:
            found[column.name] = hit
    missing = [column.name for column in columns if column.required and column.name not in found]
    if missing:
        message = _("Judul kolom tidak lengkap: diminta %(wanted)s; yang ada %(came)s.")
        came = ", ".join(visible(cell.strip()) for cell in header[:20]) or _("tidak ada")
        raise ImportRefused(message % {"wanted": ", ".join(missing), "came": shorten(came)})
    return found


def _plain(name: str) -> str:
    return re.sub(r"[\s_\-.]+", "", name.strip().strip('"').lstrip("\ufeff").casefold())


def _open_xlsx(path: Path, columns: Sequence[Column]) -> Table:
    _refuse_big_workbook(path)
    refused = ImportRefused(_("Buku kerja tidak memuat lembar."))
    for sheet in _sheets(path):
        rows = _sheet_rows(sheet)
        _number, header = next(rows, (0, []))
        try:
            found = _find_columns(header, columns)
        except ImportRefused as error:
            refused = error
            continue
        size = path.stat().st_size
        return Table(path, f"xlsx, {sheet.name}", header, found, rows, size, lambda: 0)
    raise refused


def _refuse_big_workbook(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(info.file_size for info in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise ImportRefused(_("Berkas .xlsx rusak atau terpotong.")) from error
    if path.stat().st_size > XLSX_BYTES_MAX or unpacked > XLSX_UNPACKED_MAX:
        raise ImportRefused(_("Berkas .xlsx terlalu besar. Simpan sebagai CSV UTF-8, lalu impor lagi."))


def _sheets(path: Path) -> list[CalamineSheet]:
    try:
        workbook = CalamineWorkbook.from_path(str(path))
        return [workbook.get_sheet_by_name(name) for name in workbook.sheet_names]
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # the reader's panics are no Exception; all mean an unreadable workbook
        raise ImportRefused(_("Berkas .xlsx tidak dapat dibaca; mungkin rusak atau bersandi.")) from error


def _sheet_rows(sheet: CalamineSheet) -> Iterator[tuple[int, list[str]]]:
    for number, values in enumerate(sheet.iter_rows(), start=1):
        cells = [_cell(value) for value in values]
        if any(cell.strip() for cell in cells):
            yield number, cells


def _cell(value: object) -> str:
    """A spreadsheet cell as text: whole numbers without point, so that codes stored as numbers come back."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return "" if value is None else str(value)
