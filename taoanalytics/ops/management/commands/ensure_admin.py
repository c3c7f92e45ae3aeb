import os
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = (
        "Make the first staff account from ADMIN_USERNAME and ADMIN_PASSWORD. "
        "Does nothing without them, and nothing if the account exists: its password may have been changed."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        name, password = os.environ.get("ADMIN_USERNAME", ""), os.environ.get("ADMIN_PASSWORD", "")
        users = get_user_model()
        if not name or not password or users.objects.filter(username=name).exists():
            return
        try:
            validate_password(password, users(username=name))
        except ValidationError as problem:
            raise CommandError(f"ADMIN_PASSWORD is too weak: {' '.join(problem.messages)}") from None
        users.objects.create_superuser(username=name, password=password)
        self.stdout.write(f"Staff account {name} made.")
