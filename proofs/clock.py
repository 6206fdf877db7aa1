"""The clock of every budget: processor time of the thread that works, so that a busy machine changes no verdict.

A search, a test in worlds and a run of samples each work in one thread.  What they wait for (a compiler, another
thread) is not counted; a task that waits for ever is ended by ``lemmata.workers``.
"""

from time import thread_time as now

__all__ = ["now"]
