"""The forms of the curation desk: one per field, each with what to publish and why."""

from typing import Any

from django import forms
from django.contrib.admin.helpers import ActionForm

from enrichment.models.profiles import Field
from enrichment.resolving import CATEGORY, LISTS, TEXTS
from subnets.models import Category

ACCEPT, CORRECT, RELEASE = "accept", "correct", "release"
_YES_NO = (("", "unknown"), ("true", "yes"), ("false", "no"))


class ReasonForm(ActionForm):
    """Beside the action of a list: why."""

    reason = forms.CharField(required=False, max_length=500, label="Reason")


class DecisionForm(forms.Form):
    """What a person decides on one field."""

    field = forms.ChoiceField(choices=[(CATEGORY, CATEGORY), *Field.choices], widget=forms.HiddenInput)
    do = forms.ChoiceField(choices=[(each, each) for each in (ACCEPT, CORRECT, RELEASE)], widget=forms.HiddenInput)
    reason = forms.CharField(required=False, max_length=500, widget=forms.TextInput(attrs={"size": 40}))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("do") in (CORRECT, RELEASE) and not cleaned.get("reason"):
            self.add_error("reason", "Say why: it goes on record.")
        return cleaned

    def decided(self) -> Any:
        """The value as the field holds it."""
        value = self.cleaned_data.get("value")
        return value if self.cleaned_data["field"] == CATEGORY else _read(self.cleaned_data["field"], value or "")


def decision_form(field: str, value: Any = None, data: Any = None) -> DecisionForm:
    """The form of one field, filled in with what is published, or with what was posted. ids differ by field."""
    shown = value if field == CATEGORY else _shown(field, value)
    form = DecisionForm(data, initial={"field": field, "value": shown}, auto_id=f"{field}_%s")
    form.fields["value"] = _input(field)
    return form


def _input(field: str) -> forms.Field:
    if field == CATEGORY:
        return forms.ModelChoiceField(
            Category.objects.in_use(), required=False, empty_label="Unclassified", label="Value"
        )
    if field == Field.PRIVACY:
        return forms.ChoiceField(choices=_YES_NO, required=False, label="Value")
    longest = TEXTS.get(field) or LISTS[field][0] * (LISTS[field][1] + 2)
    rows = 2 if field in (Field.TAGLINE, Field.TAGS) else 4
    return forms.CharField(
        required=False,
        max_length=longest,
        label="Value",
        help_text={Field.KEY_FEATURES: "One per line.", Field.TAGS: "With commas between them."}.get(Field(field), ""),
        widget=forms.Textarea(attrs={"rows": rows, "cols": 48}),
    )


def _shown(field: str, value: Any) -> str:
    if field == Field.PRIVACY:
        return "" if value is None else str(value).lower()
    if field in LISTS:
        return (", " if field == Field.TAGS else "\n").join(value or [])
    return value or ""


def _read(field: str, text: str) -> Any:
    if field == Field.PRIVACY:
        return {"true": True, "false": False}.get(text)
    if field == Field.TAGS:
        tags = ("-".join(tag.casefold().split()) for tag in text.replace("\n", ",").split(","))
        return [tag for tag in tags if tag]
    return text.splitlines() if field in LISTS else text
