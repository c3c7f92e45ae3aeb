"""The category that words alone suggest, and when they rather say nothing."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrichment import rules
from enrichment.evaluation import Labelled, Result, accuracy
from enrichment.keywords import KEYWORDS
from enrichment.material import Material, SourceText
from enrichment.prototypes import PROTOTYPES
from enrichment.readme import read_readme
from enrichment.wording import stem, stems
from subnets.models import Category
from tests.enrichment.descriptions import DESCRIPTIONS, SAYING_NOTHING


def results_of(labelled: list[tuple[str, tuple[str, ...], str]]) -> list[Result]:
    found = []
    for primary, others, text in labelled:
        suggestion = rules.suggest_text(text)
        label = Labelled(primary, frozenset(others))
        found.append(
            Result(
                label, tuple(slug for slug, _ in suggestion.ranked), suggestion.ranked[0][1], not suggestion.abstains
            )
        )
    return found


def test_made_up_subnets_are_mostly_understood() -> None:
    figures = accuracy(results_of(DESCRIPTIONS))
    assert figures.strict.value >= 0.85
    assert figures.lenient.value >= 0.87
    assert figures.top3.value >= 0.95
    assert figures.coverage.value >= 0.5
    assert figures.selective.value >= 0.95


@pytest.mark.parametrize("text", SAYING_NOTHING)
def test_they_abstain_where_nothing_is_said(text: str) -> None:
    assert rules.suggest_text(text).abstains


def test_they_abstain_where_two_categories_are_as_likely() -> None:
    torn = "Bitcoin mining pool with hashrate and ASIC payouts. Private VPN proxies for anonymous browsing and privacy."
    assert rules.suggest_text(torn).abstains


@given(st.text(max_size=500))
def test_every_text_has_every_category_in_order(text: str) -> None:
    ranked = rules.suggest_text(text).ranked
    scores = [score for _, score in ranked]
    assert {slug for slug, _ in ranked} == set(KEYWORDS)
    assert scores == sorted(scores, reverse=True)
    assert 0 <= sum(scores) < 1
    assert rules.suggest_text(text).ranked == ranked


def test_saying_a_word_often_adds_next_to_nothing() -> None:
    honest = "Miners fold proteins and search for drug molecules. "
    stuffed = honest + "trading " * 200
    assert rules.suggest_text(stuffed).ranked[0][0] == "science-research"


def test_code_addresses_and_markup_are_read_past() -> None:
    text = "Object storage for files.\n```\ntrading betting stocks portfolio\n```\n<img src='trading.png'>"
    with_link = text + " [docs](https://trading.example/stocks/portfolio/finance) `trading_portfolio`"
    assert rules.suggest_text(with_link).ranked[0][0] == "serverless-compute"
    assert dict(rules.suggest_text(with_link).ranked)["finance-trading"] < 0.05


def test_all_sources_and_the_name_count() -> None:
    texts = (SourceText("website", "Join our Discord."), SourceText("readme", "Forecasts of rain and wind by miners."))
    assert rules.suggest(Material(1, "Weather", texts)).ranked[0][0] == "science-research"


def test_the_words_are_of_the_seeded_categories(db: Any) -> None:
    seeded = set(Category.objects.values_list("slug", flat=True))
    assert set(KEYWORDS) == set(PROTOTYPES) == seeded


def test_terms_are_short_and_endings_do_not_matter() -> None:
    terms = [term for tiers in KEYWORDS.values() for words in tiers.values() for term in words.split(",")]
    assert all(1 <= len(stems(term).split()) <= 4 for term in terms)
    assert stem("forecasting") == stem("forecasts") == stem("forecasted") == "forecast"
    assert stem("verified") == stem("verify") == stem("verifies")
    assert stem("scraping") == stem("scraped") == stem("scrape")


def development_set(real_data: Path) -> list[tuple[str, tuple[str, ...], str]]:
    slugs = dict(Category.objects.values_list("name", "slug"))
    labels = json.loads((real_data / "data" / "category_labels_dev.json").read_text())["labels"]
    by_repository = {name.casefold(): label for name, label in labels.items()}
    found = []
    with (real_data / "data" / "readmes" / "MAPPING.csv").open() as file:
        for row in csv.DictReader(file):
            if label := by_repository.get(row["repo"].casefold()):
                text = (real_data / "data" / "readmes" / row["file"]).read_text()
                others = tuple(slugs[name] for name in label["also_acceptable"])
                found.append((slugs[label["primary"]], others, text))
    return found


@pytest.mark.real_data
@pytest.mark.parametrize("cut", ["cleaned, 2,000 characters", "cleaned, whole", "raw"])
def test_real_readmes_are_mostly_understood(real_data: Path, db: Any, cut: str) -> None:
    labelled = development_set(real_data)
    if cut != "raw":
        most = 2_000 if "2,000" in cut else None
        labelled = [(primary, others, read_readme(text).text[:most]) for primary, others, text in labelled]
    figures = accuracy(results_of(labelled))
    assert figures.n >= 20
    assert figures.strict.value >= 0.74
    assert figures.lenient.value >= 0.81
    assert figures.selective.value >= 0.9


@pytest.mark.real_data
def test_no_project_is_known_by_its_name(real_data: Path) -> None:
    with (real_data / "data" / "readmes" / "MAPPING.csv").open() as file:
        names = {stems(row["catalog_name"]) for row in csv.DictReader(file)}
    terms = {stems(term) for tiers in KEYWORDS.values() for words in tiers.values() for term in words.split(",")}
    plain_words = {stems("Quantum Compute"), stems("Gradients")}
    assert not terms & (names - plain_words)
