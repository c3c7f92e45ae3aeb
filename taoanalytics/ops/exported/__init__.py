"""The tables that can be exported: their columns, what these mean, and their lines oldest first."""

from collections.abc import Mapping

from taoanalytics.ops.exported import chain, judged, market, told
from taoanalytics.ops.exported.tables import Selection, Table

__all__ = ["TABLES", "Selection", "Table"]

TABLES: Mapping[str, Table] = {**chain.TABLES, **judged.TABLES, **market.TABLES, **told.TABLES}
