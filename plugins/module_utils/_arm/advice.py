# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What to do next, by what Azure said. A table of sentences, looked up by error code, then by words in the message."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_BY_CODE = {
    "AuthorizationFailed": "Give the identity a role that allows this on the resource (Azure RBAC; changes take some "
    "minutes), or use another identity.",
    "LinkedAuthorizationFailed": "Give the identity the right Microsoft.Network/virtualNetworks/subnets/join/action on "
    "the subnet, for example by the role Network Contributor.",
    "LinkedAccessCheckFailed": "Give the identity the right Microsoft.Network/virtualNetworks/subnets/join/action on "
    "the subnet, for example by the role Network Contributor.",
    "InvalidAuthenticationToken": "Check that the tenant and the cloud of the credentials are those of the "
    "subscription.",
    "InvalidAuthenticationTokenTenant": "The subscription belongs to another tenant: set tenant (AZURE_TENANT) to that "
    "one.",
    "ExpiredAuthenticationToken": "Sign in anew, and check that the clock of this machine is right.",
    "SubscriptionNotFound": "Check subscription_id (AZURE_SUBSCRIPTION_ID) and the cloud (AZURE_CLOUD_ENVIRONMENT), "
    "and that the identity may see the subscription.",
    "InvalidSubscriptionId": "Check subscription_id (AZURE_SUBSCRIPTION_ID).",
    "ResourceGroupNotFound": "Check the name of the resource group, or create it first.",
    "ParentResourceNotFound": "Create the parent resource first.",
    "InvalidResourceReference": "Create the resource that is referred to first, or mend its name.",
    "MissingSubscriptionRegistration": "Register the resource provider once for the subscription: "
    "az provider register --namespace Microsoft.ApiManagement (or Microsoft.Network).",
    "NetcfgSubnetRangesOverlap": "Choose a range that is free; innergate.azure.vnet_subnet_plan finds one.",
    "NetcfgSubnetRangeOutsideVnet": "Choose a range inside the virtual network, or give the network another address "
    "prefix first; innergate.azure.vnet_subnet_plan finds a free range.",
    "NetcfgInvalidSubnet": "Choose a range that is inside the virtual network and free; "
    "innergate.azure.vnet_subnet_plan finds one.",
    "InUseSubnetCannotBeDeleted": "Remove what is in the subnet first. A deleted API Management service keeps its "
    "subnet busy for some time.",
    "InUseSubnetCannotBeUpdated": "Remove what is in the subnet first.",
    "InUseNetworkSecurityGroupCannotBeDeleted": "Take it away from the subnets and network interfaces that use it "
    "first.",
    "InUseRouteTableCannotBeDeleted": "Take it away from the subnets that use it first.",
    "DnsRecordInUse": "A DNS label is given once in a region, and another public IP address, perhaps of another "
    "subscription, has this one: take it from there, or choose another one (dns_settings.domain_name_label; the role "
    "apim_vnet_join has another one for other_public_ip_address).",
    "PublicIPAddressCannotBeDeleted": "Take it away from the resource that uses it first.",
    "ServiceLocked": "The service is being changed by another operation, which can take 45 minutes. Run the task again "
    "later, or give it a longer wait_timeout.",
    "AnotherOperationInProgress": "Run the task again when the other operation has ended.",
    "PreconditionFailed": "The resource was changed by somebody else meanwhile. Read it again and decide anew.",
    "ScopeLocked": "Remove the management lock first, if that is what you want.",
    "ServiceAlreadyExistsInSoftDeletedState": "The name belongs to a deleted service: set recover to bring it back, or "
    "purge it.",
    "MethodNotAllowedInPricingTier": "The tier of the service does not have this feature.",
    "RequestDisallowedByPolicy": "An Azure Policy of the subscription forbids this.",
    "QuotaExceeded": "Ask for a higher quota, or remove what is no longer used.",
    "TooManyRequests": "Azure limits how many requests an identity may send. Run the task again later, or run fewer "
    "hosts at a time (forks).",
}

_SECRET = "The client secret is wrong or was replaced: set secret (AZURE_SECRET) to the secret's value, not to its id."
_TENANT = "The tenant is not known: check tenant (AZURE_TENANT) and the cloud (AZURE_CLOUD_ENVIRONMENT)."
_FEDERATED = "No federated credential of the application matches the token: check issuer, subject and audience."

_CERTIFICATE = "Set REQUESTS_CA_BUNDLE to a file with the certificate authority, if you trust it."
_PROXY = "Check HTTPS_PROXY and NO_PROXY."

# (words in the message as a regular expression, advice)
_BY_WORDS = (
    ("CERTIFICATE_VERIFY_FAILED", _CERTIFICATE),
    ("Unable to connect to proxy", _PROXY),
    ("Cannot connect to proxy", _PROXY),
    ("AADSTS7000215", _SECRET),
    ("AADSTS7000222", "The client secret has expired: make a new one and set secret (AZURE_SECRET)."),
    (
        "AADSTS700016",
        "The application is not known in this tenant: check client_id (AZURE_CLIENT_ID) and tenant (AZURE_TENANT).",
    ),
    ("AADSTS90002", _TENANT),
    ("AADSTS900023", _TENANT),
    ("Unable to get authority configuration", _TENANT),
    ("AADSTS70021", _FEDERATED),
    ("AADSTS700211", _FEDERATED),
    ("AADSTS700212", _FEDERATED),
    ("AADSTS700213", _FEDERATED),
    (
        "AADSTS7002138",
        "The subject of the federated credential differs from the token's in capital letters: make it the same.",
    ),
    (
        "AADSTS700027",
        (
            "The application does not know the key: register the certificate of x509_certificate_path "
            "(AZURE_X509_CERTIFICATE_PATH) with it, or check the issuer of the federated credential."
        ),
    ),
    ("AADSTS700023", _TENANT),
    ("AADSTS700024", "The token file holds a token that has expired: check AZURE_FEDERATED_TOKEN_FILE."),
    ("Entity with specified identifier not found", "Create first what is referred to, or mend its name."),
    ("Product not found", "Create the product first (innergate.azure.apim_product), or mend its name."),
    (
        "with the same Path",
        (
            "Give the API a path of its own, or make the two versions of one API: of the same api_version_set, and "
            "each with an api_version of its own. If the other one is to leave this path and belongs to another "
            "environment, let it do so in a run before."
        ),
    ),
    (
        "template parameters used in the UriTemplate must be defined",
        "List each parameter of url_template in template_parameters, and no other.",
    ),
    (
        "delete the current revision",
        "Set delete_revisions, so that all revisions of the API go, or make another one current first.",
    ),
    (
        "with the same name already",
        "Choose another display_name, or give the resource that has it another one first.",
    ),
    (
        "Subscriptions limit reached",
        (
            "The product allows each user only so many subscriptions: raise its subscriptions_limit, remove a "
            "subscription of the same owner, or name another owner."
        ),
    ),
    ("is used by", "Take it out of what uses it first."),
    ("deleteSubscriptions", "Set delete_subscriptions, so that they go with it, or delete them first."),
    ("AADSTS50034", "The account is not known in this tenant: check tenant (AZURE_TENANT)."),
)

_LASTING = "The task tried it several times: run it again later, and give Azure the request id if that does not help."
_BY_STATUS = {
    404: "Check the names, or create first what is missing.",
    403: "The identity is known, but may not do this: check its role assignments.",
    401: "Azure did not accept the token: check the credentials, the tenant and the cloud.",
    500: _LASTING,
    502: _LASTING,
    503: _LASTING,
    504: _LASTING,
}

#: How long-running operations end that have begun well, by code.
_BY_CODE_OF_OPERATIONS = {
    "ActivationFailed": "Azure could not put the service to work, for example for want of capacity or because it does "
    "not reach what it depends on (innergate.azure.apim_network_status_info shows that)",
    "InternalServerError": "Azure has failed without a reason of yours, which often passes",
    "Canceled": "Somebody, or another operation on the same resource, has stopped it",
}

NETWORK = {
    "CertificateNotTrusted": _CERTIFICATE,
    "ConnectionRefused": "Nothing answers there: check the address (AZURE_CLOUD_ENVIRONMENT) and the proxy settings.",
    "NameNotFound": "The host name is not known: check the address (AZURE_CLOUD_ENVIRONMENT) and the name servers.",
    "ProxyRefused": "The proxy does not let the connection through: check HTTPS_PROXY and NO_PROXY.",
    "ConnectionFailed": "Check the network between this machine and Azure, and the proxy settings.",
    "UnreadableAnswer": "Something between this machine and Azure seems to answer in its place: check the proxy "
    "settings (HTTPS_PROXY, NO_PROXY) and AZURE_CLOUD_ENVIRONMENT, and run the task again.",
    "Redirected": "Something between this machine and Azure seems to answer in its place: check the proxy settings "
    "(HTTPS_PROXY, NO_PROXY) and AZURE_CLOUD_ENVIRONMENT.",
    "NoAnswer": "The connection was made, but no answer came. Run the task again.",
}

#: The same for what libraries say of a connection of theirs, where nobody answered: Azure uses such words as well.
_BY_WORDS_OF_LIBRARIES = (
    ("Connection refused", NETWORK["ConnectionRefused"]),
    ("Failed to resolve|Name or service not known|Temporary failure in name resolution", NETWORK["NameNotFound"]),
    ("timed out|Network is unreachable|No route to host", NETWORK["ConnectionFailed"]),
)


def advice_for(codes: Iterable[str], status: int, message: str) -> str:
    """A sentence on what to do next, "" if there is none to give."""
    return (
        _by_code(codes, _BY_CODE)
        or _by_code(codes, NETWORK)
        or _by_words(message, _BY_WORDS if status else _BY_WORDS + _BY_WORDS_OF_LIBRARIES)
        or _BY_STATUS.get(status, "")
    )


def advice_for_operation(codes: Iterable[str], message: str, correlation_id: str = "") -> str:
    """What to do next when a long-running operation has ended badly: always something, for the resource is there.

    The activity log finds what belongs to a request by its C(correlation_id) (x-ms-correlation-request-id).
    """
    if known := _by_code(codes, _BY_CODE) or _by_words(message, _BY_WORDS):
        return known
    reason = _by_code(codes, _BY_CODE_OF_OPERATIONS)
    log = f"the activity log (correlation id {correlation_id})" if correlation_id else "the activity log"
    return (
        f"{reason}{'. ' if reason else ''}The resource may be half-done: look at its provisioning state "
        f"('az resource show --ids ID') and at {log}, then run the task again."
    )


def _by_code(codes: Iterable[str], table: Mapping[str, str]) -> str:
    return next((table[code] for code in codes if code in table), "")


def _by_words(message: str, table: Iterable[tuple[str, str]]) -> str:
    """As a whole word: AADSTS70021 is not AADSTS700211."""
    return next((advice for words, advice in table if re.search(rf"\b(?:{words})\b", message)), "")
