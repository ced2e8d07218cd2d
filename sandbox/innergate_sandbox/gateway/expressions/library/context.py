# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The `context` of policy expressions (Microsoft Learn: api-management-policy-expressions, "Context variable")."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from multidict import CIMultiDict

from innergate_sandbox.gateway.configuration.model import Api, Operation, Product, Subscription, User
from innergate_sandbox.gateway.errors import LastError
from innergate_sandbox.gateway.expressions.convert import convert
from innergate_sandbox.gateway.expressions.format import TEXTS
from innergate_sandbox.gateway.expressions.library import credentials, json_tokens, xml
from innergate_sandbox.gateway.expressions.library.text import Uri
from innergate_sandbox.gateway.expressions.members import Kind
from innergate_sandbox.gateway.expressions.syntax import TypeName
from innergate_sandbox.gateway.expressions.values import EnumValue, Pair, Record, Reference, items
from innergate_sandbox.gateway.forwarding.address import current_url, service_url
from innergate_sandbox.gateway.messages import Body, Request, Response, Url

if TYPE_CHECKING:
    from innergate_sandbox.gateway.exchange import Exchange

__all__ = ["Context", "credentials"]


class Context:
    """`context`."""

    def __init__(self, x: Exchange) -> None:
        """Take the call."""
        self.x = x


class RequestView:
    """`context.Request`: the request as policies made it so far."""

    def __init__(self, x: Exchange) -> None:
        """Take the call."""
        self.x = x
        self.request = x.request


class QueryView:
    """The query of a URL as a dictionary of arrays."""

    def __init__(self, query: str) -> None:
        """Take the encoded query."""
        self.values = parse_qs(query, keep_blank_values=True)

    def __iter__(self) -> Iterator[Pair]:
        """Yield the pairs."""
        return iter(items(self.values))


context = Kind("IProxyRequestContext", Context)
context.properties.update(
    {
        "Api": lambda c: c.x.api,
        "Operation": lambda c: c.x.operation,
        "Product": lambda c: c.x.product,
        "Subscription": lambda c: c.x.subscription,
        "User": lambda c: c.x.service.users.get(c.x.subscription.owner or "") if c.x.subscription else None,
        "Request": lambda c: RequestView(c.x),
        "Response": lambda c: c.x.response,
        "Variables": lambda c: c.x.variables,
        "LastError": lambda c: c.x.last_error,
        "RequestId": lambda c: c.x.request_id,
        "Timestamp": lambda c: c.x.started,
        "Elapsed": lambda c: timedelta(seconds=c.x.engine.clock.time() - c.x.clock_start),
        "Tracing": lambda c: c.x.trace is not None,
        "Deployment": lambda c: _deployment(c.x),
    }
)
context.methods["Trace"] = lambda c, *words: c.x.note("expression", " ".join(str(word) for word in words))


def _deployment(x: Exchange) -> Record:
    gateway = Record(Id="managed", InstanceId="0", IsManaged=True)
    return Record(
        Region=x.service.location,
        ServiceId=x.service.id,
        ServiceName=x.service.name,
        GatewayId="managed",
        Gateway=gateway,
        Certificates={},
    )


request = Kind("IRequest", RequestView)
request.properties.update(
    {
        "Body": lambda view: view.request.body,
        "Headers": lambda view: view.request.headers,
        "Method": lambda view: view.request.method,
        "IpAddress": lambda view: view.request.ip,
        "MatchedParameters": lambda view: view.request.parameters,
        "OriginalUrl": lambda view: view.request.original,
        "Url": lambda view: current_url(view.x),
        "Certificate": lambda view: None,
        "Foreign": lambda view: None,
    }
)
TEXTS[RequestView] = lambda view: f"{view.request.method} {view.request.original}"
TEXTS[Request] = lambda value: f"{value.method} {value.original}"

response = Kind("IResponse", Response)
response.properties.update(
    {
        "Body": lambda value: value.body,
        "Headers": lambda value: value.headers,
        "StatusCode": lambda value: value.status,
        "StatusReason": lambda value: value.reason or "",
    }
)

body = Kind("IMessageBody", Body)


def _read_as(value: Body, *options: Any, types: tuple[TypeName, ...] = (), preserve_content: bool = False) -> Any:
    """Return `Body.As<T>(preserveContent)`; unless preserved the content is gone afterwards, as in the real gateway."""
    data = value.loaded
    if not (preserve_content or (options and options[0] is True)):
        value.set(b"")
    wanted = types[0].name if types else "string"
    if types and (types[0].arrays or wanted == "ArraySegment"):
        return data
    text = data.decode("utf-8-sig", "replace")
    if wanted in ("JObject", "JArray", "JToken", "JContainer", "JValue"):
        found = json_tokens.parse(text)
        return found if wanted != "JObject" else json_tokens.parse_as(json_tokens.Object, "JObject")(text)
    if wanted in ("XDocument", "XNode", "XElement"):
        document = xml.parse(text)
        return document if wanted == "XDocument" else xml.XElement(document.root)
    return text if wanted in ("string", "String", "object") else convert(text, types[0])


def _form(value: Body, *options: Any, preserve_content: bool = False) -> dict[str, list[str]]:
    text = _read_as(value, *options, preserve_content=preserve_content)
    return parse_qs(text, keep_blank_values=True)


body.method("As", generic=True)(_read_as)
body.methods["AsFormUrlEncodedContent"] = _form

headers = Kind("IHeaders", CIMultiDict)


def _header(value: CIMultiDict[str], name: str, fallback: Any = None, types: tuple[TypeName, ...] = ()) -> Any:
    found = value.getall(name, None)
    return fallback if found is None else ",".join(found)


def _try_header(value: CIMultiDict[str], name: str, target: Reference) -> bool:
    target.value = value.getall(name, None)
    return target.value is not None


headers.get_item = lambda value, name: value.getall(name)
headers.method("GetValueOrDefault", generic=True)(_header)
headers.methods.update(
    {
        "ContainsKey": lambda value, name: name in value,
        "TryGetValue": _try_header,
    }
)
headers.properties.update(
    {"Keys": lambda value: list(dict.fromkeys(value.keys())), "Count": lambda value: len(set(value))}
)


url = Kind("IUrl", Url)
url.properties.update(
    {
        "Host": lambda value: value.host,
        "Port": lambda value: value.effective_port,
        "Scheme": lambda value: value.scheme,
        "Path": lambda value: value.path,
        "Query": lambda value: QueryView(value.query),
        "QueryString": lambda value: f"?{value.query}" if value.query else "",
    }
)
url.methods["ToUri"] = lambda value: Uri(value.scheme, value.host, value.port, value.path, value.query)
query = Kind("IQuery", QueryView)
query.get_item = lambda value, name: value.values[name]
query.method("GetValueOrDefault", generic=True)(
    lambda value, name, fallback=None, types=(): ",".join(value.values[name]) if name in value.values else fallback
)


def _try_query(value: QueryView, name: str, target: Reference) -> bool:
    target.value = value.values.get(name)
    return name in value.values


query.methods.update(
    {
        "ContainsKey": lambda value, name: name in value.values,
        "TryGetValue": _try_query,
    }
)
query.properties.update({"Keys": lambda value: list(value.values), "Count": lambda value: len(value.values)})

# -- what the call is for ---------------------------------------------------------------------------------------------

api = Kind("IApi", Api)
api.properties.update(
    {
        "Id": lambda value: value.id,
        "Name": lambda value: value.name,
        "Path": lambda value: value.path,
        "Revision": lambda value: value.revision,
        "IsCurrentRevision": lambda value: value.current,
        "Version": lambda value: value.version or None,
        "ServiceUrl": service_url,
        "Protocols": lambda value: sorted(value.protocols),
        "Workspace": lambda value: None,
    }
)
operation = Kind("IOperation", Operation)
operation.properties.update(
    {
        "Id": lambda value: value.id,
        "Name": lambda value: value.name,
        "Method": lambda value: value.method,
        "UrlTemplate": lambda value: value.template.text,
    }
)
product = Kind("IProduct", Product)
product.properties.update(
    {
        "Id": lambda value: value.id,
        "Name": lambda value: value.name,
        "ApprovalRequired": lambda value: value.approval_required,
        "SubscriptionRequired": lambda value: not value.open,
        "SubscriptionLimit": lambda value: value.subscriptions_limit,
        "SubscriptionsLimit": lambda value: value.subscriptions_limit,
        "State": lambda value: EnumValue("ProductState", value.state[:1].upper() + value.state[1:]),
        "Groups": lambda value: [Record(Id=name, Name=name) for name in value.groups],
        "Apis": lambda value: [Record(Id=name, Name=name) for name in sorted(value.apis)],
    }
)
subscription = Kind("ISubscription", Subscription)
subscription.properties.update(
    {
        "Id": lambda value: value.id,
        "Name": lambda value: value.name,
        "Key": lambda value: value.key,
        "PrimaryKey": lambda value: value.keys[0],
        "SecondaryKey": lambda value: value.keys[1],
        "CreatedDate": lambda value: datetime.fromtimestamp(value.started, UTC),
        "StartDate": lambda value: None,
        "EndDate": lambda value: None,
    }
)
user = Kind("IUser", User)
user.properties.update(
    {
        "Id": lambda value: value.id,
        "FirstName": lambda value: value.first_name,
        "LastName": lambda value: value.last_name,
        "Email": lambda value: value.email,
        "Note": lambda value: None,
        "Groups": lambda value: [Record(Id=name, Name=name) for name in value.groups],
        "Identities": lambda value: [Record(Id=value.email, Provider="Basic")],
    }
)
last_error = Kind("ILastError", LastError)
last_error.properties.update(
    {
        "Source": lambda error: error.source,
        "Reason": lambda error: error.reason,
        "Message": lambda error: error.message,
        "Scope": lambda error: error.scope,
        "Section": lambda error: error.section,
        "Path": lambda error: error.path,
        "PolicyId": lambda error: error.policy_id,
    }
)
