"""One's own account: nothing of others, and what is revoked is revoked."""

import pytest
from django.test import Client

from ronda.agencies.models import Device, Session
from ronda.agencies.selectors import account_of, scope_of
from ronda.agencies.services import device_register, device_revoke, post_end
from ronda.agencies.signin import browser_label
from ronda.agencies.tests.factories import AT, cast, sign_in
from ronda.kernel.models import EventRow
from ronda.kernel.scope import Scope, scoped

pytestmark = pytest.mark.django_db


def test_shows_posts_devices_and_browsers(client: Client) -> None:
    posts = cast()
    with scoped(scope_of(posts["ayu"])):
        device_register(post=posts["ayu"], label="HP dinas", kid=1, at=AT)
    sign_in(client, posts["ayu"])

    page = client.get("/akun/").text

    assert "HP dinas" in page
    assert posts["ayu"].unit.name in page
    assert "Peramban ini" in page


def test_a_revoked_device_is_marked_for_the_gate(client: Client) -> None:
    posts = cast()
    with scoped(scope_of(posts["ayu"])):
        device = device_register(post=posts["ayu"], label="HP dinas", kid=1, at=AT)
    sign_in(client, posts["ayu"])

    client.post(f"/akun/perangkat/{device.pk}/cabut/")
    client.post(f"/akun/perangkat/{device.pk}/cabut/")

    with scoped(Scope.system()):
        assert Device.objects.get().revoked_at is not None
        assert EventRow.objects.filter(name="device.revoked").count() == 1


@pytest.mark.parametrize("name", ["dewa", "citra", "bagas"])
def test_nobody_revokes_the_device_of_another(client: Client, name: str) -> None:
    posts = cast()
    with scoped(scope_of(posts["ayu"])):
        device = device_register(post=posts["ayu"], label="HP dinas", kid=1, at=AT)
    sign_in(client, posts[name])

    assert "HP dinas" not in client.get("/akun/").text
    assert client.post(f"/akun/perangkat/{device.pk}/cabut/").status_code == 404


def test_the_database_lets_no_other_agency_touch_a_device() -> None:
    posts = cast()
    with scoped(scope_of(posts["ayu"])):
        device = device_register(post=posts["ayu"], label="HP dinas", kid=1, at=AT)

    for name in ("dewa", "bagas", "eka"):
        with scoped(scope_of(posts[name])):
            assert not Device.objects.filter(pk=device.pk).update(revoked_at=AT)
    with scoped(scope_of(posts["citra"])):
        device_revoke(device=Device.objects.get(), at=AT)


def test_devices_of_an_ended_post_are_refused_with_it() -> None:
    posts = cast()
    with scoped(scope_of(posts["ayu"])):
        device = device_register(post=posts["ayu"], label="HP dinas", kid=1, at=AT)

    with scoped(scope_of(posts["nyoman"])):
        post_end(post=posts["ayu"], by=posts["nyoman"], at=AT)

    with scoped(Scope.system()):
        assert Device.objects.get(pk=device.pk).revoked_at == AT


def test_signing_other_browsers_out_keeps_this_one_and_those_of_others(client: Client) -> None:
    posts = cast()
    phone, stranger = Client(), Client()
    for browser, name in ((client, "ayu"), (phone, "ayu"), (stranger, "citra")):
        sign_in(browser, posts[name])

    assert "1 peramban lain" in client.post("/akun/sesi/keluarkan/", follow=True).text

    assert client.get("/akun/").status_code == 200
    assert phone.get("/akun/").status_code == 302
    assert stranger.get("/akun/").status_code == 200


def test_one_browser_of_somebody_else_cannot_be_signed_out(client: Client) -> None:
    posts = cast()
    stranger = Client()
    sign_in(client, posts["ayu"])
    sign_in(stranger, posts["citra"])
    with scoped(Scope.signin()):
        citra = account_of(posts["citra"])
        foreign = Session.objects.get(account=citra).session_key

    client.post("/akun/sesi/keluarkan/", {"session": foreign})

    assert stranger.get("/akun/").status_code == 200


def test_a_stranger_has_no_account_page(client: Client) -> None:
    for path in ("/akun/", "/akun/pengaman/"):
        assert client.get(path)["Location"].startswith("/masuk/")
    for path in ("/akun/jabatan/", "/akun/sesi/keluarkan/", "/akun/lihat-sebagai/mulai/"):
        assert client.post(path)["Location"].startswith("/masuk/")


@pytest.mark.parametrize(
    ("agent", "label"),
    [
        ("Mozilla/5.0 (Linux; Android 11; SM-A125F) Chrome/120.0 Mobile Safari/537.36", "Chrome · Android"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox · Linux"),
        ("", "Peramban lain"),
        ("<script>alert(1)</script>" * 50, "Peramban lain"),
    ],
)
def test_a_browser_is_named_in_words(agent: str, label: str) -> None:
    assert browser_label(agent) == label
