"""Takes secrets and personal data out of what is logged.

Masked: values under names such as `password`, `ws_key` or `authorization`; known secrets wherever
they appear; passwords of URLs; `ws_key=…`; whatever looks like an e-mail address. A record's `key`
is no secret and stays.

    redact = Redactor([ftp_password, webservice_key])
    redact.text("PASS s3same for clara@example.org")  # -> "PASS ••• for •••@•••"
"""

import re
from collections.abc import Iterable, Mapping
from urllib.parse import quote

from protocol.program.config_problems import MASK, without_passwords

#: Shorter secrets would mask ordinary words.
MIN_SECRET = 4
_SECRET_NAME = re.compile(
    r"pass(word|wd|phrase)?$|pwd|secret|token|seed|authorization|cookie|"
    r"(api|ws|private|signing|sealing|webservice)_?key",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)+")
_NAMED = re.compile(
    r"((?:ws_key|password|passwd|token|secret)[\"']?\s*[=:]\s*)"
    r"(?:\"[^\"]*\"|'[^']*'|[^\s&,;\"']+)",
    re.IGNORECASE,
)
_BASIC = re.compile(r"\b(Basic|Bearer)\s+[\w+/=.~-]{8,}", re.IGNORECASE)


class Redactor:
    """Masks what may not be written down.

    Args:
        secrets: Known ones, masked wherever they appear; those under 4 signs are not.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        known = {secret for secret in secrets if len(secret) >= MIN_SECRET}
        known |= {quote(secret, safe="") for secret in known}
        # The longest first: one secret may be part of another.
        self._known = sorted(known, key=len, reverse=True)

    def text(self, text: str) -> str:
        """Return a text without secrets and e-mail addresses."""
        for secret in self._known:
            text = text.replace(secret, MASK)
        text = _NAMED.sub(rf"\1{MASK}", _BASIC.sub(rf"\1 {MASK}", without_passwords(text)))
        return _EMAIL.sub(f"{MASK}@{MASK}", text)

    def value(self, value: object) -> object:
        """Return a value to be logged: numbers as they are, texts and what contains them masked."""
        if value is None or isinstance(value, bool | int | float):
            return value
        if isinstance(value, Mapping):
            return {str(name): self.named(str(name), kept) for name, kept in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [self.value(kept) for kept in value]
        return self.text(str(value))

    def named(self, name: str, value: object) -> object:
        """Return the value of a named field."""
        return MASK if _SECRET_NAME.search(name) and value else self.value(value)
