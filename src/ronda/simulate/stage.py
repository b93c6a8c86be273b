"""Everything a play needs before the first message: the mark, the day, the devices, where it was left."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from ronda.gate import selectors as gate
from ronda.kernel.scope import Scope, scoped
from ronda.simulate.day import Day, day_planned
from ronda.simulate.selectors import drill_marked, world_of
from ronda.simulate.services import cast_open, drill_require


@dataclass(frozen=True)
class Stage:
    """A planned day with a token for everybody who sends; `resume_at` is set when it was begun before."""

    day: Day
    tokens: dict[str, str]
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
        return Stage(day, tokens, resume_at=gate.received_last())
