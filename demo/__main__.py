"""The whole road on one machine: a shoe shop's till, an FTP server, a shop, both programs.

Everything runs as it would in a shop: the two programs are started as commands, in turn, and only
meet on the FTP server. Each question that a person would be asked is printed with its answer. The
till is built for the day on which the demo runs, so that some of its promotions are in force. At
the end till and shop are read, each in its own way, and held side by side, to the cent of what a
visitor pays; any difference that is not one of the wrong rows makes the demo fail.

    python -m demo              # or: make demo
    python -m demo --keep       # leave the page, the shop and the FTP server running
    python -m demo --prestashop 1.6.1.24      # against another PrestaShop
"""

import argparse
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from rich.console import Console
from rich.markup import escape

from demo.compare import compare
from demo.prestashop.core import SHOP_ZONE
from demo.prestashop.versions import DEFAULT, NUMBERS
from demo.servers import started
from demo.stage import FtpPlace, Stage
from demo.telling import held, orders_table, plan_counts, set_aside, side_by_side
from demo.till import (
    SPARE_WRONG_ROWS,
    WRONG_ROWS,
    build_till,
    change_price,
    open_till,
    sell,
    sellable_keys,
    ship_web_order,
    stock_of,
    switch_internet,
    web_orders,
    withdraw_promotion,
)
from protocol.program.progress import Bars
from shop_agent.wiring import open_shop

KEY = "DEMOKEY0000000000000000000000001"
SECONDS_PER_RUN = 300
#: Done, or done with some rows set aside.
EXPECTED = (0, 3)
#: A text with a script: it is mended on sending, and noted.
MENDED = tuple(row for row in SPARE_WRONG_ROWS if row.name == "text_with_script")
#: One of these is withdrawn; the till has the first when it sells sandals.
PROMOTIONS = ("Coup de cœur", "Fin de série")
CUSTOMER = "camille.renard@example.fr"
NEWCOMER = "noa.petit@example.fr"
PARCEL = "6A12345678901"


@dataclass
class Story:
    """The demo under way.

    Args:
        stage: Till, settings files and keys.
        shop_url: The simulated shop.
        console: Where it is told.
        failures: What did not come out as it should.
        mistyped: Till id of the article whose new price is a slip; 0 before it is made.
    """

    stage: Stage
    shop_url: str
    console: Console
    failures: list[str] = field(default_factory=list)
    mistyped: int = 0

    # --- the two programs --------------------------------------------------------------------

    def run(self, program: str, *arguments: str, quiet: bool = False) -> dict[str, Any]:
        """Run a command as a person would, and return its last JSON line.

        Args:
            program: `pos-exporter` or `shop-agent`.
            arguments: Of its command line.
            quiet: Do not repeat what it tells; a table follows.
        """
        config = {
            "pos-exporter": self.stage.exporter_file, "shop-agent": self.stage.agent_file,
        }[program]  # fmt: skip
        shown = " ".join(a if len(a) < 44 else f"{a[:40]}…" for a in arguments)
        self.console.print(f"[bold]$ {program} {escape(shown)}[/bold]")
        module = program.replace("-", "_")
        command = [sys.executable, "-m", module, *arguments, "-c", str(config), "--json"]
        began = time.monotonic()
        last, told, code = self._watch(command)
        for line in told if not quiet else ():
            self.console.print(f"  {escape(line)}", style="dim")
        self.console.print(f"  [dim]{time.monotonic() - began:.1f} s, exit {code}[/dim]")
        if code not in EXPECTED:
            self.failures.append(f"{program} {shown}: exit {code}")
        return last

    def _watch(self, command: Sequence[str]) -> tuple[dict[str, Any], list[str], int]:
        """Run a command, draw its progress; return (its last JSON line, its words, its code).

        What a dry run plans is its own line; it stands in the last one as `plan`.
        """
        last: dict[str, Any] = {}
        plan: dict[str, Any] = {}
        with (
            tempfile.TemporaryFile("w+", encoding="utf-8") as told,
            Bars("fr", sys.stdout) as bars,
            subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=told, text=True, encoding="utf-8",
                env={**os.environ, **self.stage.environment},
            ) as process,
        ):  # fmt: skip
            for line in process.stdout or ():
                if not line.startswith("{"):
                    continue
                said: dict[str, Any] = json.loads(line)
                if said.get("type") == "progress":
                    bars.tell(said["step"], said["done"], said["of"])
                elif said.get("type") == "plan":
                    plan = said["counts"]
                else:
                    last = said
            code = process.wait(SECONDS_PER_RUN)
            told.seek(0)
            return {"plan": plan, **last}, [words.rstrip() for words in told if words.strip()], code

    def trial(self, program: str) -> dict[str, Any]:
        """Have a program say what it would do, print its counts, and return its last words."""
        last = self.run(program, "sync", "--dry-run")
        counts = last["plan"] if program == "shop-agent" else last.get("changes", {})
        self.console.print(f"  [cyan]→ {escape(plan_counts(counts))}[/cyan]")
        return last

    def ask(self, question: str, answer: str) -> None:
        """Print a question that a person would be asked, and the answer given by flag."""
        self.console.print(
            f"  [yellow]? {escape(question)}[/yellow] [green]{escape(answer)}[/green]"
        )

    def back_office(self, act: str, **said: object) -> dict[str, Any]:
        """Do something in the shop as its customers or its back office would."""
        body = json.dumps(said).encode()
        request = urllib.request.Request(  # noqa: S310 - our own loopback server
            f"{self.shop_url}/_backoffice/{act}?ws_key={KEY}", data=body, method="POST"
        )
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - as above
            found: dict[str, Any] = json.load(answer)
            return found

    # --- chapters ----------------------------------------------------------------------------

    def pair(self) -> None:
        """Pair the two programs."""
        self.console.rule("1. Appairage / Pairing")
        ours = self.run("pos-exporter", "pair")
        theirs = self.run("shop-agent", "pair", ours["line"])
        ours = self.run("pos-exporter", "pair", theirs["line"])
        fingerprint = ours["fingerprint"]
        self.ask(f"Empreinte identique des deux côtés ? {fingerprint}", "oui")
        self.run("shop-agent", "pair", "--yes-fingerprint", fingerprint, "--baseline", "none")
        self.ask("Quelles commandes du site la caisse a-t-elle déjà ?", "aucune (none)")
        self.run("pos-exporter", "pair", "--yes-fingerprint", fingerprint)

    def first_sync(self) -> None:
        """Bring the whole catalogue over."""
        self.console.rule("2. Première synchronisation / First sync")
        self.run("pos-exporter", "sync")
        self.ask("Premier chargement : créer ces articles dans la boutique ?", "oui (first-load)")
        self.run("shop-agent", "sync", "--accept", "first-load")
        for _ in range(2):  # photos travel when the site asks for them, a few at a time
            self.run("pos-exporter", "sync")
            self.run("shop-agent", "sync")

    def life(self) -> None:
        """A day in the shop: at the counter, then on the site."""
        self.console.rule("3. La vie du magasin / A day in the shop")
        with open_till(self.stage.till_path) as till:
            keys = _well_stocked_variants(till)
            self._at_the_counter(till, keys)
        lines = self._sellables(keys[0], keys[5])
        order = self.back_office("place_order", customer_email=CUSTOMER, lines=lines)
        self.console.print(f"  une commande sur le site · a web order: {order}")
        self.back_office("register_customer", email=NEWCOMER, firstname="Noa", lastname="Petit")
        self.console.print("  une nouvelle cliente sans commande · a new customer")

    def _at_the_counter(self, till: sqlite3.Connection, keys: Sequence[int]) -> None:
        """A sale, two new prices, an article taken off the site, a promotion withdrawn."""
        sell(till, keys[0], 1)
        ordered = {keys[0] // 100, keys[5] // 100}
        others = [one for one in dict.fromkeys(key // 100 for key in keys) if one not in ordered]
        dearer, taken_off, self.mistyped = others[-3:]
        price = _price_of(till, dearer)
        change_price(till, dearer, price + 5)
        slip = (_price_of(till, self.mistyped) / 10).quantize(price)
        change_price(till, self.mistyped, slip)
        switch_internet(till, taken_off, on=False)
        promotion, name = _promotion_to_withdraw(till)
        withdraw_promotion(till, promotion)
        for told in (
            f"une vente en caisse · a sale: {keys[0]}",
            f"un nouveau prix · a new price: {dearer}, {price} → {price + 5}",
            f"une faute de frappe · a slip: {self.mistyped}, {slip} (÷ 10)",
            f"un article retiré du site · an article taken off: {taken_off}",
            f"une promotion arrêtée · a promotion withdrawn: {name}",
        ):
            self.console.print(f"  {escape(told)}")

    def _sellables(self, *keys: int) -> list[list[int]]:
        """Return the shop's (product, combination, units) of till keys, by their references."""
        with open_till(self.stage.till_path) as till:
            references = [
                till.execute("SELECT REF FROM VENDABLE WHERE CLE = ?", (key,)).fetchone()[0]
                for key in keys
            ]
        with open_shop(self.stage.agent(), self.stage.agent_wiring) as shop:
            found = shop.find_any("combinations", "reference", references)
        return [[one.whole("id_product"), one.id, 1 + number] for number, one in enumerate(found)]

    def second_sync(self) -> dict[str, Any]:
        """Only what changed travels; each side says before what it would do."""
        self.console.rule("4. Deuxième synchronisation / Second sync")
        self.run("shop-agent", "sync")
        said = self.trial("pos-exporter")
        done = self.run("pos-exporter", "sync")
        self._check_trial(said, done)
        planned = self.trial("shop-agent")
        applied = self.run("shop-agent", "sync")
        if not planned["plan"] or not applied.get("written"):
            self.failures.append("the second pass had nothing to do")
        return done

    def _check_trial(self, said: Mapping[str, Any], done: Mapping[str, Any]) -> None:
        """A trial says what the run after it does, but for the stock that the new order takes."""
        before, after = (
            {**one.get("changes", {}), "gone": one.get("gone")} for one in (said, done)
        )
        if {**before, "stock": 0} != {**after, "stock": 0}:
            self.failures.append(f"--dry-run said {before}, the run did {after}")

    def parcel(self) -> None:
        """The order leaves the shop: the site follows, and its customer is told."""
        self.console.rule("5. Le colis part / The parcel leaves")
        with open_till(self.stage.till_path) as till:
            [order] = web_orders(till)
            today = datetime.now(SHOP_ZONE).date()
            ship_web_order(till, order.order_id, carrier="Colissimo", tracking=PARCEL, on=today)
        self.console.print(
            f"  expédiée en caisse · shipped at the till: {order.reference}, {PARCEL}"
        )
        self.run("pos-exporter", "sync")
        done = self.run("shop-agent", "sync").get("written", {})
        with open_shop(self.stage.agent(), self.stage.agent_wiring) as shop:
            [on_site] = shop.find_any("orders", "reference", [order.reference])
            [row] = shop.find_any("order_carriers", "id_order", [on_site.id])
        number, state = row.text("tracking_number"), on_site.whole("current_state")
        self.console.print(f"  sur le site · on the site: état {state}, suivi {number}")
        wrote = (done.get("order_carriers"), done.get("order_histories"))
        if (number, *wrote) != (PARCEL, {"changed": 1}, {"created": 1}):
            self.failures.append(f"the parcel: {number} on the site, written {wrote}")

    def third_sync(self) -> None:
        """Nothing to do."""
        self.console.rule("6. Troisième synchronisation / Third sync")
        self.run("pos-exporter", "sync")
        quiet = self.run("shop-agent", "sync")
        if quiet.get("written"):
            self.failures.append(f"the third pass wrote {quiet['written']}")

    # --- the table ---------------------------------------------------------------------------

    def tell(self, second: Mapping[str, Any]) -> None:
        """Print what happened, and hold till and shop side by side."""
        self.console.rule("Résultat / Result")
        with open_shop(self.stage.agent(), self.stage.agent_wiring) as shop:
            now = datetime.now(SHOP_ZONE)
            lines = compare(self.stage.till_path, shop, now=now, without=list(self._own()))
        lines = [line for line in lines if line.article not in self._own().values()]
        differ = [line for line in lines if not line.is_right]
        reduced = sum(bool(line.promotion) for line in lines)
        self.console.print(side_by_side(lines))
        self._tell_set_aside()
        self._tell_orders()
        self.console.print(
            f"Deuxième passage, seulement ce qui a changé · second pass, only what changed: "
            f"{escape(plan_counts(second.get('changes', {})))}"
        )
        for line in differ[:20]:
            self.failures.append(f"{line.article} {line.variant}: {line.till} ≠ {line.shop}")
        if not reduced:
            self.failures.append("no promotion is in force")
        self.console.print(
            f"[bold]{len(lines)} articles et déclinaisons comparés, dont {reduced} en promotion, "
            f"{len(differ)} différences · {len(lines)} compared, {reduced} of them reduced, "
            f"{len(differ)} differences[/bold]"
        )

    def _own(self) -> Mapping[int, str]:
        """Return the references of the articles that are not alike on both sides, by till id."""
        wrong = {row.article_id: row.reference for row in WRONG_ROWS}
        with open_till(self.stage.till_path) as till:
            sql = "SELECT REF FROM ARTICLE WHERE ID_ART = ?"
            return {**wrong, self.mistyped: till.execute(sql, (self.mistyped,)).fetchone()[0]}

    def _tell_set_aside(self) -> None:
        found = self.run("pos-exporter", "quarantine", "list", quiet=True)
        items, notes = found.get("items", []), found.get("notes", [])
        classes = self.run("pos-exporter", "approve", quiet=True).get("classes", [])
        self.console.print(set_aside(items, notes))
        self.console.print(held(classes))
        slip = f"price/article/{self.mistyped}"
        for what, got, wanted in (
            ("set aside at the till", _count(items, "withheld"), len(WRONG_ROWS)),
            ("held", _count(items, "held"), 1),
            ("set aside in all", len(items), len(WRONG_ROWS) + 1),
            ("noted", len(notes), len(MENDED) + self._gift_cards()),
            ("waits for a yes", [one["key"] for one in classes], [slip]),
        ):
            if got != wanted:
                self.failures.append(f"{what}: {got} instead of {wanted}")

    def _gift_cards(self) -> int:
        """Return how many gift cards the till marks for the site: each is left out, and noted."""
        with open_till(self.stage.till_path) as till:
            sql = "SELECT COUNT(*) FROM ARTICLE WHERE NATURE = 'C' AND INTERNET = 'O'"
            found: int = till.execute(sql).fetchone()[0]
        return found

    def _tell_orders(self) -> None:
        with open_till(self.stage.till_path) as till:
            orders = web_orders(till)
            clients = till.execute("SELECT MAIL FROM CLIENT WHERE REF_WEB IS NOT NULL").fetchall()
        self.console.print(orders_table(orders))
        if len(orders) != 1:
            self.failures.append(f"{len(orders)} web orders in the till instead of 1")
        if NEWCOMER not in {row[0] for row in clients}:
            self.failures.append(f"{NEWCOMER} is not in the till")


def _well_stocked_variants(till: sqlite3.Connection) -> list[int]:
    """Return the keys of sound variants with more than 3 pairs (100 × the article's key + n)."""
    wrong = {row.article_id for row in (*WRONG_ROWS, *MENDED)}
    variants = [key for key in sellable_keys(till, online=True) if key > 10_000]
    return [key for key in variants if key // 100 not in wrong and stock_of(till, key) > 3]


def _price_of(till: sqlite3.Connection, article_id: int) -> Decimal:
    """Return an article's price, tax included."""
    row = till.execute("SELECT PX_TTC FROM ARTICLE WHERE ID_ART = ?", (article_id,)).fetchone()
    return Decimal(row[0].replace(",", "."))


def _count(items: Sequence[Mapping[str, str]], group: str) -> int:
    return sum(item["group"] == group for item in items)


def _promotion_to_withdraw(till: sqlite3.Connection) -> tuple[int, str]:
    """Return the key and the name of a promotion in force that the till can do without."""
    found: tuple[int, str] = till.execute(
        "SELECT ID_PROMO, LIB_PROMO FROM PROMO WHERE LIB_PROMO IN (?, ?) ORDER BY LIB_PROMO",
        PROMOTIONS,
    ).fetchone()
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Play the demo and return the exit code: 0 when everything came out right."""
    options = _options(arguments)
    console = Console(width=None if sys.stdout.isatty() else 150)
    began = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="comptoir-demo-"))
    kept = True
    try:
        with ExitStack() as stack:
            story = _set_up(folder, options, console, stack)
            story.pair()
            story.first_sync()
            story.life()
            second = story.second_sync()
            story.parcel()
            story.third_sync()
            story.tell(second)
            kept = options.keep or bool(story.failures)  # the logs say why
            _conclude(story, time.monotonic() - began)
            if options.keep:
                _keep(story)
    except KeyboardInterrupt:
        kept = False
        raise
    finally:
        if not kept:
            shutil.rmtree(folder, ignore_errors=True)
    return 1 if story.failures else 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="demo", description=__doc__.splitlines()[0])
    parser.add_argument("--keep", action="store_true", help="leave everything running")
    parser.add_argument("--models", type=int, default=300, help="how many models the till has")
    parser.add_argument(
        "--prestashop", choices=NUMBERS, default=DEFAULT, help="version of the simulated shop"
    )
    parser.add_argument("--lang", choices=("fr", "en"), default="fr")
    return parser.parse_args(arguments)


def _set_up(folder: Path, options: argparse.Namespace, console: Console, stack: ExitStack) -> Story:
    console.rule("Comptoir")
    ftp_root = folder / "ftp"
    ftp_root.mkdir()
    password = os.urandom(12).hex()
    ftp = urlsplit(
        stack.enter_context(
            started(
                "demo.ftp", "--root", str(ftp_root), "--port", "0", "--user", "clara",
                "--password", password,
            )
        )
    )  # fmt: skip
    shop_url = stack.enter_context(
        started(
            "demo.prestashop", "--port", "0", "--db", str(folder / "shop.db"), "--key", KEY,
            "--version", options.prestashop,
        )
    )  # fmt: skip
    stage = Stage.build(
        folder / "stage",
        make_till=lambda path: build_till(
            path,
            models=options.models,
            wrong=WRONG_ROWS + MENDED,
            today=datetime.now(SHOP_ZONE).date(),
        ),
        place=FtpPlace(ftp.hostname or "127.0.0.1", ftp.port or 21, "clara", password),
        shop_url=shop_url,
        shop_key=KEY,
        language=options.lang,
    )
    console.print(f"Caisse / till: {stage.till_path}\nFTP: {ftp.geturl()}")
    console.print(f"Boutique: {shop_url} (PrestaShop {options.prestashop})")
    return Story(stage, shop_url, console)


def _conclude(story: Story, seconds: float) -> None:
    console = story.console
    if story.failures:
        console.print("[bold red]Tout n'est pas comme prévu / not as expected:[/bold red]")
        for failure in story.failures:
            console.print(f"  {escape(failure)}", style="red")
        console.print(f"Dossier gardé / folder kept: {story.stage.folder}")
    else:
        console.print("[bold green]Tout est juste / every line is right[/bold green]")
    console.print(f"{seconds:.0f} s")


def _keep(story: Story) -> None:
    """Serve the page and wait for Ctrl-C."""
    console, stage = story.console, story.stage
    console.print(
        f"Dossier / folder: {stage.folder}\n"
        f"Vitrine / shop front: {story.shop_url}/?id_lang=2 (en: {story.shop_url}/?id_lang=1)\n"
        f"Webservice: {story.shop_url}/api (clé / key {KEY})"
    )
    console.print("Page : l'adresse suit / the address follows. Ctrl-C arrête tout / stops it all.")
    command = [sys.executable, "-m", "pos_exporter", "serve", "-c", str(stage.exporter_file)]
    try:
        subprocess.run(command, env={**os.environ, **stage.environment}, check=False)
    except KeyboardInterrupt:
        console.print("Arrêté / stopped")


if __name__ == "__main__":
    sys.exit(main())
