package microdata

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/entscope/entscope/anonymize/audit"
	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/engine"
	"github.com/entscope/entscope/anonymize/kanon"
)

// promise is one model of a policy and how plain SQL finds that it is broken: the
// query gives the classes that break it, at a slack of 1e-9.
type promise struct {
	name, policy, broken string
}

// The distributions that every promise is checked on, counted on distinct tags,
// which are the persons: c of v and n in a class, big_c and big_n in the released
// table, sum_c and big_s their sums over the values.
const distributions = `
CREATE OR REPLACE TEMP VIEW cells AS SELECT a, b, %[1]s AS v, COUNT(DISTINCT tag) AS c
FROM released GROUP BY a, b, %[1]s;
CREATE OR REPLACE TEMP VIEW classes AS SELECT a, b, COUNT(DISTINCT tag) AS n FROM released GROUP BY a, b;
CREATE OR REPLACE TEMP VIEW totals AS SELECT %[1]s AS v, COUNT(DISTINCT tag) AS big_c FROM released GROUP BY %[1]s;
CREATE OR REPLACE TEMP TABLE grid AS
SELECT classes.a, classes.b, totals.v, n, big_c, COALESCE(c, 0) AS c,
	(SELECT SUM(c) FROM cells WHERE cells.a = classes.a AND cells.b = classes.b) AS sum_c,
	(SELECT SUM(big_c) FROM totals) AS big_s, (SELECT COUNT(DISTINCT tag) FROM released) AS big_n
FROM classes CROSS JOIN totals LEFT JOIN cells ON cells.a = classes.a AND cells.b = classes.b AND cells.v = totals.v;
CREATE OR REPLACE TEMP VIEW shares AS
SELECT a, b, v, c, c * 1.0 / sum_c AS w, big_c * 1.0 / big_s AS big_w, c * 1.0 / n AS s, big_c * 1.0 / big_n AS share
FROM grid`

// perClass is a query for the classes of which an aggregate breaks its bound.
func perClass(aggregate, where string) string {
	return "SELECT COUNT(*) FROM (SELECT a, b FROM shares WHERE " + where + " GROUP BY a, b HAVING " + aggregate + ")"
}

// everyPromise is all models. The sensitive column is s, of texts, or n, of 0 to 4.
var everyPromise = []promise{
	{"distinct l", `name = "s"` + "\ndistinct_l = 2", perClass("COUNT(*) < 2", "c > 0")},
	{"entropy l", `name = "s"` + "\nentropy_l = 1.6", perClass("-SUM(w * LN(w)) < LN(1.6) - 1e-9", "c > 0")},
	{"recursive (c,l)", `name = "s"` + "\nrecursive = [2.0, 2]", `SELECT COUNT(*) FROM (
		SELECT a, b FROM (SELECT a, b, c, ROW_NUMBER() OVER (PARTITION BY a, b ORDER BY c DESC) AS r FROM grid)
		GROUP BY a, b HAVING MAX(c) >= 2.0 * SUM(CASE WHEN r >= 2 THEN c ELSE 0 END))`},
	{"equal t", `name = "s"` + "\nt = 0.35\ndistance = \"equal\"",
		perClass("SUM(ABS(w - big_w)) / 2 > 0.35 + 1e-9", "TRUE")},
	{"ordered t", `name = "n"` + "\nt = 0.3\ndistance = \"ordered\"\norder = [\"0\", \"1\", \"2\", \"3\", \"4\"]", `
		SELECT COUNT(*) FROM (SELECT a, b FROM (
			SELECT x.a, x.b, steps.step,
				SUM(CASE WHEN CAST(x.v AS INTEGER) <= steps.step THEN x.w - x.big_w ELSE 0 END) AS moved
			FROM shares x CROSS JOIN (SELECT 0 AS step UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3) steps
			GROUP BY x.a, x.b, steps.step) GROUP BY a, b HAVING SUM(ABS(moved)) / 4 > 0.3 + 1e-9)`},
	// On a tree whose leaves are equally deep the distance is a sum over its nodes:
	// half of |p − q| for each, divided by the height (here 2).
	{"hierarchical t", `name = "s"` + "\nt = 0.3\ndistance = \"hierarchical\"\nhierarchy = \"tree.csv\"", `
		SELECT COUNT(*) FROM (SELECT a, b FROM (
			SELECT a, b, ABS(SUM(w - big_w)) AS far FROM shares GROUP BY a, b, v
			UNION ALL SELECT a, b, ABS(SUM(w - big_w))
			FROM shares GROUP BY a, b, CASE WHEN v IN ('', '007') THEN 1 ELSE 2 END)
		GROUP BY a, b HAVING SUM(far) / 4 > 0.3 + 1e-9)`},
	{"beta", `name = "s"` + "\nbeta = 1.0", perClass("MAX(s / share - 1) > 1.0 + 1e-9", "TRUE")},
	{"enhanced beta", `name = "s"` + "\nbeta = 1.0\nenhanced = true",
		perClass("MAX(s / share - 1 - LEAST(1.0, -LN(share))) > 1e-9", "s > share + 1e-12")},
	{"one-sided beta", `name = "s"` + "\nbeta = 0.5\nrare = \"é\"",
		perClass("MAX(s / share - 1) > 0.5 + 1e-9", "v = 'é'")},
	{"delta", `name = "s"` + "\ndelta = 0.7", perClass("MAX(ABS(LN(s / share))) > 0.7 + 1e-9", "c > 0")},
	{"alpha", `name = "s"` + "\nalpha = 0.7", perClass("MAX(s) > 0.7 + 1e-9", "TRUE")},
}

// rowsTogether are what may be asked of the rows of a person, and the combinations of them
// that fewer persons than k have.
var rowsTogether = map[string]string{
	"known_rows = 2": `SELECT COUNT(*) FROM (SELECT x.a, x.b, y.a, y.b FROM released x JOIN released y ON x.tag = y.tag
		GROUP BY x.a, x.b, y.a, y.b HAVING COUNT(DISTINCT x.tag) < %d)`,
	"known_rows = 3": `SELECT COUNT(*) FROM (SELECT x.a, x.b, y.a, y.b, z.a, z.b FROM released x
		JOIN released y ON x.tag = y.tag JOIN released z ON x.tag = z.tag
		GROUP BY x.a, x.b, y.a, y.b, z.a, z.b HAVING COUNT(DISTINCT x.tag) < %d)`,
	"whole_profile = true": `SELECT COUNT(*) FROM (SELECT profile FROM (
		SELECT tag, STRING_AGG(DISTINCT a || '|' || b, ';' ORDER BY a || '|' || b) AS profile FROM released GROUP BY tag)
		GROUP BY profile HAVING COUNT(*) < %d)`,
}

// writePersons writes a CSV in which a person has one row or several, in any order,
// with missing and odd values. The tag repeats the person, so that SQL can count
// persons in what is released.
func writePersons(t *rapid.T, dir string) string {
	persons := rapid.IntRange(4, 40).Draw(t, "persons")
	lines := [][]string{{"a", "id", "n", "b", "s", "tag"}}
	for range rapid.IntRange(persons, 2*persons).Draw(t, "rows") {
		id := fmt.Sprint("é", rapid.IntRange(1, persons).Draw(t, "id"))
		lines = append(lines, []string{
			odd[rapid.IntRange(0, 3).Draw(t, "a")], id, fmt.Sprint(rapid.IntRange(0, 4).Draw(t, "n")),
			odd[rapid.IntRange(4, 6).Draw(t, "b")], odd[rapid.IntRange(0, 3).Draw(t, "s")], id,
		})
	}
	f, err := os.Create(filepath.Join(dir, "in.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := csv.NewWriter(f).WriteAll(lines); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "tree.csv"), []byte(";A;*\n007;A;*\n7;B;*\né;B;*\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return f.Name()
}

// sum weighs numbers by their place.
func sum(parts []int64) (s int64) {
	for _, p := range parts {
		s = 31*s + p
	}
	return s
}

func TestReleasedFileHoldsEveryModelOnPersons(t *testing.T) {
	e := openEngine(t)
	dir, n, met := t.TempDir(), 0, map[string]int{}
	rapid.Check(t, func(rt *rapid.T) {
		work := filepath.Join(dir, fmt.Sprint(n))
		if err := os.Mkdir(work, 0o700); err != nil {
			rt.Fatal(err)
		}
		asked := []promise{rapid.SampledFrom(everyPromise).Draw(rt, "model"),
			rapid.SampledFrom(everyPromise).Draw(rt, "also")}
		n++
		k, average := rapid.IntRange(2, 4).Draw(rt, "k"), rapid.SampledFrom([]float64{0, 0.3}).Draw(rt, "average")
		recoding := rapid.SampledFrom(recodings).Draw(rt, "recoding")
		together, among, raised := "", "", ""
		if recoding == "full-domain" {
			among = rapid.SampledFrom([]string{"", "k_map = 6", "delta_max = 0.7", "k_map = 4\ndelta_max = 1.0"}).Draw(rt,
				"among")
			together = rapid.SampledFrom([]string{"", "known_rows = 2", "known_rows = 3",
				"whole_profile = true"}).Draw(rt,
				"together")
		} else if rapid.Bool().Draw(rt, "non-minimal") {
			raised = "non_minimal = true"
		}
		text := fmt.Sprintf("person = \"id\"\nkeep = [\"tag\"]\nk = %d\nsuppression_limit = 0.5\nrecoding = %q\n%s\n%s\n",
			k, recoding, together, raised) +
			"[[quasi_identifier]]\nname = \"a\"\nhierarchy = { truncate = [1] }\n[[quasi_identifier]]\nname = \"b\"\n"
		if average > 0 {
			text = fmt.Sprintf("average_risk = %v\n", average) + text
		}
		for _, p := range asked {
			text += "[[sensitive]]\n" + p.policy + "\nmissing = \"category\"\nmay_be_absent = true\n"
		}
		if among != "" {
			writePopulation(rt, work)
			text += "[population]\nfile = \"all.csv\"\nperson = \"id\"\n" + among + "\n"
		}
		policy, out := filepath.Join(work, "policy.toml"), filepath.Join(work, "out")
		if err := os.WriteFile(policy, []byte(text), 0o600); err != nil {
			rt.Fatal(err)
		}
		input := writePersons(rt, work)
		r, err := Anonymize(context.Background(),
			Job{Input: input, Policy: policy, Out: out, Software: "entscope 0.1.0", Sealed: filepath.Join(work, "sealed.csv"),
				Draw:            func(parts ...int64) uint64 { return rand.NewPCG(uint64(n), uint64(sum(parts))).Uint64() },
				identifiersKept: true})
		if errors.Is(err, kanon.ErrUnsatisfiable) {
			if _, err := os.Stat(out); err == nil {
				rt.Fatal("refused, and yet something was written")
			}
			return
		}
		if err != nil {
			rt.Fatal(err)
		}
		if r.Rows == r.SuppressedRows {
			return
		}
		if r.NonMinimal {
			met["non_minimal"]++
		}
		if among != "" {
			met[among]++
		}
		recounted(rt, out, filepath.Join(work, "sealed.csv"), policy, t.TempDir())
		if err := e.Load(context.Background(), "released", []string{filepath.Join(out, "table.parquet")}); err != nil {
			rt.Fatal(err)
		}
		counts := numbers(t, e, `SELECT CAST(SUM(rows_in) AS BIGINT), COUNT(*), MIN(n) FROM (
			SELECT COUNT(*) AS rows_in, COUNT(DISTINCT tag) AS n FROM released GROUP BY a, b)`)[0]
		persons := numbers(t, e, "SELECT COUNT(DISTINCT tag) FROM released")[0][0]
		if int(counts[0]) != r.Rows-r.SuppressedRows || int(counts[1]) != r.Classes || int(counts[2]) != r.K ||
			r.K < k || int(persons) != r.Persons-r.SuppressedPersons {
			rt.Fatalf("rows, classes, k by SQL: %v, %v persons; said %d rows, %d classes, k = %d, %d persons", counts,
				persons, r.Rows-r.SuppressedRows, r.Classes, r.K, r.Persons-r.SuppressedPersons)
		}
		if average > 0 && counts[1]/persons > average+1e-9 {
			rt.Fatalf("the average risk by SQL is %v", counts[1]/persons)
		}
		if together != "" {
			met[together]++
			if broken := numbers(t, e, fmt.Sprintf(rowsTogether[together], k))[0][0]; broken != 0 {
				rt.Fatalf("%s: %v combinations of rows are of fewer than %d persons", together, broken, k)
			}
		}
		for _, p := range asked {
			execute(t, e, fmt.Sprintf(distributions, p.policy[strings.Index(p.policy, `"`)+1:][:1]))
			if broken := numbers(t, e, p.broken)[0][0]; broken != 0 || math.IsNaN(broken) {
				rt.Fatalf("%s, %s: %v classes break it", p.name, r.Recoding, broken)
			}
			met[p.name]++
		}
	})
	for _, p := range everyPromise {
		if met[p.name] == 0 {
			t.Errorf("%s: no random table met it: the test shows nothing", p.name)
		}
	}
	for _, among := range []string{"k_map = 6", "delta_max = 0.7", "non_minimal"} {
		if met[among] == 0 {
			t.Errorf("%s: no random table met it: the test shows nothing", among)
		}
	}
	for together := range rowsTogether {
		if met[together] == 0 {
			t.Errorf("%s: no random table met it: the test shows nothing", together)
		}
	}
	t.Log(n, "tables; met:", met)
}

// writePopulation writes the persons among whom those of writePersons are, and some more.
func writePopulation(rt *rapid.T, dir string) {
	lines := [][]string{{"a", "id", "b"}}
	for _, a := range odd[:4] {
		for _, b := range odd[4:7] {
			for range rapid.IntRange(0, 9).Draw(rt, "inhabitants") {
				lines = append(lines, []string{a, fmt.Sprint("é", len(lines)/2), b})
			}
		}
	}
	lines = append(lines, []string{odd[0], "é0", odd[4]}) // somebody
	f, err := os.Create(filepath.Join(dir, "all.csv"))
	if err != nil {
		rt.Fatal(err)
	}
	defer f.Close()
	if err := csv.NewWriter(f).WriteAll(lines); err != nil {
		rt.Fatal(err)
	}
}

// tablePolicy is a policy as the command hands it to the audit.
func tablePolicy(path, dir string) (*audit.TablePolicy, error) {
	m, err := edition.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	asked, err := ReadAsked(path, m)
	if err != nil {
		return nil, err
	}
	p := &audit.TablePolicy{Promise: asked.Promise, Units: asked.Units, Columns: asked.Columns, Notes: asked.Notes,
		Stands: asked.Stands}
	persons, texts, err := asked.Population()
	if persons != nil {
		p.Population = &audit.TablePopulation{Persons: persons, Texts: texts}
	}
	return p, err
}

// recounted holds that the audit of a released table confirms each of its promises on
// persons with the sealed map, and on the population of a policy, and refutes none without.
func recounted(rt *rapid.T, out, sealed, policy, temp string) {
	persons, err := audit.ReadSealed(sealed)
	if err != nil {
		rt.Fatal(err)
	}
	for _, known := range []*audit.Sealed{persons, nil} {
		in := audit.TableInputs{Dir: out, Sealed: known}
		if known != nil {
			if in.Policy, err = tablePolicy(policy, out); err != nil {
				rt.Fatal(err)
			}
		}
		r, err := audit.Table(context.Background(), in,
			engine.Config{MemoryMB: 128, Threads: 1, TempDir: temp})
		if err != nil {
			rt.Fatal(err)
		}
		for _, c := range r.Claims {
			told := strings.HasPrefix(c.ID, "table.sensitive.") || c.ID == "table.k" || c.ID == "table.achieved" ||
				c.ID == "table.known_rows" || c.ID == "table.whole_profile" || c.ID == "table.k_map" ||
				c.ID == "table.presence" || c.ID == "table.population" || c.ID == "table.units" || c.ID == "table.policy" ||
				c.ID == "table.suppressed" || c.ID == "table.average_risk"
			switch {
			case c.Result == audit.Fails:
				rt.Fatalf("%s, map %v: %s %v", c.ID, known != nil, c.Detail, c.Numbers)
			case told && known != nil && c.Result != audit.Holds && c.Proof == audit.Unverifiable:
				rt.Fatalf("%s is not verified with the map: %s", c.ID, c.Detail)
			}
		}
	}
}
