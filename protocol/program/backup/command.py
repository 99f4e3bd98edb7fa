"""The commands `backup FILE` and `restore FILE`, alike in both programs.

add_backup(app, KIT, BackupWorld(wiring.clock, wiring.environment), Path("pos-exporter.yaml"))
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from protocol.errors import Text
from protocol.program.backup.belongings import Kit, S, find_belongings
from protocol.program.backup.files import file_errors
from protocol.program.backup.passphrase import Ways, known_passphrase, new_passphrase
from protocol.program.backup.restore import Options, Restored, restore
from protocol.program.backup.save import Saved, back_up
from protocol.program.command import Asked, LangOption, ask_line, interrupted_by_sigterm, quietly
from protocol.program.console import DONE, Output
from protocol.program.options import AsJson, ConfigFile, said

PassphraseFile = Annotated[
    Path | None,
    typer.Option(
        "--passphrase-file",
        metavar="FILE",
        help=said(
            "Fichier de la phrase secrète, pour les scripts (ou COMPTOIR_BACKUP_PASSPHRASE)",
            "File with the passphrase, for scripts (or COMPTOIR_BACKUP_PASSPHRASE)",
        ),
    ),
]
Force = Annotated[
    bool,
    typer.Option("--force", help=said("Remplacer ce fichier", "Replace that file")),
]
Replace = Annotated[
    bool,
    typer.Option(
        "--replace",
        help=said(
            "Ce qui est déjà ici reste à côté, sous un autre nom",
            "What is here already stays beside, under another name",
        ),
    ),
]
KeepSettings = Annotated[
    bool,
    typer.Option(
        "--keep-settings",
        help=said("Garder les réglages d'ici", "Keep the settings that are here"),
    ),
]


@dataclass(frozen=True)
class BackupWorld:
    """What a test may put in the place of the world.

    Args:
        clock: UTC now.
        environment: Where `${NAME}` and the passphrase come from; None: the process's own.
    """

    clock: Callable[[], datetime]
    environment: Mapping[str, str] | None = None

    @property
    def names(self) -> Mapping[str, str]:
        """The environment."""
        return os.environ if self.environment is None else self.environment


def add_backup(app: typer.Typer, kit: Kit[S], world: BackupWorld, default: Path) -> None:
    """Add both commands."""

    @app.command(
        "backup",
        help=said("Sauvegarder clés, réglages et état", "Back up keys, settings and state"),
    )
    def backup_command(
        file: Annotated[Path, typer.Argument(metavar="FILE")],
        config: ConfigFile = default,
        passphrase_file: PassphraseFile = None,
        force: Force = False,
        as_json: AsJson = False,
        lang: LangOption = None,
    ) -> None:
        asked = Asked(config, lang, as_json)
        _carry_out(
            asked,
            lambda output: _save(kit, world, asked, output, file, passphrase_file, force),
        )

    @app.command(
        "restore",
        help=said(
            "Reprendre une sauvegarde, sur un nouveau PC", "Bring a backup back, on a new PC"
        ),
    )
    def restore_command(
        file: Annotated[Path, typer.Argument(metavar="FILE")],
        config: ConfigFile = default,
        passphrase_file: PassphraseFile = None,
        replace: Replace = False,
        keep_settings: KeepSettings = False,
        as_json: AsJson = False,
        lang: LangOption = None,
    ) -> None:
        asked, options = Asked(config, lang, as_json), Options(replace, keep_settings)
        _carry_out(
            asked,
            lambda output: _restore(kit, world, asked, output, file, passphrase_file, options),
        )


def _carry_out(asked: Asked, act: Callable[[Output], int]) -> None:
    output = asked.output()
    with interrupted_by_sigterm():
        code = quietly(lambda: act(output), output)
    raise typer.Exit(code)


def _save(
    kit: Kit[S], world: BackupWorld, asked: Asked, output: Output, file: Path,
    passphrase_file: Path | None, force: bool,
) -> int:  # fmt: skip
    with file_errors(asked.config):
        text = asked.config.read_text(encoding="utf-8-sig")
    owned = find_belongings(kit, text, asked.config, world.names)
    output.lang = output.lang if asked.lang else owned.language
    ways = _ways(world, output, passphrase_file)
    saved = back_up(
        kit, owned, file, lambda: new_passphrase(ways), made_at=world.clock(), force=force
    )
    _tell_saved(saved, output)
    return DONE


def _restore(
    kit: Kit[S], world: BackupWorld, asked: Asked, output: Output, file: Path,
    passphrase_file: Path | None, options: Options,
) -> int:  # fmt: skip
    ways = _ways(world, output, passphrase_file)
    restored = restore(
        kit, file, lambda: known_passphrase(ways), asked.config, options, world.names,
        now=world.clock(),
    )  # fmt: skip
    output.lang = output.lang if asked.lang else restored.language
    _tell_restored(restored, kit.program, output)
    return DONE


def _ways(world: BackupWorld, output: Output, file: Path | None) -> Ways:
    return Ways(
        file, world.names, lambda question: ask_line(question.in_lang(output.lang), hidden=True)
    )


# --- telling ---------------------------------------------------------------------------------


def _tell_saved(saved: Saved, output: Output) -> None:
    output.say(_SAVED, file=saved.file, kilobytes=-(-saved.bytes // 1024))
    if saved.server is not None:
        engine = saved.server.get_backend_name()
        output.say(_SERVER, engine=engine, dump=_DUMPS.get(engine, "—"))
    output.say(_KEEP)
    output.emit(
        "backup", file=str(saved.file), bytes=saved.bytes, parts=list(saved.parts),
        state_elsewhere=saved.server.get_backend_name() if saved.server else None,
    )  # fmt: skip


def _tell_restored(restored: Restored, program: str, output: Output) -> None:
    output.say(_RESTORED, made_at=restored.made_at, count=len(restored.written))
    for path in restored.written:
        output.say(_WRITTEN, path=path)
    for path in restored.aside:
        output.say(_ASIDE, path=path)
    if not restored.has_state:
        output.say(_NO_STATE)
    if restored.unset:
        output.say(_UNSET, names=", ".join(restored.unset))
    output.say(_NEXT, program=program)
    output.emit(
        "restore", made_at=restored.made_at, written=[str(path) for path in restored.written],
        aside=[str(path) for path in restored.aside], unset=list(restored.unset),
        has_state=restored.has_state,
    )  # fmt: skip


_DUMPS = {
    "postgresql": "pg_dump -Fc",
    "mysql": "mysqldump --single-transaction",
    "mariadb": "mariadb-dump --single-transaction",
}
_SAVED = Text("Sauvegarde écrite : {file} ({kilobytes} Ko)", "Backup written: {file} "
              "({kilobytes} KB)")  # fmt: skip
_SERVER = Text(
    "Elle contient les clés et les réglages seulement : l'état est sur un serveur ({engine}), à "
    "sauvegarder à part, après celle-ci ({dump})",
    "It holds keys and settings only: the state is on a server ({engine}), to be dumped on its own "
    "after this ({dump})",
)
_KEEP = Text(
    "La garder hors de ce PC, et la phrase ailleurs : sans elle, personne ne l'ouvre",
    "Keep it away from this PC, and the passphrase elsewhere: without it nobody opens the file",
)
_RESTORED = Text(
    "Sauvegarde du {made_at} reprise : {count} fichier(s)",
    "Backup of {made_at} restored: {count} file(s)",
)
_WRITTEN = Text("  écrit : {path}", "  written: {path}")
_ASIDE = Text("  l'ancien est gardé : {path}", "  the former one is kept: {path}")
_NO_STATE = Text(
    "Pas d'état dans cette sauvegarde : s'il était sur un serveur, l'y restaurer ; sinon tout sera "
    "redemandé à l'autre côté",
    "No state in this backup: if it was on a server, restore it there; otherwise everything is "
    "asked of the other side again",
)
_UNSET = Text(
    "Variables à définir avant le premier passage : {names}",
    "Variables to be set before the first pass: {names}",
)
_NEXT = Text(
    "Arrêter {program} sur l'ancien PC pour toujours, puis lancer ici « {program} doctor » et "
    "« {program} sync » : le premier passage redemande tout à l'autre côté, rien n'entre deux fois",
    "Stop {program} on the old PC for good, then run « {program} doctor » and « {program} sync » "
    "here: the first pass asks the other side for everything, nothing enters twice",
)
