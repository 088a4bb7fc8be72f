"""python -m sandbox: Nordwind on loopback until SIGTERM or Ctrl-C; says in one JSON line where it answers."""

import argparse
import json
import signal
import sys
import threading
from pathlib import Path

from .box import CONTROL_PLANES, FILES, Sandbox
from .controller.server import Controller
from .hris.kinds import SERVERS
from .sizes import SIZES

SAVE_EVERY = 2
"""Seconds between two looks at whether Slack has messages to keep; scenes are kept at once."""


def main() -> None:
    """Start everything, say where, wait for the end."""
    arguments = _arguments()
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    try:
        box = Sandbox(
            arguments.state,
            seed=arguments.seed,
            size=arguments.size,
            okta_port=arguments.okta_port,
            slack_port=arguments.slack_port,
            hris=arguments.hris,
            hris_port=arguments.hris_port,
            units=arguments.units,
            units_port=arguments.units_port,
            feed_dir=arguments.feed,
        )
    except ValueError as problem:
        sys.stderr.write(f"{problem}\n")
        raise SystemExit(1) from None
    with box, Controller(box, arguments.portal, arguments.control_port) as controller:
        where = {
            "okta_url": box.okta.url,
            "okta_token": box.okta.token,
            "slack": box.slack.api_url,
            "slack_token": box.slack.token,
            "dms": f"{box.slack.url}dms/",
            "controller": controller.url,
            "feed": str(box.feed_dir),
            "config": str(box.config),
            "variables": box.variables,
        }
        sys.stdout.write(json.dumps(where) + "\n")
        sys.stdout.flush()
        while not ended.wait(SAVE_EVERY):
            box.save_messages()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--okta-port", type=int, default=0, help="0: any free one")
    parser.add_argument("--slack-port", type=int, default=0)
    parser.add_argument("--hris", choices=(FILES, *SERVERS), default=FILES, help="the HR system it runs on")
    parser.add_argument("--hris-port", type=int, default=0)
    parser.add_argument("--units", choices=(FILES, *CONTROL_PLANES), default=FILES, help="its control plane")
    parser.add_argument("--units-port", type=int, default=0)
    parser.add_argument("--control-port", type=int, default=0)
    parser.add_argument("--state", type=Path, required=True, help="folder of its memory")
    parser.add_argument("--feed", type=Path, help="folder of the HR files; default: feed in the state's")
    parser.add_argument("--portal", default="http://127.0.0.1:8000", help="address to link to")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--size", choices=tuple(SIZES), default="demo")
    return parser.parse_args()


if __name__ == "__main__":
    main()
