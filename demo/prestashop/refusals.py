"""The ways in which PrestaShop does not do what was asked, each raised where it is noticed.

`RefusedError` becomes the list of errors with its status; `PhpDiedError` is PHP dying: status 500,
no XML, an empty body or one line of text.

    raise RefusedError(404, (92, "Invalid ID"))
    raise PhpDiedError()
"""

NOT_SAVED = (46, "Unable to save resource")
_WARNING = 3
_SINCE_8 = ("Trying to access array offset", "Undefined array key")
_CALLER = "/var/www/shop/classes/webservice/WebserviceRequest.php"


class RefusedError(Exception):
    """The webservice answers with errors in XML (or JSON).

    Args:
        status: HTTP status.
        errors: Code and message of each error, in order.
        early: Noticed before the key was accepted, so that the version header says 0.
        unwarned: Status where PHP does not warn of absent keys; 0 for the same.
    """

    def __init__(
        self, status: int, *errors: tuple[int, str], early: bool = False, unwarned: int = 0
    ) -> None:
        super().__init__(errors)
        self.status = status
        self.errors = errors
        self.early = early
        self.unwarned = unwarned or status

    def without_warnings(self, silent: bool) -> "RefusedError":
        """Return the same refusal by a PHP before 8, which does not warn of absent keys.

        Args:
            silent: Whether no warning is told at all.
        """
        said = [one for one in self.errors if not any(word in one[1] for word in _SINCE_8)]
        if silent:
            said = [one for one in said if one[0] != _WARNING]
        return RefusedError(self.unwarned, *said, early=self.early)


class PhpDiedError(Exception):
    """PHP stops: text/html, a body that is not XML; status 500 but where old versions say 200."""

    def __init__(self, text: str = "", status: int = 500) -> None:
        super().__init__(text)
        self.text = text
        self.status = status


class AbsentError(Exception):
    """The entity does not exist: status 404, empty body, no content type."""


def php_warning(text: str, file: str = _CALLER, line: int = 1544) -> tuple[int, str]:
    """Return a PHP warning as the webservice reports it."""
    return _WARNING, f"[PHP Warning #2] {text} ({file}, line {line})"


def broken_query(*errors: tuple[int, str]) -> RefusedError:
    """Return the refusal of a list query: the error, four PHP warnings, status 500 (else 400)."""
    text = "Trying to access array offset on value of type bool"
    warnings = [php_warning(text, line=line) for line in range(1333, 1337)]
    return RefusedError(500, *errors, *warnings, unwarned=400)


def closest(word: str, known: list[str]) -> str:
    """Return the known word that takes the fewest changes to reach, the last of equals."""
    return min(reversed(known), key=lambda one: _distance(word, one))


def _distance(one: str, other: str) -> int:
    previous = list(range(len(other) + 1))
    for row, sign in enumerate(one, start=1):
        current = [row]
        for column, other_sign in enumerate(other, start=1):
            changed = previous[column - 1] + (sign != other_sign)
            current.append(min(changed, previous[column] + 1, current[-1] + 1))
        previous = current
    return previous[-1]


def quoted(names: list[str]) -> str:
    """Return names in quotes, separated by commas."""
    return ", ".join(f'"{name}"' for name in names)
