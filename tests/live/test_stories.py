"""Every story, told to a real shop; the demo's whole till too, where the environment asks."""

import os

import pytest

from tests.stories.approving import ApprovingStory
from tests.stories.breadth import BreadthStory
from tests.stories.catalogue import CatalogueStory
from tests.stories.choices import ChoicesStory
from tests.stories.editor import EditorStory
from tests.stories.identity import IdentityStory
from tests.stories.nothing_lost import NothingLostStory
from tests.stories.observe import DryRunStory, ObserveStory
from tests.stories.order_kinds import OrderKindsStory
from tests.stories.orders import OrdersStory
from tests.stories.prices import PricesStory
from tests.stories.privacy import PrivacyStory
from tests.stories.progress import ProgressStory
from tests.stories.quiet import QuietStory
from tests.stories.stock import StockStory
from tests.stories.whys import ShownStory, WhysStory
from tests.stories.wrong_rows import WrongRowsStory

FULL_TILL = "COMPTOIR_LIVE_FULL_TILL"

pytestmark = pytest.mark.live


class TestCatalogue(CatalogueStory):
    """Forty models."""


@pytest.mark.skipif(os.environ.get(FULL_TILL) != "yes", reason=f"{FULL_TILL} is not yes")
@pytest.mark.timeout(1800)
class TestFullTill(CatalogueStory):
    """The demo's whole till: 300 models, 2,010 variants."""

    models = 300


class TestOrders(OrdersStory):
    """A small till."""


class TestOrderKinds(OrderKindsStory):
    """Two VAT rates and a pack."""


class TestStock(StockStory):
    """Packs, settling, silence and the inventory pause."""


class TestProgress(ProgressStory):
    """Parcels, states and the customers' mails."""


class TestQuiet(QuietStory):
    """Difficult texts in two languages."""


class TestBreadth(BreadthStory):
    """Everything that the till knows."""


class TestChoices(ChoicesStory):
    """The merchant's choices, one after another."""


class TestEditor(EditorStory):
    """The web team's work stays."""


class TestIdentity(IdentityStory):
    """Renamed, switched off and on."""


class TestWrongRows(WrongRowsStory):
    """Twelve wrong rows."""


class TestPrivacy(PrivacyStory):
    """Words that are nowhere else."""


class TestPrices(PricesStory):
    """Random prices at every rate."""


class TestDryRun(DryRunStory):
    """Both sides plan and do nothing."""


class TestObserve(ObserveStory):
    """The mode `observe`."""


class TestWhys(WhysStory):
    """From the till to the site."""


class TestShown(ShownStory):
    """At the site."""


@pytest.mark.timeout(1800)
class TestApproving(ApprovingStory):
    """A quarter of the shop leaves at once."""


class TestNothingLost(NothingLostStory):
    """Bad rows, and a mapping that lost a kind."""
