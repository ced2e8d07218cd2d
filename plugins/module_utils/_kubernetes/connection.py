# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where the API server of a cluster is, and how to sign in to it: what kubeconfig, options or a pod's account say."""

from __future__ import annotations

import contextlib
import os
import tempfile
import traceback
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._arm.errors import MissingLibraryError
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.errors import ClusterError

try:
    import urllib3
    import yaml
    from kubernetes.client import Configuration
    from kubernetes.client.rest import RESTClientObject
    from kubernetes.config import ConfigException, kube_config, load_incluster_config, load_kube_config
except ImportError:
    MISSING: str | None = traceback.format_exc()
else:
    MISSING = None


class Connection:
    """How requests get to an API server: C(host), its address, and C(pool), urllib3's pool of connections to it.

    C(options) as made by C(options.resolve). Raises ClusterError, MissingLibraryError.
    """

    def __init__(self, options: Mapping[str, Any]) -> None:
        if MISSING:
            raise MissingLibraryError("kubernetes", MISSING)
        with _passing_files() as folder:
            self._configuration = _configuration(options, folder)
            self.host = str(self._configuration.host).rstrip("/")
            try:
                self.pool: Any = RESTClientObject(self._configuration).pool_manager
                _read_certificates(self.pool.connection_pool_kw)
            except (OSError, ValueError) as error:
                raise ClusterError(f"the credentials for the cluster at {self.host} can't be used: {error}") from error

    @property
    def verified(self) -> bool:
        """Whether the certificate of the API server is checked."""
        return bool(self._configuration.verify_ssl)

    def authorization(self) -> dict[str, str]:
        """The header of a request that says who sends it. Tokens that have expired are replaced first."""
        settings = self._configuration.auth_settings()
        for setting in settings.values():
            if setting.get("in") == "header" and setting.get("value"):
                return {"Authorization": str(setting["value"])}
        if self._configuration.username and self._configuration.password:
            both = f"{self._configuration.username}:{self._configuration.password}"
            return {"Authorization": str(urllib3.make_headers(basic_auth=both)["authorization"])}
        return {}


@contextlib.contextmanager
def _passing_files() -> Iterator[str]:
    """A folder for the files that the client library makes of what a kubeconfig holds, private keys among them.

    They go at once: the library would leave them to the end of the process, and Ansible's workers do not end that way.
    """
    with tempfile.TemporaryDirectory(prefix="innergate-") as folder:
        try:
            yield folder
        finally:
            # The library remembers where it has put what, and would name the same file again.
            known = kube_config._temp_files
            for content in [content for content, file in known.items() if Path(file).parent == Path(folder)]:
                del known[content]


def _read_certificates(settings: dict[str, Any]) -> None:
    """Replace the files in the settings of a connection pool by what they hold, so that they are no longer needed."""
    context = urllib3.util.ssl_.create_urllib3_context(cert_reqs=settings.get("cert_reqs"))
    authorities, text = settings.get("ca_certs"), settings.get("ca_cert_data")
    if authorities or text:
        context.load_verify_locations(cafile=authorities, cadata=text)
    else:
        context.load_default_certs()
    if settings.get("cert_file"):
        context.load_cert_chain(settings["cert_file"], settings.get("key_file"))
    for name in ("ca_certs", "ca_cert_data", "cert_file", "key_file"):
        settings.pop(name, None)
    settings["ssl_context"] = context


def _configuration(options: Mapping[str, Any], folder: str) -> Any:
    configuration = Configuration()
    direct = bool(options.get("host")) and (
        bool(options.get("api_key"))
        or bool(options.get("username") and options.get("password"))
        or bool(options.get("client_cert") and options.get("client_key"))
    )
    if not direct:
        _load(options, configuration, folder)
    names = {"host": "host", "ca_cert": "ssl_ca_cert", "client_cert": "cert_file", "client_key": "key_file"}
    names |= {"username": "username", "password": "password", "proxy": "proxy", "no_proxy": "no_proxy"}
    names |= {"validate_certs": "verify_ssl"}
    for option, attribute in names.items():
        if options.get(option) is not None:
            setattr(configuration, attribute, options[option])
    if options.get("api_key"):
        configuration.api_key = {"authorization": f"Bearer {options['api_key']}"}
        configuration.refresh_api_key_hook = None
    for option in ("ca_cert", "client_cert", "client_key"):
        if options.get(option) and not Path(str(options[option])).is_file():
            raise ClusterError(f"{option} {options[option]} is no file")
    return configuration


def _load(options: Mapping[str, Any], configuration: Any, folder: str) -> None:
    given = options.get("kubeconfig")
    if not given and not options.get("context"):
        # In a pod the service account comes first, as with kubectl and kubernetes.core.
        with contextlib.suppress(ConfigException):
            load_incluster_config(client_configuration=configuration)  # type: ignore[no-untyped-call]
            return
    files = str(given or Path("~/.kube/config").expanduser())
    if not any(Path(file).is_file() for file in files.split(os.pathsep)):
        if options.get("host"):
            return
        raise ClusterError(
            f"there is no kubeconfig {files}: set kubeconfig (or K8S_AUTH_KUBECONFIG or KUBECONFIG), or host and "
            "api_key"
        )
    try:
        load_kube_config(  # type: ignore[no-untyped-call]
            config_file=files,
            context=options.get("context"),
            client_configuration=configuration,
            persist_config=False,
            temp_file_path=folder,
        )
    except (ConfigException, yaml.YAMLError, ValueError, TypeError, AttributeError, OSError) as error:
        # Only the first line: what follows may quote the file, with its secrets.
        raise ClusterError(f"kubeconfig {files} can't be used: {_first_line(error)}") from error


def _first_line(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
