"""What a person sees of a pass under way: bars on a terminal, JSON lines for a program.

The steps are those of the two programs; one bar each, in the order in which they begin.

    with shown(output, listener) as tell:
        tell("stock", 40, 120)
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from protocol.errors import Lang, Text
from protocol.program.console import Output

#: Told of each step: (step, done, of).
Tell = Callable[[str, int, int], None]

STEPS: Mapping[str, Text] = {
    "receive": Text("Réception", "Receiving"),
    "read": Text("Lecture de la caisse", "Reading the till"),
    "compare": Text("Comparaison", "Comparing"),
    "send": Text("Envoi", "Sending"),
    "stock": Text("Stocks", "Stock"),
    "category": Text("Rayons", "Categories"),
    "brand": Text("Marques", "Brands"),
    "axis": Text("Tailles et couleurs", "Sizes and colours"),
    "axis_value": Text("Valeurs", "Values"),
    "article": Text("Articles", "Articles"),
    "variant": Text("Déclinaisons", "Variants"),
    "photo": Text("Photos", "Photos"),
}


class Bars:
    """Bars on a terminal; nothing elsewhere.

    Args:
        lang: Of the steps' names.
        stream: Where they are drawn.
    """

    def __init__(self, lang: Lang, stream: TextIO) -> None:
        self._lang = lang
        self._tasks: dict[str, TaskID] = {}
        self._progress = Progress(
            TextColumn("  {task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            console=Console(file=stream),
            transient=True,
            disable=not stream.isatty(),
        )

    def tell(self, step: str, done: int, of: int) -> None:
        """Move a step's bar; a step that begins ends the ones before it."""
        words = STEPS.get(step)
        if words is None or of <= 0:
            return
        if step not in self._tasks:
            for task in self._progress.tasks:
                self._progress.update(task.id, completed=task.total)
            self._tasks[step] = self._progress.add_task(words.in_lang(self._lang), total=of)
        self._progress.update(self._tasks[step], completed=done, total=of)

    def __enter__(self) -> "Bars":
        """Begin to draw."""
        self._progress.start()
        return self

    def __exit__(self, *details: object) -> None:
        """Take the bars away: the result follows."""
        self._progress.stop()


@contextmanager
def shown(output: Output, listener: Tell) -> Iterator[Tell]:
    """Give what tells a listener, the JSON lines and, on a terminal, a person of each step."""
    with Bars(output.lang, output.err) as bars:

        def tell(step: str, done: int, of: int) -> None:
            listener(step, done, of)
            output.emit("progress", step=step, done=done, of=of)
            if not output.as_json:
                bars.tell(step, done, of)

        yield tell
