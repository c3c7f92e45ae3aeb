"""Every address of the site."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from insights.exports import as_file
from taoanalytics.ops import health
from taoanalytics.ops.status import status

admin.site.site_header = admin.site.site_title = "TAO Analytics"
admin.site.index_title = "Curation and engine room"

urlpatterns = [
    path("", include("insights.urls")),
    path("health/live/", health.live, name="health-live"),
    path("health/ready/", health.ready, name="health-ready"),
    path("status/", status, name="status"),
    *(path(f"status.{form}", as_file(status, form), name=f"status-{form}") for form in ("csv", "json")),
    path(f"{settings.ADMIN_URL}system/", include("taoanalytics.ops.urls")),
    path(settings.ADMIN_URL, admin.site.urls),
]

handler404 = "insights.pages.errors.not_found"
handler500 = "insights.pages.errors.server_error"
