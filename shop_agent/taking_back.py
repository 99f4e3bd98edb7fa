"""`take-back REF`: a text that people changed is the till's again; the next pass writes it.

show_take_back(settings, wiring, output, Asked("BOT-1", field="name", lang="fr"))
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from protocol.errors import Text, UsageError
from protocol.program.command import opened_state
from protocol.program.console import DONE, Output
from shop_agent.actions import Subject
from shop_agent.config import AgentSettings
from shop_agent.history import History, Line
from shop_agent.planning import languages_of
from shop_agent.reconcile.wanted import RESOURCES, SHOP_FIELDS
from shop_agent.replica import Replica
from shop_agent.state import METADATA
from shop_agent.why.find import find
from shop_agent.why.gather import edits_of
from shop_agent.why.values import Edit
from shop_agent.wiring import MIGRATIONS, Wiring, paths_of


class NoSuchArticleError(UsageError):
    """No article of the till, or more than one, is called so, or it is not in the shop."""

    code = "E-TBK-001"
    what = Text("Aucun article du site ne s'appelle « {value} »", "No article is « {value} »")
    remedy = Text("« shop-agent why {value} » dit pourquoi", "« shop-agent why {value} » says why")


class NothingKeptError(UsageError):
    """Nobody changed this on the site, so there is nothing to take back."""

    code = "E-TBK-002"
    what = Text(
        "Rien de « {value} » n'a été modifié sur le site",
        "Nothing of « {value} » was edited on the site",
    )
    remedy = Text(
        "« shop-agent why {value} » montre les textes gardés",
        "« shop-agent why {value} » shows the texts that are kept",
    )


@dataclass(frozen=True)
class Asked:
    """What is to be taken back.

    Args:
        reference: Of the article, as `find` takes it.
        field: The record's name for it, or the shop's; None: every kept one.
        lang: ISO code; None: every language.
    """

    reference: str
    field: str | None = None
    lang: str | None = None


def show_take_back(settings: AgentSettings, wiring: Wiring, output: Output, asked: Asked) -> int:
    """Give kept texts back to the till and tell which ones.

    Raises:
        NoSuchArticleError, NothingKeptError: nothing was changed.
    """
    url = paths_of(settings).url
    with (
        opened_state(url, METADATA, MIGRATIONS, wiring.commit_listeners) as engine,
        engine.begin() as connection,
    ):
        taken = take_back(connection, asked, wiring)
    for one in taken:
        name = f"{one.field} ({one.lang})" if one.lang else one.field
        output.say(_TAKEN, reference=asked.reference, field=name)
    output.emit(
        "take_back", reference=asked.reference,
        taken=[{"field": one.field, "lang": one.lang} for one in taken],
    )  # fmt: skip
    return DONE


def take_back(connection: Connection, asked: Asked, wiring: Wiring) -> Sequence[Edit]:
    """Note that these texts are the till's again; the next pass writes them."""
    matches, replica = find(connection, asked.reference), Replica(connection)
    ps_id = replica.links()("article", matches[0].key) if len(matches) == 1 else None
    if ps_id is None:
        raise NoSuchArticleError(value=asked.reference)
    subject, moment = Subject("article", matches[0].key), wiring.clock()
    chosen = [edit for edit in edits_of(connection, subject, ps_id) if _is_asked(edit, asked)]
    if not chosen:
        raise NothingKeptError(value=asked.reference)
    ids = {iso: number for number, iso in languages_of(replica).items()}
    for edit in chosen:
        lang = ids.get(edit.lang, 0) if edit.lang else 0
        replica.take_back(subject, edit.field, lang, moment)
        line = Line(
            subject, RESOURCES["article"], ps_id, edit.field, lang, edit.value, None, "taken-back"
        )
        History(connection).note([line], moment)
    return chosen


def _is_asked(edit: Edit, asked: Asked) -> bool:
    field = asked.field
    names = {edit.field, *(n.partition(".")[2] for n, shown in SHOP_FIELDS.items()
                           if shown == edit.field and n.startswith("article."))}  # fmt: skip
    return (field is None or field in names) and (asked.lang is None or edit.lang == asked.lang)


_TAKEN = Text(
    "{reference} : {field} est de nouveau à la caisse, le prochain passage l'écrit",
    "{reference}: {field} is the till's again, the next pass writes it",
)
