#!/usr/bin/python

# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: apim_gateway_probe
short_description: Call an API through the gateway and check the answer
version_added: 0.1.0
description:
  - Calls a URL until the answer is as expected. Changes reach the gateways of API Management with some delay, so one
    call proves little.
  - Can also count on a rate limit, by calling without a pause until the gateway refuses, and prove that an address
    can't be reached from here, such as the private address of the service behind the API.
  - Redirects are not followed.
author:
  - Innergate contributors (@innergate)
extends_documentation_fragment:
  - innergate.azure._attributes.info
attributes:
  check_mode:
    details:
      - In check mode the module calls nothing unless O(run_in_check_mode=true), for what it would call need not exist
        yet.
options:
  url:
    description:
      - What to call. A user, and parameters of the query whose name says that they are secret (C(key), C(token), C(sig)
        and the like), never show up in a result.
    type: str
    required: true
  method:
    description:
      - HTTP method.
    type: str
    default: GET
  headers:
    description:
      - Headers of the request. Values of those whose name says that they are secret (C(Authorization), C(Cookie),
        C(X-Api-Key) and the like) never show up in a result. A header that is null is not sent.
    type: dict
    default: {}
  body:
    description:
      - Body of the request.
    type: str
  subscription_key:
    description:
      - Subscription key. It never shows up in a result.
    type: str
  subscription_key_name:
    description:
      - Name of the header (or of the query parameter) that carries the key.
    type: str
    default: Ocp-Apim-Subscription-Key
  subscription_key_in:
    description:
      - Where the key is sent.
    type: str
    choices: [header, query]
    default: header
  host:
    description:
      - Host name that the gateway is to answer for, when the host in O(url) is another way to reach it.
    type: str
  connect_to:
    description:
      - Address (C(host:port)) to connect to instead of the one that the host in O(url) has.
    type: str
  proxy:
    description:
      - HTTP proxy to call through, as a URL. Without this option the call is made directly, whatever the environment
        says.
    type: str
  ca_path:
    description:
      - File with the certificates that the gateway's is checked with, instead of those of the system. The environment
        variables E(SSL_CERT_FILE) and E(REQUESTS_CA_BUNDLE) are alternatives.
    type: path
    aliases: [ca_cert]
  validate_certs:
    description:
      - Whether the certificate of the gateway is checked.
    type: bool
    default: true
  expect:
    description:
      - V(answer) calls until the answer is as the other options say. V(unreachable) proves that nobody takes a
        connection to the address in O(url).
    type: str
    choices: [answer, unreachable]
    default: answer
  status:
    description:
      - Status codes that are expected.
    type: list
    elements: int
    default: [200]
  body_regex:
    description:
      - Regular expression that must match somewhere in the body of the answer.
    type: str
  response_headers:
    description:
      - Headers that the answer must have, with regular expressions that match their values. With null, any value does.
    type: dict
    default: {}
  json:
    description:
      - Values that the JSON body of the answer must have, by JMESPath expression, for example V(items[0].name) or
        V(length(items\)). Names with other signs than letters, digits and V(_) stand in double quotes.
      - Needs the Python package jmespath.
    type: dict
    default: {}
  successes:
    description:
      - How many answers in a row must be as expected.
    type: int
    default: 1
  max_calls:
    description:
      - How many calls are made at most. V(0) is no limit but O(wait_timeout).
    type: int
    default: 0
  wait_timeout:
    description:
      - How many seconds to go on calling.
    type: int
    default: 120
  delay:
    description:
      - Seconds between two calls. With V(0) a rate limit can be provoked.
    type: float
    default: 2
  timeout:
    description:
      - How many seconds one call may take.
    type: float
    default: 30
  run_in_check_mode:
    description:
      - Whether to call in check mode too.
    type: bool
    default: false
seealso:
  - module: ansible.builtin.uri
  - module: innergate.azure.apim_subscription_info
"""

EXAMPLES = r"""
- name: The API answers with a key
  innergate.azure.apim_gateway_probe:
    url: https://contoso-apim.azure-api.net/random
    subscription_key: "{{ key }}"

- name: And not without
  innergate.azure.apim_gateway_probe:
    url: https://contoso-apim.azure-api.net/random
    status: [401]
    body_regex: missing subscription key

- name: External callers are throttled
  innergate.azure.apim_gateway_probe:
    url: https://contoso-apim.azure-api.net/random
    subscription_key: "{{ external_key }}"
    status: [429]
    response_headers:
      Retry-After: "^[0-9]+$"
    max_calls: 20
    delay: 0

- name: The service itself can't be reached from here
  innergate.azure.apim_gateway_probe:
    url: http://10.225.1.4:8080/
    expect: unreachable
    timeout: 5
"""

RETURN = r"""
ok:
  description:
    - Whether all is as expected. Null in check mode, when nothing was called.
  returned: when the gateway was called
  type: bool
  sample: true
url:
  description:
    - What was called, with stars in place of what is secret in it.
  returned: when the gateway was called
  type: str
  sample: https://contoso-apim.azure-api.net/random
status:
  description:
    - Status of the last answer. Null if there was none.
  returned: when the gateway was called
  type: int
  sample: 200
body:
  description:
    - Beginning of the last answer's body. Null if there was none.
  returned: when the gateway was called
  type: str
  sample: '{"number": 42}'
retry_after:
  description:
    - Seconds that the last answer asks to wait. Null if it does not.
  returned: when the gateway was called
  type: int
  sample: 57
count:
  description:
    - How many calls were made.
  returned: when the gateway was called
  type: int
  sample: 1
elapsed:
  description:
    - How many seconds it all took.
  returned: when the gateway was called
  type: float
  sample: 0.04
evidence:
  description:
    - For O(expect=unreachable), what happened to the connection.
  returned: when O(expect=unreachable)
  type: str
  sample: "10.225.1.4:8080 does not answer within 5 s"
calls:
  description:
    - The calls, at most 50 of them.
  returned: when the gateway was called
  type: list
  elements: dict
  contains:
    status:
      description:
        - Status of the answer. Null if there was none.
      returned: always
      type: int
      sample: 200
    retry_after:
      description:
        - Value of the header C(Retry-After) in seconds. Null if there was none.
      returned: always
      type: int
      sample: 57
    elapsed:
      description:
        - How many seconds the call took. Null if there was no answer.
      returned: always
      type: float
      sample: 0.02
    body:
      description:
        - Beginning of the body. Null if there was no answer.
      returned: always
      type: str
      sample: '{"number": 42}'
    error:
      description:
        - Why there was no answer. Null if there was one.
      returned: always
      type: str
      sample: "127.0.0.1:8443: Connection refused"
error:
  description:
    - What went wrong, in the same shape for every module. Options that Ansible itself refuses have none.
  returned: on failure
  type: dict
  contains:
    code:
      description:
        - Azure's error code, or a word of this module's own; V(InvalidOptions) where the options can't work.
      returned: always
      type: str
      sample: UnexpectedAnswer
    status:
      description:
        - HTTP status of the answer.
      returned: when Azure answered
      type: int
      sample: 400
    message:
      description:
        - What Azure said, or why it was not asked.
      returned: always
      type: str
      sample: 'https://contoso-apim.azure-api.net/orders/: 401 instead of 200.'
    target:
      description:
        - 'What the error is about: an id or an option.'
      returned: when known
      type: str
      sample: https://contoso-apim.azure-api.net/orders/
    request_id:
      description:
        - Id of the request, for Azure support.
      returned: when Azure answered
      type: str
      sample: 8d1f2c1e-7a53-4c7c-9d4f-2f6e0c0a5b11
    operation:
      description:
        - The operation that failed.
      returned: when one did
      type: str
      sample: api_management_service.get
"""

from ansible_collections.innergate.azure.plugins.module_utils._engine.argument_spec import ArgumentSpec
from ansible_collections.innergate.azure.plugins.module_utils._gateway.confidential import secrets, shown
from ansible_collections.innergate.azure.plugins.module_utils._gateway.task import execute
from ansible_collections.innergate.azure.plugins.module_utils._run.task import Task

SPEC = ArgumentSpec(
    {
        "url": {"type": "str", "required": True},
        "method": {"type": "str", "default": "GET"},
        "headers": {"type": "dict", "default": {}},
        "body": {"type": "str"},
        "subscription_key": {"type": "str", "no_log": True},
        "subscription_key_name": {"type": "str", "default": "Ocp-Apim-Subscription-Key", "no_log": False},
        "subscription_key_in": {"type": "str", "choices": ["header", "query"], "default": "header", "no_log": False},
        "host": {"type": "str"},
        "connect_to": {"type": "str"},
        "proxy": {"type": "str"},
        "ca_path": {"type": "path", "aliases": ["ca_cert"]},
        "validate_certs": {"type": "bool", "default": True},
        "expect": {"type": "str", "choices": ["answer", "unreachable"], "default": "answer"},
        "status": {"type": "list", "elements": "int", "default": [200]},
        "body_regex": {"type": "str"},
        "response_headers": {"type": "dict", "default": {}},
        "json": {"type": "dict", "default": {}},
        "successes": {"type": "int", "default": 1},
        "max_calls": {"type": "int", "default": 0},
        "wait_timeout": {"type": "int", "default": 120},
        "delay": {"type": "float", "default": 2},
        "timeout": {"type": "float", "default": 30},
        "run_in_check_mode": {"type": "bool", "default": False},
    }
)

TASK = Task(SPEC, execute, secrets=secrets, shown=shown)


def main() -> None:
    """Run as a module of its own; on a local connection the action plugin runs TASK in the controller."""
    TASK.main()


if __name__ == "__main__":
    main()
