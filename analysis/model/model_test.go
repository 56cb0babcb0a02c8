package model

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/analysis/stats"
	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/engine"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// never is how many of 100 parents of a school never signed in, by level and band.
func never(level, band, school int) int64 { return int64(40 - 6*level - 5*band + school*school%9) }

// small writes an edition of 6 strata of 6 schools, with life tables by band and a person
// table.
func small(t *testing.T) *query.Edition {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "research")
	w, err := edition.NewWriter(dir)
	if err != nil {
		t.Fatal(err)
	}
	var sums []edition.SumRow
	var times []edition.TimeRow
	var parents []edition.ParentRow
	cluster := int32(0)
	for l, level := range []string{"college", "lycee"} {
		for band := 1; band <= 3; band++ {
			for s := range 6 {
				cluster++
				n := never(l, band, s)
				sums = append(sums, edition.SumRow{Grouping: "stratum", Group: fmt.Sprintf("%s %d", level, band),
					Cluster: cluster, Schools: 1, Measure: "L2.never", Population: "all_accounts", Persons: 100,
					Families: 90, Numerator: n, Denom: 100, SumXX: n, SumXY: n, SumYY: 100, H00: 100 - n, H01: n})
				visits := edition.SumRow{Grouping: "stratum", Group: fmt.Sprintf("%s %d", level, band),
					Cluster: cluster, Schools: 1, Measure: "L1.visits_per_week", Population: "all_accounts",
					Persons: 100, Families: 90, Numerator: 300 + 40*int64(band) + int64(7*s), Denom: 1000,
					SumXX: 4000, SumXY: 3000, SumYY: 10000,
					H00: n, H01: 20, H03: 20 + int64(s), H05: 10, H07: 50 - n - int64(s)}
				sums = append(sums, visits)
				for bin := range int32(3) {
					times = append(times, edition.TimeRow{Curve: "D3.first_login", Grouping: "ips_band",
						Group: fmt.Sprint(band), Cluster: cluster, Schools: 1, Bin: bin, Persons: 100,
						AtRisk: int64(100 - 20*bin), Events: int64(5 + 2*band + s%4), Censored: 1})
				}
				for i := range 40 {
					p := edition.ParentRow{Cluster: fmt.Sprint("c", cluster), Level: level, IPSBand: fmt.Sprint(band),
						Visits: "0-never", Accompanied: "no"}
					if (i*i+s)%7 > band {
						p.Visits = "3-weekly"
					}
					if i%5 == 0 {
						p.Accompanied = "yes"
					}
					if i == 7 && s == 1 {
						p.Accompanied = "unknown"
					}
					parents = append(parents, p)
				}
			}
		}
	}
	// a stratum below the threshold
	sums = append(sums, edition.SumRow{Grouping: "stratum", Group: "ecole 1", Cluster: 99, Schools: 1,
		Measure: "L2.never", Population: "all_accounts", Persons: 12, Families: 12, Numerator: 3, Denom: 12})
	if err := errors.Join(
		edition.WriteTable(w, edition.TableSums, sums, nil),
		edition.WriteTable(w, edition.TableTimes, times, nil),
		edition.WriteTable(w, edition.TableParents, parents, nil),
		w.Commit(&edition.Manifest{Kind: "research",
			Thresholds:   edition.Thresholds{CellPersons: 20, ClusterOf: 3},
			Perturbation: edition.Perturbation{Variance: 2, Step: 0.2}}),
	); err != nil {
		t.Fatal(err)
	}
	ed, err := query.Open(context.Background(), dir, engine.Config{MemoryMB: 128, Threads: 2, TempDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ed.Close() })
	return ed
}

func fit(t *testing.T, ed *query.Edition, text string, o Options) *Report {
	t.Helper()
	f, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	r, err := Fit(context.Background(), ed, f, o)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	r.Edition = "research"
	return r
}

// The coefficients are those of the design written by hand.
func TestCellsByHand(t *testing.T) {
	r := fit(t, small(t), "never ~ level + ips_band", Options{})
	var x, n []float64
	var design [][]float64
	var cluster []int
	for l := range 2 {
		for band := 1; band <= 3; band++ {
			for s := range 6 {
				row := []float64{1, float64(l), 0, 0}
				if band > 1 {
					row[band] = 1
				}
				x, n, design = append(x, float64(never(l, band, s))), append(n, 100), append(design, row)
				cluster = append(cluster, len(cluster))
			}
		}
	}
	want := stats.Binomial(x, n, design, stats.BinomialOptions{Cluster: cluster, Variance: stats.CR3})
	if len(r.Coefficients) != 4 {
		t.Fatalf("%d coefficients", len(r.Coefficients))
	}
	for j, c := range r.Coefficients {
		if math.Abs(*c.Interval.Value-want.Coef[j]) > 1e-9 || math.Abs(*c.SE-want.SE[j]) > 1e-9 {
			t.Errorf("%s: %v ± %v, want %v ± %v", c.Term, *c.Interval.Value, *c.SE, want.Coef[j], want.SE[j])
		}
	}
	if r.Persons != 3600 || r.Clusters != 36 {
		t.Errorf("%d persons in %d clusters: those below the threshold are in", r.Persons, r.Clusters)
	}
	notes := strings.Join(r.Notes, "\n")
	if !strings.Contains(notes, "combinations of fewer than 20 persons, left out: 1") {
		t.Error(notes)
	}
}

// The model with all interactions gives each stratum its own share back.
func TestMeansOfASaturatedModel(t *testing.T) {
	r := fit(t, small(t), "never ~ level * ips_band", Options{})
	for _, m := range r.Means {
		want, k := 0.0, 0.0
		for l, level := range []string{"college", "lycee"} {
			for band := 1; band <= 3; band++ {
				if m.Value != level && m.Value != fmt.Sprint(band) {
					continue
				}
				for s := range 6 {
					want, k = want+float64(never(l, band, s))/100, k+1
				}
			}
		}
		if math.Abs(*m.Interval.Value-want/k) > 1e-9 {
			t.Errorf("%s %s: %v, want %v", m.Factor, m.Value, *m.Interval.Value, want/k)
		}
	}
}

func TestGolden(t *testing.T) {
	ed := small(t)
	var got bytes.Buffer
	for _, c := range []struct {
		formula, format string
		o               Options
	}{
		{"never ~ level * trend(ips_band)", "table", Options{}},
		{"never ~ level + ips_band", "csv",
			Options{Errors: "jackknife", Reference: map[string]string{"level": "lycee"}}},
		{"visits_per_week ~ level + ips_band", "table", Options{Family: NB}},
		{"visits_per_week ~ trend(ips_band) + level", "json", Options{}},
		{"D3.first_login ~ ips_band", "table", Options{}},
		{"D3.first_login ~ ips_band", "table", Options{Errors: "two-way"}},
		{"visits >= 3-weekly ~ accompanied + ips_band", "table", Options{Errors: "CR2"}},
		{"never ~ level + ips_band", "svg", Options{}},
	} {
		fmt.Fprintf(&got, "### %s %s %+v\n", c.formula, c.format, c.o)
		if err := fit(t, ed, c.formula, c.o).Write(&got, c.format); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join("testdata", "reports.txt")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, got.Bytes()) {
		t.Errorf("the reports differ from %s; look at them with -update", file)
	}
}

func TestAskedWrong(t *testing.T) {
	ed := small(t)
	for text, want := range map[string]string{
		"nevr ~ level":              `"nevr" is not known; did you mean "never"?`,
		"never ~ levle":             `did you mean "level"?`,
		"never ~ level + ep":        "the cells cross level and ips_band alone",
		"never ~ month":             "a school has several values of month",
		"never ~ device":            "a school has several values of device",
		"visits ~ level":            `or "visits = VALUE"`,
		"evening ~ level":           "say the value whose share is explained",
		"visits = 9 ~ level":        `"9" is not one of 0-never, 3-weekly`,
		"visits = 0-never ~ visits": "the response explains itself",
		"never = 1 ~ level":         "only a column of the person table is compared",
		"first_login ~ level":       "write the whole name",
		"weekly ~ level":            "nothing to fit",
	} {
		f, err := Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if _, err = Fit(context.Background(), ed, f, Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
	for want, o := range map[string]Options{
		"takes family binomial or linear, not nb": {Family: NB},
		`"normal" is not one of`:                  {Family: "normal"},
		`"CR4" is not one of`:                     {Errors: "CR4"},
		"two-way errors are by cluster and bin":   {Errors: "two-way"},
		`"pupils" is not one of`:                  {Population: "pupils"},
		"the formula has no such factor":          {Reference: map[string]string{"ep": "REP"}},
		`"prepa" is not known`:                    {Reference: map[string]string{"level": "prepa"}},
	} {
		f, err := Parse("never ~ level * ips_band")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Fit(context.Background(), ed, f, o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want %q", o, err, want)
		}
	}
}
