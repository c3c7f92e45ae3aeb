"""The admin of categories, which says what changing one costs: their words are a part of every question."""

from django.conf import settings
from django.contrib import admin

from enrichment import llm
from enrichment.estimate import of_asking_anew
from subnets.category_admin import CategoryAdmin
from subnets.models import Category

admin.site.unregister(Category)


@admin.register(Category)
class PricedCategoryAdmin(CategoryAdmin):
    def what_a_change_costs(self) -> str:
        if reason := llm.available():
            return (
                f"Names and descriptions are told to a language model. None is asked now ({reason}), so nothing is due."
            )
        return (
            "Names and descriptions of all categories in use are told to the language model, so that a change makes "
            f"every subnet due that it has classified: {of_asking_anew()}. The runs to come ask, within the daily "
            f"budget of ${settings.LLM_DAILY_BUDGET_USD:,g}. The position and the colour cost nothing."
        )
