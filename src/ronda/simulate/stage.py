"""Everything a play needs before the first message: the mark, the day, the devices, where it was left."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from ronda.agencies import selectors as agencies
from ronda.gate import selectors as gate
from ronda.kernel.scope import Scope, scoped
from ronda.simulate.day import Day, day_planned
from ronda.simulate.selectors import drill_marked, world_of
from ronda.simulate.services import cast_open, drill_require


@dataclass(frozen=True)
class Stage:
    """A planned day, a token for everybody who sends, the demo's people by name; `resume_at`: it was begun before."""

    day: Day
    tokens: dict[str, str]
    desks: dict[str, str]
    resume_at: datetime | None = None


def stage_set(*, area: str, seed: int) -> Stage:
    """Refuses where real data may be; otherwise plans the day and appoints its people."""
    with scoped(Scope.system()):
        mark = drill_marked(area)
        drill_require(area=area, election=mark.election if mark else "")
        assert mark is not None
        day = day_planned(world_of(area=area, election=mark.election), seed)
        starts_at = day.world.at("05:00", day=-30)
        tokens = cast_open(cast=day.cast, area=area, keys=settings.KEYS, at=starts_at)
        resume_at = gate.received_last()
    return Stage(day, tokens, _desks(area), resume_at)


def _desks(area: str) -> dict[str, str]:
    """The demo's people of a regency and the posts they sign in with."""
    with scoped(Scope.signin()):
        return {
            post.display_name: str(post.pk) for post in agencies.demo_posts() if post.area.startswith(area)
        }
