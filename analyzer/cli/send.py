"""``analyzer send``: mail a finished result."""

from __future__ import annotations

from pathlib import Path

import click

from analyzer.cli.boundary import say
from analyzer.cli.options import config_option, in_force
from analyzer.errors import ExitStatus, SendError, WriteError
from analyzer.runs import delivery
from analyzer.runs.job import Outcome
from analyzer.settings import Settings


@click.command("send")
@click.argument("result", type=click.Path(path_type=Path, exists=True))
@click.option(
    "--to", "recipients", multiple=True, metavar="ADDRESS", help="A recipient; without it, those of the settings."
)
@click.option("--resend", is_flag=True, help="Send again to those who have it, or may have it; the Message-ID stays.")
@click.option("--dry-run", is_flag=True, help="Say what would be sent; send nothing.")
@config_option
def command(result: Path, recipients: tuple[str, ...], *, resend: bool, dry_run: bool, config: Path | None) -> int:
    """Mail a finished result: its summary, report or workbook, or the folder it is in."""
    mail = in_force(config, (result,), None).mail
    finished = delivery.Result.open(result)
    people = recipients or mail.recipients
    if dry_run:
        letter, notes = delivery.letter(finished, mail, people, mail.max_mb)
        attached = [part.get_filename() for part in letter.iter_attachments()]
        click.echo(f'Would send "{letter["Subject"]}" to {", ".join(people)} with {", ".join(map(str, attached))}')
        for note in notes:
            click.echo(f"  {note}")
        return ExitStatus.DONE
    return tell(delivery.send(finished, mail, people, resend=resend))


def mailed(outcome: Outcome, settings: Settings) -> ExitStatus:
    """Mail a result just written to its company's recipients; a failure is said and leaves the result as it is."""
    summary = next(file for file in outcome.files if file.name.endswith(".summary.json"))
    recipients = settings.company.recipients or settings.mail.recipients
    try:
        return tell(delivery.send(delivery.Result.open(summary), settings.mail, recipients))
    except (SendError, WriteError) as error:
        say(f"{'Not sent' if isinstance(error, SendError) else 'Mail'}: {error}")
        return error.status


def tell(receipt: delivery.Receipt) -> ExitStatus:
    """Say what became of a letter; the status it ends with."""
    if receipt.draft:
        click.echo(f"Draft written: {receipt.draft}")
    if receipt.sent:
        click.echo(f"Sent to {', '.join(receipt.sent)}")
    if receipt.before:
        click.echo(f"Had it before: {', '.join(receipt.before)}")
    for note in receipt.notes:
        click.echo(f"  {note}")
    for person, why in receipt.failed.items():
        say(f"Not sent to {person}: {why}")
    for person in receipt.unknown:
        say(f"Unknown whether {person} got it, so it was not sent again. Ask; then send it with --resend --to {person}")
    return ExitStatus.DONE if receipt.complete else ExitStatus.NOT_SENT
