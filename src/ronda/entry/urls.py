from django.urls import path

from ronda.entry import views

app_name = "entry"
urlpatterns = [
    path("entri/", views.form_list, name="form-list"),
    path("entri/baru/", views.form_new, name="form-new"),
    path("entri/<uuid:form_id>/", views.form_enter, name="form-enter"),
    path("entri/<uuid:form_id>/foto/", views.form_photo, name="form-photo"),
    path("entri/<uuid:form_id>/kotak/", views.form_box, name="form-box"),
    path("entri/<uuid:form_id>/selesai/", views.form_finish, name="form-finish"),
]
