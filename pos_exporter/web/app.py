"""The shopkeeper's page: how it stands, one button, the robot, what to correct, orders received.

Every answer shows one overview, read once. Nothing is decided here, and the page works without
JavaScript; its own small script only keeps it fresh. `gate.py` says who may look.

    app = create_app(
        engine, clock=utc_now, start_sync=runner.start, is_running=runner.is_running,
        progress=runner.progress, token=token, robot=robot,
    )
    serve(app, 8765)
"""

import hashlib
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version

from flask import Flask, Response, jsonify, redirect, render_template, request, url_for
from sqlalchemy import Engine
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from pos_exporter.approvals import NotHeldError, TooManyHeldError, approve
from pos_exporter.cases import CaseChangedError, NoSuchCaseError, NoSuchVerbError, answer_case
from pos_exporter.orders_answers import (
    OrderChangedError,
    UnknownOrderError,
    WordRefusedError,
)
from pos_exporter.overview import Overview, OverviewSettings, overview
from pos_exporter.overview.as_json import plain
from pos_exporter.overview.robot import CHOICES, Hours, RobotSetting, parse_minutes
from pos_exporter.web.gate import Gate, PageRefusedError
from pos_exporter.web.orders import OrdersRoom, add_order_pages
from pos_exporter.web.robot import RobotPort
from pos_exporter.web.wording import Words
from pos_exporter.why import Answer, why
from pos_exporter.why.tell import NAMES, SIGNS, changed
from protocol.errors import ComptoirError, Lang, RefusedItemError, Text
from protocol.keys import Keys
from protocol.program.state_errors import state_errors

_LANG_COOKIE = "comptoir_lang"
_COUNT = re.compile(r"[0-9]{1,9}")
_YEAR = 365 * 24 * 3600
#: The four steps of the page, in the order in which a pass takes them.
STEPS = ("receive", "read", "send", "site")
#: Where a pass is, by what it says; `site` is a wait for the site's program.
_PLACES = {"receive": 0, "read": 1, "compare": 1, "send": 2, "photo": 2, "site": 3}
#: What the page says after a form, by the name in the address.
DONE_WORDS = ("robot", "sync", "busy", "approved", "answered", "order_answered", "reimport")


class NotSureError(RefusedItemError):
    """A yes without the tick that says that the person has looked."""

    code = "E-WEB-021"
    what = Text("Accord non confirmé", "The yes was not confirmed")
    remedy = Text(
        "Regarder les exemples, cocher la case, puis dire oui",
        "Look at the examples, tick the box, then say yes",
    )


class BadRobotFormError(RefusedItemError):
    """The robot's form holds something that cannot be kept."""

    code = "E-WEB-020"
    what = Text("Réglage du robot illisible", "The robot's setting cannot be read")
    remedy = Text(
        "Choisir un rythme dans la liste, et deux heures comme 08:00 et 20:00, ou aucune",
        "Choose an interval of the list, and two hours such as 08:00 and 20:00, or none",
    )


@dataclass(frozen=True)
class Wiring:
    """What the page is connected to.

    Args:
        engine: The exporter's state.
        clock: UTC now.
        start_sync: Begins a pass in the background; whether it began.
        is_running: Whether a pass is under way.
        progress: Its step, how many done, of how many (0: not known).
        robot: Takes the shopkeeper's choice.
        settings: What the state does not know.
        keys: Open the orders; None before the pairing.
    """

    engine: Engine
    clock: Callable[[], datetime]
    start_sync: Callable[[], bool]
    is_running: Callable[[], bool]
    progress: Callable[[], tuple[str, int, int] | None]
    robot: RobotPort
    settings: OverviewSettings
    keys: Keys | None

    def look(self) -> Overview:
        """Return how it stands now."""
        with state_errors(self.engine.url.render_as_string(hide_password=True)):
            return overview(self.engine, self.clock, self.settings, running=self.is_running())

    def why(self, asked: str) -> Answer:
        """Return the whole chain of what a person asks for."""
        with state_errors(self.engine.url.render_as_string(hide_password=True)):
            return why(self.engine, asked, self.clock())

    def approve(self, key: str, up_to: int) -> None:
        """Write down a person's yes; the pass that begins now sends or uses it."""
        with (
            state_errors(self.engine.url.render_as_string(hide_password=True)),
            self.engine.begin() as connection,
        ):
            approve(connection, key, up_to, self.clock())
        self.start_sync()

    def answer(self, key: str, verb: str, seen: str) -> None:
        """Write down a person's answer to a case; the pass that begins now sends it."""
        with (
            state_errors(self.engine.url.render_as_string(hide_password=True)),
            self.engine.begin() as connection,
        ):
            answer_case(connection, key, verb, self.clock(), seen=seen)
        self.start_sync()

    def orders_room(self) -> OrdersRoom:
        """Return what the orders' pages are connected to."""
        return OrdersRoom(self.engine, self.keys, self.clock, self.start_sync)

    def words(self) -> Words:
        """Return the words of this request's language."""
        return Words(_language(), self.clock(), self.settings.zone)


@dataclass(frozen=True)
class StepView:
    """One of the four steps, as the page shows it: `done`, `now` or `todo`."""

    name: str
    stage: str
    text: str
    count: str


def create_app(
    engine: Engine,
    *,
    clock: Callable[[], datetime],
    start_sync: Callable[[], bool],
    is_running: Callable[[], bool],
    progress: Callable[[], tuple[str, int, int] | None],
    token: str,
    robot: RobotPort,
    settings: OverviewSettings | None = None,
    keys: Keys | None = None,
    new_secret: Callable[[], str] = secrets.token_urlsafe,
) -> Flask:
    """Return the page as a WSGI application.

    Args:
        engine: The exporter's state.
        clock: UTC now.
        start_sync: Begins a pass in the background; False when one is running.
        is_running: Whether a pass is under way.
        progress: Its step, how many done, of how many (0: not known).
        token: Opens the page once: `/?token=…`.
        robot: Takes the shopkeeper's choice.
        settings: What the state does not know.
        keys: Open the orders; None before the pairing.
        new_secret: Unguessable texts, for the session.
    """
    wiring = Wiring(
        engine, clock, start_sync, is_running, progress, robot, settings or OverviewSettings(),
        keys,
    )  # fmt: skip
    gate = Gate(token, new_secret)
    app = Flask("pos_exporter.web")
    app.config["MAX_CONTENT_LENGTH"] = 16 * 1024
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.before_request(gate.guard)
    app.after_request(gate.harden)
    app.after_request(_keep_language)
    _add_pages(app, wiring, gate)
    _add_forms(app, wiring)
    _add_json(app, wiring)
    _add_refusals(app, wiring)
    return app


def _add_pages(app: Flask, wiring: Wiring, gate: Gate) -> None:
    def page(name: str, view: Overview, **more: object) -> str:
        words = Words(_language(), view.now, view.settings.zone)
        done = request.args.get("done", "")
        return render_template(
            f"{name}.html", page=name, view=view, settings=view.settings, w=words, lang=words.lang,
            running=running(),
            steps=_steps(wiring, words), form_token=gate.form_token, choices=CHOICES,
            done=f"done_{done}" if done in DONE_WORDS else "", fresh=_mark(view, running()),
            version=version("comptoir"), signs=SIGNS, names=NAMES, changed=changed, **more,
        )  # fmt: skip

    running = wiring.is_running

    @app.get("/")
    def home() -> str:
        return page("home", wiring.look())

    @app.get("/set-aside")
    def set_aside() -> str:
        return page("set_aside", wiring.look())

    @app.get("/orders")
    def orders() -> str:
        return page("orders", wiring.look())

    @app.get("/cases")
    def cases() -> str:
        return page("cases", wiring.look())

    add_order_pages(
        app, wiring.orders_room(), lambda name, /, **more: page(name, wiring.look(), **more)
    )

    @app.get("/why")
    def why_() -> str:
        asked = request.args.get("ref", "").strip()
        answer = wiring.why(asked) if asked else None
        return page("why", wiring.look(), asked=asked, answer=answer)

    @app.get("/help")
    def help_() -> str:
        return page("help", wiring.look())


def _add_forms(app: Flask, wiring: Wiring) -> None:
    @app.post("/sync")
    def sync() -> AnyResponse:
        return _home("sync" if wiring.start_sync() else "busy")

    @app.post("/approve")
    def approve_form() -> AnyResponse:
        key, shown = request.form.get("key", ""), request.form.get("count", "")
        if request.form.get("sure") != "1" or not _COUNT.fullmatch(shown):
            raise NotSureError(value=key)
        wiring.approve(key, int(shown))
        return _home("approved")

    @app.post("/cases/answer")
    def answer_form() -> AnyResponse:
        form = request.form
        wiring.answer(form.get("key", ""), form.get("verb", ""), form.get("seen", ""))
        return redirect(url_for("cases", done="answered"), code=303)

    @app.post("/robot")
    def robot() -> AnyResponse:
        wiring.robot.change(_robot_form())
        return _home("robot")


def _home(done: str) -> AnyResponse:
    return redirect(url_for("home", done=done), code=303)


def _robot_form() -> RobotSetting:
    form = request.form
    minutes = parse_minutes(form.get("minutes", ""))
    if minutes is None:
        raise BadRobotFormError(place="minutes", value=form.get("minutes", ""))
    written = f"{form.get('start', '')}-{form.get('end', '')}"
    hours = Hours.parse(written)
    if hours is None and written != "-":
        raise BadRobotFormError(place="hours", value=written)
    return RobotSetting(form.get("on") == "1", minutes, hours)


def _add_json(app: Flask, wiring: Wiring) -> None:
    @app.get("/state.json")
    def state() -> Response:
        view, words, running = wiring.look(), wiring.words(), wiring.is_running()
        texts = {}
        if view.last_run and view.last_run.finished_at:
            texts["last_ago"] = words.ago(view.last_run.finished_at)
        if view.next_run:
            texts["next_until"] = words.until(view.next_run)
        return jsonify(
            word=view.state.word,
            running=running,
            fresh=_mark(view, running),
            orders=sum(view.counters.orders.values()),
            steps=[vars(step) for step in _steps(wiring, words)],
            texts=texts,
        )

    @app.get("/api/why")
    def api_why() -> Response:
        return jsonify(plain(wiring.why(request.args.get("ref", ""))))

    @app.get("/api/overview")
    def api_overview() -> Response:
        return jsonify(plain(wiring.look()))


def _steps(wiring: Wiring, words: Words) -> list[StepView]:
    """Return the four steps of the pass under way; all to come when none is."""
    step, done, total = wiring.progress() or ("", 0, 0)
    now = _PLACES.get(step, -1)
    stages = ["now" if n == now else "done" if n < now else "todo" for n in range(len(STEPS))]
    count = words("step_count", done=words.number(done), total=words.number(total))
    return [
        StepView(name, stage, words(f"step_{stage}"), count if stage == "now" and total > 1 else "")
        for name, stage in zip(STEPS, stages, strict=True)
    ]


def _mark(view: Overview, running: bool) -> str:
    """Return what changes when a page shown a moment ago has become stale."""
    shown = (
        view.state, view.last_run, view.counters, view.robot, view.notices, view.held, view.cases,
        view.lost, running,
    )  # fmt: skip
    return hashlib.blake2b(repr(shown).encode(), digest_size=8).hexdigest()


def _language() -> Lang:
    asked = (request.args.get("lang", ""), request.cookies.get(_LANG_COOKIE, ""))
    wished = (tag.partition("-")[0].lower() for tag in request.accept_languages.values())
    for lang in (*asked, *wished):
        if lang in {"fr", "en"}:
            return "fr" if lang == "fr" else "en"
    return "fr"


def _keep_language(response: Response) -> Response:
    if request.args.get("lang") in {"fr", "en"}:
        response.set_cookie(_LANG_COOKIE, _language(), max_age=_YEAR, samesite="Strict")
    return response


# --- refusals --------------------------------------------------------------------------------


def _add_refusals(app: Flask, wiring: Wiring) -> None:
    @app.errorhandler(PageRefusedError)
    def refused(error: PageRefusedError) -> tuple[Response | str, int]:
        return _refusal(wiring, error, error.status), error.status

    @app.errorhandler(NotSureError)
    @app.errorhandler(NotHeldError)
    @app.errorhandler(TooManyHeldError)
    @app.errorhandler(NoSuchCaseError)
    @app.errorhandler(CaseChangedError)
    @app.errorhandler(NoSuchVerbError)
    @app.errorhandler(OrderChangedError)
    @app.errorhandler(UnknownOrderError)
    @app.errorhandler(WordRefusedError)
    def no_yes(error: ComptoirError) -> tuple[Response | str, int]:
        return _refusal(wiring, error, 409), 409

    @app.errorhandler(BadRobotFormError)
    def bad_form(error: BadRobotFormError) -> tuple[Response | str, int]:
        return _refusal(wiring, error, 400), 400

    @app.errorhandler(ComptoirError)
    def failed(error: ComptoirError) -> tuple[Response | str, int]:
        app.logger.warning("%s", error)
        return _refusal(wiring, error, 503), 503

    @app.errorhandler(HTTPException)
    def no_page(error: HTTPException) -> tuple[Response | str, int]:
        return _refusal(wiring, None, error.code or 500), error.code or 500


def _refusal(wiring: Wiring, error: ComptoirError | None, status: int) -> Response | str:
    words = wiring.words()
    problem = error.problem() if error else None
    if request.path.endswith(".json") or request.path.startswith("/api/"):
        return jsonify(code=problem.code if problem else "", status=status)
    return render_template(
        "refusal.html", w=words, lang=words.lang, problem=problem, status=status,
        settings=wiring.settings,
    )  # fmt: skip
