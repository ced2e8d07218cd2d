# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a caller may call: subscription keys (Microsoft Learn: api-management-subscriptions)."""

from __future__ import annotations

from innergate_sandbox.gateway.configuration.model import Api, Service, Subscription
from innergate_sandbox.gateway.errors import KEY_INVALID_TEXT, KEY_MISSING_TEXT, Failure
from innergate_sandbox.gateway.exchange import Exchange


def given_key(x: Exchange, api: Api) -> str | None:
    """Return the caller's key: the header's, and only without that header the query parameter's."""
    header = x.request.headers.get(api.key_header)
    if header is not None:
        return header
    return next((value for name, value in x.request.pairs() if name.lower() == api.key_query.lower()), None)


def authorize(x: Exchange) -> None:
    """Fill in subscription and product of the call, or raise the Failure of status 401.

    A key that is not good enough is refused even when none would have been needed. Without a key an open product
    that contains the API is used, then the API itself if it asks for no key.
    """
    api = x.api
    assert api is not None
    key = given_key(x, api)
    if key:
        subscription = allowed(x.service, api, key)
        if subscription is None:
            raise _refused(x, api, KEY_INVALID_TEXT, "SubscriptionKeyInvalid")
        x.subscription = subscription
        x.product = x.service.products.get(subscription.product) if subscription.product else None
        return
    x.product = x.service.product_of(api)
    if x.product is None and api.key_required:
        raise _refused(x, api, KEY_MISSING_TEXT, "SubscriptionKeyNotFound")


def allowed(service: Service, api: Api, key: str) -> Subscription | None:
    """Return the active subscription with this key whose scope covers the API."""
    found = service.keys.get(key)
    if found is None or found.state.lower() != "active":
        return None
    name = api.id.lower()
    if found.product is not None:
        product = service.products.get(found.product)
        covers = product is not None and name in product.apis
    else:
        covers = found.api is None or found.api == name
    return found if covers else None


def _refused(x: Exchange, api: Api, text: str, reason: str) -> Failure:
    realm = f"https://{x.request.original.authority}/{api.public_path}".rstrip("/")
    challenge = f'AzureApiManagementKey realm="{realm}",name="{api.key_header}",type="header"'
    return Failure(401, text, reason, "authorization", headers=[("WWW-Authenticate", challenge)])
