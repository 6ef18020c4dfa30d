"""Signals that ask the program to end are handled as Ctrl-C is; the exit code names the signal."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from planner.cli.stopping import Signalled, stoppable

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals are sent")


def test_what_handles_ctrl_c_handles_sigterm_while_it_lasts() -> None:
    with stoppable() as stopping:
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGTERM)
        assert stopping.code(130, 130) == 143
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_a_second_signal_does_not_disturb_the_clearing_up() -> None:
    with stoppable() as stopping:
        with pytest.raises(Signalled):
            os.kill(os.getpid(), signal.SIGTERM)
        os.kill(os.getpid(), signal.SIGTERM)
        os.kill(os.getpid(), signal.SIGHUP)
        assert stopping.number == signal.SIGTERM


def test_an_ignored_signal_stays_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with stoppable():
            os.kill(os.getpid(), signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)


def test_without_a_signal_the_exit_code_is_the_commands() -> None:
    with stoppable() as stopping:
        assert [stopping.code(code, 130) for code in (0, 1, 2, 3, 130)] == [0, 1, 2, 3, 130]


def test_plan_ends_on_sigterm_with_a_message_and_leaves_nothing_unfinished(tmp_path: Path) -> None:
    words = ["plan", "--out", str(tmp_path / "out"), "--ops", "100000000", "--no-progress"]
    process = subprocess.Popen(
        [sys.executable, "-m", "planner.cli", *words], cwd=Path(__file__).parents[2], stderr=subprocess.PIPE
    )
    while not list(tmp_path.glob("out/.operation_sequence*")):
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(signal.SIGTERM)
    told = process.communicate()[1].decode()
    assert process.returncode == 143
    assert told == "nandplan: interrupted: nothing of the unfinished run was kept\n"
    assert not list((tmp_path / "out").iterdir())


def test_a_plan_leaves_ctrl_c_as_it_was(tmp_path: Path) -> None:
    """The solver would take the signal over, and give it to the system afterwards: the process would be gone."""
    program = """
import os, signal, sys
from planner import plan
signal.signal(signal.SIGINT, signal.default_int_handler)
plan(out=sys.argv[1], ops=20)
try:
    os.kill(os.getpid(), signal.SIGINT)
    signal.pause()
except KeyboardInterrupt:
    print("caught")
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "caught\n")
