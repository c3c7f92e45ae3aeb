"""Answers in doubt: the stronger model is asked, and staff may have them made again."""

from django.conf import LazySettings

from enrichment.enrich import enrich
from enrichment.models import EnrichmentRun, LedgerEntry, ModelPrice, Profile
from tests.enrichment import acts
from tests.enrichment.asked import Asked, Sent
from tests.enrichment.conftest import MODEL, OTHER, SAYS, STRONGER, networks
from tests.enrichment.vendor import Vendor


def test_in_doubt_the_stronger_model_is_asked_and_its_word_is_published(model: Vendor, settings: LazySettings) -> None:
    settings.LLM_ESCALATION_MODEL = STRONGER
    networks({1: SAYS})
    model.behave(acts.valid(category="finance-trading"), acts.valid(tagline="From the stronger model"))
    enrich()
    assert [asked.body["model"] for asked in model.asked] == [MODEL, STRONGER]
    assert [line.purpose for line in LedgerEntry.objects.order_by("pk")] == ["classify", "escalate"]
    assert Profile.objects.get().tagline == "From the stronger model"
    enrich()
    assert len(model.asked) == 2


def test_a_second_opinion_that_fails_leaves_the_first_one_standing(model: Vendor, settings: LazySettings) -> None:
    settings.LLM_ESCALATION_MODEL = STRONGER
    networks({1: SAYS})
    model.behave(acts.valid(category="data-feeds", tagline="From the first model"), acts.refused)
    report = enrich()
    assert (report.stored, report.failed) == (1, 0)
    assert Profile.objects.get().tagline == "From the first model"
    assert any("no second opinion: refused" in note for note in report.notes)
    enrich()
    assert len(model.asked) == 2


def test_a_stronger_model_that_is_not_served_or_has_no_price_stops_nothing(
    model: Vendor, settings: LazySettings
) -> None:
    def doubtful(asked: Asked) -> Sent:
        stronger = asked.body["model"] == STRONGER
        return acts.unknown_model(asked) if stronger else acts.valid(category="finance-trading")(asked)

    settings.LLM_ESCALATION_MODEL = STRONGER
    networks({1: SAYS, 2: OTHER})
    model.behave(doubtful)
    report = enrich()
    assert (report.stored, report.failed) == (2, 0)
    ModelPrice.objects.filter(model=STRONGER).delete()
    report = enrich()
    assert (report.skipped, report.failed) == (2, 0)
    assert any(f"The price of {STRONGER}" in note for note in report.notes)
    assert len(model.asked) == 4


def test_a_sure_answer_that_the_rules_share_needs_no_second_opinion(model: Vendor, settings: LazySettings) -> None:
    settings.LLM_ESCALATION_MODEL = STRONGER
    networks({1: SAYS})
    enrich()
    assert len(model.asked) == 1


def test_a_second_opinion_that_did_not_come_about_is_made_up_for(model: Vendor, settings: LazySettings) -> None:
    networks({1: SAYS})
    model.behave(acts.valid(category="finance-trading"))
    enrich()
    settings.LLM_ESCALATION_MODEL = STRONGER
    enrich()
    assert [asked.body["model"] for asked in model.asked] == [MODEL, STRONGER]


def test_low_confidence_takes_those_in_doubt_and_no_others(model: Vendor) -> None:
    networks({1: SAYS, 2: OTHER, 3: "Short text about LLM inference."})
    model.behave(acts.valid())
    enrich()
    EnrichmentRun.objects.filter(subnet__netuid=1, method="model").update(confidence=50)
    model.asked.clear()
    report = enrich(low_confidence=True)
    assert report.seen == len(model.asked) == 2
    assert {asked.lines[0][1] for asked in model.asked} == {"Subnet 1", "Subnet 3"}


def test_without_an_answer_of_a_model_none_is_in_doubt(model: Vendor) -> None:
    networks({3: SAYS})
    assert enrich(low_confidence=True).notes == ["no answer of a model is in doubt"]
