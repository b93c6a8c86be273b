"""Tables of sheets in any shape: a template says which column of the file holds which field of the form."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml
from django.utils.translation import gettext as _

from ronda.kernel.areas import STATION
from ronda.kernel.imports import Checked, Column, Row, check, open_table
from ronda.results.adapters.fields import (
    BESIDE,
    FORM,
    OUTCOMES,
    choices_of,
    figures_from,
    is_field,
    moment_of,
)
from ronda.results.adapters.found import FoundSheet, Names
from ronda.results.adapters.incoming import FIGURE_MAX

_BY_NAME = frozenset({"regency", "district", "village", "number"})
_UNSTATED = frozenset({"", "none", "null", "-"})
_FLAGS = {"true": 1, "false": 0, "1": 1, "0": 0}
MAPPING_BYTES_MAX = 64 * 1024
SOURCE_MAX = 40


class TemplateRefused(ValueError):
    """The template cannot be used; says what was wanted and what came."""


@dataclass(frozen=True)
class Template:
    """Column of the file to field of the form."""

    columns: Mapping[str, str]

    def __post_init__(self) -> None:
        fields = list(self.columns.values())
        if unknown := [name for name in fields if not is_field(name)]:
            wanted = ", ".join((*BESIDE, "suara_1 …", *FORM))
            raise TemplateRefused(f"wanted fields out of {wanted}; came {', '.join(unknown)}")
        if twice := sorted({name for name in fields if fields.count(name) > 1}):
            raise TemplateRefused(f"wanted every field once; there twice: {', '.join(twice)}")
        if "station" not in fields and not set(fields) >= _BY_NAME:
            raise TemplateRefused(f"wanted the field station, or all of {', '.join(sorted(_BY_NAME))}")
        try:
            choices_of(fields)
        except ValueError as refused:
            raise TemplateRefused(str(refused)) from refused

    @property
    def column_of(self) -> dict[str, str]:
        return {name: column for column, name in self.columns.items()}


def read_template(path: Path) -> Template:
    """A small YAML or JSON file of lines `column: field`."""
    try:
        text = path.read_bytes()[: MAPPING_BYTES_MAX + 1].decode("utf-8")
        value = yaml.safe_load(text) if len(text) <= MAPPING_BYTES_MAX else None
    except (OSError, UnicodeDecodeError, yaml.YAMLError, RecursionError) as error:
        raise TemplateRefused(f"wanted a small YAML or JSON file: {error}") from error
    return template_of(value)


def template_of(value: object) -> Template:
    """A template out of plain data."""
    if not isinstance(value, dict) or not all(
        isinstance(column, str) and isinstance(name, str) for column, name in value.items()
    ):
        raise TemplateRefused("wanted lines `column: field`")
    return Template(value)


def header_of(path: Path) -> list[str]:
    """The column names of a table."""
    with open_table(path, ()) as table:
        return [" ".join(cell.split()) for cell in table.header]


def fingerprint_of(header: list[str]) -> str:
    """Tables with the same column names in the same order are of one template."""
    return hashlib.sha256("\x1f".join(cell.casefold() for cell in header).encode()).hexdigest()


def read_mapped(
    path: Path, template: Template, *, source: str, rejects: Path | None = None
) -> Checked[FoundSheet]:
    """All sheets of a table, checked row by row; a station stands once per source."""
    columns = [Column(name) for name in template.columns]
    reader = _Reader(template, source)
    with open_table(path, columns) as table:
        return check(
            table,
            reader.sheet,
            key=lambda found: found.key,
            key_column=reader.key_column,
            rejects=rejects,
        )


class _Reader:
    def __init__(self, template: Template, source: str) -> None:
        self.at, self.source = template.column_of, source
        self.choices = choices_of(self.at)
        self.figures = [name for name in self.at if name in FORM]
        self.key_column = self.at.get("station") or self.at["number"]

    def sheet(self, row: Row) -> FoundSheet | None:
        station, number = self._station(row)
        values = {name: self._figure(row, name) for name in self.figures}
        votes = [self._figure(row, f"suara_{number}") for number in range(1, self.choices + 1)]
        found = FoundSheet(
            row=row.number,
            station=station,
            names=self._names(row, is_needed=not station),
            number=number,
            source=self._source(row),
            figures=figures_from(values, votes),
            outcome=self._outcome(row),
            captured_at=moment_of(self._cell(row, "captured_at")),
        )
        return None if row.errors else found

    def _cell(self, row: Row, name: str) -> str:
        return row.cells.get(self.at.get(name, ""), "")

    def _station(self, row: Row) -> tuple[str, int]:
        if "station" in self.at:
            station = row.digits(self.at["station"], 13)
            if station and int(station[10:]) == 0:
                row.refuse(self.at["station"], _("nomor TPS 001 sampai 999"))
            return (station, int(station[10:])) if STATION.match(station) else ("", 0)
        return "", row.integer(self.at["number"], 1, 999, required=True) or 0

    def _names(self, row: Row, *, is_needed: bool) -> Names:
        province, regency, district, village = (
            row.text(self.at[name], required=is_needed and name != "province") if name in self.at else ""
            for name in ("province", "regency", "district", "village")
        )
        return province, regency, district, village

    def _figure(self, row: Row, name: str) -> int | None:
        column = self.at[name]
        value = row.cells.get(column, "").casefold()
        if value in _UNSTATED:
            return None
        if name.startswith("status_") and value in _FLAGS:
            return _FLAGS[value]
        return row.integer(column, 0, FIGURE_MAX)

    def _source(self, row: Row) -> str:
        if "source" not in self.at:
            return self.source
        return row.text(self.at["source"], most=SOURCE_MAX, required=False) or self.source

    def _outcome(self, row: Row) -> str:
        value = self._cell(row, "outcome").casefold()
        if value in _UNSTATED:
            return ""
        return row.choice(self.at["outcome"], dict(OUTCOMES), "")
