# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: consumer_secrets
short_description: Secrets from which consumers read the gateway's URL and their keys
version_added: 0.1.0
description:
  - Makes of consumers, as the role P(innergate.azure.apim_consumers#role) takes them, their Secrets.
author:
  - Innergate contributors (@innergate)
positional: namespace, gateway_url, keys
options:
  _input:
    description:
      - The consumers. Those without a C(secret) are left out.
    type: list
    elements: dict
    required: true
  namespace:
    description:
      - Namespace of the consumers that name none themselves.
    type: str
    required: true
  gateway_url:
    description:
      - URL of the gateway, to which a consumer's C(path) is added.
    type: str
    required: true
  keys:
    description:
      - The subscription keys of the consumers with a Secret, in the same order.
      - One that has no key yet has an empty text, and is left out. In check mode there are subscriptions that are not
        there yet.
    type: list
    elements: str
    required: true
"""

EXAMPLES = r"""
- name: Show the names of the Secrets of two consumers
  ansible.builtin.debug:
    msg: >-
      {{ consumers | innergate.azure.consumer_secrets('shop', 'https://contoso.azure-api.net', keys)
         | map(attribute='metadata.name') }}
  vars:
    consumers:
      - name: web
        secret: web-apim
      - name: partner
    keys: ["{{ key_of_web }}"]
"""

RETURN = r"""
_value:
  description:
    - The Secrets, each with the URL and the key.
  type: list
  elements: dict
"""

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes import manifests


def consumer_secrets(
    consumers: list[dict[str, Any]], namespace: str, gateway_url: str, keys: list[str]
) -> list[dict[str, Any]]:
    """The Secrets of consumers. Raises AnsibleFilterError if there are more of them, or fewer, than keys."""
    try:
        return manifests.secrets(consumers, namespace, gateway_url, keys)
    except ValueError as error:
        raise AnsibleFilterError(f"consumer_secrets: {error}") from error


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name to function."""
        return {"consumer_secrets": consumer_secrets}
