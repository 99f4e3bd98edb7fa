"""`serve`: the shopkeeper's page, with its button and its robot, until the program is stopped.

show_page(settings, wiring, output, PageOptions(open_browser=True))
"""

import secrets
import webbrowser
from dataclasses import dataclass, replace

from pos_exporter.config import ExporterSettings
from pos_exporter.overview import OverviewSettings
from pos_exporter.state import METADATA
from pos_exporter.sync import SyncOptions, sync
from pos_exporter.web.app import create_app
from pos_exporter.web.robot import Robot
from pos_exporter.web.runner import Report, Runner
from pos_exporter.web.serve import PageServer, page_url, serve
from pos_exporter.wiring import MIGRATIONS, Wiring, paths_of
from protocol.errors import Text
from protocol.keys import load_keys
from protocol.program.command import opened_state, quietly
from protocol.program.console import DONE, Output

_ADDRESS = Text(
    "Page : {url}\nElle reste ouverte tant que ce programme tourne. Ctrl-C pour l'arrêter",
    "Page: {url}\nIt stays open while this program runs. Ctrl-C stops it",
)


@dataclass(frozen=True)
class PageOptions:
    """How to serve.

    Args:
        port: Instead of the settings' one; 0 takes any free port.
        open_browser: Open the page in the browser.
    """

    port: int | None = None
    open_browser: bool = False


def show_page(
    settings: ExporterSettings, wiring: Wiring, output: Output, options: PageOptions
) -> int:
    """Serve the page until SIGTERM or Ctrl-C.

    Raises:
        PortTakenError, PortRefusedError: When the port cannot be had.
        ComptoirError: When the state cannot be opened.
    """
    paths, token = paths_of(settings), secrets.token_urlsafe()
    keys = load_keys(paths.keys)

    def one_pass(report: Report) -> int:
        told = replace(wiring, progress=report)
        return quietly(lambda: sync(settings, told, output, SyncOptions()), output)

    def on_ready(server: PageServer) -> None:
        url = page_url(server.port, token)
        output.say(_ADDRESS, url=url)
        output.emit("page", url=url, port=server.port)
        if options.open_browser:
            webbrowser.open(url)

    with opened_state(paths.url, METADATA, MIGRATIONS, wiring.commit_listeners) as engine:
        runner = Runner(one_pass)
        robot = Robot(engine, runner.run_now, clock=wiring.clock)
        app = create_app(
            engine,
            clock=wiring.clock,
            start_sync=runner.start,
            is_running=runner.is_running,
            progress=runner.progress,
            token=token,
            robot=robot,
            settings=OverviewSettings(shop=keys.label if keys else ""),
            keys=keys,
        )
        robot.start()
        try:
            port = settings.page.port if options.port is None else options.port
            serve(app, port, on_ready)
        finally:
            robot.stop()
    return DONE
