"""`backup` on one computer, `restore` on another: nothing is lost, nothing happens twice.

Both programs are moved by their commands; what happened between backup and restore is unknown to
the state that comes back.
"""

import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from demo.till import open_till, sell, sellable_keys, stock_of, web_orders
from protocol.program.backup.passphrase import VARIABLE
from shop_agent.wiring import open_shop
from tests.commands import Play, opened_play

PASSPHRASE = "Tonneau-Velours-Girafe"
STATES = {"pos": "exporter", "agent": "agent"}


@pytest.fixture
def paired(tmp_path: Path) -> Iterator[Play]:
    """Both programs paired, the passphrase in the environment of both."""
    with opened_play(tmp_path) as opened:
        opened.pair()
        set_passphrase(opened, {VARIABLE: PASSPHRASE})
        yield opened


@pytest.fixture
def play(paired: Play) -> Play:
    """Both programs in step, with one order in the till."""
    paired.settle()
    order(paired, "avant@example.fr")
    rounds(paired, 2)
    return paired


def set_passphrase(play: Play, said: Mapping[str, str]) -> None:
    """Give both programs' environments a passphrase, or none."""
    kept = {name: value for name, value in play.environment.items() if name != VARIABLE}
    play.environment = {**kept, **said}
    names = {n: value for n, value in play.pos_wiring.environment.items() if n != VARIABLE}
    play.pos_wiring = replace(play.pos_wiring, environment={**names, **said})


def order(play: Play, email: str) -> None:
    product, combination = next(
        (int(str(row["id_product"])), int(str(row["id"])))
        for row in play.shop.query("SELECT id, id_product FROM combinations")
    )
    play.shop.place_order(email, [(product, combination, 1)])


def rounds(play: Play, times: int) -> list[int]:
    """Run both in turn; return how they ended."""
    return [code for _ in range(times) for code in (play.pos("sync").code, play.agent("sync").code)]


def orders_in_till(play: Play) -> int:
    with open_till(play.stage.till_path) as till:
        return len(web_orders(till))


def products(play: Play) -> list[int]:
    """Return how many products bear each reference."""
    rows = play.shop.query("SELECT COUNT(*) AS n FROM products GROUP BY reference")
    return [int(str(row["n"])) for row in rows]


def figures_agree(play: Play) -> bool:
    """Return whether the shop shows what the till has; every order is in the till by now."""
    parents = {row["id_product"] for row in play.shop.query("SELECT id_product FROM combinations")}
    with open_shop(play.stage.agent(), play.agent_wiring) as webservice:
        shown = sum(
            row.whole("quantity")
            for row in webservice.iter_all("stock_availables")
            if row.whole("id_product_attribute") or str(row.whole("id_product")) not in
            {str(one) for one in parents}
        )  # fmt: skip
    with open_till(play.stage.till_path) as till:
        return shown == sum(stock_of(till, key) for key in sellable_keys(till))


def lose_the_computer(play: Play, program: str) -> None:
    """Take away everything that the program had: its settings, keys and state."""
    shutil.rmtree(play.stage.folder / STATES[program])
    for file in (play.stage.exporter_file, play.stage.folder / "mapping.yaml"):
        if program == "pos":
            file.unlink()
    if program == "agent":
        play.stage.agent_file.unlink()


@pytest.mark.parametrize("program", ["pos", "agent"])
def test_orders_between_backup_and_restore_are_in_the_till_once(
    play: Play, program: str, tmp_path: Path
) -> None:
    run = play.pos if program == "pos" else play.agent
    file = tmp_path / "usb.backup"
    assert run("backup", str(file)).code == 0
    order(play, "entre@example.fr")
    with open_till(play.stage.till_path) as till:
        sell(till, sellable_keys(till)[0], 1)
    rounds(play, 2)
    assert orders_in_till(play) == 2
    order(play, "apres@example.fr")
    before = products(play)

    lose_the_computer(play, program)
    done = run("restore", str(file))
    assert (done.code, done.last["has_state"], done.last["aside"]) == (0, True, [])
    assert run("sync").codes == {"pos": set(), "agent": {"E-AGT-021"}}[program]
    rounds(play, 5)

    assert orders_in_till(play) == 3
    assert products(play) == before
    assert figures_agree(play)
    assert rounds(play, 1) == [0, 0]


@pytest.mark.parametrize("program", ["pos", "agent"])
def test_a_pass_whose_traces_at_the_place_are_gone_is_not_forgotten(
    play: Play, program: str, tmp_path: Path
) -> None:
    """The place shows nothing newer than the backup: the state is taken for old all the same."""
    run = play.pos if program == "pos" else play.agent
    file, packets = tmp_path / "usb.backup", tmp_path / "packets"
    run("backup", str(file))
    shutil.copytree(packets, tmp_path / "packets before")
    order(play, "entre@example.fr")
    rounds(play, 2)
    shutil.rmtree(packets)
    shutil.copytree(tmp_path / "packets before", packets)
    lose_the_computer(play, program)
    run("restore", str(file))
    state = play.stage.folder / STATES[program] / "state.db"
    with closing(sqlite3.connect(state)) as database:
        marks = database.execute("SELECT name FROM link_meta WHERE name = 'state_old'").fetchall()
    assert marks == [("state_old",)]
    rounds(play, 6)
    assert orders_in_till(play) == 2
    assert figures_agree(play)


@pytest.mark.parametrize("program", ["pos", "agent"])
def test_a_restore_over_a_working_program_asks_first_and_keeps_it(
    play: Play, program: str, tmp_path: Path
) -> None:
    run = play.pos if program == "pos" else play.agent
    file = tmp_path / "usb.backup"
    run("backup", str(file))
    assert (run("backup", str(file)).codes, run("backup", str(file), "--force").code) == (
        {"E-BAK-010"}, 0,
    )  # fmt: skip
    refused = run("restore", str(file))
    assert (refused.code, refused.codes) == (6, {"E-BAK-011"})
    done = run("restore", str(file), "--replace")
    assert done.code == 0
    assert done.last["aside"]
    assert all(Path(path).exists() for path in done.last["aside"])
    rounds(play, 5)
    assert orders_in_till(play) == 1
    assert figures_agree(play)


def test_one_programs_backup_is_not_the_others(paired: Play, tmp_path: Path) -> None:
    file = tmp_path / "usb.backup"
    paired.pos("backup", str(file))
    done = paired.agent("restore", str(file), "--replace")
    assert (done.code, done.codes) == (2, {"E-BAK-004"})


@pytest.mark.parametrize("program", ["pos", "agent"])
def test_a_person_types_the_passphrase_and_it_is_shown_nowhere(
    paired: Play, program: str, tmp_path: Path
) -> None:
    run = paired.pos if program == "pos" else paired.agent
    set_passphrase(paired, {})
    file, canary = tmp_path / "usb.backup", "Canari-Tonneau-Velours"
    assert run("backup", str(file)).codes == {"E-BAK-006"}
    assert run("backup", str(file), typed=f"{canary}\nautre chose\n").codes == {"E-BAK-008"}
    assert not file.exists()
    saved = run("backup", str(file), typed=f"{canary}\n{canary}\n", as_json=False)
    wrong = run("restore", str(file), "--replace", typed="Canari-Tonneau-Velour\n")
    restored = run("restore", str(file), "--replace", typed=f"{canary}\n", as_json=False)
    assert (saved.code, wrong.code, wrong.codes, restored.code) == (0, 6, {"E-BAK-005"}, 0)
    run("sync")
    assert not any(canary in said.out + said.err for said in (saved, wrong, restored))
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not any(canary.encode() in path.read_bytes() for path in kept)


def test_the_names_to_set_on_the_new_computer_are_told(paired: Play, tmp_path: Path) -> None:
    file, protected = tmp_path / "usb.backup", tmp_path / "passphrase"
    protected.write_text(PASSPHRASE)
    protected.chmod(0o600)
    paired.agent("backup", str(file))
    lose_the_computer(paired, "agent")
    paired.environment = {"COMPTOIR_LANG": "fr"}
    done = paired.agent("restore", str(file), "--passphrase-file", str(protected))
    assert (done.code, done.last["unset"]) == (0, ["SHOP_KEY"])
