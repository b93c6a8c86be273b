"""Devices: registered and revoked by an administrator and by the post's own person; the gate knows at once (S19)."""

import asyncio
import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from ronda.agencies.domain import NotAllowed
from ronda.agencies.models import Device
from ronda.agencies.selectors import scope_of
from ronda.agencies.services import device_register, device_revoke
from ronda.agencies.tests.factories import AT, age_proofs, cast, sign_in
from ronda.config.testing import WORKER
from ronda.gate import device_pages, statements
from ronda.gate.tests.at_the_door import ask, opened, raw
from ronda.gate.tokens import token_key, token_read
from ronda.kernel import clock
from ronda.kernel.keys import node_keys
from ronda.kernel.models import AuditLine, EventRow
from ronda.kernel.scope import Scope, scoped

GIVEN = {"label": "HP dinas", "days": "30"}


def token_in(answer: Any) -> str:
    assert answer.status_code == 200, answer.content
    return re.search(r"<textarea[^>]*>([^<]+)</textarea>", answer.text)[1]


def path_for(post: Any) -> str:
    return f"/perangkat/daftar/{post.pk}/"


def read(token: str) -> Any:
    keys = node_keys()
    return token_read(token, now_s=clock.now().timestamp(), key=token_key(keys), key_id=keys.kid)


@pytest.mark.django_db
def test_an_administrator_registers_a_device_for_a_post_of_the_unit(client: Client) -> None:
    posts = cast()
    sign_in(client, posts["nyoman"])

    answer = client.post(path_for(posts["ayu"]), GIVEN)

    grant = read(token_in(answer))
    with scoped(Scope.system()):
        device = Device.objects.get()
        event = EventRow.objects.get(name="device.registered")
        line = AuditLine.objects.get(action="device.registered")
    assert (grant.device, grant.person, grant.area) == (device.pk, posts["ayu"].person_id, posts["ayu"].area)
    assert (device.label, device.post_id) == ("HP dinas", posts["ayu"].pk)
    assert (event.subject, line.subject, line.person) == (device.pk, device.pk, posts["nyoman"].person_id)
    assert "data:image/svg+xml" in answer.text
    assert answer["Cache-Control"].startswith("max-age=0")


@pytest.mark.django_db
def test_the_code_opens_the_field_app_with_the_token_where_no_server_sees_it(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []
    monkeypatch.setattr(device_pages, "qr_picture", lambda text: drawn.append(text) or "data:,")
    sign_in(client, cast()["ayu"])

    token = token_in(client.post("/akun/perangkat/daftar/", GIVEN))

    assert drawn == [f"http://testserver/lapangan/#kunci={token}"]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["ayu", "bagas", "eka", "made", "rai"])
def test_everybody_registers_one_for_their_own_post(client: Client, name: str) -> None:
    post = cast()[name]
    sign_in(client, post)

    grant = read(token_in(client.post("/akun/perangkat/daftar/", GIVEN)))

    assert (grant.person, grant.agency, grant.area) == (post.person_id, post.agency, post.area)
    assert "HP dinas" in client.get("/akun/").text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "whose"),
    [
        ("citra", "ayu"),
        ("putri", "ayu"),
        ("dewa", "ayu"),
        ("surya", "ayu"),
        ("nyoman", "bagas"),
        ("nyoman", "dewa"),
    ],
)
def test_nobody_registers_one_for_a_post_out_of_reach(client: Client, who: str, whose: str) -> None:
    posts = cast()
    sign_in(client, posts[who])

    assert client.get(path_for(posts[whose])).status_code == 404
    assert client.post(path_for(posts[whose]), GIVEN).status_code == 404
    with scoped(Scope.system()):
        assert not Device.objects.exists()
        with pytest.raises(NotAllowed):
            device_register(post=posts[whose], label="HP", kid=1, by=posts[who], at=AT)


@pytest.mark.django_db
def test_registering_asks_for_a_fresh_proof(client: Client) -> None:
    posts = cast()
    sign_in(client, posts["ayu"])
    age_proofs(client)

    assert client.post("/akun/perangkat/daftar/", GIVEN)["Location"].startswith("/masuk/ulang/")


@pytest.mark.django_db
@pytest.mark.parametrize("given", [{}, {"label": "HP", "days": "9999"}, {"label": "x" * 61, "days": "30"}])
def test_a_wrong_form_registers_nothing(client: Client, given: dict[str, str]) -> None:
    sign_in(client, cast()["ayu"])

    assert client.post("/akun/perangkat/daftar/", given).status_code == 422
    with scoped(Scope.system()):
        assert not Device.objects.exists()


@pytest.mark.django_db
def test_nothing_is_registered_while_seeing_as_another(client: Client) -> None:
    posts = cast()
    sign_in(client, posts["nyoman"])
    client.post("/akun/lihat-sebagai/mulai/", {"post": str(posts["ayu"].pk)})

    assert client.post("/akun/perangkat/daftar/", GIVEN).status_code == 403
    assert client.post(path_for(posts["ayu"]), GIVEN).status_code in (403, 404)
    with scoped(Scope.system()):
        assert not Device.objects.exists()


@pytest.mark.django_db
def test_the_list_shows_the_unit_and_below_and_finds_by_name(client: Client) -> None:
    posts = cast()
    for name in ("ayu", "citra", "bagas", "dewa"):
        with scoped(scope_of(posts[name])):
            device_register(post=posts[name], label=f"HP {name}", kid=1, at=AT)
    sign_in(client, posts["nyoman"])

    def seen(**query: str) -> list[str]:
        return sorted(device.label for device in client.get("/perangkat/", query).context["page"])

    assert seen() == ["HP ayu", "HP citra"]
    assert seen(q="ay") == ["HP ayu"]
    assert seen(q="tak ada") == []


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["citra", "ayu", "putri", "dewa", "eka", "rai"])
def test_others_have_no_such_list(client: Client, name: str) -> None:
    sign_in(client, cast()[name])

    assert client.get("/perangkat/").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["surya", "dewa", "citra"])
def test_nobody_revokes_a_device_out_of_reach(client: Client, name: str) -> None:
    posts = cast()
    with scoped(scope_of(posts["ayu"])):
        device = device_register(post=posts["ayu"], label="HP", kid=1, at=AT)
    sign_in(client, posts[name])

    assert client.post(f"/perangkat/{device.pk}/cabut/").status_code == 404
    with scoped(Scope.system()):
        device.refresh_from_db()
        assert device.revoked_at is None
        with pytest.raises(NotAllowed):
            device_revoke(device=device, by=posts[name], at=AT)


def revoked_while_open(postgres: Any, tmp_path: Any) -> list[int]:
    """The gate's answers to a device before and after an administrator presses Cabut, with the gate open all along."""
    posts, client = cast(), Client()
    sign_in(client, posts["nyoman"])
    token = token_in(client.post(path_for(posts["ayu"]), GIVEN))
    with scoped(Scope.system()):
        device = Device.objects.get()

    async def story() -> list[int]:
        async with opened(SimpleNamespace(server=postgres, name=f"ronda_{WORKER}"), tmp_path) as gate:
            first = await ask(gate, raw(), bearer=token)
            await asyncio.to_thread(client.post, f"/perangkat/{device.pk}/cabut/")
            return [first.status, (await ask(gate, raw(), bearer=token)).status]

    return asyncio.run(story())


def test_a_revoked_device_is_refused_at_its_next_message(
    committed_db: None, postgres: Any, tmp_path: Any
) -> None:
    assert revoked_while_open(postgres, tmp_path) == [201, 401]


def test_control_a_gate_that_does_not_ask_again_would_take_it(
    committed_db: None, postgres: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    blind = statements.ACCEPT.replace("AND d.revoked_at IS NULL", "")
    assert blind != statements.ACCEPT
    monkeypatch.setattr(statements, "ACCEPT", blind)

    assert revoked_while_open(postgres, tmp_path) == [201, 201]
