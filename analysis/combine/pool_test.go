package combine

import (
	"bytes"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"testing"

	"pgregory.net/rapid"

	"github.com/entscope/entscope/anonymize/edition"
)

// totals are the sums of the numbers of all cells, over clusters, and how many clusters there are.
type totals map[string]int64

func (t totals) plus(u totals) totals {
	out := maps.Clone(t)
	for key, n := range u {
		out[key] += n
	}
	return out
}

// read gives the totals of an edition; those of ranks only where they are asked for.
func read(t *testing.T, dir string, ranks bool) totals {
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	out, clusters := totals{}, map[int32]bool{}
	for row, err := range edition.Rows[edition.SumRow](root, edition.TableSums) {
		if err != nil {
			t.Fatal(err)
		}
		if m, _ := edition.FindMeasure(row.Measure); m.Ranked && !ranks {
			continue
		}
		clusters[row.Cluster] = true
		key := fmt.Sprint("sums ", row.Grouping, "=", row.Group, " ", row.Measure, " ", row.Population, " ")
		for name, n := range map[string]int64{"schools": int64(row.Schools), "persons": row.Persons, "families": row.Families,
			"x": row.Numerator, "y": row.Denom, "xx": row.SumXX, "xy": row.SumXY, "yy": row.SumYY, "h00": row.H00,
			"h15": row.H15} {
			out[key+name] += n
		}
	}
	for row, err := range edition.Rows[edition.TimeRow](root, edition.TableTimes) {
		if err != nil {
			t.Fatal(err)
		}
		clusters[row.Cluster] = true
		key := fmt.Sprint("times ", row.Curve, row.Grouping, row.Group, row.Bin)
		out[key+" at risk"] += row.AtRisk
		out[key+" events"] += row.Events
		out[key+" censored"] += row.Censored
	}
	for row, err := range edition.Rows[edition.WeekRow](root, edition.TableWeeks) {
		if err != nil {
			t.Fatal(err)
		}
		clusters[row.Cluster] = true
		out[fmt.Sprint("weeks ", row.Level, row.WeekDay, row.Profile, row.Service)] += row.Visits
	}
	for row, err := range edition.Rows[edition.CoverageRow](root, edition.TableCoverage) {
		if err != nil {
			t.Fatal(err)
		}
		out[fmt.Sprint("coverage ", row.Feed, row.Level, row.WeekDay)] += int64(row.Reporting)
	}
	out["clusters"] = int64(len(clusters))
	return out
}

// drawn are the cells of an edition; its clusters have numbers that those of another may have too.
func drawn(t *rapid.T) cells {
	var c cells
	for cluster := range rapid.SliceOfNDistinct(rapid.Int32Range(0, 9), 1, 5, rapid.ID).Draw(t, "clusters") {
		id := int32(cluster * 3)
		for _, measure := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"L2.never", "L1.visits_per_week",
			"F5.rank", "F5.top_tenth"}), 0, 4, rapid.ID).Draw(t, "measures") {
			for _, group := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"college", "ecole", "lycee"}), 0, 3,
				rapid.ID).Draw(t, "groups") {
				n := rapid.Int64Range(28, 1<<40)
				c.sums = append(c.sums, edition.SumRow{Grouping: "level", Group: group, Cluster: id, Schools: 1,
					Measure: measure, Population: "all_accounts", Persons: n.Draw(t, "persons"), Families: n.Draw(t, "families"),
					Numerator: n.Draw(t, "x"), Denom: n.Draw(t, "y"), SumXX: n.Draw(t, "xx"), SumXY: n.Draw(t, "xy"),
					SumYY: n.Draw(t, "yy"), H00: n.Draw(t, "h00"), H15: n.Draw(t, "h15")})
			}
		}
		for bin := range rapid.Int32Range(0, 3).Draw(t, "bins") {
			c.times = append(c.times, edition.TimeRow{Curve: "D3.first_login", Grouping: "all", Cluster: id, Bin: bin,
				AtRisk: rapid.Int64Range(0, 99).Draw(t, "risk"), Events: rapid.Int64Range(0, 9).Draw(t, "events")})
		}
		c.weeks = append(c.weeks, edition.WeekRow{Level: "college", Cluster: id, WeekDay: 20000, Profile: 3, Service: -1,
			Visits: rapid.Int64Range(0, 99).Draw(t, "visits")})
	}
	c.coverage = []edition.CoverageRow{{Feed: "neo", Level: "college", WeekDay: 20000,
		Reporting: rapid.Int32Range(0, 9).Draw(t, "reporting")}}
	return c
}

var draws = flag.Int("draws", 3, "times that three editions are drawn and combined")

// Pooling is associative and commutative: the sums are those of what the editions carry, however they are put
// together, and the same editions in any order are the same bytes. No two clusters become one.
func TestPoolAdds(t *testing.T) {
	of := rapid.Custom(drawn)
	for draw := range *draws {
		dir := t.TempDir()
		var parts []*Part
		var alone []totals
		for n := range 3 {
			folder := filepath.Join(dir, fmt.Sprint("part", n))
			p, err := write(folder, manifest(n), of.Example(3*draw+n), nil)
			if err != nil {
				t.Fatal(err)
			}
			parts, alone = append(parts, p), append(alone, read(t, folder, false))
		}
		pool := func(name string, parts ...*Part) totals {
			if err := Pool(unsynced, filepath.Join(dir, name), "national", parts, nil); err != nil {
				t.Fatal(err)
			}
			return read(t, filepath.Join(dir, name), true)
		}
		a, b, c := parts[0], parts[1], parts[2]
		all := pool("abc", a, b, c)
		for name, got := range map[string]totals{
			"its parts": alone[0].plus(alone[1]).plus(alone[2]), "(a, b), c": pool("ab", a, b).plus(alone[2]),
			"a, (b, c)": alone[0].plus(pool("bc", b, c)),
		} {
			for key, n := range got {
				if all[key] != n {
					t.Errorf("draw %d: %s: %s is %d, of the whole %d", draw, name, key, n, all[key])
				}
			}
		}
		pool("cab", c, a, b)
		for _, name := range []string{"manifest.json", "sums.parquet", "times.parquet", "weeks.parquet", "coverage.parquet"} {
			first, one := os.ReadFile(filepath.Join(dir, "abc", name))
			second, other := os.ReadFile(filepath.Join(dir, "cab", name))
			if one != nil || other != nil || !bytes.Equal(first, second) {
				t.Errorf("draw %d: %s depends on the order of the editions", draw, name)
			}
		}
	}
}

// A hidden cell is in no sum, and nothing else is missing.
func TestPoolHides(t *testing.T) {
	dir := t.TempDir()
	var parts []*Part
	for n := 1; n <= 3; n++ {
		p, err := write(filepath.Join(dir, fmt.Sprint(n)), manifest(n), some("Nancy", 7), nil)
		if err != nil {
			t.Fatal(err)
		}
		parts = append(parts, p)
	}
	hidden := map[*Part]map[Cell]bool{parts[1]: {
		{"L2.never", "all_accounts", "all", ""}: true, {"D3.first_login", "", "all", ""}: true,
	}}
	if err := Pool(unsynced, filepath.Join(dir, "out"), "national", parts, hidden); err != nil {
		t.Fatal(err)
	}
	got := read(t, filepath.Join(dir, "out"), true)
	for key, want := range map[string]int64{
		"sums all= L2.never all_accounts persons": 100, "sums territory=Nancy L2.never all_accounts persons": 150,
		"times D3.first_loginall0 at risk": 100, "clusters": 3,
	} {
		if got[key] != want {
			t.Errorf("%s: %d, want %d", key, got[key], want)
		}
	}
	m, err := edition.ReadDir(filepath.Join(dir, "out"))
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Combined) != 3 || m.Combined[0].Name != "region-1" || m.Combined[0].Clusters != 1 ||
		m.Population.Persons != 300 || len(m.Notes) != 2 {
		t.Errorf("manifest %+v", m)
	}
}
