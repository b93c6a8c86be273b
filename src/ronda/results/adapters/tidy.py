"""Results as a data package: tidy tables with their meaning beside them (Frictionless Data Package 1), in one ZIP."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ronda.results.adapters.area_results import AreaResults
from ronda.results.adapters.export import plain_cell
from ronda.results.domain import source_name
from ronda.web.context import drill

Field = tuple[str, str, str]
VOTES: Sequence[Field] = (
    ("station", "string", "13-digit code of the polling station: village (10) and number (3)"),
    ("source", "string", "whose copy it is"),
    ("rank", "integer", "1 for the copy that is read first; the others are for comparison"),
    ("position", "integer", "place of the row on the form, from 1"),
    ("party", "integer", "number of the party; empty where choices stand on no list"),
    ("number", "integer", "number of the candidate or pair; 0 for the votes of a party itself"),
    ("choice", "string", "name on the ballot paper"),
    ("votes", "integer", "votes; empty is not reported, never zero"),
)
SHEETS: Sequence[Field] = (
    ("station", "string", "13-digit code of the polling station"),
    ("village", "string", "code of the village (Kemendagri)"),
    ("station_number", "integer", "number of the station in its village; from 901 a special one"),
    ("source", "string", "whose copy it is; empty while none has come in"),
    ("rank", "integer", "1 for the copy that is read first"),
    ("version", "integer", "version of the copy; the last one is given"),
    ("registered", "integer", "registered voters (DPT)"),
    ("users", "integer", "voters who used their right"),
    ("valid", "integer", "valid votes as written"),
    ("invalid", "integer", "invalid votes as written"),
    ("received_at", "datetime", "when the copy came in"),
)
PLACES: Sequence[Field] = (
    ("code", "string", "code of the area (Kemendagri)"),
    ("name", "string", "its name"),
)


def tidy_zip(results: AreaResults) -> bytes:
    """votes.csv, sheets.csv, places.csv and datapackage.json with the SHA-256 of each table."""
    further = sorted({name for one in results.stations for copy in one.copies for name in copy.other})
    sheet_fields = [*SHEETS, *((name, "integer", "figure of the form, by its field id") for name in further)]
    tables = {
        "votes": (VOTES, _table(VOTES, _votes(results))),
        "sheets": (sheet_fields, _table(sheet_fields, _sheets(results, further))),
        "places": (PLACES, _table(PLACES, sorted(results.names.items()))),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, (_fields, content) in tables.items():
            package.writestr(f"{name}.csv", content)
        described = _described(results, tables)
        package.writestr("datapackage.json", json.dumps(described, ensure_ascii=False, indent=1) + "\n")
    return out.getvalue()


def _votes(results: AreaResults) -> Iterator[Sequence[object]]:
    for one in results.stations:
        for rank, copy in enumerate(one.copies, 1):
            for at, choice in enumerate(results.choices):
                votes = copy.votes[at] if at < len(copy.votes) else None
                yield (
                    one.code,
                    copy.source,
                    rank,
                    at + 1,
                    choice.party or None,
                    choice.number,
                    choice.name,
                    votes,
                )


def _sheets(results: AreaResults, further: Sequence[str]) -> Iterator[Sequence[object]]:
    for one in results.stations:
        place = one.code, one.village, one.number
        if not one.copies:
            yield (*place, *[None] * (len(SHEETS) - len(place) + len(further)))
        for rank, copy in enumerate(one.copies, 1):
            known = copy.registered, copy.users, copy.valid, copy.invalid
            others = [copy.other.get(name) for name in further]
            yield (*place, copy.source, rank, copy.version, *known, copy.created_at, *others)


def _table(fields: Sequence[Field], rows: Iterable[Sequence[object]]) -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([name for name, _kind, _words in fields])
    writer.writerows([plain_cell(cell) for cell in row] for row in rows)
    return buffer.getvalue().encode()


def _described(results: AreaResults, tables: dict[str, tuple[Sequence[Field], bytes]]) -> dict[str, Any]:
    titles = results.titles
    sources = sorted({copy.source for one in results.stations for copy in one.copies})
    where = results.name_of(results.area)
    place = (results.area or "nasional").replace(".", "-")
    return {
        "profile": "tabular-data-package",
        "name": f"{titles.election}-{titles.contest}-{place}".lower().replace("_", "-"),
        "title": f"{drill().upper()} {titles.contest_name}, {titles.election_name}, {where}".strip(),
        "description": "Bukan hasil resmi. Not an official result: copies of sheets as they came, unrepaired.",
        "created": results.at.isoformat(timespec="seconds"),
        "stations": len(results.stations),
        "stations_reported": results.reported,
        "sources": [{"title": source_name(source), "path": source} for source in sources],
        "licenses": [
            {"name": "notspecified", "title": "Public counts of an election; name the source of each copy"}
        ],
        "resources": [_resource(name, fields, content) for name, (fields, content) in tables.items()],
    }


KEYS = {"votes": ["station", "source", "position"], "places": ["code"]}


def _resource(name: str, fields: Sequence[Field], content: bytes) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [{"name": key, "type": kind, "description": words} for key, kind, words in fields],
        "missingValues": [""],
    }
    if name in KEYS:
        schema["primaryKey"] = KEYS[name]
    return {
        "profile": "tabular-data-resource",
        "name": name,
        "path": f"{name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": schema,
    }
