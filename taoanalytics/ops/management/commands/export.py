import gzip
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError, CommandParser

from taoanalytics.jobs.arguments import moment
from taoanalytics.jobs.console import STOPPED
from taoanalytics.jobs.errors import ServiceError
from taoanalytics.ops.export import FORMATS, export, meanings, write_csv
from taoanalytics.ops.exported import TABLES


class Command(BaseCommand):
    help = (
        "Write a table of stored data as CSV or JSON, line by line. What `export subnets --format csv` writes, "
        "import_history reads."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("table", choices=tuple(TABLES))
        parser.add_argument("--format", dest="form", choices=FORMATS, default="csv")
        parser.add_argument("--from", dest="start", type=moment, help="default: the first that is stored")
        parser.add_argument("--to", dest="end", type=moment, help="default: the newest")
        parser.add_argument("--netuid", type=int, nargs="+", default=[], help="only these subnets")
        parser.add_argument("--output", type=Path, help="a file, packed if it ends in .gz; default: standard output")
        parser.add_argument("--columns", action="store_true", help="write what each column means in place of the data")
        parser.add_argument(
            "--for-spreadsheet", action="store_true", help="mark texts that a spreadsheet would run as formulas"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with self._opened(options["output"]) as out:
                written = self._write(out, options)
        except BrokenPipeError:  # whoever read it has read enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return
        except KeyboardInterrupt:
            raise CommandError("stopped; no file was left behind.", returncode=STOPPED) from None
        except ServiceError as problem:
            raise CommandError(str(problem)) from None
        except OSError as problem:
            raise CommandError(f"{options['output']} cannot be written: {problem.strerror or problem}.") from None
        self.stderr.write(f"{written:,} lines of {options['table']}")

    def _write(self, out: TextIO, options: dict[str, Any]) -> int:
        if options["columns"]:
            write_csv(out, meanings(options["table"]))
            return len(TABLES[options["table"]].columns)
        wanted = ("table", "form", "start", "end", "for_spreadsheet")
        report = export(
            **{name: options[name] for name in wanted}, netuids=options["netuid"], out=out, progress=self._told
        )
        return report.seen

    def _told(self, done: int, total: int, what: str) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"\r{what}", ending="")

    @contextmanager
    def _opened(self, file: Path | None) -> Iterator[TextIO]:
        """Standard output, or a file that takes its name only when it is complete."""
        if file is None:
            yield getattr(self.stdout, "_out", sys.stdout)  # Django's wrapper would add line ends
            return
        with NamedTemporaryFile(dir=file.parent, prefix=f".{file.name}.", delete=False) as unfinished:
            path = Path(unfinished.name)
        try:
            pack = gzip.open if file.suffix == ".gz" else open
            with pack(path, "wt", encoding="utf-8", newline="") as out:
                yield out
            path.chmod(0o644)
            path.replace(file)
        finally:
            path.unlink(missing_ok=True)
