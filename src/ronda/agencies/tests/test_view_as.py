"""An administrator sees exactly what a post sees, and can change nothing meanwhile."""

from contextlib import nullcontext
from typing import Any

import pytest
from django.db import InternalError, connection, transaction
from django.test import Client

from ronda.agencies.domain import NotAllowed, legal_date
from ronda.agencies.models import Post
from ronda.agencies.selectors import posts_viewable, scope_of
from ronda.agencies.services import post_end, view_as_start
from ronda.agencies.services.sessions import may_view_as
from ronda.agencies.tests.factories import AT, cast, sign_in
from ronda.kernel.ids import uuid7
from ronda.kernel.models import AuditLine, EventRow
from ronda.kernel.scope import Scope, scoped

pytestmark = [pytest.mark.django_db, pytest.mark.urls("ronda.agencies.tests.probe")]


def begin(client: Client, target: Post) -> int:
    return client.post("/akun/lihat-sebagai/mulai/", {"post": str(target.pk)}).status_code


@pytest.mark.parametrize("name", ["ayu", "citra", "putri"])
def test_sees_exactly_what_the_post_sees(client: Client, name: str) -> None:
    posts = cast()
    own = Client()
    sign_in(own, posts[name])
    sign_in(client, posts["nyoman"])

    begin(client, posts[name])

    assert client.get("/probe/who").json() == own.get("/probe/who").json()


def guarded_row() -> str:
    """The address of a record of class 3 in the regency."""
    row = EventRow(
        id=uuid7(), area="51.01", agency="bawaslu", sensitivity=3, name="test.made", record="event", created_at=AT
    )  # fmt: skip
    with scoped(Scope.system()):
        row.save(force_insert=True)
    return f"/api/v1/records/event/{row.pk}"


def readings() -> list[AuditLine]:
    with scoped(Scope.system()):
        return list(AuditLine.objects.filter(action="record.read"))


def test_a_guarded_reading_shows_the_same_and_is_noted_for_the_one_who_looks(client: Client) -> None:
    posts, path, own = cast(), guarded_row(), Client()
    sign_in(own, posts["citra"])
    sign_in(client, posts["nyoman"])
    begin(client, posts["citra"])

    assert client.get(path).json() == own.get(path).json()

    looked, read = sorted(readings(), key=lambda line: "seen_as" not in line.detail)
    assert (looked.person, looked.agency) == (posts["nyoman"].person_id, "bawaslu")
    assert looked.detail == read.detail | {"seen_as": str(posts["citra"].pk)}
    assert read.person == posts["citra"].person_id


def test_what_cannot_be_noted_is_not_shown(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    posts, path = cast(), guarded_row()
    sign_in(client, posts["nyoman"])
    begin(client, posts["citra"])

    def full(self: AuditLine, **options: Any) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(AuditLine, "save", full)
    client.raise_request_exception = False
    answer = client.get(path)

    assert answer.status_code == 500
    assert "test.made" not in answer.text
    monkeypatch.undo()
    assert not readings()


def test_control_without_waiting_lines_a_guarded_reading_fails(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ronda.agencies.middleware.looking_as", lambda **who: nullcontext())
    posts, path = cast(), guarded_row()
    sign_in(client, posts["nyoman"])
    begin(client, posts["citra"])

    with pytest.raises(InternalError, match="read-only transaction"):
        client.get(path)


@pytest.mark.parametrize(
    ("who", "target"),
    [
        ("nyoman", "bagas"),  # another agency
        ("nyoman", "dewa"),  # another regency
        ("nyoman", "rai"),  # a holder of keys
        ("citra", "ayu"),  # no administrator
        ("putri", "ayu"),
        ("surya", "citra"),
        ("nyoman", "nyoman"),
    ],
)
def test_refuses_what_is_out_of_reach(client: Client, who: str, target: str) -> None:
    posts = cast()
    sign_in(client, posts[who])
    before = client.get("/probe/who").json()

    assert begin(client, posts[target]) == 404
    assert client.get("/probe/who").json() == before
    with scoped(scope_of(posts[who])), pytest.raises(NotAllowed):
        view_as_start(by=posts[who], target=posts[target], at=AT)


@pytest.mark.parametrize("wanted", ["", "x", "00000000-0000-0000-0000-000000000000"])
def test_refuses_what_does_not_exist(client: Client, wanted: str) -> None:
    sign_in(client, cast()["nyoman"])

    assert client.post("/akun/lihat-sebagai/mulai/", {"post": wanted}).status_code == 404


def test_a_form_is_refused(client: Client) -> None:
    posts = cast()
    sign_in(client, posts["nyoman"])
    begin(client, posts["putri"])

    answer = client.post(f"/orang/jabatan/{posts['ayu'].pk}/akhiri/")

    assert answer.status_code == 403
    assert "tidak ada yang dapat diubah" in answer.text
    with scoped(Scope.system()):
        assert Post.objects.get(pk=posts["ayu"].pk).ends_on is None


def test_the_database_refuses_a_page_that_writes_although_it_is_only_read(client: Client) -> None:
    posts = cast()
    sign_in(client, posts["nyoman"])
    begin(client, posts["citra"])

    with pytest.raises(InternalError, match="read-only transaction"):
        client.get("/probe/write", {"post": str(posts["ayu"].pk)})

    with scoped(Scope.system()):
        assert Post.objects.get(pk=posts["ayu"].pk).ends_on is None


def test_control_without_the_read_only_block_that_page_would_write(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ronda.agencies.middleware._read_only", lambda: None)
    posts = cast()
    sign_in(client, posts["nyoman"])
    begin(client, posts["citra"])

    assert client.get("/probe/write", {"post": str(posts["ayu"].pk)}).text == "written"


def test_read_only_ends_with_its_block() -> None:
    """PostgreSQL gives the mode of the outer block back; the session is saved after the view."""
    post = cast()["citra"]
    with scoped(Scope.system()):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
        Post.objects.filter(pk=post.pk).update(ends_on="2030-01-01")


def test_ends_with_a_press_and_leaves_two_audit_lines(client: Client) -> None:
    posts = cast()
    sign_in(client, posts["nyoman"])
    begin(client, posts["ayu"])

    client.post("/akun/lihat-sebagai/selesai/")

    assert client.get("/probe/who").json()["person"] == str(posts["nyoman"].person_id)
    with scoped(Scope.system()):
        lines = AuditLine.objects.filter(record="post", action__startswith="view_as").order_by("pk")
        assert [(line.action, line.person, line.subject) for line in lines] == [
            ("view_as.started", posts["nyoman"].person_id, posts["ayu"].pk),
            ("view_as.stopped", posts["nyoman"].person_id, posts["ayu"].pk),
        ]


@pytest.mark.parametrize("ended", ["ayu", "nyoman"])
def test_ends_when_either_post_ends(client: Client, ended: str) -> None:
    posts = cast()
    sign_in(client, posts["nyoman"])
    begin(client, posts["ayu"])
    with scoped(Scope.system()):
        post_end(post=posts[ended], by=None, at=AT)

    seen = client.get("/probe/who").json()

    assert seen["person"] == ("" if ended == "nyoman" else str(posts["nyoman"].person_id))


def test_the_account_page_stays_ones_own(client: Client) -> None:
    posts = cast()
    sign_in(client, posts["nyoman"])
    begin(client, posts["ayu"])

    page = client.get("/akun/").text

    assert "nyoman.5101@demo.invalid" in page
    assert "ayu.5101@demo.invalid" not in page


def test_offers_only_what_may_be_seen_as() -> None:
    posts = cast()

    for own in posts.values():
        with scoped(scope_of(own)):
            offered = posts_viewable(own=own, today=legal_date(AT))
            assert all(may_view_as(by=own, target=post) for post in offered)
            assert bool(offered) == (own.role == "admin")
