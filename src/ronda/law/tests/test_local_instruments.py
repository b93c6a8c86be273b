"""A local instrument is added by a file; a file that does not fit is refused with field, wanted and came."""

import ast
from pathlib import Path

import pytest

from ronda.law.instrument_words import in_indonesian
from ronda.law.instruments import instruments
from ronda.law.loader import LAW_ROOT, LawError
from ronda.law.local_instruments import (
    MOST_BYTES,
    local_instrument,
    local_instrument_file,
    local_instruments,
    refusal_in,
)

GOOD = """
id: lokal-jembrana-2027
version: "1"
name: {id: "Kerawanan desa Jembrana", en: "Vulnerability of villages in Jembrana"}
family: area_index
maker: {id: "Bawaslu Jembrana", en: "Bawaslu of Jembrana"}
units: [village]
purpose: {id: "Menentukan patroli", en: "Set patrols"}
not_for: [{id: "Menilai orang", en: "Judging people"}]
source: {instrument: "SK Bawaslu Jembrana 12/2027", page: "hlm. 3"}
in_force: [{from: 2027-01-15}]
indicator_count: 3
scoring:
  kind: count
  text: {id: "Jumlah kejadian", en: "Number of events"}
  unit: {id: "kejadian", en: "events"}
  source: {instrument: "SK Bawaslu Jembrana 12/2027", page: "hlm. 4"}
weights:
  - of: indicator
    values: {A-1: 0.5, A-2: 0.5}
    source: {instrument: "SK Bawaslu Jembrana 12/2027", page: "hlm. 5"}
dimensions:
  - code: A
    name: {id: "Keamanan", en: "Security"}
    slots: 3
    indicators:
      - {code: A-1, text: {id: "Perkelahian antarbanjar", en: "Fights between banjar"}}
      - code: A-2
        direction: lower_is_worse
        unit: {id: "orang", en: "people"}
        text: {id: "Linmas terlatih", en: "Trained linmas"}
scales:
  - kind: fixed
    units: [village]
    dated: 2027-01-15
    levels:
      - {id: low, name: {id: rendah, en: low}, up_to: 50}
      - {id: high, name: {id: tinggi, en: high}, up_to: 100}
    source: {instrument: "SK Bawaslu Jembrana 12/2027", page: "hlm. 6"}
    examples: [{score: 50, level: low}, {score: 50.01, level: high}]
"""


FIGURE = "a figure from 0 to 1000 with at most six decimals"
ROOM = "slots for every listed indicator, at most 500"
COUNTED = "indicator_count equal to the indicators and slots"
CODE = "a code of letters, digits, points and dashes"
SEEN = "only letters that can be seen"
UNITS = "one of province, regency, district, village, station"
FAMILIES = "one of area_index, station_map, guarding_scale"
SCALES = "one of fixed, mean_sd, indicator_groups, named"


def refusal(text: str) -> LawError:
    with pytest.raises(LawError) as caught:
        local_instrument(text, "uji.yaml")
    return caught.value


def changed(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new, 1)


def test_a_file_that_fits_becomes_an_instrument() -> None:
    one = local_instrument(GOOD, "uji.yaml")
    assert one.is_local
    assert [each.code for each in one.indicators] == ["A-1", "A-2", "A-03"]
    assert [each.direction for each in one.indicators] == ["higher_is_worse", "lower_is_worse", None]
    assert [one.unit_of(each).id for each in one.established] == ["kejadian", "orang"]
    assert [point.id for point in one.open_points()] == ["1 dari 3 indikator: belum ditetapkan sumbernya"]


@pytest.mark.parametrize("name", sorted(instruments()))
def test_a_shipped_file_serves_as_example_under_another_id(name: str) -> None:
    text = (LAW_ROOT / "instruments" / f"{name}.yaml").read_text(encoding="utf-8")
    assert local_instrument(text.replace(f"id: {name}", "id: lokal-contoh", 1), "uji.yaml").is_local
    error = refusal(text)
    assert (error.key, error.wanted, error.came) == ("id", "an id no other file has", name)


@pytest.mark.parametrize(
    ("old", "new", "key", "wanted", "came"),
    [
        ("id: lokal-", "id: ", "id", "an id that begins with lokal-", "jembrana-2027"),
        ("family: area_index", "family: indeks", "family", FAMILIES, "'indeks'"),
        ("units: [village]", "units: [desa]", "units[0]", UNITS, "'desa'"),
        ("kind: fixed", "kind: tetap", "scales[0].kind", SCALES, "'tetap'"),
        ("slots: 3", "slots: tiga", "dimensions[0].slots", "a whole number or nothing", "'tiga'"),
        ("slots: 3", "slots: 1", "dimensions[0]", ROOM, "A: 2 of 1"),
        ("slots: 3", "slots: 100000000", "dimensions[0]", ROOM, "A: 2 of 100000000"),
        ("indicator_count: 3", "indicator_count: 4", "file", COUNTED, "4 and 3"),
        ("A-1: 0.5", "A-1: 0.6", "file", "weights that sum to 1", "1.1 in A-1, A-2"),
        ("A-1: 0.5", "A-9: 0.5", "file", "a weight for each code and no other", "A-1, A-9"),
        ("A-1: 0.5", "A-1: .nan", "weights[0]", FIGURE, "NaN"),
        ("up_to: 50", "up_to: -5", "scales[0]", FIGURE, "-5"),
        ("score: 50,", 'score: "1e-999999",', "scales[0].examples[0]", FIGURE, "1E-999999"),
        ("score: 50,", "score: 51,", "scales[0]", "examples that hold", "51 is high, not low"),
        ("code: A-2", "code: A-1", "file", "each indicator once", "A-1 twice"),
        ("code: A-2", 'code: "=1+1"', "dimensions[0].indicators[1]", CODE, "'=1+1'"),
        (', page: "hlm. 3"', "", "source", "the page for a source that was found", "none"),
        ("purpose:", "tujuan: x\npurpose:", "tujuan", "only keys of the schema", "an unknown key"),
        ('version: "1"\n', "", "version", "a value", "nothing"),
        ('en: "Set patrols"', 'en: ""', "purpose", "a name in Indonesian and in English", "('Menentukan patroli', '')"),
        ('"Menentukan patroli"', '"Menentukan \\u202epatroli"', "purpose.id", SEEN, "U+202E"),
        ('"Menentukan patroli"', '"Menentukan\\0"', "purpose.id", SEEN, "U+0000"),
        ('"Menentukan patroli"', "x" * 601, "purpose.id", "at most 600 letters", "601"),
    ],
)  # fmt: skip
def test_a_file_that_does_not_fit_says_field_wanted_and_came(
    old: str, new: str, key: str, wanted: str, came: str
) -> None:
    error = refusal(changed(old, new))
    assert (error.key, error.wanted, error.came) == (key, wanted, came)
    assert in_indonesian(wanted) != wanted


LAUGHS = "a: &a [x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(20)
)
EMPTY_LAUGHS = LAUGHS.replace("[x, x]", "[]")
MERGES = "a: &a {k: v}\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} {{<<: [{', '.join(['*' + chr(97 + n)] * 9)}]}}\n" for n in range(20)
)


@pytest.mark.parametrize(
    "text",
    [
        LAUGHS,
        EMPTY_LAUGHS,
        MERGES,
        "a: &a [*a]",
        "[" * 200_000,
        "- " * 100_000,
        "\n".join("  " * n + "a:" for n in range(300)),
        "!!python/object/apply:os.system ['true']",
        "x" * (MOST_BYTES + 1),
        "",
        "[]",
        "42",
        "\x00",
        "\ud800",
        "id: lokal-x\nid: lokal-y",
        "indicator_count: " + "9" * 5000,
        "? {a: b}\n: c",
    ],
)
def test_a_hostile_text_is_refused_in_words(text: str) -> None:
    error = refusal(text)
    assert error.wanted
    assert refusal_in(error, "id").startswith("Berkas uji.yaml, bagian ")


def test_the_refusal_is_a_sentence_in_both_languages() -> None:
    error = refusal(changed("family: area_index", "family: indeks"))
    assert refusal_in(error, "id") == (
        "Berkas uji.yaml, bagian family: diminta salah satu dari area_index, station_map, guarding_scale,"
        " yang ada 'indeks'."
    )
    assert refusal_in(error, "en") == (
        "File uji.yaml, family: wanted one of area_index, station_map, guarding_scale, found 'indeks'."
    )


@pytest.mark.parametrize(
    "file", ["rules.py", "instrument_scales.py", "instruments.py", "local_instruments.py"]
)
def test_every_refusal_of_these_files_has_indonesian_words(file: str) -> None:
    tree = ast.parse((LAW_ROOT / file).read_text(encoding="utf-8"))
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name = getattr(call.func, "id", "")
        at = {"refuse": 0, "LawError": 2}.get(name)
        if at is not None and len(call.args) > at:
            words = _example(call.args[at])
            assert words == "" or in_indonesian(words) != words, words


def _example(node: ast.expr) -> str:
    """The text of a call, with a 7 where a value goes; empty where it is a name."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "7" for part in node.values)
    return ""


def test_files_of_a_folder_are_read_and_one_id_stands_once(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(GOOD, encoding="utf-8")
    assert list(local_instruments(tmp_path)) == ["lokal-jembrana-2027"]
    (tmp_path / "b.yaml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(LawError, match=r"b\.yaml: id"):
        local_instruments(tmp_path)


@pytest.mark.parametrize("content", [b"id: \xff\xfe", b"x" * (MOST_BYTES + 1), "# é".encode() * MOST_BYTES])
def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "rusak.yaml"
    path.write_bytes(content)
    with pytest.raises(LawError, match=r"rusak\.yaml: file"):
        local_instrument_file(path)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "tidak-ada.yaml", Path("/dev/zero")):
        with pytest.raises(LawError, match="no file"):
            local_instrument_file(path)
