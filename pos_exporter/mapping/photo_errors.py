"""What can be wrong with a photo of the till (E-ROW).

A photo that is set aside holds back nothing but itself.

    raise PhotoMissingError(place="PHOTO.FICHIER, photo 7", value="botte.jpg")
"""

from pos_exporter.mapping.row_errors import RowError
from protocol.errors import Text


class PhotoMissingError(RowError):
    """A photo's file does not exist."""

    code = "E-ROW-060"
    what = Text("Le fichier de la photo est introuvable", "The photo's file cannot be found")
    remedy = Text("Remettre le fichier, ou choisir la photo à nouveau", "Choose the photo again")


class PhotoOutsideError(RowError):
    """A photo's path leads out of the photo folder."""

    code = "E-ROW-061"
    what = Text("La photo est hors du dossier des photos", "The photo is outside the photo folder")
    remedy = Text("La copier dans le dossier des photos", "Copy it into the photo folder")


class PhotoTooLargeError(RowError):
    """A photo has too many bytes or pixels."""

    code = "E-ROW-062"
    what = Text("Photo démesurée ({size})", "Photo far too large ({size})")
    remedy = Text("L'enregistrer plus petite", "Save it smaller")


class PhotoUnreadableError(RowError):
    """A photo's bytes are no picture."""

    code = "E-ROW-063"
    what = Text("Photo illisible ({reason})", "Unreadable photo ({reason})")
    remedy = Text("L'enregistrer à nouveau en JPEG", "Save it again as JPEG")


class PhotoChangedError(RowError):
    """A photo is no longer what was announced: the next reading will announce it anew."""

    code = "E-ROW-064"
    what = Text("La photo a changé depuis la lecture", "The photo changed since it was read")
    remedy = Text(
        "Rien à faire : la prochaine lecture la reprend", "Nothing: the next run takes it"
    )
