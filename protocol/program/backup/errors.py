"""What may be wrong with a backup, its passphrase, or the place it is restored to.

raise WrongPassphraseError(place=file)
"""

from protocol.errors import FatalError, NeedsPersonError, Text, UsageError


class NotABackupError(UsageError):
    """The file is something else."""

    code = "E-BAK-001"
    what = Text("Ce fichier n'est pas une sauvegarde", "This file is not a backup")
    remedy = Text("Donner le fichier écrit par « backup »", "Give the file that « backup » wrote")


class DamagedBackupError(FatalError):
    """The file is one of ours, and not as it was written."""

    code = "E-BAK-002"
    what = Text("Sauvegarde abîmée ou incomplète ({reason})", "Backup damaged or cut ({reason})")
    remedy = Text(
        "La recopier en mode binaire, ou en prendre une autre ; rien n'a été changé ici",
        "Copy it again in binary mode, or take another one; nothing was changed here",
    )


class NewerBackupError(FatalError):
    """The backup was made by a newer program."""

    code = "E-BAK-003"
    what = Text(
        "Cette sauvegarde vient d'un programme plus récent ({version})",
        "This backup is of a newer program ({version})",
    )
    remedy = Text(
        "Mettre ce programme à jour, puis relancer", "Update this program, then run again"
    )


class OtherProgramError(UsageError):
    """The backup is the other program's."""

    code = "E-BAK-004"
    what = Text("Cette sauvegarde est celle de {program}", "This backup is of {program}")
    remedy = Text("La restaurer par « {program} restore »", "Restore it by « {program} restore »")


class WrongPassphraseError(NeedsPersonError):
    """The passphrase does not open the backup."""

    code = "E-BAK-005"
    what = Text(
        "Cette phrase n'ouvre pas la sauvegarde", "This passphrase does not open the backup"
    )
    remedy = Text(
        "La retaper (majuscules, clavier) ; sans elle, appairer de nouveau les deux programmes",
        "Type it again (capitals, keyboard); without it, pair both programs again",
    )


class NoPassphraseError(UsageError):
    """Nobody is there to be asked, and no script gave one."""

    code = "E-BAK-006"
    what = Text("Il manque la phrase secrète", "The passphrase is missing")
    remedy = Text(
        "La donner par --passphrase-file ou par la variable {variable}",
        "Give it by --passphrase-file or by the variable {variable}",
    )


class ShortPassphraseError(UsageError):
    """The passphrase would be guessed."""

    code = "E-BAK-007"
    what = Text("Phrase secrète trop courte", "Passphrase too short")
    remedy = Text(
        "Au moins {least} signes : quatre mots sans lien, par exemple",
        "At least {least} signs: four unrelated words, for instance",
    )


class PassphrasesDifferError(UsageError):
    """A person typed two different ones."""

    code = "E-BAK-008"
    what = Text("Les deux phrases ne sont pas les mêmes", "The two passphrases are not the same")
    remedy = Text("Recommencer ; rien n'a été écrit", "Start again; nothing was written")


class OpenPassphraseFileError(UsageError):
    """Other accounts may read the passphrase's file."""

    code = "E-BAK-009"
    what = Text("D'autres comptes peuvent lire ce fichier", "Other accounts may read this file")
    remedy = Text("chmod 600, puis relancer", "chmod 600, then run again")


class BackupExistsError(UsageError):
    """There is a file of that name already."""

    code = "E-BAK-010"
    what = Text("Ce fichier existe déjà", "This file exists already")
    remedy = Text(
        "Choisir un autre nom, ou le remplacer par --force",
        "Choose another name, or replace it with --force",
    )


class AlreadyHereError(NeedsPersonError):
    """Something is here that the backup would take the place of."""

    code = "E-BAK-011"
    what = Text("Il y a déjà ici : {found}", "Here already: {found}")
    remedy = Text(
        "Ajouter --replace (ce qui est ici reste à côté sous un autre nom) ; --keep-settings garde "
        "les réglages d'ici",
        "Add --replace (what is here stays beside under another name); --keep-settings keeps the "
        "settings that are here",
    )


class StateElsewhereError(UsageError):
    """The backup holds a SQLite state, and the settings name a database server."""

    code = "E-BAK-012"
    what = Text(
        "La sauvegarde contient l'état, mais state.url nomme un serveur ({server})",
        "The backup holds the state, but state.url names a server ({server})",
    )
    remedy = Text(
        "Restaurer sans state.url dans les réglages", "Restore without state.url in the settings"
    )


class BackupFileError(NeedsPersonError):
    """A file cannot be read or written."""

    code = "E-BAK-013"
    what = Text(
        "Fichier impossible à lire ou à écrire ({reason})",
        "The file cannot be read or written ({reason})",
    )
    remedy = Text(
        "Vérifier le nom, les droits et la place (clé USB branchée ?)",
        "Check the name, the rights and the room (is the USB stick there?)",
    )


class TooLittleMemoryError(NeedsPersonError):
    """This machine has too little memory to make the key out of the passphrase."""

    code = "E-BAK-014"
    what = Text(
        "Pas assez de mémoire pour la clé ({megabytes} Mo)",
        "Too little memory for the key ({megabytes} MB)",
    )
    remedy = Text(
        "Fermer d'autres programmes, ou le faire sur une autre machine",
        "Close other programs, or do it on another machine",
    )
