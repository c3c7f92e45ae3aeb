"""A quote is verified, or it is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrichment.evidence import MOST_CLAIMS, Claim, verified
from enrichment.material import Material, SourceText

SENTENCES = (
    "Miners fold proteins — and “validators” check the energy of each fold.",
    "The network rewards the lowest energy that was found in time.",
    "Results are published for biologists all over the world.",
)
LINES = Material(
    1, "Name", (SourceText("readme", "\n".join(SENTENCES)), SourceText("meta", "A subnet of folders and checkers."))
).lines()


def stands(quote: str, line: str = "R001") -> bool:
    [checked] = verified([Claim("category", line, quote)], LINES)
    return checked.verified


@pytest.mark.parametrize(
    "quote",
    [
        SENTENCES[0],
        'miners fold proteins - and "validators" check',
        "**Miners** fold   proteins — and “validators”",
        "Ｍｉｎｅｒｓ fold proteins — and",
        "energy of each fold. The network rewards the lowest",
    ],
)
def test_spelling_does_not_matter(quote: str) -> None:
    assert stands(quote)


@pytest.mark.parametrize(
    ("quote", "line"),
    [
        ("Miners fold papers — and “validators” check the energy", "R001"),
        (SENTENCES[0], "R002"),
        (SENTENCES[0], "W001"),
        (SENTENCES[0], ""),
        ("fold proteins", "R001"),
        ("proteinsandvalidatorscheck", "R001"),
        ("all over the world. A subnet of folders", "R003"),
        ("", "R001"),
        (SENTENCES[0] * 9, "R001"),
        ("work rewards the lowest energy that was", "R002"),
        ("The network rewards the lowest ener", "R002"),
        ("for biologists all ************************", "R003"),
        ("for bioIogists all over the world", "R003"),
        ("for biоlоgists all over the world", "R003"),
    ],
)
def test_what_does_not_stand_there_is_not_verified(quote: str, line: str) -> None:
    assert not stands(quote, line)


def test_each_claim_says_which_source_it_is_from() -> None:
    claims = [Claim("tagline", "r001", SENTENCES[0]), Claim("category", "M001", "A subnet of folders and checkers.")]
    assert [(each.field, each.source, each.verified) for each in verified(claims, LINES)] == [
        ("tagline", "readme", True),
        ("category", "meta", True),
    ]


@given(st.lists(st.builds(Claim, st.text(), st.text(), st.text()), max_size=40))
def test_whatever_is_claimed_is_bounded(claims: list[Claim]) -> None:
    checked = verified(claims, LINES)
    assert len(checked) <= MOST_CLAIMS
    assert all(len(each.quote) <= 200 and len(each.line) <= 16 for each in checked)
