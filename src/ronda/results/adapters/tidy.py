"""Results as a data package in one ZIP: every vote of every copy, the copies, the places."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence

from ronda.results.adapters.area_results import AreaResults
from ronda.results.adapters.tables import (
    CHOICE,
    FIGURES,
    PLACE,
    SOURCE,
    STATION,
    Field,
    choice_rows,
    data_package,
    figure_cells,
    tidy_table,
)
from ronda.results.domain import source_name

RANK: Field = ("rank", "integer", "1 for the copy that is read first; the others are for comparison")
VOTES: Sequence[Field] = (STATION, SOURCE, RANK, *CHOICE)
SHEETS: Sequence[Field] = (
    *PLACE,
    SOURCE,
    RANK,
    ("version", "integer", "version of the copy; the last one is given"),
    *FIGURES,
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
    tables = [
        tidy_table(
            "votes.csv",
            "Votes per copy and row of the form",
            VOTES,
            _votes(results),
            key=("station", "source", "position"),
        ),
        tidy_table("sheets.csv", "Copies", sheet_fields, _sheets(results, further)),
        tidy_table("places.csv", "Areas", PLACES, sorted(results.names.items()), key=("code",)),
    ]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for one in tables:
            package.writestr(one.path, one.content)
        titles, where = results.titles, results.name_of(results.area)
        place = (results.area or "nasional").replace(".", "-")
        sources = sorted({copy.source for one in results.stations for copy in one.copies})
        described = data_package(
            f"{titles.election}-{titles.contest}-{place}",
            f"{titles.contest_name}, {titles.election_name}, {where}",
            results.at,
            tables,
            {
                "stations": len(results.stations),
                "stations_reported": results.reported,
                "sources": [{"title": source_name(source), "path": source} for source in sources],
            },
        )
        package.writestr("datapackage.json", described)
    return out.getvalue()


def _votes(results: AreaResults) -> Iterator[Sequence[object]]:
    for part in results.parts:
        for one in part.stations:
            for rank, copy in enumerate(one.copies, 1):
                yield from choice_rows((one.code, copy.source, rank), part.choices, copy.votes)


def _sheets(results: AreaResults, further: Sequence[str]) -> Iterator[Sequence[object]]:
    for one in results.stations:
        place = one.code, one.village, one.number
        if not one.copies:
            yield (*place, *[None] * (len(SHEETS) - len(place) + len(further)))
        for rank, copy in enumerate(one.copies, 1):
            others = [copy.other.get(name) for name in further]
            yield (
                *place,
                copy.source,
                rank,
                copy.version,
                *figure_cells(copy),
                copy.created_at,
                *others,
            )
