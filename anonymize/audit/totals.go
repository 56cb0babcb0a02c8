package audit

import (
	"fmt"
	"math"
	"strings"

	"github.com/entscope/entscope/anonymize/edition"
)

// figure names what a figure of the report is about: a measure of a population in one
// group of one grouping, such as L2.never, all_accounts, level, college.
type figure struct{ measure, population, grouping, group string }

// whole is the figure of the whole population that a group's is a part of.
func (f figure) whole() figure { return figure{f.measure, f.population, "all", ""} }

// figure names a result; it is only one when the result is of at most one group.
func (r result) figure() (figure, bool) {
	f := figure{r.Indicator + "." + r.Measure, r.Population, "all", ""}
	for grouping, group := range r.Group {
		f.grouping, f.group = grouping, group
	}
	return f, len(r.Group) <= 1
}

// total is a numerator and a denominator summed over clusters. persons are distinct: the
// families, where these are counted.
type total struct {
	persons, numerator, denominator, schools int64
	// squares is the sum of the squares of what each person brings to the numerator, top
	// the most that one cluster has of it: of a school's page 0, as it is of one school.
	squares, top int64
}

// carried reports whether the largest contributors to a numerator are known too well:
// nobody brings more than the root of the sum of squares, no two more than that of twice
// the sum, and no cluster more than it has (INSEE's rules of dominance).
func (t total) carried(r rules) bool {
	x := float64(t.numerator)
	largest, two := math.Min(math.Sqrt(float64(t.squares)), x), math.Min(math.Sqrt(2*float64(t.squares)), x)
	share := r.Magnitude.Dominance / 100
	return x > 0 && t.squares > 0 &&
		(largest > share*x || x-two < r.Magnitude.PPercent/100*largest || float64(t.top) > share*x)
}

// counted are the distinct persons of a row of cells.
func counted(population string, persons, families int64) int64 {
	if population == edition.PopFamilies {
		return families
	}
	return persons
}

// ofSchool is the total of one row of a school.
func ofSchool(r edition.SchoolRow) total {
	return total{persons: counted(r.Population, r.Persons, r.Families), numerator: r.Numerator, denominator: r.Denom,
		schools: 1, squares: r.SumXX}
}

// totals are what the research edition holds of each figure: its cells, added up, and
// the bands of its person table.
type totals map[figure]total

// totals reads them; nil when the research edition was not given.
func (p *publication) totals() (totals, error) {
	for _, f := range p.editions {
		if f.manifest.Kind != edition.KindResearch {
			continue
		}
		out := totals{}
		if err := out.addSums(f.content[edition.TableSums+".parquet"]); err != nil {
			return nil, err
		}
		return out, out.addBands(f.content[edition.TableParents+".parquet"])
	}
	return nil, nil
}

func (t totals) addSums(data []byte) error {
	if err := eachRowOf(data, func(r edition.SumRow) {
		t.add(figure{r.Measure, r.Population, r.Grouping, r.Group}, total{
			persons: counted(r.Population, r.Persons, r.Families), numerator: r.Numerator, denominator: r.Denom,
			schools: int64(r.Schools), squares: r.SumXX, top: r.Numerator})
	}); err != nil {
		return fmt.Errorf("audit: sums: %w", err)
	}
	return nil
}

func (t totals) add(f figure, x total) { t[f] = t[f].plus(x) }

func (t total) plus(x total) total {
	return total{t.persons + x.persons, t.numerator + x.numerator, t.denominator + x.denominator,
		t.schools + x.schools, t.squares + x.squares, max(t.top, x.top)}
}

// addBands counts the persons of each band of visits, of all and of those who came.
func (t totals) addBands(data []byte) error {
	if data == nil {
		return nil
	}
	never := bands["visits"][0]
	if err := eachRowOf(data, func(r edition.ParentRow) {
		for grouping, group := range map[string]string{"all": "", "level": r.Level, "ips_band": r.IPSBand, "ep": r.EP} {
			for _, band := range bands["visits"] {
				x := total{persons: 1, denominator: 1}
				if r.Visits == band {
					x.numerator = 1
				}
				of := figure{"L1.class_" + strings.ReplaceAll(band, " ", "-"), "all_accounts", grouping, group}
				t.add(of, x)
				if band == never {
					of.measure = "L1.never_share"
					t.add(of, x)
				} else if r.Visits != never {
					of.population = "active_accounts"
					t.add(of, x)
				}
			}
		}
	}); err != nil {
		return fmt.Errorf("audit: parents: %w", err)
	}
	return nil
}
