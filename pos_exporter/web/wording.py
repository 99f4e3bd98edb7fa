"""Turn an overview's values into sentences of one language: counts, times, results.

Times are shown in the shop PC's zone; an order's own time is shown as the shop wrote it.

    words = Words("fr", now)
    words("sync")                            # "Synchroniser"
    words.ago(now - timedelta(minutes=3))    # "il y a 3 min"
    words.result(run)                        # "Synchronisation réussie : 11 stocks, 2 commandes"
"""

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from decimal import Decimal

from pos_exporter.overview.values import RunView
from pos_exporter.web.texts import NOUNS, TEXTS
from protocol.errors import Lang, Text
from protocol.money import round_cents

#: How the last result names what was sent: first what changes daily.
_ORDER = ("stock", "price", "article", "variant", "photo", "category", "brand")
_THIN, _HARD = "\u202f", "\u00a0"
_SIGNS = {"EUR": "€", "GBP": "£", "USD": "$"}
_WITH_COUNTS = {0, 3, 8}
_TOLD = {0, 2, 3, 5, 6, 7, 8, 130}
_HOUR, _DAY = 60, 24 * 60


@dataclass(frozen=True)
class Words:
    """What one answer says.

    Args:
        lang: Of the answer.
        now: UTC.
        zone: Of the times shown; None is the PC's own.
    """

    lang: Lang
    now: datetime
    zone: tzinfo | None = None

    def __call__(self, key: str, /, **facts: object) -> str:
        """Return the text of a key with its facts filled in."""
        return TEXTS[key].in_lang(self.lang, {name: str(fact) for name, fact in facts.items()})

    def named(self, family: str, name: str, otherwise: str) -> str:
        """Return the text of a name of a family, or another one's where it is not known."""
        return self(f"{family}_{name}" if f"{family}_{name}" in TEXTS else f"{family}_{otherwise}")

    def held(self, key: str) -> str:
        """Return what a held class is about: `price/article/1042` is one price."""
        return self.named("held", key.partition("/")[0], "other")

    def held_yes(self, key: str) -> str:
        """Return what a yes to a held class does, and how to say no."""
        return self.named("yes", key.partition("/")[0], "other")

    def text(self, text: Text) -> str:
        """Return a sentence that comes already worded, facts included."""
        return text.fr if self.lang == "fr" else text.en

    def number(self, number: int) -> str:
        """Return a whole number with its thousands apart."""
        return f"{number:,}".replace(",", _THIN if self.lang == "fr" else ",")

    def noun(self, noun: str, number: int = 1) -> str:
        """Return what is counted, in its number; a noun that is not known is itself."""
        if noun not in NOUNS:
            return noun
        one, many = NOUNS[noun]
        single = abs(number) < 2 if self.lang == "fr" else number == 1
        return self.text(one if single else many)

    def count(self, noun: str, number: int) -> str:
        """Return a number and what it counts: `11 stocks`."""
        return f"{self.number(number)}{_HARD}{self.noun(noun, number)}"

    def amount(self, total: str) -> str:
        """Return a decimal string and its currency as people write them: `1 249,90 €`."""
        decimal, _, currency = total.partition(" ")
        whole, _, places = decimal.partition(".")
        sign = "-" if whole.startswith("-") else ""
        digits = whole.removeprefix("-")
        grouped = self.number(int(digits)) if digits.isdecimal() else digits
        point = "," if self.lang == "fr" else "."
        amount = f"{sign}{grouped}{point}{places:0<2}"
        return f"{amount}{_HARD}{_SIGNS.get(currency, currency)}" if currency else amount

    def money(self, amount: Decimal, currency: str) -> str:
        """Return an amount to the cent."""
        return self.amount(f"{round_cents(amount):.2f} {currency}")

    def interval(self, minutes: int) -> str:
        """Return the robot's interval: `15 min`, `1 h`."""
        if minutes % _HOUR == 0:
            return self("hours", n=minutes // _HOUR)
        return self("minutes", n=minutes)

    # --- times -------------------------------------------------------------------------------

    def at(self, moment: datetime) -> str:
        """Return a UTC moment in local time, with its day when that is not today."""
        local, today = moment.astimezone(self.zone), self.now.astimezone(self.zone).date()
        return f"{local:%H:%M}" if local.date() == today else self._dated(local)

    def stamp(self, travelled: str) -> str:
        """Return a time of the state database in local time."""
        return self.at(datetime.fromisoformat(travelled))

    def written(self, shop_time: str) -> str:
        """Return the shop's own local time as people write it."""
        try:
            return self._dated(datetime.fromisoformat(shop_time))
        except ValueError:
            return shop_time

    def _dated(self, local: datetime) -> str:
        return f"{local:%d/%m/%Y %H:%M}" if self.lang == "fr" else f"{local:%Y-%m-%d %H:%M}"

    def ago(self, moment: datetime) -> str:
        """Return how long ago a moment was."""
        past = self.now - moment
        return self("ago", span=self._span(past)) if past >= _MINUTE else self("now")

    def until(self, moment: datetime) -> str:
        """Return in how long a moment will be."""
        ahead = moment - self.now
        return self("in", span=self._span(ahead)) if ahead >= _MINUTE else self("soon")

    def _span(self, span: timedelta) -> str:
        minutes = int(span / _MINUTE)
        if minutes < _HOUR:
            return self("span_min", n=minutes)
        if minutes < 2 * _DAY:
            return self("span_h", n=minutes // _HOUR)
        return self("span_d", n=minutes // _DAY)

    # --- sentences ---------------------------------------------------------------------------

    def result(self, run: RunView) -> str:
        """Return the one sentence that says how a pass went."""
        code = run.exit_code if run.exit_code in _TOLD else None
        if code is None:
            return self("result_other")
        if code not in _WITH_COUNTS:
            return self(f"result_{code}")
        what = ", ".join(self._counts(run)) or self("result_nothing")
        return self(f"result_{code}", what=what, lines=self.count("line", run.summary.set_aside))

    def _counts(self, run: RunView) -> list[str]:
        done = run.summary
        kinds = sorted(done.changes, key=lambda kind: (_rank(kind), kind))
        counted = [self.count(kind, done.changes[kind]) for kind in kinds if done.changes[kind]]
        if done.gone:
            counted.append(self("result_gone", gone=self.count("gone", done.gone)))
        return counted + ([self.count("order", done.imported)] if done.imported else [])


def _rank(kind: str) -> int:
    return _ORDER.index(kind) if kind in _ORDER else len(_ORDER)


_MINUTE = timedelta(minutes=1)
