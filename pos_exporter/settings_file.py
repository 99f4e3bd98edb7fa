"""`init`: writes the exporter's settings file from a few answers, with comments.

init(InitAnswers(till_url="${TILL_URL}"), path, output, asker, token_bytes, os.environ)
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pos_exporter.config import ExporterSettings
from protocol.errors import Text
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
        f"  # {_BUFFER_NOTE.in_lang(lang)}",
        "  buffer: 0",
        "",
        *common_lines(lang, state),
    ]
    return "\n".join(lines) + "\n"


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
_BUFFER_NOTE = Text(
    "Unités de chaque article gardées hors du site", "Units of each article kept from the site"
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
