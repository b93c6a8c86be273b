"""Results go out in versions: two people, only what no rule holds, nothing that falls unexplained, plain files."""

import csv
import hashlib
import io
import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from tests.shared_data import shared

from ronda.agencies.selectors import scope_of
from ronda.agencies.tests.factories import AT, cast
from ronda.entry.models import EntryDraft, EntryForm
from ronda.kernel.models import AuditLine, EventRow
from ronda.kernel.scope import Scope, scoped
from ronda.places.services import areas_load
from ronda.publishing.domain import PublishingRefused, State
from ronda.publishing.models import Correction, HeldSheet, Publication, PublishedSheet
from ronda.publishing.selectors import sheets_of, totals_beside, version_counts
from ronda.publishing.services import (
    correction_enter,
    publication_confirm,
    publication_propose,
    publication_refuse,
    site_write,
)
from ronda.publishing.tests.reading import Page
from ronda.results.adapters.registry import placed
from ronda.results.adapters.rows import Origin, SheetRow
from ronda.results.adapters.situng2019 import read_sheets
from ronda.results.adapters.situng_rows import SheetPlan, plan_sheets
from ronda.results.domain import Figures
from ronda.results.services import sheets_import

ELECTION, CONTESTS, AREA = "pemilu-2019", ["PPWP"], "51.01"
ORIGIN = Origin(ELECTION, "PPWP", "bawaslu", ("kpu",), "0" * 64, AT)
HOUR = timedelta(hours=1)
CLEAN = "5101011006001"
FIRST_ROW = "137,160,190,42,232,5,237,190,42,232,5,237"


def lines(*, whole=False):
    """The stations of four villages in two districts, out of the real file, or all of the regency."""
    text = shared("results/pemilu2019_ppwp_tps_jembrana.csv").read_text(encoding="utf-8").splitlines()
    named = ("BALER BALE AGUNG", "BANJAR TENGAH", "POHSANTEN", "PENYARINGAN")
    return [text[0], *(line for line in text[1:] if whole or line.split(",")[3] in named)]


def bring_in(tmp_path, *, was="", now="", at=AT, whole=False):
    path = tmp_path / "sheets.csv"
    text = "\n".join(lines(whole=whole))
    path.write_text(text.replace(was or FIRST_ROW, now or was or FIRST_ROW, 1), encoding="utf-8")
    stations = read_sheets(path)
    with scoped(Scope.system()):
        plan = plan_sheets(stations, placed(stations.table.names)[0])
        return sheets_import(plan=plan, origin=replace(ORIGIN, at=at))


@pytest.fixture
def people(db, tmp_path):
    with scoped(Scope.system()):
        areas_load(area=AREA, at=AT)
    bring_in(tmp_path)
    posts = cast()
    with scoped(Scope.system()):
        return {name: scope_of(posts[name]) for name in ("citra", "putri", "bagas", "dewa")}


def proposed(people, *, at=AT):
    with scoped(people["citra"]) as by:
        return publication_propose(election=ELECTION, contests=CONTESTS, by=by, at=at)


def confirmed(people, *, at=AT):
    made = proposed(people, at=at)
    with scoped(people["putri"]) as by:
        return publication_confirm(publication=made.pk, digest=made.digest, by=by, at=at)


def corrected(people, *, at):
    with scoped(people["citra"]) as by:
        return correction_enter(
            election=ELECTION,
            contest="PPWP",
            station=CLEAN,
            reason="Salah salin, dihitung ulang",
            basis="BA 12/2019",
            by=by,
            at=at,
        )


def test_only_sheets_that_no_rule_holds_go_out_and_the_others_are_held_with_their_reasons(people):
    made = proposed(people)
    with scoped(people["citra"]):
        counts = version_counts(made)["PPWP"]
        held = list(made.held.all())
        assert counts.stations == len(lines()) - 1
        assert counts.published + counts.held == counts.stations
        assert 0 < counts.held == len(held) < counts.published
        assert all(one.reasons for one in held)
        assert EventRow.objects.filter(name="publication.proposed").count() == 1
        assert "votes" not in json.dumps(EventRow.objects.get(name="publication.proposed").data)


def test_who_proposes_cannot_let_it_out_and_the_database_says_so_too(people):
    made = proposed(people)
    with scoped(people["citra"]) as by:
        with pytest.raises(PublishingRefused, match="petugas lain"):
            publication_confirm(publication=made.pk, digest=made.digest, by=by, at=AT)
        with pytest.raises(IntegrityError, match="publishing_two_persons"), transaction.atomic():
            Publication.objects.filter(pk=made.pk).update(
                state=State.PUBLISHED, decided_by=made.proposed_by, decided_at=AT
            )


def test_the_second_person_lets_out_the_set_they_looked_at_once(people):
    made = proposed(people)
    with scoped(people["putri"]) as by:
        with pytest.raises(PublishingRefused, match="lain dari"):
            publication_confirm(publication=made.pk, digest="0" * 64, by=by, at=AT)
        done = publication_confirm(publication=made.pk, digest=made.digest, by=by, at=AT)
        assert done.state == State.PUBLISHED
        with pytest.raises(PublishingRefused, match="sudah diputuskan"):
            publication_confirm(publication=made.pk, digest=made.digest, by=by, at=AT)
    with scoped(Scope.system()):
        assert AuditLine.objects.filter(action="publication.decided", person=by.person).count() == 1


def test_one_proposal_waits_at_a_time_and_a_refused_one_makes_room(people):
    made = proposed(people)
    with pytest.raises(PublishingRefused, match="menunggu orang kedua"):
        proposed(people)
    with scoped(people["putri"]) as by:
        with pytest.raises(PublishingRefused, match="alasan"):
            publication_refuse(publication=made.pk, reason=" ", by=by, at=AT)
        publication_refuse(publication=made.pk, reason="Tunggu rekap", by=by, at=AT)
    assert proposed(people, at=AT + HOUR).version == 1


def test_another_regency_and_the_police_find_nothing(people):
    confirmed(people)
    for name in ("dewa", "bagas"):
        with scoped(people[name]):
            assert not Publication.objects.exists()
            assert not PublishedSheet.objects.exists()
            assert not HeldSheet.objects.exists()
            assert not Correction.objects.exists()


def test_a_published_figure_that_falls_is_held_until_a_correction_entry_says_why(people, tmp_path):
    first = confirmed(people)
    bring_in(tmp_path, was=FIRST_ROW, now="137,160,150,42,192,5,197,150,42,192,5,197", at=AT + HOUR)
    second = confirmed(people, at=AT + HOUR)
    with scoped(people["citra"]):
        assert "falling" in HeldSheet.objects.get(publication=second, station=CLEAN).reasons
        standing = {sheet.station: sheet for sheet in sheets_of(second, "PPWP")}
        assert standing[CLEAN].votes == [190, 42]
        assert all(line.more == 0 for line in totals_beside(second))
        assert len(standing) == len(sheets_of(first, "PPWP"))
    corrected(people, at=AT + 2 * HOUR)
    third = confirmed(people, at=AT + 3 * HOUR)
    with scoped(people["citra"]):
        assert {sheet.station: sheet.votes for sheet in sheets_of(third, "PPWP")}[CLEAN] == [150, 42]
        assert [line.more for line in totals_beside(third)] == [-40, 0]
        assert {sheet.station: sheet.votes for sheet in sheets_of(first, "PPWP")}[CLEAN] == [190, 42]


def test_the_database_refuses_a_falling_figure_and_takes_it_with_a_correction_entry(people):
    confirmed(people)
    second = proposed(people, at=AT + HOUR)

    def fallen():
        return PublishedSheet(
            area="51.01.01.1006",
            agency="bawaslu",
            created_at=AT + HOUR,
            publication=second,
            contest="PPWP",
            station=CLEAN,
            number=1,
            source="kpu",
            sheet_version=1,
            outcome="regular",
            votes=[189, 42],
            valid=232,
            invalid=5,
            users=237,
            registered=297,
        )

    with scoped(people["citra"]):
        with pytest.raises(IntegrityError, match="would fall"), transaction.atomic():
            fallen().save(force_insert=True)
    corrected(people, at=AT + HOUR)
    with scoped(people["citra"]):
        fallen().save(force_insert=True)


def test_what_two_people_read_blind_from_the_plano_goes_out_against_a_copy_that_differs(people, tmp_path):
    read = {"v0": 191, "v1": 41, "sah": 232, "tidak_sah": 5, "pengguna_j": 237}
    plano = SheetRow(
        "51.01.01.1006", CLEAN, 1, "plano", Figures((191, 41), valid=232, invalid=5, users=237), ""
    )
    with scoped(Scope.system()):
        sheets_import(plan=SheetPlan(sheets=[plano]), origin=ORIGIN)
    entered(people, read | {"v0": 190, "v1": 42})
    other = proposed(people)
    with scoped(people["putri"]) as by:
        assert "copies_differ" in HeldSheet.objects.get(publication=other, station=CLEAN).reasons
        publication_refuse(publication=other.pk, reason="Menunggu entri", by=by, at=AT)
        EntryDraft.objects.update(figures=read)
    made = confirmed(people, at=AT + HOUR)
    with scoped(people["citra"]):
        sheet = {sheet.station: sheet for sheet in sheets_of(made, "PPWP")}[CLEAN]
        assert (sheet.source, sheet.votes) == ("plano", [191, 41])


def entered(people, figures):
    """Two people have finished the form of the plano."""
    frame = {"area": "51.01.01.1006", "agency": "bawaslu", "created_at": AT}
    with scoped(people["citra"]) as by:
        form = EntryForm.objects.create(
            **frame,
            election=ELECTION,
            contest="PPWP",
            station=CLEAN,
            source="plano",
            changed_at=AT,
            state="done",
        )
        EntryDraft.objects.create(
            **frame, form=form, round=2, person=by.person, figures=figures, saved_at=AT, done_at=AT
        )


def test_only_a_published_figure_is_corrected(people):
    with pytest.raises(PublishingRefused, match="belum terbit"):
        corrected(people, at=AT)


def test_the_site_is_plain_files_whose_links_all_lead_to_files(people, tmp_path):
    confirmed(people)
    root = tmp_path / "situs"
    with scoped(Scope.system()):
        (version,) = site_write(root)
        assert site_write(root) == []
    pages = sorted(root.rglob("*.html"))
    # in two languages: lists of series and versions, the version, the regency, 2 districts, 4 villages
    assert len(pages) == 2 * (2 + 1 + 1 + 2 + 4)
    for path in pages:
        text, page = path.read_text(encoding="utf-8"), Page(path)
        assert not {"script", "iframe", "object", "form"} & page.tags
        assert " style=" not in text
        assert not re.search(r"https?://", text)
        assert all((path.parent / link).is_file() for link in page.links), path
    assert (version / "ppwp" / "51.01.01.1006.html").is_file()


def test_a_version_is_written_to_the_same_bytes_wherever_and_whenever_it_is_written(people, tmp_path):
    confirmed(people)
    with scoped(Scope.system()):
        first, second = (site_write(tmp_path / name)[0] for name in ("a", "b"))
    sums = (first / "SHA256SUMS").read_text(encoding="utf-8")
    assert sums == (second / "SHA256SUMS").read_text(encoding="utf-8")
    for line in sums.splitlines():
        digest, path = line.split("  ")
        assert hashlib.sha256((first / path).read_bytes()).hexdigest() == digest


def test_open_data_says_what_the_pages_say_and_describes_itself(people, tmp_path):
    made = confirmed(people)
    with scoped(Scope.system()):
        (version,) = site_write(tmp_path)
        sheets = sheets_of(made, "PPWP")
    package = json.loads((version / "datapackage.json").read_text(encoding="utf-8"))
    for resource in package["resources"]:
        content = (version / resource["path"]).read_bytes()
        header = next(csv.reader(io.StringIO(content.decode())))
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        assert resource["bytes"] == len(content)
        assert [field["name"] for field in resource["schema"]["fields"]] == header
    with (version / "data" / "ppwp-suara.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 2 * len(sheets)
    for choice in (1, 2):
        told = sum(int(row["votes"]) for row in rows if row["position"] == str(choice))
        assert told == sum(sheet.votes[choice - 1] for sheet in sheets)
    assert {row["choice"] for row in rows} == {
        "Joko Widodo - Ma'ruf Amin",
        "Prabowo Subianto - Sandiaga Uno",
    }


def test_every_version_stays_beside_the_next(people, tmp_path):
    root = tmp_path / "situs"
    confirmed(people)
    with scoped(Scope.system()):
        (first,) = site_write(root)
    before = {path: path.read_bytes() for path in first.rglob("*") if path.is_file()}
    bring_in(tmp_path, was=FIRST_ROW, now="137,160,191,42,233,4,237,191,42,233,4,237", at=AT + HOUR)
    corrected(people, at=AT + HOUR)
    confirmed(people, at=AT + 2 * HOUR)
    with scoped(Scope.system()):
        (second,) = site_write(root)
    assert (first.name, second.name) == ("v1", "v2")
    assert before == {path: path.read_bytes() for path in first.rglob("*") if path.is_file()}
    assert "Salah salin" in (second / "index.html").read_text(encoding="utf-8")
    versions = (root / f"{ELECTION}-{AREA}" / "index.html").read_text(encoding="utf-8")
    assert versions.index("v2/index.html") < versions.index("v1/index.html")
