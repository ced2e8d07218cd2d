# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What to do is found by whole words of what was said, wherever they stand."""

from __future__ import annotations

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._arm.advice import advice_for


@pytest.mark.parametrize(
    ("message", "word"),
    [
        ("Authentication failed: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed", "REQUESTS_CA_BUNDLE"),
        ("('Unable to connect to proxy', NewConnectionError('Connection refused'))", "Check HTTPS_PROXY"),
        ("('Cannot connect to proxy.', NewConnectionError('Connection refused'))", "Check HTTPS_PROXY"),  # urllib3 1.26
        ("Failed to establish a new connection: [Errno 111] Connection refused", "Nothing answers there"),
        ("Failed to resolve 'login.example' ([Errno -2] Name or service not known)", "host name is not known"),
        ("Failed to establish a new connection: [Errno 101] Network is unreachable", "Check the network"),
        ("Connection to login.example timed out. (connect timeout=10)", "Check the network"),
        ("AADSTS7000215: Invalid client secret provided.", "AZURE_SECRET"),
        ("it ended with AADSTS700016", "AZURE_CLIENT_ID"),
        ("AADSTS90002", "AZURE_TENANT"),
        ("AADSTS700213: No matching federated identity record found", "issuer, subject and audience"),
        ("AADSTS7002138: The subject matches with case-insensitive comparison", "capital letters"),
        ("AADSTS700027: The certificate with identifier used", "AZURE_X509_CERTIFICATE_PATH"),
        ("AADSTS700023: Client assertion audience claim", "AZURE_CLOUD_ENVIRONMENT"),
        ("Entity with specified identifier not found.", "mend its name"),
        ("One or more fields contain incorrect values: scope: Product not found", "apim_product"),
        ("Cannot create API 'b' with the same Path 'echo' as API 'a'  unless it's", "path of its own"),
        ("Cannot create API 'b' with the same Path 'echo' as API 'a'  unless it's", "in a run before"),
        ("All template parameters used in the UriTemplate must be defined in the Operation 'x'", "template_parameters"),
    ],
)
def test_by_words(message: str, word: str) -> None:
    assert word in advice_for(["AuthenticationFailed"], 0, message)


def test_a_longer_code_is_another_code() -> None:
    longer = advice_for(["AuthenticationFailed"], 0, "AADSTS7000215: x")
    assert advice_for(["AuthenticationFailed"], 0, "AADSTS70002150: x") != longer


def test_words_of_libraries_are_not_looked_for_in_what_azure_says() -> None:
    assert not advice_for(["ValidationError"], 400, "The import failed: Connection refused")


@pytest.mark.parametrize(
    ("message", "word"),
    [
        (
            "One or more fields contain incorrect values: name: Product with the same name already exists",
            "display_name",
        ),
        (
            "One or more fields contain incorrect values: name: Property with the same name already exist.",
            "display_name",
        ),
        ("Subscriptions limit reached for same user", "subscriptions_limit"),
        ("The Policy Fragment 'f' is used by the following entities: /policies/policy", "uses it"),
        ("Backend 'b' cannot be deleted because it is used by: /policies/policy.", "uses it"),
    ],
)
def test_what_api_management_refuses_has_an_advice(message: str, word: str) -> None:
    """GitHub issues Azure/apiops 606, 837 and 623, Azure/apiops-cli 261."""
    assert word in advice_for(["ValidationError"], 400, message)


def test_a_name_that_is_taken_elsewhere_is_no_display_name() -> None:
    message = "The resource 'g' already exists. A resource with the same name cannot be created in location 'westus'."
    assert not advice_for(["InvalidResourceLocation"], 409, message)
