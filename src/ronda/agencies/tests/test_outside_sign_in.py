"""Signing in through the agency's own OpenID Connect, against a small provider that runs here."""

import base64
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from ronda.agencies import selectors
from ronda.agencies.models import Account
from ronda.agencies.tests.factories import cast
from ronda.kernel.scope import Scope, scoped

pytestmark = [pytest.mark.django_db, pytest.mark.urls("ronda.agencies.tests.probe")]


def unsigned(claims: dict[str, Any]) -> str:
    """A token over the direct line to the provider; its signature need not be checked there (OIDC Core 3.1.3.7)."""
    parts = [json.dumps(part).encode() for part in ({"alg": "RS256", "kid": "1"}, claims)]
    return ".".join([*(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts), "c2ln"])


class Provider(ThreadingHTTPServer):
    """Answers discovery, token and user information for whoever `claims` says."""

    claims: dict[str, Any]
    asked: list[dict[str, list[str]]]


class Handler(BaseHTTPRequestHandler):
    server: Provider

    def do_GET(self) -> None:  # the name http.server wants
        base = f"http://127.0.0.1:{self.server.server_port}"
        pages = {
            "/.well-known/openid-configuration": {
                "issuer": base,
                "authorization_endpoint": f"{base}/authorize",
                "token_endpoint": f"{base}/token",
                "userinfo_endpoint": f"{base}/userinfo",
                "jwks_uri": f"{base}/keys",
            },
            "/userinfo": self.server.claims,
        }
        self._answer(pages[urlsplit(self.path).path])

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.asked.append(parse_qs(body))
        claims = {
            **self.server.claims,
            "iss": f"http://127.0.0.1:{self.server.server_port}",
            "aud": "ronda",
            "exp": int(time.time()) + 60,
            "iat": int(time.time()),
        }
        self._answer({"access_token": "a", "token_type": "Bearer", "id_token": unsigned(claims)})

    def _answer(self, content: dict[str, Any]) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(content).encode())

    def log_message(self, *_words: object) -> None:
        """Silence."""


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    server = Provider(("127.0.0.1", 0), Handler)
    server.claims, server.asked = {}, []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.OIDC_URL = f"http://127.0.0.1:{server.server_port}"
    app = {
        "provider_id": "instansi",
        "name": "SSO",
        "client_id": "ronda",
        "secret": "s",
        "settings": {"server_url": settings.OIDC_URL},
    }
    configured = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {**configured, "APPS": [app]}}
    yield server
    server.shutdown()
    server.server_close()


def come_back(client: Client, provider: Provider, **claims: Any) -> Any:
    """Go to the provider and return from it as the person it names."""
    provider.claims = claims
    away = client.get("/masuk/instansi/instansi/?process=login")
    asked = parse_qs(urlsplit(away["Location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    return client.get("/masuk/instansi/instansi/kembali/", {"code": "c", "state": asked["state"][0]})


def email_of(name: str) -> tuple[str, str]:
    post = cast()[name]
    with scoped(Scope.signin()):
        account = selectors.account_of(post)
        assert account is not None
        return account.email, str(post.person_id)


def test_a_known_verified_address_comes_in_and_comes_back(client: Client, provider: Provider) -> None:
    email, person = email_of("gita")

    assert come_back(client, provider, sub="7", email=email, email_verified=True)["Location"] == "/"
    assert client.get("/probe/who").json()["person"] == person
    assert "code_verifier" in provider.asked[0]

    again = Client()
    assert (
        come_back(again, provider, sub="7", email="berganti@contoh.id", email_verified=True)["Location"]
        == "/"
    )
    assert again.get("/probe/who").json()["person"] == person


def test_an_address_the_provider_did_not_verify_stays_outside(client: Client, provider: Provider) -> None:
    email, _person = email_of("gita")

    answer = come_back(client, provider, sub="7", email=email, email_verified=False)

    assert client.get("/probe/who").json()["agency"] == "publik"
    assert answer.status_code in (200, 302)


def test_an_unknown_person_gets_no_account(client: Client, provider: Provider) -> None:
    answer = come_back(client, provider, sub="8", email="asing@contoh.id", email_verified=True)

    assert "memerlukan undangan" in answer.text
    with scoped(Scope.signin()):
        assert not Account.objects.exists()


def test_an_answer_nobody_asked_for_is_refused(client: Client, provider: Provider) -> None:
    answer = client.get("/masuk/instansi/instansi/kembali/", {"code": "c", "state": "dibuat-buat"})

    assert "Tidak dapat masuk lewat instansi" in answer.text
    assert not provider.asked


def test_without_settings_there_is_no_such_way(client: Client) -> None:
    assert client.get("/masuk/instansi/instansi/").status_code == 404
    assert "Masuk lewat" not in client.get("/masuk/").text


def test_the_door_names_the_agency_when_it_is_set(client: Client, provider: Provider) -> None:
    assert "/masuk/instansi/instansi/?process=login" in client.get("/masuk/").text
