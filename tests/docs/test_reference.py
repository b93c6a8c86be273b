"""The reference pages say what the code says."""

from pathlib import Path

import pytest

from ronda.config.reference import FOLDER, pages

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", ["permissions.md", "events.md", "law.md"])
def test_a_page_made_from_the_code_is_up_to_date(name):
    assert (FOLDER / name).read_text(encoding="utf-8") == pages()[name], (
        "run `ronda reference` and commit the pages"
    )


def test_links_between_documents_lead_somewhere():
    import re

    broken = []
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", page.read_text(encoding="utf-8")):
            if not (page.parent / target).exists():
                broken.append(f"{page.relative_to(ROOT)} -> {target}")
    assert not broken
