from django.urls import path

from ronda.plenum import views, views_columns

app_name = "plenum"
urlpatterns = [
    path("pleno/", views.plenum_list, name="plenum-list"),
    path("pleno/baru/", views.plenum_new, name="plenum-new"),
    path("pleno/<uuid:plenum_id>/", views.plenum_hear, name="plenum-hear"),
    path("pleno/<uuid:plenum_id>/kotak/", views.plenum_box, name="plenum-box"),
    path("pleno/<uuid:plenum_id>/berkas/", views_columns.plenum_file, name="plenum-file"),
    path("pleno/<uuid:plenum_id>/d-hasil.xlsx", views_columns.plenum_sheet, name="plenum-sheet"),
    path("pleno/<uuid:plenum_id>/tutup/", views.plenum_close, name="plenum-close"),
    path("pleno/<uuid:plenum_id>/keberatan/", views.objection_new, name="objection-new"),
    path("keberatan/<uuid:objection_id>/", views.objection_show, name="objection-show"),
    path("keberatan/<uuid:objection_id>/putus/", views.objection_decide, name="objection-decide"),
    path("keberatan/<uuid:objection_id>/bukti.zip", views.objection_evidence, name="objection-evidence"),
]
