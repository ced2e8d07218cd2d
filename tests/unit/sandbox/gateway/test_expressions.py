# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The C# of policy expressions: what it evaluates to."""

from __future__ import annotations

from typing import Any

import pytest
from innergate_sandbox.gateway.expressions.compiled import Expression, ExpressionError
from innergate_sandbox.gateway.expressions.format import to_text


def evaluate(code: str) -> Any:
    return Expression.of(code).evaluate(None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("code", "value"),
    [
        # literals and operators
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("7 / 2", 3),
        ("-7 / 2", -3),
        ("-7 % 3", -1),
        ("7 / 2.0", 3.5),
        ("0x1F + 1_000L", 1031),
        ("1 << 3 | 1", 9),
        ("256 >> 2 > 63", True),
        ('"a" + 1 + true + null + 1.0', "a1True1"),
        ('"a" == "a" && !("a" == "b") || false', True),
        ("1 < 2 ? 3 > 4 ? 1 : 2 : 3", 2),
        ('null ?? "x"', "x"),
        ("'a' + 1", 98),
        ("'a' == \"abc\"[0]", True),
        ("1.5e3", 1500.0),
        # strings
        (r'"tab\tquote\"uniA"', 'tab\tquote"uniA'),
        (r'@"c:\x ""y"""', 'c:\\x "y"'),
        ('$"{1 + 1} {{}} {"a" + (true ? "b" : "c")} {3.14159:F2} {7,4}|{7,-3}|"', "2 {} ab 3.14    7|7  |"),
        ('"Hello".Substring(1, 3).ToUpper() + "x".PadLeft(3, \'.\')', "ELL..x"),
        ('"a,b;c".Split(\',\', \';\').Length', 3),
        ('string.Join("-", "a--b".Split(new[] { "-" }, StringSplitOptions.RemoveEmptyEntries))', "a-b"),
        ('"Hello".IndexOf("L", StringComparison.OrdinalIgnoreCase)', 2),
        ('"Hello".StartsWith("he", StringComparison.OrdinalIgnoreCase) && !"Hello".StartsWith("he")', True),
        ('" x ".Trim() + "xxay".TrimStart(\'x\')', "xay"),
        ('string.IsNullOrEmpty("") && string.IsNullOrWhiteSpace(" ") && !String.IsNullOrEmpty("a")', True),
        ('string.Format("{0:D3}|{1,5}|{2:yyyy}", 7, "x", new DateTime(2024, 2, 3))', "007|    x|2024"),
        ('"abc".Replace("b", "").Contains("ac")', True),
        ('"b".CompareTo("a")', 1),
        ('string.Concat("a", 1, null)', "a1"),
        # members, null and conditionals
        ("((string)null)?.Length ?? -1", -1),
        ("((string)null)?.Trim().ToUpper() == null", True),
        ('"abc"?.Length', 3),
        # casts and tests
        ("(int)3.9 + (int)'a'", 100),
        ("(long)5 is long", True),
        ('(object)"x" as string', "x"),
        ("((object)1 as string) == null", True),
        ('"x" is string s && s.Length == 1', True),
        ("null is string", False),
        ('int.Parse("42") + Int32.Parse("1")', 43),
        ('bool.Parse("True")', True),
        ('Convert.ToInt32("12") + Convert.ToInt32(2.5)', 14),
        ("default(int)", 0),
        # LINQ and collections
        ("new[] { 1, 2, 3 }.Where(i => i > 1).Select(i => i * 2).Sum()", 10),
        ("new[] { 3, 1, 2 }.OrderByDescending(x => x).First()", 3),
        ('new List<string> { "a", "b" }.Any(x => x == "b")', True),
        ("new string[0].FirstOrDefault() == null", True),
        ("new[] { 1, 2 }.All(x => x > 1)", False),
        ("new[] { 1, 2, 2 }.Distinct().Count()", 2),
        ('new Dictionary<string, int> { { "a", 1 }, { "b", 2 } }["b"]', 2),
        ('new Dictionary<string, string> { ["k"] = "v" }.ContainsKey("k")', True),
        ('string.Join(",", new[] { "x", "y" }.Select((w) => w + "!"))', "x!,y!"),
        ('new[] { "a", "bb", "cc" }.GroupBy(w => w.Length).Select(g => g.Key + ":" + g.Count()).Last()', "2:2"),
        ('"hello".Count(c => c == \'l\')', 2),
        ("Enumerable.Range(1, 4).Aggregate((a, b) => a * b)", 24),
        ('new { a = 1, b = "x" }.b', "x"),
        ('new[] { "A" }.Contains("a", StringComparer.OrdinalIgnoreCase)', True),
        # JSON
        ('(string)JObject.Parse("{\\"a\\": {\\"b\\": [1, \\"x\\"]}}")["a"]["b"][1]', "x"),
        ('JObject.Parse("{\\"a\\": 5}").Value<int>("a") + 1', 6),
        ('JObject.Parse("{}")["none"] == null', True),
        ('JToken.Parse("[1,2,3]").Count()', 3),
        ('JObject.Parse("{\\"a\\": [{\\"n\\": 1}, {\\"n\\": 2}]}").SelectToken("$.a[1].n").ToString()', "2"),
        ('new JObject(new JProperty("a", 1), new JProperty("b", new JArray("x"))).ToString(Formatting.None)',
         '{"a":1,"b":["x"]}'),
        ("JsonConvert.SerializeObject(new { a = new[] { 1 }, n = (string)null })", '{"a":[1],"n":null}'),
        ('((JArray)JToken.Parse("[\\"a\\", \\"b\\"]")).Select(t => (string)t).Contains("b")', True),
        ('JToken.Parse("\\"x\\"").Type == JTokenType.String', True),
        ('JObject.Parse("{\\"a\\": true}")["a"].Value<bool>()', True),
        ('JToken.Parse("\\"x\\"") == "x"', False),
        # other types
        ('Regex.Replace("a1b2", "([a-z])(\\\\d)", "$2$1")', "1a2b"),
        ('Regex.Match("k=5", "(?<k>\\\\w)=(?<v>\\\\d)").Groups["v"].Value', "5"),
        ('Convert.ToBase64String(Encoding.UTF8.GetBytes("hé"))', "aMOp"),
        ('Encoding.UTF8.GetString(Convert.FromBase64String("aGk="))', "hi"),
        ('new Uri("https://h:8443/p/q?a=b").Port', 8443),
        ('new Uri("https://h/p/q?a=b").Query', "?a=b"),
        ('Uri.EscapeDataString("a b&c/d")', "a%20b%26c%2Fd"),
        ('System.Net.WebUtility.UrlEncode("a b&c")', "a+b%26c"),
        ('Guid.Parse("6f9619ff-8b86-d011-b42d-00c04fc964ff").ToString("N").Length', 32),
        ('new DateTime(2024, 1, 31).AddMonths(1).ToString("yyyy-MM-dd")', "2024-02-29"),
        ('DateTime.Parse("2024-02-03T04:05:06Z").ToString("R")', "Sat, 03 Feb 2024 04:05:06 GMT"),
        ("(new DateTime(2024, 3, 1) - new DateTime(2024, 2, 1)).TotalDays", 29.0),
        ("TimeSpan.FromSeconds(90061).ToString()", "1.01:01:01"),
        ('DateTimeOffset.FromUnixTimeSeconds(0).ToString("o")', "1970-01-01T00:00:00.0000000+00:00"),
        ("Math.Max(1, Math.Round(2.5)) + Math.Abs(-1)", 3.0),
        (('BitConverter.ToString(new HMACSHA256(Encoding.UTF8.GetBytes("k")).ComputeHash(Encoding.UTF8.GetBytes("m")))'
         '.Replace("-", "").Substring(0, 8)'), "B60090E3"),
        ('XDocument.Parse("<r><a x=\'1\'>t</a></r>").Root.Element("a").Value', "t"),
        ('"Basic dTpw".AsBasic().UserId', "u"),
    ],
)  # fmt: skip
def test_expressions(code: str, value: Any) -> None:
    result = evaluate(f"@({code})")
    assert result == value
    assert isinstance(result, type(value)) or isinstance(value, str)


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("return 1;", 1),
        ("", None),
        ("int x = 1, y; y = x + 1; x += y; x++; return x * 10 + y;", 42),
        ("var l = new List<int>(); for (int i = 0; i < 5; i++) { if (i == 3) break; l.Add(i); } return l.Count;", 3),
        ("var s = \"\"; foreach (var c in \"abc\") { if (c == 'b') continue; s += c; } return s;", "ac"),
        ("int n = 0; while (n < 10) n += 3; do { n--; } while (n > 10); return n;", 10),
        ("if (false) return 1; else if (true) { return 2; } return 3;", 2),
        ('int n; return int.TryParse("12x", out n) ? n : -1;', -1),
        ('return int.TryParse("12", out var n) ? n : -1;', 12),
        ('switch ("b") { case "a": return 1; case "b": case "c": return 2; default: return 3; }', 2),
        ("switch (5) { case 1: return 1; default: return 9; }", 9),
        ('try { return 1 / int.Parse("0"); } catch (DivideByZeroException) { return -1; }', -1),
        ('try { throw new Exception("boom"); } catch (Exception e) { return e.Message; }', "boom"),
        ('try { var x = (string)null; return x.Length; } catch { return "caught"; }', "caught"),
        ("var r = 0; try { r = 1; } finally { r += 10; } return r;", 11),
        ("using (var h = SHA256.Create()) { return h.ComputeHash(new byte[0]).Length; }", 32),
        ("Func<int, int> twice = x => x * 2; return twice(4);", 8),
        ('var o = new JObject(); o["a"] = 1; o.Add("b", 2); o.Remove("a"); return (int)o["b"] + o.Count;', 3),
        ("double d = 1; return d / 4;", 0.25),
        ('const string A = "a"; string[] b = { A, "b" }; return b[1];', "b"),
        ("// comment\n/* another */ return 1; // last\n", 1),
        ('var sb = new StringBuilder(); sb.Append(1).AppendLine("x"); return sb.ToString();', "1x\r\n"),
        ("var a = new[] { 1, 2, 3 }; return a.Where(x => { var y = x % 2; return y == 1; }).Count();", 2),
        ('string s = null; s ??= "d"; return s;', "d"),
        ("object o = 5; if (o is int i && i > 4) { return i; } return 0;", 5),
    ],
)  # fmt: skip
def test_statements(code: str, value: Any) -> None:
    assert evaluate(f"@{{ {code} }}") == value


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("@(((string)null).Length)", "NullReferenceException"),
        ("@(1 / 0)", "DivideByZeroException"),
        ('@(new Dictionary<string, int>()["x"])', "KeyNotFoundException"),
        ("@(new[] { 1 }[5])", "IndexOutOfRangeException"),
        ('@(int.Parse("x"))', "FormatException"),
        ("@((string)(object)5)", "InvalidCastException"),
        ("@(new int[0].First())", "InvalidOperationException"),
        ('@(JObject.Parse("nonsense"))', "JsonReaderException"),
        ("@(nothing)", "CompilationException"),
        ('@("x".Nothing())', "MissingMemberException"),
        ('@("x".__class__)', "MissingMemberException"),
        ("@(1 +)", "CompilationException"),
        ("@{ while (true) { } }", "TimeoutException"),
        ("@{ Func<int, int> f = null; f = x => f(x); return f(1); }", "StackOverflowException"),
        ("@(XDocument.Parse(\"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>\"))", "XmlException"),
        ("@(if)", "CompilationException"),
        ('@("x".PadLeft(2000000000))', "OutOfMemoryException"),
        ("@(new int[-1])", "ArgumentOutOfRangeException"),
    ],
)
def test_what_cannot_be_evaluated_is_an_error_and_never_a_crash(code: str, kind: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        evaluate(code)
    assert caught.value.kind == kind


def test_escaped_code_is_understood_as_well() -> None:
    assert evaluate('@(1 &lt; 2 &amp;&amp; &quot;a&quot; == "a")') is True


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "True"),
        (1.0, "1"),
        (0.1, "0.1"),
        (1e20, "1E+20"),
        (12345678901234567890, "12345678901234567890"),
    ],
)
def test_text_of_values(value: Any, text: str) -> None:
    assert to_text(value) == text


def test_an_expression_is_told_to_need_bodies_only_when_it_names_one() -> None:
    assert Expression.of("@(context.Request.Body.As<string>())").reads_body
    assert not Expression.of("@(context.Request.Method)").reads_body
