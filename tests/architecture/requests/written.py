"""What a writing request of the tests is, and whom they send it as."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.urls import reverse

from ronda.kernel import clock
from ronda.web.localtime import local
from tests.architecture.regency import AREA, Regency

# An agency with another mandate in the same regency, a party witness, and the same agency in another regency.
STRANGERS = ("gita", "eka", "dewa")
ADMINISTRATORS = ("surya", "dewi", "gita")
UNKNOWN = frozenset({403, 404})
Asked = tuple[str, dict[str, Any]]
WORDS = {"reason": "Salah alamat."}


@dataclass(frozen=True)
class Written:
    """Who sends it; what is made before, which gives address and body; who must not; how strangers are answered."""

    by: str
    made: Callable[[Regency], Asked]
    strangers: tuple[str, ...] = STRANGERS
    answers: frozenset[int] = UNKNOWN
    seen: Callable[[Regency], object] | None = None  # what it changes, when that is part of a session


def moment(hours: int) -> str:
    """A time on the regency's clocks, as a form sends it."""
    return local(clock.now() + timedelta(hours=hours), AREA).strftime("%Y-%m-%dT%H:%M")


def on_record(route: str, make: Callable[[Regency], Any], **body: Any) -> Callable[[Regency], Asked]:
    """A request about the record that `make` makes."""
    return lambda regency: (reverse(route, args=[make(regency).id]), body)
