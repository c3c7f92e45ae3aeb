"""What a subnet is judged by, in numbered lines."""

import re

from hypothesis import given
from hypothesis import strategies as st

from enrichment.material import LETTERS, LONGEST_LINE, Material, SourceText

TEXTS = st.lists(st.builds(SourceText, st.sampled_from(sorted(LETTERS)), st.text(max_size=800)), max_size=4).map(tuple)


def test_lines_are_numbered_by_the_source_they_are_from() -> None:
    texts = (SourceText("website", "One.\n\nTwo."), SourceText("readme", "Three."), SourceText("website", "Four."))
    lines = Material(1, "Name", texts).lines()
    assert [(line.reference, line.text) for line in lines] == [
        ("W001", "One."),
        ("W002", "Two."),
        ("R001", "Three."),
        ("W003", "Four."),
    ]


def test_a_nonce_marks_every_line() -> None:
    material = Material(1, "Name", (SourceText("meta", "Words\nmore words"),))
    assert material.numbered() == "M001 Words\nM002 more words"
    assert material.numbered("k7Q2") == "k7Q2·M001| Words\nk7Q2·M002| more words"


def test_the_digest_is_of_name_kinds_and_texts_and_of_nothing_else() -> None:
    texts = (SourceText("meta", "ab"), SourceText("readme", "c"))
    digest = Material(1, "Name", texts).digest
    assert re.fullmatch("[0-9a-f]{32}", digest)
    assert Material(2, "Name", texts, 9).digest == digest
    others = [(SourceText("meta", "a"), SourceText("readme", "bc")), texts[::-1], texts[:1]]
    assert digest not in {Material(1, "Name", other).digest for other in others}
    assert Material(1, "Other", texts).digest != digest


def test_little_text_is_thin() -> None:
    material = Material(1, "Name", (SourceText("meta", "x" * 399),))
    assert (material.characters, material.tokens) == (399, 99)
    assert material.is_thin(100)
    assert not material.is_thin(99)


@given(TEXTS)
def test_no_line_is_long_and_no_word_is_lost(texts: tuple[SourceText, ...]) -> None:
    material = Material(1, "Name", texts)
    lines = material.lines()
    assert all(0 < len(line.text) <= LONGEST_LINE for line in lines)
    assert len({line.reference for line in lines}) == len(lines)
    kept = "".join("".join(line.text.split()) for line in lines)
    assert kept == "".join("".join(source.text.split()) for source in texts)
