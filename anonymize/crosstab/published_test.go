package crosstab

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// microdata1 is the table of sdcTable's data set of that name: values by region and gender,
// with the count and the two largest contributions of each cell.
const microdata1 = `region,gender,val,n,first,second
A,female,20,2,11,9
A,male,178,18,18,15
B,female,204,19,18,16
B,male,140,14,15,14
C,female,106,10,19,12
C,male,118,12,18,12
D,female,152,14,18,16
D,male,366,11,280,11
`

const regions = `
[table]
name = "microdata1"
value = "val"
contributors = "n"
largest = ["first", "second"]
disjoint = true
[[dimension]]
name = "region"
total = "total"
[[dimension]]
name = "gender"
total = "total"
[primary]
minimum = 3
dominance_n = 2
dominance_percent = 95
zeros = "shown"
[secondary]
interval_percent = 20
cost = "contributors"
insiders = false
[release]
method = "suppress"
`

// given reads a table of text under a policy of text, with some lines replaced.
func given(t *testing.T, table, policy string, replace ...string) (*Table, Policy) {
	t.Helper()
	text := strings.NewReplacer(replace...).Replace(policy)
	p, err := ParsePolicy([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "table.csv")
	if err := os.WriteFile(path, []byte(table), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := Read(path, p)
	if err != nil {
		t.Fatal(err)
	}
	return got, p
}

func protect(t *testing.T, table *Table, p Policy, earlier ...Left) *Result {
	t.Helper()
	r, err := Protect(t.Context(), table, p, earlier, drawn)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// drawn is a Draw that is no secret.
func drawn(label string, parts ...[]byte) uint64 {
	h := uint64(14695981039346656037)
	for _, b := range []byte(label + string(slicesConcat(parts))) {
		h = (h ^ uint64(b)) * 1099511628211
	}
	return h ^ h>>29
}

func slicesConcat(parts [][]byte) (out []byte) {
	for _, p := range parts {
		out = append(append(out, byte(len(p))), p...)
	}
	return out
}

// TestPublishedRules holds the primary rules to what sdcTable's tests expect of microdata1
// (tests/testthat/test-primarySuppression.r).
func TestPublishedRules(t *testing.T) {
	for _, c := range []struct {
		name    string
		replace []string
		unsafe  string
	}{
		{"freq, maxN = 2", nil, "A female A"},
		{"nk, n = 2, k = 75", []string{"minimum = 3", "minimum = 3", "percent = 95", "percent = 75"},
			"A female A, D male B"},
		{"p, p = 70", []string{"dominance_n = 2\ndominance_percent = 95", "p_percent = 70"}, "A female A, D male B"},
	} {
		table, p := given(t, microdata1, regions, c.replace...)
		problem, reasons := table.Problem(p)
		var got []string
		for _, n := range problem.Needs {
			got = append(got, strings.Join(table.labels(table.Cells[n.Cell]), " ")+" "+string(reasons[n.Cell]))
		}
		if text := strings.Join(got, ", "); text != c.unsafe {
			t.Errorf("%s: unsafe: %s; published: %s", c.name, text, c.unsafe)
		}
	}
}

// TestPublishedTable hides as few cells of microdata1 as sdcTable's OPT, HITAS and HYPERCUBE
// (tests/testthat/test-protectTable.r: 3, and the same four cells).
func TestPublishedTable(t *testing.T) {
	table, p := given(t, microdata1, regions)
	r := protect(t, table, p)
	var hidden []string
	for _, c := range r.Cells {
		if c.Hidden {
			hidden = append(hidden, strings.Join(c.Labels, " "))
		}
	}
	if got := strings.Join(hidden, ", "); got != "A female, A male, C female, C male" {
		t.Errorf("hidden: %s", got)
	}
}

// TestPublishedSingletons: of a column 1, 2, 1 whose ones are hidden, each of the two can
// compute the other, unless one more is hidden (test-protectTable.r, detectSingletons).
func TestPublishedSingletons(t *testing.T) {
	const column = "who,region\n1,a\n2,b\n3,b\n4,c\n"
	const rules = `
[table]
name = "singletons"
contributor = "who"
[[dimension]]
name = "region"
total = "tot"
[primary]
minimum = 3
zeros = "shown"
[secondary]
interval_count = 1
interval_percent = 20
cost = "cells"
insiders = INSIDERS
[release]
method = "suppress"
`
	for insiders, secondary := range map[string]int{"false": 0, "true": 1} {
		p, err := ParsePolicy([]byte(strings.ReplaceAll(rules, "INSIDERS", insiders)))
		if err != nil {
			t.Fatal(err)
		}
		p.Primary.Minimum = 2 // sdcTable's maxN = 1; a policy asks for 3 at least
		path := filepath.Join(t.TempDir(), "table.csv")
		if err := os.WriteFile(path, []byte(column), 0o600); err != nil {
			t.Fatal(err)
		}
		table, err := Read(path, p)
		if err != nil {
			t.Fatal(err)
		}
		if r := protect(t, table, p); r.Secondary != secondary {
			t.Errorf("insiders %s: %d cells hidden for others, published: %d", insiders, r.Secondary, secondary)
		}
	}
}
