# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`int?` and its kin, and tuples, in policy expressions."""

from __future__ import annotations

from typing import Any

import pytest
from innergate_sandbox.gateway.expressions.compiled import Expression, ExpressionError
from unit.sandbox.gateway.world import World


def evaluate(code: str) -> Any:
    """The value of an expression, or of statements if it ends with a semicolon or bracket."""
    return Expression.of(f"@{{ {code} }}" if code.endswith((";", "}")) else f"@({code})").evaluate(None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("int? n = null; return n.HasValue;", False),
        ("int? n = 5; return n.HasValue ? n.Value : 0;", 5),
        ("int? n = null; return n ?? 1;", 1),
        ("int? n = null; n = 4; return n.Value + 1;", 5),
        ("int? n = null; n ??= 4; return n;", 4),
        ("int? n = null; n++; return n == null;", True),
        ("int? n = null; return n.GetValueOrDefault();", 0),
        ("int? n = null; return n.GetValueOrDefault(7);", 7),
        ("int? n = 3; return n.GetValueOrDefault(7);", 3),
        ("DateTime? d = null; return d.GetValueOrDefault().Year;", 1),
        ("bool? b = null; return b.GetValueOrDefault();", False),
        ('int? n = null; return "[" + n.ToString() + n + "]";', "[]"),
        ("int? n = null; return n.Equals(null) && n.GetHashCode() == 0;", True),
        ("int? a, b; b = null; a = 2; return (a + b == null) && !(a > b) && !(a <= b);", True),
        ("bool? a = null; return (a & false) == false && (a | true) == true && (a & true) == null;", True),
        ("Nullable<int> n = null; return n.HasValue;", False),
        ("System.Nullable<double> n = 1; return n.Value;", 1.0),
        ("var n = (int?)null; var m = n; return m.HasValue;", False),
        ("var n = new int?(5); return n.Value;", 5),
        ("return new Nullable<int>().HasValue;", False),
        ('object o = "x"; return o as int? ?? 1;', 1),
        ("object o = 5; return o as int? == 5 && o is int?;", True),
        ("List<int?> l = new List<int?> { 1, null }; return l.Count(x => x.HasValue);", 1),
        ("foreach (int? x in new int?[] { null, 2 }) { if (x.HasValue) { return x.Value; } } return 0;", 2),
        ("Func<int?, bool> f = (int? x) => x.HasValue; return f(null);", False),
        ('((int?)new JObject()["a"]).HasValue', False),
        ('new JObject(new JProperty("a", 1)).Value<int?>("a").HasValue', True),
        ('(((string)null)?.Length).HasValue || ("abc"?.Length).Value != 3', False),
        ("(1 > 2 ? (int?)1 : null).GetValueOrDefault() + default(int?).GetValueOrDefault(2)", 2),
        ("Nullable.Compare((int?)null, 1) + Nullable.Compare(3, 2)", 0),
        # a question mark may still ask
        ("object o = 1; return o is int ? !false : false;", True),
        ("bool b = true; int c = 1; return b ? ++c : -c;", 2),
        ("(1 > 2 ? -1 : +1) + (1 > 2 ? (3) : (4))", 5),
        # tuples
        ('var t = Tuple.Create(1, "z"); return t.Item1 + t.Item2;', "1z"),
        ('Tuple<int, string> t = new Tuple<int, string>(1, "z"); return t.ToString();', "(1, z)"),
        ("new[] { 3, 1 }.Select(x => Tuple.Create(x, x * 2)).OrderBy(t => t.Item1).First().Item2", 2),
        ('Tuple.Create(1, "a").Equals(Tuple.Create(1, "a")) && !(Tuple.Create(1) == Tuple.Create(1))', True),
        ('JsonConvert.SerializeObject(Tuple.Create(1, "a"))', '{"Item1":1,"Item2":"a"}'),
        ("new[] { 1, 2, 1 }.GroupBy(x => Tuple.Create(x % 2, 0)).Count()", 2),
        ("new[] { 1, 2, 1 }.Select(x => new { x }).Distinct().Count()", 2),
    ],
)
def test_it_evaluates_to(code: str, value: Any) -> None:
    found = evaluate(code)
    assert found == value and type(found) is type(value)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("int? n = null; return n.Value;", "InvalidOperationException"),
        ("int? n = null; int m = (int)n; return m;", "InvalidOperationException"),
        ("string n = null; return n.ToString();", "NullReferenceException"),
        ('"x".HasValue', "MissingMemberException"),
        ("Tuple.Create(1).Item2", "MissingMemberException"),
    ],
)
def test_what_has_no_value_says_so(code: str, kind: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        evaluate(code)
    assert caught.value.kind == kind


@pytest.mark.parametrize(
    "code",
    [
        'var x = (a: 1, b: "z"); return x.a;',
        'return (1, "z").Item1;',
        "(int a, string b) x = F(); return x.a;",
    ],
)
def test_tuples_of_csharp_7_are_none_of_the_allowed_types(code: str) -> None:
    """Microsoft Learn, api-management-policy-expressions: the list has System.Tuple, and no System.ValueTuple."""
    with pytest.raises(ExpressionError, match=r"System\.ValueTuple, which policies may not use"):
        evaluate(code)


async def test_a_call_may_depend_on_them(gateway: World) -> None:
    key = gateway.standard()
    code = (
        "int? wanted = null; int number; "
        'if (int.TryParse(context.Request.Headers.GetValueOrDefault("X-Wanted", ""), out number)) { wanted = number; } '
        "var found = Tuple.Create(wanted.HasValue, wanted ?? context.Product.SubscriptionsLimit ?? -1); "
        'return found.Item1 + " " + found.Item2 + " " + context.Subscription.EndDate.HasValue;'
    )
    gateway.inbound("apis/random", f'<set-header name="X-Found"><value>@{{ {code} }}</value></set-header>')
    for given, found in (("7", "True 7 False"), ("x", "False -1 False")):
        answer = await gateway.call("/random", key, headers={"X-Wanted": given})
        assert answer.json["headers"]["x-found"] == found
