"""Signing in: password and code, limits, step-up, and what the demo adds only to the demo."""

import time

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, reverse

from ronda.agencies import selectors
from ronda.agencies.models import Account, Attempt, Post, Session
from ronda.agencies.services import post_open
from ronda.agencies.tests.factories import AT, age_proofs, cast, sign_in
from ronda.kernel.scope import Scope, scoped

pytestmark = pytest.mark.django_db
PASSWORD = "bambu-kuning-pagi-17"


def with_password(post: Post, *, code: bool = False) -> tuple[Account, str]:
    """The account of a post with a password, and the secret of its one-time codes."""
    secret = generate_totp_secret()
    with scoped(Scope.signin()):
        account = selectors.account_of(post)
        assert account is not None
        account.set_password(PASSWORD)
        account.save(update_fields=["password"])
        if code:
            data = {"secret": get_adapter().encrypt(secret)}
            Authenticator.objects.create(user=account, type="totp", data=data)
    return account, secret


def now_code(secret: str, step: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + step))


def enter(client: Client, email: str, password: str = PASSWORD) -> str:
    answer = client.post("/masuk/", {"login": email, "password": password})
    return answer.get("Location", "")


def test_password_and_code(client: Client) -> None:
    account, secret = with_password(cast()["citra"], code=True)

    assert enter(client, account.email) == "/masuk/kode/"
    assert client.get("/akun/")["Location"].startswith("/masuk/")  # not in yet
    assert client.post("/masuk/kode/", {"code": now_code(secret)})["Location"] == "/"
    assert client.get("/akun/").status_code == 200


def test_a_wrong_code_keeps_the_door_shut(client: Client) -> None:
    account, _secret = with_password(cast()["citra"], code=True)
    enter(client, account.email)

    page = client.post("/masuk/kode/", {"code": "000000"})

    assert "tidak cocok" in page.text
    assert client.get("/akun/").status_code == 302


def test_a_code_works_once_even_in_another_process(client: Client) -> None:
    account, secret = with_password(cast()["citra"], code=True)
    code = now_code(secret)
    enter(client, account.email)
    client.post("/masuk/kode/", {"code": code})
    cache.clear()  # the mark stands on the code itself, not among the counts

    again = Client()
    enter(again, account.email)
    assert "sudah dipakai" in again.post("/masuk/kode/", {"code": code}).text


def test_the_secret_of_the_codes_is_encrypted_at_rest() -> None:
    _account, secret = with_password(cast()["citra"], code=True)

    with scoped(Scope.signin()):
        assert secret not in str(Authenticator.objects.get().data)


def test_a_password_alone_leads_only_to_setting_up_a_second_factor(client: Client) -> None:
    account, _secret = with_password(cast()["putri"])

    assert enter(client, account.email) == "/"
    assert client.get("/orang/")["Location"] == "/akun/pengaman/"

    page = client.get("/masuk/aplikasi/pasang/")
    secret = page.context["form"].secret
    done = client.post("/masuk/aplikasi/pasang/", {"code": now_code(secret)})
    assert done["Location"] == "/masuk/cadangan/"
    assert client.get("/masuk/cadangan/").status_code == 200
    assert client.get("/orang/").status_code == 200


@pytest.mark.urls("ronda.agencies.tests.probe")
def test_a_password_alone_gives_no_reach_anywhere(client: Client) -> None:
    account, _secret = with_password(cast()["nyoman"])
    enter(client, account.email)

    assert client.get("/probe/who")["Location"] == "/akun/pengaman/"
    assert client.get("/probe/who", headers={"Accept": "text/event-stream"}).status_code == 204
    page = client.get("/akun/")
    assert page.wsgi_request.post is None
    assert page.wsgi_request.reach == Scope.public()
    assert client.post("/akun/jabatan/", {"post": str(cast()["nyoman"].pk)}).status_code == 404


def test_a_recovery_code_opens_once(client: Client) -> None:
    account, _secret = with_password(cast()["citra"], code=True)
    with scoped(Scope.signin()):
        codes = RecoveryCodes.activate(account)
        first = codes.get_unused_codes()[0]
    enter(client, account.email)
    assert client.post("/masuk/kode/", {"code": first})["Location"] == "/"

    again = Client()
    enter(again, account.email)
    assert again.post("/masuk/kode/", {"code": first}).status_code == 200


def test_wrong_passwords_are_limited_without_keeping_an_address(client: Client) -> None:
    account, _secret = with_password(cast()["citra"])
    for _attempt in range(5):
        page = client.post(
            "/masuk/", {"login": account.email, "password": "salah"}, REMOTE_ADDR="203.0.113.77"
        )
        assert "tidak cocok" in page.text

    page = client.post("/masuk/", {"login": account.email, "password": PASSWORD}, REMOTE_ADDR="203.0.113.77")

    assert "Terlalu sering" in page.text
    with scoped(Scope.signin()):
        kept = str(list(Attempt.objects.values()))
    assert "203.0.113.77" not in kept
    assert account.email not in kept


def test_an_unknown_address_and_a_wrong_password_look_the_same(client: Client) -> None:
    account, _secret = with_password(cast()["citra"])

    wrong = client.post("/masuk/", {"login": account.email, "password": "salah"}).context["form"].errors
    unknown = client.post("/masuk/", {"login": "x@contoh.id", "password": "salah"}).context["form"].errors

    assert wrong == unknown


def test_there_is_no_open_sign_up(client: Client) -> None:
    with pytest.raises(NoReverseMatch):
        reverse("account_signup")
    for path in ("/masuk/daftar/", "/masuk/signup/", "/accounts/signup/", "/masuk/luar/daftar/"):
        assert client.get(path).status_code in (302, 404)
    with scoped(Scope.signin()):
        assert not Account.objects.exists()


def test_signing_out_removes_the_session(client: Client) -> None:
    sign_in(client, cast()["citra"])

    assert client.post("/masuk/keluar/").status_code == 302
    with scoped(Scope.signin()):
        assert not Session.objects.exists()


# ------------------------------------------------------------------------------------------------ step-up
@pytest.mark.urls("ronda.agencies.tests.probe")
def test_step_up_is_asked_after_five_minutes(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    account, secret = with_password(cast()["citra"], code=True)
    enter(client, account.email)
    client.post("/masuk/kode/", {"code": now_code(secret)})
    assert client.get("/probe/export").text == "exported"

    real = time.time
    monkeypatch.setattr("ronda.agencies.stepup.time.time", lambda: real() + 301)
    answer = client.get("/probe/export?format=csv")
    assert answer["Location"] == "/masuk/ulang/?next=%2Fprobe%2Fexport%3Fformat%3Dcsv"
    way = client.get(answer["Location"])
    assert way["Location"].startswith("/masuk/ulang/kode/?next=")
    monkeypatch.undo()


@pytest.mark.urls("ronda.agencies.tests.probe")
def test_a_password_is_no_step_up_for_an_account_with_a_code(client: Client) -> None:
    account, secret = with_password(cast()["citra"], code=True)
    enter(client, account.email)
    client.post("/masuk/kode/", {"code": now_code(secret)})
    age_proofs(client)
    assert client.get("/probe/export").status_code == 302

    refused = client.post("/masuk/ulang/sandi/", {"password": PASSWORD})
    assert refused["Location"].startswith("/masuk/ulang/kode/")
    assert client.get("/probe/export").status_code == 302

    passed = client.post("/masuk/ulang/kode/?next=/probe/export", {"code": now_code(secret, 1)})
    assert passed["Location"] == "/probe/export"
    assert client.get("/probe/export").text == "exported"


@pytest.mark.urls("ronda.agencies.tests.probe")
def test_step_up_never_leads_to_another_site(client: Client) -> None:
    account, secret = with_password(cast()["citra"], code=True)
    enter(client, account.email)
    client.post("/masuk/kode/", {"code": now_code(secret)})

    way = client.get("/masuk/ulang/", {"next": "//jahat.example/"})

    assert "jahat" not in way["Location"]


# ------------------------------------------------------------------------------------------------ the demo
def test_one_click_does_not_exist_outside_the_demo(client: Client) -> None:
    post = cast()["citra"]

    with pytest.raises(NoReverseMatch):
        reverse("agencies:demo-sign-in")
    assert client.post("/masuk/demo/", {"post": str(post.pk)}).status_code == 404
    assert "Coba sebagai" not in client.get("/masuk/").text


@pytest.mark.urls("ronda.agencies.tests.probe")
def test_one_click_refuses_even_when_its_address_is_there(client: Client) -> None:
    post = cast()["citra"]

    assert client.post("/masuk/demo/", {"post": str(post.pk)}).status_code == 404
    with scoped(Scope.signin()):
        assert not Session.objects.exists()


@pytest.mark.urls("ronda.agencies.tests.demo_site")
def test_one_click_in_the_demo(client: Client, settings) -> None:
    settings.DEMO = True
    post = cast()["citra"]
    page = client.get("/masuk/")
    assert "Coba sebagai" in page.text
    assert "Bagas" in page.text

    assert client.post("/masuk/demo/", {"post": str(post.pk)})["Location"] == "/"
    assert client.get("/probe/who").json()["person"] == str(post.person_id)
    age_proofs(client)
    assert "Lanjutkan (demo)" in client.get("/masuk/ulang/?next=/probe/export").text
    assert client.post("/masuk/ulang/", {"next": "/probe/export"})["Location"] == "/probe/export"
    assert client.get("/probe/export").text == "exported"


@pytest.mark.urls("ronda.agencies.tests.demo_site")
def test_one_click_opens_no_real_account(client: Client, settings) -> None:
    settings.DEMO = True
    post = cast()["citra"]
    with scoped(Scope.system()):
        real = Account.objects.create_user("nyata@contoh.id", PASSWORD)
        held = post_open(unit=post.unit, role="duty", name="Nyata", account=real, at=AT)

    assert client.post("/masuk/demo/", {"post": str(held.pk)}).status_code == 404
