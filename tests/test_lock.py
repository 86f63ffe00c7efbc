"""One run per folder: the second is told who works there; what a dead run left is taken over, and that is said."""

import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from analyzer.errors import ExitStatus, LockedError, WriteError
from analyzer.runs import lock

HOLDER = """
import sys, time
from pathlib import Path
from analyzer.runs import lock
with lock.held(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_lock_is_held_and_given_back(tmp_path: Path) -> None:
    with lock.held(tmp_path) as path:
        assert path.exists()
    assert list(tmp_path.iterdir()) == []


def test_g1_i3_the_second_is_told_who_holds_it(tmp_path: Path) -> None:
    with lock.held(tmp_path), pytest.raises(LockedError, match=f"process {os.getpid()} on ") as refused:
        lock.held(tmp_path).__enter__()
    assert refused.value.status is ExitStatus.LOCKED


def test_g2_a_killed_holder_is_taken_over_and_said(tmp_path: Path) -> None:
    said: list[str] = []
    with subprocess.Popen([sys.executable, "-c", HOLDER, str(tmp_path)], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        with pytest.raises(LockedError):
            lock.held(tmp_path).__enter__()
        holder.send_signal(signal.SIGKILL)
    with lock.held(tmp_path, said.append):
        pass
    assert said == [line for line in said if line.startswith(f"Took over the lock that process {holder.pid} on ")]
    assert len(said) == 1


@pytest.mark.parametrize(("age", "taken"), [(lock.STALE_SECONDS - 30, False), (lock.STALE_SECONDS + 30, True)])
def test_g1_g2_another_host_is_believed_until_its_heart_stops(tmp_path: Path, age: float, taken: bool) -> None:
    path = tmp_path / lock.NAME
    owner = {"host": "elsewhere", "process": 1, "started": "", "since": "2026-11-01", "token": "t"}
    path.write_text(json.dumps(owner), encoding="utf-8")
    os.utime(path, (time.time() - age,) * 2)
    if taken:
        with lock.held(tmp_path):
            pass
    else:
        with pytest.raises(LockedError, match="process 1 on elsewhere since 2026-11-01"):
            lock.held(tmp_path).__enter__()


def test_g2_a_later_process_of_the_same_number_is_not_the_holder(tmp_path: Path) -> None:
    owner = lock.Owner.this()
    path = tmp_path / lock.NAME
    data = {"host": owner.host, "process": owner.process, "started": "1", "since": owner.since, "token": "t"}
    path.write_text(json.dumps(data), encoding="utf-8")
    with lock.held(tmp_path):
        assert lock.Owner.read(path) != owner


def test_g2_a_killed_holder_that_nobody_collects_is_not_the_holder(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLDER, str(tmp_path)], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        holder.kill()
        os.waitid(os.P_PID, holder.pid, os.WEXITED | os.WNOWAIT)  # ended, its end not yet asked for
        with lock.held(tmp_path) as path:
            owner = lock.Owner.read(path)
            assert owner is not None
            assert owner.process == os.getpid()


def test_g1_of_many_takers_one_wins(tmp_path: Path) -> None:
    inside, most = [], []

    def take(_number: int) -> bool:
        try:
            with lock.held(tmp_path):
                inside.append(1)
                most.append(len(inside))
                time.sleep(0.002)
                inside.pop()
        except LockedError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        won = sum(pool.map(take, range(200)))
    assert won >= 1
    assert max(most) == 1


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_bytes(b"")
    with pytest.raises(WriteError):
        lock.held(blocked / "out").__enter__()
