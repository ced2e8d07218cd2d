# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which api-versions ARM has registered: data, with where it was read.

Sources: what ARM itself said in the errors that people quoted (issues of Azure/bicep 15227, Azure/azure-powershell 2230
and 12061, Azure/azure-cli 28368 and 28496, Azure/azure-rest-api-specs 27695, ansible-collections/azure 1739,
microsoft/vscode-apimanagement 373; ARM's own list as of September 2026), and for what came later the versions that the
Azure SDKs and pulumi's azure-native were generated from.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Known:
    """The versions of one type.

    Nobody has read which ones came after `complete_to` ("yyyy-mm-dd"; "": nothing was read).
    """

    versions: tuple[str, ...]
    complete_to: str


def _known(text: str, complete_to: str = "") -> Known:
    versions = tuple(text.split())
    return Known(versions, complete_to or versions[-1][:10])


NOTHING = Known((), "")

ARM = _known(
    """2014-04 2014-02-26 2013-03-01 2014-01-01 2014-04-01 2014-04-01-preview 2015-01-01 2015-11-01 2016-02-01
    2016-06-01 2016-07-01 2016-09-01 2017-03-01 2017-05-01 2017-05-10 2017-06-01 2017-08-01 2017-12-01 2018-01-01
    2018-02-01
    2018-05-01 2018-06-01 2018-07-01 2018-08-01 2018-09-01 2018-11-01 2019-03-01 2019-05-01 2019-05-10 2019-06-01
    2019-07-01 2019-08-01 2019-09-01 2019-10-01 2019-11-01 2020-01-01 2020-05-01 2020-06-01 2020-07-01 2020-08-01
    2020-09-01 2020-10-01 2021-01-01 2021-04-01 2022-01-01 2022-03-01-preview 2022-05-01 2022-06-01 2022-09-01
    2022-11-01-preview 2022-12-01 2023-03-01-preview 2023-07-01-preview 2023-07-01 2024-03-01 2024-06-01-preview
    2024-07-01 2024-08-01 2024-11-01 2024-10-01-preview 2025-03-01 2025-04-01 2026-06-01"""
)
"""Of everything that ARM answers by itself, Microsoft.Resources included; in the order of its error, reversed."""

_API_MANAGEMENT = _known(
    """2014-02-14 2015-09-15 2016-07-07 2016-10-10 2017-03-01 2018-01-01 2018-06-01-preview 2019-01-01
    2019-12-01-preview 2019-12-01 2020-06-01-preview 2020-12-01 2021-01-01-preview 2021-04-01-preview 2021-08-01
    2021-12-01-preview 2022-04-01-preview 2022-08-01 2022-09-01-preview 2023-03-01-preview 2023-05-01-preview
    2023-09-01-preview 2024-05-01 2024-06-01-preview 2024-10-01-preview 2025-03-01-preview"""
)

_NETWORK = _known(
    """2014-12-01-preview 2015-05-01-preview 2015-06-15 2016-03-30 2016-06-01 2016-07-01 2016-08-01 2016-09-01
    2016-10-01 2016-11-01 2016-12-01 2017-03-01 2017-04-01 2017-06-01 2017-08-01 2017-09-01 2017-10-01 2017-11-01
    2018-01-01 2018-02-01 2018-03-01 2018-04-01 2018-05-01 2018-06-01 2018-07-01 2018-08-01 2018-10-01 2018-11-01
    2018-12-01 2019-02-01 2019-04-01 2019-06-01 2019-07-01 2019-08-01 2019-09-01 2019-11-01 2019-12-01 2020-01-01
    2020-03-01 2020-04-01 2020-05-01 2020-06-01 2020-07-01 2020-08-01 2020-11-01 2021-02-01 2021-03-01 2021-05-01
    2021-08-01 2022-01-01 2022-05-01 2022-07-01 2022-09-01 2022-11-01 2023-02-01 2023-04-01 2023-05-01 2023-06-01
    2023-09-01 2023-11-01 2024-01-01 2024-03-01 2024-05-01 2024-07-01 2024-10-01 2025-01-01 2025-03-01 2025-05-01
    2025-07-01"""
)

_CLUSTERS = _known(
    """2017-08-31 2018-03-31 2018-08-01-preview 2019-02-01 2019-04-01 2019-06-01 2019-08-01 2019-10-01 2019-11-01
    2020-01-01 2020-02-01 2020-03-01 2020-04-01 2020-06-01 2020-07-01 2020-09-01 2020-11-01 2020-12-01 2021-02-01
    2021-03-01 2021-05-01 2021-07-01 2021-08-01 2021-09-01 2021-10-01 2021-11-01-preview 2022-01-01 2022-01-02-preview
    2022-02-01 2022-02-02-preview 2022-03-01 2022-03-02-preview 2022-04-01 2022-04-02-preview 2022-05-01
    2022-05-02-preview 2022-06-01 2022-06-02-preview 2022-07-01 2022-07-02-preview 2022-08-01 2022-08-02-preview
    2022-08-03-preview 2022-09-01 2022-09-02-preview 2022-10-02-preview 2022-11-01 2022-11-02-preview 2023-01-01
    2023-01-02-preview 2023-02-01 2023-02-02-preview 2023-03-01 2023-03-02-preview 2023-04-01 2023-04-02-preview
    2023-05-01 2023-05-02-preview 2023-06-01 2023-06-02-preview 2023-07-01 2023-07-02-preview 2023-08-01
    2023-08-02-preview 2023-09-01 2023-09-02-preview 2023-10-01 2023-10-02-preview 2023-11-01 2023-11-02-preview
    2024-01-01 2024-01-02-preview 2024-02-01 2024-02-02-preview 2024-03-02-preview 2024-04-02-preview 2024-05-01
    2024-05-02-preview 2024-06-02-preview 2024-07-01 2024-07-02-preview 2024-08-01 2024-09-01 2024-09-02-preview
    2024-10-01 2024-10-02-preview 2025-01-01 2025-01-02-preview 2025-02-01 2025-02-02-preview 2025-03-01
    2025-03-02-preview 2025-04-01 2025-04-02-preview 2025-05-01 2025-05-02-preview 2025-06-02-preview 2025-07-01
    2025-07-02-preview 2025-08-01 2025-08-02-preview 2025-09-01 2025-09-02-preview 2025-10-01 2025-10-02-preview
    2026-01-01 2026-01-02-preview 2026-02-01 2026-02-02-preview 2026-03-01 2026-03-02-preview 2026-04-01
    2026-04-02-preview 2026-05-01 2026-05-02-preview"""
)

_MACHINES = _known(
    """2015-05-01-preview 2015-06-15 2016-03-30 2016-04-30-preview 2016-08-30 2017-03-30 2017-10-30-preview 2017-12-01
    2018-04-01 2018-06-01 2018-10-01 2019-03-01 2019-07-01 2019-12-01 2020-06-01 2020-12-01 2021-03-01 2021-04-01
    2021-07-01 2021-11-01 2022-03-01 2022-08-01 2022-11-01 2023-03-01 2023-07-01 2023-09-01 2024-03-01 2024-07-01
    2024-11-01 2025-04-01"""
)

REGISTERED: dict[str, Known] = {
    "microsoft.apimanagement": _API_MANAGEMENT,
    "microsoft.authorization": _known("2014-04-01-preview 2015-07-01 2016-09-01 2020-05-01 2022-04-01", "2014-04-01"),
    "microsoft.compute": _MACHINES,
    "microsoft.containerservice": _CLUSTERS,
    "microsoft.managedidentity": _known("2015-08-31-preview 2018-11-30 2023-01-31 2024-11-30", "2015-08-31"),
    "microsoft.network": _NETWORK,
    "microsoft.network/privatednszones": _known("2018-09-01 2020-01-01 2020-06-01 2024-06-01"),
}
"""By namespace, or by namespace and first type (lower case) where that type has versions of its own."""
