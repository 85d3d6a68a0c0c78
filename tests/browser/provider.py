"""An OpenID Connect provider on loopback: discovery, consent, code with PKCE, signed ID tokens.

It lets everybody choose who to be, and is strict in all else that a client could get wrong.
"""

import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import uuid4

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT_ID, CLIENT_SECRET = "the-page", "the-secret-of-the-page"
_LIFE_S = 300

Claims = Mapping[str, object]


@dataclass(kw_only=True)
class Provider:
    """Who may sign in, and the codes that were given out and not yet redeemed."""

    accounts: Mapping[str, Claims]
    """What the ID token says of each account, by the name of its link."""
    issuer: str = ""
    key: RSAKey = field(
        default_factory=lambda: RSAKey.generate_key(2048, parameters={"kid": "1", "use": "sig"})
    )
    codes: dict[str, tuple[str, dict[str, str]]] = field(default_factory=dict)

    def metadata(self) -> dict[str, object]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            "code_challenge_methods_supported": ["S256"],
        }

    def choice(self, asked: dict[str, str]) -> str:
        """Return the page on which a person says who they are."""
        assert asked["client_id"] == CLIENT_ID
        assert asked["response_type"] == "code"
        assert "openid" in asked["scope"].split()
        assert asked["code_challenge_method"] == "S256"
        links = []
        for name in self.accounts:
            code = uuid4().hex
            self.codes[code] = (name, asked)
            back = urlencode({"code": code, "state": asked["state"]})
            links.append(f'<p><a href="{asked["redirect_uri"]}?{back}">{name}</a></p>')
        return f"<title>Who are you?</title>{''.join(links)}"

    def tokens(self, sent: dict[str, str]) -> dict[str, object]:
        """Redeem a code, once, for whoever began with it."""
        name, asked = self.codes.pop(sent["code"])
        challenge = urlsafe_b64encode(sha256(sent["code_verifier"].encode()).digest())
        assert challenge.rstrip(b"=").decode() == asked["code_challenge"]
        assert sent["redirect_uri"] == asked["redirect_uri"]
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "sub": name,
            "nonce": asked["nonce"],
            "iat": now,
            "exp": now + _LIFE_S,
            **self.accounts[name],
        }
        signed = jwt.encode({"alg": "RS256", "kid": "1"}, claims, self.key)
        return {
            "access_token": uuid4().hex,
            "token_type": "Bearer",
            "expires_in": _LIFE_S,
            "id_token": signed,
        }


@contextmanager
def provided(accounts: Mapping[str, Claims]) -> Iterator[Provider]:
    """Run a provider on a free loopback port."""
    provider = Provider(accounts=accounts)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(provider))
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            if asked.path == "/.well-known/openid-configuration":
                self._send_json(provider.metadata())
            elif asked.path == "/jwks":
                self._send_json({"keys": [provider.key.as_dict(private=False)]})
            elif asked.path == "/authorize":
                self._send(provider.choice(dict(parse_qsl(asked.query))), "text/html")
            else:
                self.send_error(404)

        def do_POST(self) -> None:
            basic = urlsafe_b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
            assert self.path == "/token"
            assert self.headers["Authorization"] == f"Basic {basic}"
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._send_json(provider.tokens(dict(parse_qsl(body))))

        def _send_json(self, document: Mapping[str, object]) -> None:
            self._send(json.dumps(document), "application/json")

        def _send(self, text: str, kind: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            """Tests are silent."""

    return Handler
