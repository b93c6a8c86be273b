"""A regency in which everybody of the cast is signed in, and the things they write about: for the tests of every
writing request of the site. All is made by the services, so that the request that follows is the next true step.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connections
from django.test import Client

from ronda.agencies.models import Account, Device, Invitation, Post
from ronda.agencies.selectors import account_of, scope_of
from ronda.agencies.services import device_register, invitation_issue, post_open
from ronda.agencies.services.invitations import Invitee
from ronda.agencies.tests.factories import AT, cast, sign_in
from ronda.elections.adapters.choices import ChoiceRow
from ronda.elections.selectors import election_for, station_for
from ronda.elections.services import choices_import, election_create, stations_generate
from ronda.entry.models import EntryDraft
from ronda.entry.services import draft_open, form_open
from ronda.gate.domain import Grant
from ronda.gate.inbox import messages_consume
from ronda.gate.services import message_accept
from ronda.gate.tests.at_the_door import raw
from ronda.incidents import services
from ronda.incidents.domain import Desk, EvidenceKind
from ronda.incidents.models import Action, Handover, Incident, IncidentLink
from ronda.incidents.services import Evidence
from ronda.incidents.tests.cast import said
from ronda.kernel import clock
from ronda.kernel.areas import station_code
from ronda.kernel.scope import Scope, scoped
from ronda.places.services import areas_load
from ronda.plenum.models import Objection, Plenum
from ronda.plenum.selectors import heard
from ronda.plenum.services import column_save, objection_raise, plenum_open
from ronda.publishing.models import Publication
from ronda.publishing.services import publication_confirm, publication_propose
from ronda.readiness.tests.factories import jembrana
from ronda.reports.domain import RejectReason, SourceCheck
from ronda.reports.models import Report
from ronda.reports.services import (
    VerifiedFacts,
    contact_add,
    report_claim,
    report_reject,
    reports_merge,
    reports_receive,
)
from ronda.results.adapters.rows import Origin, SheetRow
from ronda.results.adapters.situng_rows import SheetPlan
from ronda.results.domain import Figures
from ronda.results.models import AuditList
from ronda.results.services import Plan, audit_freeze, sheets_import

AREA = "51.01"
HERE = Desk("bawaslu", AREA)
INVITED = "santi@contoh.id"


@contextmanager
def ronda_on(database: str, blocker: Any) -> Iterator[None]:
    """Ronda itself, pointed at another database of the test server."""
    connection = connections["default"]
    with blocker.unblock():
        name, connection.settings_dict["NAME"] = connection.settings_dict["NAME"], database
        connection.close()
        connection.close_pool()
        try:
            yield
        finally:
            connection.close()
            connection.close_pool()
            connection.settings_dict["NAME"] = name


@dataclass(frozen=True)
class Regency:
    """The posts of the cast, a signed-in browser of each, and what they may have done so far."""

    posts: dict[str, Post]
    browsers: dict[str, Client] = field(default_factory=dict)

    def browser(self, name: str) -> Client:
        """Everybody's own; `fajar` has no account."""
        if name not in self.browsers:
            self.browsers[name] = Client()
            if name != "fajar":
                sign_in(self.browsers[name], self.posts[name])
        return self.browsers[name]

    def scope(self, name: str) -> Scope:
        with scoped(Scope.system()):
            return scope_of(self.posts[name])

    def account(self, name: str) -> Account:
        with scoped(Scope.signin()):
            account = account_of(self.posts[name])
        assert account is not None
        return account

    @property
    def village(self) -> str:
        return str(self.posts["ayu"].area)

    @property
    def polsek(self) -> Desk:
        return Desk("polri", str(self.posts["bagas"].area))

    def done(self, act: Any, who: str, **given: Any) -> Any:
        """A service run in the name of somebody."""
        by = self.scope(who)
        with scoped(by):
            return act(by=by, at=clock.now(), **given)

    # ------------------------------------------------------------------------------------------- reports
    def report(self) -> Report:
        at = clock.now() - timedelta(minutes=5)
        (made,) = reports_receive(incoming=[said(received_at=at, captured_at=at, place=self.village)])
        return made

    def report_with_contact(self) -> Report:
        report = self.report()
        contact_add(message=report.message, name="Fajar", phone="0812", area=AREA, at=clock.now())
        return report

    def rejected(self) -> Report:
        report = self.report()
        self.done(report_reject, "citra", report=report.id, reason=RejectReason.TRIAL, note="uji")
        return report

    def claimed(self) -> Report:
        report = self.report()
        self.done(report_claim, "citra", report=report.id)
        return report

    def grouped(self) -> tuple[Report, Report]:
        """Two reports of one group: the one that leads, and the other."""
        first, second = self.report(), self.report()
        if first.group != second.group:
            self.done(reports_merge, "citra", report=second.id, into=first.id, note="")
        return first, second

    # ----------------------------------------------------------------------------------------- incidents
    def opened(self) -> Incident:
        report, at = self.report(), clock.now()
        facts = VerifiedFacts(
            "violence", self.village, at - timedelta(hours=1), SourceCheck.DOCUMENT, document="LHP/7"
        )
        words = {"title": "Keributan", "summary": "Dua saksi berselisih."}
        return self.done(services.incident_open_from_report, "citra", report=report.id, facts=facts, **words)

    def started(self) -> Incident:
        incident = self.opened()
        return self.done(services.incident_start, "citra", incident=incident.id)

    def handed(self) -> Handover:
        incident, words = self.opened(), "Amankan."
        return self.done(services.handover_send, "citra", incident=incident.id, to=self.polsek, request=words)

    def accepted(self) -> Handover:
        handover = self.handed()
        return self.done(services.handover_accept, "bagas", handover=handover.id)

    def proven(self) -> Incident:
        incident, evidence = self.started(), Evidence(EvidenceKind.DOCUMENT, "LP/12")
        self.done(services.incident_finish, "citra", incident=incident.id, note="Aman.", evidence=evidence)
        return incident

    def closed(self) -> Incident:
        incident = self.proven()
        self.done(services.incident_close, "putri", incident=incident.id, note="Dilihat.")
        return incident

    def action(self) -> Action:
        given = {"title": "Patroli", "owner": HERE, "due_at": clock.now() + timedelta(hours=1)}
        return self.done(services.action_assign, "citra", incident=self.started().id, **given)

    def action_done(self) -> Action:
        action = self.action()
        self.done(services.action_finish, "citra", action=action.id, note="Sudah.")
        return action

    def link(self) -> IncidentLink:
        incident, other = self.opened(), self.opened()
        return self.done(
            services.incident_relate, "citra", incident=incident.id, other=other.id, note="Satu massa."
        )

    # ------------------------------------------------------------------------------------------ messages
    def held(self, **fields: Any) -> UUID:
        """A message that waits for a person: by default because no register knows its place."""
        given = {"kind": "checkin", "election": "pemilu-2024", "place": "Banjar Tegal", **fields}
        sent = raw(**given, body={"step": "opened"})
        message_accept(raw=sent, grant=Grant("bawaslu", "bawaslu", AREA), at=clock.now())
        with scoped(Scope.system()):
            messages_consume(at=clock.now())
        return UUID(json.loads(sent)["id"])

    # -------------------------------------------------------------------------------------------- results
    def counted(self) -> str:
        """A station with two copies that say the same; returns its code."""
        station = station_code(self.village, 1)
        figures = Figures((150, 40), valid=190, invalid=5, users=195, registered=None)
        with scoped(Scope.system()):
            registered = station_for("pilkada-2024", station)
        known = registered and (registered.voters_m, registered.voters_f)
        voters = sum(known) if known and None not in known else 290
        copies = [
            SheetRow(self.village, station, 1, source, replace(figures, registered=voters), "")
            for source in ("ptps", "saksi-01")
        ]
        origin = Origin("pilkada-2024", "BUP", "bawaslu", (), "0" * 64, clock.now())
        with scoped(Scope.system()):
            sheets_import(plan=SheetPlan(sheets=copies), origin=origin)
        return station

    def publication(self) -> Publication:
        self.counted()
        return self.done(publication_propose, "citra", election="pilkada-2024", contests=["BUP"])

    def published(self) -> str:
        """The code of a station whose figures stand published."""
        made = self.publication()
        self.done(publication_confirm, "putri", publication=made.pk, digest=made.digest)
        return station_code(self.village, 1)

    # ------------------------------------------------------------------------------------ entry, plenum
    @property
    def station(self) -> str:
        return station_code(self.village, 1)

    @property
    def district(self) -> str:
        return self.village[:8]

    def lists(self) -> None:
        """The two pairs of the regent's contest, and the stations of the village."""
        rows = [ChoiceRow("BUP", AREA, number, f"Paslon {number}") for number in (1, 2)]
        with scoped(Scope.system()):
            election = election_for("pilkada-2024")
            assert election is not None
            choices_import(election=election, choices=rows, at=clock.now())
            stations_generate(election=election, area=self.village, seed=7, at=clock.now())

    def frozen(self) -> AuditList:
        """The stations of a district that are still missing, frozen for a draw."""
        self.lists()
        which = {"election": "pilkada-2024", "contest": "BUP", "area": self.district}
        return self.done(audit_freeze, "citra", plan=Plan("missing"), **which)

    def draft(self) -> EntryDraft:
        """Citra types the supervisor's copy of a station."""
        self.lists()
        which = {"election": "pilkada-2024", "contest": "BUP", "station": self.station, "source": "ptps"}
        form = self.done(form_open, "citra", **which)
        return self.done(draft_open, "citra", form=form)

    def plenum(self) -> Plenum:
        self.lists()
        return self.done(plenum_open, "citra", election="pilkada-2024", contest="BUP", area=self.district)

    def plenum_heard(self) -> Plenum:
        """Its total was read out."""
        plenum = self.plenum()
        typed = {"v0": "150", "v1": "40", "sah": "190", "tidak_sah": "5", "pengguna_j": "195", "dpt_j": "290"}
        self.done(column_save, "citra", plenum=plenum, code=self.district, typed=typed)
        return plenum

    def difference(self) -> tuple[Plenum, str]:
        """A column was read out that is not its form; the plenum and the key of that finding."""
        plenum, station = self.plenum(), self.counted()
        self.done(column_save, "citra", plenum=plenum, code=station, typed={"v0": "147", "v1": "43"})
        with scoped(self.scope("citra")):
            return plenum, heard(plenum, "id").findings[0].key

    def objection(self) -> Objection:
        plenum, key = self.difference()
        return self.done(objection_raise, "citra", plenum=plenum, key=key)

    # -------------------------------------------------------------------------------------------- people
    def device(self) -> Device:
        with scoped(self.scope("ayu")):
            return device_register(post=self.posts["ayu"], label="HP dinas", kid=1, at=clock.now())

    def invitation(self) -> tuple[Invitation, str]:
        by = self.posts["nyoman"]
        with scoped(self.scope("nyoman")):
            return invitation_issue(
                unit=by.unit, role="officer", invitee=Invitee("Santi", INVITED), by=by, at=clock.now()
            )

    def further_post(self, name: str) -> Post:
        """Another post of the same person."""
        post, account = self.posts[name], self.account(name)
        with scoped(Scope.system()):
            return post_open(
                unit=post.unit, role="officer", name=name, account=account, starts_on=AT.date(), at=AT
            )


def regency_open() -> Regency:
    """Places, elections and stations of Jembrana, the cast, and an administrator of another regency (`dewi`)."""
    at: datetime = AT
    with scoped(Scope.system()):
        areas_load(area=AREA, at=at)
        election_create(law="pilkada-2024", area=AREA, at=at)
    posts = dict(cast())
    jembrana()
    with scoped(Scope.system()):
        account = Account.objects.create_user("dewi@example.test")
        posts["dewi"] = post_open(
            unit=posts["dewa"].unit, role="admin", name="Dewi", account=account, starts_on=at.date(), at=at
        )
    return Regency(posts)
