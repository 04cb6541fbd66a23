"""Execute the notebooks and rewrite their stored outputs: ``python -m spinemets.publish.stored [NOTEBOOK ...]``.

A committed notebook keeps pictures and stable text, so that it reads well in a fresh clone and on a code-hosting
site, and so that strict nbval has something to compare. It keeps neither widget views nor widget state: both name
models that only a running kernel has, and JupyterLab would show "model not found" in their place.
"""

from __future__ import annotations

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from rich.progress import Progress

from spinemets.course import CourseError, notebooks, root

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
KEPT_METADATA = ("kernelspec", "language_info")


def stable(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The notebook with outputs that do not change from run to run, and without traces of a running kernel."""
    notebook.metadata = nbformat.from_dict({k: v for k, v in notebook.metadata.items() if k in KEPT_METADATA})
    notebook.metadata["language_info"] = {"name": "python"}
    for number, cell in enumerate((c for c in notebook.cells if c.cell_type == "code"), start=1):
        cell.execution_count = number
        cell.metadata.pop("execution", None)
        for output in cell.outputs:
            if "execution_count" in output:
                output["execution_count"] = number
            output.get("data", {}).pop(WIDGET_VIEW, None)
    return notebook


def store(path: Path) -> None:
    """Execute one notebook in its folder and rewrite it; it stays as it was when a cell raises.

    Raises:
        CourseError: a cell raised; the message names the notebook, the cell and the exception.
    """
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(path.parent)}})
    try:
        client.execute()
    except CellExecutionError as error:
        raise CourseError(f"{path.name}: a cell raised {error.ename}: {error.evalue}\n{error}") from None
    written = path.with_suffix(".ipynb.new")
    nbformat.write(stable(notebook), written)
    written.replace(path)


def main(stems: list[str]) -> None:
    """Rewrite the notebooks named by their stems, or all."""
    known = [notebook.stem for notebook in notebooks()]
    unknown = sorted(set(stems) - set(known))
    if unknown:
        raise CourseError(f"no notebook {unknown[0]!r}; there are {', '.join(known)}")
    with Progress() as progress:
        task = progress.add_task("Executing notebooks", total=len(stems or known))
        for stem in stems or known:
            progress.update(task, description=f"Executing {stem}")
            store(root() / "notebooks" / f"{stem}.ipynb")
            progress.advance(task)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except CourseError as problem:
        sys.exit(str(problem))
