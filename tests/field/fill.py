"""Fill the database of the field tests and print what they need: `python -m tests.field.fill`.

One regency that votes today, its cast with a phone each, a ballot of two pairs, and an incident that waits for Bagas.
"""

import json
import sys
from datetime import UTC, datetime, timedelta

import django

AREA, ELECTION = "51.01", "pilkada-2024"
PHONES = ("ayu", "bagas", "citra", "dewa")


def main() -> None:
    django.setup()
    at = datetime.now(UTC)
    register(at)
    filled = {"people": cast_with_phones(at), "incident": incident_for_bagas(at), "event": event_of_citra(at)}
    json.dump(filled, sys.stdout)


def register(at: datetime) -> None:
    from ronda.agencies.domain import legal_date
    from ronda.elections.adapters.choices import ChoiceRow
    from ronda.elections.models import Election
    from ronda.elections.services import choices_import, election_create, stations_generate
    from ronda.kernel.scope import Scope, scoped
    from ronda.places.services import areas_load

    with scoped(Scope.system()):
        areas_load(area=AREA, at=at)
        election = election_create(law=ELECTION, area=AREA, at=at)
        stations_generate(election=election, area=AREA, seed=7, at=at)
        rows = [ChoiceRow("BUP", AREA, number, f"Pasangan {number}") for number in (1, 2)]
        choices_import(election=election, choices=rows, at=at)
        Election.objects.filter(pk=ELECTION).update(voting_on=legal_date(at))


def cast_with_phones(at: datetime) -> dict[str, dict[str, str]]:
    from ronda.agencies.services import demo_people
    from ronda.gate.devices import device_enrol
    from ronda.kernel.scope import Scope, scoped

    with scoped(Scope.system()):
        posts = demo_people(area=AREA, at=at).posts
        enrolled = {
            name: device_enrol(post=posts[name], label=f"HP {name}", days=30, by=None, at=at)
            for name in PHONES
        }
    return {
        name: {
            "token": one.token,
            "device": str(one.device.pk),
            "area": posts[name].area,
            "post": str(posts[name].pk),
        }
        for name, one in enrolled.items()
    }


def incident_for_bagas(at: datetime) -> str:
    """Found out by Bawaslu and handed to the police station of Bagas an hour ago."""
    from ronda.agencies.models import Post
    from ronda.agencies.selectors import scope_of
    from ronda.incidents.domain import Desk
    from ronda.incidents.services import IncidentFacts, handover_send, incident_open
    from ronda.kernel.scope import Scope, scoped

    with scoped(Scope.system()):
        posts = {post.display_name: post for post in Post.objects.select_related("unit__agency")}
        citra, bagas, village = scope_of(posts["Citra"]), scope_of(posts["Bagas"]), posts["Ayu"].area
    earlier = at - timedelta(hours=2)
    facts = IncidentFacts(
        kind="intimidation",
        title="Warga dihalangi masuk TPS",
        summary="Sekelompok orang berdiri di pintu.",
        area=village,
        happened_at=earlier,
        known_at=earlier,
        election=ELECTION,
        station_code=f"{village.replace('.', '')}001",
    )
    with scoped(citra):
        incident = incident_open(facts=facts, by=citra, at=earlier)
        to = Desk(bagas.agency, bagas.area)
        handover_send(incident=incident.id, to=to, request="Amankan pintu TPS 01.", by=citra, at=earlier)
    return str(incident.id)


def event_of_citra(at: datetime) -> str:
    """The code of a training of this day."""
    from ronda.agencies.models import Post
    from ronda.agencies.selectors import scope_of
    from ronda.field.services import gathering_open
    from ronda.kernel.scope import Scope, scoped

    with scoped(Scope.system()):
        citra = scope_of(Post.objects.select_related("unit__agency").get(display_name="Citra"))
    with scoped(citra):
        return gathering_open(name="Bimbingan teknis", starts_at=at, by=citra, at=at).code


if __name__ == "__main__":
    main()
