"""What is answered to a text message: one message, what was understood or what was wanted and what came."""

from django.utils.translation import gettext as _

from ronda.channels.adapters.sms import Problem, SmsRead
from ronda.channels.domain import gsm7_fit, gsm7_length
from ronda.law.checkins import checkin_rules
from ronda.law.incident_kinds import incident_kinds

PLACE_MAX = 28


def answer_help() -> str:
    """The grammar in one message."""
    return gsm7_fit(
        _(
            "Ronda. Kabar: TPS 7 BUKA (LOGISTIK, ANTRE 40, TUTUP, SELESAI). Laporan: TPS 7 UANG ceritanya. "
            "Belum terdaftar? Awali dengan 13 angka kode TPS."
        )
    )


def answer_step(read: SmsRead, place: str) -> str:
    """A word of a station was taken."""
    step = checkin_rules().step(read.step)
    words = step.name.in_language("id") if step else read.step
    queue = _(", %(n)s orang") % {"n": read.queue} if read.queue is not None else ""
    said = {"where": where(read, place), "what": f"{words}{queue}"}
    return gsm7_fit(_("Ronda: %(where)s: %(what)s. Diterima. Keliru? Kirim lagi yang benar.") % said)


def answer_report(read: SmsRead, place: str, code: str) -> str:
    """A report was taken; with the code by which it is followed."""
    kind = incident_kinds().get(read.kind)
    what = kind.name_in("id")[:45] if kind else _("laporan")
    spot = where(read, place)
    said = {"what": f"{what}, {spot}" if spot else what, "code": code}
    return gsm7_fit(_("Ronda: diterima: %(what)s. Ikuti dengan kode %(code)s") % said)


def answer_sheet(read: SmsRead, place: str, votes: tuple[int, ...]) -> str:
    """Figures were taken, said back as they were read."""
    valid, invalid, total = read.figures[len(votes) :]
    sums = (
        ""
        if sum(votes) == valid and valid + invalid == total
        else _(" Jumlah tidak cocok, disimpan apa adanya.")
    )
    said = {
        "where": where(read, place),
        "contest": read.contest,
        "valid": valid,
        "invalid": invalid,
        "total": total,
    }
    tail = _(" sah %(valid)s tidak sah %(invalid)s jumlah %(total)s.") % said + sums
    head = _("Ronda: %(where)s %(contest)s diterima:") % said
    figures = " ".join(map(str, votes))
    if gsm7_length(gsm7_fit(head)) + len(figures) + len(tail) + 1 > 160:
        figures = _("%(n)s angka,") % {"n": len(votes)}
    return gsm7_fit(f"{head} {figures}{tail}")


def answer_kept(problem: Problem | str, read: SmsRead, place: str, code: str, *, wanted: int = 0) -> str:
    """It could not be taken as what it wants to be: what was wanted, what came, and that it is kept as a report."""
    said = {
        "where": where(read, place),
        "code": code,
        "contest": read.contest or "?",
        "n": wanted or _("semua"),
        "came": len(read.figures),
    }
    words = {
        Problem.PLACE: _(
            "Ronda: disimpan sebagai laporan, tempatnya belum jelas. Tulis 13 angka kode TPS atau TPS dan "
            "nomornya, lalu kabar. Kode %(code)s"
        ),
        Problem.STATION: _(
            "Ronda: nomor TPS belum ada. Disimpan sebagai laporan. Tulis misalnya TPS 7 BUKA. Kode %(code)s"
        ),
        Problem.CHECK: _(
            "Ronda: %(where)s %(contest)s: huruf periksa TIDAK cocok. Hasil belum dicatat, disimpan sebagai "
            "laporan. Periksa angka, kirim ulang."
        ),
        Problem.FIGURES: _(
            "Ronda: hasil belum dicatat, disimpan sebagai laporan. Tulis HASIL, kode, suara tiap calon, sah, "
            "tidak sah, jumlah, huruf periksa."
        ),
        "choices": _(
            "Ronda: %(contest)s perlu %(n)s angka, datang %(came)s. Hasil belum dicatat, disimpan sebagai "
            "laporan. Kirim ulang."
        ),
        "contest": _(
            "Ronda: pemilihan %(contest)s tidak dikenal di tempat itu. Hasil belum dicatat, disimpan sebagai "
            "laporan. Periksa kodenya."
        ),
        "sender": _(
            "Ronda: nomor ini belum terdaftar untuk kabar dan hasil TPS. Disimpan sebagai laporan warga. "
            "Kode %(code)s"
        ),
        "register": _(
            "Ronda: %(where)s tidak ada dalam daftar. Disimpan, petugas akan menempatkannya. Periksa kodenya, "
            "bila keliru kirim lagi."
        ),
    }
    return gsm7_fit(words[problem] % said)


def answer_refused() -> str:
    """Figures from a body that may not hand in counts (STR/404/VI/OPS.1.3/2018)."""
    return gsm7_fit(
        _("Ronda: instansi Anda tidak boleh memasukkan hasil penghitungan. Angka ini tidak disimpan.")
    )


def answer_conflict(read: SmsRead, place: str) -> str:
    """Other words under an id of the gateway that was taken."""
    spot = where(read, place)
    return gsm7_fit(
        _(
            "Ronda: pesan ini sudah diterima dengan isi lain. Keduanya disimpan. "
            "Kirim lagi sebagai pesan baru. %(where)s"
        )
        % {"where": spot}
    )


def where(read: SmsRead, place: str) -> str:
    """The place as people say it, short enough for an answer."""
    name = (place or read.place)[:PLACE_MAX]
    return f"TPS {read.station} {name}".strip() if read.station else name
