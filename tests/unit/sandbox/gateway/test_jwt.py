# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""validate-jwt."""

from __future__ import annotations

import base64
import json
import time
from typing import Any

import jwt
import pytest
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa
from unit.sandbox.gateway.world import World

SECRET = b"a secret of at least thirty-two bytes"
KEY = f"<issuer-signing-keys><key>{base64.b64encode(SECRET).decode()}</key></issuer-signing-keys>"


def token(secret: Any = SECRET, algorithm: str = "HS256", headers: dict[str, str] | None = None, **claims: Any) -> str:
    inner = {"exp": int(time.time()) + 600, "iss": "me", "aud": "you", **claims}
    return jwt.encode({name: value for name, value in inner.items() if value is not None}, secret, algorithm, headers)


def guarded(gateway: World, children: str = KEY, attributes: str = 'header-name="Authorization"') -> str:
    key = gateway.standard()
    gateway.inbound(
        "apis/random",
        f'<validate-jwt {attributes} output-token-variable-name="jwt">{children}</validate-jwt>'
        '<set-header name="X-Roles"><value>@(string.Join("+", ((Jwt)context.Variables["jwt"]).Claims'
        '.GetValueOrDefault("roles", new string[0])))'
        "</value></set-header>",
    )
    return key


async def call(gateway: World, key: str, value: str | None) -> Any:
    return await gateway.call("/random", key, headers={"Authorization": f"Bearer {value}"} if value else {})


async def test_a_good_token_passes_and_is_kept(gateway: World) -> None:
    key = guarded(gateway)
    answer = await call(gateway, key, token(roles=["a", "b"]))
    assert answer.status == 200
    assert answer.json["headers"]["x-roles"] == "a+b"


async def test_no_token(gateway: World) -> None:
    key = guarded(gateway)
    answer = await call(gateway, key, None)
    assert (answer.status, answer.body) == (401, b'{ "statusCode": 401, "message": "JWT not present." }')


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("nonsense", "JwtInvalid"),
        (token(b"x" * 32), "TokenSignatureInvalid"),
        (token(exp=1), "TokenExpired"),
        (token(exp=None), "TokenExpired"),
        (token(nbf=int(time.time()) + 600), "TokenExpired"),
        (jwt.encode({"exp": 9999999999}, None, "none"), "TokenSignatureKeyNotFound"),
    ],
)
async def test_a_bad_token_is_refused_with_a_reason_for_policies(gateway: World, value: str, reason: str) -> None:
    key = guarded(gateway)
    answer = await call(gateway, key, value)
    assert (answer.status, answer.body) == (401, b'{ "statusCode": 401, "message": "Invalid JWT." }')
    assert f"validate-jwt/{reason}:" in list(gateway.log.read())[-1].body["error"]


@pytest.mark.parametrize(
    ("children", "claims", "status"),
    [
        ("<audiences><audience>you</audience></audiences>", {}, 200),
        ("<audiences><audience>others</audience></audiences>", {}, 401),
        ("<issuers><issuer>me</issuer></issuers>", {}, 200),
        ("<issuers><issuer>others</issuer></issuers>", {}, 401),
        (
            '<required-claims><claim name="r" match="all"><value>1</value></claim></required-claims>',
            {"r": ["1", "2"]},
            200,
        ),
        (
            '<required-claims><claim name="r"><value>1</value><value>3</value></claim></required-claims>',
            {"r": ["1", "2"]},
            401,
        ),
        (
            '<required-claims><claim name="r" match="any"><value>1</value><value>3</value></claim></required-claims>',
            {"r": ["1"]},
            200,
        ),
        (
            '<required-claims><claim name="s" separator=" "><value>read</value></claim></required-claims>',
            {"s": "read write"},
            200,
        ),
        ('<required-claims><claim name="none" /></required-claims>', {}, 401),
    ],
)
async def test_audiences_issuers_and_claims(gateway: World, children: str, claims: dict[str, Any], status: int) -> None:
    key = guarded(gateway, KEY + children)
    assert (await call(gateway, key, token(**claims))).status == status


async def test_code_and_words_of_the_refusal_can_be_chosen(gateway: World) -> None:
    attributes = (
        'header-name="Authorization" failed-validation-httpcode="403" failed-validation-error-message="Not you"'
    )
    key = guarded(gateway, KEY, attributes)
    answer = await call(gateway, key, "nonsense")
    assert (answer.status, answer.body) == (403, b'{ "statusCode": 403, "message": "Not you" }')


async def test_the_token_may_be_in_the_query_or_any_expression(gateway: World) -> None:
    key = guarded(gateway, KEY, 'query-parameter-name="t"')
    assert (await gateway.call(f"/random?t={token()}", key)).status == 200
    attributes = 'token-value="@(context.Request.Headers.GetValueOrDefault("X-Token"))"'
    key = guarded(gateway, KEY, attributes)
    assert (await gateway.call("/random", key, headers={"X-Token": token()})).status == 200


async def test_the_scheme_may_be_asked_for(gateway: World) -> None:
    key = guarded(gateway, KEY, 'header-name="Authorization" require-scheme="Bearer"')
    assert (await call(gateway, key, token())).status == 200
    assert (await gateway.call("/random", key, headers={"Authorization": f"Basic {token()}"})).status == 401


async def test_keys_are_read_from_the_openid_document(gateway: World) -> None:
    private = rsa.generate_private_key(65537, 2048)
    jwk = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(private.public_key()))
    base = gateway.backend_url
    documents = [
        web.json_response({"issuer": "me", "jwks_uri": f"{base}/keys"}),
        web.json_response({"keys": [{**jwk, "kid": "k1", "use": "sig"}]}),
    ]
    gateway.answers += documents
    key = guarded(gateway, f'<openid-config url="{base}/openid" />')
    good = token(private, "RS256", {"kid": "k1"})
    assert (await call(gateway, key, good)).status == 200
    assert [told["path"] for told in gateway.seen] == ["/base/openid", "/base/keys", "/base"]
    assert (await call(gateway, key, good)).status == 200
    assert len(gateway.seen) == 4
    assert (await call(gateway, key, token(private, "RS256", {"kid": "k1"}, iss="other"))).status == 401
    assert (
        await call(gateway, key, token(rsa.generate_private_key(65537, 2048), "RS256", {"kid": "k1"}))
    ).status == 401


async def test_an_openid_document_that_cannot_be_read_is_a_500(gateway: World) -> None:
    key = guarded(gateway, '<openid-config url="http://nowhere.example/openid" />')
    assert (await call(gateway, key, token())).status == 500
