"""Shapes of what people fill in about incidents. Times are those on the clocks of the place."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ronda.incidents.domain import PROOF_TYPES, Desk, EvidenceKind
from ronda.incidents.services import Evidence, content_type
from ronda.reports.domain import VERIFIES, MoveRefused
from ronda.reports.selectors import kind_choices, place_choices
from ronda.reports.selectors.proving import Grounds
from ronda.web.fields import MomentField, choices_set, moment_area_set

Choices = Iterable[tuple[str, Any]]
NEW, BY_NUMBER = "baru", "nomor"


def _words(label: Any, *, required: bool = True, rows: int = 3, help_text: Any = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "dir": "auto"})
    return forms.CharField(
        label=label, required=required, max_length=4000, widget=widget, help_text=help_text
    )


class ProofFileField(forms.FileField):
    """A photo or PDF, judged by its content."""

    widget = forms.FileInput(attrs={"accept": ",".join(PROOF_TYPES)})

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        try:
            if file:
                content_type(file)
        except MoveRefused as refusal:
            raise forms.ValidationError(str(refusal)) from None
        return file or None


def _proof_file() -> ProofFileField:
    hint = _("JPEG, PNG, WEBP, HEIC atau PDF, paling besar 20 MB. Disimpan asli; setiap pembacaan tercatat.")
    return ProofFileField(label=_("Foto atau PDF"), required=False, help_text=hint)


class VerifyForm(forms.Form):
    """Source, place, time and kind of a report, and the incident it belongs to."""

    kind = forms.ChoiceField(label=_("Jenis kejadian"))
    place = forms.ChoiceField(label=_("Tempat"))
    station = forms.IntegerField(label=_("Nomor TPS"), required=False, min_value=1, max_value=999)
    happened_at = MomentField(label=_("Kapan terjadi"))
    source_check = forms.ChoiceField(
        label=_("Bagaimana Anda memastikan"),
        choices=[(check.value, check.label) for check in VERIFIES],
        widget=forms.RadioSelect,
    )
    officer = forms.ChoiceField(label=_("Petugas yang ada di tempat"), required=False)
    other_report = forms.ChoiceField(label=_("Laporan kedua"), required=False)
    document_file = forms.ChoiceField(label=_("Berkas laporan yang diperiksa"), required=False)
    document = forms.CharField(label=_("Nomor dokumen yang diperiksa"), required=False, max_length=200)
    incident = forms.ChoiceField(label=_("Jadikan"), widget=forms.RadioSelect)
    number = forms.CharField(label=_("Nomor kejadian lain"), required=False, max_length=12)
    title = forms.CharField(
        label=_("Judul kejadian"),
        required=False,
        max_length=160,
        help_text=_("Bila kosong: jenis dan tempatnya."),
    )
    summary = _words(
        _("Fakta yang sudah pasti"),
        required=False,
        rows=4,
        help_text=_("Dibaca lembaga yang menerima. Jangan menyebut pelapor."),
    )
    note = forms.CharField(label=_("Catatan pemeriksaan"), required=False, max_length=1000)

    def __init__(self, *args: Any, area: str, incidents: Choices, grounds: Grounds, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, found in (
            ("officer", grounds.officers),
            ("other_report", grounds.others),
            ("document_file", grounds.documents),
        ):
            choices_set(self, name, [("", _("Pilih") if found else _("Tidak ada")), *found])
        choices_set(self, "kind", kind_choices(str(_("Pilih jenisnya"))))
        choices_set(self, "place", place_choices(area))
        named = (BY_NUMBER, _("Kejadian lain, menurut nomornya"))
        choices_set(self, "incident", [(NEW, _("Kejadian baru")), *incidents, named])
        moment_area_set(self, "happened_at", area)
        missing = (name for name in ("kind", "place", "source_check") if not self[name].value())
        self.fields[next(missing, "kind")].widget.attrs["data-key"] = "v"  # what is to be filled in next

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("incident") == BY_NUMBER and not given.get("number"):
            self.add_error("number", _("Tulis nomornya, misalnya K-0147."))
        self._require_ground(given)
        return given

    def _require_ground(self, given: dict[str, Any]) -> None:
        """Verified is what rests on something that can be pointed at."""
        wanted = {
            "seen": ("officer", _("Pilih petugas yang melihat sendiri di tempat.")),
            "two_sources": ("other_report", _("Tunjuk laporan kedua yang menguatkan.")),
            "document": ("document", _("Pilih berkasnya, atau tulis nomor dokumen yang diperiksa.")),
        }
        name, words = wanted.get(given.get("source_check", ""), ("", ""))
        if name and not (given.get(name) or (name == "document" and given.get("document_file"))):
            self.add_error(name, words)


class HandoverForm(forms.Form):
    """To whom, and what is asked."""

    desk = forms.ChoiceField(label=_("Serahkan kepada"))
    request = _words(
        _("Yang diminta"), help_text=_("Satu atau dua kalimat. Penerima menjawab permintaan ini.")
    )

    def __init__(self, *args: Any, desks: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        choices_set(self, "desk", desks)


class AssignForm(forms.Form):
    """What must be done, by whom, until when."""

    title = forms.CharField(label=_("Yang harus dikerjakan"), max_length=160)
    desk = forms.ChoiceField(label=_("Pelaksana"))
    due_at = MomentField(label=_("Batas waktu"), is_past=False)

    def __init__(self, *args: Any, desks: Choices, area: str, **options: Any) -> None:
        super().__init__(*args, **options)
        choices_set(self, "desk", desks)
        moment_area_set(self, "due_at", area)


class FinishForm(forms.Form):
    """What was done, and what shows it."""

    note = _words(_("Apa yang dikerjakan dan hasilnya"))
    evidence_kind = forms.ChoiceField(
        label=_("Bukti"),
        choices=EvidenceKind.choices,
        widget=forms.RadioSelect,
        initial=EvidenceKind.FILE,
    )
    file = _proof_file()
    document = forms.CharField(label=_("Nomor surat atau berita acara"), required=False, max_length=200)
    report = forms.ChoiceField(label=_("Laporan dalam kejadian ini"), required=False)

    def __init__(self, *args: Any, reports: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        choices_set(self, "report", [("", "–"), *reports])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        kind = given.get("evidence_kind", "")
        if kind and not given.get(kind) and kind not in self.errors:
            self.add_error(kind, _("Isi buktinya di sini."))
        return given

    @property
    def evidence(self) -> Evidence:
        kind = EvidenceKind(self.cleaned_data["evidence_kind"])
        shown = self.cleaned_data[kind.value]
        return Evidence(kind, content=shown) if kind == EvidenceKind.FILE else Evidence(kind, shown)


class NoteForm(forms.Form):
    """A development."""

    text = _words(_("Perkembangan"), help_text=_("Apa yang berubah. Jam dan nama Anda tercatat sendiri."))


class ReasonForm(forms.Form):
    """A reason that others will read."""

    reason = _words(_("Alasan"))


class DoneForm(forms.Form):
    """What was done."""

    reason = _words(_("Apa yang dikerjakan"))
    file = _proof_file()


class CloseForm(forms.Form):
    """What the second person saw."""

    note = _words(_("Yang Anda periksa"), required=False)


class RelateForm(forms.Form):
    """Another incident by its number."""

    number = forms.CharField(label=_("Nomor kejadian lain"), help_text=_("Misalnya K-0147."), max_length=12)
    note = forms.CharField(label=_("Hubungannya"), required=False, max_length=500)


def desk_value(desk: Desk) -> str:
    """A desk as the value of a choice."""
    return f"{desk.agency}|{desk.area}"


def desk_of(value: str) -> Desk:
    """The desk behind the value of a choice."""
    agency, _bar, area = value.partition("|")
    return Desk(agency, area)
