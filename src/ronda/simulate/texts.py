"""What officers and citizens write, by kind of incident. Invented for drills; names no party and no person.

`{tps}` is a polling station, `{desa}` a village, `{n}` a small number, `{jam}` a clock time.
"""

OFFICER: dict[str, tuple[str, ...]] = {
    "logistics_damaged": (
        "{n} lembar surat suara robek ditemukan saat kotak {tps} {desa} dibuka. KPPS sudah memisahkan dan mencatat.",
        "Segel kotak {tps} {desa} basah, surat suara di lapisan bawah lembap. KPPS minta petunjuk.",
    ),
    "logistics_shortage": (
        "Surat suara {tps} {desa} kurang {n} lembar dari berita acara. KPPS menunggu tambahan dari PPS.",
        "Tinta di {tps} {desa} hanya satu botol dan sudah hampir habis pukul {jam}.",
    ),
    "logistics_swapped": (
        "Kotak {tps} {desa} berisi surat suara daerah pemilihan lain. Pemungutan ditahan sementara.",
    ),
    "station_not_open": (
        "{tps} {desa} belum dibuka sampai {jam}, kunci gedung belum datang. Warga sudah antre.",
        "Pemungutan di {tps} {desa} mundur, saksi belum menerima salinan DPT.",
    ),
    "count_procedure": (
        "Papan hitung di {tps} {desa} menghadap dinding, saksi dan warga tidak bisa melihat tally.",
        "Penghitungan {tps} {desa} dipindah ke dalam rumah karena hujan, pintu setengah tertutup.",
    ),
    "copy_refused": ("KPPS {tps} {desa} belum memberi salinan C.Hasil kepada pengawas sampai {jam}.",),
    "voter_unlisted": (
        "{n} warga di {tps} {desa} membawa KTP setempat tetapi tidak ada di daftar. KPPS minta menunggu.",
    ),
    "disability_access": (
        "Pintu {tps} {desa} bertangga tiga, pemilih kursi roda harus diangkat.",
        "Alat bantu tunanetra tidak ada di {tps} {desa}.",
    ),
    "power_out": (
        "Listrik padam di sekitar {tps} {desa} sejak {jam}. KPPS memakai lampu darurat untuk menghitung.",
        "Genset {tps} {desa} tidak menyala, penghitungan berhenti.",
    ),
    "network_out": ("Sinyal hilang di {desa} sejak {jam}, foto formulir belum bisa dikirim.",),
    "access_cut": ("Jembatan menuju {tps} {desa} tertutup ranting dan lumpur, mobil logistik memutar.",),
    "disaster": ("Air masuk ke halaman {tps} {desa} setinggi mata kaki, meja dipindah ke teras.",),
    "mass_disturbance": (
        "Sekitar {n}0 orang berkumpul di luar {tps} {desa} dan berteriak, KPPS menghentikan antrean.",
    ),
    "intimidation": ("Dua orang berjaga di jalan masuk {tps} {desa} dan menanyai pilihan warga yang lewat.",),
}

CITIZEN: dict[str, tuple[str, ...]] = {
    "money_politics": (
        "Semalam ada yang membagi amplop dari rumah ke rumah di {desa}. Isinya uang {n}0 ribu.",
        "Tetangga bilang ada pembagian sembako di gang belakang balai {desa} tadi subuh.",
    ),
    "intimidation": (
        "Saya ditanya mau pilih siapa waktu antre di {tps}, orangnya tidak pakai tanda pengenal.",
        "Ada orang memotret warga yang keluar dari {tps} {desa}, kami takut.",
    ),
    "campaign_material": (
        "Spanduk masih terpasang di depan {tps} {desa} pagi ini.",
        "Stiker calon ditempel di tiang dekat pintu {tps}.",
    ),
    "quiet_period_campaign": ("Pesan ajakan memilih disebar di grup warga {desa} tadi malam.",),
    "disinformation": (
        "Beredar pesan bahwa {tps} {desa} pindah lokasi, padahal tidak.",
        "Ada pesan suara yang bilang pemungutan di {desa} ditunda besok.",
    ),
    "voter_unlisted": (
        "Ibu saya biasanya memilih di {tps} {desa} tapi namanya tidak ada. Undangannya juga tidak sampai.",
    ),
    "station_not_open": ("Sudah {jam} tapi {tps} {desa} belum buka juga, antrean sampai ke jalan.",),
    "neutrality_official": (
        "Kepala dusun menyuruh warga memilih salah satu calon saat kerja bakti di {desa}.",
    ),
    "voted_twice": ("Ada orang yang sudah bertinta masuk lagi ke {tps} {desa} bawa surat lain.",),
    "other": ("Tempat parkir di depan {tps} {desa} ditutup, kakek saya harus jalan jauh.",),
}

WITNESS: dict[str, tuple[str, ...]] = {
    "count_procedure": (
        "Saksi diminta berdiri di luar garis saat surat suara dibacakan di {tps} {desa}.",
        "Suara petugas tidak terdengar, beberapa kali tally ditulis sebelum surat suara ditunjukkan, {tps} {desa}.",
    ),
    "copy_refused": ("Salinan C.Hasil {tps} {desa} dijanjikan besok, saksi minta hari ini.",),
    "voting_refused": ("{n} pemilih pindahan ditolak di {tps} {desa}, katanya surat suara habis.",),
}

NOTES = (
    "",
    "",
    "",
    "lancar",
    "aman terkendali",
    "KPPS lengkap tujuh orang",
    "dua linmas di pintu",
    "pemilih lansia didahulukan",
    "hujan ringan",
    "saksi hadir",
)

LEAK_NOTE = "Atap sudut timur bocor, air menetes ke tumpukan kotak. Sebagian sudah digeser ke tengah."
WAREHOUSE_NAME = "Gudang logistik KPU {area}"
STORE_NAME = "Gudang PPK {area}"
