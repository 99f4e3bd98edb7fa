"""Speaks the script to a shop over HTTP and notes what it answers.

The same code runs against the simulator and a real shop; only the target differs.

    target = Target("http://127.0.0.1:8080", {"full": key}, wait=lambda: time.sleep(1.1))
    heard = run_script(target, STEPS)
    heard[0].step.name, heard[0].facts["status"]
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import requests
from lxml import etree

from tests.contracts.shop.answers import Answer, Facts, facts, made_ids
from tests.contracts.shop.handles import Handles
from tests.contracts.shop.model import Deed, Step
from tests.contracts.shop.pictures import multipart
from tests.stories.shopfront import Shopfront

_TIMEOUT = 60
_MOVING = ("date_upd", "date_add")


@dataclass(frozen=True)
class Target:
    """A shop to speak to.

    Args:
        url: Without `/api`.
        keys: Webservice keys by the names that steps use.
        wait: Lets at least one second pass on the shop's clock.
        front: The shop and its database, for what is done in its back office.
        words: Handles that are known from the start: what this version calls things.
    """

    url: str
    keys: Mapping[str, str]
    wait: Callable[[], None]
    front: Shopfront | None = None
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Heard:
    """What one request of a step brought: the step's own, or a reading after it."""

    step: Step
    request: str
    facts: Facts
    reading: bool = False


def run_script(target: Target, steps: Iterable[Step]) -> list[Heard]:
    """Run the steps in order and return all that was heard."""
    with _Speaker(target) as speaker:
        return [heard for step in steps for heard in speaker.play(step)]


class _Speaker:
    def __init__(self, target: Target) -> None:
        self._target = target
        self._session = requests.Session()
        self._session.trust_env = False
        self._handles = Handles()
        self._dates: dict[str, str] = {}
        for handle, word in target.words.items():
            self._handles.learn("", word, handle)

    def __enter__(self) -> "_Speaker":
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def play(self, step: Step) -> Iterable[Heard]:
        self._handles.forget_counted()
        if step.pause:
            self._target.wait()
        if step.deed is not None:
            self._do(step.deed)
        answer = self._send(step, self._echo(step) if step.echoes else b"")
        self._learn(step, answer)
        yield Heard(step, f"{step.method} {step.path}", facts(answer, self._handles))
        for path in step.again:
            reading = self._send(Step(step.name, "GET", path, 200))
            found = facts(reading, self._handles) | self._moves(step, path, reading)
            yield Heard(step, f"then GET {path}", found, reading=True)

    def _do(self, deed: Deed) -> None:
        if self._target.front is None:
            raise LookupError("a deed, and no shopfront to do it at")
        ids = [int(self._handles.fill(one)) for one in deed.ids]
        deed.act(self._target.front, *ids, *deed.rest)

    def _echo(self, step: Step) -> bytes:
        read = self._send(Step(step.name, "GET", step.echoes, 200)).body
        return changed(read, [(name, self._handles.fill(text)) for name, text in step.sets])

    def _learn(self, step: Step, answer: Answer) -> None:
        resource = step.path.partition("?")[0].partition("/")[0]
        for handle, identifier in zip(step.makes, made_ids(answer), strict=False):
            self._handles.learn(resource, identifier, handle)
        for handle, tag in step.keeps:
            text = answer.body.partition(f"<{tag}>".encode())[2].partition(b"</")[0]
            kept = text.removeprefix(b"<![CDATA[").removesuffix(b"]]>").decode()
            self._handles.learn("", kept, handle)

    def _send(self, step: Step, echo: bytes = b"") -> Answer:
        headers = dict(step.headers)
        body = echo or self._handles.fill(step.body).encode()
        if step.upload:
            body, headers["Content-Type"] = multipart(step.upload)
        key = self._target.keys.get(step.key, step.key)
        path = self._handles.fill(step.path.replace("{full key}", self._target.keys["full"]))
        answer = self._session.request(
            step.method,
            f"{self._target.url}/api/{path}",
            data=body or None,
            headers=headers,
            auth=(key, "") if key else None,
            allow_redirects=False,
            timeout=_TIMEOUT,
        )
        kind = answer.headers.get("Content-Type", "")
        return Answer(
            answer.status_code, kind, answer.content, "WWW-Authenticate" in answer.headers
        )

    def _moves(self, step: Step, path: str, answer: Answer) -> Facts:
        """Note whether the dates of what is read have moved on since they were read last."""
        found: Facts = {}
        for name in _MOVING:
            start, end = f"<{name}>".encode(), f"</{name}>".encode()
            if answer.body.count(start) != 1:
                continue
            text = answer.body.partition(start)[2].partition(end)[0].decode()
            place = f"{path} {name}"
            if step.pause and place in self._dates:
                found[f"{name} moved"] = "yes" if text != self._dates[place] else "no"
            self._dates[place] = text
        return found


def changed(body: bytes, sets: Sequence[tuple[str, str]]) -> bytes:
    """Return an entity's XML with some of its fields set, each to a text."""
    if not sets:
        return body
    root = etree.fromstring(body)
    for name, text in sets:
        [node] = root.iterfind(f"*/{name}")
        node.text = text
    return etree.tostring(root)
