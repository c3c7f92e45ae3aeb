import os

from django.core.wsgi import get_wsgi_application
from django.template import engines
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "taoanalytics.settings")

# Read by the settings: here, and not in commands or workers, a statement has to end in time.
os.environ["SERVES_PAGES"] = "true"

application = get_wsgi_application()

# Views and template tags are imported now, or the first visitor of each process would wait for that.
get_resolver().url_patterns, engines["django"]
