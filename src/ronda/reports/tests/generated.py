"""Made-up reports whose truth is known: what several people write about one event, and what only looks alike.

Every sentence is ours. The same seed gives the same reports. Used by tests and by `bench/similarity.py`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random

DAY = datetime(2024, 11, 27, 0, 0, tzinfo=UTC)
VILLAGES = tuple(
    f"51.01.{district:02d}.{2000 + number}" for district in range(1, 6) for number in range(1, 11)
)
# For each kind: sentences that tell of one event in other words; the last two in Javanese and Balinese mixtures.
WORDS: dict[str, tuple[str, ...]] = {
    "money_politics": (
        "Ada yang membagikan amplop berisi uang lima puluh ribu di warung {where}, lalu diminta memilih satu calon.",
        "Di warung {where} warga menerima amplop, isinya uang lima puluh ribu, disuruh coblos salah satu calon.",
        "Seorang lelaki turun dari mobil {who} dan memberi uang kepada ibu-ibu di warung {where}.",
        "Bagi-bagi uang terjadi di warung {where}, satu amplop per orang, ada daftar nama.",
        "Wonten tiyang ngedum amplop isi dhuwit seket ewu ing warung {where}, dikon milih salah siji.",
        "Ada anak ngemaang amplop misi pipis seket tali ring warung {where}, orahina milih calon ento.",
    ),
    "intimidation": (
        "Sekelompok orang {who} mengancam pemilih di jalan {where} supaya tidak datang ke TPS.",
        "Warga takut keluar rumah, beberapa pemuda {who} menghadang di {where} dan mengancam yang mau mencoblos.",
        "Pemilih diancam di dekat {where}: kalau memilih nanti rumahnya didatangi.",
        "Ketua RT menyampaikan ada ancaman terhadap keluarga yang mencoblos, kejadian di {where}.",
        "Wong {who} ngancem warga ing {where}, sing arep nyoblos dikon mulih.",
        "Ada anak {who} nakutin krama ring {where}, sing dadi ka TPS.",
    ),
    "logistics_shortage": (
        "Surat suara di TPS kurang dua puluh lembar, KPPS menunggu kiriman dari {where}.",
        "KPPS menghitung surat suara dan ternyata tidak cukup, kurang sekitar dua puluh, sudah menghubungi {where}.",
        "Antrean berhenti karena kertas suara habis sebelum siang. Tambahan belum datang dari {where}.",
        "Jumlah surat suara tidak sesuai berita acara, selisih dua puluh lembar, petugas {who} bingung.",
        "Surat suarane kurang rong puluh lembar, KPPS ngenteni saka {where}.",
        "Surat suara kirang duang dasa lembar, KPPS nyantos saking {where}.",
    ),
    "box_opened": (
        "Segel kotak suara terlihat sobek ketika dibawa dari {where}, saksi {who} memotretnya.",
        "Kotak suara dari {where} datang dengan segel rusak, saksi menolak menandatangani.",
        "Saksi melihat kotak dibuka petugas di {where} tanpa pengawas, segelnya lepas.",
        "Gembok kotak suara hilang waktu tiba di {where}, sudah diberitahukan ke pengawas.",
        "Segel kothak suara suwek pas digawa saka {where}, saksi wis moto.",
        "Segel kotak suara uwek dugas kaaba uli {where}, saksi suba moto.",
    ),
    "disaster": (
        "Air sungai naik dan TPS di {where} tergenang setinggi lutut, pemilih dipindahkan ke balai desa.",
        "Banjir masuk ke TPS dekat {where}, kotak suara diangkat ke meja.",
        "Hujan deras sejak subuh, tenda TPS roboh dan halaman {where} penuh air.",
        "KPPS meminta pindah tempat karena lokasi di {where} kebanjiran selutut.",
        "Banyune munggah, TPS ing {where} kebanjiran sak dengkul.",
        "Yeh tukad menek, TPS ring {where} kablabar kanti sedengkul.",
    ),
    "count_procedure": (
        "Penghitungan suara di {where} dilakukan dengan pintu tertutup, saksi {who} tidak boleh melihat.",
        "Saksi diusir waktu penghitungan, ruang di {where} dikunci dari dalam.",
        "KPPS membaca surat suara pelan sekali dan membelakangi saksi di {where}.",
        "Papan hitung tidak dipasang, angka hanya ditulis di buku oleh petugas di {where}.",
        "Ngitung suarane ditutup lawange ing {where}, saksi ora entuk ndelok.",
        "Ngitung suara ring {where} matutup jelanan, saksi tusing dadi nyingak.",
    ),
    "power_out": (
        "Listrik padam di {where} saat penghitungan, KPPS memakai lampu senter.",
        "Lampu mati sejak maghrib, penghitungan di {where} dihentikan sementara.",
        "PLN padam satu dusun, genset di {where} tidak ada solar.",
        "Penghitungan gelap, petugas {who} memakai senter telepon di {where}.",
        "Listrike mati ing {where}, ngitunge nganggo senter.",
        "Listrik mati ring {where}, ngitung nganggen senter.",
    ),
    "neutrality_official": (
        "Kepala dusun {who} ikut mengarahkan warga memilih calon tertentu dalam pertemuan di {where}.",
        "Perangkat desa membagikan bahan kampanye waktu rapat warga di {where}.",
        "Dalam arisan di {where} kadus terang-terangan mengajak memenangkan satu pasangan.",
        "Pegawai kecamatan berfoto mengacungkan jari bersama tim di {where}.",
        "Pak kasun ngejak warga milih salah siji calon ing kumpulan {where}.",
        "Kelian dinas ngajakin krama milih calon ring paruman {where}.",
    ),
}  # fmt: skip
WHERE = (
    *("Bu Tutik", "Pak Made", "pojok pasar", "balai banjar", "lapangan voli", "jembatan kayu", "toko Berkah"),
    *(
        "musala timur",
        "pura dalem",
        "gang Mawar",
        "SD Negeri 2",
        "perempatan",
        "gudang PPS",
        "rumah Pak Kadek",
    ),
    *("pos ronda", "kantor desa"),
)
WHO = ("berbaju hitam", "tidak dikenal", "dari luar desa", "naik motor", "berombongan", "membawa map")
SHORT = {
    "yang": "yg",
    "dengan": "dgn",
    "tidak": "gak",
    "sudah": "udh",
    "belum": "blm",
    "orang": "org",
    "uang": "duit",
    "warga": "wrg",
    "karena": "krn",
    "dari": "dr",
    "pada": "pd",
    "ribu": "rb",
    "dan": "&",
}
OPENINGS = (
    *("", "", "", "Lapor min, ", "Mohon dicek, ", "Assalamualaikum. ", "Om swastiastu, ", "INFO: "),
    "Diteruskan dari grup: ",
)
CLOSINGS = (
    "",
    "",
    "",
    " Mohon segera ditindak.",
    " Terima kasih.",
    " Tolong cepat!!",
    " Suksma.",
    " Viralkan!",
)


@dataclass(frozen=True)
class Told:
    """One made-up report: which event it tells of, how it was made, and what it says."""

    event: int
    how: str
    text: str
    kind: str
    village: str
    station: int | None
    at: datetime
    happened_at: datetime | None
    sender: int = 0
    said: str = ""  # the sentence before it was changed


@dataclass(frozen=True)
class _Event:
    number: int
    kind: str
    village: str
    station: int
    where: str
    who: str
    at: datetime


def events(rng: Random, many: int) -> list[_Event]:
    """Things that happen on the day, each somewhere else or at another time."""
    return [
        _Event(
            number,
            rng.choice(sorted(WORDS)),
            rng.choice(VILLAGES),
            rng.randint(1, 12),
            rng.choice(WHERE),
            rng.choice(WHO),
            DAY + timedelta(minutes=rng.randint(0, 14 * 60)),
        )
        for number in range(many)
    ]


def labelled(seed: int, many: int) -> list[Told]:
    """Reports about `many` events in other words, small changes, mixtures; and the same words about other events."""
    rng = Random(seed)
    found: list[Told] = []
    for event in events(rng, many):
        found += _honest(event, rng)
        if rng.random() < 0.5:
            found.append(_elsewhere(event, rng, many + len(found)))
        if rng.random() < 0.5:
            found.append(_another_time(event, rng, many + len(found)))
    return found


def _honest(event: _Event, rng: Random) -> Iterator[Told]:
    """One to four accounts, in other words, some in a mixture of languages, some sent twice with small changes."""
    sentences = list(WORDS[event.kind])
    rng.shuffle(sentences)
    for sentence in sentences[: rng.randint(1, 4)]:
        how = "mixture" if sentence in WORDS[event.kind][-2:] else "other words"
        told = _told(event, how, sentence, rng)
        yield told
        if rng.random() < 0.4:
            yield replace(
                told, how="small changes", text=changed(told.text, rng), at=_later(told.at, rng, 90)
            )


def _told(event: _Event, how: str, sentence: str, rng: Random) -> Told:
    at = event.at + timedelta(minutes=rng.randint(2, 80))
    stated = event.at + timedelta(minutes=rng.randint(-10, 10)) if rng.random() < 0.7 else None
    station = event.station if rng.random() < 0.7 else None
    kind = event.kind if rng.random() < 0.8 else ""
    text = sentence.format(where=event.where, who=event.who)
    return Told(
        event.number, how, changed(text, rng, 0.3), kind, event.village, station, at, stated, said=text
    )


def _elsewhere(event: _Event, rng: Random, number: int) -> Told:
    told = _told(event, "same words, another place", rng.choice(WORDS[event.kind]), rng)
    village = rng.choice([code for code in VILLAGES if code != event.village])
    return replace(told, event=number, village=village)


def _another_time(event: _Event, rng: Random, number: int) -> Told:
    told = _told(event, "same words, another time", rng.choice(WORDS[event.kind]), rng)
    away = timedelta(hours=rng.choice((-1, 1)) * rng.uniform(20, 72))
    return replace(
        told, event=number, at=told.at + away, happened_at=told.happened_at and told.happened_at + away
    )


def _later(at: datetime, rng: Random, minutes: int) -> datetime:
    return at + timedelta(minutes=rng.randint(1, minutes))


def changed(text: str, rng: Random, share: float = 1.0) -> str:
    """The text with short forms, an opening, a closing, a slip of the finger: what people and brigades change."""
    if rng.random() > share:
        return text
    words = [SHORT.get(word, word) if rng.random() < 0.5 else word for word in text.split()]
    if len(words) > 6 and rng.random() < 0.3:
        del words[rng.randrange(len(words))]
    if rng.random() < 0.4:
        at = rng.randrange(len(words))
        words[at] = words[at][:-1] if len(words[at]) > 5 else words[at]
    shaped = " ".join(words)
    shaped = shaped.upper() if rng.random() < 0.1 else shaped
    return rng.choice(OPENINGS) + shaped + rng.choice(CLOSINGS)


def brigade(rng: Random, number: int, many: int) -> Iterator[Told]:
    """One claim about one place, sent by many with small changes over some hours; few say when or at which station."""
    (event,) = events(rng, 1)
    sentence = rng.choice(WORDS[event.kind][:4]).format(where=event.where, who=event.who)
    for sender in range(many):
        at = event.at + timedelta(minutes=rng.uniform(0, 240))
        stated = event.at if rng.random() < 0.3 else None
        station = event.station if rng.random() < 0.5 else None
        kind = event.kind if rng.random() < 0.8 else ""
        yield Told(
            number,
            "brigade",
            changed(sentence, rng),
            kind,
            event.village,
            station,
            at,
            stated,
            sender,
            sentence,
        )
