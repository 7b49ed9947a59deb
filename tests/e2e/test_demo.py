"""The demo as it is started: every letter of the cast ends as it must, offers by a rule among the mails."""

import json
import subprocess
import sys
from email import message_from_bytes, policy
from pathlib import Path

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
