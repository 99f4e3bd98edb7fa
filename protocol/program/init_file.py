r"""What `init` of both programs shares: questions, the channel's block, and a file written once.

Every answer may be given as an option; only what is missing is asked. The file has comments, is
readable by its owner only, and never replaces another one unless told so; the old one is kept.

    asker = Asker("fr", lambda words, hidden: ask_line(words, hidden=hidden))
    channel = ask_channel(ChannelAnswers(host="ftp.example.fr"), asker, secrets.token_bytes)
    write_file(path, "\n".join(channel_lines(channel, "fr")), force=False)
"""

import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from protocol.errors import Lang, Text, UsageError
from protocol.keys import RandomBytes
from protocol.program.state_errors import StateAccessError

_FROM_ENVIRONMENT = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")

#: Asks one question: its words, and whether the answer is hidden.
Prompt = Callable[[str, bool], str | None]


class MissingAnswerError(UsageError):
    """An answer is missing and nobody is there to give it."""

    code = "E-CFG-030"
    what = Text("Il manque une réponse : {question}", "An answer is missing: {question}")
    remedy = Text("La donner en option ({option})", "Give it as an option ({option})")


class FileExistsAlreadyError(UsageError):
    """There is a settings file already."""

    code = "E-CFG-031"
    what = Text("Ce fichier de réglages existe déjà", "This settings file exists already")
    remedy = Text(
        "Le modifier, choisir un autre nom (-c), ou le remplacer par --force (une copie reste)",
        "Edit it, choose another name (-c), or replace it with --force (a copy is kept)",
    )


@dataclass(frozen=True)
class Asker:
    """Gets answers: given ones first, then from a person.

    Args:
        lang: Of the questions.
        prompt: Asks a person; None when nobody is there.
    """

    lang: Lang
    prompt: Prompt

    def get(
        self,
        given: str | None,
        question: Text,
        option: str,
        *,
        default: str | None = None,
        hidden: bool = False,
    ) -> str:
        """Return an answer.

        Raises:
            MissingAnswerError: When it was not given and nobody can be asked.
        """
        if given is not None:
            return given
        words = question.in_lang(self.lang)
        shown = f"{words} [{default}]" if default and not hidden else words
        while True:
            answer = self.prompt(shown, hidden)
            if answer is None:
                raise MissingAnswerError(question=words, option=option)
            if answer or default is not None:
                return answer or default or ""


@dataclass(frozen=True)
class ChannelAnswers:
    """Where packets travel, as far as it is known.

    Args:
        folder: A folder that both sides see; then nothing else counts.
        host: Of the FTP server.
        port: Of the FTP server.
        user: Its account.
        password: Of the account, or `${NAME}`.
        root: Of this pairing, the same at both ends.
        plain: Accept FTP without encryption.
        pin: SHA-256 of the server's certificate.
    """

    folder: Path | None = None
    host: str | None = None
    port: int = 21
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    root: str | None = None
    plain: bool = False
    pin: str | None = None


def ask_channel(given: ChannelAnswers, asker: Asker, random_bytes: RandomBytes) -> ChannelAnswers:
    """Return complete answers; the root is drawn when nobody names one."""
    if given.folder is not None:
        return given
    host = asker.get(given.host, _HOST, "--ftp-host")
    user = asker.get(given.user, _USER, "--ftp-user")
    password = asker.get(
        given.password, _PASSWORD, "--ftp-password", default="${FTP_PASSWORD}", hidden=True
    )
    drawn = f"comptoir/{random_bytes(8).hex()}"
    root = given.root if given.root is not None else drawn
    return replace(given, host=host, user=user, password=password, root=root or drawn)


def channel_lines(answers: ChannelAnswers, lang: Lang) -> list[str]:
    """Return the channel's block of a settings file, with comments."""
    lines = [f"# {_CHANNEL.in_lang(lang)}", "channel:"]
    if answers.folder is not None:
        return [*lines, "  folder:", f"    path: {quoted(str(answers.folder))}"]
    lines += [
        "  ftp:",
        f"    host: {quoted(answers.host or '')}",
        f"    port: {answers.port}",
        f"    user: {quoted(answers.user or '')}",
        f"    # {_PASSWORD_NOTE.in_lang(lang)}",
        f"    password: {quoted(answers.password or '')}",
        f"    # {_ROOT_NOTE.in_lang(lang)}",
        f"    root: {quoted(answers.root or '')}",
    ]
    if answers.pin:
        lines += [f"    # {_PIN_NOTE.in_lang(lang)}", f"    pin_sha256: {quoted(answers.pin)}"]
    if answers.plain:
        lines += [f"    # {_PLAIN_NOTE.in_lang(lang)}", "    tls: plain", "    allow_plain: true"]
    return lines


def common_lines(lang: Lang, state: Path | None) -> list[str]:
    """Return what stands in both programs' files beside the channel."""
    lines = [
        f"# {_LANGUAGE_NOTE.in_lang(lang)}",
        f"language: {lang}",
        "",
        f"# {_HEARTBEAT_NOTE.in_lang(lang)}",
        "heartbeat: 1h",
        "",
        f"# {_STATE_NOTE.in_lang(lang)}",
    ]
    if state is None:
        return [*lines, "# state: {folder: /var/lib/comptoir}"]
    return [*lines, "state:", f"  folder: {quoted(str(state))}"]


def quoted(text: str) -> str:
    """Return a text as it stands in our YAML; a whole `${NAME}` stays a name."""
    kept = text if _FROM_ENVIRONMENT.fullmatch(text) else text.replace("${", "$${")
    return json.dumps(kept, ensure_ascii=False)


def write_file(path: Path, text: str, *, force: bool) -> None:
    """Write a settings file that only its owner may read.

    Args:
        path: Of the file.
        text: Its content.
        force: Replace a file that exists; it stays beside as `.bak`.

    Raises:
        FileExistsAlreadyError: When it exists and `force` is not set.
        StateAccessError: When it cannot be written.
    """
    if path.exists() and not force:
        raise FileExistsAlreadyError(place=path)
    fresh = path.with_name(f"{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        if path.exists():
            path.replace(path.with_name(f"{path.name}.bak"))
        fresh.replace(path)
    except OSError as error:
        raise StateAccessError(place=path, reason=error.strerror or error) from error


def with_placeholders(text: str, environment: Mapping[str, str]) -> Mapping[str, str]:
    """Return an environment in which every name that a new file uses has a value.

    For checking the answers before the names are set for the account that runs the program.
    """
    return {**dict.fromkeys(_FROM_ENVIRONMENT.findall(text), "x"), **environment}


_HOST = Text("Serveur FTP (ftp.exemple.fr)", "FTP server (ftp.example.com)")
_USER = Text("Compte FTP", "FTP account")
_PASSWORD = Text(
    "Mot de passe FTP (vide : pris dans la variable FTP_PASSWORD)",
    "FTP password (empty: taken from the variable FTP_PASSWORD)",
)
_CHANNEL = Text(
    "Par où passent les paquets : le même serveur et le même root aux deux bouts",
    "Where packets travel: the same server and the same root at both ends",
)
_PASSWORD_NOTE = Text(
    "En clair ici, ou ${{NOM}} pour le lire dans l'environnement",
    "As it is, or ${{NAME}} to read it from the environment",
)
_ROOT_NOTE = Text(
    "Tiré au hasard pour cet appairage ; à recopier à l'identique à l'autre bout",
    "Drawn for this pairing; to be copied as it is at the other end",
)
_PIN_NOTE = Text("Ce certificat et aucun autre", "This certificate and no other")
_PLAIN_NOTE = Text(
    "Sans chiffrement : le mot de passe circule en clair",
    "No encryption: the password crosses the net in clear",
)
_LANGUAGE_NOTE = Text("Langue des messages : fr ou en", "Language of messages: fr or en")
_HEARTBEAT_NOTE = Text(
    "L'autre côté est prévenu d'un signe de vie au moins tous les…",
    "The other side is promised a word at least every…",
)
_STATE_NOTE = Text(
    "Clés et mémoire, sur un disque local ; sans cette ligne, le dossier de ce compte",
    "Keys and memory, on a local disk; without this line, this account's own folder",
)
