"""Score what is stored in the database of the settings, as each collection does."""

import sys

import django

django.setup()

from insights.judge import recompute_scores  # noqa: E402


def main() -> None:
    report = recompute_scores()
    sys.stdout.write(f'{{"stored": {report.stored}}}\n')


if __name__ == "__main__":
    main()
