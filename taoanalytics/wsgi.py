import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "taoanalytics.settings")

# Read by the settings: here, and not in commands or workers, a statement has to end in time.
os.environ["SERVES_PAGES"] = "true"

application = get_wsgi_application()
