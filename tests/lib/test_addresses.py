"""Addresses as strangers write them: what is not plainly a website of the open internet is refused unseen."""

import pytest

from taoanalytics.lib.addresses import Refused, is_public, target_of

HOSTILE = [
    # this machine, in every spelling
    "http://127.0.0.1/",
    "http://127.1/",
    "http://127.0.1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0x7f.0.0.1/",
    "http://0177.0.0.1/",
    "http://017700000001/",
    "http://127.0.0.1./",
    "http://127.000.000.001/",
    "http://127.0.0.1:80/",
    "http://0.0.0.0/",
    "http://0/",
    "http://[::1]/",
    "http://[::]/",
    "http://[0:0:0:0:0:0:0:1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[::127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[64:ff9b:1::7f00:1]/",
    "http://[2002:7f00:1::]/",
    "http://[2001:0:4136:e378:8000:63bf:80ff:fffe]/",
    "http://①②⑦.⓪.⓪.①/",
    "http://127。0。0。1/",
    "http://１２７.0.0.1/",
    "http://localhost/",
    "http://LOCALHOST./",
    "http://a.localhost/",
    "http://ⓛocalhost/",
    "http://ip6-localhost/",
    # networks of one's own
    "http://10.0.0.1/",
    "http://172.16.0.1/",
    "http://192.168.1.1/",
    "http://100.64.0.1/",
    "http://198.18.0.1/",
    "http://[fc00::1]/",
    "http://[fe80::1]/",
    "http://[fe80::1%25eth0]/",
    "http://[fe80::1%eth0]/",
    "http://[fec0::1]/",
    "http://[2606:4700::1%25lo]/",
    "http://printer.local/",
    "http://db.internal/",
    "http://router.lan/",
    "http://x.home.arpa/",
    "http://intranet/",
    "http://hidden.onion/",
    # what clouds tell their machines
    "http://169.254.169.254/latest/meta-data/",
    "http://[::ffff:169.254.169.254]/",
    "http://0xa9fea9fe/",
    "http://2852039166/",
    "http://[fd00:ec2::254]/",
    "http://metadata.google.internal/",
    "http://168.63.129.16/",
    "http://100.100.100.200/",
    # nobody's, everybody's
    "http://224.0.0.1/",
    "http://239.255.255.250/",
    "http://255.255.255.255/",
    "http://240.0.0.1/",
    "http://192.0.2.1/",
    "http://[ff02::1]/",
    "http://[2001:db8::1]/",
    # names and passwords, ports, schemes
    "http://user:secret@example.com/",
    "http://example.com@127.0.0.1/",
    "http://127.0.0.1#@example.com/",
    "http://127.0.0.1?@example.com/",
    "http://example.com\\@127.0.0.1/",
    "https://example.com:22/",
    "https://example.com:6379/",
    "https://example.com:8080/",
    "https://example.com:0/",
    "https://example.com:99999/",
    "https://example.com:８０/",
    "file:///etc/passwd",
    "ftp://example.com/",
    "gopher://example.com:70/_x",
    "data:text/html,hello",
    "javascript:alert(1)",
    "dict://127.0.0.1:11211/stat",
    "//example.com/",
    "example.com",
    # what is no address at all
    "",
    "   ",
    "http://",
    "http:///path",
    "https://.",
    "https://..com/",
    "https://example..com/",
    "https://-example.com/",
    "https://exa mple.com/",
    "https://example.com/\r\nX-Injected: 1",
    "https://example.com/\x00",
    "https://exam\u200bple.com/",
    "https://example.com/" + "a" * 3000,
    "https://" + "a" * 64 + ".com/",
    "https://" + "a." * 200 + "com/",
    "http://[::1",
    "http://[zz]/",
    "https://999.1.1.1/",
    "https://1.2.3/",
    "https://example.0x1/",
]


@pytest.mark.parametrize("url", HOSTILE)
def test_a_hostile_address_is_refused_with_a_reason(url: str) -> None:
    with pytest.raises(Refused) as refused:
        target_of(url)
    assert refused.value.reason
    assert "secret" not in refused.value.reason


@pytest.mark.parametrize(
    ("url", "becomes"),
    [
        ("https://example.com", "https://example.com/"),
        ("HTTP://Example.COM:80/a/../b?q=1#part", "http://example.com/a/../b?q=1"),
        ("https://example.com.:443/", "https://example.com/"),
        ("https://münchen.de/straße?x=ä", "https://xn--mnchen-3ya.de/stra%C3%9Fe?x=%C3%A4"),
        ("https://8.8.8.8/", "https://8.8.8.8/"),
        ("http://[2606:4700:4700::1111]/", "http://[2606:4700:4700::1111]/"),
        (" https://my_site.example.org/%7Ea\n", "https://my_site.example.org/%7Ea"),
        ("http://example.com:443/", "http://example.com:443/"),
    ],
)
def test_an_ordinary_address_is_spelled_in_one_way(url: str, becomes: str) -> None:
    assert target_of(url).url == becomes


def test_only_the_very_host_and_port_that_the_settings_name_may_be_private() -> None:
    allowed = ["127.0.0.1:8080"]
    assert target_of("http://127.0.0.1:8080/x", allowed).exempt
    for other in ("http://127.0.0.1:8081/", "http://localhost:8080/", "http://127.0.0.2:8080/", "http://127.0.0.1/"):
        with pytest.raises(Refused):
            target_of(other, allowed)
    with pytest.raises(Refused, match="user name"):
        target_of("http://a:b@127.0.0.1:8080/", allowed)


def test_an_address_that_stands_for_another_is_not_public() -> None:
    assert is_public("1.1.1.1")
    assert is_public("2606:4700:4700::1111")
    assert not is_public("::ffff:1.1.1.1")
    assert not is_public("2002:101:101::")
    assert not is_public("not a number")
