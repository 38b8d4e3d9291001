"""The demo's outside world: an SMTP server that keeps what Headwater sends, as files."""

from pathlib import Path

import click

from headwater.cli.processes import require_free_port


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8026, show_default=True)
def outbox(folder: Path, host: str, port: int) -> None:
    """Keep every mail that arrives over SMTP as a file in FOLDER."""
    from aiosmtpd.controller import Controller

    from headwater.cli.serve import stop_event

    require_free_port(host, port, "--port")
    folder.mkdir(parents=True, exist_ok=True)
    controller = Controller(_Keeper(folder), hostname=host, port=port)
    controller.start()
    stop_event().wait()
    controller.stop()


class _Keeper:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.count = len(list(folder.glob("*.eml")))

    async def handle_DATA(self, _server: object, _session: object, envelope: object) -> str:  # noqa: N802 (aiosmtpd's name)
        self.count += 1
        content: bytes = envelope.content  # type: ignore[attr-defined]
        (self.folder / f"{self.count:05d}.eml").write_bytes(content)
        return "250 Message accepted for delivery"
