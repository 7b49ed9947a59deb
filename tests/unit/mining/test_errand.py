"""What the mining process is given: the shop database and no secret besides."""

from daemon.mining.process import environment


def test_the_process_inherits_nothing_of_the_shops_settings() -> None:
    ours = {
        "PATH": "/bin",
        "MAILORDER_DATABASE__VAULT_URL": "postgresql://vault",
        "MAILORDER_SMTP__PASSWORD": "secret",
        "OMP_NUM_THREADS": "64",
    }
    theirs = environment(ours)
    assert theirs["PATH"] == "/bin"
    assert theirs["OMP_NUM_THREADS"] == "1"
    assert not [name for name in theirs if name.startswith("MAILORDER_")]
