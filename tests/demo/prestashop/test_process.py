"""The shop as a process of its own."""

import signal
import subprocess
import sys
from pathlib import Path

import requests

from tests.demo.prestashop.asking import KEY


def start(database: Path, *more: str) -> subprocess.Popen[str]:
    """Start the simulator on a free port."""
    command = [sys.executable, "-m", "demo.prestashop", "--port", "0", "--db", str(database)]
    return subprocess.Popen([*command, "--key", KEY, *more], stdout=subprocess.PIPE, text=True)


def test_the_process_says_where_it_listens_and_ends_on_sigterm(tmp_path: Path) -> None:
    database = tmp_path / "shop.db"
    with start(database, "--fixtures") as process:
        try:
            assert process.stdout is not None
            word, url = process.stdout.readline().split()
            assert word == "listening"
            answer = requests.get(f"{url}/api/products/1", auth=(KEY, ""), timeout=10)
            assert answer.status_code == 200
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=20) == 0
        finally:
            process.kill()
    assert database.exists()
    with start(database) as process:
        try:
            assert process.stdout is not None
            url = process.stdout.readline().split()[1]
            answer = requests.get(f"{url}/api/products?limit=1", auth=(KEY, ""), timeout=10)
            assert b'<product id="1"' in answer.content
        finally:
            process.terminate()
            process.wait(timeout=20)
