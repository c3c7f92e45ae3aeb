"""The logbook for staff."""

from django.contrib import admin

from taoanalytics.jobs.models import ApiQuota, Generation, JobRun
from taoanalytics.jobs.readonly import ReadOnlyAdmin


@admin.register(JobRun)
class JobRunAdmin(ReadOnlyAdmin):
    list_display = ("job", "state", "started_at", "duration", "seen", "stored", "skipped", "failed", "error")
    list_filter = ("job", "state")
    date_hierarchy = "started_at"
    search_fields = ("error",)


@admin.register(Generation)
class GenerationAdmin(ReadOnlyAdmin):
    list_display = ("number", "bumped_at")


@admin.register(ApiQuota)
class ApiQuotaAdmin(ReadOnlyAdmin):
    list_display = ("source", "month", "calls", "reused", "last_call_at")
    list_filter = ("source",)
