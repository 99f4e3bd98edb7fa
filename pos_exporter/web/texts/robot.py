"""Texts of the robot and its intervals.

Intervals are in minutes or whole hours.

    ROBOT["robot_is_on"].fr           # "en marche"
"""

from protocol.errors import Text

ROBOT: dict[str, Text] = {
    "robot": Text("Robot", "Robot"),
    "robot_on": Text("Synchroniser automatiquement", "Synchronise automatically"),
    "robot_every": Text("Toutes les", "Every"),
    "robot_from": Text("De", "From"),
    "robot_to": Text("à", "to"),
    "robot_hours_hint": Text(
        "Laisser les heures vides : jour et nuit.", "Leave the hours empty: day and night."
    ),
    "robot_save": Text("Enregistrer", "Save"),
    "robot_is_on": Text("en marche", "on"),
    "robot_is_off": Text("arrêté", "off"),
    "robot_note": Text(
        "Le robot travaille tant que ce programme reste ouvert.",
        "The robot works as long as this program stays open.",
    ),
    "minutes": Text("{n} min", "{n} min"),
    "hours": Text("{n} h", "{n} h"),
}
