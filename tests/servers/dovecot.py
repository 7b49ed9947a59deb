"""A real Dovecot of one's own: high ports, mail in a folder that goes with it, no system service."""

import grp
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from imapclient import IMAPClient

from tests.servers.certificates import make_certificate

HOST = "127.0.0.1"
CONFIG = """
protocols = imap
listen = 127.0.0.1
base_dir = {root}/run
log_path = {root}/log
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{key}
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
first_valid_uid = 1
mail_max_userip_connections = 100
mail_location = maildir:~/Maildir
default_internal_user = {internal}
default_internal_group = {internal_group}
default_login_user = {login}
{capability}
namespace inbox {{
  inbox = yes
  prefix = {prefix}
  separator = {separator}
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={root}/home/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
"""


class DovecotMissing(Exception):  # noqa: N818 - a reason to skip, not an error
    """Dovecot cannot be started here; the message says why."""


class Dovecot:
    """One server; every user there is has the password given, and a mailbox as soon as somebody logs in.

    `port` speaks in clear and STARTTLS, `tls_port` TLS from the start. `capability` replaces what the server says it
    can do; `prefix` is that of the personal namespace (with "." between levels). Its folder is made `beneath`
    another one than the system's for temporary files.
    """

    def __init__(
        self, *, password: str = "demo", capability: str = "", prefix: str = "", beneath: str | None = None
    ) -> None:
        self.host = HOST
        self.password = password
        self.capability = capability
        self.prefix = prefix
        self.beneath = beneath
        self.root = Path()
        self.port = 0
        self.tls_port = 0

    def start(self) -> Self:
        """Starts the server and waits until it answers; DovecotMissing when there is none."""
        command = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
        if command is None:
            raise DovecotMissing("Dovecot is not installed (Debian: dovecot-imapd)")
        version = subprocess.run([command, "--version"], capture_output=True, text=True, check=True).stdout
        if not version.startswith("2.3"):
            raise DovecotMissing(f"these tests know the configuration of Dovecot 2.3, not {version.strip()}")
        # Not pytest's folder: as root the mail processes run as another user, who could not get into it.
        self.root = Path(tempfile.mkdtemp(prefix="dovecot-", dir=self.beneath))
        self.root.chmod(0o755)
        self.certificate = make_certificate(self.root)
        self.port, self.tls_port = _free_ports()
        (self.root / "conf").write_text(self._config())
        self._process = subprocess.Popen([command, "-F", "-c", str(self.root / "conf")])
        try:
            self._await_port()
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(10)
        # Sessions that were still open end a moment after their master, and write until then.
        until = time.monotonic() + 5
        while self.root.exists() and time.monotonic() < until:
            shutil.rmtree(self.root, ignore_errors=True)
            time.sleep(0.02)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def client(self, user: str = "demo") -> IMAPClient:
        """A session of one's own, logged in."""
        client = IMAPClient(HOST, self.port, ssl=False, timeout=10)
        client.login(user, self.password)
        client.normalise_times = False
        return client

    def append(self, raw: bytes, arrived_at: datetime | None = None, folder: str = "INBOX", user: str = "demo") -> None:
        client = self.client(user)
        client.append(folder, raw, msg_time=arrived_at or datetime.now(UTC))
        client.logout()

    def letters(self, folder: str = "INBOX", user: str = "demo") -> list[bytes]:
        """The letters of a folder as they lie there, in UID order; none when there is no such folder."""
        client = self.client(user)
        try:
            if not client.folder_exists(folder):
                return []
            client.select_folder(folder, readonly=True)
            found = client.fetch(client.search("ALL"), ["BODY.PEEK[]"])
            return [found[uid][b"BODY[]"] for uid in sorted(found)]
        finally:
            client.logout()

    def renew(self, user: str = "demo") -> None:
        """Forgets a user's mailbox; the next login finds another one, with a UIDVALIDITY of its own."""
        shutil.rmtree(self.root / "home" / user / "Maildir")

    def _config(self) -> str:
        as_root = os.getuid() == 0
        me = pwd.getpwuid(os.getuid())
        owner = pwd.getpwnam("nobody") if as_root else me
        home = self.root / "home"
        home.mkdir()
        if as_root:
            os.chown(home, owner.pw_uid, owner.pw_gid)
        return CONFIG.format(
            root=self.root,
            certificate=self.certificate.certificate,
            key=self.certificate.key,
            internal="dovecot" if as_root else me.pw_name,
            internal_group="dovecot" if as_root else grp.getgrgid(me.pw_gid).gr_name,
            login="dovenull" if as_root else me.pw_name,
            capability=f"imap_capability = {self.capability}" if self.capability else "",
            prefix=self.prefix,
            separator="." if self.prefix else "/",
            password=self.password,
            uid=owner.pw_uid,
            gid=owner.pw_gid,
            port=self.port,
            tls_port=self.tls_port,
        )

    def _await_port(self) -> None:
        until = time.monotonic() + 15
        while time.monotonic() < until and self._process.poll() is None:
            with suppress(OSError), socket.create_connection((HOST, self.port), 1):
                return
            time.sleep(0.02)
        log = self.root / "log"
        said = log.read_text() if log.exists() else "nothing in its log"
        raise RuntimeError(f"Dovecot does not start: {said}")


def _free_ports() -> tuple[int, int]:
    """Dovecot must be told its ports; both are held until both are known, so that they differ."""
    with socket.socket() as first, socket.socket() as second:
        first.bind((HOST, 0))
        second.bind((HOST, 0))
        return first.getsockname()[1], second.getsockname()[1]
