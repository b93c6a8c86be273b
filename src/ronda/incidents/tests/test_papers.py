"""Papers of an incident: the letter of a hand-over, the chain of custody, and doubts about a proof that is not new."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from ronda.evidence.tests.pictures import jpeg
from ronda.incidents import papers, selectors, services
from ronda.incidents.domain import EvidenceKind
from ronda.incidents.models import Handover
from ronda.incidents.selectors.custody import proof_files, readings_of, signed_by
from ronda.incidents.services import Evidence
from ronda.incidents.tests.cast import BAGAS, CITRA, DEWA, EKA, NOON
from ronda.incidents.tests.test_acting_and_closing import finish, handled_by_polsek
from ronda.incidents.tests.test_handover import now
from ronda.kernel.scope import Scope, scoped
from ronda.reports.domain import MoveRefused
from ronda.web.paper import paper_images

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stage")]


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> None:
    settings.VAR = tmp_path


def shown(content: bytes) -> Evidence:
    return Evidence(EvidenceKind.FILE, content=BytesIO(content))


def text_of(data: dict[str, Any]) -> str:
    cells = [cell for part in data["parts"] for row in part["rows"] for cell in row]
    facts = [cell for row in data["facts"] for cell in row]
    return " | ".join([data["title"], data["subtitle"], *facts, *cells, *(p["text"] for p in data["parts"])])


def test_the_letter_says_who_asks_whom_for_what_until_when() -> None:
    incident = handled_by_polsek()
    with scoped(CITRA):
        handover = selectors.handovers_of(now(incident))[0]
        data = papers.letter_data(handover, signed=signed_by(handover), at=NOON)
    text = text_of(data)
    assert data["subtitle"].startswith("K-0001/1")
    assert handover.request in text
    assert "Diterima" in text
    assert "Kepada" in text
    with scoped(CITRA):
        assert papers.letter_pdf(handover, signed={}, at=NOON).startswith(b"%PDF-1.")


def test_the_chain_names_every_file_with_its_hash_and_who_opened_it() -> None:
    incident = handled_by_polsek()
    finish(incident, evidence=shown(jpeg(61, taken="2024:11:27 12:00:00", point=(-8.36, 114.62))))
    with scoped(CITRA):
        (file,) = proof_files(now(incident))
        services.proof_file_open(file=file.id, at=NOON)
        data = papers.custody_data(now(incident), [file], readings_of([file]), at=NOON)
    text = text_of(data)
    assert file.sha256 in text
    assert "2024-11-27 12:00:00; -8.36000, 114.62000" in text
    assert text.count("Dibuka") == 1
    assert "Bawaslu" in text
    with scoped(CITRA):
        assert papers.custody_pdf(now(incident), [file], {}, at=NOON).startswith(b"%PDF-1.")


def test_both_papers_fit_their_pages() -> None:
    incident = handled_by_polsek()
    finish(incident, evidence=shown(jpeg(62)))
    with scoped(CITRA):
        handover, (file,) = selectors.handovers_of(now(incident))[0], proof_files(now(incident))
        letter = papers.letter_data(handover, signed={}, at=NOON)
        chain = papers.custody_data(
            now(incident), [file] * 12, {file.sha256: [(NOON, "Bawaslu")] * 30}, at=NOON
        )
    assert len(paper_images(papers.TEMPLATE, letter)) == 1
    assert len(paper_images(papers.TEMPLATE, chain)) > 3


@pytest.mark.parametrize("who", [DEWA, EKA])
def test_others_find_no_hand_over_and_no_file(who: Scope) -> None:
    incident = handled_by_polsek()
    finish(incident, evidence=shown(jpeg(63)))
    with scoped(CITRA):
        handover = selectors.handovers_of(now(incident))[0]
    with scoped(who):
        assert proof_files(incident) == []
        with pytest.raises(Handover.DoesNotExist):
            selectors.handover_for(handover.id)


def test_a_photo_like_an_earlier_one_is_closed_only_with_a_reason() -> None:
    first, second = handled_by_polsek(), handled_by_polsek()
    finish(first, evidence=shown(jpeg(64)))
    with scoped(CITRA):
        services.incident_close(incident=first.id, note="", by=CITRA, at=NOON)
    later = NOON + timedelta(hours=2)
    with scoped(BAGAS):
        services.incident_finish(
            incident=second.id,
            note="Sudah.",
            evidence=shown(jpeg(64, size=(320, 240), quality=50)),
            by=BAGAS,
            at=later,
        )
    with scoped(CITRA):
        with pytest.raises(MoveRefused, match="mirip foto yang sudah diterima"):
            services.incident_close(incident=second.id, note="", by=CITRA, at=later)
        services.incident_close(incident=second.id, note="Titik yang sama, difoto ulang.", by=CITRA, at=later)
    assert now(second).state == "closed"


def test_a_photo_from_before_the_incident_or_from_far_away_raises_a_doubt() -> None:
    incident = handled_by_polsek()
    finish(incident, evidence=shown(jpeg(65, taken="2020:01:01 08:00:00")))
    with scoped(CITRA), pytest.raises(MoveRefused, match="sebelum kejadiannya diketahui"):
        services.incident_close(incident=incident.id, note="", by=CITRA, at=NOON)


def test_a_new_photo_that_says_nothing_of_itself_raises_no_doubt() -> None:
    incident = handled_by_polsek()
    finish(incident, evidence=shown(jpeg(66)))
    with scoped(CITRA):
        services.incident_close(incident=incident.id, note="", by=CITRA, at=NOON)
    assert now(incident).state == "closed"
