"""The demo as it is started: every letter of the cast ends as it must, offers by a rule among the mails."""

import json
import signal
import subprocess
import sys
import threading
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from daemon.cli.demo import play
from daemon.cli.screen import Screen
from tests.e2e.daemon_process import clean_environment

COMMAND = str(Path(sys.executable).with_name("mailorder"))


def test_the_demo_plays_and_checks_itself(tmp_path: Path) -> None:
    command = [COMMAND, "demo", "--once", "--json", "--out", str(tmp_path / "mails")]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=110)
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["ok"]
    answers = [kind for scene in told["scenes"] for kind in scene["answers"]]
    assert answers.count("offer") == 5
    assert [scene["reason"] for scene in told["scenes"] if "preferences" in scene["answers"]] == ["stopped"]
    offers = [mail for mail in texts(tmp_path / "mails") if mail.startswith("After your order")]
    assert len(offers) == 5
    assert all("also had it" in mail for mail in offers), "a rule fires for each of them"


def texts(folder: Path) -> list[str]:
    mails = (message_from_bytes(path.read_bytes(), policy=policy.default) for path in folder.glob("*.eml"))
    return [part.get_content() for mail in mails if (part := mail.get_body(("plain",)))]


def test_a_demo_ended_before_it_began_says_so_and_blames_nobody(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stop = threading.Event()
    stop.set()
    (tmp_path / "mails").mkdir()
    played = play(tmp_path / "books", tmp_path / "mails", Screen(), stop, stay=True)
    assert (played.ended, list(played.shown)) == (True, [])
    told = capsys.readouterr().out
    assert "Ended before the last scene: 0 played, 0 as they should be." in told
    assert "not as it should be" not in told


def test_ctrl_c_within_the_scenario_ends_it_cleanly(tmp_path: Path) -> None:
    command = [COMMAND, "demo", "--out", str(tmp_path / "mails")]
    environment = clean_environment(PYTHONUNBUFFERED="1")
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=tmp_path, env=environment) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("  decided"):
                process.send_signal(signal.SIGINT)
                break
        rest = process.stdout.read()
        assert process.wait(30) == 130
    assert "Ended before the last scene" in rest
    assert "not as it should be" not in rest
