"""Location quotients, structure, shift-share, contributions and stars: published cases, cases by hand, identities."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from analysis.specialisation import (
    PANORAMA,
    StarRules,
    growth_contributions,
    location_quotients,
    presence,
    shift_share,
    shift_share_dynamic,
    shift_share_yearly,
    stars,
    structure,
    symmetric,
)
from tests.analysis.made_regions import amounts_by, published, tables

# Totals 60 and 40, industries 50 and 50: shares of 1/2, 1/2 against 2/3, 1/3 and 1/4, 3/4.
TWO = pd.DataFrame([[40.0, 20.0], [10.0, 30.0]], index=["a", "b"], columns=["farms", "mills"])
FEW = settings(max_examples=40)


def terms(table: pd.DataFrame) -> pd.DataFrame:
    return table.set_index(["region", "industry"])[["national", "mix", "regional"]]


class TestLocationQuotients:
    def test_by_hand(self):
        expected = pd.DataFrame([[4 / 3, 2 / 3], [1 / 2, 3 / 2]], index=TWO.index, columns=TWO.columns)
        pd.testing.assert_frame_equal(location_quotients(TWO), expected)

    def test_a_published_case(self):
        case = published("shift_share_krumme.json")
        region = pd.DataFrame([case["regional_1985"]], index=["H"], columns=case["industries"])
        nation = pd.Series(case["national_structure_1985"], index=case["industries"])
        found = location_quotients(region, reference=nation).loc["H"]
        assert found.to_numpy() == pytest.approx(case["published"]["location_quotients"], abs=5e-4)

    def test_missing_beats_zero_beats_nan(self):
        x = pd.DataFrame(
            [[5.0, 0, 0, np.nan], [0, 0, 0, 0], [2, 0, 4, 3]], index=list("abc"), columns=["w", "void", "y", "z"]
        )
        lq, here = location_quotients(x), presence(x)
        assert lq.loc["b"].isna().all()
        assert lq["void"].isna().all()
        assert lq.loc["a", "y"] == 0
        assert np.isnan(lq.loc["a", "z"])
        pd.testing.assert_frame_equal(here.isna(), lq.isna())

    def test_a_region_is_compared_on_what_is_known_of_it(self):
        x = pd.DataFrame([[10.0, 10, np.nan], [20, 20, 60]], index=["a", "b"], columns=list("xyz"))
        # Of x and y region a has the reference's mix, whatever z may be.
        assert location_quotients(x).loc["a", ["x", "y"]].tolist() == [1, 1]
        assert presence(x).loc["a", ["x", "y"]].tolist() == [1, 1]

    @given(tables())
    @FEW
    def test_the_mean_weighted_by_reference_shares_is_one(self, x):
        lq = location_quotients(x)
        weights = x.sum() / max(x.to_numpy().sum(), 1)
        for region in x.index[x.sum(axis=1) > 0]:
            assert (lq.loc[region] * weights).sum() == pytest.approx(1)

    @given(tables(), st.integers(0, 6), st.sampled_from([1e-6, 3.0, 7e8]))
    @FEW
    def test_units_of_the_table_and_of_an_industry_change_nothing(self, x, place, factor):
        pd.testing.assert_frame_equal(location_quotients(x * factor), location_quotients(x))
        pd.testing.assert_frame_equal(presence(x * factor), presence(x))

    @given(tables(), st.randoms(use_true_random=False))
    @FEW
    def test_order_does_not_matter(self, x, random):
        rows, columns = list(x.index), list(x.columns)
        random.shuffle(rows)
        random.shuffle(columns)
        pd.testing.assert_frame_equal(
            location_quotients(x.loc[rows, columns]), location_quotients(x).loc[rows, columns]
        )

    def test_ties_at_the_threshold_are_present(self):
        alike = np.outer([0.1, 0.3, 0.7, 1.1, 2.3], [3.0, 5, 7, 11, 13])
        x = pd.DataFrame(alike, index=list("abcde"), columns=list("vwxyz"))
        assert (location_quotients(x) < 1).any(axis=None), "the case must be one in which division falls short"
        assert (presence(x) == 1).all(axis=None)

    def test_threshold_and_minimum(self):
        assert presence(TWO, threshold=1.4).to_numpy().tolist() == [[0, 0], [0, 1]]
        assert presence(TWO, minimum=35).to_numpy().tolist() == [[1, 0], [0, 0]]

    @pytest.mark.parametrize("options", [{"threshold": 0}, {"threshold": -1}, {"minimum": -1}])
    def test_senseless_thresholds_are_refused(self, options):
        with pytest.raises(ValueError, match="must"):
            presence(TWO, **options)

    def test_symmetric_has_its_middle_at_zero(self):
        found = symmetric(pd.DataFrame([[0.0, 0.5, 1.0, 2.0, np.nan]]))
        assert found.iloc[0].tolist()[:4] == pytest.approx([-1, -1 / 3, 0, 1 / 3])
        assert np.isnan(found.iloc[0, 4])

    @pytest.mark.parametrize("bad", [-1.0, np.inf])
    def test_impossible_amounts_are_named(self, bad):
        x = TWO.copy()
        x.loc["b", "farms"] = bad
        with pytest.raises(ValueError, match="b, industry farms"):
            location_quotients(x)

    def test_repeated_labels_and_texts_are_refused(self):
        with pytest.raises(ValueError, match="a is there more than once"):
            location_quotients(TWO.rename(index={"b": "a"}))
        with pytest.raises(ValueError, match="numbers"):
            location_quotients(TWO.astype(object).replace(40.0, "many"))

    def test_a_reference_must_have_every_industry(self):
        with pytest.raises(ValueError, match="mills"):
            location_quotients(TWO, reference=pd.Series({"farms": 3.0}))
        with pytest.raises(ValueError, match="-2"):
            location_quotients(TWO, reference=pd.Series({"farms": 3.0, "mills": -2.0}))

    def test_an_empty_table_has_an_empty_answer(self):
        assert location_quotients(TWO.iloc[:0]).shape == (0, 2)
        assert presence(TWO.iloc[:, :0]).shape == (2, 0)


class TestStructure:
    def test_by_hand(self):
        found = structure(TWO).loc["a"]
        assert found["total"] == 60
        assert found["diversity"] == 1
        assert found["krugman"] == pytest.approx(1 / 3)
        assert found["specialisation"] == pytest.approx(1 / 6)
        assert found["herfindahl"] == pytest.approx(5 / 9)
        assert found["entropy"] == pytest.approx(math.log2(3) - 2 / 3)
        assert found["theil"] == pytest.approx(2 / 3 * math.log2(4 / 3) + 1 / 3 * math.log2(2 / 3))
        assert found["hachman"] == pytest.approx(1 / (4 / 3 * 2 / 3 + 2 / 3 * 1 / 3))

    def test_the_base_of_the_logarithm_is_said_and_used(self):
        two, natural = structure(TWO), structure(TWO, log_base=math.e)
        assert (two["entropy"] * math.log(2)).to_numpy() == pytest.approx(natural["entropy"].to_numpy())
        assert (two["evenness"]).to_numpy() == pytest.approx(natural["evenness"].to_numpy())
        with pytest.raises(ValueError, match="base"):
            structure(TWO, log_base=1)

    @given(tables())
    @FEW
    def test_bounds(self, x):
        found = structure(x)
        active = x.sum(axis=1) > 0
        assert found.loc[~active, ["krugman", "entropy", "hachman", "total", "diversity"]].isna().all(axis=None)
        found = found[active]
        assert found["krugman"].between(-1e-12, 2).all()
        assert found["hachman"].between(0, 1 + 1e-12).all()
        assert found["herfindahl"].between(1 / x.shape[1] - 1e-12, 1 + 1e-12).all()
        assert found["entropy"].between(0, math.log2(x.shape[1]) + 1e-12).all()
        assert (found["theil"] >= -1e-12).all()

    def test_the_reference_itself_is_not_special(self):
        x = pd.DataFrame([[1.0, 2, 3], [10, 20, 30]], index=["a", "b"], columns=list("xyz"))
        found = structure(x)
        assert found["krugman"].to_numpy() == pytest.approx([0, 0])
        assert found["theil"].to_numpy() == pytest.approx([0, 0])
        assert found["hachman"].to_numpy() == pytest.approx([1, 1])
        assert found["diversity"].tolist() == [3, 3]

    def test_one_industry_has_no_entropy(self):
        found = structure(pd.DataFrame([[5.0, 0.0], [1.0, 9.0]], index=["a", "b"], columns=["x", "y"]))
        assert found.loc["a", "entropy"] == 0
        assert found.loc["a", "herfindahl"] == 1
        assert found.loc["a", "industries"] == 1

    def test_unknown_cells_are_counted_and_left_out(self):
        x = TWO.assign(mines=[np.nan, 50.0])
        found = structure(x)
        assert found["unknown"].tolist() == [1, 0]
        assert found.loc["a", "krugman"] == pytest.approx(structure(TWO).loc["a", "krugman"])

    def test_an_industry_that_the_reference_lacks_has_no_distance(self):
        found = structure(TWO, reference=pd.Series({"farms": 0.0, "mills": 5.0}))
        assert found["theil"].isna().all()


class TestShiftShare:
    def test_a_published_case(self):
        case = published("shift_share_krumme.json")
        start, end = (
            pd.DataFrame([case[f"regional_{year}"]], index=["H"], columns=case["industries"]) for year in (1985, 1995)
        )
        before = pd.Series(case["national_structure_1985"], index=case["industries"])
        after = before * (1 + np.array(case["national_growth_by_industry"]))
        found = shift_share(start, end, reference=(before, after))
        assert found["mix"].to_numpy() == pytest.approx(case["published"]["composition_by_industry"])
        assert found["regional"].to_numpy() == pytest.approx(case["published"]["differential_by_industry"], abs=1e-9)
        assert found["national"].sum() == pytest.approx(case["published"]["national_growth_effect"])
        assert found["change"].sum() == pytest.approx(case["published"]["regional_growth_total"])

    # The whole grows by half, farms by 20 %, mills by 80 %.
    END = pd.DataFrame([[50.0, 50.0], [10.0, 40.0]], index=["a", "b"], columns=["farms", "mills"])

    def test_by_hand(self):
        found = terms(shift_share(TWO, self.END))
        assert found.loc[("a", "farms")].tolist() == pytest.approx([20, -12, 2])
        assert found.loc[("a", "mills")].tolist() == pytest.approx([10, 6, 14])
        assert found.loc[("b", "farms")].tolist() == pytest.approx([5, -3, -2])

    @given(tables(3, 5), st.data())
    @FEW
    def test_the_terms_sum_to_the_change(self, start, data):
        values = data.draw(st.lists(st.integers(0, 60), min_size=start.size, max_size=start.size))
        end = pd.DataFrame(np.reshape(values, start.shape).astype(float), index=start.index, columns=start.columns)
        found = shift_share(start, end, homothetic=True)
        told = found[found["national"].notna()]
        total = told[["national", "mix", "regional"]].sum(axis=1)
        assert total.to_numpy() == pytest.approx(told["change"].to_numpy(), abs=1e-9)
        split = told[told["competitive"].notna()]
        assert (split["competitive"] + split["allocation"]).to_numpy() == pytest.approx(split["regional"].to_numpy())
        # Over all regions nothing is left for mix in the whole and for regions in each industry.
        if (start.sum() > 0).all():
            assert told["mix"].sum() == pytest.approx(0, abs=1e-9)
            assert told.groupby("industry")["regional"].sum().to_numpy() == pytest.approx(0, abs=1e-9)

    def test_homothetic_split_by_hand(self):
        found = shift_share(TWO, self.END, homothetic=True).set_index(["region", "industry"])
        # With the reference's structure a would have 30 in farms, which grow by 25 % in a and by 20 % everywhere.
        assert found.loc[("a", "farms"), ["competitive", "allocation"]].tolist() == pytest.approx([1.5, 0.5])

    def test_what_was_not_there_is_new_and_regional(self):
        start = pd.DataFrame([[0.0, 10], [5, 10]], index=["a", "b"], columns=["x", "y"])
        end = pd.DataFrame([[4.0, 10], [5, 10]], index=["a", "b"], columns=["x", "y"])
        found = shift_share(start, end).set_index(["region", "industry"])
        assert found.loc[("a", "x"), ["national", "mix", "regional"]].tolist() == [0, 0, 4]
        assert found["flag"].tolist() == ["new", "", "", ""]

    def test_unknown_and_undefined_cells_are_missing_and_say_so(self):
        start = TWO.copy()
        start.loc["a", "mills"] = np.nan
        found = shift_share(start, self.END).set_index(["region", "industry"])
        assert found.loc[("a", "mills"), ["national", "mix", "regional", "change"]].isna().all()
        assert found.loc[("a", "mills"), "flag"] == "unknown"
        # A gap in the figures is not decline of the reference area.
        assert found.loc[("b", "mills"), "regional"] == pytest.approx(0)
        nobody = pd.Series({"farms": 0.0, "mills": 5.0})
        found = shift_share(TWO, self.END, reference=(nobody, nobody)).set_index(["region", "industry"])
        assert found.loc[("a", "farms"), "flag"] == "undefined"
        assert found.loc[("a", "farms"), ["national", "mix", "regional"]].isna().all()

    def test_dynamic_is_the_sum_of_the_years(self):
        random = np.random.default_rng(2)
        panel = {year: TWO * random.uniform(0.8, 1.4, TWO.shape) for year in (2010, 2011, 2012, 2013)}
        found, yearly = shift_share_dynamic(panel), shift_share_yearly(panel)
        assert yearly["period"].unique().tolist() == [2011, 2012, 2013]
        by_hand = sum(terms(shift_share(panel[y], panel[y + 1])) for y in (2010, 2011, 2012))
        pd.testing.assert_frame_equal(terms(found), by_hand)
        assert found[["national", "mix", "regional"]].sum(axis=1).to_numpy() == pytest.approx(found["change"])
        assert found["start"].to_numpy() == pytest.approx(panel[2010].to_numpy().ravel())
        assert found["end"].to_numpy() == pytest.approx(panel[2013].to_numpy().ravel())
        static = shift_share(panel[2010], panel[2013])
        assert not np.allclose(terms(static), terms(found)), "the years between must matter"

    def test_dynamic_with_a_gap_is_missing(self):
        gap = TWO.copy()
        gap.loc["b", "farms"] = np.nan
        found = shift_share_dynamic({2010: TWO, 2011: gap, 2012: TWO}).set_index(["region", "industry"])
        assert found.loc[("b", "farms"), ["change", "national"]].isna().all()
        assert found["flag"].tolist() == ["", "", "unknown", ""]
        with pytest.raises(ValueError, match="two years"):
            shift_share_dynamic({2010: TWO})

    def test_contributions_sum_to_growth(self):
        found = growth_contributions(TWO, self.END).set_index(["region", "industry"])
        assert found.loc["a", "contribution"].tolist() == pytest.approx([100 / 6, 50])
        assert found.loc["a", "growth"].tolist() == pytest.approx([100 * 40 / 60] * 2)
        assert growth_contributions(TWO * 0, self.END)["growth"].isna().all()


class TestStars:
    SIZES = pd.DataFrame(
        {"x": [100.0, 50, 50, *range(1, 18)], "rest": [900.0, 50, 950, *[200] * 17]},
        index=[f"r{i:02}" for i in range(20)],
    )

    def test_by_hand(self):
        found = stars(self.SIZES)
        x = found.cells[found.cells["industry"] == "x"].set_index("region")
        # The best 10 % of 20 regions are two; the third ties with the second.
        assert x.index[x["size_star"] == 1].tolist() == ["r00", "r01", "r02"]
        assert x.index[x["focus_star"] == 1].tolist() == ["r00", "r01"]
        lq = location_quotients(self.SIZES)["x"]
        assert x.index[x["specialisation_star"] == 1].tolist() == lq.index[lq >= 2].tolist() == ["r01"]
        assert x.loc[["r00", "r01", "r02", "r03"], "stars"].tolist() == [2, 3, 1, 0]
        limits = found.thresholds.set_index("industry").loc["x"]
        assert limits[["regions", "size", "specialisation"]].tolist() == [20, 50, 2]
        assert limits["focus"] == pytest.approx(0.1)
        assert found.of == 3

    def test_fewer_than_ten_regions_make_no_ranking(self):
        found = stars(self.SIZES.iloc[:9]).cells
        assert found["stars"].isna().all()
        assert found["size_star"].isna().all()
        assert found["specialisation_star"].notna().all()

    def test_unknown_is_no_star_and_nothing_earns_none(self):
        x = self.SIZES.copy()
        x.loc["r00", "x"] = np.nan
        x.loc[x.index[3:], "x"] = 0.0
        found = stars(x, StarRules(size=0.5, focus=0.5)).cells
        mine = found[found["industry"] == "x"].set_index("region")
        assert np.isnan(mine.loc["r00", "stars"])
        assert mine.loc["r05", ["size_star", "focus_star", "stars"]].tolist() == [0, 0, 0]

    def test_the_later_rule_asks_for_productivity_and_growth(self):
        with pytest.raises(ValueError, match="productivity"):
            stars(self.SIZES, PANORAMA)
        growth = self.SIZES * 0 + np.arange(20.0)[:, None]
        found = stars(self.SIZES, PANORAMA, productivity=growth, growth=growth)
        assert found.of == 4
        x = found.cells[found.cells["industry"] == "x"].set_index("region")
        assert x.index[x["growth_star"] == 1].tolist() == ["r16", "r17", "r18", "r19"]
        with pytest.raises(ValueError, match="best share"):
            StarRules(size=0)

    @given(st.integers(0, 1000))
    @settings(max_examples=15)
    def test_at_least_the_best_share_gets_a_star(self, seed):
        x = amounts_by(23, 4, seed).round(1)
        assume((x.max() > 0).all())
        found = stars(x).cells
        per_industry = found.groupby("industry")["size_star"].sum()
        assert (per_industry >= 2).all()
        top = found.sort_values("value", ascending=False).drop_duplicates("industry")
        assert (top["size_star"] == 1).all()
