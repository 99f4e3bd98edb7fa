"""`status`, `runs` and `quarantine list`: the same overview as the page, in lines.

Nothing is asked of the till or the FTP server, and no key is needed.

    show_status(settings, wiring, output)
"""

from collections.abc import Iterator

from pos_exporter.approving import held_lines, held_values
from pos_exporter.case_commands import case_lines, case_values
from pos_exporter.config import ExporterSettings
from pos_exporter.lost import lost_problem
from pos_exporter.overview import Overview, OverviewSettings, overview
from pos_exporter.overview.as_json import plain
from pos_exporter.overview.values import SetAside
from pos_exporter.state import LINK, METADATA, STATE
from pos_exporter.web.texts import TEXTS
from pos_exporter.wiring import MIGRATIONS, Wiring, paths_of
from pos_exporter.words import account
from protocol.errors import Lang, Text
from protocol.program.command import literal, opened_state
from protocol.program.console import DONE, Output
from protocol.program.engine import reading
from protocol.program.link_view import LinkView, read_link
from protocol.program.link_words import link_lines, link_values, local
from protocol.program.run_words import run_line, run_values, show_runs
from protocol.program.runs import Run, last_finished

#: All of them, whatever the page shows.
_ALL = OverviewSettings(most_lines=1_000_000)
_LANGS: tuple[Lang, ...] = ("fr", "en")
_GROUPS = {
    "withheld": Text("À corriger à la caisse", "To correct at the till"),
    "refused": Text("Refusé par le site", "Refused by the site"),
    "waiting": Text("En attente sur le site", "Waiting at the site"),
    "held": Text("Retenu", "Held"),
    "edited_on_site": Text("Modifié sur le site", "Edited on the site"),
    "note": Text("Corrigé à l'envoi", "Mended on sending"),
}


def show_status(settings: ExporterSettings, wiring: Wiring, output: Output) -> int:
    """Tell how the exporter stands."""
    url = paths_of(settings).url
    with opened_state(url, METADATA, MIGRATIONS, wiring.commit_listeners) as engine:
        view = overview(engine, wiring.clock, _ALL)
        with reading(engine).connect() as connection:
            link = read_link(connection, LINK, "pos")
            last = last_finished(connection, STATE.run)
    late = link.is_late(wiring.clock(), last.finished_at if last else None)
    for line in _lines(view, link, last, late=late):
        output.say(literal(line.in_lang(output.lang)))
    output.emit(
        "status",
        state=view.state.word,
        why=view.state.why,
        last_run=run_values(last) if last else None,
        link=link_values(link),
        late=late,
        stock_paused_until=plain(view.stock_paused_until),
        counters=plain(view.counters),
        set_aside=_counts(view),
        held=[held_values(one) for one in view.held],
        cases=[case_values(one, output.lang) for one in view.cases],
        orders=plain(view.counters.orders),
        lost=[order.reference for order in view.lost],
    )
    return DONE


def show_past_runs(
    settings: ExporterSettings, wiring: Wiring, output: Output, run_id: int | None
) -> int:
    """Tell the newest runs, or all about one."""
    url = paths_of(settings).url
    with (
        opened_state(url, METADATA, MIGRATIONS, wiring.commit_listeners) as engine,
        reading(engine).connect() as connection,
    ):
        return show_runs(connection, STATE.run, output, run_id, account, lambda run: ())


def show_set_aside(settings: ExporterSettings, wiring: Wiring, output: Output) -> int:
    """Tell everything that is set aside, here and at the site, with cause and remedy."""
    url = paths_of(settings).url
    with opened_state(url, METADATA, MIGRATIONS, wiring.commit_listeners) as engine:
        view = overview(engine, wiring.clock, _ALL)
        refused = [order for order in view.orders if order.problem is not None]
    for line in view.set_aside:
        output.say(literal(_set_aside_line(line, output.lang)))
    for order in refused:
        if order.problem is not None:
            output.say(literal(f"{order.reference} · {order.problem.line(output.lang)}"))
    for line in view.notes:
        output.say(literal(_set_aside_line(line, output.lang)))
    output.say(_COUNT, count=len(view.set_aside), orders=len(refused), notes=len(view.notes),
               ignored=view.counters.ignored)  # fmt: skip
    output.emit(
        "quarantine",
        count=len(view.set_aside),
        items=[_set_aside_values(line, output.lang) for line in view.set_aside],
        notes=[_set_aside_values(line, output.lang) for line in view.notes],
        ignored=view.counters.ignored,
        orders=[
            {"reference": order.reference, "state": order.state, "code": order.problem.code,
             "text": order.problem.line(output.lang)}
            for order in refused if order.problem is not None
        ],
    )  # fmt: skip
    return DONE


def _lines(view: Overview, link: LinkView, last: Run | None, *, late: bool) -> Iterator[Text]:
    word, why = TEXTS[f"word_{view.state.word}"], TEXTS[f"why_{view.state.why}"]
    yield Text(f"{word.fr}. {why.fr}", f"{word.en}. {why.en}")
    if last is not None:
        line = run_line(last, account)
        yield Text(f"Dernier passage : {line.fr}", f"Last run: {line.en}")
    heard, promised = local(link.last_at), local(link.next_by)
    late_fr, late_en = (" : EN RETARD", ": LATE") if late else ("", "")
    yield Text(
        f"Site : dernières nouvelles le {heard}, prochaines avant le {promised}{late_fr}",
        f"Site: last word on {heard}, next by {promised}{late_en}",
    )
    if view.stock_paused_until is not None:
        until = local(view.stock_paused_until)
        yield Text(
            f"Inventaire : les stocks restent à la caisse jusqu'au {until}",
            f"Inventory: stock figures stay at the till until {until}",
        )
    yield from link_lines(link)
    counts = view.counters
    yield Text(
        f"Sans réponse du site : {counts.unanswered} fiche(s) ; "
        f"commandes : {sum(counts.orders.values())}",
        f"Not answered by the site: {counts.unanswered} record(s); "
        f"orders: {sum(counts.orders.values())}",
    )
    if counts.left_out:
        yield Text(
            f"Articles que vos choix gardent à la caisse : {counts.left_out}",
            f"Articles that your choices keep at the till: {counts.left_out}",
        )
    if counts.ignored:
        yield Text(f"Ignorées : {counts.ignored}", f"Ignored: {counts.ignored}")
    for one in view.held:
        fr, en = "\n".join(held_lines(one, "fr")), "\n".join(held_lines(one, "en"))
        yield Text(fr, en)
    lost = lost_problem(view.lost)
    if lost is not None:
        told_fr, told_en = literal(lost.line("fr")), literal(lost.line("en"))
        yield Text(told_fr.fr, told_en.en)
    if view.cases:
        count = view.unanswered_cases
        yield Text(f"Cas à voir : {count}", f"Cases to look at: {count}")
    for case in view.cases:
        told = (literal("\n".join(f"  {x}" for x in case_lines(case, lang))) for lang in _LANGS)
        fr_text, en_text = told
        yield Text(fr_text.fr, en_text.en)
    for group, count in _counts(view).items():
        yield Text(f"{_GROUPS[group].fr} : {count}", f"{_GROUPS[group].en}: {count}")


def _counts(view: Overview) -> dict[str, int]:
    counts: dict[str, int] = {}
    for line in view.set_aside:
        counts[line.group] = counts.get(line.group, 0) + 1
    return counts


def _set_aside_line(line: SetAside, lang: Lang) -> str:
    group = _GROUPS[line.group].in_lang(lang)
    what, remedy = (
        (line.what.fr, line.remedy.fr) if lang == "fr" else (line.what.en, line.remedy.en)
    )
    value = f" « {line.value} »" if line.value else ""
    return f"{group} · {line.label} · [{line.code}] {line.place} : {what}{value} → {remedy}"


def _set_aside_values(line: SetAside, lang: Lang) -> dict[str, str]:
    return {
        "group": line.group,
        "kind": line.kind,
        "key": line.key,
        "label": line.label,
        "code": line.code,
        "place": line.place,
        "value": line.value,
        "what": line.what.fr if lang == "fr" else line.what.en,
        "remedy": line.remedy.fr if lang == "fr" else line.remedy.en,
    }


_COUNT = Text(
    "{count} fiche(s) mises de côté, {orders} commande(s) à voir ; {notes} corrigée(s) à "
    "l'envoi, {ignored} ignorée(s)",
    "{count} record(s) set aside, {orders} order(s) to look at; {notes} mended on sending, "
    "{ignored} ignored",
)
