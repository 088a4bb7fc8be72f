"""How the portal is served: `gunicorn --config deploy/gunicorn.conf.py portal.wsgi`.

What stands here can be given on the command line too, and the command line wins.
"""

import os
import signal
import subprocess
import sys
from pathlib import Path

bind = os.environ.get("WEB_BIND", "127.0.0.1:8000")
# Two processes, so that one that is busy or has died is not all of them; threads, since a page mostly waits
# for the database. Each thread may hold one database connection: workers times threads of them.
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
threads = 6
timeout = 60
graceful_timeout = 8
# A process is renewed now and then; the spread keeps the two from doing it together.
max_requests = 5000
max_requests_jitter = 1000
# What is longer gunicorn answers itself, without a page; up to there the portal does, with one that says why.
limit_request_line = 8190
# Its control socket lies in the home folder, and a service user has none.
control_socket_disable = True


def on_starting(server):
    """A wrong setting ends the start with manage.py's sentence; web processes would say it with traces."""
    if status := settings_status():
        sys.exit(status)


def on_reload(server):
    """After SIGHUP with a wrong setting nothing new is started, and the web processes there are go on."""
    if settings_status():
        server.log.error("not reloaded: the web processes go on with the settings of before")
        server.cfg.set("workers", 0)  # This time; the next reload reads the number again.


def settings_status():
    """What a command ends with that only reads the settings: 0 where they are good; it says what is wrong."""
    manage = Path(__file__).resolve().parent.parent / "manage.py"
    # In a process of its own: what this one has loaded a reload would not load again.
    checked = subprocess.run([sys.executable, manage, "version"], stdout=subprocess.DEVNULL, check=False)  # noqa: S603
    return checked.returncode


def worker_exit(server, worker):
    """A second SIGTERM (to the whole control group, then from the parent) must not cut off the goodbye."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
