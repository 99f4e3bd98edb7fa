"""Why is this article (not) on the site? Its whole chain on this side, and one look at the shop.

The judge is pure: it takes what the state knows and what the shop shows, and answers in steps and
one sentence. Each reason has its code.

    answer = why(agent, "H01-1")
    answer.verdict.fr        # "Pas en ligne, parce que : …"
"""

from shop_agent.why.values import Answer, Evidence, Site, Step

__all__ = ["Answer", "Evidence", "Site", "Step"]
