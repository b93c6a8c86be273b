"""Open data of a version: tidy CSV, one row per station and choice, with a Frictionless data package."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ronda.kernel.imports.words import harmless
from ronda.publishing.models import Correction, Publication, PublishedSheet

Names = Mapping[str, Sequence[str]]
_TEXT, _NUMBER = "string", "integer"
VOTES = (
    ("election", _TEXT, "code of the election"),
    ("contest", _TEXT, "code of the contest"),
    ("station", _TEXT, "13 digits: province 2, regency 2, district 2, village 4, station 3"),
    ("village", _TEXT, "area code of the village"),
    ("number", _NUMBER, "number of the polling station"),
    ("choice", _NUMBER, "place on the ballot paper, from 1"),
    ("choice_name", _TEXT, "name on the ballot paper; empty where it is not known"),
    ("votes", _NUMBER, "votes"),
)
STATIONS = (
    *VOTES[:5],
    ("valid", _NUMBER, "valid votes"),
    ("invalid", _NUMBER, "invalid votes"),
    ("users", _NUMBER, "voters who used their right"),
    ("registered", _NUMBER, "registered voters (DPT)"),
    ("source", _TEXT, "whose copy"),
    ("outcome", _TEXT, "how the result came about"),
    ("copy_version", _NUMBER, "version of the copy"),
    ("since_version", _NUMBER, "version of the publication since which it stands"),
)
CORRECTIONS = (
    ("contest", _TEXT, "code of the contest"),
    ("station", _TEXT, "13 digits"),
    ("entered_at", _TEXT, "when, UTC"),
    ("basis", _TEXT, "number of the decision or the minutes"),
    ("reason", _TEXT, "why the published figure may change"),
)
Fields = Sequence[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class Resource:
    """One file of the package."""

    path: str
    title: str
    fields: Fields
    content: bytes


def resources(
    publication: Publication,
    sheets: Mapping[str, Sequence[PublishedSheet]],
    names: Names,
    corrections: Sequence[Correction],
) -> list[Resource]:
    """Two tables per contest, and the correction entries."""
    made = []
    for contest, rows in sheets.items():
        made.append(
            Resource(
                f"data/{contest.lower()}-suara.csv",
                f"Votes per station and choice, {contest}",
                VOTES,
                _csv(VOTES, _votes(publication, contest, rows, names[contest])),
            )
        )
        made.append(
            Resource(
                f"data/{contest.lower()}-tps.csv",
                f"Stations, {contest}",
                STATIONS,
                _csv(STATIONS, _stations(publication, contest, rows)),
            )
        )
    entries = (
        [one.contest, one.station, one.created_at.isoformat(), one.basis, one.reason] for one in corrections
    )
    made.append(Resource("data/koreksi.csv", "Correction entries", CORRECTIONS, _csv(CORRECTIONS, entries)))
    return made


def package(publication: Publication, made: Sequence[Resource]) -> bytes:
    """`datapackage.json`: what each column means, and the hash of each file."""
    name = f"{publication.election}-{publication.area or 'nasional'}-v{publication.version}"
    described = {
        "profile": "tabular-data-package",
        "name": name.lower(),
        "title": f"Results of {publication.election}, version {publication.version}. Not official.",
        "version": str(publication.version),
        "created": publication.decided_at.isoformat() if publication.decided_at else "",
        "digest": f"sha256:{publication.digest}",
        "sources": [{"title": "Copies of C.Hasil as supervisors and others handed them in"}],
        "resources": [_described(one) for one in made],
    }
    return json.dumps(described, ensure_ascii=False, indent=1).encode() + b"\n"


def _described(one: Resource) -> dict[str, object]:
    return {
        "profile": "tabular-data-resource",
        "name": one.path.removeprefix("data/").removesuffix(".csv"),
        "title": one.title,
        "path": one.path,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(one.content),
        "hash": f"sha256:{hashlib.sha256(one.content).hexdigest()}",
        "schema": {
            "fields": [{"name": name, "type": kind, "description": about} for name, kind, about in one.fields]
        },
    }


def _votes(
    publication: Publication, contest: str, rows: Iterable[PublishedSheet], names: Sequence[str]
) -> Iterable[Sequence[object]]:
    for sheet in rows:
        front = [publication.election, contest, sheet.station, sheet.area, sheet.number]
        for at, votes in enumerate(sheet.votes):
            yield [*front, at + 1, names[at] if at < len(names) else "", votes]


def _stations(
    publication: Publication, contest: str, rows: Iterable[PublishedSheet]
) -> Iterable[Sequence[object]]:
    for sheet in rows:
        front = [publication.election, contest, sheet.station, sheet.area, sheet.number]
        figures = [sheet.valid, sheet.invalid, sheet.users, sheet.registered]
        yield [
            *front,
            *figures,
            sheet.source,
            sheet.outcome,
            sheet.sheet_version,
            sheet.publication.version,
        ]


def _csv(fields: Fields, rows: Iterable[Sequence[object]]) -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([name for name, _kind, _about in fields])
    for row in rows:
        writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])
    return buffer.getvalue().encode()
