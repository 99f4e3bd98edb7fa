"""The agent's settings file.

channel: {ftp: {host: ftp.example.fr, user: clara, password: "${FTP_PASSWORD}", root: comptoir/x}}
shop: {url: https://www.example.fr, key: "${SHOP_KEY}"}
orders: {dead_states: [15], progress: {cancel: true}}
policy: {mode: observe}      # at the most: it narrows what the till says, never widens it
history: {days: 400, lines: 200}
"""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, SecretStr

from protocol.program.settings import ProgramSettings, Settings
from protocol.program.yaml_config import load_yaml
from protocol.records import Brakes, Cause, Pilot, Role
from protocol.records.choices import Fallen, Mode
from protocol.records.progress import Stage
from shop_agent.history import Keep
from shop_agent.progress.rules import Rules
from shop_agent.reconcile.policy import Lock

PROGRAM = "shop-agent"


class ShopSettings(Settings):
    """Where the shop is.

    Args:
        url: Its address, as in PrestaShop's « URL de la boutique ».
        key: The webservice key, 32 characters.
        shop_id: PrestaShop's id of the shop in a multishop; None for the default one.
        tunnel_verbs: Send PUT, PATCH and DELETE inside a POST, for hosts that block them.
        timeout: Seconds that an answer may take.
    """

    url: str
    key: SecretStr
    shop_id: int | None = None
    tunnel_verbs: bool = False
    timeout: float = Field(default=60.0, gt=0, le=600)


class ProgressSettings(Settings):
    """What the till's progress of an order, and its parcels, may do in the shop.

    Args:
        from: Per stage, the roles that an order is moved from; the others keep their defaults.
        states: Per stage, the id of the shop's state; without it the shop's own setting.
        mail: Stages of which the customer is told by the state's e-mail.
        mail_each_parcel: A further parcel of an order is told too, not only the first.
        mail_within_days: What happened longer ago is brought to the shop without an e-mail.
        cancel: An order that the till cancelled is cancelled in the shop.
    """

    from_: dict[Stage, frozenset[Role]] = Field(default={}, alias="from")
    states: dict[Stage, int] = Field(default={})
    mail: frozenset[Stage] = frozenset({"shipped"})
    mail_each_parcel: bool = True
    mail_within_days: int = Field(default=7, ge=0, le=365)
    cancel: bool = False


class OrderSettings(Settings):
    """What the merchant says of orders.

    Args:
        dead_states: Ids of order states that will never be served and keep no stock.
        progress: What the till's progress of an order may do in the shop.
    """

    dead_states: tuple[int, ...] = ()
    progress: ProgressSettings = ProgressSettings()

    def way_back(self) -> Rules:
        """Return what the way back of orders is allowed."""
        said = self.progress
        return Rules(
            from_roles=said.from_,
            states=said.states,
            mails=said.mail,
            mails_each_parcel=said.mail_each_parcel,
            mail_within=timedelta(days=said.mail_within_days),
            cancels=said.cancel,
            dead=self.dead_states,
        )


#: A key of the till; YAML reads bare digits as a number.
_Key = Annotated[str, BeforeValidator(lambda value: str(value))]


class PilotLock(Settings):
    """Articles that alone may be touched; what is below a category counts too."""

    articles: tuple[_Key, ...] = ()
    categories: tuple[_Key, ...] = ()


class BrakesLock(Settings):
    """The widest brakes; see `Brakes` of the records."""

    price_percent: int = Field(default=999, ge=1)
    mass_percent: int = Field(default=100, ge=1)
    mass_count: int = Field(default=999_999, ge=0)
    edited_percent: int = Field(default=100, ge=1)


class PolicyLock(Settings):
    """What this side allows at the most, whatever the till says; see `reconcile.policy.Lock`."""

    mode: Mode | None = None
    pilot: PilotLock | None = None
    gone: dict[Cause, Fallen] = Field(default={})
    only_flagged: Literal[True] | None = None
    new_articles: Literal["draft"] | None = None
    empty_combinations: Literal["site"] | None = None
    buffer: int = Field(default=0, ge=0)
    owners: dict[str, Literal["site", "till-until-edited"]] = Field(default={})
    brakes: BrakesLock | None = None

    def lock(self) -> Lock:
        """Return it as the core reads it."""
        pilot, brakes = self.pilot, self.brakes
        return Lock(
            mode=self.mode,
            pilot=Pilot(articles=pilot.articles, categories=pilot.categories) if pilot else None,
            gone=self.gone,
            only_flagged=self.only_flagged,
            new_articles=self.new_articles,
            empty_combinations=self.empty_combinations,
            buffer=self.buffer,
            owners=self.owners,
            brakes=Brakes(**brakes.model_dump()) if brakes else None,
        )


class HistorySettings(Settings):
    """How much of what changed in the shop is kept.

    Args:
        days: Of every line.
        lines: Of one field of one record.
    """

    days: int = Field(default=400, ge=1, le=4000)
    lines: int = Field(default=200, ge=1, le=10_000)

    def keep(self) -> Keep:
        """Return it as the history reads it."""
        return Keep(self.days, self.lines)


class AgentSettings(ProgramSettings):
    """The whole file."""

    shop: ShopSettings
    orders: OrderSettings = OrderSettings()
    policy: PolicyLock = PolicyLock()
    history: HistorySettings = HistorySettings()


def load_settings(path: Path, environment: Mapping[str, str]) -> AgentSettings:
    """Return the settings of a file.

    Raises:
        ConfigError: with every mistake, each at its line and column.
    """
    return load_yaml(path, AgentSettings, environment)
