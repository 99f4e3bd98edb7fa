"""`init`: writes the exporter's settings file from a few answers, with comments.

init(InitAnswers(till_url="${TILL_URL}"), path, output, asker, token_bytes, os.environ)
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pos_exporter.config import ExporterSettings
from protocol.errors import Lang, Text
from protocol.keys import RandomBytes
from protocol.program.console import DONE, Output
from protocol.program.init_file import (
    Asker,
    ChannelAnswers,
    ask_channel,
    channel_lines,
    common_lines,
    quoted,
    with_placeholders,
    write_file,
)
from protocol.program.yaml_config import parse_yaml

#: Where commands look when they are not told.
FILE = Path("pos-exporter.yaml")


@dataclass(frozen=True)
class InitAnswers:
    """What is known before anybody is asked.

    Args:
        channel: Where packets travel.
        till_url: SQLAlchemy URL for reading, or `${NAME}`.
        write_url: SQLAlchemy URL for entering orders, or `${NAME}`; empty: the till takes none.
        mapping: The mapping's file.
        state: Folder of keys and memory; None: the account's own.
        force: Replace a file that exists.
    """

    channel: ChannelAnswers
    till_url: str | None = field(default=None, repr=False)
    write_url: str | None = field(default=None, repr=False)
    mapping: str | None = None
    state: Path | None = None
    force: bool = False


def init(
    answers: InitAnswers, path: Path, output: Output, asker: Asker, random_bytes: RandomBytes,
    environment: Mapping[str, str],
) -> int:  # fmt: skip
    """Ask what is missing and write the file.

    Raises:
        MissingAnswerError: When nobody is there to answer.
        FileExistsAlreadyError: When the file exists.
        ConfigError: When an answer makes no sense; nothing is written then.
    """
    channel = ask_channel(answers.channel, asker, random_bytes)
    till = asker.get(answers.till_url, _TILL, "--till-url", default="${TILL_URL}")
    mapping = asker.get(answers.mapping, _MAPPING, "--mapping", default="mapping.yaml")
    write = asker.get(answers.write_url, _WRITE, "--write-url", default="")
    text = _text(channel, till, write, mapping, answers.state, asker)
    parse_yaml(text, ExporterSettings, with_placeholders(text, environment), path)
    write_file(path, text, force=answers.force)
    output.say(_WRITTEN, path=path)
    if channel.root:
        output.say(_ROOT, root=channel.root)
    output.say(_NEXT, path=path)
    output.emit("init", path=str(path), root=channel.root)
    return DONE


def _text(
    channel: ChannelAnswers, till: str, write: str, mapping: str, state: Path | None, asker: Asker
) -> str:
    lang = asker.lang
    lines = [
        f"# {_TITLE.in_lang(lang)}",
        "",
        *channel_lines(channel, lang),
        "",
        f"# {_TILL_NOTE.in_lang(lang)}",
        "till:",
        f"  url: {quoted(till)}",
        f"  # {_MAPPING_NOTE.in_lang(lang)}",
        f"  mapping: {quoted(mapping)}",
        f"  # {_WRITE_NOTE.in_lang(lang)}",
        f"  write_url: {quoted(write)}" if write else "  # write_url:",
        "",
        f"# {_POLICY_NOTE.in_lang(lang)}",
        "policy:",
        *_choices(lang),
        "",
        *common_lines(lang, state),
    ]
    return "\n".join(lines) + "\n"


def _choices(lang: Lang) -> list[str]:
    """Return every choice of the merchant with its comment; only `buffer` is made."""
    lines: list[str] = []
    for note, written in _CHOICES:
        lines.append(f"  # {note.in_lang(lang, {})}")
        lines += [f"  {line}" for line in written]
    return lines


_TILL = Text(
    "Adresse de la base de la caisse, en lecture (vide : prise dans la variable TILL_URL)",
    "Address of the till's database, for reading (empty: taken from the variable TILL_URL)",
)
_MAPPING = Text("Fichier de mapping", "Mapping file")
_WRITE = Text(
    "Adresse pour y entrer les commandes (vide : la caisse n'en reçoit pas)",
    "Address for entering orders (empty: the till takes none)",
)
_TITLE = Text(
    "Réglages de pos-exporter : le côté de la caisse. Vérifier par « pos-exporter doctor »",
    "Settings of pos-exporter: the till's side. Check with « pos-exporter doctor »",
)
_TILL_NOTE = Text(
    "La caisse : adresse SQLAlchemy d'un compte qui peut seulement lire",
    "The till: SQLAlchemy URL of an account that may only read",
)
_MAPPING_NOTE = Text("Ce que disent ses tables", "What its tables mean")
_WRITE_NOTE = Text(
    "Compte qui peut écrire les commandes web ; sans lui elles attendent sur la page",
    "Account that may write web orders; without it they wait on the page",
)
_POLICY_NOTE = Text("Vos choix, envoyés signés au site", "Your choices, sent signed to the site")
#: Each choice: its comment, and its lines as they stand in the file.
_CHOICES: tuple[tuple[Text, tuple[str, ...]], ...] = (
    (
        Text("Unités de chaque article gardées hors du site", "Units of each kept from the site"),
        ("buffer: 0",),
    ),
    (
        Text(
            "La même par catégorie (clé de la caisse) ; la plus proche de l'article compte",
            "The same by category (the till's key); the one nearest to the article counts",
        ),
        ('# buffers: {"F01": 2}',),
    ),
    (
        Text(
            "observe : rien n'est écrit sur le site ; stock : le stock seul ; all : tout",
            "observe: nothing is written to the site; stock: only stock; all: everything",
        ),
        ("# mode: all",),
    ),
    (
        Text(
            "Essai : le site ne touche qu'à ces articles et catégories (clés de la caisse)",
            "Trial: the site touches only these articles and categories (the till's keys)",
        ),
        ('# pilot: {articles: ["1042"], categories: ["F01"]}',),
    ),
    (
        Text(
            "Seulement les articles marqués « internet » à la caisse",
            "Only articles flagged for the site at the till",
        ),
        ("# only_flagged: true",),
    ),
    (
        Text(
            "Des articles déjà envoyés, ne renvoyer que stock et prix",
            "Of articles sent before, send only stock and prices",
        ),
        ("# only_new: false",),
    ),
    (
        Text(
            "Quels articles vont sur le site (clés de la caisse) ; une liste vide laisse passer",
            "Which articles go to the site (the till's keys); an empty list lets all through",
        ),
        (
            "# filter:",
            "#   categories: []",
            "#   brands: []",
            "#   suppliers: []",
            "#   in_stock: false",
            "#   with_photo: false",
        ),
    ),
    (
        Text(
            "live : un article nouveau est visible aussitôt ; draft : l'équipe du site l'allume",
            "live: a new article is seen at once; draft: the web team switches it on",
        ),
        ("# new_articles: live",),
    ),
    (
        Text(
            "Ce que devient un article retiré : inactive, hidden, out_of_stock, leave ; par cause",
            "What a withdrawn article becomes: inactive, hidden, out_of_stock or leave; per cause",
        ),
        (
            "# gone: {unflagged: inactive, filtered: inactive, discontinued: inactive, "
            "vanished: inactive}",
        ),
    ),
    (
        Text(
            "Tailles sans stock sur la page : show, hide, ou site (le site décide)",
            "Sizes without stock on the page: show, hide, or site (the site decides)",
        ),
        ("# empty_combinations: site",),
    ),
    (
        Text(
            "Langue des textes qui n'en ont qu'une ; à la création elle remplit les autres",
            "Language of texts that have one; at creation it fills the others",
        ),
        ("# default_language: fr", "# fill_languages: true"),
    ),
    (
        Text(
            "Qui décide d'un champ : till, site, till-until-edited ou union",
            "Who decides a field: till, site, till-until-edited or union",
        ),
        ("# owners: {article.name: till-until-edited, article.description: site}",),
    ),
    (
        Text(
            "Au-delà, le site demande votre accord (approve, ou la page)",
            "Beyond this, the site asks for your yes (approve, or the page)",
        ),
        ("# brakes: {price_percent: 50, mass_percent: 20, mass_count: 20, edited_percent: 5}",),
    ),
    (
        Text(
            "Stock : survente montrée (show) ou mise à 0 (zero), libération stricte, caisse muette",
            "Stock: oversold shown (show) or as 0 (zero), strict release, a silent till",
        ),
        (
            "# stock:",
            "#   oversale: show",
            "#   strict: true",
            "#   unpaid_days: 10",
            "#   silent_after_hours: 20",
            "#   silent_buffer: 1",
            "#   silent_low: 1",
        ),
    ),
)
_WRITTEN = Text("Réglages écrits dans {path}", "Settings written to {path}")
_ROOT = Text(
    "root : {root} — le même à l'autre bout (shop-agent)",
    "root: {root} — the same at the other end (shop-agent)",
)
_NEXT = Text(
    "Ensuite : pos-exporter doctor -c {path}, puis pos-exporter pair -c {path}",
    "Next: pos-exporter doctor -c {path}, then pos-exporter pair -c {path}",
)
