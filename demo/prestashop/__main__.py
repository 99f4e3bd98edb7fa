"""Runs the simulated shop as a process of its own.

It prints one line once it listens, and serves until SIGTERM or Ctrl-C. The file outlives it.

    python -m demo.prestashop --port 0 --db shop.db --key KKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKK
    listening http://127.0.0.1:54321
"""

import argparse
import signal
import threading
from collections.abc import Sequence

from demo.prestashop.shop import Shop
from demo.prestashop.versions import DEFAULT, NUMBERS
from demo.prestashop.web import serve


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM or Ctrl-C; return 0."""
    parser = argparse.ArgumentParser(prog="demo.prestashop", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 picks a free port")
    parser.add_argument("--db", required=True, help="SQLite file, made when missing")
    parser.add_argument("--key", required=True, help="webservice key, 32 signs")
    parser.add_argument("--fixtures", action="store_true", help="put demo products in a new shop")
    parser.add_argument("--version", choices=NUMBERS, default=DEFAULT, help="PrestaShop's")
    chosen = parser.parse_args(arguments)
    ended = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda number, frame: ended.set())
    with (
        Shop(chosen.db, key=chosen.key, fixtures=chosen.fixtures, version=chosen.version) as shop,
        serve(shop, chosen.port) as server,
    ):
        print(f"listening {server.url}", flush=True)
        ended.wait()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
