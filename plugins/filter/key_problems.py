# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: key_problems
short_description: Calls with keys of subscriptions that do not exist or are not active
version_added: 0.1.0
description:
  - Says which subscriptions calls need whose keys the gateway can't take, before it is called and answers 401 until
    the patience of a task has ended.
  - A call that expects status 401 may have a key that is not active. A key that does not exist can't be had for any
    call.
author:
  - Innergate contributors (@innergate)
positional: subscriptions, service_name
options:
  _input:
    description:
      - Calls as the role apim_verification takes them. C(subscription) names the one whose key goes with a call.
    type: list
    elements: dict
    required: true
  subscriptions:
    description:
      - What the module apim_subscription_info answers as RV(innergate.azure.apim_subscription_info#module:resources).
    type: list
    elements: dict
    required: true
  service_name:
    description:
      - Name of the API Management service, for the sentences.
    type: str
    required: true
seealso:
  - plugin: innergate.azure.apim_subscription_info
    plugin_type: module
"""

EXAMPLES = r"""
- name: Refuse calls whose keys open nothing
  ansible.builtin.assert:
    that: problems | length == 0
    fail_msg: "{{ problems | join(' ') }}"
  vars:
    calls:
      - name: a caller outside gets an answer
        path: /orders
        subscription: partner
    subscriptions:
      - name: partner
        subscription_state: active
    problems: "{{ calls | innergate.azure.key_problems(subscriptions, 'contoso-apim') }}"
"""

RETURN = r"""
_value:
  description:
    - A sentence for each subscription whose key can't be used, with what to do. Empty if there is none.
  type: list
  elements: str
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

#: What the gateway answers to a key of a subscription that is not active (Microsoft Learn:
#: api-management-subscriptions).
REFUSED = 401


def key_problems(
    calls: Iterable[Mapping[str, Any]], subscriptions: Iterable[Mapping[str, Any]], service_name: str
) -> list[str]:
    """A sentence for each subscription whose key calls need, and that does not exist or is not active."""
    states = {str(item["name"]).casefold(): str(item.get("subscription_state") or "active") for item in subscriptions}
    wanted: dict[str, list[str]] = {}
    for call in calls:
        if call.get("subscription") and not _may_have(states, call):
            wanted.setdefault(str(call["subscription"]), []).append(f'"{call["name"]}"')
    return [
        f"The key of subscription {name} is wanted for {', '.join(names)}, but {_why(states, name, service_name)}"
        for name, names in wanted.items()
    ]


def _may_have(states: Mapping[str, str], call: Mapping[str, Any]) -> bool:
    """Whether the call can be made with its key, and be answered as it expects."""
    state = states.get(str(call["subscription"]).casefold(), "")
    expected = call.get("status") or ()
    statuses = expected if isinstance(expected, list | tuple) else str(expected).split(",")
    return state.casefold() == "active" or (state != "" and str(REFUSED) in (str(item).strip() for item in statuses))


def _why(states: Mapping[str, str], name: str, service_name: str) -> str:
    if state := states.get(name.casefold()):
        return (
            f"it is {state}, and the gateway answers {REFUSED}. Activate it, for example with the module "
            "innergate.azure.apim_subscription (subscription_state: active)."
        )
    return (
        f"API Management service {service_name} has no subscription of this name. Create it first, for example with "
        "the role innergate.azure.apim_consumers, or mend the name."
    )


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name to function."""
        return {"key_problems": key_problems}
