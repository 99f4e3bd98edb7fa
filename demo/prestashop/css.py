"""The styles that survive the cleaning of a description, written as the purifier writes them.

Unknown properties and values fall away; a colour's name becomes its number in capitals, a number
stays as it is.

    clean_style("color: red; position: fixed")     # "color:#FF0000;"
"""

import re

_COLOURS = {
    "aqua": "#00FFFF",
    "black": "#000000",
    "blue": "#0000FF",
    "fuchsia": "#FF00FF",
    "gray": "#808080",
    "grey": "#808080",
    "green": "#008000",
    "lime": "#00FF00",
    "maroon": "#800000",
    "navy": "#000080",
    "olive": "#808000",
    "orange": "#FFA500",
    "purple": "#800080",
    "red": "#FF0000",
    "silver": "#C0C0C0",
    "teal": "#008080",
    "white": "#FFFFFF",
    "yellow": "#FFFF00",
}
_LENGTH = r"(?:0|[+-]?\d*\.?\d+(?:px|em|rem|ex|in|cm|mm|pt|pc|%))"
_BOX = rf"(?:{_LENGTH}|auto)(?: (?:{_LENGTH}|auto)){{0,3}}"
_COLOUR = r"(?:#[0-9a-f]{3}|#[0-9a-f]{6}|rgba?\([\d.,%]+\)|transparent)"
_LINE = "none|hidden|dotted|dashed|solid|double|groove|ridge|inset|outset"
_BORDER = rf"(?:(?:{_LENGTH}|thin|medium|thick|{_LINE}|{_COLOUR})(?: |$))+"
_RULES: dict[str, str] = {
    "background": r".+",
    "background-color": _COLOUR,
    "border-collapse": "collapse|separate",
    "border-spacing": rf"{_LENGTH}(?: {_LENGTH})?",
    "clear": "none|left|right|both",
    "color": _COLOUR,
    "float": "none|left|right",
    "font-family": r"[\w\"', -]+",
    "font-size": rf"{_LENGTH}|(?:xx?-)?(?:small|large)|medium|smaller|larger",
    "font-style": "normal|italic|oblique",
    "font-variant": "normal|small-caps",
    "font-weight": "normal|bold|bolder|lighter|[1-9]00",
    "height": rf"{_LENGTH}|auto",
    "letter-spacing": rf"normal|{_LENGTH}",
    "line-height": rf"normal|\d*\.?\d+|{_LENGTH}",
    "list-style-type": "disc|circle|square|decimal|lower-roman|upper-roman|lower-alpha|none",
    "margin": _BOX,
    "max-width": rf"{_LENGTH}|none",
    "min-width": _LENGTH,
    "padding": _BOX,
    "text-align": "left|right|center|justify",
    "text-decoration": "none|underline|overline|line-through",
    "text-indent": _LENGTH,
    "text-transform": "capitalize|uppercase|lowercase|none",
    "vertical-align": rf"baseline|sub|super|top|text-top|middle|bottom|text-bottom|{_LENGTH}",
    "white-space": "nowrap|normal|pre|pre-wrap|pre-line",
    "width": rf"{_LENGTH}|auto",
    "word-spacing": rf"normal|{_LENGTH}",
    **{
        f"{box}-{side}": rf"{_LENGTH}|auto"
        for box in ("margin", "padding")
        for side in ("top", "right", "bottom", "left")
    },
    **{f"border{side}": _BORDER for side in ("", "-top", "-right", "-bottom", "-left")},
    **{f"border-{part}": _BORDER for part in ("color", "style", "width")},
}


def colour(text: str) -> str:
    """Return a colour by its number where it was given by name."""
    return _COLOURS.get(text.strip().lower(), text.strip())


def long_colour(text: str) -> str:
    """Return a colour of three hexadecimal digits with six, as attributes have it."""
    short = re.fullmatch(r"#([0-9a-fA-F]{3})", text)
    return "#" + "".join(digit * 2 for digit in short[1]) if short else text


def clean_style(style: str) -> str:
    """Return the declarations that are allowed, each closed by `;`; empty when none is."""
    kept: dict[str, str] = {}
    for declaration in style.split(";"):
        name, _, value = declaration.partition(":")
        name = name.strip().lower()
        cleaned = _clean_value(value)
        rule = _RULES.get(name)
        if rule and cleaned and re.fullmatch(rule, cleaned, re.IGNORECASE):
            kept[name] = cleaned
    return "".join(f"{name}:{value};" for name, value in kept.items())


def _clean_value(value: str) -> str:
    text = re.sub(r"\s+", " ", value.replace("!important", "").strip())
    text = re.sub(r"\(([^)]*)\)", lambda found: f"({found[1].replace(' ', '')})", text)
    text = re.sub(r",(?! )(?![^(]*\))", ", ", text)
    text = re.sub(r"url\(['\"]?([^)'\"]+)['\"]?\)", r'url("\1")', text)
    return " ".join(colour(word) for word in text.split(" ")) if "," not in text else text
