# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which policies there are, where they may stand and what they must have (Microsoft Learn: API Management policies)."""

from __future__ import annotations

from dataclasses import dataclass

IN, BACK, OUT, ERR = "inbound", "backend", "outbound", "on-error"
ALL = (IN, BACK, OUT, ERR)
GLOBAL, PRODUCT, API, OPERATION, WORKSPACE = "global", "product", "api", "operation", "workspace"
SCOPES = (GLOBAL, PRODUCT, API, OPERATION, WORKSPACE)


@dataclass(frozen=True)
class Policy:
    """One policy: the sections and scopes it may stand in (none named: all), and its required attributes."""

    sections: tuple[str, ...] = ALL
    scopes: tuple[str, ...] = ()
    required: tuple[str, ...] = ()


POLICIES: dict[str, Policy] = {
    "base": Policy(),
    "include-fragment": Policy(required=("fragment-id",)),
    # flow
    "choose": Policy(),
    "retry": Policy(required=("condition", "count", "interval")),
    "wait": Policy(),
    "limit-concurrency": Policy(required=("key", "max-count")),
    "set-variable": Policy(required=("name", "value")),
    "trace": Policy(required=("source",)),
    "return-response": Policy(),
    "mock-response": Policy((IN, OUT, ERR)),
    "emit-metric": Policy(required=("name",)),
    "log-to-eventhub": Policy(required=("logger-id",)),
    # access
    "check-header": Policy((IN,), required=("name", "failed-check-httpcode", "failed-check-error-message")),
    "get-authorization-context": Policy((IN,), required=("provider-id", "authorization-id", "context-variable-name")),
    "ip-filter": Policy((IN,), required=("action",)),
    "rate-limit": Policy((IN,), (PRODUCT, API, OPERATION, WORKSPACE), ("calls", "renewal-period")),
    "rate-limit-by-key": Policy((IN,), required=("calls", "renewal-period", "counter-key")),
    "quota": Policy((IN,), (PRODUCT,), ("renewal-period",)),
    "quota-by-key": Policy((IN,), required=("renewal-period", "counter-key")),
    "validate-azure-ad-token": Policy((IN,)),
    "validate-jwt": Policy((IN,)),
    "validate-client-certificate": Policy((IN,)),
    # authentication to backends
    "authentication-basic": Policy((IN, BACK), required=("username", "password")),
    "authentication-certificate": Policy((IN, BACK)),
    "authentication-managed-identity": Policy((IN, BACK, OUT, ERR), required=("resource",)),
    # caching
    "cache-lookup": Policy((IN,), required=("vary-by-developer", "vary-by-developer-groups")),
    "cache-lookup-value": Policy(required=("key", "variable-name")),
    "cache-store": Policy((OUT,)),
    "cache-store-value": Policy(required=("key", "value", "duration")),
    "cache-remove-value": Policy(required=("key",)),
    # cross-domain
    "cors": Policy((IN,)),
    "cross-domain": Policy((IN,)),
    "jsonp": Policy((OUT,)),
    # routing
    "forward-request": Policy((BACK,)),
    "set-backend-service": Policy((IN, BACK)),
    "proxy": Policy((IN,)),
    "rewrite-uri": Policy((IN,), required=("template",)),
    "http2": Policy(),
    # transformation
    "find-and-replace": Policy(required=("from", "to")),
    "json-to-xml": Policy((IN, OUT, ERR)),
    "xml-to-json": Policy((IN, OUT, ERR)),
    "xsl-transform": Policy((IN, OUT)),
    "redirect-content-urls": Policy((IN, OUT)),
    "set-body": Policy(),
    "set-header": Policy(required=("name",)),
    "set-method": Policy(),
    "set-query-parameter": Policy((IN, BACK), required=("name",)),
    "set-status": Policy(required=("code",)),
    "set-url": Policy(),
    # other services
    "send-request": Policy(),
    "send-one-way-request": Policy(),
    "publish-to-dapr": Policy(),
    "send-service-bus-message": Policy(),
    "invoke-dapr-binding": Policy(),
    "invoke-request": Policy(),
    # content
    "validate-content": Policy((IN, OUT, ERR)),
    "validate-parameters": Policy((IN,)),
    "validate-headers": Policy((OUT, ERR)),
    "validate-status-code": Policy((OUT, ERR)),
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
EMPTY = frozenset(
    {
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
    }
)  # without text of their own
