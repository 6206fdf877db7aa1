"""Work in processes that can be killed: a time and a memory limit for each task, and no task can end the command.

The time is processor time, so that a busy machine changes no verdict; a task that only waits is ended on the clock.

The processes are pebble's.  They are forked from a server that has imported the floors once (where the platform has no
such server each imports them itself), so a fresh worker after a kill costs milliseconds.  Results travel as bytes that
the worker itself pickled: a result that cannot be sent is that task's failure and no one else's.
"""

from __future__ import annotations

import contextlib
import math
import os
import pickle
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, TimeoutError, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import spawn
from typing import Any

from pebble import ProcessExpired, ProcessPool

MEMORY_LIMIT = 4 * 2**30
RECURSION_LIMIT = 5_000
PATIENCE = 4  # times its seconds may a task last on the clock
GRACE = 3  # seconds
PRELOAD = ("lemmata.tasks", "derivations.reading", "proofs.prover", "numerics.check")


@dataclass(frozen=True)
class Failure:
    """A task without a result: what it did instead, in words ("took longer than 10 s").

    ``ours`` says that it is a mistake of Lemmata and not a limit.
    """

    reason: str
    ours: bool = False


@dataclass(frozen=True)
class Task:
    """``function(*arguments)``, to be ended after ``seconds`` of processor time on each of its threads.

    The function is at the top level of a module.
    """

    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    seconds: float


@dataclass(frozen=True)
class Done:
    """What a task gave, a Failure where it gave nothing, and how many seconds it took on the clock."""

    value: Any
    seconds: float = 0.0


class Workers:
    """A context manager that runs tasks in ``jobs`` processes; with ``jobs=0`` in this process, without limits."""

    def __init__(self, jobs: int | None = None):
        if jobs is not None and jobs < 0:
            raise ValueError(f"jobs must be 0 or more, not {jobs}")
        self.jobs = available_cores() if jobs is None else jobs
        self._pool: ProcessPool | None = None

    def __enter__(self) -> Workers:
        if self.jobs:
            _start_server(max(1, available_cores() // self.jobs))
            self._pool = ProcessPool(max_workers=self.jobs, initializer=_enter_worker, context=_Context())
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.stop()
            self._pool.join()
            self._pool = None

    def run(self, tasks: Sequence[Task], progress: Callable[[int, int], None] | None = None) -> list[Done]:
        """The results in the order of ``tasks``; ``progress(done, total)`` is called as they come in."""
        results: list[Done | None] = [None] * len(tasks)
        for count, (i, done) in enumerate(self._as_completed(tasks), start=1):
            results[i] = done
            if progress is not None:
                progress(count, len(tasks))
        return [r for r in results if r is not None]

    def _as_completed(self, tasks: Sequence[Task]) -> Iterator[tuple[int, Done]]:
        if self._pool is None:
            for i, task in enumerate(tasks):
                yield i, pickle.loads(_call(task))
            return
        futures: dict[Future[bytes], int] = {
            self._pool.schedule(_call_and_end, args=(t,), timeout=PATIENCE * t.seconds): i for i, t in enumerate(tasks)
        }
        waiting = set(futures)
        while waiting:
            finished, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            for future in finished:
                yield futures[future], _result(future, tasks[futures[future]])


def available_cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _call_and_end(task: Task) -> bytes:
    """In a worker: the call, with alarms that end it even where the command that should do so is gone."""
    if hasattr(signal, "setitimer"):  # unhandled, they end the process in the midst of any C code
        signal.setitimer(signal.ITIMER_PROF, task.seconds * _threads())
        signal.alarm(math.ceil(PATIENCE * task.seconds) + GRACE)
    try:
        return _call(task)
    finally:
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.alarm(0)


def _threads() -> int:
    """The threads of a worker, whose processor times add up."""
    return int(os.environ.get("OMP_NUM_THREADS", "1"))


def _call(task: Task) -> bytes:
    """The pickled Done of a task, whatever happens in it."""
    start = time.perf_counter()
    try:
        value = task.function(*task.arguments)
        return pickle.dumps(Done(value, time.perf_counter() - start))
    except MemoryError:
        failure = Failure(f"needed more than {MEMORY_LIMIT // 2**30} GB of memory")
    except RecursionError:
        failure = Failure("met a formula that is nested too deeply")
    except Exception as error:  # the boundary of a process: whatever went wrong is told as a fault of ours (exit 3)
        place = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{os.path.basename(os.path.dirname(place.filename))}/{os.path.basename(place.filename)}:{place.lineno}"
        failure = Failure(f"stopped with {type(error).__name__}: {error} ({where})", ours=True)
    return pickle.dumps(Done(failure, time.perf_counter() - start))


def _result(future: Future[bytes], task: Task) -> Done:
    try:
        done: Done = pickle.loads(future.result())
        return done
    except TimeoutError:
        return Done(Failure(f"took longer than {PATIENCE * task.seconds:g} s"), PATIENCE * task.seconds)
    except (ProcessExpired, BrokenProcessPool) as error:
        code = getattr(error, "exitcode", None)
        if code is not None and code == -getattr(signal, "SIGPROF", 0):
            return Done(Failure(f"took longer than {task.seconds:g} s"), task.seconds)
        return Done(Failure(f"ended abruptly (exit status {code} of its process)"))


def _enter_worker() -> None:
    """In a fresh worker: its limits, and silence, since standard output belongs to the report."""
    sys.setrecursionlimit(RECURSION_LIMIT)
    if sys.platform == "linux":  # data, not address space: a GPU driver reserves far more addresses than it uses
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_LIMIT, MEMORY_LIMIT))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)


if sys.platform == "win32":
    from multiprocessing.context import SpawnContext as _BaseContext
    from multiprocessing.context import SpawnProcess as _BaseProcess
else:
    from multiprocessing.context import ForkServerContext as _BaseContext
    from multiprocessing.context import ForkServerProcess as _BaseProcess


class _Process(_BaseProcess):
    """A process that imports what its task needs and never runs the caller's script again."""

    @staticmethod
    def _Popen(process_obj: Any) -> Any:
        with _without_main():
            return _BaseProcess._Popen(process_obj)


class _Context(_BaseContext):
    Process = _Process


def _start_server(threads: int) -> None:
    """Start the server that workers are forked from; it imports the floors while the command goes on."""
    if sys.platform != "win32":
        from multiprocessing import forkserver

        forkserver.set_forkserver_preload(list(PRELOAD))
        with _environment(threads):
            forkserver.ensure_running()


_launching = threading.Lock()


@contextlib.contextmanager
def _without_main() -> Iterator[None]:
    """While this thread starts a process, do not tell it of `__main__`.

    Otherwise each worker would run the user's script or notebook again, and a script without
    ``if __name__ == "__main__"`` could not call `lemmata.check` at all.
    """
    original, me = spawn.get_preparation_data, threading.get_ident()

    def without_main(name: str) -> dict[str, Any]:
        data: dict[str, Any] = dict(original(name))
        if threading.get_ident() == me:
            data.pop("init_main_from_name", None)
            data.pop("init_main_from_path", None)
        return data

    with _launching:
        spawn.get_preparation_data = without_main
        try:
            yield
        finally:
            spawn.get_preparation_data = original


@contextlib.contextmanager
def _environment(threads: int) -> Iterator[None]:
    """While the server starts: workers share the cores, and no file of the current folder is taken for a module."""
    changes = {"PYTHONSAFEPATH": "1", "OMP_NUM_THREADS": str(threads), "OPENBLAS_NUM_THREADS": str(threads)}
    before = {name: os.environ.get(name) for name in changes}
    os.environ.update(changes)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
