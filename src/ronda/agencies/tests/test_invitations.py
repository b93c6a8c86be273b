"""An invitation works once, in time, for the person it names, and only for posts its giver may give."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.db import ProgrammingError
from django.test import Client

from ronda.agencies import selectors
from ronda.agencies.domain import InvitationRefused, NotAllowed
from ronda.agencies.models import Account, Invitation, Post, Session
from ronda.agencies.selectors import scope_of
from ronda.agencies.services import (
    invitation_accept,
    invitation_issue,
    invitation_revoke,
    post_end,
    post_open,
)
from ronda.agencies.services.invitations import Acceptance, Invitee
from ronda.agencies.tests.factories import AT, age_proofs, cast, sign_in
from ronda.kernel import clock
from ronda.kernel.models import AuditLine, EventRow
from ronda.kernel.scope import Scope, scoped

pytestmark = pytest.mark.django_db

PASSWORD = "bambu-kuning-pagi-17"
SANTI = Invitee(name="Santi", email="Santi@Contoh.id")
GIVEN = Acceptance(email="santi@contoh.id", name="Santi", phone="0812", password=PASSWORD)


def invite(by: Post, role: str = "officer", unit: Post | None = None, invitee: Invitee = SANTI) -> str:
    with scoped(scope_of(by)):
        return invitation_issue(unit=(unit or by).unit, role=role, invitee=invitee, by=by, at=AT)[1]


def accept(token: str, given: Acceptance = GIVEN, after: timedelta = timedelta()) -> Post:
    with scoped(Scope.signin()):
        return invitation_accept(token=token, given=given, at=AT + after)


def test_makes_an_account_and_a_post() -> None:
    post = accept(invite(cast()["nyoman"]))

    assert (post.display_name, post.role, post.area, post.agency) == ("Santi", "officer", "51.01", "bawaslu")
    with scoped(Scope.signin()):
        account = selectors.account_of(post)
        assert account is not None
        assert account.email == "santi@contoh.id"
        assert account.check_password(PASSWORD)
        assert account.password.startswith("argon2")


def test_writes_the_events_and_audit_lines_without_names() -> None:
    nyoman = cast()["nyoman"]
    accept(invite(nyoman))

    with scoped(Scope.system()):
        names = list(EventRow.objects.filter(name__startswith="invitation.").values_list("name", flat=True))
        issued = AuditLine.objects.get(action="invitation.issued")
        assert sorted(names) == ["invitation.accepted", "invitation.issued"]
        assert issued.person == nyoman.person_id
        assert "Santi" not in str(list(EventRow.objects.values()) + list(AuditLine.objects.values()))


def test_works_once() -> None:
    token = invite(cast()["nyoman"])
    accept(token)

    with pytest.raises(InvitationRefused, match="sudah dipakai"):
        accept(token)


def test_works_for_seven_days() -> None:
    token = invite(cast()["nyoman"])

    with pytest.raises(InvitationRefused, match="lewat waktu"):
        accept(token, after=timedelta(days=7))
    assert accept(token, after=timedelta(days=6, hours=23))


def test_a_revoked_link_is_worthless() -> None:
    nyoman = cast()["nyoman"]
    token = invite(nyoman)
    with scoped(scope_of(nyoman)):
        invitation_revoke(invitation=Invitation.objects.get(), by=nyoman, at=AT)

    with pytest.raises(InvitationRefused, match="dibatalkan"):
        accept(token)


def test_works_only_for_the_address_it_was_made_for() -> None:
    token = invite(cast()["nyoman"])

    with pytest.raises(InvitationRefused, match="bukan alamat yang diundang"):
        accept(token, Acceptance(email="lain@contoh.id", name="X", password=PASSWORD))


def test_a_link_of_somebody_who_left_is_worthless() -> None:
    nyoman = cast()["nyoman"]
    token = invite(nyoman)
    with scoped(Scope.system()):
        post_end(post=nyoman, by=None, at=AT)

    with pytest.raises(InvitationRefused, match="tidak menjabat lagi"):
        accept(token)


def test_neither_link_nor_address_is_stored() -> None:
    token = invite(cast()["nyoman"])

    with scoped(Scope.system()):
        stored = str(Invitation.objects.values().get())
    assert token not in stored
    assert "contoh.id" not in stored.lower()


@pytest.mark.parametrize(
    ("who", "role", "where"),
    [
        ("citra", "officer", "citra"),  # a duty officer appoints nobody
        ("putri", "admin", "putri"),  # a head makes no administrator
        ("nyoman", "officer", "bagas"),  # another agency
        ("nyoman", "officer", "dewa"),  # another regency
        ("surya", "officer", "citra"),
    ],
)
def test_refuses_a_post_its_giver_may_not_give(who: str, role: str, where: str) -> None:
    posts = cast()

    with pytest.raises(NotAllowed):
        invite(posts[who], role, unit=posts[where])
    with scoped(Scope.system()):
        assert not Invitation.objects.exists()


def test_the_database_refuses_an_invitation_into_another_regency_too() -> None:
    """Were the check in the service gone, the row policy would still stand."""
    posts = cast()
    with pytest.raises(ProgrammingError, match="row-level security"), scoped(scope_of(posts["nyoman"])):
        invitation_issue(unit=posts["dewa"].unit, role="officer", invitee=SANTI, by=None, at=AT)


def test_an_existing_account_takes_a_further_post_only_when_signed_in() -> None:
    posts = cast()
    first = accept(invite(posts["nyoman"]))
    token = invite(posts["nyoman"], "duty")

    with pytest.raises(InvitationRefused, match="Masuklah dahulu"):
        accept(token)
    with scoped(Scope.signin()):
        account = selectors.account_of(first)
    second = accept(token, Acceptance(email="santi@contoh.id", name="", account=account))
    assert second.person_id == first.person_id
    assert second.role == "duty"


def test_a_signed_in_account_proves_itself_before_it_takes_a_further_post(client: Client) -> None:
    posts = cast()
    santi = accept(invite(posts["nyoman"]))
    unit = posts["nyoman"].unit
    with scoped(scope_of(posts["nyoman"])):
        _made, token = invitation_issue(
            unit=unit, role="duty", invitee=SANTI, by=posts["nyoman"], at=clock.now()
        )
    link = f"/masuk/undangan/{token}/"
    sign_in(client, santi)
    age_proofs(client)

    assert client.get(link)["Location"].startswith("/masuk/ulang/?next=%2Fmasuk%2Fundangan%2F")
    assert client.post(link)["Location"].startswith("/masuk/ulang/")
    with scoped(Scope.system()):
        assert Post.objects.filter(person=santi.person_id).count() == 1

    sign_in(client, santi)
    assert client.post(link)["Location"] == "/akun/"
    with scoped(Scope.system()):
        assert Post.objects.filter(person=santi.person_id).count() == 2


def test_renewal_replaces_every_way_in(client: Client) -> None:
    posts = cast()
    santi = accept(invite(posts["nyoman"]))
    sign_in(client, santi)
    with scoped(Scope.signin()):
        account = selectors.account_of(santi)
        assert account is not None
        Authenticator.objects.create(user=account, type="totp", data={"secret": "x"})
    lost = Invitee(name="Santi", email="santi@contoh.id", renews=santi.person_id)

    accept(
        invite(posts["nyoman"], "officer", invitee=lost),
        Acceptance(email="santi@contoh.id", name="", password="kelapa-muda-manis-9"),
    )

    with scoped(Scope.signin()):
        account = Account.objects.get(pk=account.pk)
        assert account.check_password("kelapa-muda-manis-9")
        assert not Authenticator.objects.exists()
        assert not Session.objects.filter(account=account).exists()
        assert Post.objects.filter(person_id=santi.person_id).count() == 1


def test_renewal_cannot_take_over_a_post_its_giver_has_no_power_over() -> None:
    posts = cast()
    santi = accept(invite(posts["nyoman"]))
    with scoped(Scope.system()):
        account = selectors.account_of(santi)
        post_open(unit=posts["dewa"].unit, role="admin", name="Santi", account=account, at=AT)
    lost = Invitee(name="Santi", email="santi@contoh.id", renews=santi.person_id)
    token = invite(posts["nyoman"], "officer", invitee=lost)

    with pytest.raises(InvitationRefused, match="tempat lain"):
        accept(token, Acceptance(email="santi@contoh.id", name="", password="kelapa-muda-manis-9"))


def test_renewal_of_an_unknown_address_makes_no_account() -> None:
    posts = cast()
    lost = Invitee(name="Ayu", email="penipu@contoh.id", renews=posts["ayu"].person_id)
    token = invite(posts["nyoman"], "officer", invitee=lost)

    with pytest.raises(InvitationRefused):
        accept(token, Acceptance(email="penipu@contoh.id", name="Ayu", password=PASSWORD))
    with scoped(Scope.signin()):
        assert not Account.objects.filter(email="penipu@contoh.id").exists()


# ------------------------------------------------------------------------------------------------ pages
def test_the_page_of_a_link_signs_the_person_in_and_asks_for_a_second_factor(client: Client) -> None:
    nyoman = cast()["nyoman"]
    with scoped(scope_of(nyoman)):
        token = invitation_issue(unit=nyoman.unit, role="officer", invitee=SANTI, by=nyoman, at=clock.now())[
            1
        ]
    page = client.get(f"/masuk/undangan/{token}/")
    assert page.status_code == 200
    assert "Petugas lapangan" in page.text

    done = client.post(
        f"/masuk/undangan/{token}/", {"email": "santi@contoh.id", "name": "Santi", "password": PASSWORD}
    )

    assert done["Location"] == "/akun/pengaman/"
    assert "Kunci masuk" in client.get("/akun/pengaman/").text
    assert client.get("/orang/")["Location"] == "/akun/pengaman/"  # nothing else before it
    assert client.get(f"/masuk/undangan/{token}/").status_code == 410


def test_the_page_refuses_a_weak_password_and_keeps_the_link(client: Client) -> None:
    nyoman = cast()["nyoman"]
    with scoped(scope_of(nyoman)):
        token = invitation_issue(unit=nyoman.unit, role="officer", invitee=SANTI, by=nyoman, at=clock.now())[
            1
        ]

    page = client.post(
        f"/masuk/undangan/{token}/", {"email": "santi@contoh.id", "name": "Santi", "password": "rahasia"}
    )

    assert page.status_code == 200
    assert client.get(f"/masuk/undangan/{token}/").status_code == 200


@pytest.mark.parametrize("token", ["x", "a" * 43, "' OR 1=1 --", "%00"])
def test_an_unknown_link_says_so(client: Client, token: str) -> None:
    assert client.get(f"/masuk/undangan/{token}/").status_code in (404, 410)


def _now():
    from ronda.kernel import clock

    return clock.now()
