"""The fourteen categories. From here on they are data: staff may rename, describe and add."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

CATEGORIES = [
    ("llm-inference", "LLM-Inference", "INF", "models", "solid", "Serves answers from language models to people or programs."),
    ("llm-training", "LLM-Training / Fine-tune", "TRN", "models", "split", "Trains, fine-tunes or merges models."),
    ("data-feeds", "Data-Feeds & Oracles", "DAT", "data", "solid", "Collects, checks and serves data, or reports facts to other systems."),
    ("serverless-compute", "Serverless-Compute", "CMP", "compute", "solid", "Rents out processors, storage or whole programs run on demand."),
    ("ai-verification", "AI-Verification & Trust", "VER", "trust", "solid", "Checks whether content, models or answers are genuine and sound."),
    ("confidential-compute", "Confidential-Compute", "CNF", "compute", "split", "Computes on hardware or with methods that hide the data from its operator."),
    ("hashrate-mining", "Hashrate-Mining (BTC / PoW)", "POW", "compute", "frame", "Directs proof-of-work for other chains."),
    ("finance-trading", "Finance-Trading & Forecasting", "FIN", "markets", "solid", "Trades, forecasts markets or provides financial services."),
    ("security-auditing", "Security & Auditing", "SEC", "trust", "split", "Finds weaknesses, audits code, watches for attacks."),
    ("privacy-anonymity", "Privacy / Anonymity", "PRV", "trust", "frame", "Hides who talks to whom, or what about."),
    ("media-vision", "Media-Vision / 3-D", "VIS", "products", "split", "Makes or understands images, video, sound and three-dimensional scenes."),
    ("science-research", "Science-Research (Non-financial)", "SCI", "data", "split", "Solves scientific problems: biology, weather, mathematics, materials."),
    ("consumer-ai", "Consumer-AI & Games", "APP", "products", "solid", "Products that people use directly: assistants, companions, games."),
    ("dev-tooling", "Dev-Tooling", "DEV", "products", "frame", "Tools for those who write software or agents."),
]


def seed(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    category = apps.get_model("subnets", "Category")
    for position, (slug, name, code, family, cut, description) in enumerate(CATEGORIES, start=1):
        category.objects.get_or_create(
            slug=slug,
            defaults={
                "name": name,
                "code": code,
                "family": family,
                "cut": cut,
                "description": description,
                "position": position,
            },
        )


class Migration(migrations.Migration):
    dependencies = [("subnets", "0001_initial")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
