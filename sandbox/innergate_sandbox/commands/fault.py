# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""fault: make requests fail on purpose."""

from __future__ import annotations

import argparse
import json
from typing import Any
from urllib.parse import quote

from innergate_sandbox.commands.base import CommandFailed, settings_of
from innergate_sandbox.control import call


class Fault:
    """Add, list or clear the rules that make requests fail, hang or break off."""

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare add, list and clear."""
        actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
        add = actions.add_parser(
            "add", help="add a rule", description="Add a rule; prints it with its id."
        ).add_argument
        add("--method", help="GET, PUT ... (default: all)")
        add(
            "--path", default="", metavar="REGEX", help="on the decoded path without the query (of a denial: the scope)"
        )
        add("--nth", type=int, default=1, metavar="N", help="the first matching request to be hit (default 1)")
        add("--times", type=int, metavar="N", help="how many requests are hit (default: all)")
        add("--principal", metavar="ID", help="of a denial: object id, application id or name of the one caller")
        add("--status", type=int, help="answer this status and carry nothing out")
        add("--header", action="append", default=[], metavar="NAME=VALUE", help="with --status")
        add("--body", type=json.loads, metavar="JSON", help="with --status; of a text, the text itself")
        add("--delay", type=float, metavar="SECONDS", help="wait first")
        add(
            "--close",
            choices=("before", "during", "after"),
            help="break the connection: during = in the middle of the answer",
        )
        add("--fail-operation", metavar="CODE[:MESSAGE]", help="long operations started by the request fail so")
        add("--cancel-operation", action="store_true", help="they are canceled")
        add("--operation-seconds", type=float, metavar="N", help="they take so many of Azure's seconds")
        add("--deny", metavar="ACTION", help="refuse a permission, e.g. 'Microsoft.Network/*/join/action'")
        add("rule", nargs="?", type=json.loads, metavar="JSON", help="the whole rule, instead of all options")
        actions.add_parser("list", help="print the rules with their counters")
        clear = actions.add_parser("clear", help="remove one rule, or all")
        clear.add_argument("id", nargs="?", help="of one rule")

    def run(self, options: argparse.Namespace) -> int:
        """Do it."""
        settings = settings_of(options.state)
        if options.action == "add":
            answer = call(settings, "POST", "/faults", self._rule(options) if options.rule is None else options.rule)
        elif options.action == "list":
            answer = call(settings, "GET", "/faults")
        else:
            answer = call(settings, "DELETE", f"/faults?id={quote(options.id)}" if options.id else "/faults")
            if options.id and not answer["cleared"]:
                raise CommandFailed(f"there is no rule {options.id}")
        print(json.dumps(answer, indent=1))
        return 0

    @staticmethod
    def _rule(options: argparse.Namespace) -> dict[str, Any]:
        then: dict[str, Any] = {}
        for name in ("status", "body", "delay", "close", "deny"):
            if getattr(options, name) is not None:
                then[name] = getattr(options, name)
        if options.header:
            if bad := next((pair for pair in options.header if "=" not in pair), None):
                raise CommandFailed(f"a header is NAME=VALUE, not {bad}")
            then["headers"] = dict(pair.partition("=")[::2] for pair in options.header)
        operation: dict[str, Any] = {}
        if options.fail_operation:
            code, dummy, message = options.fail_operation.partition(":")
            operation = {"code": code, "message": message or "Injected fault."}
        if options.cancel_operation:
            operation["status"] = "Canceled"
        if options.operation_seconds is not None:
            operation["azure_seconds"] = options.operation_seconds
        then |= {"operation": operation} if operation else {}
        keys = ("method", "path", "nth", "times", "principal")
        return {"then": then} | {key: getattr(options, key) for key in keys}
