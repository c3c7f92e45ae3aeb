"""Figures of the classifications, against labels."""

import json
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from enrichment import labels, report
from enrichment.evaluation import Labelled, Result, Share, accuracy, calibration_error, macro_f1
from enrichment.models import EnrichmentRun, Evaluation, LedgerEntry
from subnets.curation import assign_category
from subnets.facts import IdentityFacts
from subnets.models import Category, CategoryAssignment, Subnet
from taoanalytics.jobs.models import Generation
from tests.factories import a_subnet, stored


def result(label: str, *ranked: str, confidence: float | None = None, published: bool = True) -> Result:
    primary, *also = label.split("|")
    return Result(Labelled(primary, frozenset(also)), ranked, confidence, published)


def test_strict_lenient_and_top_three_differ() -> None:
    figures = accuracy([result("a", "a"), result("a|b", "b"), result("a", "c", "b", "a"), result("a", published=False)])
    assert [figures.strict, figures.lenient, figures.top3] == [Share(1, 4), Share(2, 4), Share(3, 4)]
    assert (figures.coverage, figures.selective) == (Share(3, 4), Share(2, 3))
    assert figures.confusion == (("a", "", 1), ("a", "c", 1))


def test_of_nothing_nothing_is_known() -> None:
    figures = accuracy([])
    assert (figures.strict.value, figures.strict.interval, figures.macro_f1, figures.calibration_error) == (None,) * 4


def test_every_category_counts_the_same_in_macro_f1() -> None:
    results = [result("a", "a")] * 9 + [result("b", "a")]
    assert macro_f1(results) == pytest.approx((18 / 19 + 0) / 2)


def test_the_calibration_error_is_the_mean_distance_from_accuracy() -> None:
    sure_and_wrong = [result("a", "b", confidence=0.9), result("a", "a", confidence=0.9)]
    assert calibration_error(sure_and_wrong, bins=5) == pytest.approx(0.4)
    assert calibration_error([result("a", "a", confidence=1.0)], bins=5) == 0


def test_intervals_are_wilsons() -> None:
    assert Share(8, 10).interval == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert Share(0, 5).interval == pytest.approx((0, 0.4345), abs=1e-4)


@pytest.fixture
def living(db: Any) -> None:
    repositories = {1: "https://github.com/Some/One.git", 2: "github.com/some/two/tree/main", 3: ""}
    identities = {
        netuid: IdentityFacts(name=f"Name {netuid}", github=github) for netuid, github in repositories.items()
    }
    stored(*(replace(a_subnet(netuid), identity=identity) for netuid, identity in identities.items()))


def a_run(netuid: int, method: str, slug: str, **fields: Any) -> EnrichmentRun:
    filled: dict[str, Any] = {"outcome": "ok", "accepted": True, "confidence": 80, "started_at": timezone.now()}
    return EnrichmentRun.objects.create(
        subnet=Subnet.objects.get(netuid=netuid),
        method=method,
        category=Category.objects.get(slug=slug),
        rules_top=[[slug, 0.7], ["dev-tooling", 0.1]],
        **filled | fields,
    )


@pytest.fixture
def label_file(tmp_path: Path) -> Path:
    file = tmp_path / "labels.json"
    content = {
        "some/one": {"primary": "Serverless-Compute", "also_acceptable": ["LLM-Inference"]},
        "SOME/Two": "finance-trading",
        "3": {"primary": "SEC"},
        "nobody/here": {"primary": "Dev-Tooling", "also_acceptable": []},
    }
    file.write_text(json.dumps({"labels": content}))
    return file


def test_labels_are_found_by_repository_and_by_netuid(living: None, label_file: Path) -> None:
    found = labels.labels_of(list(Subnet.objects.current()), labels.read_labels(label_file))
    by_netuid = {subnet.netuid: found[subnet.pk] for subnet in Subnet.objects.current()}
    assert by_netuid == {
        1: Labelled("serverless-compute", frozenset({"llm-inference"})),
        2: Labelled("finance-trading"),
        3: Labelled("security-auditing"),
    }


def test_rules_and_model_stand_side_by_side(living: None, label_file: Path) -> None:
    a_run(1, "rules", "llm-inference")
    a_run(1, "model", "dev-tooling", started_at=timezone.now() - timedelta(days=2))
    claims = [{"field": "category", "verified": True}, {"field": "tags", "verified": False}]
    a_run(1, "model", "serverless-compute", evidence=claims, provenance={"category": "context"})
    a_run(2, "rules", "dev-tooling", accepted=False)
    LedgerEntry.objects.create(
        purpose="classify", host="h", model_asked="m", cost_usd="0.002", input_tokens=7, latency_ms=900
    )
    LedgerEntry.objects.create(purpose="classify", host="h", model_asked="m", outcome="failed")
    LedgerEntry.objects.create(purpose="insight", host="h", model_asked="m", cost_usd="9")
    figures = report.measured(file=label_file)
    rules, model = figures["methods"]["rules"], figures["methods"]["model"]
    assert (rules["n"], rules["strict"]["hits"], rules["lenient"]["hits"], rules["coverage"]["hits"]) == (2, 0, 1, 1)
    assert (model["n"], model["strict"]["hits"], model["top3"]) == (1, 1, None)
    assert figures["quotes"]["value"] == 0.5
    assert figures["cost"] == {"usd": "0.00200000", "known": 1, "unknown": 1, "median_usd": "0.002"}
    assert (figures["tokens"]["input"], figures["latency_ms"], figures["provenance"]) == (7, 900.0, {"context": 1})
    [disagreement] = figures["disagreements"]
    assert (disagreement["netuid"], disagreement["rules"], disagreement["model"]) == (
        1,
        "llm-inference",
        "serverless-compute",
    )
    assert json.loads(json.dumps(figures)) == figures


def test_what_staff_curated_is_a_label_and_goes_before_the_file(living: None, label_file: Path) -> None:
    a_run(1, "rules", "dev-tooling")
    assign_category(
        subnet=Subnet.objects.get(netuid=1),
        category=Category.objects.get(slug="dev-tooling"),
        source=CategoryAssignment.Source.CURATED,
    )
    assert report.measured()["methods"]["rules"]["strict"]["hits"] == 1
    assert report.measured(file=label_file)["labels"]["whose"] == "2 of labels.json and 1 curated by staff"


def test_the_figures_are_kept_for_the_page(living: None, label_file: Path) -> None:
    before = Generation.objects.current()
    call_command("enrichment_report", stdout=StringIO())
    assert Evaluation.objects.newest() is None, "nobody gave labels"
    call_command("enrichment_report", labels=label_file, stdout=StringIO())
    call_command("enrichment_report", labels=label_file, no_keep=True, stdout=StringIO())
    newest = Evaluation.objects.newest()
    assert newest is not None
    assert (newest.labelled, newest.labels, Evaluation.objects.count()) == (3, "3 of labels.json", 2)
    assert Generation.objects.current() == before + 2


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "a.md").write_text("# A\nRent GPUs by the hour from our decentralized cloud of bare metal servers.")
    (texts / "b.md").write_text("# B\nMiners submit trading signals and price forecasts for stocks and forex markets.")
    (texts / "c.md").write_text("# C\nComing soon.")
    (texts / "MAPPING.csv").write_text("netuid,repo,file\n1,some/one,a.md\n2,some/two,b.md\n9,no/label,c.md\n")
    return texts


def test_the_rules_can_be_tried_on_a_folder_without_any_data(db: Any, folder: Path, label_file: Path) -> None:
    Category.objects.all().delete()
    out = StringIO()
    call_command("enrichment_report", texts=folder, labels=label_file, format="json", stdout=out)
    figures = json.loads(out.getvalue())
    assert figures["methods"]["rules"]["strict"] | {"low": 0, "high": 0} == {
        "hits": 2,
        "n": 2,
        "value": 1,
        "low": 0,
        "high": 0,
    }
    assert [row["published"] for row in figures["rows"]] == [True, True, False]
    assert not Evaluation.objects.exists()
    (folder / "MAPPING.csv").unlink()
    assert report.tried(folder=folder, file=label_file)["labels"]["labelled"] == 0


def test_a_table_is_printed(living: None, folder: Path, label_file: Path) -> None:
    a_run(2, "rules", "dev-tooling")
    a_run(2, "model", "finance-trading")
    for options in ({}, {"texts": folder}):
        out = StringIO()
        call_command("enrichment_report", labels=label_file, stdout=out, **options)
        assert "lenient" in out.getvalue()
        assert "finance-trading" in out.getvalue()


@pytest.mark.parametrize(
    "content", ["[1]", "{", '{"labels": {"a/b": "No-Such"}}', '{"labels": 3}', '{"a": {"primary": null}}']
)
def test_a_file_of_no_use_is_refused_in_words(db: Any, tmp_path: Path, content: str) -> None:
    file = tmp_path / "labels.json"
    file.write_text(content)
    with pytest.raises(CommandError, match=r"labels|label of"):
        call_command("enrichment_report", labels=file, stdout=StringIO())
    file.write_text("{}")
    with pytest.raises(CommandError, match="holds no texts"):
        call_command("enrichment_report", labels=file, texts=tmp_path / "nowhere", stdout=StringIO())
    with pytest.raises(CommandError, match="needs --labels"):
        call_command("enrichment_report", texts=tmp_path, stdout=StringIO())
