# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""validate-jwt and validate-azure-ad-token (Microsoft Learn: validate-jwt-policy)."""

from __future__ import annotations

import time

from innergate_sandbox.gateway.errors import Failure
from innergate_sandbox.gateway.exchange import Exchange
from innergate_sandbox.gateway.expressions.library.credentials import Jwt, read_jwt, texts
from innergate_sandbox.gateway.pipeline.node import Node
from innergate_sandbox.gateway.pipeline.program import Action
from innergate_sandbox.gateway.pipeline.values import BadPolicy, Value
from innergate_sandbox.gateway.tokens import Keys, Rejected, key_of, verify

_MISSING, _INVALID = "JWT not present.", "Invalid JWT."


class Rules:
    """What a token has to fulfil."""

    def __init__(self, node: Node) -> None:
        """Read the children."""
        self.audiences = node.values("audiences", "audience")
        self.issuers = node.values("issuers", "issuer")
        self.documents = [child.require("url") for child in node.children("openid-config")]
        keys = node.child("issuer-signing-keys")
        self.keys = keys.children("key") if keys else []
        claims = node.child("required-claims")
        self.claims = [_claim(child) for child in claims.children("claim")] if claims else []
        self.expires = node.value("require-expiration-time", "true")
        self.signed = node.value("require-signed-tokens", "true")
        self.skew = node.value("clock-skew", "0")

    async def check(self, x: Exchange, token: str) -> Jwt:
        """Return the token read; Rejected if it is not good."""
        found = read_jwt(token)
        if found is None:
            raise Rejected("JwtInvalid", "The token is no JWT.")
        issuers = [await value.text(x) for value in self.issuers]
        keys: Keys = [await key_of(x, child) for child in self.keys]
        for document in self.documents:
            url = await document.text(x)
            published = await x.engine.key_sets.get(x.service, url, str(found.header.get("kid") or ""))
            keys.extend(published.keys)
            issuers += [published.issuer] if published.issuer else []
        if await self.signed.flag(x) or keys:
            verify(token, found.header, keys)
        self._times(found, await self.expires.flag(x), await self.skew.number(x))
        audiences = [await value.text(x) for value in self.audiences]
        if audiences and not set(audiences) & set(found.claims.get("aud", [])):
            raise Rejected("TokenAudienceNotAllowed", "The token's audience is not allowed.")
        if issuers and found.raw.get("iss") not in issuers:
            raise Rejected("TokenIssuerNotAllowed", "The token's issuer is not allowed.")
        for name, match, separator, values in self.claims:
            _check_claim(found, name, match, separator, [await value.text(x) for value in values])
        return found

    @staticmethod
    def _times(found: Jwt, needed: bool, skew: float) -> None:
        now, until, since = time.time(), found.raw.get("exp"), found.raw.get("nbf")
        if until is None and needed:
            raise Rejected("TokenExpired", "The token has no expiration time.")
        if isinstance(until, int | float) and now > until + skew:
            raise Rejected("TokenExpired", "The token is expired.")
        if isinstance(since, int | float) and now < since - skew:
            raise Rejected("TokenExpired", "The token is not valid yet.")


def _claim(node: Node) -> tuple[str, str, str, list[Value]]:
    values = [child.text for child in node.children("value")]
    return (
        node.require("name").fixed,
        node.choice("match", "all", "all", "any"),
        node.value("separator", "").fixed,
        values,
    )


def _check_claim(found: Jwt, name: str, match: str, separator: str, wanted: list[str]) -> None:
    if name not in found.raw:
        raise Rejected("TokenClaimNotFound", f"The token has no claim {name}.")
    present = texts(found.raw[name])
    if separator:
        present = [part for text in present for part in text.split(separator)]
    hits = [value in present for value in wanted]
    if wanted and not (all(hits) if match == "all" else any(hits)):
        raise Rejected("TokenClaimValueNotAllowed", f"The claim {name} has none of the values that are allowed.")


def _build(node: Node, rules: Rules, sources: int) -> Action:
    header, query, value = node.get("header-name"), node.get("query-parameter-name"), node.get("token-value")
    if sum(source is not None for source in (header, query, value)) != sources:
        raise BadPolicy(f"{node.name} needs exactly one of header-name, query-parameter-name and token-value")
    scheme = node.get("require-scheme")
    code = node.value("failed-validation-httpcode", "401")
    text = node.value("failed-validation-error-message", "")
    variable = node.get("output-token-variable-name")

    async def given(x: Exchange) -> str:
        """Return the caller's token without its scheme; empty if there is none."""
        if value is not None:
            return (await value.text(x)).strip()
        if query is not None:
            name = (await query.text(x)).lower()
            return next((found for key, found in x.request.pairs() if key.lower() == name), "")
        found = x.request.headers.get(await header.text(x) if header else "Authorization", "").strip()
        wanted = await scheme.text(x) if scheme else ""
        word, dummy, rest = found.partition(" ")
        if wanted and word.lower() != wanted.lower():
            return ""
        return rest.strip() if rest and (wanted or word.lower() == "bearer") else found

    async def run(x: Exchange) -> None:
        token = await given(x)
        try:
            if not token:
                raise Rejected("TokenNotPresent", _MISSING)
            found = await rules.check(x, token)
        except Rejected as error:
            default = _MISSING if error.reason == "TokenNotPresent" else _INVALID
            status = int(await code.number(x))
            raise Failure(status, await text.text(x) or default, error.reason, message=str(error)) from error
        if variable is not None:
            x.variables[await variable.text(x)] = found

    return run


def _validate_jwt(node: Node) -> Action:
    return _build(node, Rules(node), 1)


def _validate_entra(node: Node) -> Action:
    """validate-azure-ad-token: a validate-jwt whose keys and issuer are those of a tenant."""
    tenant = node.require("tenant-id")
    rules = Rules(node)
    prefix = tenant.literal
    document = f"https://login.microsoftonline.com/{prefix}/v2.0/.well-known/openid-configuration"
    rules.documents = [Value(document), Value(document.replace("/v2.0/", "/"))]
    clients = node.values("client-application-ids", "application-id")
    places = sum(node.has(name) for name in ("header-name", "query-parameter-name", "token-value"))
    check = _build(node, rules, places)
    variable = node.get("output-token-variable-name")
    code = node.value("failed-validation-httpcode", "401")

    async def run(x: Exchange) -> None:
        await check(x)
        allowed = [await value.text(x) for value in clients]
        name = await variable.text(x) if variable else ""
        token = x.variables.get(name) if name else read_jwt(x.request.headers.get("Authorization"))
        if allowed and isinstance(token, Jwt) and token.raw.get("appid", token.raw.get("azp")) not in allowed:
            message = "The application that the token was issued to is not allowed."
            raise Failure(int(await code.number(x)), _INVALID, "TokenClaimValueNotAllowed", message=message)

    return run


POLICIES = {"validate-jwt": _validate_jwt, "validate-azure-ad-token": _validate_entra}
