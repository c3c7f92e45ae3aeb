"""The engine room's pages, below the admin's address."""

from django.urls import path

from taoanalytics.ops import probing, system

urlpatterns = [
    path("", system.system, name="system"),
    path("workers/", system.workers, name="system-workers"),
    path("start/<slug:key>/", system.start, name="system-start"),
    path("probe/", probing.probe, name="system-probe"),
]
