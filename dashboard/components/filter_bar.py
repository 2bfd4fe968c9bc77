"""The filter bar: native, labelled controls, the same on every page; their values live in the address."""

from collections.abc import Sequence
from dataclasses import fields
from itertools import groupby
from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html

from dashboard.components.attributes import attributes
from dashboard.filters import Filters, Option, control_id
from dashboard.i18n import _


def filter_bar(page: str, chosen: Filters, names: Sequence[str] | None = None, more: Sequence[str] = ()) -> html.Div:
    """Draw the controls of a page.

    Args:
        page: the page's id, part of every control's id.
        chosen: what is chosen now.
        names: fields to show in the bar, in this order; all of them by default.
        more: fields that are folded away under 'More options'.
    """
    specs = {spec.name: spec for spec in fields(chosen)}
    shown = [name for name in (names if names is not None else specs) if name not in more]
    hidden = [name for name in specs if name not in shown and name not in more]
    controls = [_control(page, chosen, specs[name]) for name in shown]
    if more:
        folded = html.Div([_control(page, chosen, specs[name]) for name in more], className="filter-more-body")
        controls.append(html.Details([html.Summary(_("More options")), folded], className="filter-more"))
    controls += [_hidden(page, chosen, specs[name]) for name in hidden]
    usual = type(chosen).parse().query() | {n: _plain(getattr(type(chosen).parse(), n)) for n in specs}
    return html.Div(
        [*controls, dcc.Store(id={"type": "defaults", "page": page}, data=usual)],
        className="filter-bar",
        role="search",
        **attributes(aria_label=_("Choose what is shown")),
    )


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    return ",".join(value) if isinstance(value, tuple) else str(value)


def _label(spec: Any) -> str:
    label = spec.metadata["label"] or spec.name
    return _(label)


def _control(page: str, chosen: Filters, spec: Any) -> html.Div:
    value = getattr(chosen, spec.name)
    name = control_id(page, spec.name)
    kind = spec.metadata["kind"]
    if kind == "one":
        control = dbc.Select(id=name, options=grouped(type(chosen).options(spec.name)), value=value, size="sm")
    elif kind == "switch":
        return html.Div(
            dbc.Checklist(
                id=name,
                options=[{"label": _label(spec), "value": "1"}],
                value=["1"] if value else [],
                switch=True,
            ),
            className="filter filter-switch",
        )
    elif kind == "number":
        low, high = spec.metadata["low"], spec.metadata["high"]
        control = dbc.Input(id=name, type="number", min=low, max=high, step=1, value=value, size="sm", debounce=True)
    else:
        options = [{"label": option.label, "value": option.value} for option in type(chosen).options(spec.name)]
        legend = _label(spec) + (f" ({len(value)})" if value else "")
        panel = html.Fieldset(
            [
                html.Legend(_label(spec), className="visually-hidden"),
                html.Label(
                    [
                        html.Span(_("Find in the list"), className="visually-hidden"),
                        dcc.Input(
                            type="search", placeholder=_("Find in the list"), className="find-in-list form-control"
                        ),
                    ]
                ),
                dbc.Checklist(id=name, options=options, value=list(value), className="many"),
            ],
            className="filter-panel",
        )
        return html.Details([html.Summary(legend, className="form-select form-select-sm"), panel], className="filter")
    return html.Div([html.Label(_label(spec), htmlFor=_dom_id(name)), control], className="filter")


def _hidden(page: str, chosen: Filters, spec: Any) -> dcc.Input:
    return dcc.Input(id=control_id(page, spec.name), value=_plain(getattr(chosen, spec.name)), type="hidden")


def _dom_id(name: dict[str, str]) -> str:
    # Dash writes a dictionary id into the page as compact JSON with sorted keys.
    return "{" + ",".join(f'"{key}":"{name[key]}"' for key in sorted(name)) + "}"


def grouped(options: Sequence[Option]) -> list[dict[str, Any]]:
    """Options for a select, each group headed by a line that cannot be chosen."""
    out: list[dict[str, Any]] = []
    for group, members in groupby(options, key=lambda option: option.group):
        if group:
            out.append({"label": group, "value": f"group:{group}", "disabled": True})
        out += [{"label": option.label, "value": option.value} for option in members]
    return out
