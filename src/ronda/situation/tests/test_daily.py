"""The daily report: what it counts, what changed since yesterday, and who is shown what."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from ronda.agencies.selectors import scope_of
from ronda.agencies.tests.factories import age_proofs, sign_in
from ronda.kernel import clock
from ronda.kernel.models import AuditLine
from ronda.kernel.scope import Scope, scoped
from ronda.readiness.tests.factories import REGENCY, local
from ronda.situation.adapters.daily_pdf import daily_images
from ronda.situation.domain import Daily, Figure
from ronda.situation.selectors import Facts, facts_of
from ronda.situation.tests.scene import NOON, Scene, scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def day(db: None, monkeypatch: pytest.MonkeyPatch) -> Scene:
    monkeypatch.setattr(clock, "now", lambda: NOON)
    return scene()


def page(client: Client, day: Scene, who: str, path: str = "/situasi/") -> Any:
    sign_in(client, day.posts[who])
    return client.get(path)


def said(daily: Daily, part: str) -> dict[str, tuple[int, int | None]]:
    """Sentences of a section: first words to number and change."""
    section = next(section for section in daily.sections if section.key == part)
    return {
        " ".join(one.words.split()[:2]).rstrip(","): (one.figure.value, one.figure.change)
        for one in section.sentences
    }


def table(daily: Daily, key: str) -> dict[str, tuple[int, ...]]:
    tables = (table for section in daily.sections for table in section.tables)
    return {
        row.name: tuple(cell.value for cell in row.cells)
        for one in tables
        if one.key == key
        for row in one.rows
    }


def test_it_counts_the_moment_and_the_difference_to_yesterday(client: Client, day: Scene) -> None:
    daily = page(client, day, "citra").context["daily"]

    assert said(daily, "incidents") == {
        "kejadian terbuka": (3, 2),
        "kejadian dibuka": (3, 2),
        "kejadian ditutup": (1, 1),
        "kejadian lewat": (2, 2),
        "serah terima": (1, 1),
    }
    assert "1 lewat waktu" in daily.sections[0].sentences[4].words
    assert table(daily, "state") == {
        "Terverifikasi, menunggu penanganan": (2,),
        "Diserahkan, menunggu jawaban": (1,),
    }
    assert table(daily, "kind")["Kekerasan di atau dekat TPS"] == (2, 3, 1)
    assert table(daily, "agency") == {"Bawaslu": (3, 2, 0), "Polri": (0, 0, 1)}
    assert table(daily, "area") == {"Mendoyo": (3, 2, 9), "Pekutatan": (0, 0, 3)}


def test_stations_stand_as_the_node_knew_them_not_as_devices_said_later(client: Client, day: Scene) -> None:
    """Station 3 opened at 07.02 by its own clock, and said so at 16.00."""
    at_noon = page(client, day, "citra").context["daily"]
    assert said(at_noon, "ready")["TPS memberi"] == (2, 2)
    assert said(at_noon, "ready")["gudang tidak"] == (1, 1)


def test_a_day_that_is_over_stands_at_its_end(
    client: Client, day: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: local("08.00", day=1))

    daily = page(client, day, "citra", "/situasi/?hari=2024-02-14").context["daily"]

    assert said(daily, "incidents")["kejadian dibuka"] == (4, 3)
    assert said(daily, "ready")["TPS memberi"] == (3, 3)
    assert "23.59" in daily.moment


@pytest.mark.parametrize(
    "path", ["?hari=2024-02-15", "?hari=kemarin", "?hari=1999-01-01", "35.09/", "51/", "x/"]
)
def test_a_day_to_come_and_an_area_outside_look_like_none(client: Client, day: Scene, path: str) -> None:
    assert page(client, day, "citra", f"/situasi/{path}").status_code == 404


def test_every_number_leads_to_a_list_of_so_many(client: Client, day: Scene) -> None:
    daily = page(client, day, "citra").context["daily"]
    figures = [one.figure for section in daily.sections for one in section.sentences]
    figures += [
        cell
        for section in daily.sections
        for part in section.tables
        for row in part.rows
        for cell in row.cells
    ]
    to_lists = [figure for figure in figures if "/situasi/kejadian/" in figure.href]

    assert len(to_lists) > 12
    assert [_counted(client, one) for one in to_lists] == [one.value for one in to_lists]


def _counted(client: Client, figure: Figure) -> int:
    return int(client.get(figure.href).context["count"])


def test_dewa_reads_a_report_of_another_regency_with_nothing_of_this_one(client: Client, day: Scene) -> None:
    daily = page(client, day, "dewa").context["daily"]

    assert {number for number, _change in said(daily, "incidents").values()} == {0}
    assert page(client, day, "dewa", f"/situasi/{REGENCY}/").status_code == 404
    assert page(client, day, "dewa", f"/situasi/kejadian/?wilayah={REGENCY}").status_code == 404
    assert page(client, day, "dewa", f"/situasi/{REGENCY}/lapor.pdf").status_code == 404


@pytest.mark.parametrize("who", ["eka", "made"])
@pytest.mark.parametrize("path", ["", "kejadian/", "lapor.pdf"])
def test_witnesses_and_observers_have_no_such_page(client: Client, day: Scene, who: str, path: str) -> None:
    assert page(client, day, who, f"/situasi/{path}").status_code == 404


def test_page_paper_and_chat_of_one_minute_say_the_same_and_other_rights_are_asked_anew(day: Scene) -> None:
    def asked(who: str, seconds: int) -> Facts:
        scope = scope_of(day.posts[who])
        with scoped(scope):
            now = NOON + timedelta(seconds=seconds)
            return facts_of(scope, area=REGENCY, on=local("12.00").date(), now=now)

    assert asked("citra", 0) is asked("citra", 59)
    assert asked("citra", 60) is not asked("citra", 0)
    assert asked("oka", 0) is not asked("citra", 0)


def test_a_stranger_is_sent_to_sign_in(client: Client, day: Scene) -> None:
    assert client.get("/situasi/")["location"].startswith("/masuk/")


def test_the_police_count_what_was_handed_to_them_and_no_report(client: Client, day: Scene) -> None:
    daily = page(client, day, "oka").context["daily"]

    assert said(daily, "incidents")["kejadian terbuka"] == (1, 1)
    assert [section.key for section in daily.sections] == ["incidents", "ready"]


@pytest.mark.parametrize("who", ["oka", "indra", "hadi", "joko"])
def test_no_one_but_the_supervisor_is_told_of_reports(client: Client, day: Scene, who: str) -> None:
    assert "reports" not in [section.key for section in page(client, day, who).context["daily"].sections]


@pytest.mark.parametrize("who", ["oka", "indra"])
def test_the_situation_of_police_and_army_reads_no_table_of_votes(
    client: Client, day: Scene, who: str, django_assert_max_num_queries: Any
) -> None:
    sign_in(client, day.posts[who])
    with django_assert_max_num_queries(80) as asked:
        answer = client.get("/situasi/")
    touched = " ".join(query["sql"] for query in asked.captured_queries)

    assert answer.status_code == 200
    assert not [name for name in ("results_", "entry_", "plenum_", "publishing_") if f'"{name}' in touched]
    assert not [word for word in ("suara", "perolehan") if word in answer.context["text"].lower()]


@pytest.mark.parametrize("who", ["citra", "oka", "hadi"])
def test_the_text_names_nobody_and_fits_a_chat(client: Client, day: Scene, who: str) -> None:
    answer = page(client, day, who)
    text = answer.context["text"]

    assert len(text) < 4_000
    assert not set(text) & set("*_~`#<>|\\")
    assert "kejadian terbuka" in text
    names = [post.display_name for post in day.posts.values()]
    assert not [name for name in names if name in text]


def test_the_pdf_asks_for_a_proof_and_leaves_a_line_before_it_leaves(client: Client, day: Scene) -> None:
    sign_in(client, day.posts["citra"])
    age_proofs(client)
    assert client.get("/situasi/lapor.pdf")["Location"].startswith("/masuk/ulang/")

    answer = page(client, day, "citra", "/situasi/lapor.pdf")

    assert answer.content.startswith(b"%PDF-")
    assert answer["Content-Disposition"] == 'attachment; filename="lapor-cepat-51.01-2024-02-14.pdf"'
    with scoped(Scope.system()):
        line = AuditLine.objects.get(action="situation.exported")
    assert (line.person, line.area, line.detail) == (
        day.posts["citra"].person_id,
        REGENCY,
        {"day": "2024-02-14", "form": "pdf"},
    )


def test_the_paper_shows_what_the_page_says(client: Client, day: Scene) -> None:
    daily = page(client, day, "citra").context["daily"]
    images = daily_images(daily)

    assert images
    assert images[0].startswith(b"\x89PNG")


def test_before_any_election_there_are_incidents_only(client: Client, db: None) -> None:
    from ronda.agencies.tests.factories import cast

    posts = cast()
    sign_in(client, posts["citra"])
    daily = client.get("/situasi/").context["daily"]
    assert [section.key for section in daily.sections] == ["incidents", "reports"]
