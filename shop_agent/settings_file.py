"""`init`: writes the agent's settings file from a few answers, with comments.

init(InitAnswers(channel=ChannelAnswers(host="ftp.example.fr")), path, output, asker, token_bytes)
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

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
from shop_agent.config import AgentSettings


@dataclass(frozen=True)
class InitAnswers:
    """What is known before anybody is asked.

    Args:
        channel: Where packets travel.
        shop_url: The shop's address.
        shop_key: Its webservice key, or `${NAME}`.
        state: Folder of keys and memory; None: the account's own.
        force: Replace a file that exists.
    """

    channel: ChannelAnswers
    shop_url: str | None = None
    shop_key: str | None = field(default=None, repr=False)
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
    url = asker.get(answers.shop_url, _URL, "--shop-url")
    key = asker.get(answers.shop_key, _KEY, "--shop-key", default="${SHOP_KEY}", hidden=True)
    text = _text(channel, url, key, answers.state, asker)
    parse_yaml(text, AgentSettings, with_placeholders(text, environment), path)
    write_file(path, text, force=answers.force)
    output.say(_WRITTEN, path=path)
    if channel.root:
        output.say(_ROOT, root=channel.root)
    output.say(_NEXT, path=path)
    output.emit("init", path=str(path), root=channel.root)
    return DONE


def _text(channel: ChannelAnswers, url: str, key: str, state: Path | None, asker: Asker) -> str:
    lang = asker.lang
    lines = [
        f"# {_TITLE.in_lang(lang)}",
        "",
        *channel_lines(channel, lang),
        "",
        f"# {_SHOP_NOTE.in_lang(lang)}",
        "shop:",
        f"  url: {quoted(url)}",
        f"  # {_KEY_NOTE.in_lang(lang)}",
        f"  key: {quoted(key)}",
        "",
        f"# {_DEAD_NOTE.in_lang(lang)}",
        "orders:",
        "  dead_states: []",
        "",
        *common_lines(lang, state),
    ]
    return "\n".join(lines) + "\n"


_URL = Text(
    "Adresse de la boutique (https://www.exemple.fr)",
    "The shop's address (https://www.example.com)",
)
_KEY = Text(
    "Clé du webservice (vide : prise dans la variable SHOP_KEY)",
    "Webservice key (empty: taken from the variable SHOP_KEY)",
)
_TITLE = Text(
    "Réglages de shop-agent : le côté du site. Vérifier par « shop-agent doctor »",
    "Settings of shop-agent: the site's side. Check with « shop-agent doctor »",
)
_SHOP_NOTE = Text(
    "La boutique : l'adresse exacte de PrestaShop (https, www, dossier)",
    "The shop: PrestaShop's exact address (https, www, folder)",
)
_KEY_NOTE = Text(
    "Paramètres avancés > Webservice ; « doctor » nomme les cases à cocher",
    "Advanced parameters > Webservice; « doctor » names the boxes to tick",
)
_DEAD_NOTE = Text(
    "Numéros d'états de commande qui ne seront jamais servis et ne gardent pas de stock",
    "Ids of order states that will never be served and keep no stock",
)
_WRITTEN = Text("Réglages écrits dans {path}", "Settings written to {path}")
_ROOT = Text(
    "root : {root} — le même à l'autre bout (pos-exporter)",
    "root: {root} — the same at the other end (pos-exporter)",
)
_NEXT = Text(
    "Ensuite : shop-agent doctor -c {path}, puis shop-agent pair -c {path}",
    "Next: shop-agent doctor -c {path}, then shop-agent pair -c {path}",
)
