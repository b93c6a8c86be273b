"""Each request acts with the rights of one post, found anew (promise S19)."""

import time
from datetime import date, timedelta
from functools import lru_cache

import pytest
from asgiref.sync import async_to_sync
from django.test import AsyncClient, Client

from ronda.agencies import selectors
from ronda.agencies.models import Account, Post, Session
from ronda.agencies.services import post_end, post_open, sessions_end
from ronda.agencies.sessions import SEEN, STARTED, digest
from ronda.agencies.tests.factories import AT, cast, sign_in
from ronda.kernel.scope import Scope, scoped

pytestmark = [pytest.mark.django_db, pytest.mark.urls("ronda.agencies.tests.probe")]


def who(client: Client) -> dict[str, object]:
    answer: dict[str, object] = client.get("/probe/who").json()
    return answer


def test_a_stranger_has_the_public_scope(client: Client) -> None:
    assert who(client) == {"agency": "publik", "area": "", "classes": [0], "person": "", "sees": []}


def test_a_post_sees_its_own_area_and_agency(client: Client) -> None:
    posts = cast()

    sign_in(client, posts["citra"])

    assert who(client)["area"] == "51.01"
    assert who(client)["sees"] == ["Ayu", "Citra", "Nyoman", "Putri", "Rai"]


def test_dewa_sees_nobody_of_this_regency(client: Client) -> None:
    posts = cast()

    sign_in(client, posts["dewa"])

    assert who(client)["sees"] == ["Dewa"]


def test_an_ended_post_has_no_effect_on_the_next_request(client: Client) -> None:
    posts = cast()
    sign_in(client, posts["citra"])
    assert who(client)["agency"] == "bawaslu"

    with scoped(Scope.system()):
        post_end(post=posts["citra"], by=None, at=AT)

    assert who(client)["agency"] == "publik"
    assert client.get("/probe/guarded").status_code == 403


def test_control_a_cached_post_would_keep_its_effect(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same steps with a cache in the way: if this did not turn red, the test above could not."""
    fresh = selectors.posts_held
    cached = lru_cache(lambda account_id, today: tuple(fresh(account_id=account_id, today=today)))
    monkeypatch.setattr(selectors, "posts_held", lambda *, account_id, today: list(cached(account_id, today)))
    posts = cast()
    sign_in(client, posts["citra"])
    assert who(client)["agency"] == "bawaslu"

    with scoped(Scope.system()):
        post_end(post=posts["citra"], by=None, at=AT)

    assert who(client)["agency"] == "bawaslu"


def test_a_post_that_has_not_begun_has_no_effect(client: Client) -> None:
    post = cast()["citra"]
    with scoped(Scope.system()):
        Post.objects.filter(pk=post.pk).update(ends_on=date(2018, 1, 2))
        account = selectors.account_of(post)
        later = post_open(
            unit=post.unit, role="duty", name="Citra", account=account, at=AT, starts_on=date(2999, 1, 1)
        )
    sign_in(client, later)

    assert who(client)["agency"] == "publik"


def test_a_removed_session_is_a_stranger_on_the_next_request(client: Client) -> None:
    post = cast()["citra"]
    sign_in(client, post)
    assert who(client)["agency"] == "bawaslu"

    with scoped(Scope.signin()):
        account = selectors.account_of(post)
        assert account is not None
        sessions_end(account=account)

    assert who(client)["agency"] == "publik"


def test_a_closed_account_is_a_stranger_on_the_next_request(client: Client) -> None:
    post = cast()["citra"]
    sign_in(client, post)

    with scoped(Scope.system()):
        Account.objects.filter(person__posts=post).update(is_active=False)

    assert who(client)["agency"] == "publik"


@pytest.mark.parametrize(
    ("name", "idle", "alive"),
    [("citra", 29, True), ("citra", 31, False), ("nyoman", 14, True), ("nyoman", 16, False)],
)
def test_idle_sessions_end(client: Client, name: str, idle: int, alive: bool) -> None:
    sign_in(client, cast()[name])
    age_session(client, seen_minutes=idle, started_minutes=idle)

    assert (who(client)["agency"] == "bawaslu") is alive


@pytest.mark.parametrize(
    ("name", "hours", "alive"),
    [("citra", 11, True), ("citra", 13, False), ("nyoman", 3, True), ("nyoman", 5, False)],
)
def test_busy_sessions_end_all_the_same(client: Client, name: str, hours: int, alive: bool) -> None:
    sign_in(client, cast()[name])
    age_session(client, seen_minutes=1, started_minutes=hours * 60)

    assert (who(client)["agency"] == "bawaslu") is alive


def test_a_page_that_refreshes_itself_does_not_keep_a_session_alive(client: Client) -> None:
    sign_in(client, cast()["citra"])
    age_session(client, seen_minutes=10, started_minutes=20)

    client.get("/probe/who", headers={"Accept": "text/event-stream"})
    client.get("/probe/who", headers={"X-Ronda-Background": "1"})
    with scoped(Scope.signin()):
        assert time.time() - client.session[SEEN] > 500

    client.get("/probe/who")
    with scoped(Scope.signin()):
        assert time.time() - client.session[SEEN] < 5


def test_the_table_of_sessions_holds_no_key_that_a_cookie_could_carry(client: Client) -> None:
    sign_in(client, cast()["citra"])
    key = client.cookies["ronda_session"].value

    with scoped(Scope.signin()):
        stored = Session.objects.get()

    assert stored.session_key == digest(key) != key
    thief = Client()
    thief.cookies["ronda_session"] = stored.session_key
    assert who(thief)["agency"] == "publik"


def test_a_failed_request_leaves_nothing_written(client: Client) -> None:
    post = cast()["ayu"]
    sign_in(client, cast()["citra"])
    client.raise_request_exception = False

    assert client.get("/probe/write", {"post": str(post.pk), "fail": "1"}).status_code == 500
    with scoped(Scope.system()):
        assert Post.objects.get(pk=post.pk).ends_on is None

    assert client.get("/probe/write", {"post": str(post.pk)}).status_code == 200
    with scoped(Scope.system()):
        assert Post.objects.get(pk=post.pk).ends_on == date(2030, 1, 1)


def test_guards_send_a_stranger_to_the_door_and_back(client: Client) -> None:
    answer = client.get("/probe/guarded?x=1")

    assert answer.status_code == 302
    assert answer["Location"] == "/masuk/?next=/probe/guarded%3Fx%3D1"
    fragment = client.get("/probe/guarded", headers={"HX-Request": "true"})
    assert fragment.status_code == 401
    assert fragment["HX-Redirect"].startswith("/masuk/")


def test_a_page_of_another_role_does_not_exist(client: Client) -> None:
    posts = cast()
    sign_in(client, posts["citra"])
    assert client.get("/probe/admins").status_code == 404

    sign_in(client, posts["nyoman"])
    assert client.get("/probe/admins").status_code == 200


def test_somebody_with_two_posts_acts_in_one_and_may_change(client: Client) -> None:
    posts = cast()
    with scoped(Scope.system()):
        account = selectors.account_of(posts["ayu"])
        second = post_open(
            unit=posts["citra"].unit, role="duty", name="Ayu", account=account, at=AT - timedelta(1)
        )
    sign_in(client, posts["ayu"])
    assert who(client)["area"] == posts["ayu"].area

    client.post("/akun/jabatan/", {"post": str(second.pk)})
    assert who(client)["area"] == "51.01"
    assert client.post("/akun/jabatan/", {"post": str(posts["citra"].pk)}).status_code == 404


def age_session(client: Client, *, seen_minutes: float, started_minutes: float) -> None:
    with scoped(Scope.signin()):
        session = client.session
        session[SEEN] = time.time() - seen_minutes * 60
        session[STARTED] = time.time() - started_minutes * 60
        session.save()


def test_the_running_server_answers_too(client: Client) -> None:
    """Under ASGI a request has a `scope` of its own, which must stay the server's."""
    posts = cast()
    sign_in(client, posts["citra"])
    browser = AsyncClient()
    browser.cookies.update(client.cookies)

    assert async_to_sync(browser.get)("/probe/who").json() == who(client)
    assert async_to_sync(browser.get)("/masuk/").status_code == 302
    assert async_to_sync(AsyncClient().get)("/masuk/").status_code == 200
