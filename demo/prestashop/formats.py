"""The formats that a field can ask for, by the names that the schemas use.

Each takes the text as sent and answers whether PrestaShop accepts it. An empty text or "0" never
gets here: a format is only asked about a value that PHP holds for true.

    FORMATS["isReference"]("SHOE-36")    # True
    FORMATS["isPrice"]("1,5")            # False
"""

import re
from collections.abc import Callable, Mapping
from datetime import date

Format = Callable[[str], bool]

_EVENTS = (
    "click|dblclick|mousedown|mousemove|mouseup|mouseover|mouseout|mouseenter|mouseleave|mousewheel"
    "|load|unload|beforeunload|focus|focusin|focusout|blur|change|submit|reset|select|keydown|keyup"
    "|keypress|error|abort|resize|scroll|input|invalid|drag|dragstart|dragend|dragenter|dragleave"
    "|dragover|drop|copy|cut|paste|beforecopy|beforecut|beforepaste|contextmenu|hashchange|message"
    "|offline|online|pagehide|pageshow|popstate|storage|toggle|wheel|show|search|play|pause|ended"
)
_EVENT = re.compile(rf"on(?:{_EVENTS})\s*=", re.IGNORECASE)
_SCRIPT = re.compile(r"<\s*script|script:", re.IGNORECASE)
_EMBEDDED = re.compile(r"<\s*(?:iframe|frame|form|input|embed|object)", re.IGNORECASE)
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?: \d{2}:\d{2}:\d{2})?")


def is_clean_html(text: str) -> bool:
    """Whether a text has no script, event, form or frame."""
    return not (_EVENT.search(text) or _SCRIPT.search(text) or _EMBEDDED.search(text))


def is_whole(text: str) -> bool:
    """Whether a text is a whole number written as PHP would write it."""
    return re.fullmatch(r"0|-?[1-9]\d*", text) is not None


def is_unsigned(text: str) -> bool:
    """Whether a text is a whole number from 0 to 4294967295."""
    return is_whole(text) and 0 <= int(text) <= 4294967295


def is_number(text: str) -> bool:
    """Whether a text is a number with a decimal point."""
    return re.fullmatch(r"\s*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", text) is not None


def is_date_format(text: str) -> bool:
    """Whether a text looks like a date or a date and time; the zero date does."""
    found = _DAY.fullmatch(text)
    return found is not None and int(found[2]) <= 12 and int(found[3]) <= 31


def is_date(text: str) -> bool:
    """Whether a text is a date of the calendar; the zero date is not."""
    found = _DAY.fullmatch(text)
    if found is None:
        return False
    try:
        date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return False
    return True


def is_name(text: str) -> bool:
    """Whether a text can be the name of a person in an address."""
    return _without('0-9!<>,;?=+()@#"°{}_$%:¤|')(text)


def is_customer_name(text: str) -> bool:
    """Whether a text can be the name of a customer: a point only at the end or before a space."""
    return _CUSTOMER_SIGNS(text) and _POINT_INSIDE.search(text) is None


def is_siret(text: str) -> bool:
    """Whether a text is a French company's number: 14 digits with a sound Luhn sum."""
    if re.fullmatch(r"\d{14}", text) is None:
        return False
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(text)]
    return sum(one - 9 if one > 9 else one for one in doubled) % 10 == 0


def _without(signs: str) -> Format:
    pattern = re.compile(rf"[^{signs}]*")
    return lambda text: pattern.fullmatch(text) is not None


def _like(pattern: str) -> Format:
    compiled = re.compile(pattern, re.DOTALL)
    return lambda text: compiled.fullmatch(text) is not None


def _one_of(*texts: str) -> Format:
    return lambda text: text in texts


_CUSTOMER_SIGNS = _without('0-9!<>,;?=+()@#"°{}_$%:¤|/\\\\*`^')
_POINT_INSIDE = re.compile(r"[.。](?! |$)")


def _anything(text: str) -> bool:
    return isinstance(text, str)


FORMATS: Mapping[str, Format] = {
    "isAbsoluteUrl": _like(r"(https?:)?//[^\s<>\"]+"),
    "isAddress": _without("!<>?=+@{}_$%"),
    "isAnything": _anything,
    "isApe": _like(r"\d{3,4}[a-zA-Z]"),
    "isBirthDate": lambda text: text == "0000-00-00" or is_date(text),
    "isBool": _one_of("0", "1"),
    "isCarrierName": _without("<>;=#{}"),
    "isCatalogName": _without("<>;=#{}"),
    "isCityName": _without('!<>;?=+@#"°{}_$%'),
    "isCleanHtml": is_clean_html,
    "isColor": _like(r"#[0-9a-fA-F]{6}|[a-zA-Z0-9-]*"),
    "isConfigName": _like(r"[a-zA-Z_0-9-]+"),
    "isCoordinate": _like(r"-?\d{1,8}\.\d{1,8}"),
    "isCustomerName": is_customer_name,
    "isDate": is_date,
    "isDateFormat": is_date_format,
    "isDateOrNull": lambda text: text.startswith("0000-00-00") or is_date(text),
    "isDniLite": _like(r"[0-9A-Za-z-.]{1,16}"),
    "isEan13": _like(r"[0-9]{0,13}"),
    "isEmail": _like(r"[^\s@<>\"]+@[^\s@<>\"]+\.[^\s@<>\"]+|[^\s@<>\"]+@localhost"),
    "isFloat": is_number,
    "isGenericName": _without("<>={}"),
    "IsGenericName": _without("<>={}"),
    "isGtin": _like(r"[0-9]{0,14}"),
    "isHashedPassword": lambda text: len(text) >= 5,
    "isImageSize": _like(r"\d{1,4}"),
    "isImageTypeName": _like(r"[a-zA-Z0-9_ -]+"),
    "isInt": is_whole,
    "isIp2Long": _like(r"-?\d+"),
    "isIsbn": _like(r"[0-9-]{0,32}"),
    "isJson": _anything,
    "isLanguageCode": _like(r"[a-zA-Z]{2}(-[a-zA-Z]{2})?"),
    "isLanguageIsoCode": _like(r"[a-zA-Z]{2,3}"),
    "isLinkRewrite": _like(r"[_a-zA-Z0-9-]+"),
    "isLocale": _like(r"[a-z]{2}-[A-Z]{2}"),
    "isMd5": _like(r"[a-f0-9A-F]{32}"),
    "isMessage": _without("<>{}"),
    "isModuleName": _like(r"[a-zA-Z0-9_-]+"),
    "isMpn": lambda text: len(text) <= 40,
    "isName": is_name,
    "isNegativePrice": _like(r"-?\d{1,10}(\.\d{1,9})?"),
    "isNullOrUnsignedId": is_unsigned,
    "isNumericIsoCode": _like(r"\d{3}"),
    "isPasswd": lambda text: len(text) >= 5,
    "isPercentage": lambda text: is_number(text) and 0 <= float(text) <= 100,
    "isPhoneNumber": _like(r"[+0-9. ()/-]*"),
    "isPhpDateFormat": _without("<>"),
    "isPositiveInt": lambda text: is_unsigned(text) and int(text) > 0,
    "isPostCode": _like(r"[a-zA-Z 0-9-]+"),
    "isPrice": _like(r"\d{1,10}(\.\d{1,9})?"),
    "isPriceDisplayMethod": _one_of("0", "1"),
    "isProductVisibility": _one_of("both", "catalog", "search", "none"),
    "isReductionType": _one_of("amount", "percentage"),
    "isReference": _without("<>;={}"),
    "isSerializedArray": _anything,
    "isSha1": _like(r"[a-fA-F0-9]{40}"),
    "isSiret": is_siret,
    "isStateIsoCode": _like(r"[a-zA-Z0-9]{1,4}(-[a-zA-Z0-9]{1,4})?"),
    "isStockManagement": _one_of("WA", "FIFO", "LIFO"),
    "isString": _anything,
    "isThemeName": _like(r"[\w-]{1,255}"),
    "isTplName": _like(r"[a-zA-Z0-9_-]+"),
    "isTrackingNumber": _like(r"[~:#,%&_=()\[\].? +\-@/a-zA-Z0-9]+"),
    "isUnsignedFloat": lambda text: is_number(text) and float(text) >= 0,
    "isUnsignedId": is_unsigned,
    "isUnsignedInt": is_unsigned,
    "isUpc": _like(r"[0-9]{0,12}"),
    "isUrl": _like(r"[^\s<>\"{}|\\^`]+"),
    "isZipCodeFormat": _like(r"[NLCnlc 0-9-]+"),
}
