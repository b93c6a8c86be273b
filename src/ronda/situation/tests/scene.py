"""A small Jembrana on voting day, with incidents that move through the services, and the whole cast signed up."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ronda.agencies.models import Post
from ronda.agencies.selectors import scope_of
from ronda.agencies.tests.factories import cast
from ronda.incidents import services
from ronda.incidents.domain import Desk, EvidenceKind
from ronda.incidents.models import Incident
from ronda.incidents.services import Evidence, IncidentFacts
from ronda.kernel.scope import Scope, scoped
from ronda.readiness.services import checkins_record
from ronda.readiness.tests.factories import (
    ELECTION,
    MENDOYO,
    PENYARINGAN,
    YEHEMBANG,
    jembrana,
    local,
    message,
    step,
)

NOON = local("12.00")
POLSEK = Desk("polri", MENDOYO)


@dataclass(frozen=True)
class Scene:
    """The posts of the cast, and what they do."""

    posts: Mapping[str, Post]

    def scope(self, name: str) -> Scope:
        with scoped(Scope.system()):
            return scope_of(self.posts[name])

    def did(self, service: Any, who: str, at: datetime, **given: Any) -> Any:
        by = self.scope(who)
        with scoped(by):
            return service(by=by, at=at, **given)

    def opened(
        self, title: str, at: datetime, *, kind: str = "violence", area: str = PENYARINGAN
    ) -> Incident:
        facts = IncidentFacts(
            kind=kind,
            title=title,
            summary="Dua saksi berselisih.",
            area=area,
            happened_at=at,
            known_at=at,
            election=ELECTION,
        )
        return self.did(services.incident_open, "citra", at, facts=facts)

    def handed(self, title: str, at: datetime) -> Incident:
        incident = self.opened(title, at)
        given = {"incident": incident.id, "to": POLSEK, "request": "Amankan."}
        self.did(services.handover_send, "citra", at + timedelta(minutes=5), **given)
        return incident

    def closed(self, title: str, at: datetime) -> Incident:
        incident, evidence = self.opened(title, at), Evidence(EvidenceKind.DOCUMENT, "LP/12")
        self.did(services.incident_start, "citra", at, incident=incident.id)
        self.did(services.incident_finish, "citra", at, incident=incident.id, note="Aman.", evidence=evidence)
        self.did(
            services.incident_close, "putri", at + timedelta(minutes=30), incident=incident.id, note="Ya."
        )
        return incident


def scene() -> Scene:
    """Yesterday one incident, today four more; two stations opened late, a warehouse leaks."""
    posts = cast()
    jembrana()
    made = Scene(posts)
    made.opened("Kemarin", local("10.00", day=-1), kind="logistics_late")
    made.handed("Diserahkan", local("09.00"))
    made.opened("Baru", local("11.50"), area=YEHEMBANG)
    made.closed("Selesai", local("08.00"))
    made.opened("Sore", local("15.00"))
    with scoped(Scope.system()):
        leak = {"step": "warehouse", "name": "Gudang KPU", "checks": {"G05": False}}
        words = [step("opened", local("07.01"), PENYARINGAN, number) for number in (1, 2)]
        checkins_record(
            messages=[*words, message(leak, local("05.30"), place=MENDOYO, station=None)], at=local("07.05")
        )
        late = step("opened", local("07.02"), PENYARINGAN, 3, received_at=local("16.00"))
        checkins_record(messages=[late], at=local("16.00"))
    return made
