"""Open data of a version: tidy tables per station, described by a data package."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ronda.publishing.adapters.ballots import Ballots
from ronda.publishing.models import Correction, Publication, PublishedSheet
from ronda.results.papers import (
    CHOICE,
    FIGURES,
    PLACE,
    SOURCE,
    Field,
    Table,
    choice_rows,
    data_package,
    figure_cells,
    tidy_table,
)

ELECTION: Sequence[Field] = (
    ("election", "string", "code of the election"),
    ("contest", "string", "code of the contest"),
)
DISTRICT: Field = ("district", "string", "electoral district (dapil); empty where there is only one list")
VOTES: Sequence[Field] = (*ELECTION, *PLACE, DISTRICT, *CHOICE)
STATIONS: Sequence[Field] = (
    *ELECTION,
    *PLACE,
    *FIGURES,
    SOURCE,
    ("outcome", "string", "how the result came about"),
    ("version", "integer", "version of the copy"),
    ("since_version", "integer", "version of the publication since which it stands"),
)
CORRECTIONS: Sequence[Field] = (
    ELECTION[1],
    PLACE[0],
    ("entered_at", "datetime", "when it was entered"),
    ("basis", "string", "number of the decision or the minutes"),
    ("reason", "string", "why the published figure may change"),
)


def tables(
    publication: Publication,
    sheets: Mapping[str, Sequence[PublishedSheet]],
    ballots: Mapping[str, Ballots],
    corrections: Sequence[Correction],
) -> list[Table]:
    """Two tables per contest, and the correction entries."""
    made = []
    for contest, rows in sheets.items():
        stem, front = f"data/{contest.lower()}", (publication.election, contest)
        votes = _votes(front, rows, ballots[contest])
        made += [
            tidy_table(f"{stem}-suara.csv", f"Votes per station and choice, {contest}", VOTES, votes),
            tidy_table(f"{stem}-tps.csv", f"Stations, {contest}", STATIONS, _stations(front, rows)),
        ]
    entries = ((one.contest, one.station, one.created_at, one.basis, one.reason) for one in corrections)
    made.append(tidy_table("data/koreksi.csv", "Correction entries", CORRECTIONS, entries))
    return made


def package(publication: Publication, made: Sequence[Table]) -> bytes:
    """`datapackage.json` of a version, with the digest that both people saw."""
    assert publication.decided_at is not None  # only versions that were let out are written
    return data_package(
        f"{publication.election}-{publication.area or 'nasional'}-v{publication.version}",
        f"Results of {publication.election}, version {publication.version}",
        publication.decided_at,
        made,
        {
            "version": str(publication.version),
            "digest": f"sha256:{publication.digest}",
            "sources": [{"title": "Copies of C.Hasil as supervisors and others handed them in"}],
        },
    )


def _votes(
    front: Sequence[str], rows: Sequence[PublishedSheet], ballots: Ballots
) -> Iterator[Sequence[object]]:
    for sheet in rows:
        paper = ballots.paper(sheet.area)
        place = *front, sheet.station, sheet.area, sheet.number, paper.district or None
        yield from choice_rows(place, paper.lines, sheet.votes)


def _stations(front: Sequence[str], rows: Sequence[PublishedSheet]) -> Iterator[Sequence[object]]:
    for sheet in rows:
        yield (
            *front,
            sheet.station,
            sheet.area,
            sheet.number,
            *figure_cells(sheet),
            sheet.source,
            sheet.outcome,
            sheet.sheet_version,
            sheet.publication.version,
        )
