"""Scenario sets for tests: one that has everything, as the text of its file, and ways to change it."""

from pathlib import Path

COMPLETE = """\
set:
  code: valley
  position: 7
  origin: illustrative
  base_year: 2024
  horizon: 2035
  regions: [HU22, RO11]
  source: Made for tests
  source_url: https://example.org/valley
  licence: CC BY 4.0
  title: {en: The valley in 2035, hu: A völgy 2035-ben}
  question: {en: What will the valley live from?}
  description: {en: 'Two lines,

      with a blank one between.'}
  caveat: {en: Made up., hu: Kitalált.}
  axes:
    - {code: markets, name: {en: Markets, hu: Piacok}, low: {en: Closed}, high: {en: Open}}
    - {code: skills, name: {en: Skills}}
  groups:
    - {code: ministries, name: {en: Ministries, hu: Minisztériumok}}
    - {code: clusters, name: {en: Clusters}}
scenarios:
  - code: open_door
    place: {markets: 1, skills: 0.5}
    state: {access: wide, people: many}
    prior: 2
    name: {en: Open door, hu: Nyitott ajtó}
    summary: {en: Trade and people come.}
    story: {en: "Once, a door stood open.\\n\\nThen more came.", hu: Egyszer nyitva maradt egy ajtó.}
    notes: {en: Ask who came.}
    assumptions:
      - {code: trade, driver: tariffs, subject: {en: Trade}, text: {en: It doubles., hu: Megduplázódik.}, source: Us}
      - {code: wages, subject: {en: Wages}, text: {en: They rise.}}
  - code: shut-in
    place: {markets: -1}
    state: {access: narrow, people: few}
    prior: 1
    name: {en: Shut in}
    assumptions:
      - {code: trade, driver: tariffs, text: {en: It stops.}}
drivers:
  - code: tariffs
    kind: trend
    steep: political
    theme: internationalisation
    impact: [6, 8, 9.5]
    uncertainty: [5, 7, 9]
    ratings: 12
    year: [2026, 2028, 2031]
    name: {en: Tariffs, hu: Vámok}
    description: {en: 'They go up, or down.'}
    source: Panel of 2025
    evidence:
      - {text: {en: They went up in 2025.}, url: 'https://example.org/a', source: WTO, indicator: employment_rate}
  - {code: robots, kind: wild_card, steep: technological, impact: 3, uncertainty: 9, name: {en: Robots}}
pathways:
  series:
    - scenario: open_door
      region: HU22
      indicator: employment_rate
      source: Our rule
      points: {2024: 70, 2030: [71.5, 73, 75], 2035: [70, 75.25, 79]}
    - {scenario: shut-in, region: HU22, indicator: employment_rate, points: {2024: 70, 2035: [60, 66, null]}}
    - {scenario: shut-in, region: RO11, indicator: population, points: {2035: 2000000}}
signposts:
  - code: jobs
    indicator: employment_rate
    region: HU22
    operator: '>='
    threshold: 74
    window: 2
    due: 2030
    review: 2027-06-30
    cluster: labour
    name: {en: Jobs, hu: Munkahelyek}
    why: {en: Jobs follow trade.}
    owner: {en: Labour office}
    source: Panel
    likelihoods: {open_door: very_likely, shut-in: 0.1}
  - {code: pact, observed: true, observed_on: 2026-02-01, name: {en: A pact is signed}, likelihoods: {shut-in: even}}
strategies:
  - {code: learn, name: {en: Learn, hu: Tanulni}, description: {en: Train people.}}
measures:
  - code: school
    strategy: learn
    theme: skills
    cost: 1200.5
    currency: HUF
    needs: [bus]
    excludes: [fair]
    name: {en: A school, hu: Iskola}
    description: {en: For adults.}
    instrument: {en: Grant}
    source: Ministry
    payoffs:
      open_door: {ministries: [2, people come], clusters: 1.5}
      shut-in: {ministries: -1}
  - {code: bus, name: {en: A bus}, payoffs: {open_door: {clusters: 0}}}
  - {code: fair, cost: 0, name: {en: A fair}}
matrices:
  - code: box
    kind: morphology
    name: {en: Box}
    parts:
      - {code: money, name: {en: Money}, values: [{code: state, name: {en: State}}, {code: firms, name: {en: Firms}}]}
      - {code: place, name: {en: Place}, values: [{code: town, name: {en: Town}}, {code: farm, name: {en: Farm}}]}
    cells:
      money.state: {place.town: 2, place.farm: X}
  - code: cib
    kind: cib
    name: {en: Cross-impact, hu: Kereszthatás}
    description: {en: Judged in a room.}
    source: Workshop
    parts:
      - code: access
        ordinal: true
        name: {en: Market access}
        note: {en: To the north.}
        values: [{code: wide, name: {en: Wide, hu: Tág}}, {code: narrow, name: {en: Narrow}}]
      - {code: people, name: {en: People}, values: [{code: many, name: {en: Many}}, {code: few, name: {en: Few}}]}
    cells:
      access.wide: {people.many: [3, they come], people.few: -3}
      people.few: {access.narrow: 1, people.few: 0.5}
    by_group:
      clusters: {access.wide: {people.many: 2}}
  - code: micmac
    kind: influence
    name: {en: Influence}
    parts: [{code: tariffs, name: {en: Tariffs}}, {code: robots, name: {en: Robots}}]
    cells: {tariffs: {robots: P}, robots: {tariffs: 3}}
milestones:
  - {code: goal, goal: true, indicator: employment_rate, region: HU22, year: 2035, value: 76, name: {en: Work for all}}
  - {code: opened, year: 2029, duration: 2.5, measure: school, needs: [], name: {en: School opened}, owner: {en: Mayor},
     source: Plan}
  - {code: half, year: 2032, value: 73, indicator: employment_rate, needs: [opened], name: {en: Half way}}
workshops:
  - code: kickoff
    held_on: 2026-03-12
    participants: {ministry: 4, cluster: 9}
    title: {en: Kick-off, hu: Nyitány}
    place: {en: Town hall}
    summary: {en: We met.}
    record:
      inputs: [{text: {en: Figures of 2024}}]
      challenges: [{text: {en: No bus, hu: Nincs busz}}, {text: {en: No school}}]
      actions: [{text: {en: Ask the mayor}, owner: {en: Cluster office}, due: 2026-12-31}, {text: {en: Wait}}]
"""
"""Every section and every field; its indicators, regions and themes are of the catalogue."""


def written(folder: Path, text: str = COMPLETE, name: str = "valley.yaml") -> Path:
    """A file with this text."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def changed(old: str, new: str, text: str = COMPLETE) -> str:
    """The text with one passage replaced, which must stand in it exactly once."""
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
    return text.replace(old, new)
