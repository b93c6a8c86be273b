"""Tidy tables with their meaning beside them: CSV, and the data package (Frictionless 1) that describes them."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from ronda.results.adapters.export import plain_cell
from ronda.web.context import drill

Field = tuple[str, str, str]
STATION: Field = (
    "station",
    "string",
    "13 digits: province 2, regency 2, district 2, village 4, number of the station 3",
)
PLACE: Sequence[Field] = (
    STATION,
    ("village", "string", "code of the village (Kemendagri)"),
    ("station_number", "integer", "number of the station in its village; from 901 a special one"),
)
SOURCE: Field = ("source", "string", "whose copy it is; empty while none has come in")
CHOICE: Sequence[Field] = (
    ("position", "integer", "place of the row on the form, from 1"),
    ("party", "integer", "number of the party; empty where choices stand on no list"),
    ("number", "integer", "number of the candidate or pair; 0 for the votes of a party itself"),
    ("choice", "string", "name on the ballot paper; empty where it is not known"),
    ("votes", "integer", "votes; empty is not reported, never zero"),
)
FIGURES: Sequence[Field] = (
    ("registered", "integer", "registered voters (DPT)"),
    ("users", "integer", "voters who used their right"),
    ("valid", "integer", "valid votes as written"),
    ("invalid", "integer", "invalid votes as written"),
)


class BallotLine(Protocol):
    """A line of the ballot. `party` and `number` are 0 where there is none."""

    @property
    def party(self) -> int: ...
    @property
    def number(self) -> int: ...
    @property
    def name(self) -> str: ...


class Figured(Protocol):
    """Whatever carries the figures of a form besides its votes."""

    @property
    def registered(self) -> int | None: ...
    @property
    def users(self) -> int | None: ...
    @property
    def valid(self) -> int | None: ...
    @property
    def invalid(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Table:
    """One file of a package: where it lies, what its columns mean, its bytes."""

    path: str
    title: str
    fields: Sequence[Field]
    content: bytes
    key: Sequence[str] = ()


def tidy_table(
    path: str,
    title: str,
    fields: Sequence[Field],
    rows: Iterable[Sequence[object]],
    *,
    key: Sequence[str] = (),
) -> Table:
    """A table as CSV; cells that a spreadsheet would run as a formula are made plain text."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([name for name, _kind, _words in fields])
    writer.writerows([plain_cell(cell) for cell in row] for row in rows)
    return Table(path, title, fields, buffer.getvalue().encode(), key)


def choice_rows(
    front: Sequence[object], ballot: Sequence[BallotLine], votes: Sequence[int | None]
) -> Iterator[Sequence[object]]:
    """The columns of `CHOICE` for every row of a form, behind those of `front`."""
    for at in range(max(len(ballot), len(votes))):
        line = ballot[at] if at < len(ballot) else None
        of_line = (line.party or None, line.number, line.name) if line else (None, None, None)
        yield (*front, at + 1, *of_line, votes[at] if at < len(votes) else None)


def figure_cells(form: Figured) -> tuple[int | None, ...]:
    """The columns of `FIGURES`."""
    return form.registered, form.users, form.valid, form.invalid


def data_package(
    name: str, title: str, created: datetime, tables: Sequence[Table], further: Mapping[str, Any]
) -> bytes:
    """`datapackage.json`: what each column means, SHA-256 and size of each table; a simulation says so first."""
    described = {
        "profile": "tabular-data-package",
        "name": name.lower().replace("_", "-"),
        "title": f"{drill().upper()} {title}".strip(),
        "description": "Bukan hasil resmi. Not an official result: copies of sheets as they came, unrepaired.",
        "created": created.isoformat(timespec="seconds"),
        **further,
        "licenses": [
            {"name": "notspecified", "title": "Public counts of an election; name the source of each copy"}
        ],
        "resources": [_resource(one) for one in tables],
    }
    return json.dumps(described, ensure_ascii=False, indent=1).encode() + b"\n"


def _resource(table: Table) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [{"name": name, "type": kind, "description": words} for name, kind, words in table.fields],
        "missingValues": [""],
    }
    if table.key:
        schema["primaryKey"] = list(table.key)
    return {
        "profile": "tabular-data-resource",
        "name": table.path.rpartition("/")[2].removesuffix(".csv"),
        "title": table.title,
        "path": table.path,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(table.content),
        "hash": f"sha256:{hashlib.sha256(table.content).hexdigest()}",
        "schema": schema,
    }
