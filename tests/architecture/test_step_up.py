"""Step-up (security.md, section 3): every way to export records or to change who may act asks for a fresh proof.

The pages are found by what their code does, not by a list: one that hands out a file or calls a service that gives,
takes or equips a post is looked for wherever it stands, so that a new one is covered the day it is written.
"""

import ast
import inspect
import re
import textwrap
from collections.abc import Callable, Iterable, Iterator
from types import FunctionType
from typing import Any
from uuid import uuid4

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import URLPattern, get_resolver, path

from ronda.agencies import services
from ronda.agencies.access import role_required
from ronda.agencies.selectors import account_of
from ronda.agencies.stepup import fresh_proof, step_up_required
from ronda.agencies.tests.factories import age_proofs, cast, sign_in
from ronda.config.api import api
from ronda.kernel.models import AuditLine
from ronda.kernel.scope import Scope, scoped

ROLE_CHANGES = {
    "invitation_issue", "invitations_issue", "invitation_revoke", "invitation_accept", "post_open", "post_end",
    "device_register", "device_enrol", "cover_set", "cover_end", "post_hand",
}  # fmt: skip
EXPORT = re.compile(r"attachment|text/csv|record_page|record_one")
# Each with its reason.
EXCUSED = {
    "masuk/undangan/<str:token>/": "the link is the proof of a stranger; who is signed in is asked inside",
    "akun/perangkat/<uuid:device_id>/cabut/": "takes a right away in haste: a lost phone must not wait for a key",
    "salinan/<str:token>": "a link of one minute to one working copy, given out after who looks was asked and noted",
    "openrosa/forms/<slug:form>.xml": "an empty form, no record; the form app shows its device's proof at each request",
    "masuk/cadangan/unduh/": "asked by django-allauth itself, see the test below",
}

Routes = Iterable[tuple[str, Callable[..., Any]]]


def routes(patterns: Any = None, prefix: str = "") -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every page of the site but the interface: route and view."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield route, entry.callback
        elif not route.startswith("api/"):
            yield from routes(entry.url_patterns, route)


def operations() -> Iterator[tuple[str, Any]]:
    """Every operation of the interface."""
    for bound in api._get_bound_routers():
        for route, view in bound.path_operations.items():
            for operation in view.operations:
                yield f"{bound.prefix}{route}", operation


def acts(view: Callable[..., Any]) -> set[str]:
    """What a view does that needs a proof, itself or in functions of its own module that do not ask themselves."""
    done: set[str] = set()
    seen: set[Any] = set()
    waiting = [getattr(view, "view_class", view)]
    while waiting:
        one = waiting.pop()
        plain = one if inspect.isclass(one) else inspect.unwrap(one)
        if plain in seen:
            continue
        seen.add(plain)
        source = textwrap.dedent(inspect.getsource(plain))
        names = _names(ast.parse(source))
        done |= names & ROLE_CHANGES | ({"export"} if EXPORT.search(source) else set())
        waiting += [found for found in _neighbours(plain, names) if not getattr(found, "asks_proof", False)]
    return done


def _names(tree: ast.AST) -> set[str]:
    """Names that are used, called or passed on, but not those of keywords and texts."""
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} | {
        node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)
    }


def _neighbours(plain: Any, names: set[str]) -> list[FunctionType]:
    module = inspect.getmodule(plain)
    own = [getattr(module, name, None) for name in names]
    return [one for one in own if isinstance(one, FunctionType) and one.__module__ == plain.__module__]


def unguarded(pages: Routes) -> list[str]:
    return [
        f"{route} does {sorted(acts(view))} without a fresh proof"
        for route, view in pages
        if acts(view) and not getattr(view, "asks_proof", False) and route not in EXCUSED
    ]


def guarded() -> list[str]:
    return [route for route, view in routes() if getattr(view, "asks_proof", False)]


def test_every_export_and_role_change_among_the_pages_asks_for_a_proof() -> None:
    assert not unguarded(routes())


def test_every_export_of_the_interface_asks_for_a_proof() -> None:
    exports = [(route, one) for route, one in operations() if _is_export(one)]

    assert {route for route, _one in exports} >= {"/records/{record}", "/records/{record}/{key}"}
    assert not [route for route, one in exports if fresh_proof not in one.auth_callbacks]


def _is_export(operation: Any) -> bool:
    return bool(acts(operation.view_func))


def test_no_excuse_outlives_its_page() -> None:
    assert set(EXCUSED) <= {route for route, _view in routes()}


@pytest.mark.django_db
def test_every_guarded_page_sends_an_old_proof_to_the_step_up(client: Client) -> None:
    stale(client)

    answers = {route: ask(client, route) for route in guarded()}

    assert len(answers) >= 8
    assert {route for route, answer in answers.items() if not _asks(answer)} == set()


@pytest.mark.django_db
def test_the_interface_refuses_an_old_proof_and_notes_a_fresh_export(client: Client) -> None:
    stale(client)
    refused = client.get("/api/v1/records/post")
    assert refused.status_code == 403
    assert "/masuk/ulang/" in refused.json()["detail"]

    sign_in(client, cast()["citra"])
    assert client.get("/api/v1/records/post").status_code == 200
    with scoped(Scope.system()):
        line = AuditLine.objects.get(action="records.exported")
    assert (line.record, line.area, line.person) == ("post", "51.01", cast()["citra"].person_id)


@pytest.mark.django_db
def test_the_public_reads_open_records_without_a_proof(client: Client) -> None:
    assert client.get("/api/v1/records/agency").status_code == 200


@pytest.mark.django_db
def test_recovery_codes_ask_for_a_proof_too(client: Client) -> None:
    stale(client)
    with scoped(Scope.signin()):
        account = account_of(cast()["nyoman"])
        code = RecoveryCodes.activate(account).get_unused_codes()[0]

    assert client.get("/masuk/cadangan/unduh/")["Location"].startswith("/masuk/ulang/")

    sign_in(client, cast()["nyoman"])
    assert code in client.get("/masuk/cadangan/unduh/").text


# Controls: pages as somebody might write them tomorrow.
@role_required("admin")
def _ends_a_post(request: HttpRequest) -> HttpResponse:
    services.post_end(post=None, by=None, at=None)  # type: ignore[arg-type]
    return HttpResponse()


def _hands_out(request: HttpRequest) -> HttpResponse:
    return _as_file(HttpResponse("a,b"))


def _as_file(response: HttpResponse) -> HttpResponse:
    response["Content-Disposition"] = 'attachment; filename="semua.csv"'
    return response


@role_required("admin")
@step_up_required
def _hands_out_guarded(request: HttpRequest) -> HttpResponse:
    return _as_file(HttpResponse("a,b"))


def _shows(request: HttpRequest) -> HttpResponse:
    return HttpResponse("a page")


def test_control_a_page_that_forgets_the_guard_is_found() -> None:
    planted = [
        path("satu/", _ends_a_post),
        path("dua/", _hands_out),
        path("tiga/", _hands_out_guarded),
        path("empat/", _shows),
    ]

    found = unguarded(routes(planted))

    assert [line.split()[0] for line in found] == ["satu/", "dua/"]


@pytest.mark.django_db
def test_control_with_a_fresh_proof_no_page_asks(client: Client) -> None:
    sign_in(client, cast()["nyoman"])

    assert [route for route in guarded() if _asks(ask(client, route))] == []


def stale(client: Client) -> None:
    """An administrator whose last proof is older than five minutes."""
    sign_in(client, cast()["nyoman"])
    age_proofs(client)


def ask(client: Client, route: str) -> Any:
    filled = re.sub(r"<uuid:\w+>", str(uuid4()), re.sub(r"<(str|slug|int):\w+>", "51", route))
    answer = client.get(f"/{filled}")
    return client.post(f"/{filled}") if answer.status_code == 405 else answer


def _asks(answer: Any) -> bool:
    return answer.status_code == 302 and answer["Location"].startswith("/masuk/ulang/")
