# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an API server could not be asked, or refused."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

#: How rules that are added to a cluster refuse something (apiserver: webhook errors, ValidatingAdmissionPolicy).
DENIED = re.compile("denied (the )?request")
#: Two ports of a Service have one number on the nodes; status 500 (kube-apiserver: core/service, port allocation).
DUPLICATE_PORT = re.compile("duplicate nodePort")
#: What only another object can have (Kubernetes: ValidateImmutableField; pkg/apis/rbac/validation: roleRef).
UNCHANGEABLE = re.compile("field is immutable|cannot change roleRef")
#: A step of a field as causes name it: C(spec.ports[0].name), C(data[a.b]).
STEP = re.compile(r"\.?([^.\[\]]+)|\[([^\]]*)\]")


class ClusterError(Exception):
    """The API server could not be asked, or refused. The text is a sentence; C(status) is 0 if there was no answer.

    C(passing): the same question may be answered a moment later, after C(retry_after) seconds if that is not None.
    C(causes): the fields that were refused, and why, as the API server names them (Status.details.causes).
    """

    def __init__(
        self,
        message: str,
        status: int = 0,
        *,
        passing: bool = False,
        retry_after: float | None = None,
        causes: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        super().__init__(message)
        self.status = status
        self.causes = causes
        self.passing = passing
        self.retry_after = retry_after


def field_causes(status: int, said: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The fields that an API server refuses, and why, as its answer (a Status) names them; empty if it names none.

    Those that a rule of the cluster refuses do not count, for such rules look at objects as a whole, and name fields as
    they like.
    """
    message = str(said.get("message") or "")
    if status == 500 and DUPLICATE_PORT.search(message):
        return [{"field": "spec.ports", "reason": "FieldValueDuplicate", "message": message}]
    causes = list((said.get("details") or {}).get("causes") or ()) if status == 422 else []
    return causes if all(cause.get("field") for cause in causes) and not DENIED.search(message) else []
