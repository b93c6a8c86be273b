from django.urls import path

from ronda.results import photos, views, views_audit, views_files, views_replacing, views_screens

app_name = "results"

urlpatterns = [
    path("hasil/", views.result_list, name="result-list"),
    path("hasil/foto/<uuid:sheet_id>/<str:sha256>/", photos.sheet_photo, name="sheet-photo"),
    path("hasil/<str:election>/<str:contest>/", views.area_show, name="contest-show"),
    path("hasil/<str:election>/<str:contest>/tps/<str:station>/", views.station_show, name="station-show"),
    path(
        "hasil/<str:election>/<str:contest>/tps/<str:station>/penggantian/",
        views_replacing.replacement_new,
        name="replacement-new",
    ),
    path("hasil/<str:election>/<str:contest>/periksa/", views.check_list, name="contest-checks"),
    path("hasil/<str:election>/<str:contest>/lembar.csv", views.sheets_csv, name="contest-csv"),
    path(
        "hasil/<str:election>/<str:contest>/unduh/<str:form>", views_files.results_file, name="contest-file"
    ),
    path("hasil/<str:election>/<str:contest>/<str:area>/", views.area_show, name="area-show"),
    path("hasil/<str:election>/<str:contest>/<str:area>/periksa/", views.check_list, name="check-list"),
    path(
        "hasil/<str:election>/<str:contest>/<str:area>/penapisan/",
        views_screens.screen_show,
        name="screen-show",
    ),
    path("hasil/<str:election>/<str:contest>/<str:area>/audit/", views_audit.audit_show, name="audit-show"),
    path(
        "hasil/<str:election>/<str:contest>/<str:area>/audit/<uuid:frozen>/",
        views_audit.audit_round,
        name="audit-round",
    ),
    path(
        "hasil/<str:election>/<str:contest>/<str:area>/audit/<uuid:frozen>/<str:name>.csv",
        views_audit.audit_csv,
        name="audit-csv",
    ),
    path("hasil/<str:election>/<str:contest>/<str:area>/lembar.csv", views.sheets_csv, name="sheets-csv"),
    path(
        "hasil/<str:election>/<str:contest>/<str:area>/unduh/<str:form>",
        views_files.results_file,
        name="results-file",
    ),
]
