package microdata

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/entscope/entscope/anonymize/kanon"
)

// odd are values that have broken other tools.
var odd = []string{"", "007", "7", "é", "e\u0301", "*", "a,b;c", "say \"no\"", "two\nlines", "NULL", "NaN", " x"}

// writeRandom writes a random CSV of one row per person, and a policy for it.
func writeRandom(t *rapid.T, dir string) (input, policy string, k int) {
	rows := rapid.IntRange(1, 60).Draw(t, "rows")
	lines := [][]string{{"q one", "q2", "secret"}}
	for range rows {
		lines = append(lines, []string{
			odd[rapid.IntRange(0, 5).Draw(t, "q1")], odd[rapid.IntRange(4, 11).Draw(t, "q2")],
			odd[rapid.IntRange(6, 9).Draw(t, "secret")],
		})
	}
	input, policy = filepath.Join(dir, "in.csv"), filepath.Join(dir, "policy.toml")
	f, err := os.Create(input)
	if err != nil {
		t.Fatal(err)
	}
	w := csv.NewWriter(f)
	w.Comma = rapid.SampledFrom([]rune{',', ';', '\t'}).Draw(t, "delimiter")
	if err := w.WriteAll(lines); err != nil {
		t.Fatal(err)
	}
	f.Close()
	k = rapid.IntRange(2, 5).Draw(t, "k")
	text := fmt.Sprintf("k = %d\nsuppression_limit = 0.4\nmetric = %q\nrecoding = %q\ninput = { delimiter = %q }\n", k,
		rapid.SampledFrom([]kanon.Metric{kanon.Loss, kanon.LossArithmetic, kanon.AECS, kanon.Discernibility,
			kanon.Precision}).Draw(t, "metric"), rapid.SampledFrom(recodings).Draw(t, "recoding"), string(w.Comma))
	text += "[[quasi_identifier]]\nname = \"q one\"\nhierarchy = { truncate = [1] }\n[[quasi_identifier]]\n" +
		"name = \"q2\"\n"
	text += "[[sensitive]]\nname = \"secret\"\ndistinct_l = 2\n[[sensitive]]\nname = \"secret\"\nt = 0.5\n" +
		"distance = \"equal\"\n"
	text += "[[sensitive]]\nname = \"secret\"\nbeta = 1.5\n"
	if err := os.WriteFile(policy, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return input, policy, k
}

var recodings = []string{"full-domain", "cell"}

// TestReleasedFileHoldsItsPromises re-reads the written Parquet by plain SQL.
func TestReleasedFileHoldsItsPromises(t *testing.T) {
	e := openEngine(t)
	dir := t.TempDir()
	n, met := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		work := filepath.Join(dir, fmt.Sprint(n))
		if err := os.Mkdir(work, 0o700); err != nil {
			rt.Fatal(err)
		}
		input, policy, k := writeRandom(rt, work)
		out := filepath.Join(work, "out")
		r, err := Anonymize(context.Background(), Job{Input: input, Policy: policy, Out: out})
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
		met++
		if err := e.Load(context.Background(), "released", []string{filepath.Join(out, "table.parquet")}); err != nil {
			rt.Fatal(err)
		}
		got := numbers(t, e, promises)[0]
		if int(got[0]) != r.Rows-r.SuppressedRows || int(got[1]) != r.Classes || int(got[2]) != r.K || int(got[2]) < k {
			rt.Fatalf("rows, classes, k by SQL: %v; said %d, %d, %d", got, r.Rows-r.SuppressedRows, r.Classes, r.K)
		}
		if got[3] < 2 || got[4] > 0.5+1e-9 || got[5] > 1.5+1e-9 {
			rt.Fatalf("l, t, beta by SQL: %v", got[3:])
		}
		for i, want := range []float64{got[3], got[4], got[5]} {
			if d := r.Sensitive[i].Achieved - want; d > 1e-9 || d < -1e-9 {
				rt.Fatalf("%s is %v, by SQL %v", r.Sensitive[i].Model, r.Sensitive[i].Achieved, want)
			}
		}
	})
	if met < n/10 {
		t.Errorf("only %d of %d random tables met their policy: the test shows little", met, n)
	}
}

// promises counts rows, classes, k, distinct l, equal-distance t and β.
var promises = strings.ReplaceAll(`
WITH cells AS (SELECT QI, secret, COUNT(*) AS c FROM released GROUP BY QI, secret),
classes AS (SELECT QI, SUM(c) AS n, COUNT(*) AS l FROM cells GROUP BY QI),
totals AS (SELECT secret, COUNT(*) * 1.0 / (SELECT COUNT(*) FROM released) AS q FROM released GROUP BY secret),
grid AS (SELECT classes."q one", classes.q2, totals.secret, q, n FROM classes, totals),
filled AS (SELECT grid."q one", grid.q2, q, COALESCE(c, 0) * 1.0 / n AS p FROM grid LEFT JOIN cells USING (QI, secret)),
far AS (SELECT SUM(ABS(p - q)) / 2 AS t, MAX(p / q - 1) AS beta FROM filled GROUP BY QI)
SELECT (SELECT COUNT(*) FROM released), COUNT(*), CAST(MIN(n) AS BIGINT), MIN(l),
	CAST((SELECT MAX(t) FROM far) AS DOUBLE), CAST((SELECT MAX(beta) FROM far) AS DOUBLE) FROM classes`, "QI",
	`"q one", q2`)
