# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ansible-playbook without worker processes: tasks run where the playbook is read, one after the other.

A worker costs more than most tasks do: it is a copy of the whole process, and compiles each template of its task anew.
Here no process is copied, and what templates were compiled to is kept in the folder that INNERGATE_TEMPLATES names, for
the next runs, too. Modules are run by the Python that INNERGATE_PYTHON names, if it does. The rest is ansible-core's
own: the strategy that hands out tasks, the executor of a task, the queue through which its result comes back pickled.

What a task leaves in the memory of its process is met by the tasks after it here, and hosts do not run side by side.
Tests of what depends on either let ansible-playbook start its workers.
"""

from __future__ import annotations

import hashlib
import marshal
import operator
import os
import sys
from pathlib import Path
from types import CodeType
from typing import Any

import ansible.cli.playbook  # before the rest: it looks at how the process was started
import jinja2
from ansible._internal._templating._jinja_bits import AnsibleEnvironment
from ansible.executor.task_executor import TaskExecutor
from ansible.inventory.host import Host
from ansible.plugins import strategy

#: Not known to a linter: it also looks with other versions of ansible-core, where these take more.
CONTEXT: Any = operator.attrgetter("_internal._task.TaskContext")(ansible)
RESULT: Any = operator.attrgetter("executor.task_result._RawTaskResult")(ansible)
#: What a task or a template can have otherwise, and what Jinja then reads in it.
WRITTEN = (
    *(f"{kind}_{end}_string" for kind in ("block", "variable", "comment") for end in ("start", "end")),
    *("line_statement_prefix", "line_comment_prefix", "trim_blocks", "lstrip_blocks"),
    *("newline_sequence", "keep_trailing_newline"),
)


class Inline:
    """Stands where ansible-core has a worker process; its work is done when C(start) returns."""

    exitcode = None

    def __init__(
        self,
        *,
        final_q: Any,
        task_vars: dict[str, Any],
        host: Any,
        task: Any,
        play_context: Any,
        loader: Any,
        variable_manager: Any,
        shared_loader_obj: Any,
        **dummy: Any,
    ) -> None:
        self._queue, self._host, self._task = final_q, host, task
        self._parts = (task_vars, play_context.copy(), loader, shared_loader_obj, final_q, variable_manager)

    def start(self) -> None:
        """Run the task, and send its result."""
        # The executor changes the task that it is given; that of a worker is a copy.
        task = self._task.copy(exclude_parent=True, exclude_tasks=True)
        task._parent = self._task._parent
        with CONTEXT(task):
            result = TaskExecutor(self._host, task, *self._parts).run()
        done = RESULT(host=Host(self._host.name), task=task, return_data=result, task_fields=task.dump_attrs())
        self._queue.send_task_result(done)

    def is_alive(self) -> bool:
        """Whether it is at work."""
        return False

    def close(self) -> None:
        """Nothing is left to be given up."""


class Compiler:
    """Compiles templates, those that were compiled before from the folder.

    The code that Jinja makes depends on the text, its names and how the environment has it written, alone.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._compile = AnsibleEnvironment.compile

    def install(self) -> None:
        """Let all templates of this process be compiled here."""
        compiler = self

        def compile(environment: jinja2.Environment, source: Any, *names: Any, **options: Any) -> Any:
            if not isinstance(source, str) or options.get("raw"):
                return compiler._compile(environment, source, *names, **options)
            return compiler._code(environment, source, *names, **options)

        AnsibleEnvironment.compile = compile

    def _code(self, environment: jinja2.Environment, source: str, *names: Any, **options: Any) -> CodeType:
        written = [getattr(environment, name) for name in WRITTEN]
        asked = repr((str(source), names, sorted(options.items()), written))
        path = self._folder / hashlib.blake2b(asked.encode(), digest_size=16).hexdigest()
        try:
            kept: CodeType = marshal.loads(path.read_bytes())
        except FileNotFoundError:
            kept = self._compile(environment, source, *names, **options)
            unfinished = path.with_suffix(f".{os.getpid()}")  # another run may be at it, too
            unfinished.write_bytes(marshal.dumps(kept))
            unfinished.replace(path)
        return kept


if __name__ == "__main__":
    strategy.WorkerProcess = Inline
    Compiler(Path(os.environ["INNERGATE_TEMPLATES"])).install()
    # What C(ansible_playbook_python) says, and by what it is known which modules run where the playbook is read.
    sys.executable = os.environ.pop("INNERGATE_PYTHON", sys.executable)
    sys.exit(ansible.cli.playbook.main())
