"""An OpenID provider over HTTP on loopback: discovery, PKCE, RS256 tokens, and faults a test can stage."""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import jwt
import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from werkzeug.exceptions import NotFound
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

CLIENT_ID, CLIENT_SECRET = "credit-counter", "a-secret-of-the-provider"


class OpenIdProvider:
    """Everybody who comes is `claims`; `id_token` and `userinfo` are changes of what is said where.

    `redirects` sends who asks for a path on to another address; `says` is what it answers there, whatever is asked.
    """

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.signs_with = self.key
        self.claims: dict[str, Any] = {"sub": "subject-1", "email": "owner@example.test", "email_verified": True}
        self.id_token: dict[str, Any] = {}
        self.userinfo: dict[str, Any] = {}
        self.asked: list[dict[str, str]] = []
        self.redirects: dict[str, str] = {}
        self.says: dict[str, str] = {}
        self.url = ""
        self._codes: dict[str, dict[str, str]] = {}

    def approve(self, address: str) -> str:
        """What the person's browser does with the portal's redirect: the address it is sent back to."""
        return str(requests.get(address, allow_redirects=False, timeout=5).headers["Location"])

    def __call__(self, environ: Any, start_response: Any) -> Any:
        request = Request(environ)
        answers = {
            "/.well-known/openid-configuration": self._configuration,
            "/authorize": self._authorize,
            "/token": self._token,
            "/userinfo": self._userinfo,
            "/keys": self._keys,
        }
        answer = answers.get(request.path)
        response: Any = answer(request) if answer else NotFound()
        if request.path in self.redirects:
            response = Response(status=307, headers={"Location": self.redirects[request.path]})
        if request.path in self.says:
            response = Response(self.says[request.path], content_type="application/json")
        return response(environ, start_response)

    def _configuration(self, _: Request) -> Response:
        names = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
        return _json(
            {
                "issuer": self.url,
                "jwks_uri": f"{self.url}/keys",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
                **{f"{name}_endpoint": f"{self.url}/{path}" for name, path in names.items()},
            }
        )

    def _authorize(self, request: Request) -> Response:
        self.asked.append(dict(request.args))
        code = secrets.token_urlsafe(16)
        self._codes[code] = dict(request.args)
        query = urlencode({"code": code, "state": request.args["state"]})
        return Response(status=302, headers={"Location": f"{request.args['redirect_uri']}?{query}"})

    def _token(self, request: Request) -> Response:
        began = self._codes.pop(request.form.get("code", ""), None)
        challenge = hashlib.sha256(request.form.get("code_verifier", "").encode()).digest()
        proved = began and base64.urlsafe_b64encode(challenge).decode().rstrip("=") == began["code_challenge"]
        if not began or not proved or request.form.get("client_secret") != CLIENT_SECRET:
            return _json({"error": "invalid_grant"}, status=400)
        now = int(time.time())
        standard = {"iss": self.url, "aud": CLIENT_ID, "iat": now, "exp": now + 60, "auth_time": now}
        claims = {**standard, "nonce": began["nonce"], **self.claims, **self.id_token}
        told = {name: value for name, value in claims.items() if value is not None}
        token = jwt.encode(told, self.signs_with, "RS256", headers={"kid": "key-1"})
        return _json({"access_token": "opaque", "token_type": "Bearer", "expires_in": 60, "id_token": token})

    def _userinfo(self, _: Request) -> Response:
        return _json({**self.claims, **self.userinfo})

    def _keys(self, _: Request) -> Response:
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return _json({"keys": [{**public, "kid": "key-1", "alg": "RS256", "use": "sig"}]})


@contextmanager
def running_provider() -> Iterator[OpenIdProvider]:
    provider = OpenIdProvider()
    server = make_server("127.0.0.1", 0, provider, threaded=True)
    provider.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _json(content: Any, status: int = 200) -> Response:
    return Response(json.dumps(content), status=status, content_type="application/json")
