# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A web server with one static page, in the manner of nginx."""

from __future__ import annotations

from innergate_sandbox.images.server import Answer, Request, serve

_PAGE = (
    "<!DOCTYPE html>\n<html><head><title>Welcome to nginx!</title></head>"
    "<body><h1>Welcome to nginx!</h1></body></html>\n"
)


def answer(request: Request) -> Answer:
    """The page at / and /index.html, 404 elsewhere."""
    if request.method not in ("GET", "HEAD"):
        return Answer(405, "<h1>405 Not Allowed</h1>\n", "text/html")
    if request.path == "/healthz":
        return Answer(body="ok")
    if request.path not in ("/", "/index.html"):
        return Answer(404, "<h1>404 Not Found</h1>\n", "text/html")
    return Answer(200, _PAGE, "text/html")


def main(port: int) -> None:
    """Serve."""
    serve([port], answer)
