# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`context` in policy expressions."""

from __future__ import annotations

import pytest
from unit.sandbox.gateway.world import HOST, SERVICE, World


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("context.Request.Method", "GET"),
        ("context.Request.OriginalUrl.ToString()", f"https://{HOST}/random/items/7?a=1&b=2&b=3"),
        ("context.Request.OriginalUrl.Path + context.Request.OriginalUrl.QueryString", "/random/items/7?a=1&b=2&b=3"),
        ("context.Request.Url.Path", "/base/items/7"),
        ('context.Request.Url.Query.GetValueOrDefault("a")', "1"),
        ('string.Join("+", context.Request.Url.Query["b"])', "2+3"),
        ('context.Request.Url.Query.GetValueOrDefault("none", "d")', "d"),
        ('context.Request.MatchedParameters["id"]', "7"),
        ("context.Request.IpAddress", "127.0.0.1"),
        ('context.Request.Headers.GetValueOrDefault("x-own", "")', "one"),
        ('context.Request.Headers["X-Own"].First()', "one"),
        ('context.Request.Headers.ContainsKey("X-None")', "False"),
        ('context.Request.Headers.GetValueOrDefault("X-None") == null', "True"),
        ('context.Request.Headers["X-None"] == null', None),
        ('context.Request.Headers.OrderBy(h => h.Key).Last(h => h.Key.StartsWith("X-")).Value[0]', "one"),
        ('string.Join("|", context.Request.Headers.Where(h => h.Key == "X-Own").Select(h => h.Value.First()))', "one"),
        ('context.Request.Headers.ToDictionary(h => h.Key, h => string.Join(",", h.Value))["X-Own"]', "one"),
        ('string.Join("&", context.Request.Url.Query.OrderByDescending(q => q.Key).Select(q => q.Key))', "b&a"),
        ("context.Request.Url.Query.Sum(q => q.Value.Length) + context.Request.Url.Query.Count", "5"),
        ('context.Request.Url.Query.First(q => q.Key == "b").Value[1]', "3"),
        ("context.Request.MatchedParameters.Single().Key", "id"),
        (
            'context.Api.Id + "|" + context.Api.Name + "|" + context.Api.Path + "|" + context.Api.Revision',
            "random|Random|random|1",
        ),
        ("context.Api.IsCurrentRevision", "True"),
        ("context.Operation.Id + context.Operation.Method + context.Operation.UrlTemplate", "itemGET/items/{id}"),
        ("context.Product.Id + context.Product.SubscriptionRequired", "internalTrue"),
        ('context.Product.Apis.Any(a => a.Id == "random")', "True"),
        ("context.Subscription.Id + context.Subscription.Name", "callerCaller"),
        ("context.Subscription.Key == context.Subscription.PrimaryKey", "True"),
        ("context.User == null", "True"),
        ("context.Response == null", "True"),
        ("context.LastError == null", "True"),
        ("context.Deployment.ServiceName + context.Deployment.Region", "contosoWest Europe"),
        ("context.RequestId.ToString().Length", "36"),
        ('context.Timestamp.ToString("yyyy-MM-dd")', "2025-06-15"),
        ("context.Elapsed.TotalSeconds < 5", "True"),
        ('context.Variables.GetValueOrDefault<int>("n", 5) + 1', "6"),
        ('context.Variables.ContainsKey("n")', "False"),
        ('(string)context.Variables["n"]', None),
    ],
)
async def test_properties(gateway: World, code: str, value: str | None) -> None:
    key = gateway.standard()
    gateway.operation("random", "item", "GET", "/items/{id}")
    gateway.inbound("apis/random/operations/item", f'<set-header name="X-Value"><value>@({code})</value></set-header>')
    answer = await gateway.call("/random/items/7?a=1&b=2&b=3", key, headers={"X-Own": "one"})
    if value is None:
        assert answer.status == 500
    else:
        assert answer.json["headers"]["x-value"] == value


@pytest.mark.parametrize(
    ("sequence", "value"),
    [
        ('context.Request.Headers.Where(p => p.Key == "X-Own")', "X-Own=one;"),
        ("context.Request.Url.Query", "a=1;b=2,3;"),
        ("context.Request.MatchedParameters", "id=7;"),
    ],
)
async def test_foreach_sees_pairs(gateway: World, sequence: str, value: str) -> None:
    key = gateway.standard()
    gateway.operation("random", "item", "GET", "/items/{id}")
    code = (
        '@{ var all = ""; foreach (var p in %s) { all += p.Key + "=" + string.Join(",", p.Value) + ";"; } return all; }'
    )
    policy = f'<set-header name="X-Value"><value>{code % sequence}</value></set-header>'
    gateway.inbound("apis/random/operations/item", policy)
    answer = await gateway.call("/random/items/7?a=1&b=2&b=3", key, headers={"X-Own": "one"})
    assert answer.json["headers"]["x-value"] == value


async def test_the_owner_of_a_subscription_is_the_user(gateway: World) -> None:
    gateway.standard()
    gateway.put("users/1", "users", {"firstName": "Ada", "lastName": "L", "email": "a@b.c"})
    gateway.put("groups/vip", "groups", {"displayName": "VIP"})
    gateway.put("groups/vip/users/1", "groups/users", {}, link="1")
    found = gateway.store.require(f"{SERVICE}/subscriptions/caller")
    found.body["properties"]["ownerId"] = f"{SERVICE}/users/1"
    gateway.store.put(found)
    code = '@(context.User.FirstName + context.User.Email + context.User.Groups.Any(g => g.Id == "vip"))'
    gateway.inbound("apis/random", f"<set-header name='X-Value'><value>{code}</value></set-header>")
    assert (await gateway.call("/random", "caller-primary")).json["headers"]["x-value"] == "Adaa@b.cTrue"
