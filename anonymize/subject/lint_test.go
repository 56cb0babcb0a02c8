package subject

import (
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/entscope/entscope/anonymize/flow"
)

// functions is the list of SQL functions that a statement may call: standard
// ones that any engine has, and give whole numbers or texts.
var functions = []string{
	"ABS", "CAST", "COALESCE", "COUNT", "GREATEST", "LAG", "LEAST", "MAX", "MIN", "MOD", "RANK", "ROW_NUMBER", "SUM",
}

// words that stand before a parenthesis and are no function.
var words = []string{"AND", "AS", "BY", "FROM", "IN", "JOIN", "NOT", "ON", "OR", "OVER", "UNION", "VALUES", "WHEN",
	"ALL", "THEN", "WHERE", "SELECT", "EXISTS", "VARCHAR"}

// casts are the types that a statement may ask for: of whole numbers, and of texts of a number or of a column.
var casts = []string{"BIGINT", "INTEGER", "SMALLINT", "TINYINT", "VARCHAR(20)", "VARCHAR(1000)"}

// forbidden are marks of one engine's own dialect, or of what SQL must not do here.
var forbidden = []string{
	"::", "//", "QUALIFY", "GROUP BY ALL", "ORDER BY ALL", "READ_", "EXCLUDE", "REPLACE", "PIVOT", "SAMPLE", "LIMIT",
	"ASOF", "LATERAL", "UNNEST",
	"DOUBLE", "FLOAT", "REAL", "HUGEINT", "STRUCT", "LIST", "[", "]", "{", "}", "AVG", "STDDEV", "QUANTILE", "MEDIAN",
	"ARG_", "RANDOM", "NOW(", "CURRENT_DATE", ";", "\t",
}

var (
	comment = regexp.MustCompile(`(?m)--.*$`)
	literal = regexp.MustCompile(`'[^']*'`)
	call    = regexp.MustCompile(`([A-Za-z_][A-Za-z0-9_]*)\s*\(`)
	ranking = regexp.MustCompile(`(?i)\b(LAG|ROW_NUMBER|RANK|SUM|COUNT|MIN|` +
		`MAX)\([^()]*\)\s+OVER\s*\(\s*([^()]*(\([^()]*\)[^()]*)*)\)`)
	// division is exact: what MOD left over has been taken away.
	division = regexp.MustCompile(`(?s)MOD\([^/]*?,\s*([\w.]+)\)\s*\)\s*/\s*([\w.]+)\s+AS\s+(?:BIGINT|INTEGER)\s*\)`)
	cast     = regexp.MustCompile(`\bAS\s+([A-Z]+(?:\([0-9]+\))?)\s*\)`)
)

// Every statement is one SELECT of standard SQL, explained, with listed
// functions only. A division stands only where MOD has made it exact.
func TestStatementsAreStandard(t *testing.T) {
	names, err := fs.Glob(statements, "sql/*.sql")
	if err != nil || len(names) < 40 {
		t.Fatalf("%d statements, %v", len(names), err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(statements, name)
		if err != nil {
			t.Fatal(err)
		}
		s, err := flow.Parse(name, string(text))
		if err != nil {
			t.Fatal(err)
		}
		values := map[string]any{}
		for _, a := range s.Args {
			values[a] = ""
		}
		composed, _, err := s.Bind(constants(), values)
		if err != nil {
			t.Error(err)
		}
		for _, fault := range lint("-- " + s.About + "\n" + composed) {
			t.Errorf("%s: %s", name, fault)
		}
	}
}

func lint(text string) []string {
	var faults []string
	if !strings.HasPrefix(text, "-- ") {
		faults = append(faults, "does not begin with the question it answers")
	}
	if !strings.HasSuffix(text, "\n") {
		faults = append(faults, "does not end with a new line")
	}
	code := literal.ReplaceAllString(comment.ReplaceAllString(text, ""), "''")
	upper := strings.ToUpper(code)
	if !strings.HasPrefix(strings.TrimSpace(upper), "SELECT") {
		faults = append(faults, "is not one SELECT")
	}
	for _, f := range forbidden {
		bounded := f
		if f[0] >= 'A' && f[0] <= 'Z' {
			bounded = `\b` + regexp.QuoteMeta(f)
		} else {
			bounded = regexp.QuoteMeta(f)
		}
		if regexp.MustCompile(bounded).MatchString(upper) {
			faults = append(faults, "holds "+f)
		}
	}
	for _, m := range call.FindAllStringSubmatch(code, -1) {
		word := strings.ToUpper(m[1])
		if !slices.Contains(functions, word) && !slices.Contains(words, word) {
			faults = append(faults, "calls "+m[1])
		}
	}
	for _, m := range ranking.FindAllStringSubmatch(code, -1) {
		ranked := !strings.EqualFold(m[1], "COUNT") &&
			!(strings.EqualFold(m[1], "SUM") || strings.EqualFold(m[1], "MIN") || strings.EqualFold(m[1], "MAX"))
		if ranked && !strings.Contains(strings.ToUpper(m[2]), "ORDER BY") {
			faults = append(faults, m[1]+" over a window without an order")
		}
	}
	exact := 0
	for _, m := range division.FindAllStringSubmatch(upper, -1) {
		if m[1] == m[2] {
			exact++
		}
	}
	if strings.Count(code, "/") != exact {
		faults = append(faults, "divides")
	}
	for _, m := range cast.FindAllStringSubmatch(code, -1) {
		if !slices.Contains(casts, strings.ToUpper(m[1])) {
			faults = append(faults, "casts to "+m[1])
		}
	}
	return faults
}

// The linter finds what it is there to find.
func TestLintFinds(t *testing.T) {
	const good = "-- what?\nSELECT CAST(SUM(x) AS BIGINT) AS n FROM t\n"
	if faults := lint(good); len(faults) != 0 {
		t.Fatalf("refused: %q", faults)
	}
	for _, bad := range []string{
		"SELECT 1\n", "-- q\nSELECT 1", "-- q\nDELETE FROM t\n", "-- q\nSELECT x::INT FROM t\n",
		"-- q\nSELECT x // 2 FROM t\n", "-- q\nSELECT x / 2 FROM t\n",
		"-- q\nSELECT CAST((x - MOD(x, 3)) / 2 AS BIGINT) FROM t\n", "-- q\nSELECT * FROM read_parquet('x')\n",
		"-- q\nSELECT avg(x) FROM t\n", "-- q\nSELECT arg_max(x, y) FROM t\n", "-- q\nSELECT x FROM t QUALIFY 1\n",
		"-- q\nSELECT list(x) FROM t\n", "-- q\nSELECT LAG(x) OVER (PARTITION BY y) FROM t\n",
		"-- q\nSELECT CAST(x AS DOUBLE) FROM t\n", "-- q\nSELECT CAST(x AS VARCHAR) FROM t\n", "-- q\nSELECT [1]\n", "-- q\nSELECT 1; DROP TABLE t\n",
	} {
		if len(lint(bad)) == 0 {
			t.Errorf("not found in %q", bad)
		}
	}
}
