"""Results as NIST SP 1500-100 revision 2 (Election Results Reporting Common Data Format), in JSON.

A station counts by the copy that is read first. Areas above carry sums of what has come in, with the stations they
rest on. Invalid votes are ballots rejected; further figures of the form have no slot and go as counts of another type.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.text import slugify

from ronda.kernel.areas import Level, ancestors, level
from ronda.results.adapters.area_results import AreaResults, StationResult
from ronda.results.models import Sheet
from ronda.web.context import drill
from ronda.web.localtime import local

Json = dict[str, Any]
P = "ElectionResults."
UNIT_TYPE = {
    Level.NATION: "country",
    Level.PROVINCE: "state",
    Level.REGENCY: "county",
    Level.DISTRICT: "township",
    Level.VILLAGE: "village",
}


def nist_json(results: AreaResults, *, issuer: str) -> bytes:
    """The report as UTF-8."""
    return json.dumps(nist_report(results, issuer=issuer), ensure_ascii=False, separators=(",", ":")).encode()


def nist_report(results: AreaResults, *, issuer: str) -> Json:
    """One contest in an area, by station; where the area holds several electoral districts, a contest for each."""
    units, parts = list(_units(results)), results.parts
    return _of(
        "ElectionReport",
        Format="precinct-level",
        GeneratedDate=local(results.at, results.area).isoformat(timespec="seconds"),
        Issuer=issuer,
        IssuerAbbreviation="Ronda",
        VendorApplicationId="Ronda",
        SequenceStart=1,
        SequenceEnd=1,
        Status=_status(results),
        Notes="Bukan hasil resmi. Not an official result.",
        IsTest=True if drill() else None,
        TestType=drill() or None,
        Election=[_election(results, parts, units)],
        GpUnit=[
            *(_gp_unit(results, unit) for unit in units),
            *(_district_unit(part) for part in parts if part.district),
        ],
        **_parties(parts),
    )


def _of(kind: str, **fields: Any) -> Json:
    return {"@type": P + kind, **{name: value for name, value in fields.items() if value is not None}}


def _text(words: str) -> Json:
    return _of("InternationalizedText", Text=[_of("LanguageString", Content=words, Language="id")])


def _status(results: AreaResults) -> str:
    """Complete means every station known has a copy; never certified: that is not ours to say."""
    whole = bool(results.stations) and results.reported == len(results.stations)
    return "unofficial-complete" if whole else "unofficial-partial"


@dataclass(frozen=True)
class Unit:
    """A station or an area: its copies that count, and how many stations it has."""

    code: str
    name: str
    kind: str
    parts: tuple[str, ...]
    sheets: tuple[Sheet, ...]
    stations: int

    @property
    def id(self) -> str:
        return f"gp-{self.code or '00'}"


def _units(results: AreaResults) -> Iterator[Unit]:
    """The area, all areas below it and above its stations down to them, and the stations."""
    below: dict[str, list[StationResult]] = {results.area: []}
    parts: dict[str, dict[str, None]] = {results.area: {}}
    for one in results.stations:
        inner = one.code
        for code in [one.village, *ancestors(one.village), ""]:
            below.setdefault(code, []).append(one)
            parts.setdefault(code, {})[inner] = None
            if code == results.area:
                break
            inner = code
    for code, stations in sorted(below.items()):
        sheets = tuple(one.first for one in stations if one.first)
        yield Unit(
            code, results.name_of(code), UNIT_TYPE[level(code)], tuple(parts[code]), sheets, len(stations)
        )
    for one in results.stations:
        yield Unit(one.code, f"TPS {one.number:02d}", "precinct", (), (one.first,) if one.first else (), 1)


def _gp_unit(results: AreaResults, unit: Unit) -> Json:
    return _of(
        "ReportingUnit",
        **{"@id": unit.id},
        Type=unit.kind,
        Name=_text(unit.name),
        ComposingGpUnitIds=[f"gp-{code}" for code in unit.parts] or None,
        ExternalIdentifier=[_of("ExternalIdentifier", Type="local-level", Value=unit.code)]
        if unit.code
        else None,
        SubUnitsReported=len(unit.sheets),
        TotalSubUnits=unit.stations,
        VotersRegistered=_total(sheet.registered for sheet in unit.sheets),
        VotersParticipated=_total(sheet.users for sheet in unit.sheets),
    )


def _district_unit(part: AreaResults) -> Json:
    """The electoral district of a list, made of its villages."""
    villages = dict.fromkeys(one.village for one in part.stations)
    return _of(
        "ReportingUnit",
        **{"@id": _district_id(part)},
        Type="other",
        OtherType="electoral-district",
        Name=_text(part.district),
        ComposingGpUnitIds=[f"gp-{code}" for code in villages] or None,
        SubUnitsReported=part.reported,
        TotalSubUnits=len(part.stations),
    )


def _district_id(part: AreaResults) -> str:
    return f"gp-{part.area or '00'}{_suffix(part)}"


def _suffix(part: AreaResults) -> str:
    """What keeps the ids of several lists apart; nothing where there is one."""
    return f"-{slugify(part.district)}" if part.district else ""


def _total(figures: Iterable[int | None]) -> int | None:
    """The sum, unless a figure is missing or there is none: empty is not zero."""
    known = list(figures)
    return None if not known or None in known else sum(number for number in known if number is not None)


def _election(results: AreaResults, parts: Sequence[AreaResults], units: Sequence[Unit]) -> Json:
    day = results.voting_on.isoformat()
    return _of(
        "Election",
        Name=_text(results.titles.election_name),
        Type="general",
        StartDate=day,
        EndDate=day,
        ElectionScopeId=f"gp-{results.area or '00'}",
        ExternalIdentifier=[
            _of("ExternalIdentifier", Type="other", OtherType="ronda", Value=results.titles.election)
        ],
        Candidate=[candidate for part in parts for candidate in _candidates(part)],
        Contest=[_contest(part, units if part is results else list(_units(part))) for part in parts],
        BallotCounts=[count for unit in units for count in _ballots(unit)],
    )


def _candidates(results: AreaResults) -> list[Json]:
    return [
        _of(
            "Candidate",
            **{"@id": f"cand{_suffix(results)}-{at}"},
            BallotName=_text(choice.name),
            PartyId=f"party-{choice.party}" if choice.party else None,
        )
        for at, choice in enumerate(results.choices, 1)
        if not _is_party(choice.party, choice.number)
    ]


def _is_party(party: int, number: int) -> bool:
    return party > 0 and number == 0


def _parties(parts: Sequence[AreaResults]) -> Mapping[str, list[Json]]:
    """Every party of the forms, by the name of its own row."""
    choices = [choice for part in parts for choice in part.choices]
    names = {choice.party: f"Partai {choice.party}" for choice in choices if choice.party}
    names |= {choice.party: choice.name for choice in choices if _is_party(choice.party, choice.number)}
    found = [_of("Party", **{"@id": f"party-{party}"}, Name=_text(name)) for party, name in names.items()]
    return {"Party": found} if found else {}


def _contest(results: AreaResults, units: Sequence[Unit]) -> Json:
    titles = results.titles
    return _of(
        "CandidateContest",
        **{"@id": f"contest-{titles.contest}{_suffix(results)}"},
        Name=titles.contest_name,
        Abbreviation=titles.contest,
        ElectionDistrictId=_district_id(results),
        VotesAllowed=1,
        SubUnitsReported=results.reported,
        TotalSubUnits=len(results.stations),
        ContestSelection=[_selection(results, units, at) for at in range(len(results.choices))],
    )


def _selection(results: AreaResults, units: Sequence[Unit], at: int) -> Json:
    choice = results.choices[at]
    is_party = _is_party(choice.party, choice.number)
    who = (
        {"PartyIds": [f"party-{choice.party}"]}
        if is_party
        else {"CandidateIds": [f"cand{_suffix(results)}-{at + 1}"]}
    )
    counts = [(unit, _total(_vote(sheet, at) for sheet in unit.sheets)) for unit in units]
    return _of(
        "PartySelection" if is_party else "CandidateSelection",
        **{"@id": f"sel{_suffix(results)}-{at + 1}"},
        **who,
        SequenceOrder=at + 1,
        VoteCounts=[
            _of("VoteCounts", GpUnitId=unit.id, Type="total", Count=count)
            for unit, count in counts
            if count is not None
        ],
    )


def _vote(sheet: Sheet, at: int) -> int | None:
    return sheet.votes[at] if at < len(sheet.votes) else None


def _ballots(unit: Unit) -> Iterator[Json]:
    valid, invalid = (_total(getattr(sheet, name) for sheet in unit.sheets) for name in ("valid", "invalid"))
    if valid is not None and invalid is not None:
        yield _of(
            "BallotCounts",
            GpUnitId=unit.id,
            Type="total",
            BallotsCast=valid + invalid,
            BallotsRejected=invalid,
        )
    for name in sorted({name for sheet in unit.sheets for name in sheet.other}):
        count = _total(sheet.other.get(name) for sheet in unit.sheets)
        if count is not None:
            yield _of("BallotCounts", GpUnitId=unit.id, Type="other", OtherType=name, BallotsCast=count)
