"""Files of recorded history as they come: packed, cut short, with lines that cannot be."""

import gzip

import pytest

from subnets.models import NetworkSnapshot, Subnet, SubnetIdentity
from taoanalytics.jobs.errors import Permanent
from taoanalytics.ops.import_history import import_history
from tests.ops.recorded import BASE, NETWORK, counts, line


def test_columns_may_stand_in_any_order_among_others(table, db):
    names, cells = ["extra", *reversed(BASE)], ["?", *reversed(BASE.values())]
    report = import_history(file=table(",".join(cells), header=",".join(names)))

    assert counts(report) == (1, 1, 0, 0)


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"price_tao": "abc"}, "price_tao is 'abc', which is not a number"),
        ({"price_tao": "NaN"}, "price_tao is 'NaN', which is not a number"),
        ({"tao_in_tao": "inf"}, "tao_in_tao is 'inf', which is not a number"),
        ({"alpha_in": "-1"}, "alpha_in is -1, which is negative"),
        ({"alpha_out": "9223372036.854775808"}, "more than all tokens there can be"),
        ({"alpha_out": "1e999"}, "more than all tokens there can be"),
        ({"alpha_out": "1_000"}, "not a number"),
        ({"block": "99999999999999999999"}, "block is 99999999999999999999, more than the largest possible"),
        ({"block": "4999.5"}, "block is 4999.5, which is not a whole number"),
        ({"block": ""}, "block is empty"),
        ({"netuid": "65536"}, "netuid is 65536, more than the largest possible"),
        ({"netuid": "-1"}, "netuid is -1, which is negative"),
        ({"validators": "3000000000"}, "validators is 3000000000, more than the largest possible"),
        ({"incentive_burn": "1.5"}, "incentive_burn is 1.5, more than the whole"),
        ({"registered_at_block": ""}, "registered_at_block is empty"),
        ({"registered_at_block": "5001"}, "registered at block 5001, later than block 5000"),
        ({"observed_at": "2025-03-01T00:00:00"}, "names no time zone"),
        ({"observed_at": "yesterday"}, "not an ISO 8601 time"),
        ({"observed_at": "0001-01-01T00:00:00+12:00"}, "not an ISO 8601 time"),
        ({"observed_at": "9998-01-01T00:00:00Z"}, "lies in the future"),
        ({"name": "one,two"}, "22 cells under 21 column names"),
    ],
)
def test_a_bad_line_is_named_with_its_reason_and_costs_only_itself(imported, cells, reason):
    report = imported(line(netuid=7), line(**cells), line(netuid=9))

    assert counts(report) == (3, 2, 0, 1)
    assert report.problems[0].startswith("line 3: ")
    assert reason in report.problems[0]
    assert sorted(Subnet.objects.values_list("netuid", flat=True)) == [7, 9]
    assert NetworkSnapshot.objects.get().complete


def test_a_line_cut_short_is_a_bad_line(imported):
    report = imported(line(), line(netuid=2)[:40])

    assert counts(report) == (2, 1, 0, 1)
    assert report.problems[0].startswith("line 3: ")


def test_a_quotation_mark_that_is_never_closed_costs_only_its_own_line(imported):
    lines = [line(netuid=n) for n in range(1, 900)]
    lines[4] = line(netuid=5, name='"open')
    report = imported(*lines)

    assert counts(report) == (899, 898, 0, 1)
    assert report.problems[0].startswith("line 6: ")


@pytest.mark.parametrize("closing", [{"name": 'inch"'}, {"symbol": 'inch"', "name": "inch"}])
def test_a_later_mark_that_happens_to_close_it_does_not_swallow_the_lines_between(imported, closing):
    report = imported(line(name='"open'), line(netuid=2), line(netuid=3, **closing))

    assert counts(report) == (3, 2, 0, 1)
    assert report.problems[0].startswith("line 2: ")
    assert Subnet.objects.get(netuid=3).name.startswith("inch")


def test_a_quoted_name_may_hold_commas_and_line_ends_and_later_lines_keep_their_numbers(imported):
    report = imported(line(name='"a, ""b""\nc"'), line(netuid=2, block="x"))

    assert SubnetIdentity.objects.get().name == 'a, "b"\nc'
    assert report.problems[0].startswith("line 4: ")


def test_missing_or_renamed_columns_are_named(imported):
    with pytest.raises(Permanent, match=r"lacks price_tao, owner_coldkey$"):
        imported(header=NETWORK.replace("price_tao", "price", 1).replace("owner_coldkey", "owner"))


def test_a_repeated_column_is_refused(imported):
    with pytest.raises(Permanent, match="repeats netuid"):
        imported(header=NETWORK + ",netuid")


def test_a_gzip_file_is_known_by_its_content_and_a_byte_order_mark_is_no_text(tmp_path, db):
    text = "\ufeff" + "\r\n".join((NETWORK, line(), ""))
    (tmp_path / "plain.csv.gz").write_bytes(text.encode())
    (tmp_path / "packed.csv").write_bytes(gzip.compress(text.encode()))

    assert counts(import_history(file=tmp_path / "plain.csv.gz")) == (1, 1, 0, 0)
    assert counts(import_history(file=tmp_path / "packed.csv")) == (1, 0, 1, 0)


def packed_lines():
    return gzip.compress("\n".join([NETWORK, *(line(netuid=n) for n in range(5000))]).encode())


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (lambda: b"", "is empty"),
        (lambda: gzip.compress(b""), "is empty"),
        (lambda: packed_lines()[:-4000], "is cut short"),
        (lambda: packed_lines()[:5], "is cut short"),
        (lambda: packed_lines()[:-8] + b"\0" * 8, "is damaged"),
        (lambda: "\n".join([NETWORK, line(symbol="é")]).encode("latin-1"), "is not UTF-8 text"),
        (lambda: NETWORK.encode("utf-16"), "is not UTF-8 text"),
        (lambda: b"<!doctype html><title>504</title>", "is no history known here"),
        (lambda: b"\x00" * 100, "is no history known here"),
    ],
)
def test_a_file_that_cannot_be_read_to_its_end_is_refused_whole(tmp_path, db, content, reason):
    file = tmp_path / "broken.csv"
    file.write_bytes(content())
    with pytest.raises(Permanent, match=f"broken.csv {reason}"):
        import_history(file=file)
    assert not NetworkSnapshot.objects.exists()


def test_a_directory_or_a_missing_file_is_refused_in_words(tmp_path, db):
    with pytest.raises(Permanent, match="cannot be read: Is a directory"):
        import_history(file=tmp_path)
    with pytest.raises(Permanent, match="cannot be read: No such file"):
        import_history(file=tmp_path / "nothing.csv")


def test_a_header_and_no_lines_is_an_empty_success(imported):
    assert counts(imported()) == (0, 0, 0, 0)
