"""Workers: whatever a task does, the others get their results and the command goes on."""

import hashlib
import math
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lemmata.workers import PATIENCE, Failure, Task, Workers, available_cores


def values(tasks, jobs=2):
    with Workers(jobs) as workers:
        return [done.value for done in workers.run(tasks)]


@pytest.mark.parametrize("jobs", [0, 2])
def test_results_come_in_the_order_of_the_tasks(jobs):
    assert values([Task(math.sqrt, (n * n,), 10.0) for n in range(12)], jobs) == list(range(12))


def test_a_task_that_hangs_crashes_or_grows_is_its_own_failure_only():
    bad = [
        Task(time.sleep, (60,), 0.5),
        Task(
            hashlib.pbkdf2_hmac, ("sha256", b"a", b"b", 10**9), 0.5
        ),  # one long call in C, deaf to signals until it returns
        Task(os._exit, (7,), 10.0),
        Task(os.abort, (), 10.0),
        Task(bytes, (6 * 2**30,), 10.0),
        Task(math.sqrt, (-1,), 10.0),
    ]
    tasks = [t for b in bad for t in (b, Task(math.sqrt, (4.0,), 10.0))]
    found = values(tasks)
    assert found[1::2] == [2.0] * len(bad)
    reasons = [f.reason for f in found[::2]]
    waited, worked = f"took longer than {PATIENCE * 0.5:g} s", "took longer than 0.5 s"
    assert reasons[0] == waited and reasons[1] in (worked, waited)  # a busy machine may give it no 0.5 s in that time
    assert all("ended abruptly" in r for r in reasons[2:4])
    if sys.platform == "linux":
        assert "GB of memory" in reasons[4]
    assert "ValueError" in reasons[5]
    assert [f.ours for f in found[::2]] == [False] * 5 + [True]


@pytest.mark.parametrize("jobs", [0, 2])
def test_progress_is_told_of_every_task(jobs):
    told = []
    with Workers(jobs) as workers:
        workers.run([Task(math.sqrt, (n,), 10.0) for n in range(5)], lambda done, total: told.append((done, total)))
    assert told == [(n, 5) for n in range(1, 6)]


def test_a_result_that_cannot_be_sent_is_a_failure():
    (file,) = values([Task(open, (os.devnull,), 10.0)])
    assert isinstance(file, Failure) and file.ours


@pytest.mark.skipif(sys.platform != "linux", reason="reads the state of a process from /proc")
def test_no_worker_outlives_a_command_that_was_killed():
    code = (
        "import hashlib, os\nfrom lemmata.workers import Task, Workers\n"
        "with Workers(1) as w:\n"
        "    print(w.run([Task(os.getpid, (), 9)])[0].value, flush=True)\n"
        "    w.run([Task(hashlib.pbkdf2_hmac, ('sha256', b'a', b'b', 10**9), 1.0)])\n"
    )
    command = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    stat = Path(f"/proc/{int(command.stdout.readline())}/stat")
    time.sleep(0.3)
    command.kill()
    command.wait()
    for _ in range(1200):
        if not stat.exists() or stat.read_text().rsplit(")", 1)[1].split()[0] == "Z":
            break
        time.sleep(0.1)
    else:
        pytest.fail("the worker is still at work, two minutes after its command was killed")


def test_workers_do_not_run_the_script_that_called_them(tmp_path):
    """A script without ``if __name__ == "__main__"`` may call us, and is not run again in each worker."""
    script = tmp_path / "user.py"
    script.write_text(
        "import math\nfrom lemmata.workers import Task, Workers\nprint('the script ran')\n"
        "with Workers(2) as w:\n    print(w.run([Task(math.sqrt, (9.0,), 10.0)])[0].value)\n"
    )
    run = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=600)
    assert run.stdout == "the script ran\n3.0\n" and run.stderr == ""


def test_a_module_of_the_current_folder_is_not_imported_by_workers(tmp_path):
    (tmp_path / "proofs.py").write_text("open('imported', 'w').close()\n")
    code = (
        "import math; from lemmata.workers import Task, Workers\n"
        "with Workers(1) as w: print(w.run([Task(math.sqrt, (9,), 9)])[0].value)"
    )
    run = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, timeout=600, cwd=tmp_path)
    assert run.stdout == "3.0\n" and not (tmp_path / "imported").exists()


def test_what_a_worker_prints_does_not_reach_the_report(capfd):
    values([Task(os.write, (1, b"noise"), 10.0), Task(os.write, (2, b"noise"), 10.0)])
    assert capfd.readouterr() == ("", "")


def test_arguments_are_validated():
    with pytest.raises(ValueError, match="jobs must be 0 or more, not -1"):
        Workers(-1)
    assert available_cores() >= 1
