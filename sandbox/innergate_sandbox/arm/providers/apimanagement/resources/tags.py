# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tags, and what they are attached to."""

from __future__ import annotations

from ..engine.declaration import Link, NamedLink, Resource

TYPE = "Microsoft.ApiManagement/service/tags"
TAG = Resource(
    path="tags/{tagId}",
    noun="Tag",
    put="TagCreateUpdateParameters",
    workspace=True,
    required=("displayName",),
    unique=("displayName",),
)


def _attached(path: str, target_id_from: str = "") -> Resource:
    return Resource(
        path=path,
        noun="Tag",
        methods="PUT GET HEAD DELETE LIST",
        if_match=False,
        link=Link("tags", head=200, id="target", type=TYPE, target_id_from=target_id_from),
    )


def _link(path: str, noun: str, model: str, link: NamedLink) -> Resource:
    return Resource(
        path=path, noun=noun, put=model, methods="PUT GET DELETE LIST", workspace=True, if_match=False, named_link=link
    )


RESOURCES = [
    TAG,
    _attached("apis/{apiId}/tags/{tagId}"),
    _attached("apis/{apiId}/operations/{operationId}/tags/{tagId}"),
    # terraform-provider-azurerm (2022-08-01) reads the id of the answer as that of a product's tag; examples of
    # 2024-05-01 show the tag's
    _attached("products/{productId}/tags/{tagId}", target_id_from="2024-05-01"),
    _link(
        "tags/{tagId}/apiLinks/{apiLinkId}",
        "TagApiLink",
        "TagApiLinkContract",
        NamedLink("apiId", "apis", "apis/tags", reverse=True),
    ),
    _link(
        "tags/{tagId}/operationLinks/{operationLinkId}",
        "TagOperationLink",
        "TagOperationLinkContract",
        NamedLink("operationId", "apis", "apis/operations/tags", reverse=True),
    ),
    _link(
        "tags/{tagId}/productLinks/{productLinkId}",
        "TagProductLink",
        "TagProductLinkContract",
        NamedLink("productId", "products", "products/tags", reverse=True),
    ),
]
