"""``explore(f, **controls)``: an explorer in a notebook, drawn by the kernel when its front end asks."""

from __future__ import annotations

import base64
import json
import os
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import replace
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from . import frame as frames
from .palette import css_variables
from .spec import Explorer, Indices, Predict, ValidRule, impossible, make
from .view import View

_CACHE = 256


def _text(name: str) -> str:
    return (files("spinemets.explore") / name).read_text(encoding="utf-8")


def stylesheet() -> str:
    """The style of explorers: the palette's variables for both themes, then ``explorer.css``."""
    dark = "html[data-theme=dark], body[data-jp-theme-light=false]"
    return f":root {{ {css_variables('light')} }}\n{dark} {{ {css_variables('dark')} }}\n{_text('explorer.css')}"


def explore(
    f: Explorer | Callable[..., Any],
    *,
    id: str = "",
    title: str = "",
    predict: Predict | None = None,
    valid: ValidRule | None = None,
    sensitive: str = "",
    **controls: object,
) -> ExplorerWidget:
    """Show an explorer.

    >>> explore(roads)                      # an explorer of the library
    >>> explore(draw, n=(0, 10), log=False) # any function that returns a matplotlib figure or a View

    Args:
        f: an :class:`Explorer`, or a function whose arguments are the controls.
        id: stands in links and stored answers; from the function's name unless given.
        predict: a question to commit to before the first frame; it may be given for an explorer too.
        valid: a rule of the controls' values: true, or the reason why a state is impossible.
        sensitive: why it opens only when the reader asks.
        **controls: ``(low, high)``, ``(low, high, step)``, a list, a dict, a bool,
            or ``Slider(...)``, ``Choice(...)``, ``Toggle(...)``.

    Raises:
        TypeError: a control is not understood, or controls were given for an explorer, which has its own.
        ValueError: the starting state is impossible.
        ViewError: the function returned something that cannot be shown.
        GridError: ``valid`` would have to be asked for more than 50,000 states.
    """
    if isinstance(f, Explorer):
        if controls or id or title or valid:
            raise TypeError(
                f"explore({f.id}, ...): this explorer has its own controls, id, title and rule; only predict= and "
                "sensitive= can be given. For other controls write a function of your own: explore(function, n=(0, 10))"
            )
        explorer = replace(f, predict=predict or f.predict, sensitive=sensitive or f.sensitive)
    else:
        name = getattr(f, "__name__", "").strip("<>").replace("_", "-").strip("-").lower()
        explorer = make(
            f, id=id or name or "figure", controls=controls, title=title, valid=valid, predict=predict,
            sensitive=sensitive, library=False,
        )  # fmt: skip
    widget = ExplorerWidget(explorer)
    folder = os.environ.get("SPINEMETS_BAKE")
    if folder:
        from .bake import ask  # only a build needs the machinery of baking

        widget.assets = {}
        widget.baked = ask(explorer, Path(folder))
    return widget


def specification(explorer: Explorer) -> dict[str, Any]:
    """What the front end knows about an explorer, as JSON."""
    return {
        "version": 1,
        "id": explorer.id,
        "title": explorer.title or explorer.id.replace("-", " ").capitalize(),
        "controls": [
            {
                "name": name,
                "kind": control.kind,
                "label": control.label,
                "help": control.help,
                "play": control.play,
                "default": control.default,
                "options": [
                    {"key": option.key, "label": option.label, "sensitive": option.sensitive}
                    for option in control.options
                ],
            }
            for name, control in explorer.controls.items()
        ],
        "predict": _prediction(explorer.predict),
        "sensitive": explorer.sensitive,
        "impossible": impossible(explorer),
    }


def _prediction(predict: Predict | None) -> dict[str, Any] | None:
    if predict is None:
        return None
    fields: dict[str, Any] = {
        "question": predict.question,
        "options": list(predict.options),
        "answer": predict.answer,
        "unit": predict.unit,
        "model_answer": predict.model_answer,
    }
    # An edited question starts afresh: what a learner stored belongs to the hash of what was asked.
    return {**fields, "hash": sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()[:16]}


def _readable(error: Exception, keys: Mapping[str, str]) -> str:
    """One line for a state that could not be drawn: what happened, and for which controls."""
    said = str(error).strip().splitlines()
    what = f"{type(error).__name__}: {said[0]}" if said else type(error).__name__
    return f"{what} ({', '.join(f'{name} = {key}' for name, key in keys.items())})"


class ExplorerWidget(anywidget.AnyWidget):
    """An explorer shown in a notebook; :func:`explore` makes it.

    ``state`` is ``{control: option key}``. Setting it, also in part and by values, redraws:

    >>> w = explore(draw, n=(0, 10)); w.state = {"n": 7}; w.summary
    """

    _esm = _text("explorer.mjs")
    _css = stylesheet()

    spec = traitlets.Dict().tag(sync=True)
    state = traitlets.Dict().tag(sync=True)
    frame = traitlets.Dict().tag(sync=True)
    baked = traitlets.Unicode("").tag(sync=True)
    assets = traitlets.Dict().tag(sync=True)
    progress = traitlets.Dict().tag(sync=True)

    def __init__(self, explorer: Explorer) -> None:
        self.explorer = explorer
        self._frames: OrderedDict[Indices, frames.Frame] = OrderedDict()
        first = self._draw(explorer.default)
        super().__init__(
            spec=specification(explorer),
            state=explorer.keys(explorer.default),
            frame=first,
            assets=_assets(first),
            progress=_stored(explorer),
        )
        self.on_msg(self._answer)

    # --- states -----------------------------------------------------------------------------------------------------

    def view(self) -> View:
        """The view of the present state, computed anew."""
        return frames.view(self.explorer, self.explorer.indices(**self.state))

    @property
    def summary(self) -> str:
        """The sentence of the present state."""
        return str(self.frame["summary"])

    def _draw(self, indices: Indices) -> frames.Frame:
        with frames.DRAWING:
            if indices not in self._frames:
                drawn = frames.view(self.explorer, indices)
                self._frames[indices] = frames.frame(drawn, self.explorer.id, self.explorer.title)
            self._frames.move_to_end(indices)
            if len(self._frames) > _CACHE:
                self._frames.popitem(last=False)
            return self._frames[indices]

    @traitlets.validate("state")
    def _whole_state(self, proposal: dict[str, Any]) -> dict[str, str]:
        """The proposed state, completed from the present one; drawn here, so that one that raises is never set."""
        indices = self.explorer.indices(**{**self.state, **proposal["value"]})
        drawn = self._draw(indices)
        if drawn != self.frame:
            self.assets = _assets(drawn)
            self.frame = drawn
        return self.explorer.keys(indices)

    # --- messages ---------------------------------------------------------------------------------------------------

    def _answer(self, _: object, message: Any, buffers: object) -> None:
        kind = message.get("kind") if isinstance(message, dict) else None
        if kind == "draw":
            self.send(self._drawn(message))
        elif kind == "save":
            self.send(self._saved(message))

    def _drawn(self, message: dict[str, Any]) -> dict[str, Any]:
        seq, state = message.get("seq"), {**self.state, **(message.get("state") or {})}
        try:
            indices = self.explorer.indices(**state)
            drawn = self._draw(indices)
        except Exception as error:  # whatever the explorer's function raises becomes words
            return {"kind": "error", "seq": seq, "message": _readable(error, state)}
        keys, rasters = self.explorer.keys(indices), _assets(drawn)
        # The front end knows these already: only what Python sets by itself is sent to it.
        with self._lock_property(state=keys, frame=drawn, assets=rasters):
            self.state, self.frame, self.assets = keys, drawn, rasters
        return {"kind": "frame", "seq": seq, "state": keys, "frame": drawn, "assets": rasters}

    def _saved(self, message: dict[str, Any]) -> dict[str, Any]:
        item = str(message.get("item"))
        from spinemets import progress

        try:
            progress.save(item, str(message["hash"]), message["record"])
        except progress.ProgressError as error:
            return {"kind": "error", "item": item, "message": str(error)}
        self.progress = {"hash": message["hash"], "record": message["record"]}
        return {"kind": "saved", "item": item}

    # --- what a stored notebook holds -------------------------------------------------------------------------------

    def __repr__(self) -> str:
        """Title, state, sentence and a digest of the table: the same wherever it runs, so that a test can compare."""
        spec, drawn = self.spec, self.frame
        keys = ", ".join(f"{name} = {key}" for name, key in self.state.items())
        head = f"{spec['title']} ({keys})" if keys else spec["title"]
        if self.explorer.sensitive:
            return f"{head}\nRun this cell to open it. {self.explorer.sensitive}"
        lines = [head, drawn["summary"]]
        if drawn["table"]:
            rows = drawn["table"]["rows"]
            digest = sha256(json.dumps(drawn["table"], sort_keys=True).encode()).hexdigest()[:12]
            lines.append(f"Table: {len(rows)} rows, {len(drawn['table']['columns'])} columns, digest {digest}")
        return "\n".join(line for line in lines if line)

    def _repr_mimebundle_(self, **kwargs: object) -> Any:
        bundle = super()._repr_mimebundle_(**kwargs)
        if bundle is None:
            return None
        data, metadata = bundle
        if not self.explorer.sensitive:
            drawn = self.view()
            picture = frames.png(drawn)
            if picture is not None:
                data["image/png"] = base64.b64encode(picture).decode("ascii")
            else:
                data["text/html"] = frames.inlined(str(drawn.picture))
        return data, metadata


def _assets(drawn: frames.Frame) -> dict[str, str]:
    return {name: frames.data_url(name) for name in frames.assets_of(drawn["picture"])}


def _stored(explorer: Explorer) -> dict[str, Any]:
    """The learner's prediction; nothing while a book is built, which would publish that of its builder."""
    if explorer.predict is None or os.environ.get("SPINEMETS_BAKE"):
        return {}
    from spinemets import progress

    item = f"predict.{explorer.id}"
    try:
        return progress.load([item]).get(item, {})
    except progress.ProgressError:
        return {}  # saving will say what is wrong; a picture must not fail for it
