"""Sentences: the right template, every number the one of the table in both languages, a complete catalogue."""

import re
from string import Formatter
from typing import Any

import pandas as pd
import pytest
from babel import numbers as babel_numbers

from analysis import convergence, peers, progress, ranks, sentences
from analysis.model import Arrival, IndicatorSpec, Movement, Reason
from analysis.sentences import Measure, Name, Number, Sentence
from dashboard import i18n
from tests.analysis.conftest import series

GERD = Measure("gerd", "R&D expenditure", 2, "%", 1)
JOBLESS = Measure("unemployment", "Unemployment rate", 1, "%", -1)
MONEY = Measure("gdp", "GDP", 1, " M EUR", 1)
SPECS = {
    "gerd": IndicatorSpec("gerd", 1, "relative", 2, 0, None, 3.0, 2030),
    "unemployment": IndicatorSpec("unemployment", -1, "points", 1, 0, 100),
}
MARCHE = Name("Marche", "ITI3")
EU = Name("EU", "EU27_2020")


def written(number: Number) -> str:
    if number.kind == "year":
        return i18n.year(number.value)
    write = i18n.signed if number.kind == "signed" else i18n.number
    return write(number.value, number.decimals) + number.unit


def say(sentence: Sentence, language: str = "en") -> str:
    with i18n.speaking(language):
        return sentences.render(sentence, i18n._, i18n.ngettext, written)


def numbers_in(sentence: Sentence, language: str) -> list[Number]:
    with i18n.speaking(language):
        return [p for p in sentences.parts(sentence, i18n._, i18n.ngettext) if isinstance(p, Number)]


def read_back(text: str, language: str) -> list[float]:
    """The numbers of a text, read by the rules of its language."""
    space = "\u00a0\u202f\u2009"
    mark, group = (",", f"[{space}]") if language == "hu" else (r"\.", ",")
    pattern = rf"(?<![\w.,])[-−+]?\d{{1,3}}(?:{group}\d{{3}})+(?:{mark}\d+)?|(?<![\w.,])[-−+]?\d+(?:{mark}\d+)?"
    found = []
    for text_number in re.findall(pattern, text):
        plain = re.sub(group, "", text_number).replace("−", "-")
        found.append(float(plain.replace(",", ".") if language == "hu" else plain))
    return found


def check(sentence: Sentence, *tables: pd.DataFrame) -> None:
    """Both languages show exactly the numbers of the sentence, rounded, and those with a cell equal that cell."""
    for language in ("en", "hu"):
        expected = numbers_in(sentence, language)
        text = say(sentence, language)
        shown = [float(babel_numbers.format_decimal(n.value, "0." + "0" * n.decimals, locale="en")) for n in expected]
        assert read_back(text, language) == pytest.approx(shown), text
        assert "{" not in text
    for number in numbers_in(sentence, "en"):
        if number.key.period is not None and number.kind == "plain" and tables:
            cells = pd.concat(tables)
            cells = cells[(cells["indicator"] == number.key.indicator) & (cells["region"] == number.key.region)]
            assert cells.loc[cells["period"] == number.key.period, "value"].tolist() == [number.value]


def test_reading_back_understands_both_languages():
    assert read_back("rose to 12,345.6 M EUR, −1.5% (2023)", "en") == [12345.6, -1.5, 2023]
    assert read_back("12\u00a0345,6 M EUR, −1,5% (2023)", "hu") == [12345.6, -1.5, 2023]


class TestCatalogue:
    def test_hungarian_has_every_template_with_the_same_fields(self):
        catalogue = i18n.catalogue("hu")
        for msgid, plural in sentences.all_msgids():
            forms = catalogue.get(msgid)
            assert forms is not None, msgid
            assert len(forms) == (2 if plural else 1), msgid
            wanted = {field for _, field, _, _ in Formatter().parse(plural or msgid) if field}
            for form in forms:
                assert {field for _, field, _, _ in Formatter().parse(form) if field} == wanted, form

    def test_no_template_holds_a_number_of_its_own(self):
        words = set(sentences.WORDS.values())
        for msgid, _ in sentences.all_msgids():
            if msgid not in words:
                assert not re.search(r"\d", msgid + i18n.catalogue("hu")[msgid][0]), msgid

    def test_every_movement_and_reason_has_words(self):
        for member in (*Movement, *(r for r in Reason if r != Reason.NONE)):
            assert sentences.word(member).msgid

    def test_no_hungarian_suffix_is_glued_to_something_inserted(self):
        for msgid, _ in sentences.all_msgids():
            for form in i18n.catalogue("hu")[msgid]:
                assert not re.search(r"\}-?[a-záéíóöőúüű]", form), form


class TestMeasure:
    def test_names_lose_their_capital_inside_a_sentence_unless_they_are_abbreviations(self):
        assert JOBLESS.inline.text == "unemployment rate"
        assert GERD.inline.text == "R&D expenditure"
        assert MONEY.inline.text == "GDP"

    def test_from_a_row(self):
        row = {"code": "x", "name": "X", "decimals": 2, "unit_suffix": " PPS", "direction": -1}
        assert Measure.from_row(row) == Measure("x", "X", 2, " PPS", -1)


class TestAgainstPeers:
    def level(self, **values: Any) -> dict[str, Any]:
        row = {"value": 0.94, "period": 2023, "peers": 10, "below": 2, "above": 8, "reason": Reason.NONE}
        return row | {"uncertain": False} | values

    def differences(self, *verdicts: str) -> pd.DataFrame:
        signs = {"behind": -1.0, "ahead": 1.0, "unclear": -0.1}
        return pd.DataFrame({"verdict": verdicts, "difference": [signs[v] for v in verdicts]})

    def test_below_with_clear_differences(self):
        sentence = sentences.against_peers(
            MARCHE, GERD, self.level(), self.differences("behind", "behind", *["unclear"] * 8)
        )
        assert say(sentence) == "Marche: R&D expenditure is 0.94% (2023), below 8 of 10 peers; 2 differ clearly."
        assert (
            say(sentence, "hu")
            == "Marche, R&D expenditure: 0,94% (2023); 10 hasonló régióból 8 értéke magasabb, egyértelmű eltérés: 2."
        )
        check(sentence)

    def test_one_differs(self):
        sentence = sentences.against_peers(MARCHE, GERD, self.level(), self.differences("behind", "unclear"))
        assert say(sentence).endswith("1 differs clearly.")

    def test_without_clear_differences(self):
        sentence = sentences.against_peers(MARCHE, GERD, self.level(below=9, above=1), self.differences("unclear"))
        assert say(sentence).endswith("above 9 of 10 peers, but no difference is clear.")
        check(sentence)

    def test_estimates_are_told(self):
        sentence = sentences.against_peers(MARCHE, GERD, self.level(uncertain=True))
        assert "estimated, provisional" in say(sentence)
        assert "becsült" in say(sentence, "hu")

    def test_no_value(self):
        sentence = sentences.against_peers(MARCHE, GERD, self.level(value=None, reason=Reason.NO_VALUE))
        assert say(sentence) == "Marche: no value is published for R&D expenditure."

    def test_story_of_the_comparison(self):
        # The sentence of the acceptance story for comparing, word for word.
        verdicts = ["behind"] * 2 + ["unclear"] * 8
        sentence = sentences.most_peers(Name("ITI3", "ITI3"), GERD, self.differences(*verdicts))
        assert say(sentence) == "ITI3 is below most peers; 2 of 10 peers differ clearly."

    def test_all_counts_are_those_of_the_frames(self, gerd):
        rows = gerd[gerd["region"].str.len() == 4]
        others = ["ITI1", "ITI2", "EL30", "SI03", "AT11", "HU21", "BG41"]
        level = progress.level_against_peers(rows, SPECS, "ITI3", others).iloc[0]
        found = ranks.value_ranges(rows, SPECS["gerd"], int(level["period"]))
        differences = ranks.clear_differences(found, "ITI3", others)
        sentence = sentences.against_peers(MARCHE, GERD, level, differences)
        check(sentence, gerd)
        counts = {key: value.value for key, value in sentence.values.items() if isinstance(value, Number)}
        assert counts["k"] == max(level["below"], level["above"])
        assert counts["n"] == len(differences)
        assert counts["m"] == (differences["verdict"] != "unclear").sum()
        check(sentences.most_peers(MARCHE, GERD, differences))


class TestOverTime:
    def test_real_fall_in_expenditure(self, gerd):
        row = progress.direction(gerd[gerd["region"] == "ITI3"], SPECS).iloc[0]
        sentence = sentences.change_over_time(MARCHE, GERD, row)
        assert say(sentence) == (
            "Marche: R&D expenditure fell from 1.08% (2018) to 0.94% (2023), −2.7% a year. "
            "Assessment: significant movement away."
        )
        assert "értékről 0,94% (2023) értékre csökkent" in say(sentence, "hu")
        assert sentence.tone == "watch"
        check(sentence, gerd)

    def test_real_break_in_unemployment(self, unemployment):
        row = progress.direction(unemployment[unemployment["region"] == "ITI3"], SPECS).iloc[0]
        sentence = sentences.change_over_time(MARCHE, JOBLESS, row)
        assert "percentage points a year" in say(sentence)
        assert "measured from 2021" in say(sentence)
        assert sentence.tone == "good"
        check(sentence, unemployment)

    @pytest.mark.parametrize(
        ("cells", "expected"),
        [
            ([(2022, 1.0), (2023, 2.0)], "no value about five years before 2023"),
            ([(2018, 1.0), (2022, 9.0, "b"), (2023, 9.0)], "the series breaks in 2022"),
            ([(2023, None)], "no value is published"),
            ([(2018, 1.0), (2023, 1.0)], "was 1.00% in 2023, the same as in 2018"),
            ([(2018, 1.001), (2023, 1.002)], "was 1.00% in 2023, the same as in 2018"),
            ([(2018, 1.0), (2019, 3.0), (2023, 3.0)], "at least doubled or halved in 2019"),
        ],
    )
    def test_what_stands_in_the_way_is_said(self, cells, expected):
        row = progress.direction(series("gerd", "ITI3", cells), SPECS).iloc[0]
        sentence = sentences.change_over_time(MARCHE, GERD, row)
        assert expected in say(sentence)
        check(sentence)

    @pytest.mark.parametrize(
        ("cells", "arrival", "expected"),
        [
            ([(2018, 1.0), (2023, 3.1)], Arrival.REACHED, "the target of 3% for 2030 is met"),
            ([(2018, 1.0), (2023, 1.61051)], Arrival.YEAR, "is reached in 2030, in time for 2030"),
            ([(2018, 1.0), (2023, 1.3)], Arrival.YEAR, "is reached in 2039, after 2030"),
            ([(2018, 1.0), (2023, 1.001)], Arrival.FAR, "is not reached before 2100"),
            ([(2018, 1.0), (2023, 0.9, "p")], Arrival.NEVER, "is never reached"),
            ([(2023, 0.9)], Arrival.NOT_COMPUTABLE, "the pace cannot be computed"),
        ],
    )
    def test_target(self, cells, arrival, expected):
        frame = series("gerd", "ITI3", cells)
        row = progress.distance_to_target(frame, SPECS).iloc[0]
        assert row["arrival"] == arrival
        sentence = sentences.towards_target(MARCHE, GERD, row)
        assert expected in say(sentence)
        check(sentence, frame)


class TestArea:
    def test_real_range_and_reference(self, starter):
        money = starter[(starter["dataset"] == "NAMA_10R_2GDP") & (starter["period"] == 2022)]
        code = money.groupby("indicator")["value"].max().idxmax()
        money = money[money["indicator"] == code].assign(indicator="gdp")
        regions = money[money["region"].str.len() == 4]
        sentence = sentences.area_range(MONEY, regions, {})
        check(Sentence(sentence.msgid, named(sentence)), money)
        ends = regions.sort_values("value")["value"]
        assert (sentence.values["low"].value, sentence.values["high"].value) == (ends.iloc[0], ends.iloc[-1])
        levels = progress.level_against_region(money, {"gdp": IndicatorSpec("gdp")}, "EU27_2020")
        below = sentences.area_against_reference(MONEY, levels, EU)
        check(below, money)
        assert below.values["k"].value == (levels["value"] < levels["reference_value"]).sum()

    def test_years_are_not_mixed(self):
        frame = pd.concat([series("gerd", "A", [(2021, 1.0)]), series("gerd", "B", [(2022, 2.0)])])
        with pytest.raises(ValueError, match="one year"):
            sentences.area_range(GERD, frame, {})

    def test_few_regions(self):
        one = series("gerd", "A", [(2021, 1.0)])
        assert say(sentences.area_range(GERD, one, {"A": "Marche"})) == (
            "In 2021, only one region has a value for R&D expenditure: Marche, 1.00%."
        )
        assert say(sentences.area_range(GERD, one[:0], {})) == "No region has a value for R&D expenditure."

    def test_reference_sentence(self):
        row = {"value": 0.94, "period": 2023, "reference_value": 2.26, "difference": -1.32, "level": "below"}
        row |= {"reason": Reason.NONE, "uncertain": False}
        sentence = sentences.against_reference(MARCHE, GERD, row, EU)
        assert say(sentence) == "Marche: R&D expenditure is 0.94% (2023), below EU (2.26%)."
        assert say(sentence, "hu") == (
            "Marche, R&D expenditure: 0,94% (2023), alacsonyabb a viszonyítási értéknél (EU: 2,26%)."
        )
        check(sentence)
        near = sentences.against_reference(MARCHE, GERD, row | {"level": "near"}, EU)
        assert "close to EU" in say(near)


def named(sentence: Sentence) -> dict[str, Any]:
    """Values with names that hold no digits, so that only true numbers are read back."""
    return {k: Name("Somewhere", v.code) if isinstance(v, Name) else v for k, v in sentence.values.items()}


class TestConvergence:
    def frame(self, first: float, last: float) -> pd.DataFrame:
        cells = [series("gdp", f"R{i:02}", [(2010, 50 + first * i), (2020, 100 + last * i)]) for i in range(12)]
        return pd.concat(cells)

    def test_narrowing_is_claimed_with_its_numbers(self):
        result = convergence.sigma(self.frame(10, 2))
        sentence = sentences.convergence(MONEY, result)
        assert say(sentence).startswith("Gaps in GDP narrowed between 2010 and 2020: across 12 regions")
        assert sentence.values["start"].value == result.frame["cv"].iloc[0]
        assert sentence.values["end"].value == result.frame["cv"].iloc[-1]
        assert sentence.tone == "good"
        check(sentence)
        assert say(sentence, "hu").startswith("Csökkentek a különbségek (GDP, 2010–2020): 12 régióban")

    def test_widening_unclear_and_too_few(self):
        assert "widened" in say(sentences.convergence(MONEY, convergence.sigma(self.frame(2, 30))))
        still = convergence.sigma(self.frame(5, 10))
        assert "No clear change" in say(sentences.convergence(MONEY, still))
        check(sentences.convergence(MONEY, still))
        few = convergence.sigma(self.frame(10, 2).query("region < 'R03'"))
        assert "too few regions" in say(sentences.convergence(MONEY, few))

    def test_catching_up(self):
        found = convergence.beta(self.frame(10, 2), 2010, 2020)
        sentence = sentences.catching_up(MONEY, found)
        assert "grew faster until 2020 (12 regions)" in say(sentence)
        assert "{" not in say(sentence, "hu")
        widening = convergence.beta(self.frame(2, 30), 2010, 2020)
        assert "higher GDP in 2010 grew faster" in say(sentences.catching_up(MONEY, widening))
        few = convergence.beta(self.frame(10, 2).query("region < 'R03'"), 2010, 2020)
        assert say(sentences.catching_up(MONEY, few)) == ("Too few regions have a value for GDP in both 2010 and 2020.")


class TestOthers:
    def test_rank_is_never_said_without_its_range(self):
        found = ranks.rank_ranges(
            pd.DataFrame({"region": ["A", "B", "C"], "value": [3.0, 2.0, 1.0], "low": [2.9, 1.9, 0.9]}).assign(
                high=lambda f: f["value"] + 0.1
            ),
            1,
        )
        sentence = sentences.rank_range(Name("Marche", "A"), GERD, found.iloc[0], 2023)
        assert say(sentence) == ("Marche: rank 1 of 3 in R&D expenditure (2023), the same in at least 90% of draws.")
        check(sentence)
        row = found.iloc[0].to_dict() | {"rank": 4, "rank_low": 3, "rank_high": 7, "regions": 81}
        ranged = sentences.rank_range(MARCHE, GERD, row, 2023)
        assert say(ranged) == (
            "Marche: rank 4 of 81 in R&D expenditure (2023); in 90% of draws it lies between 3 and 7."
        )
        check(ranged)
        wide = sentences.rank_range(MARCHE, GERD, row | {"printable": False}, 2023)
        assert say(wide) == ("Marche: between rank 3 and 7 of 81 in R&D expenditure (2023), too wide to name one rank.")
        check(wide)

    def test_peers_and_why(self):
        values = pd.DataFrame({"u": [1.0, 1.1, 2.0, 3.0], "v": [1.0, 9.0, 5.0, 7.0]}, index=list("ABCD"))
        names = {"A": "Marche", "B": "Umbria", "C": "Abruzzo", "D": "Veneto", "u": "Density", "v": "Industry"}
        result = peers.structural_peers(values, "A")
        text = say(sentences.peers_found(Name("Marche", "A"), result, names))
        assert text.startswith("Marche is most like Abruzzo, ")
        assert "closest in density and furthest away in industry" in text
        refused = peers.structural_peers(values.assign(v=[None, 1.0, 2.0, 3.0]), "A")
        assert say(sentences.peers_found(Name("Marche", "A"), refused, names)) == (
            "Marche: no peers are computed, because too much is missing: Industry."
        )

    def test_headline_counts_what_the_frames_hold(self):
        levels = pd.DataFrame({"level": ["above", "above", "near", "below", "higher", "unknown"]})
        directions = pd.DataFrame({"region": ["ITI3"] * 3 + ["X"], "desired": [1.0, -1.0, float("nan"), 1.0]})
        sentence = sentences.region_headline(MARCHE, levels, directions)
        assert say(sentence) == (
            "Marche: 2 of 4 headline indicators are better than the median of its peers. "
            "1 of 2 moved in the desired direction over about five years."
        )
        assert say(sentence, "hu") == (
            "Marche: 4 kiemelt mutatóból 2 jobb, mint a hasonló régiók mediánja. "
            "Mintegy öt év alatt 2 mutatóból 1 mozdult a kívánt irányba."
        )
        check(sentence)
        assert "no headline indicator" in say(sentences.region_headline(MARCHE, levels[5:], directions))

    def test_coverage_line(self):
        # The numbers of the acceptance story for the region page.
        sentence = sentences.coverage_line(progress.Coverage(52, 60, 2023, 2019, 6))
        assert say(sentence) == "52 of 60 indicators, newest year 2023, 6 estimated."
        check(sentence)
        assert say(sentences.coverage_line(progress.Coverage(0, 60, None, None, 0))) == (
            "None of 60 indicators has a value."
        )

    def test_association_is_claimed_only_when_clear(self):
        x = list(range(1, 13))
        # Ranks of y run with x but for one swap: rho = 1 - 6 * 2 / (12 * 143) = 0.993.
        y = [1, 2, 4, 3, 5, 6, 7, 8, 9, 10, 11, 12]
        sentence = sentences.association(GERD, MONEY, 2022, pd.DataFrame({"x": x, "y": y}))
        assert "higher R&D expenditure goes with higher GDP (rank correlation +0.99)" in say(sentence)
        assert sentence.values["rho"].value == pytest.approx(1 - 12 / 1716)
        check(sentence)
        mixed = pd.DataFrame({"x": x, "y": [6, 1, 12, 3, 9, 2, 8, 5, 11, 4, 10, 7]})
        assert "no clear link" in say(sentences.association(GERD, MONEY, 2022, mixed))
        assert "Too few" in say(sentences.association(GERD, MONEY, 2022, mixed[:5]))

    def test_news_are_strong_distinct_and_leave_out_jumps(self):
        frame = pd.concat(
            [
                series("gerd", "A", [(2018, 1.0), (2023, 1.6)]),
                series("gerd", "B", [(2018, 1.0), (2023, 1.4)]),
                series("gerd", "C", [(2018, 1.0), (2019, 4.0), (2023, 4.0)]),
                series("gerd", "D", [(2018, 1.0), (2023, 0.6)]),
                series("gerd", "OLD", [(2014, 1.0), (2019, 1.9)]),
                series("unemployment", "D", [(2018, 5.0), (2023, 9.0)]),
                series("unemployment", "B", [(2018, 9.0), (2023, 5.0)]),
            ]
        )
        measures = {"gerd": GERD, "unemployment": JOBLESS}
        names = {"A": "Alfa", "B": "Beta", "C": "Gamma", "D": "Delta"}
        good, attention = sentences.news(
            progress.direction(frame, SPECS), progress.distance_to_target(frame, SPECS), measures, names
        )
        assert [s.values["region"].text for s in good] == ["Alfa", "Beta"]
        assert [s.values["region"].text for s in attention] == ["Delta"]
        assert {s.tone for s in good} == {"good"}
        assert {s.tone for s in attention} == {"watch"}
        for sentence in (*good, *attention):
            check(sentence, frame)

    def test_numbers_can_become_links(self):
        pieces = sentences.parts(sentences.coverage_line(progress.Coverage(1, 2, 2023, 2023, 0)), i18n._, i18n.ngettext)
        assert [p.value for p in pieces if isinstance(p, Number)] == [1, 2, 2023, 0]
        assert "".join(p for p in pieces if isinstance(p, str)) == " of  indicators, newest year ,  estimated."
