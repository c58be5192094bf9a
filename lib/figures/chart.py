"""A figure that is written down as it is given, and checked by Plotly only where one looks into it.

Plotly's own figure makes an object of every trace, axis and frame and checks each property, which was 70 to 90 % of
what a move answered from the cache cost the server before its picture was sent. This one is sent as it was given.
`data`, `layout` and `frames` are Plotly's own, checked: what it would refuse is found by the tests, which also hold
what is sent against what Plotly would have sent (tests/drawn.py).
"""

from base64 import b64encode
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import numpy as np
import plotly.graph_objects as go
import plotly.io

from lib.types import Array

# Plotly.js's names of the numbers that it reads as they lie in memory.
TYPED = {"int8": "i1", "uint8": "u1", "int16": "i2", "uint16": "u2", "int32": "i4", "uint32": "u4", "float32": "f4",
         "float64": "f8"}  # fmt: skip
SMALLER = (np.int8, np.int16, np.int32)


class Props(dict[str, Any]):
    """Properties by name, which can also be read and set as attributes; one that is not there is None."""

    def __getattr__(self, name: str) -> Any:
        """Return a property."""
        if name.startswith("__"):
            raise AttributeError(name)
        return self.get(name)

    def __setattr__(self, name: str, value: Any) -> None:
        """Set a property."""
        self[name] = value

    def __setitem__(self, name: str, value: Any) -> None:
        """Set a property; what is given is not changed later."""
        super().__setitem__(name, _own(value))

    def merge(self, given: Mapping[str, Any] | None = None, **more: Any) -> None:
        """Set some properties; of those that have properties themselves the others stay."""
        for name, value in {**(given or {}), **more}.items():
            now = self.get(name)
            if isinstance(now, Props) and isinstance(value, Mapping):
                now.merge(value)
            else:
                self[name] = value


class Chart(go.Figure):
    """Plotly's figure, as far as our own figures use it."""

    def __init__(self, layout: Mapping[str, Any]) -> None:
        """Begin without traces."""
        self._traces: list[Props] = []
        self._plan, self._moments = Props(), list[Any]()
        self._plan.merge(layout)
        self._checked: Any = None

    # Plotly's own lets nothing be set that it does not know, and would have everything checked to find that out.
    __setattr__ = object.__setattr__

    @property
    def traces(self) -> list[Props]:
        """The traces, as they were given."""
        self._checked = None
        return self._traces

    @property
    def plan(self) -> Props:
        """The layout, as it was given."""
        self._checked = None
        return self._plan

    @property
    def moments(self) -> list[Any]:
        """The frames, as they were given."""
        return self._moments

    @moments.setter
    def moments(self, frames: list[Any]) -> None:
        self._checked, self._moments = None, frames

    def checked(self) -> Any:
        """Return the same as Plotly's own figure; ValueError for a property that there is not."""
        if self._checked is None:
            self._checked = go.Figure({"data": self._traces, "layout": self._plan, "frames": self._moments})
        return self._checked

    data = property(lambda self: self.checked().data)
    layout = property(lambda self: self.checked().layout)
    frames = property(lambda self: self.checked().frames)

    def add_traces(self, given: Iterable[Mapping[str, Any]]) -> None:
        """Add traces, each with its type."""
        self.traces.extend(_own(trace) for trace in given)

    def add_trace(self, given: Mapping[str, Any]) -> None:
        """Add a trace, with its type."""
        self.add_traces([given])

    def add_scatter(self, **given: Any) -> None:
        """Add lines, points or texts."""
        self.add_trace({"type": "scatter"} | given)

    def add_heatmap(self, **given: Any) -> None:
        """Add a heat map."""
        self.add_trace({"type": "heatmap"} | given)

    def add_bar(self, **given: Any) -> None:
        """Add bars."""
        self.add_trace({"type": "bar"} | given)

    def add_contour(self, **given: Any) -> None:
        """Add a surface with its contours."""
        self.add_trace({"type": "contour"} | given)

    def add_scatterpolar(self, **given: Any) -> None:
        """Add lines or points by angle and radius."""
        self.add_trace({"type": "scatterpolar"} | given)

    def add_shape(self, **given: Any) -> None:
        """Add a line or a rectangle."""
        self._add("shapes", given)

    def add_annotation(self, **given: Any) -> None:
        """Add a text."""
        self._add("annotations", given)

    def _add(self, name: str, given: Mapping[str, Any]) -> None:
        if not self.plan.get(name):
            self.plan[name] = []
        self.plan[name].append(_own(given))

    def update_layout(self, given: Mapping[str, Any] | None = None, **more: Any) -> None:
        """Set some of the layout."""
        self.plan.merge(given, **more)

    def update_traces(self, **given: Any) -> None:
        """Set something of all traces."""
        for trace in self.traces:
            trace.merge(given)

    def update_xaxes(self, **given: Any) -> None:
        """Set something of all axes across."""
        self._axes("xaxis", given)

    def update_yaxes(self, **given: Any) -> None:
        """Set something of all upright axes."""
        self._axes("yaxis", given)

    def _axes(self, kind: str, given: Mapping[str, Any]) -> None:
        for name in {kind, *(key for key in self.plan if key.startswith(kind))}:
            self.plan.merge({name: given})

    def to_dict(self) -> dict[str, Any]:
        """Return what is sent to the browser."""
        layout = {"template": _template(plotly.io.templates.default)} | self._plan
        sent = {"data": _sent(self._traces), "layout": _sent(layout)}
        return sent | ({"frames": _sent(self._moments)} if self._moments else {})


def _own(value: Any) -> Any:
    """Properties of our own, however deep; all else stays what it is."""
    if isinstance(value, Mapping):
        return Props({name: _own(each) for name, each in value.items()})
    if isinstance(value, list | tuple) and (not value or isinstance(value[0], Mapping)):
        return [_own(each) for each in value]
    return value


@cache
def _template(name: str) -> Any:
    """The look that Plotly gives to all figures; Streamlit has one of its own."""
    return plotly.io.templates[name].to_plotly_json()


def _sent(value: Any) -> Any:
    """The same with arrays as Plotly.js reads them, and without what is None."""
    if isinstance(value, dict):
        return {name: _sent(each) for name, each in value.items() if each is not None}
    if isinstance(value, list | tuple) and value and isinstance(value[0], dict):
        return [_sent(each) for each in value]
    return _typed(value) if isinstance(value, np.ndarray) else value


def _typed(values: Array) -> Any:
    """Numbers as they lie in memory, whole ones as small as they can be; all else as a list.

    What Plotly's own `_plotly_utils.utils.to_typed_array_spec` gives, which copies an array first: 40 to 180
    microseconds each, and a figure with frames has hundreds.
    """
    if values.dtype == np.int64 and values.size:
        low, high = values.min(), values.max()
        fits = (small for small in SMALLER if np.iinfo(small).min <= low and high <= np.iinfo(small).max)
        values = values.astype(next(fits, np.int64))
    kind = TYPED.get(values.dtype.name)
    if kind is None or not values.size:
        return values.tolist()
    typed = {"dtype": kind, "bdata": b64encode(values.tobytes()).decode("ascii")}
    return typed | ({"shape": ", ".join(map(str, values.shape))} if values.ndim > 1 else {})
