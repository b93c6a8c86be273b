"""What the demo database holds before the first message comes in."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

ELECTION = "pemilu-2024"
SEED = 7
Say = Callable[[str], AbstractContextManager[None]]


class RealDataError(Exception):
    """This database holds what is not made up; the text says what to do."""


def demo_load(*, area: str, say: Say) -> None:
    """Places, an election, simulated polling stations and people of a regency; what is there stays."""
    from ronda.agencies.services import demo_people
    from ronda.elections.selectors import station_list
    from ronda.elections.services import election_create, stages_mark_past, stations_generate
    from ronda.kernel import clock
    from ronda.kernel.scope import Scope, scoped
    from ronda.places.services import areas_load
    from ronda.simulate.services import drill_mark

    with scoped(Scope.system()):
        stations = station_list(ELECTION, area=area)
        if stations.filter(is_simulated=False).exists():
            raise RealDataError(
                "This database holds real polling stations: the demo never runs in it. Set RONDA_VAR elsewhere."
            )
        drill_mark(area=area, election=ELECTION, at=clock.now())
        if stations.exists():
            return
    with say(f"Loading the places of {area}"), scoped(Scope.system()):
        areas_load(area=area, at=clock.now())
    with say("Loading the election and simulated polling stations"), scoped(Scope.system()):
        election = election_create(law=ELECTION, area=area, at=clock.now())
        stations_generate(election=election, area=area, seed=SEED, at=clock.now())
        stages_mark_past(election=election, area=area, on=election.voting_on, at=clock.now())
    with say("Appointing the demo people"), scoped(Scope.system()):
        demo_people(area=area, at=clock.now())


def demo_people_shown() -> list[list[str]]:
    """Who can be signed in as, with their unit."""
    from ronda.agencies.selectors import demo_posts
    from ronda.kernel.scope import Scope, scoped

    with scoped(Scope.signin()):
        return [[post.display_name, post.unit.name] for post in demo_posts()]
