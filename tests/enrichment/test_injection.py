"""Texts that give orders are told from those that describe."""

import time
from pathlib import Path

import pytest

from enrichment import injection
from enrichment.material import Material, SourceText
from tests.enrichment.hostile import TRICKS, Trick

HONEST = [
    "Our override of the default setting is described below; skip the previous step if you have a wallet.",
    "Validators must answer with a JSON object. The response must be sent within 12 seconds.",
    "Buy and sell signals for forex and crypto, scored by returns and drawdown.",
    "A confidence of 95% interval is used. The score is 100 for the best model.",
    "System requirements: 16 GB of memory. System: Ubuntu 22.04. Assistant professor Lee leads the team.",
    "Detects prompts such as jailbreaks, where users try to make a model ignore its rules of safety.",
    "Family 👨‍👩‍👧‍👦 and flags 🏴󠁧󠁢󠁥󠁮󠁧󠁿 are fine, as are می‌خواهم and café.",
    "Confidential compute, serverless compute and LLM inference in one marketplace.",
    "Нейросеть отвечает на вопросы; правила описаны ниже. Le réseau récompense « system » et « user » à part.",
    "We use 0.95 confidence, F1_score and pass@1; set learning_rate=3e-4, ignore_index=-100, skip_special_tokens=True.",
    "The directory has 12 folders. An assistant, one that answers, chooses. Category: see below. We have verified it.",
    "See commit 3f2a9c1d4e5b6a7f8091a2b3c4d5e6f708192a3b and image sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e46.",
]


@pytest.mark.parametrize("trick", TRICKS, ids=lambda trick: trick.name)
def test_every_trick_that_can_be_told_is_flagged(trick: Trick) -> None:
    found = injection.flags(trick.material)
    assert bool(found) == trick.flagged
    assert set(trick.expected) <= set(found) <= set(injection.FLAGS)


@pytest.mark.parametrize("text", HONEST)
def test_honest_words_raise_no_flag(text: str) -> None:
    assert injection.flags(Material(1, "Name", (SourceText("website", text),))) == ()


@pytest.mark.real_data
def test_real_readmes_raise_next_to_no_flag(real_data: Path) -> None:
    """One of them does hold an order to models, in base64."""
    files = sorted((real_data / "data" / "readmes").glob("*.md"))
    texts = [SourceText("readme", file.read_text()) for file in files]
    flagged = [flags for text in texts if (flags := injection.flags(Material(1, "Name", (text,))))]
    assert len(files) > 20
    assert flagged == [("encoded-instructions",)]


@pytest.mark.parametrize("unit", ["a", "%41", "A" * 30 + " ", "i g n o r e ", "[", "<", "0x", "@", "http://", "\u200b"])
def test_no_text_keeps_it_busy(unit: str) -> None:
    """Time is linear in what is read: the tricks above hold 100,000 characters and more, too."""
    started = time.process_time()
    injection.in_text(unit * (200_000 // len(unit)))
    assert time.process_time() - started < 10
