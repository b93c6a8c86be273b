"""S7: spoiled input is refused with a reason or kept as it is; it is never an error of ours, nor half a row."""

import json
import random
import time
from hashlib import sha256

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.counts import count as times

from ronda.gate.parse import Incoming, Malformed, message_parse
from ronda.gate.tests.at_the_door import ask, count, message, raw, token, with_gate
from ronda.gate.tests.at_the_door import device_in as device

SLOWEST_S = 2.0
FIELDS = [*message(), "unknown", "$.x", ""]
ODD = [
    None, True, 0, -1, 10**30, 1e308, "", " ", "\x00", "\ud800", "😀", "‮abc", "x" * 300, "51.01.02.2003\n",
    "2024-02-30T00:00:00Z", "9999-12-31T23:59:59-14:00", "0000-01-01T00:00:00Z", [], [[]], {}, {"a": [None]},
    [{"sha256": "a" * 64, "size": 1}], [{"sha256": "A" * 64}], "report", "sheet", "<b>TPS</b>", "'; DROP TABLE x; --",
]  # fmt: skip
GRAINS = [b"\x00", b"\xff", b"\xef\xbb\xbf", b"\xed\xa0\x80", b'"', b"{", b"}", b"[", b"\\u0000", b"\\ud800", b"NaN",
          b"1e999", b"-", b"," * 9, b"\n", b"\r\n", b"9" * 400, b"[" * 3_000, b"\xf0\x9f\x98\x80"]  # fmt: skip


def spoiled(chance: random.Random) -> bytes:
    """A message with some fields odd, missing or doubled, then some bytes changed, cut, doubled or put in."""
    content = message()
    for _ in range(chance.randrange(3)):
        content[chance.choice(FIELDS)] = chance.choice(ODD)
    if chance.random() < 0.2:
        content.pop(chance.choice(list(content)))
    text = json.dumps(content, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass")
    for _ in range(chance.choice((0, 0, 1, 3))):
        at = chance.randrange(len(text) + 1)
        text = chance.choice((
            lambda at=at, text=text: text[:at] + chance.choice(GRAINS) + text[at:],
            lambda at=at, text=text: text[:at],
            lambda at=at, text=text: text[:at] + bytes([chance.randrange(256)]) + text[at + 1 :],
            lambda at=at, text=text: text[at:] + text[:at],
        ))()  # fmt: skip
    return text


def parsed(text: bytes) -> Incoming | None:
    try:
        return message_parse(text)
    except Malformed as problem:
        if not problem.wanted or len(problem.came) > 300:
            raise AssertionError(f"no plain reason: {problem}") from problem
        return None


def test_the_parser_refuses_or_takes_whatever_comes():
    chance, taken, number = random.Random(7), 0, times("gate_inputs")
    for _ in range(number):
        text = spoiled(chance)
        begun = time.process_time()
        taken += parsed(text) is not None
        assert time.process_time() - begun < SLOWEST_S, text
    assert 0 < taken < number
    print(f"S7: {number} inputs, seed 7, {taken} taken")  # noqa: T201


def test_control_a_parser_with_an_unhandled_case_is_noticed(monkeypatch):
    from ronda.gate import parse

    monkeypatch.setattr(parse, "_came", lambda field, content: content.decode("ascii"))
    with pytest.raises(UnicodeDecodeError):
        test_the_parser_refuses_or_takes_whatever_comes()


@given(st.binary(max_size=400))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_refused_or_taken(text):
    parsed(text)


NESTED = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(FIELDS), NESTED, max_size=8))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_json_in_any_field_is_refused_or_taken(fields):
    parsed(json.dumps(message() | fields).encode("utf-8", "surrogatepass"))


def test_through_the_whole_door_nothing_is_a_500_and_what_is_201_is_stored_exactly(database, tmp_path):
    chance, number = random.Random(70), times("gate_requests")
    bearer = token(device(database))
    sent = [spoiled(chance) for _ in range(number)]

    async def story(gate):
        answers = []
        for start in range(0, number, 40):
            for text in sent[start : start + 40]:
                kind = {
                    "content_type": chance.choice(("application/json", "application/x-ndjson", "text/plain"))
                }
                answers.append(await ask(gate, text, bearer=bearer, **kind))
        return answers

    answers = with_gate(database, tmp_path, story)
    assert {one.status for one in answers} <= {201, 207, 409, 413, 422}
    single = [
        (text, one)
        for text, one in zip(sent, answers, strict=True)
        if one.status == 201 and not one.body.endswith(b"\n")
    ]
    stored = dict(
        row.split("\t")
        for row in database.psql("SELECT id, encode(sha256(raw), 'hex') FROM gate_message").splitlines()
    )
    assert single
    for text, one in single:
        assert stored[one.json["id"]] == sha256(text).hexdigest()
    assert count(database, "gate_message") == count(database, "ledger_leaf")


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer ", "bearer x y", "Basic abc", "Bearer \x00", "Bearer é" * 40]
)
def test_any_authorization_header_is_refused_plainly(database, tmp_path, header):
    story = lambda gate: ask(gate, raw(), bearer="", authorization=header)  # noqa: E731
    assert with_gate(database, tmp_path, story).status == 401
