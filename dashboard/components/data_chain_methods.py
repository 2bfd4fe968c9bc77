"""Words on the measures of specialisation and value chains, for the part 'methods'; numbers come from constants."""

from analysis import relatedness, shocks, specialisation, trade, value_chain
from analysis.complexity import CONVENTIONS
from dashboard.components.data_parts import Method, default, short
from dashboard.i18n import _, number, percent

BILLION, MILLION = 1e9, 1e6


def specialisation_methods() -> tuple[Method, ...]:
    """Measures of what regions and countries are good at."""
    return (
        _quotient(),
        _structure(),
        _shift_share(),
        _stars(),
        _relatedness(),
        _complexity(),
        _fitness(),
        _outlook(),
        _diamond(),
        _trade(),
    )


def chain_methods() -> tuple[Method, ...]:
    """Measures of where industries stand in chains, and what a shock does along them."""
    return (
        _tables(),
        _multipliers(),
        _linkages(),
        _positions(),
        _participation(),
        _decomposition(),
        _smile(),
        _shock(),
    )


def _quotient() -> Method:
    return Method(
        "lq",
        _("Location quotient"),
        (
            _(
                "The location quotient compares the share of an industry in a region with its share in the reference "
                "area: all regions with figures, or all exporters for trade. 1 means as in the reference area, 2 twice "
                "as much. In trade it is called revealed comparative advantage. From {threshold} on, the industry "
                "counts as present in the region; a tie counts as present."
            ).format(threshold=short(CONVENTIONS.threshold)),
            _(
                "Nothing of an industry that others have is 0; a figure that is not published makes the quotient "
                "missing, not 0. Colours follow the symmetric form, in which half as much and twice as much lie "
                "equally far from the middle. Small industries reach high quotients by chance: read them together "
                "with their size."
            ),
        ),
        ("LQ_{rc} = (X_{rc} / X_{r}) / (X_{c} / X)", "S_{rc} = (LQ_{rc} − 1) / (LQ_{rc} + 1)"),
        _(
            "Balassa, B. (1965), Trade liberalisation and “revealed” comparative advantage, The Manchester School "
            "33(2); symmetric form: Laursen, K. (2015), Eurasian Business Review 5(1)."
        ),
    )


def _structure() -> Method:
    return Method(
        "structure",
        _("Specialisation and diversity"),
        (
            _(
                "How far a region's structure is from that of the reference area, and how concentrated it is. "
                "Krugman's index is the sum of the absolute differences of shares, from 0 (the same structure) to 2; "
                "half of it is the share of activity that would have to change its industry. The Herfindahl index is "
                "1 when everything is in one industry. Entropy (logarithm to the base {base}) grows with diversity. "
                "Hachman's index is 1 for the structure of the reference area and falls towards 0."
            ).format(base=short(default(specialisation.structure, "log_base"))),
            _(
                "Shares are of the industries whose figures are published. All of these numbers depend on how finely "
                "industries are divided: compare only figures of one classification."
            ),
        ),
        (
            "K_{r} = Σ_{c} |s_{rc} − s_{c}|",
            "H_{r} = Σ_{c} s_{rc}^{2},   E_{r} = −Σ_{c} s_{rc} log s_{rc}",
            "A_{r} = 1 / Σ_{c} LQ_{rc} s_{rc}",
        ),
        _(
            "Krugman, P. (1991), Geography and Trade; Theil, H. (1967), Economics and Information Theory; the index of "
            "F. Hachman, University of Utah."
        ),
    )


def _shift_share() -> Method:
    return Method(
        "shift-share",
        _("Shift-share"),
        (
            _(
                "The change of each industry is split into three terms that add up to it exactly: what it would have "
                "been at the growth of the whole reference area (national), what the different growth of its industry "
                "adds (industry mix), and what is left to the region (regional). The dynamic version adds up the terms "
                "of each year, so that a structure that changes counts from the year in which it changes."
            ),
            _(
                "The reference area contains the region. An industry that began at nothing goes into the regional term "
                "and is marked; only figures that are known in both years count. The regional term is what is left "
                "over; it is no proof that a policy worked."
            ),
        ),
        ("Δ_{rc} = X_{rc} g + X_{rc} (g_{c} − g) + X_{rc} (g_{rc} − g_{c})",),
        _(
            "Dunn, E. (1960), A statistical and analytical technique for regional analysis, Papers in Regional Science "
            "6(1); dynamic version: Barff, R. and Knight, P. (1988), Growth and Change 19(2)."
        ),
    )


def _stars() -> Method:
    rules = specialisation.OBSERVATORY
    return Method(
        "stars",
        _("Cluster stars"),
        (
            _(
                "Up to three stars for an industry in a region. Size: its amount is among the largest {size} of all "
                "regions in this industry. Specialisation: its location quotient is at least {lq}. Focus: its share in "
                "the region's total is among the largest {focus}. Ties at a threshold count in. With fewer than "
                "{regions} regions nothing is ranked, and the stars are missing."
            ).format(
                size=percent(rules.size), lq=short(rules.lq or 0), focus=percent(rules.focus), regions=rules.regions
            ),
            _(
                "A star says that an activity is concentrated in a place, not that its enterprises work together. The "
                "threshold for focus could not be checked against the Observatory's own page."
            ),
        ),
        (),
        _(
            "European Cluster Observatory, its first rule; later editions took the best 20% by size, specialisation, "
            "productivity and growth."
        ),
    )


def _relatedness() -> Method:
    return Method(
        "relatedness",
        _("Proximity and density"),
        (
            _(
                "Two industries are near to one another when the same regions hold both. Their proximity is the number "
                "of regions that hold both over the number of those that hold the more common one. No industry is near "
                "to itself."
            ),
            _(
                "The density of an industry in a region is the part of all its proximity that lies in industries which "
                "the region already holds, from 0 to 1; distance is what is missing to 1. Relative density compares it "
                "with the other options of the region, in standard deviations. The picture of the industry space shows "
                "the maximum spanning tree and the strongest other links, from {threshold} on and about {links} for "
                "each industry."
            ).format(
                threshold=number(default(relatedness.edges, "threshold"), 1),
                links=short(default(relatedness.edges, "per_node")),
            ),
            _(
                "With few industries, such as ten groups of sections, proximity rests on little, since most regions "
                "hold several of them. Finer figures say more."
            ),
        ),
        (
            "φ_{cd} = Σ_{r} M_{rc} M_{rd} / max(u_{c}, u_{d}),   φ_{cc} = 0",
            "ω_{rc} = Σ_{d} M_{rd} φ_{cd} / Σ_{d} φ_{cd}",
        ),
        _(
            "Hidalgo, C., Klinger, B., Barabási, A.-L. and Hausmann, R. (2007), The product space conditions the "
            "development of nations, Science 317; relative density: Pinheiro, F. and others (2022), Research Policy "
            "51(8)."
        ),
    )


def _complexity() -> Method:
    return Method(
        "complexity",
        _("Economic complexity"),
        (
            _(
                "An industry is complex when few regions hold it, and these also hold other complex ones; a region is "
                "complex when it holds such industries. Both scores follow from the second eigenvector of the matrix "
                "that leads from regions to industries and back. The sign is such that the complexity of regions rises "
                "with the number of industries they hold. The scores of regions have mean 0 and standard deviation 1; "
                "the score of a region is the mean of the industries it holds."
            ),
            _(
                "No score is given when the second eigenvector cannot be told from the third, or its sign cannot be "
                "told. Where the network falls into separate parts, only its largest part has scores. Regions of which "
                "less than half of the industries are known do not shape the scores, and get the mean of what they "
                "hold. With ten groups of sections the score is a rough order and no more."
            ),
        ),
        (
            "Q_{c} = q_{c} / √u_{c},   q: second right singular vector of D^{−1/2} M U^{−1/2}",
            "K_{r} = Σ_{c} M_{rc} Q_{c} / d_{r}",
            "ECI_{r} = (K_{r} − K̄) / s_{K},   PCI_{c} = (Q_{c} − K̄) / s_{K}",
        ),
        _(
            "Hidalgo, C. and Hausmann, R. (2009), The building blocks of economic complexity, PNAS 106(26); Mealy, P., "
            "Farmer, D. and Teytelboym, A. (2019), Interpreting economic complexity, Science Advances 5(1)."
        ),
    )


def _fitness() -> Method:
    return Method(
        "fitness",
        _("Fitness"),
        (
            _(
                "Fitness rewards diversity, and lets an industry count for little as soon as less fit regions hold it "
                "too. It is computed in steps until the order no longer changes. Where portfolios are nested in one "
                "another, the fitness of the last regions tends to 0: there only the order has a meaning."
            ),
        ),
        ("F_{r} = Σ_{c} M_{rc} Q_{c},   Q_{c} = 1 / Σ_{r} (M_{rc} / F_{r})",),
        _(
            "Tacchella, A. and others (2012), A new metrics for countries' fitness and products' complexity, "
            "Scientific Reports 2; Pugliese, E., Zaccaria, A. and Pietronero, L. (2016), European Physical Journal "
            "Special Topics 225."
        ),
    )


def _outlook() -> Method:
    return Method(
        "outlook",
        _("Outlook and gain"),
        (
            _(
                "The outlook adds up the complexity of the industries that a region does not hold, each weighted with "
                "its density: how much complexity lies within reach. The gain of an industry is what holding it would "
                "add to the outlook, since it brings others nearer, less its own part, since it would no longer be an "
                "option. Packages differ in both terms; here the divisor is the whole proximity of the industry that "
                "comes nearer."
            ),
        ),
        (
            "O_{r} = Σ_{c} (1 − M_{rc}) ω_{rc} PCI_{c}",
            "G_{rc} = Σ_{d} (φ_{cd} / Σ_{e} φ_{ed}) (1 − M_{rd}) PCI_{d} − ω_{rc} PCI_{c}",
        ),
        _("Hausmann, R., Hidalgo, C. and others (2014), The Atlas of Economic Complexity, MIT Press, box 5.4."),
    )


def _diamond() -> Method:
    return Method(
        "diamond",
        _("Smart-specialisation diamond"),
        (
            _(
                "Industries that a region does not hold are placed by density (how near they are) and complexity (how "
                "much they promise). The quadrants meet at the mean of the region's own options: near and complex is "
                "the high road, near and simple the slow road, far and complex the casino, far and simple the dead "
                "end. It shows where to look, not what to fund: demand, skills and enterprises on the spot are not in "
                "it."
            ),
        ),
        (),
        _(
            "Balland, P.-A., Boschma, R., Crespo, J. and Rigby, D. (2019), Smart specialization policy in the European "
            "Union, Regional Studies 53(9); names of the quadrants as in papers on policy."
        ),
    )


def _trade() -> Method:
    return Method(
        "trade",
        _("Complexity of countries from exports"),
        (
            _(
                "Exports by country and product come from files of UN Comtrade, BACI or the Atlas of Economic "
                "Complexity, which are no part of PoliSEE. Values are summed over partners and to {digits} digits of "
                "one revision of one classification; revisions are never mixed. Goods not classified by kind, and coin "
                "and monetary gold, are left out."
            ).format(digits=trade.DIGITS),
            _(
                "Every exporter in the table counts, not only those of the area. Exporters below {exports} billion US "
                "dollars and products below {products} million in the world do not shape the scores; such countries "
                "get the mean complexity of what they export. The Atlas also sets a limit of population, which files "
                "of trade do not know. With fewer than {few} exporters loaded, quotients say little about the world."
            ).format(
                exports=short(trade.LEAST_EXPORTS / BILLION),
                products=short(trade.LEAST_WORLD_TRADE / MILLION),
                few=trade.FEW,
            ),
        ),
        (),
        _(
            "Limit for countries: Hausmann, R., Hidalgo, C. and others (2014), The Atlas of Economic Complexity; the "
            "others are our own choice."
        ),
    )


def _tables() -> Method:
    return Method(
        "tables",
        _("Input–output tables"),
        (
            _(
                "The table says which industry supplies which. Technical coefficients are inputs for one unit of "
                "output; the Leontief inverse adds up all rounds of suppliers behind one unit of final demand, the "
                "Ghosh inverse all rounds of buyers ahead of one unit of value added."
            ),
            _(
                "Before a table is stored, output must meet supply and use in every industry; differences are shown in "
                "the list of tables, and too large ones stop the load. In national tables with imports among their "
                "uses, every user of a product is assumed to buy the same share of it at home, and exports to be made "
                "at home. Industries without output have no figures. Negative final use and negative value added are "
                "kept and told. In inter-country tables value added is output less all inputs, so that taxes on inputs "
                "count with it."
            ),
        ),
        (
            "A = Z diag(x)^{−1},   L = (I − A)^{−1},   x = L f",
            "B = diag(x)^{−1} Z,   G = (I − B)^{−1}",
        ),
        _(
            "Miller, R. and Blair, P. (2009), Input-Output Analysis: Foundations and Extensions, Cambridge University "
            "Press; Ghosh, A. (1958), Input-output approach in an allocation system, Economica 25."
        ),
    )


def _multipliers() -> Method:
    return Method(
        "multipliers",
        _("Multipliers"),
        (
            _(
                "How much output, value added or employment one unit of final demand for an industry needs in its own "
                "country, suppliers included. What households spend of their new income is not fed back (type I). Jobs "
                "are given only where they are known; their year stands beside them when it is not that of the table."
            ),
        ),
        ("m_{j} = Σ_{i} w_{i} L_{ij},   w_{i} = 1,  v_{i} / x_{i}  or  jobs_{i} / x_{i}",),
        _("Miller, R. and Blair, P. (2009), Input-Output Analysis, chapter 6."),
    )


def _linkages() -> Method:
    return Method(
        "linkages",
        _("Linkages, key sectors, extraction"),
        (
            _(
                "The backward linkage of an industry is its column sum of the Leontief inverse, the forward linkage "
                "its row sum of the Ghosh inverse, each divided by the mean of the country's industries. Above 1 in "
                "both is a key sector. Hypothetical extraction says what part of the country's output would be lost if "
                "the industry bought and sold nothing any more, its final sales included."
            ),
            _(
                "Heat maps show the share of each supplier in the inputs of the buyer; of tables with more than {rows} "
                "industries the largest, and the others together."
            ).format(rows=value_chain.HEAT_MAP),
        ),
        ("b_{j} = n Σ_{i} L_{ij} / Σ_{ik} L_{ik},   f_{i} = n Σ_{j} G_{ij} / Σ_{kj} G_{kj}",),
        _(
            "Rasmussen, P. (1956), Studies in Inter-Sectoral Relations; Dietzenbacher, E. and Lahr, M. (2013), "
            "Expanding extractions, Economic Systems Research 25(3)."
        ),
    )


def _positions() -> Method:
    return Method(
        "positions",
        _("Upstreamness and downstreamness"),
        (
            _(
                "Upstreamness is the mean number of stages between the output of an industry and final use: 1 when all "
                "of it goes to final users, more when it feeds long chains. Downstreamness is the mean number of "
                "stages behind the output: 1 when it needs no inputs from industries."
            ),
            _(
                "In national tables exports count as being used abroad the way the product is used at home, and "
                "imported inputs as having no stages behind them. Changes in inventories count as final use. Where "
                "final use would be negative, or value added is not positive, the figure is marked as doubtful. Means "
                "of countries are weighted with value added (up) and final use (down)."
            ),
        ),
        ("U = (I − B)^{−1} 1,   D = (I − A^{T})^{−1} 1",),
        _(
            "Antràs, P., Chor, D., Fally, T. and Hillberry, R. (2012), Measuring the upstreamness of production and "
            "trade flows, American Economic Review 102(3); Fally, T. (2012), Production staging; Antràs, P. and Chor, "
            "D. (2018), On the measurement of upstreamness and downstreamness in global value chains."
        ),
    )


def _participation() -> Method:
    return Method(
        "participation",
        _("Value added in trade and participation"),
        (
            _(
                "Gross exports hold value added of many countries. Backward participation is the foreign part of a "
                "country's exports; forward participation is its own value added in the exports of others, over its "
                "exports. The position index is above 0 nearer the source and below 0 nearer final use."
            ),
            _(
                "Industries are looked at from the side of production: forward is the part of their value added that "
                "leaves the country in inputs, backward the part of the value of their final products that crossed a "
                "border in inputs."
            ),
            _(
                "Countries that a table does not show by themselves are part of its rest of the world. In FIGARO and "
                "ICIO the Western Balkans are; for them national tables, trade and employment are used."
            ),
        ),
        (
            "FC_{s} = Σ_{t≠s} v_{t} L_{ts} e_{s},   DVX_{s} = Σ_{t≠s} v_{s} L_{st} e_{t}",
            "b = FC_{s} / E_{s},   f = DVX_{s} / E_{s},   p = ln(1 + f) − ln(1 + b)",
        ),
        _(
            "Hummels, D., Ishii, J. and Yi, K.-M. (2001), Journal of International Economics 54(1); Koopman, R., "
            "Powers, W., Wang, Z. and Wei, S.-J. (2010), NBER Working Paper 16426; industries: Wang, Z., Wei, S.-J., "
            "Yu, X. and Zhu, K. (2017), NBER Working Paper 23222."
        ),
    )


def _decomposition() -> Method:
    return Method(
        "decomposition",
        _("What exports are made of"),
        (
            _(
                "Value that crosses a border twice stands in gross exports twice. Exports are split so that each part "
                "is counted once, at the border of the exporting country: domestic value added (DVA) and its double "
                "counting (DDC), foreign value added (FVA) and its double counting (FDC). Of the methods in use, that "
                "of Borin and Mancini is the one whose parts add up to gross exports for each flow without a rest. "
                "Others draw the line between foreign value added and double counting elsewhere, so the name of the "
                "method stands beside the figures."
            ),
            _(
                "What the direct importer absorbs itself (DAVAX) crosses one border; all the rest takes part in global "
                "value chains (GVC). Domestic value added that others absorb in the end is VAX, what comes home again "
                "is REF."
            ),
        ),
        (
            "H_{s} = (I − A_{ss})^{−1},   DVA_{s} = v_{s} H_{s} e_{s},   DDC_{s} = v_{s} L_{ss} e_{s} − DVA_{s}",
            "FVA_{s} = Σ_{t≠s} v_{t} L_{ts} L_{ss}^{−1} H_{s} e_{s},   FDC_{s} = FC_{s} − FVA_{s}",
            "DAVAX_{s} = Σ_{r≠s} v_{s} H_{s} (Y_{sr} + A_{sr} H_{r} Y_{rr}),   GVC_{s} = E_{s} − DAVAX_{s}",
            "VAX_{s} = Σ_{r≠s} v_{s} (L Y)_{sr},   REF_{s} = DVA_{s} − VAX_{s}",
        ),
        _(
            "Borin, A. and Mancini, M. (2019), Measuring what matters in global value chains and value-added trade, "
            "World Bank Policy Research Working Paper 8804; Borin, A. and Mancini, M. (2023), Economic Systems "
            "Research 35(4); Johnson, R. and Noguera, G. (2012), Journal of International Economics 86(2)."
        ),
    )


def _smile() -> Method:
    return Method(
        "smile",
        _("Smile curve"),
        (
            _(
                "Industries of the chain of one final product, by their distance from it in stages and by their value "
                "added as a share of output; the size is the value that they add to the chain. Industries with at "
                "least {least} of that value are shown. A quadratic is fitted, weighted with the value, with its "
                "{confidence} band. It is called a smile only when both of its ends point upwards."
            ).format(
                least=percent(default(value_chain.smile, "minimum"), 1),
                confidence=percent(default(value_chain.smile, "confidence")),
            ),
        ),
        ("d_{ik} = (L L)_{ik} / L_{ik},   v_{i} = a + b d_{ik} + c d_{ik}^{2} + e_{i},   c > 0",),
        _(
            "Meng, B., Ye, M. and Wei, S.-J. (2020), Measuring smile curves in global value chains, Oxford Bulletin of "
            "Economics and Statistics 82(5)."
        ),
    )


def _shock() -> Method:
    return Method(
        "shock",
        _("Shocks and what-if"),
        (
            _(
                "A change of final demand is traced through all suppliers, round by round, to output, value added and "
                "jobs; the first {rounds} rounds are shown one by one. A lost supplier is a partial extraction of its "
                "deliveries: buyers go on with inputs from outside the table, so that what shows is the loss of the "
                "supplier and of those who supply it. The reading from the supply side (Ghosh), in which the buyers "
                "shrink too, is contested and an upper bound."
            ).format(rounds=shocks.ROUNDS),
            _(
                "Held fixed are inputs, value added and jobs per unit of output, prices, and the structure of the "
                "table's year. Producers have capacity to spare, and households do not change what they buy. It is a "
                "what-if, no forecast."
            ),
        ),
        ("Δx = L Δf = (I + A + A^{2} + …) Δf,   Δv = diag(v) Δx", "Δx^{T} = Δv^{T} G"),
        _(
            "Miller, R. and Blair, P. (2009), Input-Output Analysis, chapters 2, 12 and 14; Oosterhaven, J. (1988), On "
            "the plausibility of the supply-driven input-output model, Journal of Regional Science 28(2)."
        ),
    )
