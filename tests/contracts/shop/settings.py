"""Steps: a setting changed and put back."""

from tests.contracts.shop.bodies import one
from tests.contracts.shop.model import Step

_NAME = "PS_DISP_UNAVAILABLE_ATTR"
_READ = (f"configurations?filter[name]={_NAME}&display=full", "configurations/{setting}")
_DATED = {"id": "{setting}", "name": _NAME, "date_add": "2026-01-02 03:04:05"}

STEPS = (
    Step(
        "setting: PATCH",
        "PATCH",
        "configurations",
        400,
        body=one("configuration", {"id": "{setting}", "value": "0"}),
        codes=(85,),
        field="date_add",
        again=_READ,
    ),
    Step(
        "setting: PUT",
        "PUT",
        "configurations",
        200,
        body=one("configuration", {**_DATED, "value": "0"}),
        again=_READ,
    ),
    Step(
        "setting: PUT without name",
        "PUT",
        "configurations",
        400,
        body=one("configuration", {"id": "{setting}", "value": "1"}),
        codes=(41,),
        field="name",
        again=_READ,
    ),
    Step(
        "setting: PUT back",
        "PUT",
        "configurations",
        200,
        body=one("configuration", {**_DATED, "value": "1"}),
        again=_READ,
    ),
    Step(
        "setting: PATCH once it has dates",
        "PATCH",
        "configurations",
        200,
        body=one("configuration", {"id": "{setting}", "value": "1"}),
        again=_READ,
    ),
    Step(
        "setting: a new one",
        "POST",
        "configurations",
        201,
        body=one("configuration", {"name": "SCRIPT_SETTING", "value": "a < b & c"}),
        makes=("mine",),
        again=("configurations/{mine}", "configurations/{mine}?output_format=JSON"),
    ),
    Step(
        "setting: DELETE", "DELETE", "configurations/{mine}", 200, again=("configurations/{mine}",)
    ),
)
