"""The world of a drill, read from the registers."""

from ronda.elections import selectors as elections
from ronda.law import election_laws
from ronda.places import selectors as places
from ronda.simulate.models import DrillMark
from ronda.simulate.world import Station, World
from ronda.web.localtime import zone_of

CONTEST = "PPWP"


def drill_marked(area: str) -> DrillMark | None:
    """The mark of a regency in this database, the latest one if there are several."""
    return DrillMark.objects.filter(area=area).order_by("-created_at").first()


def world_of(*, area: str, election: str) -> World:
    """Places and stations of a regency, and what the law says of the election. ValueError when there are none."""
    row = elections.election_for(election)
    law = election_laws().get(row.law if row else election)
    if row is None or law is None:
        raise ValueError(f"there is no election {election!r} here: load it first")
    stations = elections.station_list(row, area=area).values_list(
        "code", "area", "number", "voters_m", "voters_f"
    )
    contest = next((one for one in law.contests if one.code == CONTEST), law.contests[0])
    return World(
        area=area,
        election=election,
        voting_on=row.voting_on,
        zone=zone_of(area),
        names=places.area_names_below(area),
        stations=tuple(
            Station(code, village, number, None if men is None or women is None else men + women)
            for code, village, number, men, women in stations
        ),
        choices=tuple(choice.number for choice in contest.choices) or (1, 2),
        contest=contest.code,
        reserve=law.station.reserve,
        voters_max=law.station.voters_max,
    )
