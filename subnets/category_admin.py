"""Staff describe, rename, add and merge categories, and take a merge back. What moves is said before and kept after."""

from collections.abc import Sequence
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME, ActionForm
from django.contrib.auth.models import User
from django.db.models import Count, QuerySet
from django.forms import CharField, ModelChoiceField, ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html, format_html_join

from subnets.curation import merge_categories, undo_merge
from subnets.models import Category, CategoryAssignment, CategoryMerge, Subnet
from taoanalytics.jobs.models import Generation
from taoanalytics.jobs.readonly import ReadOnlyAdmin

LONGEST_REASON = 500


class MergeForm(ActionForm):
    """Beside the action of the list of categories: into which one, and why."""

    into = ModelChoiceField(Category.objects.in_use(), required=False, label="Merge into")
    reason = CharField(required=False, max_length=LONGEST_REASON)


class ReasonForm(ActionForm):
    reason = CharField(required=False, max_length=LONGEST_REASON, label="Reason")


@admin.register(Category)
class CategoryAdmin(admin.ModelAdmin):
    list_display = ("name", "code", "family", "cut", "subnets_now", "position", "merged_into")
    list_editable = ("position",)
    list_filter = ("family", ("merged_into", admin.EmptyFieldListFilter))
    list_select_related = ("merged_into",)
    search_fields = ("name", "code", "description")
    action_form = MergeForm
    actions = ("merge",)

    def what_a_change_costs(self) -> str:
        """What becomes due where the categories change, in words; those who know override it."""
        return ""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Category]:
        categories: QuerySet[Category] = super().get_queryset(request)
        return categories.annotate(subnet_count=Count("subnets"))

    def get_readonly_fields(self, request: HttpRequest, obj: Category | None = None) -> tuple[str, ...]:
        """A slug is in addresses, in the API and in runs: renaming leaves it alone."""
        return ("slug", "merged_into") if obj else ()

    def get_prepopulated_fields(self, request: HttpRequest, obj: Category | None = None) -> dict[str, Sequence[str]]:
        return {} if obj else {"slug": ("name",)}

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """What a change costs stands beside the field that is changed most, and of which it is least expected."""
        form = super().get_form(request, obj, change, **kwargs)
        if "description" in form.base_fields:
            form.base_fields["description"].help_text = self.what_a_change_costs()
        return form

    @admin.display(description="subnets", ordering="subnet_count")
    def subnets_now(self, category: Category) -> int:
        return cast("int", category.subnet_count)  # type: ignore[attr-defined]

    def save_model(self, request: HttpRequest, obj: Category, form: "ModelForm[Category]", change: bool) -> None:
        super().save_model(request, obj, form, change)
        Generation.objects.bump()

    def delete_model(self, request: HttpRequest, obj: Category) -> None:
        super().delete_model(request, obj)
        Generation.objects.bump()

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Category]) -> None:
        super().delete_queryset(request, queryset)
        Generation.objects.bump()

    @admin.action(description="Merge into the category named beside", permissions=["change"])
    def merge(self, request: HttpRequest, categories: QuerySet[Category]) -> HttpResponse | None:
        """First what would move; once that is confirmed, it moves. What is merged stays on record and out of use."""
        into = request.POST.get("into", "")
        target = Category.objects.in_use().filter(pk=int(into) if into.isdecimal() else 0).first()
        if target is None:
            self.message_user(request, "Choose beside the action which category to merge into.", messages.ERROR)
            return None
        reason = request.POST.get("reason", "").strip()[:LONGEST_REASON]
        if "confirmed" not in request.POST or not reason:
            return self._asked(request, categories, target, reason)
        for category in categories:
            self._merged(request, category, target, reason)
        return None

    def _asked(
        self, request: HttpRequest, categories: QuerySet[Category], target: Category, reason: str
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": f"Merge into {target}",
            "opts": self.model._meta,
            "merges": [(each, _of(each), list(each.merged_from.all())) for each in categories],
            "target": target,
            "reason": reason,
            "reason_is_missing": "confirmed" in request.POST,
            "cost": self.what_a_change_costs(),
            "selected": ACTION_CHECKBOX_NAME,
            "longest": LONGEST_REASON,
        }
        return render(request, "admin/merge_categories.html", context)

    def _merged(self, request: HttpRequest, category: Category, target: Category, reason: str) -> None:
        by = cast("User", request.user)
        try:
            moved = merge_categories(source=category, target=target, by=by, reason=reason)
        except ValueError as problem:
            self.message_user(request, str(problem), messages.ERROR)
            return
        self.log_change(request, category, f"merged into {target}: {reason}")
        said = f"{category} merged into {target}: {moved} subnets moved. It can be undone under “Merges of categories”."
        self.message_user(request, said, messages.SUCCESS)


def _of(category: Category) -> list[tuple[Subnet, str]]:
    """(subnet, who decided its category) of those that would move."""
    subnets = list(Subnet.objects.filter(category=category).select_related("identity").order_by("netuid"))
    held = dict(CategoryAssignment.objects.newest().filter(subnet__in=subnets).values_list("subnet_id", "source"))
    return [(subnet, held.get(subnet.pk, "")) for subnet in subnets]


@admin.register(CategoryMerge)
class CategoryMergeAdmin(ReadOnlyAdmin):
    list_display = ("at", "source", "target", "subnets_moved", "by", "reason", "undone_at", "undone_by", "undone_why")
    list_filter = (("undone_at", admin.EmptyFieldListFilter), "by")
    list_select_related = ("source", "target", "by", "undone_by")
    fields = (
        "source",
        "target",
        "at",
        "by",
        "reason",
        "what_moved",
        "redirected",
        "undone_at",
        "undone_by",
        "undone_why",
    )
    readonly_fields = ("what_moved",)
    action_form = ReasonForm
    actions = ("undo",)

    def has_undo_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("subnets.change_category")

    @admin.display(description="subnets moved")
    def subnets_moved(self, merge: CategoryMerge) -> int:
        return len(merge.moved)

    @admin.display(description="what moved")
    def what_moved(self, merge: CategoryMerge) -> str:
        lines = ((each["netuid"], each["name"], each["source"]) for each in merge.moved)
        return (
            format_html("<ul>{}</ul>", format_html_join("", "<li>{} {} ({})</li>", lines)) if merge.moved else "nothing"
        )

    @admin.action(description="Undo: back into use, and back into it what was moved", permissions=["undo"])
    def undo(self, request: HttpRequest, merges: QuerySet[CategoryMerge]) -> None:
        """The newest first, for a later merge may stand on an earlier one. What was decided since stays as it is."""
        reason = request.POST.get("reason", "").strip()[:LONGEST_REASON]
        if not reason:
            self.message_user(request, "Say beside the action why: it goes on record.", messages.ERROR)
            return
        for merge in merges.select_related("source", "target").order_by("-at", "-pk"):
            try:
                back, left = undo_merge(merge=merge, by=cast("User", request.user), reason=reason)
            except ValueError as problem:
                self.message_user(request, str(problem), messages.ERROR)
                continue
            self.log_change(request, merge, f"undone: {reason}")
            stays = f" {left} stay, decided otherwise since." if left else ""
            self.message_user(request, f"{merge} undone: {back} subnets went back.{stays}", messages.SUCCESS)
