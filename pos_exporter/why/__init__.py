"""Why is this article not on the site? The whole chain of one article, from the state alone.

The page and `why` only draw the answer. Nothing is asked of the till or the FTP server: what is
told is what the last reading saw and what the site has answered since.

    answer = why(engine, "H01-1", clock())
    answer.verdict.fr        # "Pas en ligne : …"
"""

from pos_exporter.why.read import why
from pos_exporter.why.values import Answer, Mark, Sellable, Step

__all__ = ["Answer", "Mark", "Sellable", "Step", "why"]
