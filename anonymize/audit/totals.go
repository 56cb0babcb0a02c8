package audit

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"

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

// totals are what the research edition holds of each figure: its cells, added up, its life
// tables, and the bands of its person table.
type totals map[figure]total

// totals reads them, once; nil when the research edition was not given.
func (p *publication) totals() (totals, error) {
	if p.told == nil {
		p.told = sync.OnceValues(p.readTotals)
	}
	return p.told()
}

func (p *publication) readTotals() (totals, error) {
	for _, f := range p.editions {
		if f.manifest.Kind != edition.KindResearch {
			continue
		}
		out := totals{}
		if err := out.addSums(f.content[edition.TableSums+".parquet"], p.recipes); err != nil {
			return nil, err
		}
		if err := out.addLives(f.content[edition.TableTimes+".parquet"], p.recipes); err != nil {
			return nil, err
		}
		return out, out.addBands(f.content[edition.TableParents+".parquet"])
	}
	return nil, nil
}

// addSums adds the cells of the sums, and of those that a recipe reads the spread of, who has so
// much.
func (t totals) addSums(data []byte, recipes map[string]Recipe) error {
	spread := map[string][]Recipe{}
	for _, name := range sortedKeys(recipes) {
		if r := recipes[name]; r.Estimator == "at_least" && len(r.Sources) == 1 &&
			!slices.ContainsFunc(spread[r.Sources[0]], func(o Recipe) bool { return o.At == r.At }) {
			spread[r.Sources[0]] = append(spread[r.Sources[0]], r)
		}
	}
	if err := eachRowOf(data, func(r edition.SumRow) {
		for _, recipe := range spread[r.Measure] {
			x := total{persons: counted(r.Population, r.Persons, r.Families), schools: int64(r.Schools)}
			for i, n := range binsOf(r) {
				x.denominator += n
				if edition.HistogramEdges[i] >= int64(recipe.At) {
					x.numerator += n
				}
			}
			t.add(figure{atLeast(recipe), r.Population, r.Grouping, r.Group}, x)
		}
		t.add(figure{r.Measure, r.Population, r.Grouping, r.Group}, total{
			persons: counted(r.Population, r.Persons, r.Families), numerator: r.Numerator, denominator: r.Denom,
			schools: int64(r.Schools), squares: r.SumXX, top: r.Numerator})
	}); err != nil {
		return fmt.Errorf("audit: sums: %w", err)
	}
	return nil
}

func binsOf(r edition.SumRow) [16]int64 {
	return [16]int64{r.H00, r.H01, r.H02, r.H03, r.H04, r.H05, r.H06, r.H07, r.H08, r.H09, r.H10, r.H11, r.H12, r.H13,
		r.H14, r.H15}
}

// addLives adds what is read on life tables: of each cluster its persons, the units that it
// begins with and those that have their event by the time that the recipe names, or ever.
func (t totals) addLives(data []byte, recipes map[string]Recipe) error {
	if data == nil {
		return nil
	}
	read := map[string][]Recipe{}
	for _, name := range sortedKeys(recipes) {
		if r := recipes[name]; r.Estimator == "life" || r.Estimator == "life_quantile" {
			read[r.Curve] = append(read[r.Curve], r)
		}
	}
	type cluster struct {
		of figure
		id int32
	}
	first := map[cluster]edition.TimeRow{}
	err := eachRowOf(data, func(r edition.TimeRow) {
		of := figure{r.Curve, "", r.Grouping, r.Group}
		if begun, there := first[cluster{of, r.Cluster}]; !there || r.Bin < begun.Bin {
			first[cluster{of, r.Cluster}] = r
		}
		curve, _ := edition.FindCurve(r.Curve)
		for _, recipe := range read[r.Curve] {
			of.measure = recipe.Question + "." + recipe.Measure
			if recipe.Estimator == "life_quantile" || int(r.Bin) < recipe.bins(curve) {
				t.add(of, total{numerator: r.Events})
			}
		}
	})
	for at, r := range first {
		for _, recipe := range read[r.Curve] {
			at.of.measure = recipe.Question + "." + recipe.Measure
			t.add(at.of, total{persons: r.Persons, denominator: r.AtRisk, schools: int64(r.Schools)})
		}
	}
	if err != nil {
		return fmt.Errorf("audit: times: %w", err)
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
