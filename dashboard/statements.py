"""The texts of the accessibility, privacy and licence statements, in the language of the request.

They name the body that runs the installation and its role mailbox from the settings; without a mailbox none is named.
"""

from dataclasses import dataclass
from datetime import date as Date

from config import settings
from dashboard import frames, roles
from dashboard.i18n import _, date
from dashboard.visitor import LANGUAGE_COOKIE, SCHEME_COOKIE

PREPARED = Date(2026, 11, 23)
"""Day on which the accessibility statement was prepared; change it when the statement is reviewed."""

THEME_WISH = "polisee_theme"
"""Name under which the browser keeps the wish for light or dark colours (assets/boot/boot.js)."""

DECISION_URL = "https://eur-lex.europa.eu/eli/dec_impl/2018/1523/oj"
DIRECTIVE_URL = "https://eur-lex.europa.eu/eli/dir/2016/2102/oj"


@dataclass(frozen=True)
class Section:
    """A part of a statement: heading, paragraphs, points of a list, links (label and address)."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()


def contact_links() -> tuple[tuple[str, str], ...]:
    """The role mailbox as a link, when the installation has one."""
    contact = settings().contact
    return ((contact, f"mailto:{contact}"),) if contact else ()


def accessibility() -> tuple[Section, ...]:
    """After the model statement of Implementing Decision (EU) 2018/1523."""
    body = settings().organisation
    feedback = (
        _("Write to this mailbox when something cannot be read or used, or to ask for the content in another form:")
        if contact_links()
        else _("Please tell the body that runs this installation when something cannot be read or used.")
    )
    return (
        Section(
            _("Commitment"),
            (
                _(
                    "{body} wants this website to be usable by everyone, in accordance with Directive (EU) 2016/2102 "
                    "and the national law that applies it. This statement applies to this installation of PoliSEE."
                ).format(body=body),
            ),
            links=((_("Directive (EU) 2016/2102"), DIRECTIVE_URL), (_("Model of this statement"), DECISION_URL)),
        ),
        Section(
            _("Conformance status"),
            (
                _(
                    "This website is partially conformant with EN 301 549, version 3.2.1 (WCAG 2.1, level AA); "
                    "what does not conform yet, or has not been checked, is listed below. The aim is WCAG 2.2, level "
                    "AA."
                ),
            ),
        ),
        Section(
            _("Known limits"),
            points=(
                _(
                    "Figures cannot be walked through with the keyboard or a screen reader. The heading of each card "
                    "says what the figure shows, and the fold 'Table' below it holds the same numbers as a real table."
                ),
                _("Details that appear when a pointer rests on a figure stand in that table as well."),
                _("Clicking a figure to choose a region has an equal in the lists and links beside it."),
                _("Wide tables scroll within their frame on narrow screens."),
                _("Titles of loads and file names appear as their publishers wrote them, mostly in English."),
                _("Without scripts only the regional briefs can be read."),
            ),
        ),
        Section(
            _("How this was tested"),
            (
                _(
                    "This statement was prepared on {day} from a self-assessment. The automated tests of the software "
                    "run axe-core on the pages in each language and walk them with the keyboard. No independent audit "
                    "and no test by users of assistive technology has taken place yet."
                ).format(day=date(PREPARED, "long")),
            ),
        ),
        Section(_("Feedback and contact"), (feedback,), links=contact_links()),
        Section(
            _("Enforcement"),
            (
                _(
                    "If an answer to your feedback does not satisfy you, turn to the body in your country that "
                    "enforces Directive (EU) 2016/2102; whoever runs this installation says which one that is."
                ),
            ),
        ),
    )


def privacy() -> tuple[Section, ...]:
    """What is kept of visitors: nothing personal."""
    rights = (
        _("For questions about data protection write to:")
        if contact_links()
        else _("For questions about data protection turn to the body that runs this installation.")
    )
    return (
        Section(
            _("No personal data"),
            (
                _(
                    "Reading needs no log-in. The database holds statistics on regions and no data about persons. "
                    "There is no analytics, no advertising and no profile. Fonts, scripts and maps come from this "
                    "server; no request goes to another one."
                ),
            ),
        ),
        Section(
            _("What your browser keeps"),
            (
                _(
                    "Two cookies remember how you want to read. They serve only what you asked for, so that no "
                    "consent is needed; they expire after one year, and you can delete them at any time."
                ),
            ),
            (
                _("{name}: the language, set when you choose one").format(name=LANGUAGE_COOKIE),
                _("{name}: light or dark colours").format(name=SCHEME_COOKIE),
                _("{name}: your wish for light or dark colours, in the browser's local storage, never sent").format(
                    name=THEME_WISH
                ),
                _("{name}: that you signed in to edit, only when you did so, for {hours} hours").format(
                    name=roles.COOKIE, hours=roles.LASTS // 3600
                ),
            ),
        ),
        Section(
            _("What the server writes down"),
            (
                _(
                    "The application's log has one line a request: time, method, path, result and duration. It has no "
                    "address of the visitor. What you choose on a page stands in the page's address so that you can "
                    "share it; it is not linked with you. A failure is logged under a short number. A web server in "
                    "front of the application may keep a log of its own; whoever runs it decides for how long."
                ),
            ),
        ),
        Section(
            _("Who is responsible"),
            (
                _("This installation is run by: {body}.").format(body=settings().organisation),
                rights,
            ),
            links=contact_links(),
        ),
    )


def kosovo() -> str:
    """The note that goes with the designation Kosovo*."""
    return _(
        "* This designation is without prejudice to positions on status, and is in line with UNSCR 1244/1999 and the "
        "ICJ Opinion on the Kosovo declaration of independence."
    )


def licence() -> tuple[Section, ...]:
    """Licences of code, texts and figures; boundaries only when they are loaded."""
    credits = sorted({str(credit) for credit in frames.geometries()["credit"].unique()})
    boundaries = (
        Section(
            _("Boundaries on the maps"),
            (
                _("Maps are drawn from boundaries that must be credited as follows:"),
                *credits,
                _("They are free for non-commercial use. Borders express no opinion on the status of a territory."),
            ),
        ),
    )
    tiles = (
        Section(
            _("Maps"),
            (_("No boundaries are loaded: maps are tile grids of our own, one square a region."),),
        ),
    )
    return (
        Section(
            _("Figures"),
            (
                _(
                    "Figures stay under the licence of their publisher, which the table below names. Eurostat's may be "
                    "reused, also commercially, when the source is named and changes are stated. What was changed "
                    "here: rows of the area were selected and rearranged; nothing was estimated, filled or joined."
                ),
            ),
        ),
        Section(
            _("Calculations and texts"),
            (
                _(
                    "Marks, peers, ranks, sentences and texts are PoliSEE's own and may be reused under CC BY 4.0, "
                    "with the address and the data version that each card's 'Cite' gives."
                ),
            ),
            links=(("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),),
        ),
        Section(
            _("Software"),
            (_("The software is free under the European Union Public Licence, version 1.2 (EUPL-1.2)."),),
            links=(("EUPL-1.2", "https://eupl.eu/1.2/en/"),),
        ),
        *(boundaries if credits else tiles),
        Section(_("Note on Kosovo*"), (kosovo(),)),
    )
