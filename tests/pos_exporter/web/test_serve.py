"""The page over a real socket: loopback only, a taken port told, and an end when asked."""

import http.client
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask

from pos_exporter.web.app import create_app
from pos_exporter.web.serve import (
    PageServer,
    PortRefusedError,
    PortTakenError,
    open_server,
    page_url,
    serve,
)
from tests.pos_exporter.web.browser import Till
from tests.pos_exporter.web.shop import Clock, empty_state, ordinary_day


@contextmanager
def a_page(folder: Path) -> Iterator[Flask]:
    till = Till()
    with empty_state(f"sqlite:///{folder / 'state.db'}") as engine:
        ordinary_day(engine)
        yield create_app(
            engine, clock=Clock(), start_sync=till.start_sync, is_running=lambda: till.running,
            progress=lambda: till.progress, token="to/ken", robot=till,
        )  # fmt: skip


@contextmanager
def a_running_server(folder: Path) -> Iterator[PageServer]:
    with a_page(folder) as app, open_server(app, 0) as server:
        thread = threading.Thread(target=server.run)
        thread.start()
        try:
            yield server
        finally:
            server.stop()
            thread.join(10)
            assert not thread.is_alive()


def ask(port: int, path: str, **headers: str) -> tuple[int, dict[str, str], str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path, headers={"Connection": "close", **headers})
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read().decode()
    finally:
        connection.close()


def test_a_browser_comes_in_by_the_address_and_stays(tmp_path: Path) -> None:
    with a_running_server(tmp_path) as server:
        url = page_url(server.port, "to/ken")
        assert url == f"http://127.0.0.1:{server.port}/?token=to%2Fken"
        assert ask(server.port, "/")[0] == 403
        status, headers, _ = ask(server.port, "/?token=to%2Fken")
        assert (status, headers["Location"]) == (303, "/")
        cookie = headers["Set-Cookie"].split(";")[0]
        status, headers, text = ask(server.port, "/", Cookie=cookie)
        assert (status, "Mocassin" in text) == (200, True)
        assert "Server" not in headers
        assert ask(server.port, "/set-aside", Cookie=cookie)[2].count("Mocassin") == 1
        assert ask(server.port, "/", Cookie=cookie, Host=f"evil.example:{server.port}")[0] == 403


def test_only_this_pc_is_listened_to(tmp_path: Path) -> None:
    with a_page(tmp_path) as app, open_server(app, 0) as server:
        with socket.socket() as other:
            other.bind(("127.0.0.2", server.port))
        with pytest.raises(PortTakenError) as caught:
            open_server(app, server.port)
    assert (caught.value.code, caught.value.exit_code) == ("E-WEB-001", 2)
    assert caught.value.facts["port"] == str(server.port)


def test_a_port_that_cannot_be_is_refused(tmp_path: Path) -> None:
    with a_page(tmp_path) as app, pytest.raises(PortRefusedError) as caught:
        open_server(app, 70_000)
    assert (caught.value.code, caught.value.exit_code) == ("E-WEB-002", 2)


def test_serving_ends_when_stopped_and_the_port_is_free_again(tmp_path: Path) -> None:
    ports = []

    def stop_soon(server: PageServer) -> None:
        ports.append(server.port)
        server.stop()

    with a_page(tmp_path) as app:
        serve(app, 0, stop_soon)
        serve(app, ports[0], stop_soon)
    assert ports[0] == ports[1] != 0
