"""`/oauth2/access_token` and the look-up of the account's address.

Source of the errors: real answers collected in issues of clients; those about an expired, foreign or unreadable refresh
token are what the library behind amoCRM's words (league/oauth2-server) says, and were not seen.
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from urllib.parse import parse_qsl, urlsplit

from carquery_emulators.amocrm.account.tokens import ACCESS_SECONDS, CODE_SECONDS, Token, Tokens
from carquery_emulators.amocrm.account.world import ACCOUNT_ID
from carquery_emulators.amocrm.faults import Faults
from carquery_emulators.amocrm.requests.answers import oauth_problem, plain_json, unauthorized
from carquery_emulators.amocrm.requests.call import ApiCall, Route
from carquery_emulators.kit.answers import Answer, Refused


class OAuth:
    """One integration in one account.

    A refresh token is good once. Whoever uses it again loses the whole family: that is the strict reading, as nothing
    is documented.
    """

    def __init__(
        self, tokens: Tokens, faults: Faults, *, client_id: str, client_secret: str, redirect_uri: str, subdomain: str
    ) -> None:
        self._tokens = tokens
        self._faults = faults
        self._client = (client_id, client_secret)
        self._redirect_uri = redirect_uri
        self._subdomain = subdomain

    def routes(self) -> Sequence[Route]:
        return (
            Route("POST", "/oauth2/access_token", self._access_token),
            Route("GET", "/oauth2/account/current/subdomain", self._address_by_refresh_token),
            Route("GET", "/oauth2/account/subdomain", self._address_by_access_token),
        )

    def _access_token(self, call: ApiCall) -> Answer:
        given = _parameters(call)
        grants = {"authorization_code": self._exchange, "refresh_token": self._refresh}
        for name in ("client_id", "client_secret"):
            _needed(given, name)
        grant = grants.get(given.get("grant_type", ""))
        if grant is None:
            raise _refused("Check that all required parameters have been provided")
        if (given["client_id"], given["client_secret"]) != self._client:
            raise _wrong_client()
        access, refresh = grant(given)
        return plain_json(
            {
                "token_type": "Bearer",
                "expires_in": ACCESS_SECONDS,
                "server_time": int(self._tokens.now()),
                "access_token": access,
                "refresh_token": refresh,
            }
        )

    def _exchange(self, given: Mapping[str, str]) -> tuple[str, str]:
        if _needed(given, "redirect_uri") != self._redirect_uri:
            raise _refused("Redirect URI is not associated with client")
        code = self._tokens.codes.get(_needed(given, "code"))
        if code is None:
            raise _refused("Cannot decrypt the authorization code")
        if not code.is_of_this_account:
            raise _refused("Invalid account")
        if self._tokens.is_over(code.issued_at + CODE_SECONDS):
            raise _refused("Authorization code has expired")
        if code.is_used:
            raise _refused("Authorization code has been revoked")
        code.is_used = True
        return self._tokens.new_pair()

    def _refresh(self, given: Mapping[str, str]) -> tuple[str, str]:
        if _needed(given, "redirect_uri") != self._redirect_uri:
            raise _wrong_client()
        token = self._tokens.refresh.get(_needed(given, "refresh_token"))
        if token is None:
            raise _rejected("Cannot decrypt the refresh token")
        if token.client_id != self._client[0]:
            raise _rejected("Token is not linked to client")
        if token.is_revoked:
            self._tokens.revoke_family(token.family)
            raise _rejected("Token has been revoked")
        if self._tokens.is_over(token.ends_at):
            raise _rejected("Token has expired")
        token.is_revoked = True
        if self._faults.refresh_revokes_access:
            self._tokens.revoke_access(token.family)
        return self._tokens.new_pair(family=token.family)

    def _address_by_refresh_token(self, call: ApiCall) -> Answer:
        """The token is not spent by it."""
        token: Token | None = self._tokens.refresh.get(call.headers.get("X-Refresh-Token", ""))
        if token is None or token.is_revoked or self._tokens.is_over(token.ends_at):
            return unauthorized()
        return self._address(call)

    def _address_by_access_token(self, call: ApiCall) -> Answer:
        return self._address(call) if self._tokens.is_good(call.bearer) else unauthorized()

    def _address(self, call: ApiCall) -> Answer:
        host = urlsplit(call.origin).netloc
        return plain_json({"id": ACCOUNT_ID, "subdomain": self._subdomain, "domain": host, "top_level_domain": "ru"})


def _parameters(call: ApiCall) -> Mapping[str, str]:
    """A form or JSON: the documentation shows JSON, amoCRM's own client sends forms."""
    if call.headers.get("Content-Type", "").startswith("application/x-www-form-urlencoded"):
        return dict(parse_qsl(call.body.decode("utf-8", "replace"), keep_blank_values=True))
    try:
        body = call.json()
    except Refused:
        body = None
    return {name: value for name, value in body.items() if isinstance(value, str)} if isinstance(body, dict) else {}


def _needed(given: Mapping[str, str], name: str) -> str:
    if not given.get(name):
        raise _refused(f"Check the `{name}` parameter")
    return given[name]


def _refused(hint: str) -> Refused:
    return Refused(oauth_problem(HTTPStatus.BAD_REQUEST, hint))


def _rejected(hint: str) -> Refused:
    return Refused(oauth_problem(HTTPStatus.UNAUTHORIZED, hint))


def _wrong_client() -> Refused:
    return Refused(oauth_problem(HTTPStatus.UNAUTHORIZED, None))
