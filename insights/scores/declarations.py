"""What each score says of itself: to storage, tables, methodology, files and API."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from insights.scores import buy_signal, predecessor, quality
from insights.scores.parts import Term
from insights.scores.predecessor import LegacyTerm
from taoanalytics.lib.metric import Better, Layer, Metric, Unit

_SOURCE = "Judged by this site from its own metrics"
_NO_FORECAST = "It says how a subnet stands today. It is a quality score and no forecast of any price."

_SUM = "<munder><mo>∑</mo><mi>i</mi></munder>"
_WEIGHTED_SUM = (
    f"<mrow><mi>S</mi><mo>=</mo>{_SUM}<msub><mi>w</mi><mi>i</mi></msub><msub><mi>%s</mi><mi>i</mi></msub></mrow>"
)
_PERCENTILE = (
    "<msub><mi>P</mi><mi>i</mi></msub><mo>=</mo><mn>100</mn><mo>·</mo>"
    "<mfrac><mrow><msub><mi>r</mi><mi>i</mi></msub><mo>−</mo><mfrac><mn>1</mn><mn>2</mn></mfrac></mrow><mi>n</mi></mfrac>"
)


def _legacy_weights(terms: Iterable[LegacyTerm]) -> str:
    return " + ".join(f"{term.weight / 100:.2f} × {_inside(term.label)}" for term in terms)


def _grouped_weights(terms: Sequence[Term]) -> str:
    groups = [(group, list(members)) for group, members in groupby(terms, key=lambda term: term.group)]
    return "; ".join(
        f"{group} {sum(term.weight for term in members)} "
        f"({', '.join(f'{term.weight} {_signed(term)}' for term in members)})"
        for group, members in groups
    )


def _signed(term: Term) -> str:
    return f"{'low ' if term.better is Better.LOWER else ''}{_inside(term.label)}"


def _inside(label: str) -> str:
    """The label as it stands inside a sentence."""
    return label[0].lower() + label[1:]


def _legacy_inputs(terms: Iterable[LegacyTerm]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for term in terms for key in term.inputs))


TAO_SCORE_V11 = Metric(
    key="tao_score_v11",
    label="TAO Score v1.1",
    unit=Unit.POINTS,
    layer=Layer.JUDGED,
    source=_SOURCE,
    about=f"The predecessor's first score, kept so that its series goes on. {_NO_FORECAST} "
    "What it calls inflation is the subnet's share of the network's emission; that is kept too.",
    unknown="Stake quality, consensus alignment or active stake is unknown. What else is unknown hands on its weight.",
    formula=f"{_legacy_weights(predecessor.TERMS_V11)}, each rated 0 to 100",
    mathml=_WEIGHTED_SUM % "x",
    inputs=_legacy_inputs(predecessor.TERMS_V11),
    lower=0,
    upper=100,
    better=Better.HIGHER,
    version=1,
    group="scores",
)
TAO_SCORE_V21 = Metric(
    key="tao_score_v21",
    label="TAO Score v2.1",
    unit=Unit.POINTS,
    layer=Layer.JUDGED,
    source=_SOURCE,
    about=f"The predecessor's second score, kept so that its series goes on. {_NO_FORECAST} "
    "Its constants leave volume and emission almost without effect, and an outflow counts like an inflow.",
    unknown="One of its inputs is unknown, often one that only TAO.app reports.",
    formula=f"{_legacy_weights(predecessor.TERMS_V21)}, each rated 0 to 100",
    mathml=_WEIGHTED_SUM % "x",
    inputs=_legacy_inputs(predecessor.TERMS_V21),
    lower=0,
    upper=100,
    better=Better.HIGHER,
    version=2,
    group="scores",
)
TAO_SCORE_V3 = Metric(
    key="tao_score_v3",
    label="TAO Score v3",
    unit=Unit.POINTS,
    layer=Layer.JUDGED,
    source=_SOURCE,
    about="Is it liquid, in demand, little diluted, shared by many and calm, beside the other subnets of the same "
    f"snapshot? {_NO_FORECAST} Weights are reasoned, not fitted. Percentiles are relative: if all subnets sicken, the "
    "average stays 50.",
    unknown="Not yet comparable (unstarted, fresh, or a pool under 100 TAO), or under 60 % of the weight is known.",
    formula="Σ weight × percentile among comparable subnets, percentile = 100 × (midrank − ½) ÷ n. Weights of 100: "
    f"{_grouped_weights(quality.TERMS)}. An unknown input hands its weight to its group, an unknown group to others.",
    mathml=f"<mrow>{_WEIGHTED_SUM % 'P'}<mo>,</mo><mspace width='1em'/>{_PERCENTILE}</mrow>",
    inputs=tuple(term.key for term in quality.TERMS),
    lower=0,
    upper=100,
    better=Better.HIGHER,
    version=3,
    group="scores",
)
BUY_SIGNAL_COMPOSITE = Metric(
    key="buy_signal_composite",
    label="Signal composite",
    unit=Unit.POINTS,
    layer=Layer.JUDGED,
    source=_SOURCE,
    about="The mean percentile from which the level is read: trend and calm beside the other subnets. No forecast.",
    unknown="Not yet comparable, or fewer than three of its five inputs are known.",
    formula="mean of the known percentiles of " + ", ".join(_signed(term) for term in buy_signal.TERMS),
    mathml=f"<mrow><mi>C</mi><mo>=</mo><mfrac><mn>1</mn><mi>k</mi></mfrac>{_SUM}<msub><mi>P</mi><mi>i</mi></msub></mrow>",
    inputs=tuple(term.key for term in buy_signal.TERMS),
    lower=0,
    upper=100,
    better=Better.HIGHER,
    group="scores",
)
BUY_SIGNAL = Metric(
    key="buy_signal",
    label="Signal",
    unit=Unit.INDEX,
    layer=Layer.JUDGED,
    source=_SOURCE,
    about="Trend and calm beside the other subnets, 1 weakest to 5 strongest. Relative: no forecast and no advice.",
    unknown=BUY_SIGNAL_COMPOSITE.unknown,
    formula="5 from a composite of 73, 4 from 62, 3 from 40, 2 from 24, else 1",
    mathml="<mrow><mi>L</mi><mo>=</mo><mn>1</mn><mo>+</mo><mo>|</mo><mo>{</mo><mi>t</mi><mo>∈</mo><mo>{</mo>"
    "<mn>24</mn><mo>,</mo><mn>40</mn><mo>,</mo><mn>62</mn><mo>,</mo><mn>73</mn><mo>}</mo><mo>:</mo>"
    "<mi>C</mi><mo>≥</mo><mi>t</mi><mo>}</mo><mo>|</mo></mrow>",
    inputs=(BUY_SIGNAL_COMPOSITE.key,),
    lower=1,
    upper=5,
    better=Better.HIGHER,
    group="scores",
)

METRICS = (TAO_SCORE_V3, TAO_SCORE_V21, TAO_SCORE_V11, BUY_SIGNAL, BUY_SIGNAL_COMPOSITE)
