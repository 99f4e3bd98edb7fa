"""How the synchronisation stands, in one frozen value read in one transaction.

The page, `status` and the tests show the same value. The state is one word with its reason,
decided purely. Sending is not applying: what the site has not answered yet is counted apart, and
the site's program is never blamed for our own silence.

    view = overview(engine, clock, OverviewSettings(shop="Clara"))
    view.state.word, view.state.why            # ("late", "site_late")
    [line.what.fr for line in view.set_aside]
"""

from pos_exporter.overview.read import overview
from pos_exporter.overview.values import Overview, OverviewSettings, RunSummary

__all__ = ["Overview", "OverviewSettings", "RunSummary", "overview"]
