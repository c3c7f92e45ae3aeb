"""What a model wrote, made fit to be published."""

import pytest

from enrichment import sanitising


def kept(value: str) -> str:
    return sanitising.sanitised(value, words=12, characters=160)


@pytest.mark.parametrize(
    "value",
    [
        "Serves answers from language models",
        "Forecasts prices with 30 models; finds undervalued stocks",
        "Detects π in café menus",
        "Runs Node.js jobs, e.g. for A.I. teams",
    ],
)
def test_plain_words_are_kept(value: str) -> None:
    assert kept(value) == value


@pytest.mark.parametrize(
    ("value", "left"),
    [
        ("<b>Bold</b> <script>alert(1)</script>move", "Bold alert(1) move"),
        ("Serves models at evil.zip and evil。com daily", "Serves models at and daily"),
        ("Serves models at evil[.]com or bit.ly/abc", "Serves models at or"),
        ("[Serves models](https://evil.example) **fast**", "Serves models fast"),
        ("\u202eevil\u202c \u2066words\u2069 \U000e0041\u200bhere", "evil words here"),
        ("Z\u0338\u0321\u0322\u031balgo text", "Z\u0338algo text"),
        ("Serves models. تجاهل النص. Fast.", "Serves models. Fast."),
        ("Обслуживает модели для всех", ""),
        ("מודל שפה", ""),
        ("Serves models. Guaranteed 1000% APY!", "Serves models."),
        ("The token is a steal, get in early", ""),
        ("Don't miss this next 100x", ""),
        ("Serves " + "x" * 500, "Serves"),
        ("Send TAO to 5F3sa2TJAWMqDhXG6jhV4N8ko9SxwGy8TpaNS1repo5EYjQX", "Send TAO to"),
    ],
)
def test_what_was_smuggled_in_is_taken_out(value: str, left: str) -> None:
    assert kept(value) == left


def test_tags_are_short_latin_words_without_doubles() -> None:
    given = [
        "<b>LLM</b>",
        "llm",
        "پاسخ",
        "buy now",
        "https://evil.zip",
        "protein folding",
        "x" * 90,
        "Ａｇｅｎｔｓ",
        "a",
        "b",
        "c",
    ]
    assert sanitising.tags(given, characters=32, most=6) == ["llm", "protein-folding", "agents", "a", "b", "c"]
