"""Ready scheduler files for the monthly run: printed, never installed."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath
from xml.sax.saxutils import escape, quoteattr

MINUTE, HOUR, DAY = 30, 6, 1  # 06:30 on the 1st: after month-end jobs, and never in the hour that clocks skip or repeat


@dataclass(frozen=True, slots=True)
class Monthly:
    """What is run each month: the program, the folder of exports, the settings file, and where to start it."""

    program: str
    folder: str
    config: str
    home: str

    @property
    def arguments(self) -> tuple[str, ...]:
        """The command's words after the program."""
        return ("run", self.folder, "--config", self.config, "--period", "last-month", "--quiet")


def cron(job: Monthly) -> str:
    """A crontab line. cron does not catch up a machine that was off; the systemd timer does."""
    command = f"cd {shlex.quote(job.home)} && {shlex.join((job.program, *job.arguments))}".replace("%", r"\%")
    return (
        f"# The report of last month, at {HOUR:02d}:{MINUTE:02d} on day {DAY}. Add it with: crontab -e\n"
        "# cron does not catch up a run missed while the machine was off; the systemd timer does.\n"
        f"{MINUTE} {HOUR} {DAY} * * {command}\n"
    )


def systemd_service(job: Monthly) -> str:
    """analyzer.service: one run, allowed to write where it works and nowhere else, without a network but for mail."""
    command = " ".join(_unit_word(word) for word in (job.program, *job.arguments))
    return (
        "# /etc/systemd/system/analyzer.service\n"
        "[Unit]\n"
        "Description=Monthly sourcing report\n"
        "After=network-online.target\n"
        "Wants=network-online.target\n\n"
        "[Service]\n"
        "Type=oneshot\n"
        f"WorkingDirectory={_unit_path(job.home)}\n"
        f"ExecStart={command}\n"
        "SuccessExitStatus=0\n"
        "TimeoutStartSec=2h\n"
        "Nice=10\n"
        "NoNewPrivileges=yes\n"
        "PrivateTmp=yes\n"
        "PrivateDevices=yes\n"
        "ProtectSystem=strict\n"
        "ProtectKernelTunables=yes\n"
        "ProtectKernelModules=yes\n"
        "ProtectControlGroups=yes\n"
        "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6\n"
        "RestrictNamespaces=yes\n"
        "RestrictSUIDSGID=yes\n"
        "LockPersonality=yes\n"
        "CapabilityBoundingSet=\n"
        "UMask=0077\n"
        f"ReadWritePaths={_unit_path(job.home)}\n"
    )


def systemd_timer(_job: Monthly) -> str:
    """analyzer.timer: on the 1st; a run missed while the machine was off is made up at the next start."""
    return (
        "# /etc/systemd/system/analyzer.timer, then: systemctl enable --now analyzer.timer\n"
        "[Unit]\n"
        "Description=Monthly sourcing report on the 1st\n\n"
        "[Timer]\n"
        f"OnCalendar=*-*-{DAY:02d} {HOUR:02d}:{MINUTE:02d}:00\n"
        "Persistent=true\n"
        "RandomizedDelaySec=5min\n"
        "Unit=analyzer.service\n\n"
        "[Install]\n"
        "WantedBy=timers.target\n"
    )


def windows(job: Monthly) -> str:
    """Task Scheduler XML; StartWhenAvailable makes up a missed run."""
    arguments = " ".join(_windows_word(word) for word in job.arguments)
    months = "".join(f"<{month}/>" for month in _MONTHS)
    return (
        '<?xml version="1.0" encoding="UTF-16"?>\n'
        "<!-- save as analyzer.xml (UTF-16), then: schtasks /Create /TN analyzer /XML analyzer.xml -->\n"
        '<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">\n'
        "  <RegistrationInfo><Description>Monthly sourcing report</Description></RegistrationInfo>\n"
        "  <Triggers><CalendarTrigger>\n"
        f"    <StartBoundary>2026-01-{DAY:02d}T{HOUR:02d}:{MINUTE:02d}:00</StartBoundary>\n"
        f"    <ScheduleByMonth><DaysOfMonth><Day>{DAY}</Day></DaysOfMonth><Months>{months}</Months></ScheduleByMonth>\n"
        "  </CalendarTrigger></Triggers>\n"
        "  <Settings>\n"
        "    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>\n"
        "    <StartWhenAvailable>true</StartWhenAvailable>\n"
        "    <ExecutionTimeLimit>PT2H</ExecutionTimeLimit>\n"
        "  </Settings>\n"
        "  <Actions><Exec>\n"
        f"    <Command>{escape(job.program)}</Command>\n"
        f"    <Arguments>{escape(arguments)}</Arguments>\n"
        f"    <WorkingDirectory>{escape(job.home)}</WorkingDirectory>\n"
        "  </Exec></Actions>\n"
        "</Task>\n"
    )


def github(job: Monthly) -> str:
    """A workflow that runs monthly over files in the repository and keeps the results as an artifact."""
    command = shlex.join(("analyzer", "run", job.folder, "--config", job.config, "--period", "last-month", "-o", "out"))
    return (
        "# .github/workflows/sourcing-report.yml\n"
        "name: Monthly sourcing report\n"
        "on:\n"
        "  schedule:\n"
        f'    - cron: "{MINUTE} {HOUR} {DAY} * *"\n'
        "  workflow_dispatch:\n"
        "permissions:\n"
        "  contents: read\n"
        "concurrency: sourcing-report\n"
        "jobs:\n"
        "  report:\n"
        "    runs-on: ubuntu-latest\n"
        "    timeout-minutes: 60\n"
        "    steps:\n"
        "      - uses: actions/checkout@v4\n"
        "      - uses: actions/setup-python@v5\n"
        '        with: { python-version: "3.12" }\n'
        "      - run: pip install analyzer\n"
        f"      - run: {command}\n"
        "      - uses: actions/upload-artifact@v4\n"
        "        if: always()\n"
        "        with: { name: sourcing-report, path: out }\n"
    )


FORMS: dict[str, Callable[[Monthly], str]] = {
    "cron": cron,
    "systemd": lambda job: f"{systemd_service(job)}\n{systemd_timer(job)}",
    "windows": windows,
    "github": github,
}

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def _unit_word(word: str) -> str:
    """One word of a systemd command line: specifiers and variables are doubled, spaces quoted."""
    doubled = word.replace("\\", "\\\\").replace("%", "%%").replace("$", "$$")
    return '"' + doubled.replace('"', '\\"') + '"' if set(doubled) & set(" '\"") else doubled


def _unit_path(path: str) -> str:
    return str(PurePath(path)).replace("\\", "\\\\").replace("%", "%%").replace(" ", "\\x20")


def _windows_word(word: str) -> str:
    return quoteattr(word).replace("&amp;", "&") if set(word) & set(" \t") else word
