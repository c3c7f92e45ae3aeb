"""The explanation that needs no model: sentences made of the computed signal and its figures."""

from collections.abc import Sequence

from insights.explaining.inputs import LEVELS, Figure, Inputs

_ORDINALS = {1: "st", 2: "nd", 3: "rd"}


def template(inputs: Inputs) -> str:
    """Several plain sentences, all of whose numbers are those of `inputs`; what is unknown is said to be."""
    told = _no_signal(inputs) if inputs.level is None else [_level(inputs), *_parts(inputs), _next(inputs)]
    told += [_momentum(inputs), _peers(inputs), _cost(inputs)]
    return " ".join(sentence for sentence in told if sentence)


def closing(inputs: Inputs) -> str:
    """What stands behind every explanation, whoever wrote it."""
    at = inputs.observed_at
    return (
        f"Based on {len(inputs.figures)} figures of this site as of {at.day} {at:%b %Y %H:%M} UTC; it compares subnets "
        "with one another, forecasts nothing and is not advice."
    )


def _no_signal(inputs: Inputs) -> list[str]:
    said = [f"There is no signal. {inputs.reason}".strip()]
    return [*said, f"Unknown: {', '.join(inputs.unknown)}."] if inputs.unknown else said


def _level(inputs: Inputs) -> str:
    composite, compared = inputs.figure("buy_signal_composite"), inputs.figure("compared")
    among = f" among the {compared.shown} subnets that can be compared" if compared else ""
    said = f"Signal {inputs.level} of {LEVELS}, {inputs.word}"
    if composite is None:
        return f"{said}."
    return f"{said}: the composite is {composite.shown}, the mean of its {len(inputs.parts)} parts{among}."


def _parts(inputs: Inputs) -> list[str]:
    ranked = sorted(inputs.parts, key=lambda part: -part[0].value)
    if not ranked:
        return []
    best, worst = ranked[0], ranked[-1]
    said = [f"What carries it most is {_part(*best)}."]
    if len(ranked) > 1:
        said.append(f"What holds it back most is {_part(*worst)}.")
    between = [f"{_inside(percentile.label)} at {percentile.shown}" for percentile, _ in ranked[1:-1]]
    if between:
        said.append(f"Between them stand {_listed(between)}.")
    if inputs.unknown:
        said.append(f"Unknown, and left out: {', '.join(map(_inside, inputs.unknown))}.")
    return said


def _part(percentile: Figure, behind: Figure | None) -> str:
    """At 100 a part stands best, so low volatility stands high."""
    return f"{_inside(percentile.label)}, at percentile {percentile.shown}" + (
        f" with {behind.shown}" if behind else ""
    )


def _next(inputs: Inputs) -> str:
    lacking = inputs.figure("points_to_next")
    if lacking is None or inputs.level is None or inputs.level == LEVELS:
        return ""
    return f"The composite is {lacking.shown} short of signal {inputs.level + 1}."


def _momentum(inputs: Inputs) -> str:
    known = [f"{figure.shown} over {_days(figure)}" for figure in inputs.of("momentum")]
    return f"Its price in TAO changed by {_listed(known)}." if known else "How its price changed is unknown."


def _peers(inputs: Inputs) -> str:
    count, rank = inputs.figure("peers_count"), inputs.figure("peers_rank")
    if not inputs.category_slug:
        return "It is unclassified, so it has no peers to stand among."
    if count is None or rank is None:
        return f"Its category is {inputs.category}."
    if count.value == 1:
        return f"In its category, {inputs.category}, it alone has a signal."
    place = f"{rank.shown}{_ordinal(rank.value)} of the {count.shown}"
    return f"By composite it is {place} in its category, {inputs.category}."


def _cost(inputs: Inputs) -> str:
    known = [f"{figure.shown} of {figure.size_tao:,.0f} τ" for figure in inputs.of("cost") if figure.size_tao]
    return f"A round trip costs at most {_listed(known)}." if known else "What a round trip would cost is unknown."


def _days(figure: Figure) -> str:
    return "1 day" if figure.days == 1 else f"{figure.days} days"


def _ordinal(place: float) -> str:
    last = int(place) % 100
    return "th" if 11 <= last <= 13 else _ORDINALS.get(last % 10, "th")


def _listed(said: Sequence[str]) -> str:
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"


def _inside(label: str) -> str:
    """The label as it stands inside a sentence."""
    return label[:1].lower() + label[1:]
