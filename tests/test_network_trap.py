"""The trap that every test runs in: what reaches beyond this machine raises, and this machine itself may be asked."""

from __future__ import annotations

import socket
import urllib.request
from collections.abc import Callable

import pytest

FAR = ("192.0.2.1", 80)  # an address that is nobody's (RFC 5737)


def by_datagram() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.sendto(b"x", FAR)


def by_connection(method: str) -> None:
    with socket.socket() as one:
        getattr(one, method)(FAR)


@pytest.mark.parametrize(
    "ask",
    [
        by_datagram,
        lambda: by_connection("connect"),
        lambda: by_connection("connect_ex"),
        lambda: socket.create_connection(FAR),
        lambda: socket.getaddrinfo("example.org", 443),
        lambda: socket.gethostbyname("example.org"),
        lambda: urllib.request.urlopen("https://example.org"),
    ],
)
def test_d4_every_way_to_the_network_raises(ask: Callable[[], object]) -> None:
    with pytest.raises(AssertionError, match="the network was asked for"):
        ask()


def test_this_machine_may_be_asked() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        assert client.connect_ex(server.getsockname()) != 0  # it is connected already
    assert socket.getaddrinfo("localhost", 25)
