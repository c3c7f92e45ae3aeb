import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from enrichment import report
from taoanalytics.jobs.console import console


class Command(BaseCommand):
    help = (
        "Measure the classifications: against labels, by the rules alone and with a model; what they cost, how they "
        "are distributed, where rules and model disagree. Curated categories are labels too. The figures are kept for "
        "the page /methodology/classification/. With --texts, try the rules on a folder of READMEs instead; that "
        "needs nothing in the database and is kept only with --keep."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--labels", type=Path, metavar="FILE", help="JSON: a category per repository or netuid")
        parser.add_argument("--texts", type=Path, metavar="FOLDER", help="READMEs, listed in its MAPPING.csv if any")
        parser.add_argument(
            "--characters", type=int, metavar="N", help="read of each text; 0 for all (default: as enrich)"
        )
        parser.add_argument("--format", choices=("table", "json"), default="table")
        parser.add_argument("--keep", action="store_true", help="keep the figures of --texts, too")
        parser.add_argument("--no-keep", action="store_true", help="keep no figures")

    def handle(self, *args: Any, **options: Any) -> None:
        texts, labels = options["texts"], options["labels"]
        if texts and not labels:
            raise CommandError("--texts needs --labels to compare with")
        try:
            if texts:
                figures = report.tried(folder=texts, file=labels, characters=options["characters"])
            else:
                figures = report.measured(file=labels)
        except ValueError as problem:
            raise CommandError(str(problem)) from None
        if not options["no_keep"] and (options["keep"] or not texts):
            report.keep(figures)
        if options["format"] == "json":
            self.stdout.write(json.dumps(figures, indent=1, ensure_ascii=False))
        else:
            _print(console(self.stdout), figures)


def _print(out: Console, figures: dict[str, Any]) -> None:
    labels = figures["labels"]
    out.print(f"Labels: {escape(labels['whose'])} ({labels['labelled']} of {labels['living']} have one)\n")
    out.print(_methods(figures["methods"]))
    for method, found in figures["methods"].items():
        if found["confusion"]:
            out.print(
                _counts(
                    f"Mistakes of the {method}",
                    {f"{a} taken for {b or 'nothing'}": n for a, b, n in found["confusion"]},
                )
            )
    if "rows" in figures:
        out.print(_rows(figures["rows"]))
        return
    for title in ("categories", "confidence", "provenance", "outcomes", "tokens", "cost"):
        out.print(_counts(title.capitalize(), figures[title]))
    out.print(f"\nQuotes verified: {_percent(figures['quotes'])}")
    out.print(f"Flagged subnets: {figures['flagged']} · attempts: {figures['attempts']}")
    out.print(f"Median latency: {_number(figures['latency_ms'], '{:,.0f} ms')}")
    for each in figures["disagreements"]:
        out.print(
            f"Disagreement: {each['netuid']} {escape(each['name'])}: rules {each['rules']}, model {each['model']}"
        )


def _methods(methods: dict[str, dict[str, Any]]) -> Table:
    table = Table("", *methods, box=None, pad_edge=False)
    for name in ("strict", "lenient", "top3", "coverage", "selective"):
        table.add_row(name, *(_percent(found[name]) for found in methods.values()))
    for name in ("macro_f1", "calibration_error"):
        table.add_row(name.replace("_", " "), *(_number(found[name], "{:.2f}") for found in methods.values()))
    table.add_row("n", *(str(found["n"]) for found in methods.values()))
    return table


def _rows(rows: list[dict[str, Any]]) -> Table:
    table = Table("text", "label", "published", "suggested", box=None, pad_edge=False)
    for row in rows:
        suggested = " · ".join(f"{slug} {score:.2f}" for slug, score in row["ranked"])
        label = " | ".join([row["label"], *row["also"]]) if row["label"] else "–"
        table.add_row(escape(row["file"]), label, "yes" if row["published"] else "no", suggested)
    return table


def _counts(title: str, counts: dict[str, Any]) -> Table:
    table = Table(title, "", box=None, pad_edge=False)
    for name, count in counts.items():
        table.add_row(escape(str(name)), "unknown" if count is None else str(count))
    return table


def _percent(share: dict[str, Any] | None) -> str:
    if share is None or share["value"] is None:
        return "–"
    return f"{share['value']:.0%} ({share['hits']}/{share['n']}; {share['low']:.0%} to {share['high']:.0%})"


def _number(value: float | None, pattern: str) -> str:
    return "–" if value is None else pattern.format(value)
