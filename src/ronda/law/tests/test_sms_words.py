"""The words of text messages: each kind and each step has some, and none has two meanings."""

import pytest

from ronda.law.checkins import checkin_rules
from ronda.law.incident_kinds import incident_kinds
from ronda.law.loader import LAW_ROOT, LawError, load_text
from ronda.law.sms import SmsWords, sms_words

TEXT = (LAW_ROOT / "sms.yaml").read_text(encoding="utf-8")


def test_every_kind_and_every_step_can_be_named_in_a_text_message() -> None:
    assert set(sms_words().kinds) == set(incident_kinds())
    assert set(sms_words().steps) == {step.id for step in checkin_rules().steps}


@pytest.mark.parametrize(
    ("old", "new"),
    [("[BUKA, ", "[UANG, "), ("[BUKA, ", "[bu, "), ("help: [BANTUAN, FORMAT, INFO, CARA]", "help: []")],
)
def test_a_word_with_two_meanings_or_of_no_shape_does_not_load(old: str, new: str) -> None:
    assert old in TEXT
    with pytest.raises(LawError):
        load_text(TEXT.replace(old, new, 1), SmsWords, "sms.yaml")
