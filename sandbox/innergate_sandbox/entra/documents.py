# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Entra's discovery documents."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from innergate_sandbox.metadata import PUBLIC_LOGIN, login_endpoint

ALIASES = ("login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net")


def openid_configuration(base_url: str, tenant: str, tenant_id: str, *, version2: bool) -> dict[str, Any]:
    """Return /{tenant}[/v2.0]/.well-known/openid-configuration; its links stay at the origin that the client uses."""
    root = f"{login_endpoint(base_url)}/{tenant}"
    oauth = f"{root}/oauth2/v2.0" if version2 else f"{root}/oauth2"
    return {
        "token_endpoint": f"{oauth}/token",
        "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
        "jwks_uri": f"{root}/discovery/v2.0/keys" if version2 else f"{root}/discovery/keys",
        "response_modes_supported": ["query", "fragment", "form_post"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "issuer": f"{PUBLIC_LOGIN}/{tenant_id}/v2.0" if version2 else f"https://sts.windows.net/{tenant_id}/",
        "request_uri_parameter_supported": False,
        "userinfo_endpoint": "https://graph.microsoft.com/oidc/userinfo",
        "authorization_endpoint": f"{oauth}/authorize",
        "device_authorization_endpoint": f"{oauth}/devicecode",
        "http_logout_supported": True,
        "frontchannel_logout_supported": True,
        "end_session_endpoint": f"{oauth}/logout",
        "claims_supported": ["sub", "iss", "aud", "exp", "iat", "tid", "ver", "oid", "appid"],
        "tenant_region_scope": "EU",
        "cloud_instance_name": "microsoftonline.com",
        "cloud_graph_host_name": "graph.windows.net",
        "msgraph_host": "graph.microsoft.com",
        "rbac_url": "https://pas.windows.net",
    }


def instance_discovery(base_url: str, authorization_endpoint: str) -> dict[str, Any]:
    """Return /common/discovery/instance: the authority asked about, and the hosts that are the same cloud."""
    parts = urlsplit(authorization_endpoint)
    tenant = parts.path.strip("/").partition("/")[0] or "common"
    origin = f"{parts.scheme}://{parts.netloc}" if parts.netloc else login_endpoint(base_url)
    return {
        "tenant_discovery_endpoint": f"{origin}/{tenant}/v2.0/.well-known/openid-configuration",
        "api-version": "1.1",
        "metadata": [
            {"preferred_network": ALIASES[0], "preferred_cache": ALIASES[1], "aliases": list(ALIASES)},
        ],
    }
