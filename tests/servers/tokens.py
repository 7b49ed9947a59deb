"""A token endpoint on loopback that rotates refresh tokens as Microsoft does."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs


class TokenServer:
    """Takes each refresh token once and gives another with the access token.

    `asked` keeps the forms. `granted` the access tokens. `refusal` (status, error name) is
    answered instead while it is set.
    """

    def __init__(self, first: str = "refresh-0", *, lasts: int = 3600, rotating: bool = True) -> None:
        self.valid = first
        self.lasts = lasts
        self.rotating = rotating
        self.asked: list[dict[str, str]] = []
        self.granted: list[str] = []
        self.refusal: tuple[int, str] | None = None
        self._lock = threading.Lock()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                form = {key: values[0] for key, values in parse_qs(body).items()}
                status, answer = outer.answer(form)
                said = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

            def log_message(self, format: str, *args: Any) -> None:
                """The library prints each request otherwise."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/token"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        with self._lock:
            self.asked.append(form)
            if self.refusal:
                return self.refusal[0], {"error": self.refusal[1], "error_description": "demo@shop.example is no good"}
            if form.get("refresh_token") != self.valid:
                return 400, {"error": "invalid_grant"}
            self.granted.append(f"access-{len(self.granted)}")
            answer: dict[str, Any] = {"access_token": self.granted[-1], "expires_in": self.lasts}
            if self.rotating:
                self.valid = answer["refresh_token"] = f"refresh-{len(self.granted)}"
            return 200, answer

    def token_file(self, folder: Path) -> Path:
        """A file with the refresh token that is valid now."""
        file = folder / "refresh.token"
        file.write_text(self.valid + "\n")
        return file
