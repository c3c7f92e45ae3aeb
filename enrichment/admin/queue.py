"""The curation queue: every living subnet, the most doubtful first, and the desk on which one is decided."""

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from enrichment import publish
from enrichment.admin.desk import desk
from enrichment.admin.forms import ACCEPT, CORRECT, DecisionForm, ReasonForm, decision_form
from enrichment.models import Curation
from enrichment.models.curation import DOUBTS
from enrichment.models.profiles import Field
from enrichment.resolving import CATEGORY
from subnets.models import CategoryAssignment


class WhyDoubtful(admin.SimpleListFilter):
    title = "doubt"
    parameter_name = "doubt"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("any", "any doubt"), *((name, words) for name, (_, words) in DOUBTS.items())]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "any":
            return queryset.filter(doubt__gt=0)
        return queryset.filter(**{f"{self.value()}__gt": 0}) if self.value() in DOUBTS else queryset


class DecidedBy(admin.SimpleListFilter):
    title = "who decided the category"
    parameter_name = "decided"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [*((source.value, str(source.label)) for source in CategoryAssignment.Source), ("nobody", "nobody yet")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "nobody":
            return queryset.filter(decided_by__isnull=True)
        return queryset.filter(decided_by=self.value()) if self.value() else queryset


@admin.register(Curation)
class CurationAdmin(admin.ModelAdmin):
    list_display = ("netuid", "name", "why", "confidence", "category", "decided")
    list_display_links = ("netuid", "name")
    list_filter = (WhyDoubtful, DecidedBy, "category")
    list_select_related = ("identity", "category")
    search_fields = ("=netuid", "identity__name", "profile__tagline")
    action_form = ReasonForm
    actions = ("accept_category", "accept_everything")
    list_per_page = 200

    def get_queryset(self, request: HttpRequest) -> QuerySet[Curation]:
        return Curation.queue.living().with_doubts()

    def get_ordering(self, request: HttpRequest) -> tuple[Any, ...]:
        return ("-doubt", F("confidence").asc(nulls_last=True), "netuid")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description="decided by", ordering="decided_by")
    def decided(self, subnet: Any) -> str:
        return str(CategoryAssignment.Source(subnet.decided_by).label) if subnet.decided_by else "—"

    @admin.display(description="confidence", ordering="confidence", empty_value="—")
    def confidence(self, subnet: Any) -> int | None:
        return cast("int | None", subnet.confidence)

    @admin.display(description="why doubtful", ordering="doubt")
    def why(self, subnet: Curation) -> str:
        return "; ".join(subnet.doubts) or "—"

    @admin.action(description="Accept the category as it is", permissions=["change"])
    def accept_category(self, request: HttpRequest, subnets: QuerySet[Curation]) -> None:
        by, reason = cast("User", request.user), request.POST.get("reason", "")[:500]
        accepted = [subnet for subnet in subnets if publish.accept_category(subnet, by, reason)]
        left = len(subnets) - len(accepted)
        also = f" {left} left alone: there is no category to accept." if left else ""
        self.message_user(request, f"{len(accepted)} categories accepted and locked.{also}", messages.SUCCESS)

    @admin.action(description="Accept the category and every text as they are", permissions=["change"])
    def accept_everything(self, request: HttpRequest, subnets: QuerySet[Curation]) -> None:
        by, reason = cast("User", request.user), request.POST.get("reason", "")[:500]
        for subnet in subnets.select_related("profile"):
            sources = subnet.profile.sources if hasattr(subnet, "profile") else {}
            for field in sources:
                publish.accept(subnet, field, by, reason)
        self.accept_category(request, subnets)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        title = {"title": "Curation queue, the most doubtful first"}
        return super().changelist_view(request, {**title, **(extra_context or {})})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The desk. Reading it changes nothing; each decision is a POST of its own."""
        subnet = Curation.queue.select_related("identity", "category").filter(pk=_number(object_id)).first()
        if not self.has_view_or_change_permission(request, subnet):
            raise PermissionDenied
        if subnet is None:
            raise Http404(f"no subnet has the key {object_id}")
        return _desk_view(request, self, subnet)

    def decide(self, request: HttpRequest, subnet: Curation, form: DecisionForm) -> None:
        """Do what a valid form says, and say so."""
        by, decided = cast("User", request.user), form.cleaned_data
        field, do, reason = decided["field"], decided["do"], decided["reason"]
        if do == ACCEPT:
            said = "accepted and locked"
            if field == CATEGORY and not publish.accept_category(subnet, by, reason):
                messages.warning(request, "There is no category to accept; choose one, or publish “Unclassified”.")
                return
            if field != CATEGORY:
                publish.accept(subnet, field, by, reason)
        elif do == CORRECT:
            said = "published and locked"
            if field == CATEGORY:
                publish.correct_category(subnet, form.decided(), by, reason)
            else:
                publish.correct(subnet, field, form.decided(), by, reason)
        else:
            said = "handed back to the runs"
            if field == CATEGORY:
                publish.release_category(subnet, by, reason)
            else:
                publish.release(subnet, field, by, reason)
        label = CATEGORY if field == CATEGORY else Field(field).label
        self.log_change(request, subnet, f"{label} {said}: {reason}")
        messages.success(request, f"{str(label).capitalize()} {said}. Every page follows.")


@require_http_methods(["GET", "HEAD", "POST"])
def _desk_view(request: HttpRequest, curation: CurationAdmin, subnet: Curation) -> HttpResponse:
    may_change, refused = curation.has_change_permission(request, subnet), None
    if request.method == "POST":
        if not may_change:
            raise PermissionDenied
        field = request.POST.get("field", "")
        if field != CATEGORY and field not in Field:
            raise Http404(f"no field called {field[:40]}")
        form = decision_form(field, data=request.POST)
        if form.is_valid():
            curation.decide(request, subnet, form)
            return HttpResponseRedirect(f"{request.path}#{field}")
        for problems in form.errors.values():
            messages.error(request, f"{field}: {' '.join(map(str, problems))}")
        if "do" in form.errors:  # nobody wrote that
            return HttpResponseRedirect(f"{request.path}#{field}")
        refused = form
    context = {
        **curation.admin_site.each_context(request),
        "title": f"Curate {subnet.name} ({subnet.netuid})",
        "opts": Curation._meta,
        "subnet": subnet,
        "may_change": may_change,
        "desk": desk(subnet, request.GET.get("run", ""), refused),
        "profile": getattr(subnet, "profile", None),
    }
    return render(request, "admin/curation.html", context)


def _number(object_id: str) -> int:
    return int(object_id) if object_id.isdecimal() and len(object_id) < 18 else 0
