"""What others hang on comes first."""

from dataclasses import dataclass

from protocol.records import Category, Record
from shop_agent.reconcile.levels import by_depth
from tests.shop_agent.reconcile.test_plan import article


@dataclass(frozen=True)
class Held:
    """A fact, as the replica holds it."""

    record: Record


def shelf(key: str, parent: str | None = None) -> Held:
    return Held(Category(key=key, name={"fr": key}, parent=parent))


def keys(kind: str, *facts: Held) -> list[list[str]]:
    return [[fact.record.key for fact in level] for level in by_depth(kind, facts)]


def test_categories_come_level_by_level() -> None:
    listed = [shelf("c", "b"), shelf("a"), shelf("b", "a"), shelf("d", "elsewhere")]
    assert keys("category", *listed) == [["a", "d"], ["b"], ["c"]]


def test_a_circle_ends() -> None:
    assert keys("category", shelf("a", "b"), shelf("b", "a"), shelf("c")) == [["c"], ["a", "b"]]


def test_packs_come_after_what_is_in_them() -> None:
    box, sock = Held(article(key="1", nature="pack")), Held(article(key="2"))
    assert keys("article", box, sock) == [["2"], ["1"]]
    assert keys("article", sock) == [["2"]]
