# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why an API server did not take an object, from what kubernetes.core answers, and what can be done. Pure: no I/O.

It answers the body of the API server's answer within a text of its own (C(Failed to apply object: ...)), either as
text or as Python writes bytes. The body is a Status (Kubernetes documentation, "API Concepts" and the reference of
meta/v1 Status: message, reason, details, code).
"""

from __future__ import annotations

import ast
import base64
import binascii
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.errors import (
    DENIED,
    DUPLICATE_PORT,
    STEP,
    UNCHANGEABLE,
)
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.secrecy import REMOVED, contents

#: A value of so few characters is a part of many words, too: it is taken out where it stands alone.
_SHORT = 4
_STATUS = re.compile(r"""b'(?:[^'\\]|\\.)*'|b"(?:[^"\\]|\\.)*"|\{.*\}""", re.DOTALL)
_BEGIN = re.compile(r"^Failed to [a-z ]+: ")
#: A Service with a cluster IP, or without one, stays so (Kubernetes API: ServiceSpec, clusterIP).
_CLUSTER_IP = re.compile(r"spec\.clusterIPs?\b")
_UNKNOWN_KIND = "Failed to find exact match"
#: What can't be read as the object that it is to be is answered to who applies it (server-side apply) with status 500,
#: like trouble of the server itself; so words tell. (apimachinery: managedfields, structured-merge-diff, resource.)
_MISTAKEN = re.compile(
    "failed to create typed patch object|field not declared in schema|unable to convert unstructured object|"
    "error converting|error decoding|unable to decode|strict decoding error|unknown field|cannot unmarshal|"
    "cannot be handled as|illegal base64|quantities must match|unable to parse quantity",
)

Item = Mapping[str, Any]


def sentence(text: str, definitions: Sequence[Item], undone: str = "can't be applied") -> str:
    """Which object it is, what the API server said, and what to do. What is in a Secret is not told.

    C(text) is the message of kubernetes.core, C(undone) what could not be done. Of several objects, the message may
    tell which one is meant. An object is named by C(kind) and C(metadata), or by C(kind), C(namespace) and C(name).
    """
    status = _status(text)
    message = str(status.get("message") or "") or _BEGIN.sub("", text)
    meant = [item for item in definitions if _is_meant(item, message)][:1] or definitions
    for definition in definitions:
        message = _censored(message, definition)
    message = " ".join(message.split()).rstrip(".") or "the reason is not known"
    advice = _advice(status, message, meant[0])
    return f"{', '.join(map(title, meant))} {undone}: {message}.{f' To do: {advice}.' if advice else ''}"


def title(definition: Item) -> str:
    """For people: C(Secret demo/web)."""
    metadata = _metadata(definition)
    place = "/".join(str(metadata[key]) for key in ("namespace", "name") if metadata.get(key))
    return f"{definition.get('kind')} {place}"


def _metadata(definition: Item) -> Item:
    found = definition.get("metadata", definition)
    return found if isinstance(found, Mapping) else {}


def _is_meant(definition: Item, message: str) -> bool:
    """Whether the message names the object: C(deployments.apps "web" is forbidden), C("Deployment" "web": ...)."""
    return (
        str(definition.get("kind")).lower() in message.lower() and f'"{_metadata(definition).get("name")}"' in message
    )


def _advice(status: Item, message: str, definition: Item) -> str:
    """What to do about it; empty for what nobody can know."""
    code, reason = status.get("code"), status.get("reason")
    details = status.get("details") or {}
    namespace = str(_metadata(definition).get("namespace") or "")
    causes = [str(cause.get("reason")) for cause in details.get("causes") or ()]
    if "NamespaceTerminating" in causes or "because it is being terminated" in message:
        return f"wait until the namespace {namespace} is gone, and run the task again"
    if code == 404 and details.get("kind") == "namespaces":
        return f"create the namespace {details.get('name')}"
    if _UNKNOWN_KIND in message or (code == 404 and not details.get("name")):
        version, kind = definition.get("apiVersion") or definition.get("api_version"), definition.get("kind")
        return f"correct apiVersion {version} and kind {kind}, or install what brings them to this cluster"
    if DENIED.search(message):
        return (
            "that is a rule of this cluster: change the description, or what others have written into the object, so "
            "that it keeps it, or ask who runs the cluster"
        )
    if "exceeded quota" in message:
        return "ask for less, remove what is not needed any more, or raise the ResourceQuota"
    if code == 401:
        return "get new credentials, for example by az aks get-credentials, and check kubeconfig and context"
    if code == 403:
        return (
            "let somebody who may do so give these credentials a role with that right (a RoleBinding or "
            "ClusterRoleBinding, or a role of Azure where the cluster uses Azure RBAC), or use others"
        )
    if definition.get("kind") == "Service" and _CLUSTER_IP.search(message):
        return "remove the Service, so that it is made anew, or describe it as it is, for it keeps its cluster IP"
    if DUPLICATE_PORT.search(message):
        return "remove the other port with this nodePort from the Service, or describe another nodePort"
    if UNCHANGEABLE.search(message):
        return "remove the object, so that it is made anew, or give it another name"
    if code in (400, 422) or reason == "Invalid" or (code in (None, 500) and _MISTAKEN.search(message)):
        return _correction(details.get("causes") or (), definition)
    if code == 409 or reason in ("Conflict", "AlreadyExists"):
        return "somebody else has changed it at the same moment: run the task again"
    if code in (429, 500, 502, 503, 504):
        return "run the task again later"
    return ""


def _correction(causes: Sequence[Item], definition: Item) -> str:
    """What to correct so that fields are not refused any more."""
    for cause in causes:
        whose = _described(str(cause.get("field") or ""), definition)
        if whose is None and cause.get("reason") != "FieldValueRequired":
            return f"correct or remove {cause['field']} in the object, which is not described, or describe it"
        if isinstance(whose, Mapping):
            return "correct the description of the object, or what others have written into it beside that"
    return "correct the description of the object"


def _described(field: str, definition: Item) -> object:
    """What is described of a field of an object; empty for what can't be told, None for nothing."""
    value: object = definition
    for name, index in STEP.findall(field if "apiVersion" in definition else ""):
        if isinstance(value, list) and index.isdigit():
            # Items of others may be before those that are described, but not instead of them.
            return "" if int(index) < len(value) else None
        if not isinstance(value, Mapping):
            return ""
        value = value.get(name or index)
        if value is None:
            return None
    return value if field and "apiVersion" in definition else ""


def _status(text: str) -> dict[str, Any]:
    """The Status that the text quotes; empty if it quotes none."""
    found = _STATUS.search(text)
    if not found:
        return {}
    body = found.group()
    try:
        if body.startswith("b"):
            body = ast.literal_eval(body).decode(errors="replace")
        status = json.loads(body)
    except (ValueError, SyntaxError):
        return {}
    return status if isinstance(status, dict) and status.get("kind") == "Status" else {}


def _censored(message: str, definition: Item) -> str:
    """The message without what is in Secrets; API servers quote what they can't read."""
    hidden = {form for part in contents(definition) for text in _texts(part) for form in _forms(text)}
    # The longer ones first: a shorter one may be a part of them.
    for text in sorted(hidden, key=len, reverse=True):
        alone = r"(?<!\w)%s(?!\w)" if len(text) < _SHORT else "%s"
        message = re.sub(alone % re.escape(text), REMOVED, message)
    return message


def _texts(value: object) -> Iterator[str]:
    """All that is somewhere in the value."""
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif value is not None and value != "":
        # As Python writes it, and as the API server does, true for True.
        yield from {str(value), json.dumps(value)} if not isinstance(value, str) else {value}


def _forms(text: str) -> Iterator[str]:
    """How a text may be quoted: as it is, with escapes, its lines, and encoded; and the same of what it encodes."""
    yield from _quoted(text)
    yield base64.b64encode(text.encode()).decode()
    try:
        decoded = base64.b64decode(text, validate=True).decode()
    except (binascii.Error, ValueError):
        return
    if decoded:
        yield from _quoted(decoded)


def _quoted(text: str) -> Iterator[str]:
    yield text
    yield json.dumps(text)[1:-1]
    yield json.dumps(text, ensure_ascii=False)[1:-1]
    yield from (line.strip() for line in text.splitlines() if line.strip())
