# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What could not be verified about the gateway, as switches. Everything else follows what was seen or is documented."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Assumptions:
    """One field per assumption; the default is the reading that most evidence speaks for.

    A sandbox's settings may override them: `options: {"gateway": {"key_reaches_backend": false}}`.
    """

    # cors without terminate-unmatched-request: the attribute table of its page says false, text and usage say true
    cors_terminates: bool = True
    # the message of ip-filter's 403
    ip_filter_text: str = "Forbidden"
    # what callers get while a circuit breaker is open, or no member of a pool is available
    unavailable_status: int = 503
    unavailable_text: str = "Service Unavailable"
    # limit-concurrency: the message of its 429
    concurrency_text: str = "Too many requests"
    # the header with the subscription key travels on (the query parameter does, by an example of set-backend-service)
    key_reaches_backend: bool = True
    # a SOAP message without any header that names its action may name it in the URL, where the template has it
    soap_action_in_url: bool = True
    # a change of the network interrupts the gateway of the Developer tier
    developer_interrupted: bool = True
    # Consumption tier: the answers to a URL that is too long and to a request of which too much would be buffered
    long_url_status: int = 414
    long_url_text: str = "Request-URI Too Large"
    large_payload_status: int = 413
    large_payload_text: str = "Request Entity Too Large"


DEFAULTS = Assumptions()
