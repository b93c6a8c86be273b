"""Boundary files: GeoJSON, and the SQL of the public `wilayah_boundaries` collection.

The SQL is read as text, never run: only the tuples after VALUES are taken, with the columns the INSERT names.
"""

import csv
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from ronda.kernel.areas import is_code
from ronda.kernel.imports import Checked, ImportRefused, RowError
from ronda.kernel.imports.words import harmless, shorten, visible
from ronda.places.adapters.shapes import Shape, ShapeRefused, polygons_of
from ronda.places.domain import inside_country

BYTES_MAX = 256 * 1024**2
_CODE_KEYS = ("kode", "code", "KODE", "kode_wilayah", "id")
_INSERT = re.compile(r"INSERT\s+INTO\s+[`\"\w.]+\s*\(([^)]*)\)\s*VALUES", re.IGNORECASE)
_VALUE = r"'(?:[^'\\]++|''|\\.)*+'|[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|NULL"
_TUPLE = re.compile(rf"\s*,?\s*\(\s*((?:{_VALUE})(?:\s*,\s*(?:{_VALUE}))*)\s*\)", re.IGNORECASE)
_FIELD = re.compile(rf"(?:{_VALUE})", re.IGNORECASE)
_ESCAPE = re.compile(r"''|\\(.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Record:
    number: int
    code: str
    coordinates: object
    middle: tuple[object, object]
    lat_first: bool


def shapes_check(path: Path, known: frozenset[str]) -> Checked[Shape]:
    """All shapes of a boundary file whose code is in the register; the rest are row errors."""
    if not path.is_file():
        raise ImportRefused(_("Berkas %(path)s tidak ada.") % {"path": path})
    if path.stat().st_size > BYTES_MAX:
        raise ImportRefused(
            _("Berkas lebih dari %(limit)s MB. Bagi per wilayah.") % {"limit": BYTES_MAX // 1024**2}
        )
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ImportRefused(_("Berkas batas wilayah harus UTF-8.")) from error
    records = _geojson(text) if text.lstrip().startswith("{") else _sql(text)
    return _checked(records, known)


def rejects_write(path: Path, errors: Sequence[RowError]) -> None:
    """Which shapes were refused and why; the shapes themselves stay in the file they came in."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["row", "column", "wanted", "came"])
        writer.writerows([error.row, error.column, error.wanted, harmless(error.came)] for error in errors)


def _checked(records: Iterator[_Record], known: frozenset[str]) -> Checked[Shape]:
    result: Checked[Shape] = Checked()
    seen: set[str] = set()
    for record in records:
        result.rows += 1
        error, shape = _shape(record, known, seen)
        if error is not None:
            result.rows_refused += 1
            result.errors.append(error)
        elif shape is not None:
            seen.add(shape.code)
            result.items.append(shape)
    if not result.rows:
        raise ImportRefused(_("Berkas tidak memuat batas wilayah (GeoJSON atau SQL wilayah_boundaries)."))
    return result


def _shape(record: _Record, known: frozenset[str], seen: set[str]) -> tuple[RowError | None, Shape | None]:
    code, number = record.code, record.number
    if not is_code(code) or code not in known:
        wanted = _("kode wilayah yang terdaftar (muat dulu dengan `ronda places load`)")
        return RowError(number, "kode", wanted, shorten(visible(code)) or _("kosong")), None
    if code in seen:
        return RowError(number, "kode", _("kode yang belum ada di berkas ini"), code), None
    try:
        polygons = polygons_of(record.coordinates, lat_first=record.lat_first)
    except ShapeRefused as refused:
        return RowError(number, "path", _("batas wilayah yang sah"), shorten(f"{code}: {refused}")), None
    return None, Shape(code, polygons, _middle(record.middle))


def _middle(pair: tuple[object, object]) -> tuple[float, float] | None:
    lon, lat = pair
    if isinstance(lon, int | float) and isinstance(lat, int | float) and inside_country(lon, lat):
        return float(lon), float(lat)
    return None


def _geojson(text: str) -> Iterator[_Record]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ImportRefused(
            _("GeoJSON tidak dapat dibaca: %(error)s") % {"error": shorten(str(error))}
        ) from error
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list):
        raise ImportRefused(_("GeoJSON harus FeatureCollection dengan features."))
    for number, feature in enumerate(features, start=1):
        entry = _mapping(feature)
        properties, geometry = _mapping(entry.get("properties")), _mapping(entry.get("geometry"))
        code = next((str(properties[key]) for key in _CODE_KEYS if properties.get(key)), "")
        middle = (properties.get("lng", properties.get("lon")), properties.get("lat"))
        yield _Record(number, code, geometry.get("coordinates"), middle, lat_first=False)


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _sql(text: str) -> Iterator[_Record]:
    for insert in _INSERT.finditer(text):
        columns = [name.strip(' `"\n\t\r').lower() for name in insert[1].split(",")]
        if not {"kode", "path"} <= set(columns):
            raise ImportRefused(_("SQL harus memuat kolom kode dan path."))
        at, counted, line = insert.end(), 0, 1
        while found := _TUPLE.match(text, at):
            at = found.end()
            values = [_value(part[0]) for part in _FIELD.finditer(found[1])]
            line += text.count("\n", counted, found.start(1))
            counted = found.start(1)
            yield _sql_record(dict(zip(columns, values, strict=False)), line)
        _refuse_rest(text, at)


def _refuse_rest(text: str, at: int) -> None:
    rest = text[at : at + 200].lstrip()
    if rest and not rest.startswith(";"):
        line = text.count("\n", 0, at) + 1
        message = _("SQL terputus di baris %(row)s: %(came)s")
        raise ImportRefused(message % {"row": line, "came": shorten(visible(rest), 60)})


def _sql_record(fields: Mapping[str, object], line: int) -> _Record:
    path = fields.get("path")
    try:
        coordinates = json.loads(path) if isinstance(path, str) else None
    except (ValueError, RecursionError):
        coordinates = None
    middle = (fields.get("lng"), fields.get("lat"))
    return _Record(line, str(fields.get("kode") or ""), coordinates, middle, lat_first=True)


def _value(part: str) -> object:
    if part.startswith("'"):
        return _ESCAPE.sub(lambda found: found[1] or "'", part[1:-1])
    return None if part.upper() == "NULL" else float(part)
