"""Former ids: what orders of the past may still name."""

from shop_agent.actions import Subject
from shop_agent.links import Links


def test_a_former_id_that_is_the_present_one_again_counts_once() -> None:
    links = Links({("variant", "11"): 103}, {("variant", 101): "11"})
    assert links.former("variant", "11") == [101]
    links.add(Subject("variant", "11"), 101)  # the shop was restored
    assert links.former("variant", "11") == [103]
    assert links.stock_key(1, 101) == links.stock_key(1, 103) == "v:11"
