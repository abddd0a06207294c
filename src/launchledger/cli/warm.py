"""`launchledger warm`: renders documents before clients ask for them."""

from __future__ import annotations

import click
from rich.console import Console

from launchledger.cli.preparing import prepare
from launchledger.cli.progress import progress_bar
from launchledger.documents.warming import missing, shapes, warm_documents


@click.command(
    epilog="""\b
Examples:
  launchledger warm
  launchledger load replies/ && launchledger warm""",
)
def warm() -> None:
    """Render the documents that replies are assembled from.

    The server renders a document when it is first requested, and again after a change in it. This renders all missing documents
    at once, whether the server runs or not. It can be stopped and started again at any time.
    """
    prepare()
    bar = progress_bar(Console(stderr=True))
    wanted = {shape: missing(shape) for shape in shapes()}
    stored = 0
    with bar:
        task = bar.add_task("warming", total=sum(map(len, wanted.values())) or None)
        for shape, keys in wanted.items():
            bar.update(task, description=shape.label)
            for rows, made in warm_documents(shape, keys):
                stored += made
                bar.advance(task, rows)
    rest = sum(map(len, wanted.values())) - stored
    skipped = f" {rest:,} skipped: objects in space are never stored, or changed meanwhile." if rest else ""
    click.echo(f"Stored {stored:,} documents.{skipped}")
