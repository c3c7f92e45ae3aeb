"""Made-up subnets in their own words, and what each is: `category|also acceptable: description`, one a line."""

from pathlib import Path


def _read(line: str) -> tuple[str, tuple[str, ...], str]:
    categories, _, description = line.partition(": ")
    category, *others = categories.split("|")
    return category, tuple(others), description


DESCRIPTIONS = [_read(line) for line in Path(__file__).with_suffix(".txt").read_text().splitlines()]

SAYING_NOTHING = [
    "",
    "Coming soon.",
    "Welcome to our website! Please enable JavaScript to run this app.",
    "404: this page could not be found.",
    "A subnet on Bittensor. Miners and validators earn emissions. Join our Discord.",
    "pip install -e . && python neurons/miner.py --netuid 1 --wallet.name default",
    "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor.",
    "🚀🚀🚀",
]
"""From which nobody can tell what it is."""
