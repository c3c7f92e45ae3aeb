"""A key goes into one header of one request, and nowhere else."""

import logging
import traceback

import pytest
from django.core.management import call_command
from django.urls import reverse

from markets.coingecko import coingecko
from markets.collect import collect_price, collect_screener
from markets.models import MarketReply, ScreenerRow, TaoPrice
from markets.taoapp import taoapp
from taoanalytics.jobs.errors import ServiceError
from taoanalytics.jobs.models import ApiQuota, JobRun
from tests.lib.answers import breaks_off, hangs_up, says
from tests.markets.conftest import CANARY
from tests.markets.samples import priced, screened

pytestmark = pytest.mark.django_db

ECHOES = [
    says({"detail": f"key {CANARY} is not valid"}, status=401),
    says({"error": f"{CANARY} {CANARY}"}, status=403),
    says({"status": {"error_code": 10002, "error_message": f"wrong key {CANARY}"}}),
    says({"detail": f"busy, {CANARY}"}, status=500),
    says(text=f"<html>{CANARY}</html>", kind="text/html"),
    says(text="", status=302, location=f"http://127.0.0.1/?key={CANARY}"),
    says(text=f'{{"{CANARY}'),
    breaks_off([CANARY] * 100),
    hangs_up,
]


@pytest.mark.parametrize("answer", ECHOES)
def test_no_error_log_record_or_output_shows_it_even_if_the_service_does(
    tao_app, gecko, network, caplog, capsys, answer
):
    caplog.set_level(logging.DEBUG)
    tao_app.answer(answer)
    gecko.answer(answer)
    for verb in (collect_screener, collect_price):
        with pytest.raises(ServiceError) as refused:
            verb()
        told = refused.value
        assert CANARY not in "".join(traceback.format_exception(told)) + repr(told)
    for source in ("screener", "price"):
        with pytest.raises(SystemExit):
            call_command("collect", source)
    printed = capsys.readouterr()
    assert CANARY not in printed.out + printed.err
    assert "collect screener: TAO.app" in printed.out
    assert "collect price: CoinGecko" in printed.out
    assert CANARY not in caplog.text
    assert CANARY not in str(list(JobRun.objects.values()))


@pytest.mark.parametrize("key", [f"{CANARY}\r\nX-Other: 1", f"{CANARY} ", f"{CANARY}é", f"{CANARY}\x00"])
def test_a_key_that_no_header_can_carry_is_refused_without_being_shown(tao_app, network, settings, key):
    settings.TAO_APP_API_KEY = key
    with pytest.raises(ServiceError, match="set it anew") as refused:
        collect_screener()
    assert CANARY not in "".join(traceback.format_exception(refused.value))
    assert tao_app.asked == []


def test_it_is_in_no_representation_of_a_client(db):
    for client in (taoapp(), coingecko()):
        assert CANARY not in repr(client) + repr(client._service)


def test_it_is_in_a_header_and_not_in_the_address(tao_app, gecko, network):
    tao_app.say([screened(1)])
    gecko.say(priced())
    collect_screener()
    collect_price()
    for asked in (*tao_app.asked, *gecko.asked):
        assert CANARY not in asked.path + str(asked.parameters)
        assert sum(CANARY in value for value in asked.headers.values()) == 1


def test_no_admin_page_shows_it_and_staff_can_read_what_was_received(tao_app, gecko, network, admin_client):
    tao_app.say([screened(1, subnet_name="<b>bold</b>")])
    gecko.say(priced())
    collect_screener()
    collect_price()
    for model in (ScreenerRow, TaoPrice, MarketReply, ApiQuota, JobRun):
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        for address in (reverse(f"{name}_changelist"), reverse(f"{name}_change", args=[model.objects.first().pk])):
            page = admin_client.get(address)
            assert page.status_code == 200, address
            text = page.content.decode()
            assert CANARY not in text
            assert "<b>bold" not in text
    kept = MarketReply.objects.get(source="taoapp")
    page = admin_client.get(reverse("admin:markets_marketreply_change", args=[kept.pk]))
    assert "subnet_name" in page.content.decode()
    assert admin_client.post(reverse("admin:markets_marketreply_change", args=[kept.pk])).status_code == 403
