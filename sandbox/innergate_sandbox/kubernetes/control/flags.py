# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command lines of the control plane. Everything listens on loopback only and asks for certificates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from innergate_sandbox.kubernetes.control.pki import Authority, Pair

HOST = "127.0.0.1"
INSIDE_ISSUER = "https://kubernetes.default.svc.cluster.local"
"""The issuer of a cluster without an OIDC issuer; AKS goes on accepting it when there is one."""


@dataclass(frozen=True)
class Layout:
    """Ports, folders and addresses of one control plane. Addresses other than loopback are never connected to."""

    folder: Path
    etcd_port: int
    etcd_peer_port: int
    api_port: int
    egress_port: int
    advertise_address: str
    service_cidr: str = "10.0.0.0/16"
    issuer: str = INSIDE_ISSUER
    """Who signs service account tokens, as Entra knows the cluster (the OIDC issuer of AKS)."""

    @property
    def server(self) -> str:
        """URL of the API server."""
        return f"https://{HOST}:{self.api_port}"

    @property
    def etcd(self) -> str:
        """URL of etcd."""
        return f"https://{HOST}:{self.etcd_port}"


def etcd(program: Path, layout: Layout, authority: Authority, pair: Pair) -> list[str]:
    """Etcd with one member. No fsync: what was answered survives a killed process, not a power cut."""
    peer = f"http://{HOST}:{layout.etcd_peer_port}"
    return _command(
        program,
        {
            "name": "sandbox",
            "data-dir": layout.folder / "etcd",
            "listen-client-urls": layout.etcd,
            "advertise-client-urls": layout.etcd,
            "listen-peer-urls": peer,
            "initial-advertise-peer-urls": peer,
            "initial-cluster": f"sandbox={peer}",
            "client-cert-auth": "true",
            "trusted-ca-file": authority.pair.certificate,
            "cert-file": pair.certificate,
            "key-file": pair.key,
            "unsafe-no-fsync": "true",
            "auto-compaction-mode": "periodic",
            "auto-compaction-retention": "1h",
            "log-level": "warn",
        },
    )


def apiserver(
    program: Path, layout: Layout, authority: Authority, pairs: Mapping[str, Pair], egress: Path, tokens: Path
) -> list[str]:
    """kube-apiserver.

    `egress` names the configuration of the tunnel by which it reaches nodes, pods and services, `tokens` the file of
    tokens that it accepts beside certificates.
    """
    options: dict[str, object] = {
        "etcd-servers": layout.etcd,
        "etcd-cafile": authority.pair.certificate,
        "etcd-certfile": pairs["etcd-client"].certificate,
        "etcd-keyfile": pairs["etcd-client"].key,
        "bind-address": HOST,
        "secure-port": layout.api_port,
        "advertise-address": layout.advertise_address,
        "endpoint-reconciler-type": "none",
        "tls-cert-file": pairs["apiserver"].certificate,
        "tls-private-key-file": pairs["apiserver"].key,
        "client-ca-file": authority.pair.certificate,
        "token-auth-file": tokens,
        "kubelet-client-certificate": pairs["apiserver-kubelet"].certificate,
        "kubelet-client-key": pairs["apiserver-kubelet"].key,
        "kubelet-preferred-address-types": "InternalIP",
        "service-account-issuer": list(dict.fromkeys((layout.issuer, INSIDE_ISSUER))),
        "service-account-signing-key-file": pairs["service-accounts"].key,
        "service-account-key-file": pairs["service-accounts"].certificate,
        "service-cluster-ip-range": layout.service_cidr,
        "authorization-mode": "Node,RBAC",
        "allow-privileged": "true",
        "profiling": "false",
        "egress-selector-config-file": egress,
    }
    return _command(program, options)


def controller_manager(program: Path, kubeconfig: Path, authority: Authority, pairs: Mapping[str, Pair]) -> list[str]:
    """kube-controller-manager, each controller with its own service account. Nodes live and die with the sandbox."""
    return _command(
        program,
        {
            "kubeconfig": kubeconfig,
            "leader-elect": "false",
            "secure-port": 0,
            "use-service-account-credentials": "true",
            "service-account-private-key-file": pairs["service-accounts"].key,
            "root-ca-file": authority.pair.certificate,
            "controllers": "*,-nodelifecycle",
            "kube-api-qps": 200,
            "kube-api-burst": 400,
        },
    )


def scheduler(program: Path, kubeconfig: Path) -> list[str]:
    """kube-scheduler."""
    return _command(program, {"kubeconfig": kubeconfig, "leader-elect": "false", "secure-port": 0})


def _command(program: Path, options: Mapping[str, object]) -> list[str]:
    """Return the words of a command line. A list means that an option is given several times."""
    pairs = ((name, value if isinstance(value, list) else [value]) for name, value in options.items())
    return [str(program), *(f"--{name}={value}" for name, values in pairs for value in values)]
