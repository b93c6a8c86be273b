"""What a reporter is told of the law before writing: of both sides, each with its source."""

import pytest

from ronda.law.loader import LAW_ROOT, LawError, load_text
from ronda.law.reporter_protection import ReporterProtection, reporter_protection

TEXT = (LAW_ROOT / "reporter_protection.yaml").read_text(encoding="utf-8")


def test_both_sides_stand_above_the_form() -> None:
    """Bawaslu, 31 March 2023: protected in criminal cases, face to face in administrative ones."""
    assert {"criminal_identity", "administrative_hearing"} <= {one.id for one in reporter_protection().first}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("id: safety", "id: criminal_identity"),
        ("side: not_given\n    first: true", "side: not_given"),
        ('    source: {instrument: "KUHP", standing: knowledge}\n', ""),
        ("side: given", "side: maybe"),
    ],
)
def test_sentences_of_one_side_only_or_without_source_do_not_load(old: str, new: str) -> None:
    assert old in TEXT
    with pytest.raises(LawError):
        load_text(TEXT.replace(old, new), ReporterProtection, "reporter_protection.yaml")
