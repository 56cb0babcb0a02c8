package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"testing"
)

const module = "github.com/entscope/entscope"

// house reads the import graph of the tree: package path inside the module →
// the packages of the house it imports. Tests are left out.
func house(t *testing.T) (graph map[string][]string, docs map[string]bool, files []string) {
	t.Helper()
	graph, docs = map[string][]string{}, map[string]bool{}
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() &&
			(d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") && d.Name() != ".." && d.Name() != ".") {
			return filepath.SkipDir
		}
		if _, nested := os.Stat(filepath.Join(file, "go.mod")); d.IsDir() && nested == nil &&
			filepath.Clean(file) != filepath.Clean(root) {
			return filepath.SkipDir
		}
		rel, err := filepath.Rel(root, file)
		if err != nil {
			return err
		}
		files = append(files, filepath.ToSlash(rel))
		if !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return nil
		}
		syntax, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly|parser.ParseComments)
		if err != nil {
			return err
		}
		pkg := path.Dir(filepath.ToSlash(rel))
		docs[pkg] = docs[pkg] || syntax.Doc != nil && len(syntax.Doc.Text()) > 60
		if graph[pkg] == nil {
			graph[pkg] = []string{}
		}
		for _, i := range syntax.Imports {
			if name, ok := strings.CutPrefix(strings.Trim(i.Path.Value, `"`), module+"/"); ok {
				graph[pkg] = append(graph[pkg], name)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return graph, docs, files
}

// reach is every package of the house that pkg imports, directly or not.
func reach(graph map[string][]string, pkg string) []string {
	seen := map[string]bool{}
	var walk func(string)
	walk = func(p string) {
		for _, next := range graph[p] {
			if !seen[next] {
				seen[next] = true
				walk(next)
			}
		}
	}
	walk(pkg)
	var all []string
	for p := range seen {
		all = append(all, p)
	}
	sort.Strings(all)
	return all
}

func under(pkg, room string) bool { return pkg == room || strings.HasPrefix(pkg, room+"/") }

// TestWall holds the wall of the design: nothing downstream of an edition can
// reach anything upstream of it, not even through a third package.
func TestWall(t *testing.T) {
	graph, _, _ := house(t)
	upstream := []string{"ingest", "anonymize/pseudonym", "anonymize/zone", "anonymize/subject"}
	downstream := 0
	for pkg := range graph {
		if !under(pkg, "analysis") && !under(pkg, "anonymize/audit") {
			continue
		}
		downstream++
		for _, dep := range reach(graph, pkg) {
			for _, room := range upstream {
				if under(dep, room) {
					t.Errorf("%s reaches %s: the wall is open", pkg, dep)
				}
			}
			if dep == "anonymize" {
				t.Errorf("%s reaches the root of anonymize, which reads the restricted zone", pkg)
			}
		}
	}
	if downstream < 4 {
		t.Fatalf("only %d packages downstream of the wall were found: the test looks at the wrong tree", downstream)
	}
}

// TestArrows holds the other arrows of the design.
func TestArrows(t *testing.T) {
	graph, _, _ := house(t)
	const writer = "anonymize/durable" // of files and folders that appear whole: a leaf for everybody
	// The words and numbers of events: both sides of the wall read it, so it imports nothing of the house.
	const words = "anonymize/edition/vocabulary"
	leaves := []string{writer, words, "anonymize/edition", "anonymize/engine", "anonymize/hierarchy", "analysis/stats"}
	for _, leaf := range leaves {
		if _, ok := graph[leaf]; !ok {
			t.Errorf("%s: no such package", leaf)
		}
		for _, dep := range graph[leaf] {
			if dep != writer && dep != words || leaf == writer || leaf == words {
				t.Errorf("%s imports %s: it must import nothing of the house but the writer and the words", leaf, dep)
			}
		}
	}
	for pkg, deps := range graph {
		for _, dep := range deps {
			switch {
			case dep == writer, dep == words:
			case pkg == "ingest/format" && under(dep, "ingest/format"): // the list of the formats
			case under(pkg, "ingest/format") && dep != "ingest" && dep != "ingest/catalog" && dep != "ingest/tabular":
				t.Errorf("%s imports %s: a format imports only ingest, its catalog and the reader of tables", pkg, dep)
			case under(pkg, "ingest") && !under(dep, "ingest"):
				t.Errorf("%s imports %s: ingest imports nothing later", pkg, dep)
			case under(pkg, "anonymize") && under(dep, "analysis"):
				t.Errorf("%s imports %s: arrows run one way", pkg, dep)
			case under(pkg, "analysis") && under(dep, "anonymize") &&
				dep != "anonymize/edition" && dep != "anonymize/engine" && dep != "anonymize/disclosure" &&
				dep != "anonymize/flow": // which runs declared statements over the engine, whatever they speak of
				t.Errorf("%s imports %s: analysis may use edition, engine, flow and disclosure only", pkg, dep)
			case under(dep, "cmd") && !under(pkg, "cmd"):
				t.Errorf("%s imports %s: nothing imports a command", pkg, dep)
			}
		}
	}
}

func TestEveryPackageSaysWhatItIsFor(t *testing.T) {
	_, docs, _ := house(t)
	for pkg, ok := range docs {
		if !ok {
			t.Errorf("%s: no package comment", pkg)
		}
	}
}

func TestTopLevelAndNames(t *testing.T) {
	_, _, files := house(t)
	rooms := map[string]bool{"cmd": true, "ingest": true, "anonymize": true, "analysis": true, "notebooks": true,
		"testdata": true}
	for _, f := range files {
		top, _, nested := strings.Cut(f, "/")
		if nested && !rooms[top] {
			t.Errorf("%s: no such room in the design", f)
		}
		switch strings.TrimSuffix(path.Base(f), ".go") {
		case "util", "utils", "common", "helper", "helpers", "misc":
			t.Errorf("%s: a room or a file has a subject", f)
		}
	}
}

// sqlFunctions is what a query may call: keys, counts, integer sums, extremes
// and windows. Floats, quantiles and divisions belong to analysis/stats.
var sqlFunctions = map[string]bool{
	"count": true, "sum": true, "min": true, "max": true, "coalesce": true, "nullif": true, "abs": true,
	"greatest": true, "least": true, "cast": true, "lag": true, "lead": true, "row_number": true, "rank": true,
	"dense_rank": true, "first_value": true, "mod": true, "floor": true,
}

// sqlKeywords may stand before a parenthesis without being a function.
var sqlKeywords = map[string]bool{
	"in": true, "as": true, "over": true, "and": true, "or": true, "not": true, "on": true, "where": true, "when": true,
	"then": true, "else": true, "exists": true, "select": true, "from": true, "join": true, "by": true, "with": true,
	"union": true, "all": true, "except": true, "values": true, "using": true, "into": true, "between": true,
	"case": true, "table": true, "having": true, "filter": true, "distinct": true, "decimal": true, "varchar": true,
	"numeric": true,
}

var (
	sqlComment = regexp.MustCompile(`--[^\n]*`)
	sqlText    = regexp.MustCompile(`'(?:[^']|'')*'`)
	sqlCall    = regexp.MustCompile(`([a-z_][a-z0-9_]*)\s*\(`)
	sqlCast    = regexp.MustCompile(`\bas varchar\s*\)`)
	sqlWord    = regexp.MustCompile(`"[^"]*"|:?[a-z_][a-z0-9_]*`)
	sqlBanned  = regexp.MustCompile(`::|//|\bqualify\b|group by all|order by ` +
		`all|\bread_[a-z]+|\bpivot\b|\bexclude\b|\blist_|\bunnest\b|\[|\basof\b|\bsemi join\b|\banti ` +
		`join\b|\bcopy\b|\battach\b|\binstall\b|\bpragma\b|\bavg\b|\bquantile|\bmedian\b|\bstddev|\bdouble\b|` +
		`\bfloat\b|\breal\b`)
)

// sqlReserved are the words that DuckDB, Trino or Spark (in its ANSI mode) reserve: none of them may name a column
// or a table unquoted, whichever engine is asked.
var sqlReserved = wordSet(`all alter analyse analyze and any array as asc asymmetric authorization between both by case
	cast check collate collation column constraint create cross cube current_catalog current_date current_path
	current_role current_schema current_time current_timestamp current_user deallocate default deferrable delete desc
	describe distinct do drop else end escape except execute exists extract false fetch filter for foreign from full
	grant group grouping having in initially inner insert intersect into is join json_array json_exists json_object
	json_query json_table json_value lambda lateral leading left like limit listagg localtime localtimestamp natural
	normalize not null offset on only or order outer overlaps pivot placing prepare primary qualify recursive
	references returning right rollup select session_user show skip some summarize symmetric table then time to
	trailing trim true uescape union unique unknown unnest unpivot user using values variadic when where window with
	within`)

// sqlSyntax are those of them that the statements of the house are written with.
var sqlSyntax = wordSet(`all and as asc between by case cast create cross desc distinct else end except exists from
	group having in inner insert into is join left like not null on or order over select table then union using
	values when where window with`)

func wordSet(text string) map[string]bool {
	set := map[string]bool{}
	for _, word := range strings.Fields(text) {
		set[word] = true
	}
	return set
}

// TestSQLDialect is the lint of the SQL rule: standard, portable, integers only.
func TestSQLDialect(t *testing.T) {
	_, _, files := house(t)
	seen := 0
	for _, f := range files {
		if !strings.HasSuffix(f, ".sql") {
			continue
		}
		seen++
		raw, err := os.ReadFile(filepath.Join("..", "..", filepath.FromSlash(f)))
		if err != nil {
			t.Fatal(err)
		}
		text := strings.ToLower(sqlText.ReplaceAllString(sqlComment.ReplaceAllString(string(raw), ""), "''"))
		if banned := sqlBanned.FindString(text); banned != "" {
			t.Errorf("%s: %q is not in the dialect", f, banned)
		}
		if sqlCast.MatchString(text) {
			t.Errorf("%s: a cast to VARCHAR says no length", f)
		}
		for _, word := range sqlWord.FindAllString(text, -1) {
			if sqlReserved[word] && !sqlSyntax[word] {
				t.Errorf("%s: %q is reserved by an engine, and stands unquoted", f, word)
			}
		}
		for _, call := range sqlCall.FindAllStringSubmatch(text, -1) {
			if name := call[1]; !sqlFunctions[name] && !sqlKeywords[name] && !strings.Contains(text, name+" as (") &&
				!strings.Contains(text, "table "+name) && !strings.Contains(text, "insert into "+name) {
				t.Errorf("%s: function %q is not on the list", f, name)
			}
		}
	}
	if seen < 10 {
		t.Fatalf("only %d .sql files: the test looks at the wrong tree", seen)
	}
}
