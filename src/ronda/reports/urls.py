from django.urls import path

from ronda.reports.views import inbox, photos, public, triage

app_name = "reports"
urlpatterns = [
    path("lapor", public.report, name="public-report"),
    path("lapor/bukti-kerja", public.work, name="public-work"),
    path("laporan", inbox.report_list, name="report-list"),
    path("laporan/baru", inbox.report_create, name="report-create"),
    path("laporan/terkirim", inbox.report_sent, name="report-sent"),
    path("laporan/<uuid:report_id>/tempat", inbox.report_place, name="report-place"),
    path("laporan/<uuid:report_id>/tolak", inbox.report_reject, name="report-reject"),
    path("laporan/<uuid:report_id>/kembalikan", inbox.report_return, name="report-return"),
    path("laporan/<uuid:report_id>/ambil", triage.report_claim, name="report-claim"),
    path("laporan/<uuid:report_id>/lepas", triage.report_release, name="report-release"),
    path("laporan/<uuid:report_id>/serahkan", triage.report_hand_on, name="report-hand-on"),
    path("laporan/<uuid:report_id>/satukan", triage.reports_merge, name="reports-merge"),
    path("laporan/<uuid:report_id>/pisahkan", triage.reports_split, name="reports-split"),
    path("laporan/<uuid:report_id>/kedudukan", inbox.report_stand, name="report-stand"),
    path("laporan/<uuid:report_id>/foto/<str:sha256>", photos.report_photo, name="report-photo"),
    path("laporan/<uuid:report_id>/kontak", inbox.contact_reveal, name="contact-reveal"),
]
