"""The worker's processes: watched, started again after a sudden death, ended within ten seconds.

    qcluster (this command) ── sentinel ── worker, worker, pusher, monitor

The command holds a lifeline. When it lets go, or dies, the sentinel ends its processes in order; when the
sentinel dies, its processes end at once and the command starts a new one. Only the command listens to
SIGTERM and SIGINT: service managers and terminals send them to all processes at the same moment, and a
sentinel that ends first would leave the others without anybody who stops them in order.
"""

import logging
import multiprocessing
import os
import signal
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterable
from contextlib import suppress
from multiprocessing.connection import Connection
from queue import Empty, Full
from typing import Any

import psutil
from django.db import DatabaseError, InterfaceError, close_old_connections, connections
from django_q import cluster
from django_q.conf import Conf
from django_q.monitor import monitor
from django_q.pusher import pusher
from django_q.scheduler import scheduler
from django_q.worker import worker

from .database_away import Outage, is_away
from .timetable import keep_timetable

logger = logging.getLogger(__name__)

LOOK_EVERY = 0.5
"""Seconds between two looks at the timetable, which take two short statements; an early sync waits."""
GRACE = 5
"""Seconds a task that runs may still take when the worker is asked to end; then it is killed."""
STOP_SECONDS = 8
"""Until the sentinel itself is killed."""
RESTART_SECONDS = 5
"""Before a sentinel is started again, so that a lasting fault does not fill the log."""
TICK = 0.2
IDLE = -1
"""The library's mark of a worker that waits for a task."""
FORK = multiprocessing.get_context("fork")


class Lifeline:
    """Tells the sentinel to end; the kernel does it when the process that holds the other end dies."""

    def __init__(self, reader: Connection) -> None:
        self._reader = reader

    def is_set(self) -> bool:
        """True when the sentinel shall end."""
        return self.wait(0)

    def wait(self, seconds: float) -> bool:
        """The same, after waiting for it for so long."""
        return self._reader.poll(seconds)


class Patient:
    """The library's broker for processes that would end with a trace when the database is away."""

    def __init__(self, broker: Any) -> None:
        self._broker = broker

    def __getattr__(self, name: str) -> Any:
        return getattr(self._broker, name)

    def dequeue(self) -> Any:
        """The next tasks; none while the database is away, of which the sentinel speaks."""
        try:
            return self._broker.dequeue()
        except (DatabaseError, InterfaceError) as error:
            if not is_away(error):
                raise
            close_old_connections()
            time.sleep(LOOK_EVERY)

    def acknowledge(self, task: Any) -> None:
        """A task that cannot be taken off the queue now is handed out again, which does no harm."""
        try:
            self._broker.acknowledge(task)
        except (DatabaseError, InterfaceError) as error:
            if not is_away(error):
                raise


class QueueLost(RuntimeError):
    """A process was killed while it may have held the lock of a queue: nobody else would ever get it."""


class Sentinel(cluster.Sentinel):  # type: ignore[misc]  # the library has no types
    """The library's sentinel, with our timetable, our way to end, and no trust in a dead process's locks."""

    def __init__(self, lifeline: Lifeline) -> None:
        super().__init__(lifeline, threading.Event(), uuid.uuid4(), start=False)
        self.outage = Outage()
        signal.signal(signal.SIGTERM, signal.SIG_IGN)

    def spawn_process(self, target: Callable[..., None], *args: Any) -> Any:
        """A process that does not outlive the sentinel."""
        process: Any = FORK.Process(target=_bound, args=(target, *args), daemon=True)
        if target is worker:
            process.timer = args[2]
            self.pool.append(process)
        process.start()
        return process

    def spawn_pusher(self) -> Any:
        return self.spawn_process(pusher, self.task_queue, self.event_out, Patient(self.broker))

    def spawn_monitor(self) -> Any:
        return self.spawn_process(monitor, self.result_queue, Patient(self.broker))

    def guard(self) -> None:
        """Until the lifeline ends: keep the timetable, wake what is due, replace what died."""
        self.start_event.set()
        look = 0.0
        try:
            while not self.stop_event.wait(Conf.GUARD_CYCLE):
                self._tend()
                if time.monotonic() >= look:
                    _look(self.broker, self.outage)
                    look = time.monotonic() + LOOK_EVERY
        except QueueLost:
            logger.error("a process of the worker was killed and may have kept a queue locked")  # noqa: TRY400 (no trace is needed)
            self._kill_all()
            sys.exit(1)
        self.stop()

    def stop(self) -> None:
        """End in order: no new tasks, let running ones finish for a moment, keep their results."""
        self.event_out.set()
        with suppress(Empty):
            while True:
                self.task_queue.get_nowait()  # The queue hands it out again, or the next wake does.
        with suppress(Full):
            for _ in self.pool:
                self.task_queue.put_nowait("STOP")
        _join([self.pusher, *self.pool], GRACE)
        self.result_queue.put("STOP")
        _join([self.monitor], 1)
        self._kill_all()

    def _kill_all(self) -> None:
        for process in [self.pusher, *self.pool, self.monitor]:
            process.kill()
            process.join()
        # A feeder thread that waits for a killed process would keep this one from ending.
        for queue in (self.task_queue, self.result_queue):
            queue.cancel_join_thread()

    def _tend(self) -> None:
        """Replace what died or takes too long. Raises QueueLost."""
        for process in list(self.pool):
            lock = process.timer.get_lock()
            if not lock.acquire(True, 1):
                raise QueueLost
            try:
                self._tend_worker(process)
            finally:
                lock.release()
        for process in (self.pusher, self.monitor):
            if not process.is_alive():
                if process.exitcode < 0:
                    raise QueueLost
                self.reincarnate(process)

    def _tend_worker(self, process: Any) -> None:
        left = process.timer.value
        if not process.is_alive():
            # A worker waits for its next task with the queue locked.
            if process.exitcode < 0 and left == IDLE:
                raise QueueLost
            self.reincarnate(process)
        elif left == 0:
            process.kill()
            self.reincarnate(process)
        elif left > 0:
            process.timer.value = max(0, left - Conf.GUARD_CYCLE)


def run() -> None:
    """Runs the worker until SIGTERM or SIGINT; a sentinel that ends by itself is started again."""
    signals: list[int] = []  # Not an Event: its lock may be held when a second signal comes.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _: signals.append(number))
    while not signals:
        connections.close_all()  # A connection must not be shared with a fork.
        reader, writer = FORK.Pipe(duplex=False)
        sentinel = FORK.Process(target=_watch_over, args=(reader, writer))
        sentinel.start()
        reader.close()
        while sentinel.is_alive() and not signals:
            sentinel.join(TICK)
        writer.close()
        _end(sentinel)
        if not signals:
            logger.error("the worker's processes ended (%s); starting again", sentinel.exitcode)
        until = time.monotonic() + RESTART_SECONDS
        while not signals and time.monotonic() < until:
            time.sleep(TICK)


def _watch_over(reader: Connection, writer: Connection) -> None:
    writer.close()
    Sentinel(Lifeline(reader)).start()


def _look(broker: Any, outage: Outage) -> None:
    """Keep the timetable and put what is due into the queue; a database that is away is asked again later."""
    try:
        keep_timetable()
    except (DatabaseError, InterfaceError) as error:
        close_old_connections()
        outage.goes_on(error)
        return
    outage.is_over()
    scheduler(broker=broker)


def _bound(target: Callable[..., None], *args: Any) -> None:
    """Runs `target` in a process that ends when its parent dies."""
    threading.Thread(target=_die_with_parent, daemon=True).start()
    target(*args)


def _die_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
    os._exit(1)


def _join(processes: Iterable[Any], seconds: float) -> None:
    """Waits for all of them, so long at most."""
    until = time.monotonic() + seconds
    for process in processes:
        process.join(max(0, until - time.monotonic()))


def _end(sentinel: Any) -> None:
    """Waits for the sentinel; one that does not end is killed with everything below it."""
    below = psutil.Process(sentinel.pid).children(recursive=True) if sentinel.is_alive() else []
    sentinel.join(STOP_SECONDS)
    if sentinel.is_alive():
        sentinel.kill()
        sentinel.join()
    for process in below:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(below, timeout=1)
