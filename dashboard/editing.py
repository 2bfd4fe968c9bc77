"""Writing over the web: sign in and out, edit a row, take an edit back, and the list of what was changed.

Only who signed in as facilitator may write, from a page of ours; every edit is checked (``dashboard.editable``), noted
with its role and never with a person, and can be taken back.
"""

import csv
import io
import json
import logging
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, request
from pydantic import ValidationError
from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError, DataError, IntegrityError
from werkzeug.exceptions import RequestEntityTooLarge

from dashboard import editable, frames, roles, theme
from dashboard.components.table import inert
from dashboard.editable_types import clean
from dashboard.i18n import N_, _, language, ngettext
from dashboard.reports import html
from dashboard.roles import Refused, answer, require_facilitator
from store import edits, scenarios
from store.edits import ConflictError, Edit, EditError
from store.engine import version, writing

log = logging.getLogger("polisee.web")
blueprint = Blueprint("editing", __name__)

LARGEST = 64 * 1024
"""Bytes of a request that writes."""
LONGEST_WHY = 500
NOT_FOUND = ("set", "row", "entry")
"""Reasons for which an edit is answered as 'not found'."""

REASONS: Mapping[str, str] = {
    "entity": N_("{entity} cannot be edited."),
    "set": N_("There is no scenario set or programme {scope}."),
    "row": N_("There is nothing to remove: {key}."),
    "columns": N_("There is no field {columns} here."),
    "key": N_("The key of this is: {columns}."),
    "key_text": N_("The key is not built as it should be."),
    "day": N_("{column} must be a day, written like 2026-03-31."),
    "belongs": N_("Other entries belong to it or name it ({entity}: {count}); change or remove them first."),
    "entry": N_("There is no edit {entry} here."),
    "undone": N_("Edit {entry} was taken back already."),
    "changed": N_("This was changed again in the meantime; take the later change back first."),
}
"""The reasons of ``store.edits.REASONS`` in words for the reader."""


@blueprint.errorhandler(Refused)
def _refused(error: Refused) -> Response:
    return answer({"error": str(error), "role": roles.session(request).role}, error.status)


@blueprint.errorhandler(RequestEntityTooLarge)
def _too_large(_error: RequestEntityTooLarge) -> Response:
    words = _("This is too large: at most {n} kilobytes can be sent at once.").format(n=LARGEST // 1024)
    return answer({"error": words}, 413)


@blueprint.before_request
def _bound() -> None:
    request.max_content_length = LARGEST


# --- roles --------------------------------------------------------------------------------------------------------


@blueprint.get("/role")
def role() -> Response:
    """What this visitor may do, and the token that has to come with each write."""
    found = roles.session(request)
    return answer({"role": found.role, "csrf": found.csrf})


@blueprint.get("/signin")
def signin() -> Response:
    """The page on which one signs in, or out."""
    return _signin_page(request.args.get("next", ""))


@blueprint.post("/signin")
def try_token() -> Response:
    """Sign in with the installation's token."""
    if not roles.is_own(request):
        raise Refused(403, _("Requests from another site are not answered."))
    installation, address = roles.installation(), request.remote_addr or ""
    target, given = request.form.get("next", ""), request.form.get("token", "")
    if not installation.has_token:
        return _signin_page(target, status=403)
    wait = installation.tries.wait(address)
    if wait:
        log.warning("a sign-in has to wait: too many tries")
        minutes = max(1, round(wait / 60))
        words = ngettext(
            "Too many tries. Wait a minute, then try again.",
            "Too many tries. Wait {n} minutes, then try again.",
            minutes,
        ).format(n=minutes)
        response = _signin_page(target, words, 429)
        response.headers["Retry-After"] = str(int(wait) + 1)
        return response
    if not installation.admits(given.strip()):
        log.warning("a sign-in was refused: wrong token")
        return _signin_page(target, _("This is not the token. Check it and try again."), 403)
    installation.tries.forget(address)
    log.info("a facilitator signed in")
    return roles.sign_in(_on_to(target), request.is_secure)


@blueprint.post("/signout")
def signout() -> Response:
    """Be a reader again. Scripts get an answer, forms are led back to where they stood."""
    header = request.headers.get(roles.CSRF_HEADER)
    if roles.may_write(request, header or request.form.get("csrf", "")) is None:
        if roles.session(request).may_edit:
            raise Refused(403, _("This page is no longer up to date. Reload it and try again."))
    else:
        log.info("a facilitator signed out")
    done = _on_to(request.form.get("next", "")) if header is None else answer({"role": roles.READER, "csrf": ""})
    return roles.sign_out(done, request.is_secure)


def _on_to(target: str) -> Response:
    return Response(status=303, headers={"Location": _place(target), "Cache-Control": "no-store"})


def _place(target: str) -> str:
    """Where to go on: a page of ours, or else the home page."""
    home = frames.href("/")
    plain = re.fullmatch(r"/(?![/\\])[^\\\x00-\x20\x7f]*", target)
    try:
        ours = plain is not None and not urlsplit(target).netloc and target.startswith(home)
    except ValueError:
        ours = False
    return target if ours else home


def _signin_page(target: str, error: str = "", status: int = 200) -> Response:
    found = roles.session(request)
    text = html.draw(
        "signin.html",
        "/signin",
        {"next": _place(target)} if target else {},
        scheme=theme.scheme(),
        boot=frames.href("/boot.js"),
        action=frames.href("/signin"),
        out=frames.href("/signout"),
        target=_place(target),
        error=error,
        csrf=found.csrf,
        signed_in=found.may_edit,
        has_token=roles.installation().has_token,
        hours=roles.LASTS // 3600,
    )
    response = Response(text, status=status, content_type="text/html; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return response


# --- edits --------------------------------------------------------------------------------------------------------


@blueprint.post("/edit/<scope>")
def edit(scope: str) -> Response:
    """Make, change or remove one row: ``{entity, key, values, why}``, ``values`` null to remove it."""
    require_facilitator(request)
    body = _body()
    entity, key, values = body.get("entity"), body.get("key"), body.get("values")
    why = body.get("why") or ""
    if not isinstance(entity, str) or entity not in editable.MODELS:
        raise Refused(400, _words("entity", entity=str(entity)[:60]))
    if not isinstance(key, dict) or not all(isinstance(part, str) and part.isprintable() for part in key.values()):
        raise Refused(400, _words("key_text"))
    if not (values is None or isinstance(values, dict)):
        raise Refused(400, editable.sentence("form", "values"))
    if not isinstance(why, str) or len(why) > LONGEST_WHY:
        raise Refused(400, editable.sentence("string_too_long", "why", max_length=LONGEST_WHY))
    return _written(scope, entity, lambda connection: _put(connection, entity, scope, key, values, clean(why)))


@blueprint.post("/undo/<scope>")
def undo(scope: str) -> Response:
    """Take an edit back: ``{entry}`` that one, ``{entity}`` the newest of a table, ``{}`` the newest of the set."""
    require_facilitator(request)
    body = _body()
    entry, entity = body.get("entry"), body.get("entity") or ""
    if entry is not None and (not isinstance(entry, int) or isinstance(entry, bool) or not 0 < entry < 2**31):
        raise Refused(400, _words("entry", entry=str(entry)[:20]))
    if not isinstance(entity, str) or (entity and entity not in editable.MODELS):
        raise Refused(400, _words("entity", entity=str(entity)[:60]))

    def take_back(connection: Connection) -> Edit:
        number = entry if entry is not None else edits.newest(connection, scope, entity)
        if number is None:
            raise Refused(409, _("There is nothing to take back."))
        return edits.undo(connection, number, roles.FACILITATOR, scope)

    return _written(scope, entity or "edit", take_back)


def _body() -> dict[str, Any]:
    try:
        found = json.loads(request.get_data(), parse_constant=_no_number)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Refused(400, _("This request cannot be read as an edit."))
    return found


def _no_number(name: str) -> Any:
    raise ValueError(name)


def _written(scope: str, entity: str, write: Any) -> Response:
    """Do it in one transaction, or say in the reader's words why not."""
    if not scope.isprintable() or len(scope) > 48:
        raise Refused(404, _words("set", scope=scope[:60]))
    try:
        with writing(frames.engine()) as connection:
            made: Edit | dict[str, Any] = write(connection)
    except EditError as error:
        status = 409 if isinstance(error, ConflictError) else 404 if error.reason in NOT_FOUND else 400
        raise Refused(status, _reason(error)) from error
    except ValidationError as error:
        raise Refused(400, editable.complaint(error)) from error
    except (IntegrityError, DataError) as error:
        raise Refused(400, _("This does not fit what is there: a code it names may be missing or too long.")) from error
    except DatabaseError as error:
        log.error("an edit could not be written: %s", type(error).__name__)
        raise Refused(503, _("The database cannot be written to just now. Try again in a moment.")) from error
    if isinstance(made, dict):
        return answer(made)
    frames.at_least(made.version)
    log.info("facilitator: %s in %s, entry %s", entity, scope, made.entry)
    return answer({"entry": made.entry, "version": made.version, "old": made.old, "new": made.new})


def _reason(error: EditError) -> str:
    facts = dict(error.facts)
    if "entity" in facts and facts["entity"] in editable.ENTITIES:
        told = editable.ENTITIES[str(facts["entity"])]
        facts["entity"] = _(told)
    if "column" in facts:
        facts["column"] = editable.field_name(str(facts["column"]))
    return _words(error.reason, **facts)


def _words(reason: str, **facts: object) -> str:
    return _(REASONS[reason]).format(**facts)


def _put(
    connection: Connection, entity: str, scope: str, key: dict[str, str], values: dict[str, Any] | None, why: str
) -> Edit | dict[str, Any]:
    """Check and write an edit; an edit that would change nothing is answered without an entry."""
    old = edits.row(connection, entity, scope, key)
    if values is not None and editable.empties(entity, values):
        values = None
    changed: dict[str, Any] | None = None
    if values is not None:
        if old is None:
            _require_new_key(entity, key)
            values = _with_position(connection, entity, scope, values)
        changed = editable.check(entity, old, values)
        _require_known(connection, entity, scope, changed if old is not None else {**key, **changed})
        if entity == "judgement_cell" and old is None:
            _require_states(connection, scope, key)
        if entity == "judgement_matrix" and old is not None and {"parts", "kind"} & set(changed):
            _require_kept_states(connection, scope, key["code"], {**old, **changed})
    if (old is None and values is None and entity == "judgement_cell") or (old is not None and changed == {}):
        return {"entry": None, "version": version(connection), "old": old, "new": old}
    return edits.put(connection, entity, scope, key, changed, roles.FACILITATOR, why)


def _require_new_key(entity: str, key: Mapping[str, str]) -> None:
    bad = editable.bad_key_part(entity, key)
    if bad is not None:
        raise Refused(400, editable.sentence(bad[1], bad[0]))


def _with_position(connection: Connection, entity: str, scope: str, values: dict[str, Any]) -> dict[str, Any]:
    """A new row stands last where nothing else is said."""
    if "position" in editable.MODELS[entity].model_fields and "position" not in values:
        return {**values, "position": edits.next_position(connection, entity, scope)}
    return values


def _require_known(connection: Connection, entity: str, scope: str, values: Mapping[str, Any]) -> None:
    """What an edit points to must be there; what it leaves alone is not looked at."""
    for name, table in editable.POINTS_TO.get(entity, {}).items():
        stated = values.get(name)
        for code in stated if isinstance(stated, list) else [stated]:
            agreed = code == "" and name == "group_code"
            if code is not None and not agreed and not edits.known(connection, table, scope, code):
                raise Refused(400, editable.sentence("unknown_code", name, code=str(code)[:60]))


def _require_states(connection: Connection, scope: str, key: Mapping[str, str]) -> None:
    """A new judgement is between two states of different parts of its matrix."""
    matrix = edits.row(connection, "judgement_matrix", scope, {"code": key["matrix"]})
    known = editable.states(matrix["parts"], matrix["kind"]) if matrix else {}
    for name in ("row", "column"):
        if key[name] not in known or known.get(key["row"]) == known.get(key["column"]):
            raise Refused(400, editable.sentence("state", name, code=key[name][:60]))


def _require_kept_states(connection: Connection, scope: str, code: str, matrix: Mapping[str, Any]) -> None:
    """A matrix keeps the states between which something was judged."""
    known = editable.states(matrix["parts"], matrix["kind"])
    cells = scenarios.cells(connection, scope, code)
    gone = sorted({*cells["row"], *cells["column"]} - set(known))
    if gone:
        words = _("Judgements name what would be gone ({code}). Remove them first.").format(code=", ".join(gone[:3]))
        raise Refused(409, words)


# --- what was changed ---------------------------------------------------------------------------------------------


@blueprint.get("/edits/<scope>.csv")
def changes(scope: str) -> Response:
    """Everything that people changed in a set: when, by which role, what, before, after and why. Newest first."""
    entries = frames.records(frames.edits(scope, limit=100_000))
    sets = frames.scenario_sets().set_index("code")
    if not entries and scope not in sets.index:
        raise Refused(404, _words("set", scope=scope[:60]))
    text = io.StringIO()
    title = str(sets.loc[scope, "title"]) if scope in sets.index else scope
    changed, edition = _("Changes"), _("Data version")
    facts = [f"{changed}: {' '.join(title.split())}", f"{edition}: {frames.data_version()}"]
    if scope in sets.index and sets.loc[scope, "origin"] == "illustrative":
        facts.append(_("Illustrative: made up to show what the tool can do, not a finding."))
    text.writelines(f"# {fact}\n" for fact in facts)
    writer = csv.writer(text, lineterminator="\n")
    names = ("Number", "Time (UTC)", "Role", "What", "Key", "Field", "Before", "After", "Why", "Taken back by")
    writer.writerow([_(HEADINGS[name]) for name in names])
    takes_back = {entry["undone_by"]: entry["id"] for entry in entries if _is_number(entry["undone_by"])}
    for entry in entries:
        for row in _told(entry, takes_back.get(entry["id"])):
            writer.writerow([inert(value) for value in row])
    response = Response(text.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="polisee-edits-{language()}.csv"'
    response.headers["Cache-Control"] = "no-cache"
    return response


HEADINGS: Mapping[str, str] = {
    "Number": N_("Number"),
    "Time (UTC)": N_("Time (UTC)"),
    "Role": N_("Role"),
    "What": N_("What"),
    "Key": N_("Key"),
    "Field": N_("Field"),
    "Before": N_("Before"),
    "After": N_("After"),
    "Why": N_("Why"),
    "Taken back by": N_("Taken back by"),
}
ROLES: Mapping[str, str] = {roles.FACILITATOR: N_("facilitator"), roles.READER: N_("reader")}


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and value == value


def _told(entry: Mapping[str, Any], takes_back: int | None) -> Iterator[list[Any]]:
    """One line for each field that an entry of the audit changed; ``takes_back`` is the entry that it undid."""
    taken_back = int(entry["undone_by"]) if _is_number(entry["undone_by"]) else ""
    why = entry["why"] if takes_back is None else _("takes back {number}").format(number=takes_back)
    kind = entry["entity"]
    entity = _(editable.ENTITIES.get(kind, kind))
    head = [entry["id"], entry["at"].isoformat(" ", "seconds"), _(ROLES.get(entry["role"], entry["role"]))]
    old, new = _flat(entry["old"] or {}), _flat(entry["new"] or {})
    changed = [name for name in {**old, **new} if old.get(name, "") != new.get(name, "")]
    for name in changed or [""]:
        first, dot, rest = name.partition(".")
        field = editable.field_name(first) + (f" {rest}" if dot else "") if name else ""
        yield [*head, entity, entry["key"], field, old.get(name, ""), new.get(name, ""), why, taken_back]


def _flat(values: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a row, each text of each language on its own, lists and the like as JSON."""
    flat: dict[str, Any] = {}
    for name, value in values.items():
        if name == "texts" and isinstance(value, Mapping):
            flat |= {f"{field}.{lang}": text for field, versions in value.items() for lang, text in versions.items()}
        elif isinstance(value, list | dict):
            flat[name] = json.dumps(value, ensure_ascii=False)
        else:
            flat[name] = "" if value is None else value
    return flat
