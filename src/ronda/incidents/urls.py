from django.urls import path

from ronda.incidents.views import acts, pages, papers, photos, proofs, triage

app_name = "incidents"
urlpatterns = [
    path("laporan/<uuid:report_id>", triage.report_detail, name="report-detail"),
    path("laporan/<uuid:report_id>/verifikasi", triage.report_verify, name="report-verify"),
    path(
        "laporan/<uuid:report_id>/foto/<str:sha256>/mirip", photos.photos_of_report, name="photos-of-report"
    ),
    path("bukti/<uuid:file_id>/mirip", photos.photos_of_proof, name="photos-of-proof"),
    path("kejadian", pages.incident_list, name="incident-list"),
    path("kejadian/<uuid:incident_id>", pages.incident_detail, name="incident-detail"),
    path("kejadian/<uuid:incident_id>/<slug:slug>", acts.incident_act, name="incident-act"),
    path("kejadian/<uuid:incident_id>/rantai-bukti.pdf", papers.custody_chain, name="custody-chain"),
    path("serah-terima/<uuid:handover_id>/surat.pdf", papers.handover_letter, name="handover-letter"),
    path("bukti/<uuid:file_id>", proofs.proof_file, name="proof-file"),
    path("tindakan/<uuid:action_id>/<slug:slug>", acts.action_act, name="action-act"),
    path("hubungan/<uuid:link_id>/lepas", acts.link_end, name="link-end"),
]
