"""Former ids: what orders of the past may still name."""

from collections.abc import ItemsView

from shop_agent.actions import Subject
from shop_agent.links import Links


def test_a_former_id_that_is_the_present_one_again_counts_once() -> None:
    links = Links({("variant", "11"): 103}, {("variant", 101): "11"})
    assert links.former("variant", "11") == [101]
    links.add(Subject("variant", "11"), 101)  # the shop was restored
    assert links.former("variant", "11") == [103]
    assert links.stock_key(1, 101) == links.stock_key(1, 103) == "v:11"


class _Walked(dict[tuple[str, int], str]):
    """Former ids that note how often they were gone through."""

    walks = 0

    def items(self) -> ItemsView[tuple[str, int], str]:  # type: ignore[override]  # dict_items cannot be named
        self.walks += 1
        return super().items()


def test_the_former_ids_of_a_fact_are_found_without_those_of_all_others() -> None:
    """A shop whose thousands of sizes were all made anew asks it of each, again and again."""
    former = _Walked({("variant", number): str(number % 10) for number in range(100)})
    links = Links({("variant", str(key)): 200 + key for key in range(10)}, former)
    found = [links.former("variant", str(key)) for key in range(10)]
    assert found[3] == [3, 13, 23, 33, 43, 53, 63, 73, 83, 93]
    assert former.walks <= 1
    links.add(Subject("variant", "3"), 300)
    links.add(Subject("variant", "4"), 203)  # which was the other's
    links.add(Subject("variant", "4"), 301)
    assert links.former("variant", "3")[-1] == 93
    assert links.former("variant", "4")[-2:] == [204, 203]
    assert former.walks <= 1
