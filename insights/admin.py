"""Explanations for staff: each that was made with all it was made from, and the one way to have a fresh one made."""

import json
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse

from enrichment import llm, spending
from enrichment.models import LedgerEntry
from insights import tasks
from insights.board import board
from insights.explaining.making import JOB, generate_insights, question_of
from insights.explaining.reading import inputs_on
from insights.html import format_html
from insights.models import Insight
from subnets.models import Subnet
from taoanalytics.jobs.models import JobRun, first_of_month
from taoanalytics.jobs.queue import sent_to_a_worker
from taoanalytics.jobs.readonly import ReadOnlyAdmin
from taoanalytics.jobs.report import Report
from taoanalytics.jobs.runs import AlreadyRunningError
from taoanalytics.lib import clock

MAKE = "insights.add_insight"


@admin.register(Insight)
class InsightAdmin(ReadOnlyAdmin):
    list_display = (
        "subnet",
        "level",
        "kind",
        "outcome",
        "observed_at",
        "made_at",
        "made_by",
        "prompt_version",
        "fresh",
    )
    list_filter = ("kind", "outcome", "level", "prompt_version")
    list_select_related = ("subnet__identity", "made_by")
    search_fields = ("=subnet__netuid", "text")
    date_hierarchy = "made_at"
    fields = (
        "subnet", "level", "text", "kind", "outcome", "reason", "detail", "refused_text", "model_served",
        "prompt_version", "observed_at", "block", "input_hash", "inputs_as_read", "ledger_entry",
        "made_at", "made_by", "fresh",
    )  # fmt: skip
    readonly_fields = ("inputs_as_read", "fresh")

    @admin.display(description="inputs")
    def inputs_as_read(self, insight: Insight) -> str:
        return format_html("<pre>{}</pre>", json.dumps(insight.inputs, ensure_ascii=False, indent=1))

    @admin.display(description="fresh one")
    def fresh(self, insight: Insight) -> str:
        address = reverse("admin:insights_insight_make", args=[insight.subnet.netuid])
        return format_html('<a href="{}">make a fresh one</a>', address)

    def get_urls(self) -> list[URLPattern]:
        make = path("make/<int:netuid>/", self.admin_site.admin_view(self.make), name="insights_insight_make")
        return [make, *super().get_urls()]

    def make(self, request: HttpRequest, netuid: int) -> HttpResponse:
        """Looks at GET; at POST has a fresh explanation of the newest signal made, by a worker where one answers."""
        if not request.user.has_perm(MAKE):
            raise PermissionDenied
        subnet = Subnet.objects.tenants_of(netuid).first()
        if subnet is None:
            raise Http404(f"no subnet {netuid} had been seen")
        if request.method == "POST":
            return self._sent(request, subnet) or self._made(request, subnet)
        newest = Insight.objects.newest_of([subnet.pk]).get(subnet.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": f"Explain the signal of {subnet}",
            "opts": self.model._meta,
            "subnet": subnet,
            "newest": newest,
            "unavailable": llm.available() or spending.halted(),
            "model": settings.LLM_MODEL,
            "seconds": settings.LLM_TIMEOUT_SECONDS,
            "under_way": JobRun.objects.running().filter(job=JOB).first(),
            "spent": _spent(),
            **_asked_of(netuid),
        }
        return render(request, "admin/insight_make.html", context)

    def _sent(self, request: HttpRequest, subnet: Subnet) -> HttpResponse | None:
        """To a worker, where a model is to be asked; None where none answers."""
        if llm.available():
            return None
        wanted = {"subnet": subnet.pk, "by": request.user.pk, "asked_at": clock.now().isoformat()}
        if not sent_to_a_worker(tasks.make_insight, wanted):
            return None
        said = "Queued: a worker has it made. Load this page again in a minute; it then stands under “Newest so far”."
        self.message_user(request, said, messages.SUCCESS)
        return redirect("admin:insights_insight_make", subnet.netuid)

    def _made(self, request: HttpRequest, subnet: Subnet) -> HttpResponse:
        """Here and now: there is nothing to wait for, or nobody else to do it."""
        began = clock.now()
        try:
            user = request.user if isinstance(request.user, User) else None
            report = generate_insights(netuids=[subnet.netuid], force=True, by=user)
        except AlreadyRunningError as busy:
            self.message_user(request, f"Nothing was made: {busy}. Try again when it is done.", messages.WARNING)
            return redirect("admin:insights_insight_make", subnet.netuid)
        fresh = Insight.objects.newest_of([subnet.pk]).get(subnet.pk)
        if fresh is None or fresh.made_at < began:
            self.message_user(request, f"Nothing was made. {_notes(report)}".strip(), messages.WARNING)
            return redirect("admin:insights_insight_make", subnet.netuid)
        by_model = fresh.kind == Insight.Kind.MODEL
        said = "A model's text was made." if by_model else f"Composed from the figures. {fresh.reason} {fresh.detail}"
        self.message_user(request, said.strip(), messages.SUCCESS if by_model else messages.WARNING)
        return redirect("admin:insights_insight_change", fresh.pk)


def _notes(report: Report) -> str:
    return " ".join([*report.notes, *report.problems])


def _asked_of(netuid: int) -> dict[str, Any]:
    """The figures as they would be sent, and the most that an answer can cost; none where there is no signal."""
    inputs = inputs_on(board(past=False), [netuid]).get(netuid)
    if inputs is None or inputs.level is None:
        return {"inputs": inputs, "at_most": None}
    return {"inputs": inputs, "at_most": spending.at_most(question_of(inputs))}


def _spent() -> list[tuple[str, Any, float]]:
    """(budget, US dollars that count against it, US dollars it holds)"""

    def charged(since: datetime) -> Any:
        return LedgerEntry.objects.since(since).charged_usd()

    now = clock.now()
    return [
        ("today", charged(clock.start_of_day(now.date())), settings.LLM_DAILY_BUDGET_USD),
        ("this month", charged(clock.start_of_day(first_of_month(now))), settings.LLM_MONTHLY_BUDGET_USD),
    ]
