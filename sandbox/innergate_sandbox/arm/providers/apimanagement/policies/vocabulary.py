# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which policies there are, where they may stand and what they must have (Microsoft Learn: API Management policies).

"Only once": the reference pages say so of a section, or, of rate-limit and quota, of the whole document. But that of
`wait` has rate-limit in two branches of one document, so what counts here is the section itself, without its branches.
"""

from __future__ import annotations

from dataclasses import dataclass

IN, BACK, OUT, ERR = "inbound", "backend", "outbound", "on-error"
ALL = (IN, BACK, OUT, ERR)
GLOBAL, PRODUCT, API, OPERATION, WORKSPACE = "global", "product", "api", "operation", "workspace"
SCOPES = (GLOBAL, PRODUCT, API, OPERATION, WORKSPACE)


@dataclass(frozen=True)
class Policy:
    """One policy: the sections and scopes it may stand in (none named: all), and its required attributes.

    `either`: one of these must be there, and no more than one if `exclusive`. `once`: not twice in a section.
    """

    sections: tuple[str, ...] = ALL
    scopes: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    either: tuple[str, ...] = ()
    exclusive: bool = False
    once: bool = False


POLICIES: dict[str, Policy] = {
    "base": Policy(),
    "include-fragment": Policy(required=("fragment-id",)),
    # flow
    "choose": Policy(),
    "retry": Policy(required=("condition", "count", "interval")),
    "wait": Policy((IN, BACK, OUT)),
    "limit-concurrency": Policy(required=("key", "max-count")),
    "set-variable": Policy(required=("name", "value")),
    "trace": Policy(required=("source",)),
    "return-response": Policy(),
    "mock-response": Policy((IN, OUT, ERR)),
    "emit-metric": Policy(required=("name",)),
    "log-to-eventhub": Policy(required=("logger-id",)),
    # access
    "check-header": Policy(
        (IN,), required=("name", "failed-check-httpcode", "failed-check-error-message", "ignore-case")
    ),
    "get-authorization-context": Policy((IN,), required=("provider-id", "authorization-id", "context-variable-name")),
    "ip-filter": Policy((IN,), required=("action",)),
    "rate-limit": Policy((IN,), (PRODUCT, API, OPERATION), ("calls", "renewal-period"), once=True),
    "rate-limit-by-key": Policy((IN,), required=("calls", "renewal-period", "counter-key")),
    "quota": Policy((IN,), (PRODUCT,), ("renewal-period",), either=("calls", "bandwidth"), once=True),
    "quota-by-key": Policy((IN,), required=("renewal-period", "counter-key"), either=("calls", "bandwidth")),
    "validate-azure-ad-token": Policy((IN,)),
    "validate-jwt": Policy((IN,), either=("header-name", "query-parameter-name", "token-value"), exclusive=True),
    "validate-client-certificate": Policy((IN,)),
    # authentication to backends
    "authentication-basic": Policy((IN, BACK), required=("username", "password")),
    "authentication-certificate": Policy((IN, BACK)),
    "authentication-managed-identity": Policy((IN, BACK, OUT, ERR), required=("resource",)),
    # caching
    "cache-lookup": Policy((IN,), required=("vary-by-developer", "vary-by-developer-groups"), once=True),
    "cache-lookup-value": Policy(required=("key", "variable-name")),
    "cache-store": Policy((OUT,), required=("duration",), once=True),
    "cache-store-value": Policy(required=("key", "value", "duration")),
    "cache-remove-value": Policy(required=("key",)),
    # cross-domain
    "cors": Policy((IN,), once=True),
    "cross-domain": Policy((IN,)),
    "jsonp": Policy((OUT,), required=("callback-parameter-name",), once=True),
    # routing
    "forward-request": Policy((BACK,)),
    "set-backend-service": Policy((IN, BACK), either=("base-url", "backend-id"), exclusive=True),
    "proxy": Policy((IN,)),
    "rewrite-uri": Policy((IN,), required=("template",)),
    "http2": Policy(),
    # transformation
    "find-and-replace": Policy(required=("from", "to")),
    "json-to-xml": Policy((IN, OUT, ERR), required=("apply",)),
    "xml-to-json": Policy((IN, OUT, ERR), required=("kind", "apply")),
    "xsl-transform": Policy((IN, OUT)),
    "redirect-content-urls": Policy((IN, OUT), once=True),
    "set-body": Policy(),
    "set-header": Policy(required=("name",)),
    "set-method": Policy(),
    "set-query-parameter": Policy((IN, BACK), required=("name",)),
    "set-status": Policy(required=("code", "reason")),
    "set-url": Policy(),
    # other services
    "send-request": Policy(),
    "send-one-way-request": Policy(),
    "publish-to-dapr": Policy(),
    "send-service-bus-message": Policy(),
    "invoke-dapr-binding": Policy(),
    "invoke-request": Policy(),
    # content
    "validate-content": Policy(
        (IN, OUT, ERR), required=("unspecified-content-type-action", "max-size", "size-exceeded-action")
    ),
    "validate-parameters": Policy((IN,)),
    "validate-headers": Policy((OUT, ERR)),
    "validate-status-code": Policy((OUT, ERR), required=("unspecified-status-code-action",)),
    "validate-graphql-request": Policy((IN,)),
    "validate-odata-request": Policy((IN,)),
    "set-graphql-resolver": Policy((BACK,)),
    # language models
    "azure-openai-token-limit": Policy((IN,)),
    "llm-token-limit": Policy((IN,)),
    "azure-openai-emit-token-metric": Policy((IN,)),
    "llm-emit-token-metric": Policy((IN,)),
    "azure-openai-semantic-cache-lookup": Policy((IN,)),
    "llm-semantic-cache-lookup": Policy((IN,)),
    "azure-openai-semantic-cache-store": Policy((OUT,)),
    "llm-semantic-cache-store": Policy((OUT,)),
    "llm-content-safety": Policy((IN,)),
}

# elements that hold further policies
NESTS = {"choose": ("when", "otherwise"), "wait": ("choose", "send-request", "cache-lookup-value")}
HOLDERS = frozenset({"when", "otherwise", "retry", "limit-concurrency"})
CHILDREN = {  # of policies with few and well-known children
    "set-header": ("value",),
    "set-query-parameter": ("value",),
    "choose": ("when", "otherwise"),
    "cors": ("allowed-origins", "allowed-methods", "allowed-headers", "expose-headers"),
    "ip-filter": ("address", "address-range"),
    "rate-limit": ("api",),
    "quota": ("api",),
    "check-header": ("value",),
    "rate-limit-by-key": (),
    "base": (),
    "rewrite-uri": (),
    "set-backend-service": (),
    "include-fragment": (),
    "set-variable": (),
}
NEEDED = {  # children that a policy must have one of
    "choose": ("when",),
    "ip-filter": ("address", "address-range"),
    "cors": ("allowed-origins",),
}
EMPTY = frozenset(
    {
        "policies",
        *ALL,
        "base",
        "rewrite-uri",
        "include-fragment",
        "set-backend-service",
        "set-variable",
        "set-header",
        "choose",
        "cors",
        "forward-request",
        "rate-limit-by-key",
        "rate-limit",
        "quota",
        "quota-by-key",
        "ip-filter",
        "when",
        "otherwise",
        "retry",
        "limit-concurrency",
        "return-response",
    }
)  # without text of their own

NOT_FOR_WEBSOCKETS = frozenset(
    {"mock-response", "cache-lookup", "cache-store", "cross-domain", "cors", "jsonp", "set-method", "set-body",
     "xml-to-json", "json-to-xml", "xsl-transform", "validate-content", "validate-parameters", "validate-headers",
     "validate-status-code"}
)  # fmt: skip
"""What the policy of onHandshake cannot have, and handshakes skip in those of broader scopes (Learn: websocket-api)."""
