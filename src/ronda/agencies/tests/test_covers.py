"""Leave and shifts: who covers acts as themselves with the reach of the post, for the span and no longer."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from ronda.agencies.domain import CoverRefused, NotAllowed
from ronda.agencies.models import Account, Cover, Post
from ronda.agencies.selectors import account_of, post_acting, posts_acting, scope_of
from ronda.agencies.services import Span, cover_end, cover_set, post_end, post_open
from ronda.agencies.tests.factories import AT, cast, sign_in
from ronda.kernel import clock
from ronda.kernel.models import AuditLine
from ronda.kernel.scope import Scope, scoped

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
SHIFT = Span(AT, AT + 8 * HOUR, "Cuti")


@pytest.fixture
def posts(db: None, monkeypatch: pytest.MonkeyPatch) -> dict[str, Post]:
    monkeypatch.setattr(clock, "now", lambda: AT + HOUR)
    people = dict(cast())
    with scoped(Scope.system()):
        unit = people["ayu"].unit
        account = Account.objects.create_user("ketut@example.test")
        people["ketut"] = post_open(
            unit=unit, role="officer", name="Ketut", account=account, at=AT, starts_on=AT.date()
        )
    return people


def _set(posts: dict[str, Post], post: str, by_post: str, *, by: str = "nyoman", span: Span = SHIFT) -> Cover:
    with scoped(Scope.system()):
        scope = scope_of(posts[by])
    with scoped(scope):
        return cover_set(post=posts[post], by_post=posts[by_post], span=span, by=posts[by], at=AT)


def _acting(post: Post, at: datetime) -> list[Post]:
    with scoped(Scope.signin()):
        account = account_of(post)
        assert account is not None
        return posts_acting(account_id=account.pk, at=at)


def test_who_covers_has_the_reach_of_the_post_and_remains_themselves(posts: dict[str, Post]) -> None:
    _set(posts, "citra", "ketut")

    own, covered = _acting(posts["ketut"], AT + HOUR)

    assert own.pk == posts["ketut"].pk
    scope = scope_of(covered)
    assert (scope.area, scope.classes) == (posts["citra"].area, (0, 1, 2, 3))
    assert scope.person == str(posts["ketut"].person_id), "the second person of a closure is counted by it"
    assert covered.display_name == "Ketut, menggantikan Citra"


@pytest.mark.parametrize("apart", [-HOUR, 8 * HOUR, 9 * HOUR])
def test_before_and_after_the_span_there_is_nothing(posts: dict[str, Post], apart: timedelta) -> None:
    _set(posts, "citra", "ketut")

    assert [post.pk for post in _acting(posts["ketut"], AT + apart)] == [posts["ketut"].pk]


def test_ended_early_its_rights_are_gone_at_once(posts: dict[str, Post]) -> None:
    cover = _set(posts, "citra", "ketut")
    with scoped(Scope.system()):
        cover_end(cover=cover, by=posts["nyoman"], at=AT + HOUR)
        cover_end(cover=cover, by=posts["nyoman"], at=AT + 2 * HOUR)
        assert AuditLine.objects.filter(action="cover.ended").count() == 1

    assert len(_acting(posts["ketut"], AT + HOUR)) == 1


def test_what_is_done_bears_both_names(posts: dict[str, Post]) -> None:
    _set(posts, "citra", "ketut")
    covered = _acting(posts["ketut"], AT + HOUR)[1]
    scope = scope_of(covered)

    with scoped(scope):
        post = post_acting(scope, today=AT.date())

    assert post is not None
    assert post.display_name == "Ketut, menggantikan Citra"


def test_the_holder_may_ask_for_the_own_leave_and_a_colleague_may_not(posts: dict[str, Post]) -> None:
    _set(posts, "citra", "ketut", by="citra")

    with pytest.raises(NotAllowed):
        _set(posts, "putri", "ketut", by="citra")


@pytest.mark.parametrize("post", ["nyoman", "rai"])
def test_keys_and_administration_are_not_covered(posts: dict[str, Post], post: str) -> None:
    with pytest.raises(NotAllowed):
        _set(posts, post, "ketut")


@pytest.mark.parametrize(
    ("by_post", "span"),
    [
        ("oka", SHIFT),
        ("citra", SHIFT),
        ("ketut", Span(AT - 3 * HOUR, AT - 2 * HOUR, "Cuti")),
        ("ketut", Span(AT, AT + timedelta(days=32), "Cuti")),
        ("ketut", Span(AT, AT + HOUR, " ")),
    ],
    ids=["another agency", "themselves", "past", "too long", "no reason"],
)
def test_a_cover_that_does_not_fit_is_refused(posts: dict[str, Post], by_post: str, span: Span) -> None:
    with pytest.raises(CoverRefused):
        _set(posts, "citra", by_post, span=span)


def test_one_post_has_one_cover_at_a_time_and_the_same_twice_is_one(posts: dict[str, Post]) -> None:
    first = _set(posts, "citra", "ketut")
    assert _set(posts, "citra", "ketut").pk == first.pk

    with pytest.raises(CoverRefused, match="Ketut"):
        _set(posts, "citra", "ayu", span=Span(AT + HOUR, AT + 9 * HOUR, "Cuti"))


def test_who_covers_gives_the_post_on_to_nobody(posts: dict[str, Post]) -> None:
    _set(posts, "citra", "ketut")
    covered = _acting(posts["ketut"], AT + HOUR)[1]

    with scoped(scope_of(covered)), pytest.raises(NotAllowed):
        cover_set(post=covered, by_post=posts["ayu"], span=SHIFT, by=covered, at=AT + HOUR)


def test_a_post_that_ends_ends_its_covers(posts: dict[str, Post]) -> None:
    cover = _set(posts, "citra", "ketut")
    with scoped(Scope.system()):
        post_end(post=posts["ketut"], by=None, at=AT + HOUR)
        cover.refresh_from_db()

    assert cover.ended_at == AT + HOUR


def test_another_agency_sees_no_cover(posts: dict[str, Post]) -> None:
    _set(posts, "citra", "ketut")
    for name in ("oka", "dewa"):
        with scoped(Scope.system()):
            scope = scope_of(posts[name])
        with scoped(scope):
            assert not Cover.objects.exists()


def test_the_page_sets_and_ends_a_cover_and_who_covers_switches_to_it(
    client: Client, posts: dict[str, Post]
) -> None:
    sign_in(client, posts["nyoman"])
    given = {
        "post": str(posts["citra"].pk),
        "by_post": str(posts["ketut"].pk),
        "starts_at": "2024-11-27T10:00",
        "ends_at": "2024-11-27T20:00",
        "reason": "Cuti",
    }
    assert client.get("/pengganti/").status_code == 200
    assert client.post("/pengganti/", given).status_code == 302
    with scoped(Scope.system()):
        cover = Cover.objects.get()
    assert cover.starts_at == datetime(2024, 11, 27, 2, 0, tzinfo=AT.tzinfo), "typed on the clocks of Bali"
    assert "Ketut menggantikan Citra" in client.get("/pengganti/").content.decode()

    other = Client()
    sign_in(other, posts["ketut"])
    needs = other.get("/siaga/urusan/").content.decode()
    assert "Ketut, menggantikan Citra" in needs
    other.post("/akun/jabatan/", {"post": str(posts["citra"].pk)})
    assert "Ketut, menggantikan Citra" in other.get("/siaga/").content.decode()

    client.post(f"/pengganti/{cover.pk}/akhiri/")
    assert "menggantikan" not in other.get("/siaga/").content.decode()


def test_a_stranger_ends_nothing(client: Client, posts: dict[str, Post]) -> None:
    cover = _set(posts, "citra", "ketut")
    for name in ("oka", "dewa", "ayu"):
        sign_in(client, posts[name])
        assert client.post(f"/pengganti/{cover.pk}/akhiri/").status_code in (302, 404)
    with scoped(Scope.system()):
        cover.refresh_from_db()
    assert cover.ended_at is None
