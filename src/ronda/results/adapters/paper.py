"""The rows of a contest's form in the order of the paper: those of the law, and the choices of the area."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ronda.elections.selectors import choice_list, contest_for, election_for, party_rows
from ronda.law.forms import FormField, form_fields
from ronda.methods.tally import party_total
from ronda.results.adapters.typed import row_id

if TYPE_CHECKING:
    from ronda.elections.models import Choice


@dataclass(frozen=True, slots=True)
class Box:
    """One box of the form: its id, which column of the row it is, and how its row is called."""

    id: str
    column: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the paper with its boxes."""

    ref: str
    name: str
    boxes: tuple[Box, ...]
    kind: str = ""
    party: int = 0
    number: int = 0


@dataclass(frozen=True, slots=True)
class Paper:
    """The rows of one contest's form, part by part, in the order of the paper."""

    parts: tuple[tuple[str, tuple[Line, ...]], ...]
    choices: int
    parties: dict[int, tuple[int, ...]]

    @property
    def boxes(self) -> frozenset[str]:
        return frozenset(box.id for _part, lines in self.parts for line in lines for box in line.boxes)


def paper_of(*, election: str, contest: str, area: str, language: str, district: str = "") -> Paper:
    """The form of a contest: rows of the law, with the choices of the area (or of one electoral district in it) between
    them."""
    found = election_for(election)
    row = contest_for(found, contest, area=area, district=district) if found else None
    choices = list(choice_list(row)) if row else []
    parties = party_rows(row)
    rows = [
        Line(_number(one), one.name, (Box(row_id(at)),), one.kind, one.party, one.number)
        for at, one in enumerate(choices)
    ]
    rows = _with_totals(rows, parties)
    fields = form_fields()
    before = tuple((part, _lines(fields, part, language)) for part in ("voters", "ballots", "disability"))
    after = tuple((part, _lines(fields, part, language)) for part in ("totals", "signatures"))
    return Paper((*before, ("choices", tuple(rows)), *after), len(choices), parties)


def _number(choice: Choice) -> str:
    is_listed = choice.party and choice.number
    return f"{choice.party}.{choice.number}" if is_listed else str(choice.party or choice.number)


def _with_totals(rows: list[Line], parties: dict[int, tuple[int, ...]]) -> list[Line]:
    """The written total of each party below its rows."""
    after = {places[-1]: number for number, places in parties.items()}
    made: list[Line] = []
    for at, row in enumerate(rows):
        made.append(row)
        if at in after:
            made.append(Line("B", "", (Box(party_total(after[at])),), "total"))
    return made


def _lines(fields: tuple[FormField, ...], part: str, language: str) -> tuple[Line, ...]:
    return tuple(
        Line(
            one.ref,
            one.name.in_language(language),
            tuple(Box(id_, column) for id_, column in zip(one.ids, one.columns or ("",), strict=True)),
        )
        for one in fields
        if one.part == part
    )
