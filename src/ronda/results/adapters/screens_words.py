"""What the screens say, in words for people: what was looked at, how it came out, and what else explains it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from ronda.kernel.areas import station_code
from ronda.methods.screens import Word
from ronda.results.adapters.screens_kept import KeptStations
from ronda.results.adapters.shown import Heading
from ronda.web.numbers import number_words, percent_words

SHOWN, POINTS = 20, 3
REDRAWN = frozenset({"equal_vectors", "integer_percentages", "spikes"})  # held against redrawn elections
LADDER = {
    Word.MATCH: _lazy("cocok"),
    Word.LOOK: _lazy("perlu dicek"),
    Word.DOCUMENTS: _lazy("dokumen tidak konsisten"),
}
MARKS = {Word.MATCH: "done", Word.LOOK: "proc", Word.DOCUMENTS: "mach"}
Said = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ScreenWords:
    """One screen on the page."""

    name: str
    mark: str
    word: str
    sentence: str
    effect: str
    tests: int
    seed: int | None
    null_model: str
    innocent: str
    is_redrawn: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """A station that stands out in one screen."""

    station: str
    screen: str
    votes: int
    residual: float


@dataclass(frozen=True, slots=True)
class _Text:
    """The fixed words of a screen. Its null model and innocent explanations say in the page's language what the method
    says in English."""

    name: Promise
    null_model: Promise
    innocent: Promise
    sentence: Callable[[Said, str], str]
    effect: Callable[[Said], str]


def leader_name(stations: KeptStations, names: Heading) -> str:
    """The choice with most votes by its number: a screen names no person."""
    at = stations.leader
    if stations.parties:
        return _("partai %(number)s") % {"number": stations.parties[at]}
    number = names.choices[at].split(" ")[0] if at < len(names.choices) else f"{at + 1:02d}"
    return _("pilihan %(number)s") % {"number": number}


def screen_words(said: Said, leader: str) -> list[ScreenWords]:
    """Every screen that could be made here, in the order in which it is worth doing."""
    made = ((key, said.get(key)) for key in TEXTS)
    return [_words(key, one, leader) for key, one in made if isinstance(one, Mapping)]


def not_made(said: Said) -> list[str]:
    """Names of screens that need more stations, or a wider area, than there are here."""
    return [str(text.name) for key, text in TEXTS.items() if said.get(key) is None]


def standing_out(said: Said, stations: KeptStations) -> list[Standing]:
    """Stations that stand out in a screen that looks at each, most votes first; none that is not among `stations`."""
    found = [
        Standing(
            station_code(stations.villages[row["kel_id"]], row["tps"]),
            str(TEXTS[key].name),
            row["votes"],
            row["residual"],
        )
        for key, one in said.items()
        if isinstance(one, Mapping)
        for row in one.get("largest", ())
    ]
    shown = set(stations.codes)
    found = [one for one in found if one.station in shown]
    return sorted(found, key=lambda one: (-abs(one.votes), one.station))[:SHOWN]


def standing_count(said: Said) -> int:
    """How many times a station stands out in a screen that looks at each."""
    return sum(one.get("stand_out", 0) for one in said.values() if isinstance(one, Mapping))


def _words(key: str, one: Said, leader: str) -> ScreenWords:
    word, text = Word(one["word"]), TEXTS[key]
    return ScreenWords(
        name=str(text.name),
        mark=MARKS[word],
        word=str(LADDER[word]),
        sentence=text.sentence(one, leader),
        effect=text.effect(one),
        tests=one["tests"],
        seed=one["seed"],
        null_model=str(text.null_model),
        innocent=str(text.innocent),
        is_redrawn=key in REDRAWN,
    )


NOT_IN_VOTES = _lazy("tidak dapat dinyatakan dalam suara")


def _no_votes(_one: Said) -> str:
    return str(NOT_IN_VOTES)


def _most(one: Said, words: str) -> str:
    largest: Sequence[Said] = one["largest"]
    if not largest:
        return _("tidak ada yang menonjol")
    return words % {"n": number_words(max(abs(row["votes"]) for row in largest))}


def _counts(one: Said) -> dict[str, str]:
    return {"n": number_words(one["stand_out"]), "tests": number_words(one["tests"])}


def _vectors(one: Said, _leader: str) -> str:
    numbers = {"pairs": number_words(one["pairs"]), "expected": number_words(one["expected"], 1)}
    return (
        _("%(pairs)s pasang TPS sedesa sama persis semua angkanya; wajarnya sekitar %(expected)s.") % numbers
    )


def _leaders(one: Said, leader: str) -> str:
    words = _("Suara %(leader)s dibandingkan dengan TPS lain sedesa: %(n)s dari %(tests)s TPS menonjol.")
    return words % {**_counts(one), "leader": leader}


def _invalid(one: Said, _leader: str) -> str:
    words = _("Suara tidak sah dibandingkan dengan TPS lain sedesa: %(n)s dari %(tests)s TPS menonjol.")
    return words % _counts(one)


def _turnout(one: Said, _leader: str) -> str:
    words = _("Pengguna hak pilih dibandingkan dengan TPS lain sedesa: %(n)s dari %(tests)s TPS menonjol.")
    return words % _counts(one)


def _slope(one: Said, leader: str) -> str:
    words = _(
        "Di TPS yang lebih ramai, tiap tambahan 100 pengguna sejalan dengan %(more)s suara untuk %(leader)s;"
        " perlu dicek bila di atas 100."
    )
    return words % {"more": number_words(round(one["slope"] * 100)), "leader": leader}


def _whole(one: Said, leader: str) -> str:
    words = _(
        "%(n)s TPS tepat di persen bulat, kehadirannya atau bagian %(leader)s; wajarnya sekitar %(expected)s."
    )
    numbers = {"n": one["observed"]["either"], "expected": one["expected"]["either"]}
    shown = {name: number_words(round(value)) for name, value in numbers.items()}
    return words % {**shown, "leader": leader}


def _digits(one: Said, leader: str) -> str:
    words = _(
        "Angka terakhir suara %(leader)s: sebaran seperti ini atau lebih timpang berpeluang %(p)s;"
        " perlu dicek bila di bawah 0,01."
    )
    return words % {"leader": leader, "p": number_words(one["p_value"], 2)}


def _spikes(one: Said, leader: str) -> str:
    words = _(
        "%(n)s TPS bertumpuk di bagian %(leader)s yang sama melebihi semua pemilu tiruan; tumpukan sebesar ini"
        " berpeluang %(p)s, perlu dicek bila di bawah 0,01."
    )
    numbers = {"n": number_words(round(sum(one["points"].values()))), "p": number_words(one["p_value"], 3)}
    return words % {**numbers, "leader": leader}


def _points(one: Said) -> str:
    """Where they lie, most stations first."""
    points = sorted(one["points"].items(), key=lambda point: (-point[1], point[0]))[:POINTS]
    if not points:
        return _("tidak ada yang menonjol")
    places = ", ".join(percent_words(float(share)) for share, _number in points)
    words = _("%(percent)s %% dari %(units)s TPS, terbanyak di bagian %(places)s")
    return words % {
        "percent": number_words(one["percent"], 2),
        "units": number_words(one["units"]),
        "places": places,
    }


_BESIDE = _lazy(
    "Bagian sebuah TPS ada di sekitar desanya, selebar TPS di kecamatannya memang berbeda (beta-binomial)."
)
TEXTS: dict[str, _Text] = {
    "equal_vectors": _Text(
        _lazy("Hasil kembar"),
        _lazy("Pemilih tiap TPS memilih sendiri-sendiri, dengan bagian suara desanya."),
        _lazy("TPS kecil dengan sedikit pilihan sering sama; satu lembar terentri untuk dua nomor."),
        _vectors,
        _no_votes,
    ),
    "neighbours": _Text(
        _lazy("Suara terbanyak"),
        _BESIDE,
        _lazy("Calon yang kuat di satu dusun; dusun yang memilih bersama; TPS khusus; salah tulis."),
        _leaders,
        lambda one: _most(one, _("paling jauh %(n)s suara di satu TPS")),
    ),
    "invalid_neighbours": _Text(
        _lazy("Suara tidak sah"),
        _BESIDE,
        _lazy("Sosialisasi yang berbeda; petugas yang lebih ketat; banyak pemilih lanjut usia; salah tulis."),
        _invalid,
        lambda one: _most(one, _("paling jauh %(n)s suara di satu TPS")),
    ),
    "turnout_neighbours": _Text(
        _lazy("Kehadiran"),
        _BESIDE,
        _lazy(
            "Banyak perantau; TPS dekat pasar, kampus atau pesantren; hujan; daftar pemilih lama; salah tulis."
        ),
        _turnout,
        lambda one: _most(one, _("paling jauh %(n)s pemilih di satu TPS")),
    ),
    "fingerprint": _Text(
        _lazy("Sidik jari kehadiran dan suara"),
        _lazy("Kehadiran dan bagian suara terbanyak tidak berkaitan."),
        _lazy("Kota dan desa digerakkan berbeda; dua daerah dengan selera berbeda; TPS khusus."),
        _slope,
        _no_votes,
    ),
    "integer_percentages": _Text(
        _lazy("Persen bulat"),
        _lazy("Setiap pemilih datang dan memilih sendiri-sendiri, dengan bagian TPS-nya sendiri."),
        _lazy("TPS sedikit; banyak TPS kecil yang sama besar; bagian yang bulat karena hitungan biasa."),
        _whole,
        _no_votes,
    ),
    "last_digits": _Text(
        _lazy("Angka terakhir"),
        _lazy("Angka terakhir dari hitungan 100 ke atas tersebar rata."),
        _lazy("Hitungan sedikit; satu dari dua puluh wilayah kebetulan di bawah 0,05."),
        _digits,
        _no_votes,
    ),
    "spikes": _Text(
        _lazy("Bagian yang bertumpuk"),
        _lazy("Kehadiran dan bagian suara tersebar mulus (campuran beta-binomial), dicocokkan ke semua TPS."),
        _lazy(
            "Bagian 1/2, 3/5 atau 1 di TPS kecil; desa yang memilih bersama; satu titik dari seribu kebetulan."
        ),
        _spikes,
        _points,
    ),
}
