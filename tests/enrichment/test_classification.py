"""What goes over the wire fits the strict subset that services decode by; what comes back is read with suspicion."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from enrichment.classification import Classification, Evidence, instructions, pipeline_hash, read, wire_schema
from tests.enrichment.acts import classified

SLUGS = ["llm-inference", "data-feeds"]
CATEGORIES = [("llm-inference", "LLM-Inference", "Serves answers."), ("data-feeds", "Data", "Collects {braces}.")]
UNDERSTOOD = {"type", "properties", "required", "additionalProperties", "items", "enum"}


def parts(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield schema
    for inner in schema.get("properties", {}).values():
        yield from parts(inner)
    if "items" in schema:
        yield from parts(schema["items"])


def test_the_schema_keeps_to_what_strict_decoding_understands_everywhere() -> None:
    for part in parts(wire_schema(SLUGS)):
        assert set(part) <= UNDERSTOOD
        assert part["type"] in ("object", "array", "string", "boolean", "integer")
        if part["type"] == "object":
            assert part["additionalProperties"] is False
            assert part["required"] == list(part["properties"])
        if part["type"] == "array":
            assert "items" in part


def test_the_schema_asks_for_what_is_read_evidence_first_and_confidence_last() -> None:
    schema = wire_schema(SLUGS)
    assert list(schema["properties"]) == list(Classification.model_fields)
    assert next(iter(schema["properties"])) == "evidence"
    assert list(schema["properties"])[-1] == "confidence"
    assert list(schema["properties"]["evidence"]["items"]["properties"]) == list(Evidence.model_fields)
    assert schema["properties"]["category"]["enum"] == [*SLUGS, "none"]


def test_the_rules_name_each_category_and_the_mark_of_given_lines() -> None:
    told = instructions(CATEGORIES, "k7Q2")
    assert all(f"  {slug}: {name}. {description}" in told for slug, name, description in CATEGORIES)
    assert "begins with `k7Q2·`" in told


def test_a_good_answer_is_read_and_none_is_no_category() -> None:
    assert read(json.dumps(classified()), SLUGS).category == "llm-inference"
    assert read(json.dumps(classified(category="none")), SLUGS).category is None
    assert read(json.dumps(classified(surprise=1)), SLUGS).tags == ["llm", "inference"]


@pytest.mark.parametrize(
    "fields",
    [
        {"category": "get-rich-quick"},
        {"category": 7},
        {"confidence": 101},
        {"confidence": "90"},
        {"confidence": 90.5},
        {"privacy": "yes"},
        {"tags": "one"},
        {"tags": ["x"] * 1000},
        {"evidence": [{"field": "price", "line": "W001", "quote": "x"}]},
        {"evidence": ["W001"]},
        {"what_it_does": "x" * 10_000},
        {"tagline": None},
    ],
)
def test_an_answer_out_of_bounds_is_refused_in_words_without_its_text(fields: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\w: [a-z_]+|category") as problem:
        read(json.dumps(classified(**fields)), SLUGS)
    assert len(str(problem.value)) < 200
    assert "get-rich-quick" not in str(problem.value)


@pytest.mark.parametrize("text", ["", "no", "{", "[]", "{}", "null", '{"a": ' * 5000, "{" + "\ud800"])
def test_what_is_no_object_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        read(text, SLUGS)


def test_the_hash_of_the_pipeline_follows_categories_and_settings_and_nothing_else() -> None:
    first = pipeline_hash(categories=CATEGORIES, model="a", dialect="json_schema")
    assert first == pipeline_hash(categories=CATEGORIES, dialect="json_schema", model="a")
    assert len(first) == 32
    others = {
        pipeline_hash(categories=CATEGORIES, model="b", dialect="json_schema"),
        pipeline_hash(categories=CATEGORIES[:1], model="a", dialect="json_schema"),
        pipeline_hash(categories=CATEGORIES, model="a", dialect="json_object"),
    }
    assert len(others | {first}) == 4
