# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names, keys and labels that Kubernetes takes. Pure: no I/O.

(Kubernetes: "Object Names and IDs", "Labels and Selectors"; ConfigMap and Secret: "keys of data".)
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.workloads import namespace_of

Item = Mapping[str, Any]

_WORD = r"[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?"
_LABEL = r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?"
#: A Service has a DNS name, and is stricter than the Deployment beside it (RFC 1035).
_SERVICE = re.compile(r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?")
_NAMESPACE = re.compile(_LABEL)
_SUBDOMAIN = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
#: "v1", or a group before it (apimachinery: schema.ParseGroupVersion; apiextensions: validation of group and versions).
_API_VERSION = re.compile(rf"({_SUBDOMAIN.pattern}/)?{_LABEL}")
#: An identifier of the language that Kubernetes is written in, or what a CustomResourceDefinition may have.
_KIND = re.compile(r"[A-Za-z][-A-Za-z0-9_]{0,62}")
_VALUE = re.compile(rf"({_WORD})?")
_KEY = re.compile(_WORD)
_DATA_KEY = re.compile(r"[-._A-Za-z0-9]{1,253}")
#: What Kubernetes takes since 1.32; earlier ones take less (feature gate RelaxedEnvironmentVariableValidation).
_VARIABLE = re.compile(r"[ -<>-~]+")

_FRONTEND = re.compile(r"/frontendipconfigurations/(a[0-9a-f]{31})(?:-[^/]*)?$")

_SMALL = "small letters a to z, digits and hyphens"


def load_balancer_name(uid: str) -> str:
    """How the cloud provider calls what it makes for a Service (cloud-provider: DefaultLoadBalancerName)."""
    return f"a{uid.replace('-', '')}"[:32]


def balanced_service(frontend: str) -> str:
    """What stands for the Service that a frontend (ARM id) of a load balancer is for, "" for anything else.

    (cloud-provider-azure: getDefaultFrontendIPConfigName, which adds a hyphen and the subnet that a Service asks for.)
    """
    found = _FRONTEND.search(frontend.lower())
    return service_in_azure(found[1]) if found else ""


def service_in_azure(name: str) -> str:
    """What stands for a Service with a load balancer among the ids of Azure. C(name) is its C(load_balancer_name)."""
    return f"/kubernetes/services/{name}"


def service_problems(item: Item, namespace: str) -> Iterator[str]:
    """What is wrong with the names in a service or a workload, in words."""
    if not _SERVICE.fullmatch(str(item["name"])):
        yield (
            f"name {item['name']!r} is none that Kubernetes takes for a Service: at most 63 {_SMALL}, the first one a "
            "letter, the last one no hyphen"
        )
    yield from _namespace(item, namespace)
    for name in item.get("env") or {}:
        if not _VARIABLE.fullmatch(str(name)):
            yield f"env: {name!r} is no name of a variable: letters a to z and A to Z, digits, _, - and ."
    for option, value_rule in (("labels", _VALUE), ("annotations", None), ("pod_annotations", None)):
        for key, value in (item.get(option) or {}).items():
            yield from _pair(option, str(key), value, value_rule)


def consumer_problems(item: Item, namespace: str) -> Iterator[str]:
    """What is wrong with the names of a consumer's Secret, in words. What it has no Secret for is not looked at."""
    if not item.get("secret"):
        return
    if not _is_subdomain(str(item["secret"])):
        yield f"secret {item['secret']!r} is none that Kubernetes takes for a Secret: {_SMALL} and dots, at most 253"
    yield from _namespace(item, namespace)
    for option in ("url_key", "subscription_key_key"):
        if item.get(option) and not _DATA_KEY.fullmatch(str(item[option])):
            yield f"{option} {item[option]!r} is no key of a Secret: letters a to z and A to Z, digits, -, _ and ."


def is_name_of_namespace(name: str) -> bool:
    """Whether a namespace can have this name."""
    return _NAMESPACE.fullmatch(name) is not None


def is_api_version(text: str) -> bool:
    """Whether C(apiVersion) can be this."""
    return _API_VERSION.fullmatch(text) is not None


def is_kind(text: str) -> bool:
    """Whether a kind can have this name."""
    return _KIND.fullmatch(text) is not None


def _namespace(item: Item, namespace: str) -> Iterator[str]:
    place = namespace_of(item, namespace)
    if not is_name_of_namespace(place):
        yield f"namespace {place!r} is none that Kubernetes takes: at most 63 {_SMALL}, no hyphen at either end"


def _pair(option: str, key: str, value: object, rule: re.Pattern[str] | None) -> Iterator[str]:
    prefix, slash, name = key.rpartition("/")
    # Kubernetes reads the prefix of an annotation in small letters.
    if not _KEY.fullmatch(name) or (slash and not _is_subdomain(prefix.lower() if rule is None else prefix)):
        yield (
            f"{option}: {key!r} is no key that Kubernetes takes: at most 63 letters a to z and A to Z, digits, "
            "-, _ and ., with a DNS name and a slash before them if need be"
        )
    # Numbers and booleans become texts that fit, and what a template makes of anything else is not known here.
    if rule is not None and isinstance(value, str) and not rule.fullmatch(value):
        yield (
            f"{option}: {value!r} of {key} is no value of a label: at most 63 letters a to z and A to Z, digits, "
            "-, _ and ., a letter or a digit at both ends"
        )


def _is_subdomain(text: str) -> bool:
    return len(text) <= 253 and _SUBDOMAIN.fullmatch(text) is not None
