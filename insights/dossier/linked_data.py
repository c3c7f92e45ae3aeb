"""What a subnet's page tells machines: a schema.org Dataset, and a sentence for whoever shares its address."""

from typing import Any

from django.utils.html import json_script
from django.utils.safestring import SafeString

from insights.dossier.reading import Dossier
from insights.html import format_html
from insights.numbers import compact, in_detail, signed
from insights.registry import METRICS
from subnets.metrics import PRICE
from taoanalytics.lib.text import clean

_SHARED = 200


class _DataBlock:
    """JSON as an element that no browser runs; escaped as `json_script` escapes it."""

    def __init__(self, value: Any) -> None:
        self._html = str(json_script(value)).replace("application/json", "application/ld+json", 1)

    def __html__(self) -> str:
        return self._html


def data_block(value: Any) -> SafeString:
    """`value` as a JSON-LD element; text in it cannot leave the element."""
    return format_html("{}", _DataBlock(value))


def dataset(known: Dossier, address: str) -> dict[str, Any]:
    """The page's data as a schema.org Dataset; `address` is the page's own, absolute."""
    first, last = known.subnet.first_seen_at, known.subnet.last_seen_at
    described: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": f"{known.name}, Bittensor subnet {known.subnet.netuid}",
        "description": summary(known),
        "url": address,
        "identifier": f"{known.subnet.netuid}-{known.subnet.registered_at_block}",
        "isAccessibleForFree": True,
        "measurementTechnique": "Read from the Bittensor chain; derived numbers by declared formulas",
        "variableMeasured": [metric.label for metric in METRICS if metric.group in ("market", "emission")],
        "distribution": [
            {"@type": "DataDownload", "encodingFormat": kind, "contentUrl": f"{address}?range=all&format={name}"}
            for name, kind in (("csv", "text/csv"), ("json", "application/json"))
        ],
    }
    if first and last:
        described |= {
            "temporalCoverage": f"{first.isoformat()}/{last.isoformat()}",
            "dateModified": last.isoformat(),
        }
    return described


def summary(known: Dossier) -> str:
    """One sentence, fit for a preview: price, change, market cap, all as of the observation."""
    figures, said = known.figures, []
    if figures.get(PRICE.key) is not None:
        said.append(f"{in_detail(PRICE, figures[PRICE.key])} τ per alpha")
    month = figures.get("change_30d_pct")
    if month is not None:
        said.append(f"{signed(float(month))} in 30 days")
    cap = figures.get("market_cap_tao")
    if cap is not None:
        said.append(f"market cap {compact(float(cap))} τ")
    at = known.snapshot.observed_at if known.snapshot else None
    when = f" on {at.day} {at:%b %Y}" if at and said else ""
    numbers = f": {', '.join(said)}{when}" if said else ""
    return clean(f"{known.name}, Bittensor subnet {known.subnet.netuid}{numbers}. From the chain itself.", _SHARED)
