"""A post of an administrator or a custodian opens only with a key that cannot leave its device."""

import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from ronda.agencies.hardware import is_hardware_bound
from ronda.agencies.models import Account, Post
from ronda.agencies.selectors import account_of
from ronda.agencies.services import post_open
from ronda.agencies.tests.factories import AT, BOUND, COPIED, FLAG, add_key, cast, sign_in
from ronda.kernel.scope import Scope, scoped

pytestmark = pytest.mark.django_db


def key_of(post: Post, flags: FLAG) -> Authenticator:
    with scoped(Scope.signin()):
        account = account_of(post)
        assert account is not None
        return add_key(account, flags)


def sign_in_with(client: Client, post: Post, proof: dict[str, Any]) -> None:
    """Signed in by exactly this proof."""
    sign_in(client, post)
    with scoped(Scope.signin()):
        session = client.session
        session["account_authentication_methods"] = [proof | {"at": time.time()}]
        session.save()


def by_key(key: Authenticator) -> dict[str, Any]:
    return {"method": "mfa", "type": "webauthn", "id": key.pk, "passwordless": True}


@pytest.mark.parametrize("name", ["nyoman", "rai"])
def test_a_bound_key_opens_the_post(client: Client, name: str) -> None:
    post = cast()[name]
    sign_in_with(client, post, by_key(key_of(post, BOUND)))

    assert client.get("/akun/kunci/")["Location"] == "/"
    assert client.get("/akun/").wsgi_request.post == post


@pytest.mark.parametrize("name", ["nyoman", "rai"])
@pytest.mark.parametrize("flags", [COPIED, BOUND | FLAG.BE, BOUND & ~FLAG.UV])
def test_a_key_that_may_be_copied_or_asks_for_nobody_does_not(client: Client, name: str, flags: FLAG) -> None:
    post = cast()[name]
    sign_in_with(client, post, by_key(key_of(post, flags)))

    assert client.get("/orang/")["Location"] == "/akun/kunci/"
    assert client.get("/siaga/aliran/", headers={"Accept": "text/event-stream"}).status_code == 204
    asked = client.get("/akun/").wsgi_request
    assert (asked.post, asked.real_post, asked.reach) == (None, None, Scope.public())
    assert client.post("/akun/lihat-sebagai/mulai/", {"post": str(cast()["ayu"].pk)}).status_code == 404


@pytest.mark.parametrize(
    "proof",
    [
        {"method": "mfa", "type": "totp", "id": 1},
        {"method": "mfa", "type": "recovery_codes"},
        {"method": "socialaccount"},
        {"method": "demo"},
    ],
)
def test_no_other_proof_opens_it(client: Client, proof: dict[str, Any]) -> None:
    post = cast()["nyoman"]
    key_of(post, BOUND)  # the account has one, but this session does not rest on it
    sign_in_with(client, post, proof)

    assert client.get("/orang/")["Location"] == "/akun/kunci/"


def test_the_key_of_somebody_else_does_not_count(client: Client) -> None:
    posts = cast()
    foreign = key_of(posts["surya"], BOUND)
    sign_in_with(client, posts["nyoman"], by_key(foreign))

    assert client.get("/orang/")["Location"] == "/akun/kunci/"


def test_a_removed_key_has_no_effect_on_the_next_request(client: Client) -> None:
    post = cast()["nyoman"]
    key = key_of(post, BOUND)
    sign_in_with(client, post, by_key(key))
    assert client.get("/orang/").status_code == 200

    with scoped(Scope.signin()):
        Authenticator.objects.filter(pk=key.pk).delete()

    assert client.get("/orang/")["Location"] == "/akun/kunci/"


def test_control_without_the_setting_a_copied_key_opens_it(client: Client, settings: Any) -> None:
    settings.HARDWARE_KEYS = False
    post = cast()["nyoman"]
    sign_in_with(client, post, by_key(key_of(post, COPIED)))

    assert client.get("/orang/").status_code == 200


def test_an_officer_comes_in_with_any_key(client: Client) -> None:
    post = cast()["citra"]
    sign_in_with(client, post, by_key(key_of(post, COPIED)))

    assert client.get("/akun/").wsgi_request.post == post


def test_the_page_says_what_to_do(client: Client) -> None:
    post = cast()["nyoman"]
    sign_in_with(client, post, by_key(key_of(post, COPIED)))
    with scoped(Scope.signin()):
        bound = [key for key in Authenticator.objects.all() if is_hardware_bound(key)]
        Authenticator.objects.filter(pk__in=[key.pk for key in bound]).delete()

    page = client.get("/akun/kunci/").text
    assert "Pasang kunci" in page
    assert "Google, Apple" in page

    key_of(post, BOUND)
    assert "Pakai kunci" in client.get("/akun/kunci/").text


def test_another_post_of_the_same_person_stays_open(client: Client) -> None:
    post = cast()["nyoman"]
    with scoped(Scope.system()):
        officer = post_open(unit=post.unit, role="officer", name="Nyoman", account=account_of(post), at=AT)
    sign_in_with(client, post, {"method": "mfa", "type": "totp", "id": 1})
    assert "Pakai jabatan lain" in client.get("/akun/kunci/").text

    client.post("/akun/jabatan/", {"post": str(officer.pk)})

    assert client.get("/akun/").wsgi_request.post == officer


def test_a_stolen_code_brings_no_key_of_its_own(client: Client) -> None:
    post = cast()["nyoman"]
    key_of(post, BOUND)
    sign_in_with(client, post, {"method": "mfa", "type": "totp", "id": 1})

    assert client.get("/masuk/kunci/tambah/")["Location"].startswith("/masuk/ulang/kunci/")
    assert client.post("/masuk/kunci/tambah/", {"credential": "{}"})["Location"].startswith(
        "/masuk/ulang/kunci/"
    )


def test_the_first_key_may_be_set_up_by_who_has_none(client: Client) -> None:
    post = cast()["nyoman"]
    sign_in_with(client, post, {"method": "mfa", "type": "totp", "id": 1})
    with scoped(Scope.signin()):
        Authenticator.objects.filter(user=Account.objects.get(person__posts=post)).delete()

    assert client.get("/masuk/kunci/tambah/").status_code == 200
