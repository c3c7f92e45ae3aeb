"""The schedule for staff: to be paused and resumed; its times are the code's."""

from typing import Any

from csp.decorators import csp_update
from django.conf import settings
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django_celery_beat.admin import PeriodicTaskAdmin
from django_celery_beat.models import PeriodicTask

# The one inline script of the admin, on the form of a periodic task.
FORM_SCRIPT = "'sha256-QE3U2xYF7B4J2ro1/9oxiKhaWCGW39gB7ocQ/xlD0bE='"
OWNER = (
    "Code owns the times: what is declared in taoanalytics/schedule.py is written over this table whenever beat "
    "starts. Pausing an entry (not enabled) holds."
)

admin.site.unregister(PeriodicTask)


@admin.register(PeriodicTask)
class ScheduleAdmin(PeriodicTaskAdmin):
    list_display = (  # type: ignore[assignment]  # the parent shows one column more
        *("name", "enabled", "scheduler", "last_run_at", "total_run_count", "declared"),
    )

    @admin.display(boolean=True, description="declared in code")
    def declared(self, task: PeriodicTask) -> bool:
        return task.name in settings.CELERY_BEAT_SCHEDULE

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if request.method == "GET":
            messages.info(request, OWNER)
        response: HttpResponse = super().changelist_view(request, extra_context)  # type: ignore[no-untyped-call]
        return response

    @method_decorator(csp_update({"script-src": [FORM_SCRIPT]}))
    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if request.method == "GET":
            messages.info(request, OWNER)
        response: HttpResponse = super().changeform_view(  # type: ignore[no-untyped-call]
            request, object_id, form_url, extra_context
        )
        return response
