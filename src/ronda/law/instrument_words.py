"""The words of a refused instrument file in Indonesian; whatever stands in no list, such as the value, stays."""

import re

INDONESIAN = {
    "a text": "teks",
    "a whole number": "bilangan bulat",
    "a number": "angka",
    "a date as 2024-11-27": "tanggal seperti 2024-11-27",
    "a list": "daftar",
    "a group of keys": "sekelompok kunci",
    "true or false": "true atau false",
    "nothing": "kosong",
    "none": "tidak ada",
    "no file": "tidak ada berkas",
    "file": "berkas",
    "text": "teks",
    "more": "lebih",
    "a value": "isi",
    "value": "isi",
    "an unknown key": "kunci yang tidak dikenal",
    "only keys of the schema": "hanya kunci yang ada di contoh",
    "valid YAML": "YAML yang benar",
    "a readable UTF-8 file": "berkas UTF-8 yang dapat dibaca",
    "decimal string": "angka",
    "values that can be reckoned with": "isi yang dapat dihitung",
    "YAML without tags": "YAML tanpa tanda jenis (!)",
    "only letters that can be seen": "hanya huruf yang terlihat",
    "an id no other file has": "id yang belum dipakai",
    "a name in Indonesian and in English": "nama dalam bahasa Indonesia dan Inggris",
    "the name of the instrument": "nama dokumen sumber",
    "the page for a source that was found": "halaman untuk sumber yang ditemukan",
    "at least one span in in_force": "paling sedikit satu masa berlaku di in_force",
    "at least one example": "paling sedikit satu contoh",
    "a figure from 0 to 100": "angka 0 sampai 100",
    "a figure from 0 to 1000 with at most six decimals": "angka 0 sampai 1000 dengan paling banyak enam desimal",
    "at least two levels": "paling sedikit dua tingkat",
    "examples that hold": "contoh yang cocok dengan batasnya",
    "0 to 6 decimals": "0 sampai 6 desimal",
    "up_to rising to 100": "up_to yang naik sampai 100",
    "below under at_least": "below di bawah at_least",
    "k above 0": "k di atas 0",
    "a mean and a standard deviation from 0 up": "rata-rata dan simpangan baku mulai 0",
    "a code of letters, digits, points and dashes": "kode dari huruf, angka, titik, dan tanda hubung",
    "a count from 0 up": "jumlah mulai 0",
    "a text for an indicator with a unit, a group or a count": (
        "teks untuk indikator yang bersatuan, berkelompok, atau berjumlah"
    ),
    "slots for every listed indicator, at most 500": "slots yang cukup untuk semua indikator, paling banyak 500",
    "a part of the dimension": "subdimensi dari dimensi itu",
    "levels only for event_times_level": "levels hanya untuk event_times_level",
    "not_established in the rule and in its source, or in neither": (
        "not_established di aturan dan di sumbernya, atau tidak di keduanya"
    ),
    "weights with a source, or null with a source not_established": (
        "bobot dengan sumbernya, atau null dengan sumber not_established"
    ),
    "weights that sum to 1": "bobot yang berjumlah 1",
    "an id of small letters, digits and dashes": "id dari huruf kecil, angka, dan tanda hubung",
    "units, not_for, a version and a scale": "units, not_for, version, dan scales yang terisi",
    "indicator_count equal to the indicators and slots": (
        "indicator_count yang sama dengan banyaknya indikator dan slot"
    ),
    "a weight for each code and no other": "bobot untuk setiap kode, tanpa yang lain",
    "units of the instrument": "satuan yang ada di instrumen",
    "groups of the instrument": "kelompok yang ada di instrumen",
    "levels of the instrument": "tingkat yang ada di instrumen",
}
INDONESIAN_PATTERNS = tuple(
    (re.compile(pattern), said)
    for pattern, said in (
        (r"one of (.+)", "salah satu dari {}"),
        (r"at most (\d+) KiB", "paling banyak {} KiB"),
        (r"at most (\d+) levels", "paling banyak {} tingkat"),
        (r"at most (\d+) values", "paling banyak {} isi"),
        (r"at most (\d+) letters", "paling banyak {} huruf"),
        (r"an id that begins with (.+)", "id yang berawalan {}"),
        (r"(\S+) and (\S+)", "{} dan {}"),
        (r"(\S+) is (\S+), not (\S+)", "{} termasuk {}, bukan {}"),
        (r"(\S+): (\d+) of (\d+)", "{}: {} dari {}"),
        (r"(\S+) in (.+)", "{} pada {}"),
        (r"line (\d+)", "baris {}"),
        (r"byte (\d+)", "bita {}"),
        (r"each (.+) once", "setiap {} hanya sekali"),
        (r"(.+) twice", "{} dua kali"),
        (r"to on or after (.+)", "to pada atau sesudah {}"),
        (r"a (text|list) or nothing", "isi yang cocok atau kosong"),
        (r"a whole number or nothing", "bilangan bulat atau kosong"),
        (r"a number or nothing", "angka atau kosong"),
        (r"a date as (\S+) or nothing", "tanggal seperti {} atau kosong"),
        (r"a group of keys or nothing", "sekelompok kunci atau kosong"),
    )
)


def in_indonesian(words: str) -> str:
    """What is wanted or came, in Indonesian; what stands in no list (such as the value itself) stays."""
    if words in INDONESIAN:
        return INDONESIAN[words]
    for pattern, said in INDONESIAN_PATTERNS:
        if found := pattern.fullmatch(words):
            return said.format(*found.groups())
    return words
