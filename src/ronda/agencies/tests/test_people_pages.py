"""The pages of the people of a unit; what lies outside it does not exist there."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from ronda.agencies.models import Invitation, Post
from ronda.agencies.selectors import account_of, scope_of
from ronda.agencies.services import invitation_issue, post_open
from ronda.agencies.services.invitations import Invitee
from ronda.agencies.tests.factories import AT, age_proofs, cast, sign_in
from ronda.kernel import clock
from ronda.kernel.models import AuditLine, EventRow
from ronda.kernel.scope import Scope, scoped

pytestmark = pytest.mark.django_db

HEAD = "nama,surel,peran,wilayah\n"


def file_of(text: str | bytes) -> dict[str, SimpleUploadedFile]:
    content = text.encode() if isinstance(text, str) else text
    return {"file": SimpleUploadedFile("orang.csv", content, "text/csv")}


def waiting(posts: dict[str, Post], by: str = "nyoman") -> Invitation:
    with scoped(scope_of(posts[by])):
        invitee = Invitee(name="Santi", email="santi@contoh.id")
        return invitation_issue(
            unit=posts[by].unit, role="officer", invitee=invitee, by=posts[by], at=clock.now()
        )[0]


def test_lists_the_people_of_ones_own_unit_and_below(client: Client) -> None:
    posts = cast()
    waiting(posts)
    sign_in(client, posts["nyoman"])

    page = client.get("/orang/").text

    for name in ("Ayu", "Citra", "Putri", "Rai", "Santi"):
        assert name in page
    for name in ("Bagas", "Dewa", "Eka", "Gita"):
        assert name not in page


def test_filters_by_name_and_unit(client: Client) -> None:
    posts = cast()
    sign_in(client, posts["nyoman"])

    def names(**query: str) -> list[str]:
        return [row["post"].display_name for row in client.get("/orang/", query).context["rows"]]

    assert names(q="ay") == ["Ayu"]
    assert names(unit=str(posts["ayu"].unit_id)) == ["Ayu"]
    assert len(names(unit="x' OR 1=1", page="-7")) == 5


@pytest.mark.parametrize("name", ["citra", "ayu", "bagas", "eka", "made", "rai"])
def test_other_roles_have_no_such_page(client: Client, name: str) -> None:
    posts = cast()
    sign_in(client, posts[name])

    for path in _pages(posts):
        assert client.get(path).status_code in (404, 405), path


@pytest.mark.parametrize("name", ["dewa", "surya"])
def test_an_administrator_of_another_regency_or_agency_finds_nothing(client: Client, name: str) -> None:
    posts = dict(cast())
    invitation = waiting(posts)
    with scoped(Scope.system()):
        account = account_of(posts[name])
        admin = post_open(unit=posts[name].unit, role="admin", name=name.title(), account=account, at=AT)
    sign_in(client, admin)

    assert name.title() in client.get("/orang/").text
    assert "Ayu" not in client.get("/orang/").text
    assert client.get(f"/orang/jabatan/{posts['ayu'].pk}/").status_code == 404
    assert client.post(f"/orang/jabatan/{posts['ayu'].pk}/akhiri/").status_code == 404
    renewal = client.post(f"/orang/jabatan/{posts['ayu'].pk}/pulihkan/", {"email": "a@b.id"})
    assert renewal.status_code == 404
    assert client.post(f"/orang/undangan/{invitation.pk}/batal/").status_code == 404


def test_a_stranger_is_sent_to_the_door(client: Client) -> None:
    for path in _pages(dict(cast())):
        assert client.get(path).status_code in (302, 405)


def test_inviting_shows_the_link_once(client: Client) -> None:
    posts = cast()
    sign_in(client, posts["nyoman"])
    assert "Kejaksaan" not in client.get("/orang/undang/").text  # only own units

    page = client.post(
        "/orang/undang/",
        {"name": "Santi", "email": "santi@contoh.id", "unit": str(posts["ayu"].unit_id), "role": "officer"},
    )

    link = page.context["link"]
    assert link in page.text
    assert Client().get(link.removeprefix("http://testserver")).status_code == 200
    assert link.split("/")[-2] not in client.get("/orang/").text


def test_inviting_into_a_foreign_unit_is_no_choice(client: Client) -> None:
    posts = cast()
    sign_in(client, posts["nyoman"])

    page = client.post(
        "/orang/undang/",
        {"name": "S", "email": "s@contoh.id", "unit": str(posts["dewa"].unit_id), "role": "officer"},
    )

    assert page.context["form"].errors["unit"]


def test_a_head_offers_no_administrator(client: Client) -> None:
    posts = cast()
    sign_in(client, posts["putri"])

    page = client.post(
        "/orang/undang/",
        {"name": "S", "email": "s@contoh.id", "unit": str(posts["putri"].unit_id), "role": "admin"},
    )

    assert page.context["form"].errors["role"]


def test_ending_a_post_is_one_event_and_one_audit_line_however_often(client: Client) -> None:
    posts = cast()
    sign_in(client, posts["nyoman"])
    path = f"/orang/jabatan/{posts['ayu'].pk}/akhiri/"

    assert client.post(path).status_code == 302
    assert client.post(path).status_code == 302

    with scoped(Scope.system()):
        assert EventRow.objects.filter(name="post.ended").count() == 1
        assert AuditLine.objects.get(action="post.ended").person == posts["nyoman"].person_id
    ayu = Client()
    sign_in(ayu, posts["ayu"])
    assert ayu.get("/orang/").status_code == 403


def test_nobody_ends_their_own_post(client: Client) -> None:
    posts = cast()
    sign_in(client, posts["nyoman"])

    assert client.post(f"/orang/jabatan/{posts['nyoman'].pk}/akhiri/").status_code == 404


def test_a_head_does_not_end_an_administrator(client: Client) -> None:
    posts = cast()
    sign_in(client, posts["putri"])

    assert client.post(f"/orang/jabatan/{posts['nyoman'].pk}/akhiri/").status_code == 404


def test_withdrawing_an_invitation(client: Client) -> None:
    posts = dict(cast())
    invitation = waiting(posts)
    sign_in(client, posts["nyoman"])

    assert client.post(f"/orang/undangan/{invitation.pk}/batal/").status_code == 302
    with scoped(Scope.system()):
        assert Invitation.objects.get().revoked_at is not None


def test_a_table_invites_all(client: Client) -> None:
    posts = cast()
    sign_in(client, posts["nyoman"])
    table = "\ufeffNama;Surel;Peran;Wilayah\nSanti;santi@contoh.id;petugas;51.01\nUmar;u@contoh.id;piket;51.01.02\n"

    page = client.post("/orang/undang/berkas/", file_of(table))

    assert "2 undangan dibuat" in page.text
    assert page.context["table"].count("/masuk/undangan/") == 2


def test_a_wrong_row_invites_nobody_and_says_where(client: Client) -> None:
    posts = cast()
    sign_in(client, posts["nyoman"])
    table = (
        HEAD
        + "Santi,santi@contoh.id,petugas,51.01\nUmar,bukan surel,raja,5101\nTini,t@contoh.id,piket,51.02\n"
    )

    page = client.post("/orang/undang/berkas/", file_of(table))

    assert page.status_code == 422
    assert {(error.row, error.column) for error in page.context["errors"]} == {
        (3, "surel"),
        (3, "peran"),
        (3, "wilayah"),
    }
    with scoped(Scope.system()):
        assert not Invitation.objects.exists()


def test_a_row_for_another_regency_invites_nobody(client: Client) -> None:
    posts = cast()
    sign_in(client, posts["nyoman"])
    dewa = posts["dewa"].area
    table = HEAD + f"Santi,santi@contoh.id,petugas,51.01\nTini,t@contoh.id,petugas,{dewa}\n"

    page = client.post("/orang/undang/berkas/", file_of(table))

    assert [(error.row, error.column) for error in page.context["errors"]] == [(3, "peran")]
    with scoped(Scope.system()):
        assert not Invitation.objects.exists()


def test_step_up_is_asked_before_people_change(client: Client) -> None:
    posts = cast()
    sign_in(client, posts["nyoman"])
    age_proofs(client)

    for path in ("/orang/undang/", "/orang/undang/berkas/"):
        assert client.get(path)["Location"].startswith("/masuk/ulang/")
    answer = client.post(
        f"/orang/jabatan/{posts['ayu'].pk}/akhiri/",
        headers={"Referer": f"http://testserver/orang/jabatan/{posts['ayu'].pk}/"},
    )
    assert answer["Location"].startswith("/masuk/ulang/?next=%2Forang%2Fjabatan%2F")
    with scoped(Scope.system()):
        assert Post.objects.get(pk=posts["ayu"].pk).ends_on is None


def _pages(posts: dict[str, Post]) -> list[str]:
    post = posts["putri"].pk
    return [
        "/orang/",
        "/orang/undang/",
        "/orang/undang/berkas/",
        f"/orang/jabatan/{post}/",
        f"/orang/jabatan/{post}/akhiri/",
        f"/orang/jabatan/{post}/pulihkan/",
        f"/orang/undangan/{post}/batal/",
    ]
