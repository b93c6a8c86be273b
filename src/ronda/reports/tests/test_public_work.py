"""The public form: work instead of accounts, nothing of the sender kept, the law said before a person writes."""

import json
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client

from ronda.gate.domain import PUBLIC_PER_MINUTE
from ronda.gate.selectors import work_is_done
from ronda.gate.work import zero_bits
from ronda.incidents.tests.cast import stage_set
from ronda.kernel import clock
from ronda.kernel.ids import uuid7
from ronda.law.reporter_protection import reporter_protection
from ronda.reports.tests.test_public_report import filled, kept, sent

pytestmark = pytest.mark.django_db
ADDRESS = "203.0.113.77"


@pytest.fixture(autouse=True)
def _stage(db: None, settings: Any) -> None:
    settings.GATE_INSIDE_TRANSACTION = True
    stage_set()


def asked(client: Client, message: str) -> str:
    answer = client.get("/lapor/bukti-kerja", {"wilayah": "51.01", "kiriman": message})
    return str(answer.json()["challenge"])


def worked(client: Client, form: dict[str, Any]) -> dict[str, Any]:
    """The form as a browser with JavaScript sends it."""
    message, challenge = form["message"], asked(client, form["message"])
    bits = int(challenge.split("~")[2])
    solutions = (f"{challenge}~{number}" for number in count())
    return form | {"work": next(one for one in solutions if zero_bits(UUID(message), one) >= bits)}


def test_work_goes_with_the_report_and_holds_at_the_gate() -> None:
    client = Client()
    form = worked(client, filled(client))

    assert sent(client, form).status_code == 200
    (message,) = kept()
    assert work_is_done(message["body"]["work"], UUID(message["id"]), "51.01", at=clock.now())


@pytest.mark.parametrize("work", ["", "w1~51.01~0~1~x~1", "x" * 5_000, "\x00", "🗳️"])
def test_without_work_or_with_a_false_one_the_report_is_kept_and_carries_none(work: str) -> None:
    client = Client()

    assert sent(client, filled(client, work=work)).status_code == 200
    assert "work" not in kept()[0]["body"]


def test_the_same_answers_with_other_work_are_one_report() -> None:
    client = Client()
    form = filled(client)
    codes = {
        sent(client, one).context["code"]
        for one in (form, worked(client, form), worked(client, form), form | {"work": "x"})
    }

    assert len(codes) == len(kept()) == 1


def test_in_a_crowd_who_did_not_work_is_told_of_a_later_turn_and_who_did_is_not() -> None:
    client = Client()
    for _ in range(PUBLIC_PER_MINUTE + 1):
        sent(client, filled(client))
    plain, working = filled(client), filled(client)

    assert "sedang sangat banyak" in sent(client, plain).content.decode()
    assert "sedang sangat banyak" not in sent(client, worked(client, working)).content.decode()


@pytest.mark.parametrize(
    "query", [{}, {"wilayah": "51.01"}, {"wilayah": "99.99", "kiriman": str(uuid7())}, {"kiriman": "\x00"}]
)
def test_a_question_for_work_that_is_none_is_refused(query: dict[str, str]) -> None:
    assert Client().get("/lapor/bukti-kerja", query).status_code == 400


def test_a_page_elsewhere_cannot_send_through_a_visitor() -> None:
    client = Client()
    answer = client.post("/lapor?wilayah=51.01", filled(client), headers={"Sec-Fetch-Site": "cross-site"})

    assert (answer.status_code, kept()) == (422, [])


@pytest.mark.parametrize("path", ["/", "/lapor?wilayah=51.01", "/lapor/ikuti", "/lapor/perlindungan"])
def test_public_pages_set_no_cookie_and_need_none(path: str) -> None:
    assert not Client().get(path).cookies


def test_sending_needs_no_cookie_and_sets_none() -> None:
    client = Client(enforce_csrf_checks=True)
    answer = sent(client, filled(client))

    assert answer.status_code == 200
    assert not client.cookies


def everything() -> str:
    """All rows of all tables, as text."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
            " AND has_table_privilege(oid, 'SELECT')"
        )
        tables = [name for (name,) in cursor.fetchall()]
        rows = []
        for table in tables:
            cursor.execute(f"SELECT t::text FROM {connection.ops.quote_name(table)} t")
            rows += [text for (text,) in cursor.fetchall()]
        cursor.execute("SELECT raw FROM gate_message")
        rows += [bytes(raw).decode() for (raw,) in cursor.fetchall()]
    return "\n".join(rows)


def _sent_from(address: str, capfd: Any, **changes: Any) -> str:
    """All that is left of a report: tables and log."""
    client = Client(REMOTE_ADDR=address, HTTP_X_FORWARDED_FOR=address, HTTP_USER_AGENT=f"Peramban {address}")
    assert sent(client, filled(client, **changes)).status_code == 200
    client.get("/lapor/bukti-kerja", {"wilayah": "51.01", "kiriman": str(uuid7())})
    said = capfd.readouterr()
    return everything() + said.out + said.err


def test_no_address_and_no_browser_is_kept(capfd: Any) -> None:
    from ronda.kernel.scope import Scope, scoped

    with scoped(Scope.system()):
        left = _sent_from(ADDRESS, capfd)
    assert "Ada yang membagi amplop" in left
    assert ADDRESS not in left
    assert "Peramban" not in left


def test_control_an_address_in_the_words_is_found(capfd: Any) -> None:
    from ronda.kernel.scope import Scope, scoped

    with scoped(Scope.system()):
        left = _sent_from(ADDRESS, capfd, text=f"Ada yang membagi amplop {ADDRESS}")
    assert ADDRESS in left


def test_the_law_stands_above_the_first_field_and_says_what_is_not_reviewed() -> None:
    page = Client().get("/lapor?wilayah=51.01").content.decode()
    before = page[: page.index("<textarea")]

    assert all(one.text.id in before for one in reporter_protection().first)
    assert "Belum ditinjau ahli hukum" in before
    everywhere = Client().get("/lapor/perlindungan").content.decode()
    assert all(one.text.id in everywhere for one in reporter_protection().points)
    assert all(one.source.instrument in everywhere for one in reporter_protection().points)


def test_the_stored_message_says_nothing_that_was_not_written() -> None:
    client = Client()
    sent(client, worked(client, filled(client)))

    (message,) = kept()
    assert set(message["body"]) == {"text", "kind", "place_words", "happened_at", "danger", "work"}
    assert json.dumps(message).count("51.01") == 2  # the place, and the regency for which the phone worked
