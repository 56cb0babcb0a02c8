package audit

import (
	"bytes"
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/entscope/entscope/anonymize/edition"

	"github.com/entscope/entscope/anonymize/durable"
)

const fineResults = `{"results": [
{"indicator":"L2","edition":"research","population":"all_accounts","group":{},"measure":"never","estimate":0.36,"low":0.3,"high":0.42,"level":0.95,"n":100,"status":"published","warnings":[]},
{"indicator":"L2","edition":"research","population":"all_accounts","group":{"level":"college"},"measure":"never","estimate":0.36,"low":null,"high":null,"level":0,"n":50,"status":"published","warnings":[]},
{"indicator":"L2","edition":"research","population":"all_accounts","group":{"level":"lycee"},"measure":"never","estimate":0.36,"low":null,"high":null,"level":0,"n":50,"status":"published","warnings":[]},
{"indicator":"L1","edition":"research","population":"all_accounts","group":{},"measure":"visits_per_week","estimate":1.7,"low":1.5,"high":1.9,"level":0.95,"n":100,"status":"published","warnings":[]},
{"indicator":"N3","edition":"research","population":"active_pairs","group":{},"measure":"empty","estimate":null,"low":null,"high":null,"level":0,"n":0,"status":"not_measurable","warnings":["pas de flux"]}
]}`

const fineSchool = `{"uai":"0540001A","synthetic":true,"results":[
{"indicator":"L2","edition":"schools","population":"all_accounts","group":{"uai":"0540001A"},"measure":"never","estimate":0.25,"low":null,"high":null,"level":0,"n":40,"status":"published"}],
"similar":[{"indicator":"L2","edition":"schools","population":"all_accounts","group":{"similar":"college 2"},"measure":"never","estimate":0.25,"low":null,"high":null,"level":0,"n":80,"status":"published"}]}`

const fineFigure = `{"figure":"L2","results":[{"indicator":"L2","edition":"research","population":"all_accounts",` +
	`"group":{},"measure":"never","estimate":0.36,"low":0.3,"high":0.42,"n":100,"status":"published"}]}`

var finePage = `<!DOCTYPE html><html lang="fr"><head><title>Page</title><style>p{color:red}</style></head><body>` +
	`<p>Données synthétiques</p><a href="x.csv">CSV</a><p>` + edition.PublicTerms("fr").Text() + `</p></body></html>`

// publish writes a small publication and the edition it comes from.
func publish(t *testing.T, change func(files map[string]string)) (editions []string, dir string) {
	t.Helper()
	return publishOf(t, 0, change)
}

// publishOf does so from editions in which each lycée cell and the first school
// have secret persons in the numerator; 0 leaves them as they are.
func publishOf(t *testing.T, secret int64, change func(files map[string]string)) (editions []string, dir string) {
	t.Helper()
	f := research()
	for i := range f.sums {
		f.sums[i].Grouping, f.sums[i].Group = "level", []string{"college", "college", "lycee", "lycee"}[i]
	}
	for i := range f.sums[:2] {
		if r := &f.sums[i]; secret > 0 {
			r.Numerator, r.SumXX, r.SumXY, r.H00, r.H01 = 10, 10, 10, 15, 10
		}
	}
	for i := range f.sums[2:] {
		if r := &f.sums[2+i]; secret > 0 {
			r.Numerator, r.SumXX, r.SumXY, r.H00, r.H01 = secret, secret, secret, r.Persons-secret, secret
		}
	}
	groups := f.sums
	f.sums = nil
	for _, row := range groups[:2] {
		row.Grouping, row.Group = "all", ""
		x := row.Numerator + groups[2].Numerator
		row.Persons, row.Families, row.Denom, row.SumYY = 50, 40, 50, 50
		row.Numerator, row.SumXX, row.SumXY, row.H00, row.H01 = x, x, x, 50-x, x
		f.sums = append(f.sums, row)
	}
	f.sums = append(f.sums, groups...)
	files := map[string]string{rulesFile: fineRules, "results.json": fineResults, "report/index.html": finePage,
		"schools/index.html": finePage, "schools/0540001A.html": finePage,
		"schools/0540001A.json": fineSchool, "report/L2.json": fineFigure,
		"report/L2.csv": "indicator,estimate\r\nL2,-0.3\r\n"}
	if change != nil {
		change(files)
	}
	dir = t.TempDir()
	for name, text := range files {
		must(t, os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755))
		must(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644))
	}
	return []string{f.write(t), schools(t, func(rows []edition.SchoolRow, _ *edition.Manifest) {
		if secret > 0 {
			rows[0].Numerator = secret
		}
	})}, dir
}

func TestSoundPublicationHolds(t *testing.T) {
	editions, dir := publish(t, nil)
	r := published(t, editions, dir)
	if !r.OK() {
		t.Errorf("claims fail: %s", strings.Join(failed(r), "\n"))
	}
	for _, c := range r.Criteria {
		if c.Verdict != Conform {
			t.Errorf("%s: %s", c.Name, c.Verdict)
		}
	}
}

func TestUnsoundPublications(t *testing.T) {
	swap := func(old, new string) func(map[string]string) {
		return func(f map[string]string) { f["results.json"] = strings.Replace(f["results.json"], old, new, 1) }
	}
	put := func(name, text string) func(map[string]string) {
		return func(f map[string]string) { f[name] = strings.Replace(f[name], "</body>", text+"</body>", 1) }
	}
	school := func(old, new string) func(map[string]string) {
		return func(f map[string]string) {
			f["schools/0540001A.json"] = strings.Replace(f["schools/0540001A.json"], old, new, 1)
		}
	}
	for name, c := range map[string]struct {
		claim  string
		change func(map[string]string)
	}{
		"school, few persons": {"schools.threshold", school(`"n":40`, `"n":15`)},
		"school, exact n":     {"schools.threshold", school(`"n":40`, `"n":41`)},
		"school, fine":        {"schools.rounding", school(`0.25`, `0.251`)},
		"school, interval":    {"schools.rounding", school(`"low":null,"high":null`, `"low":0.2,"high":0.3`)},
		"school, everybody":   {"schools.rounding", school(`0.25`, `1`)},
		"school, N5":          {"schools.measures", school(`"indicator":"L2"`, `"indicator":"N5"`)},
		"school, other value": {"schools.source", school(`0.25`, `0.55`)},
		"school, not there":   {"schools.source", school(`"group":{"uai":"0540001A"}`, `"group":{"uai":"0540009Z"}`)},
		"school, no page":     {"schools.data", func(f map[string]string) { delete(f, "schools/0540001A.html") }},
		"figure differs": {"figures", func(f map[string]string) {
			f["report/L2.json"] = strings.Replace(fineFigure,
				"0.36", "0.3", 1)
		}},
		"hidden value left": {"status", swap(`"status":"published"`, `"status":"suppressed"`)},
		"unknown status":    {"status", swap(`"status":"not_measurable"`, `"status":"zero"`)},
		"published, no value": {"status", swap(`"estimate":1.7,"low":1.5,"high":1.9`,
			`"estimate":null,"low":null,"high":null`)},
		"small n":      {"threshold", swap(`"n":50`, `"n":5`)},
		"exact n":      {"threshold", swap(`"n":50`, `"n":51`)},
		"fine percent": {"rounding", swap(`"estimate":0.36`, `"estimate":0.362`)},
		"fine rate":    {"rounding", swap(`"estimate":1.7`, `"estimate":1.7345`)},
		"everybody":    {"everybody", swap(`"estimate":0.36,"low":null`, `"estimate":1,"low":null`)},
		"another figure": {"source", swap(`"estimate":0.36,"low":0.3,"high":0.42`,
			`"estimate":0.45,"low":0.3,"high":0.5`)},
		"invented difference": {"comparisons", swap("\n]}", `], "comparisons": [{"family":"L2-jamais","tests":1,`+
			`"indicator":"L2","measure":"never","population":"all_accounts","source":"L2.never","grouping":"level",`+
			`"lowest":"lycee","highest":"college","outcome":"differs"}]}`)},
		"difference of a hidden figure": {"comparisons", swap("\n]}", `], "comparisons": [{"family":"N3","tests":1,`+
			`"indicator":"N3","measure":"empty","population":"active_pairs","outcome":"above"}]}`)},
		"school, invented difference": {"schools.comparisons", school(`"similar":[`,
			`"comparisons":[{"family":"page","tests":1,"indicator":"L2","measure":"never",`+
				`"population":"all_accounts","outcome":"differs"}],"similar":[`)},
		"word":             {"words", put("report/index.html", "<p>usage compulsif</p>")},
		"word in English":  {"words", put("report/index.html", "<p>addiction</p>")},
		"filter elsewhere": {"external", put("report/index.html", "<script>"+filterText(t)+"</script>")},
		"filter changed":   {"external", put("schools/index.html", "<script>"+filterText(t)+" </script>")},
		"filter with src":  {"external", put("schools/index.html", "<script src=x>"+filterText(t)+"</script>")},
		"script":           {"external", put("report/index.html", "<script>1</script>")},
		"remote image":     {"external", put("report/index.html", `<img src="https://example.org/x.png">`)},
		"remote link":      {"external", put("report/index.html", `<a href="//example.org">x</a>`)},
		"remote style":     {"external", put("report/index.html", `<p style="background:url(x)">x</p>`)},
		"handler":          {"external", put("report/index.html", `<p onclick="x()">x</p>`)},
		"silent page": {"synthetic", func(f map[string]string) {
			f["schools/index.html"] = "<!DOCTYPE " +
				"html><p>Bonjour</p>"
		}},
		"page without terms": {"terms", func(f map[string]string) {
			f["schools/index.html"] = strings.Replace(finePage, "est interdit", "est permis", 1)
		}},
		"N5 at school": {"schoolpages", put("schools/index.html", "<p>N5 : 3 %</p>")},
		"e-mail":       {"identifiers", put("report/index.html", "<p>jeanne.martin@example.org</p>")},
		"pseudonym":    {"identifiers", put("report/index.html", "<p>9f86d081884c7d659a2feaa0c55ad015</p>")},
		"pseudonym in a table": {"identifiers",
			put("data/figures.parquet", tableSaying(t, "9f86d081884c7d659a2feaa0c55ad015", "v"))},
		"pseudonym in a table's metadata": {"identifiers",
			put("data/figures.parquet", tableSaying(t, "L2", "9f86d081884c7d659a2feaa0c55ad015"))},
		"table that cannot be read": {"identifiers", put("data/figures.parquet", "PAR1")},
		"formula": {"formulas",
			func(f map[string]string) { f["report/L2.csv"] = "a,b\r\n1,=1+1\r\n" }},
		"odd file": {"undeclared", func(f map[string]string) { f["report/people.parquet"] = "x" }},
	} {
		editions, dir := publish(t, c.change)
		r := published(t, editions, dir)
		if !fails(r, "publication."+c.claim) {
			t.Errorf("%s: %s holds; failing: %v", name, c.claim, failed(r))
		}
	}
}

// TestSubtraction hides one of two groups: the other and the whole give it back, unless
// the edition shows that the hidden number is no secret.
func TestSubtraction(t *testing.T) {
	hide := strings.NewReplacer(
		`"group":{"level":"lycee"},"measure":"never","estimate":0.36,"low":null,"high":null,"level":0,"n":50,`+
			`"status":"published","warnings":[]`,
		`"group":{"level":"lycee"},"measure":"never","estimate":null,"low":null,"high":null,"level":0,"n":0,`+
			`"status":"suppressed","warnings":["x [hidden]"]`,
		`"estimate":0.36,"low":0.3,"high":0.42`, `"estimate":0.25,"low":0.2,"high":0.3`, // 25 of 100 stand for 24
		`"estimate":0.36`, `"estimate":0.4`, // 20 of 50
	)
	for _, secret := range []int64{0, 2} {
		editions, dir := publishOf(t, secret,
			func(f map[string]string) { f["results.json"] = hide.Replace(fineResults) })
		r := published(t, editions, dir)
		if fails(r, "publication.subtraction") != (secret > 0) {
			t.Errorf("secret %d: subtraction fails is %v", secret, secret == 0)
		}
		for _, c := range r.Claims {
			if c.ID == "publication.subtraction" && secret == 0 && c.Result != NotVerified {
				t.Errorf("no secret was tried, and the claim is %q", c.Result)
			}
		}
		if hidden := r.Products[0].Hidden; secret > 0 && (len(hidden) != 1 || hidden[0].Low != 1 ||
			*hidden[0].High != 9 || hidden[0].Wide) {
			t.Errorf("the hidden figure is said to be %+v", hidden) // 23 to 27 less 18 to 22
		}
	}
}

func TestSchoolSubtraction(t *testing.T) {
	for _, secret := range []int64{0, 3} {
		editions, dir := publishOf(t, secret, func(f map[string]string) {
			f["schools/0540001A.json"] = strings.Replace(f["schools/0540001A.json"],
				`"estimate":0.25,"low":null,"high":null,"level":0,"n":40,"status":"published"`,
				`"estimate":null,"low":null,"high":null,"level":0,"n":0,"status":"suppressed"`, 1)
			f["schools/0540002B.html"] = finePage
			f["schools/0540002B.json"] = strings.ReplaceAll(fineSchool, "0540001A", "0540002B")
		})
		r := published(t, editions, dir)
		if fails(r, "publication.schools.subtraction") != (secret > 0) {
			t.Errorf("secret %d: %v", secret, failed(r))
		}
	}
}

func TestWrite(t *testing.T) {
	editions, dir := publish(t, nil)
	in := Inputs{Editions: editions, Published: dir, Staged: true, Ledger: fullLedger()}
	r, err := Folders(context.Background(), in, config(t))
	must(t, err)
	if !r.OK() {
		t.Errorf("claims fail: %s", strings.Join(failed(r), "\n"))
	}
	out := filepath.Join(dir, "audit")
	if look := os.Getenv("LOOK"); look != "" {
		out = look
	}
	inside := filepath.Join(t.TempDir(), "audit-internal")
	for range 2 { // a second audit takes the place of the first
		must(t, WritePublic(durable.Disk{}, out, r, "fr"))
		must(t, WriteInternal(durable.Disk{}, inside, r, "fr"))
	}
	for name, dir := range map[string]string{"internal.html": inside, "external.html": out} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		must(t, err)
		p := readPage(data)
		if len(p.external) > 0 || p.scripts > 0 {
			t.Errorf("%s reaches outside", name)
		}
		text := p.text.String()
		for _, want := range []string{"synthétiques", "individualisation", "corrélation", "inférence",
			"prouvé par les fichiers", "attesté", "non vérifiable", "considérant 162", "dit par l’académie"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s does not say %q", name, want)
			}
		}
		if forbiddenWords.MatchString(text) {
			t.Errorf("%s: %q", name, forbiddenWords.FindString(text))
		}
	}
}

// Whether a figure is a share of persons does not hang on the words of its measure.
func TestRewordingChangesNoKind(t *testing.T) {
	kinds := func() map[string]string {
		out := map[string]string{}
		for _, m := range edition.Measures {
			id, name, _ := strings.Cut(m.Name, ".")
			out[m.Name] = kindOf(result{Indicator: id, Measure: name})
		}
		return out
	}
	before, kept := kinds(), slices.Clone(edition.Measures)
	defer copy(edition.Measures, kept)
	for i := range edition.Measures {
		edition.Measures[i].X, edition.Measures[i].Y = "said in other words", "and this as well"
	}
	if !maps.Equal(before, kinds()) {
		t.Error("a share of persons is one by its words")
	}
	if before["L5.phone_only"] != shareOfPersons {
		t.Error("L5.phone_only is no share of persons")
	}
}

// filterText is the script of the list of schools, as a publication holds it.
func filterText(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile("../../analysis/report/templates/search.js")
	must(t, err)
	return string(data)
}

// The one script that is let through is the one that stands on the list of schools.
func TestListFilter(t *testing.T) {
	p := readPage([]byte("<main></main><script>" + filterText(t) + "</script>"))
	if p.scripts != 0 {
		t.Error("the filter of the list is refused: read it, and its new SHA-256 goes into listFilter")
	}
	if p.filters != 1 {
		t.Errorf("%d filters, want 1", p.filters)
	}
}

// tableSaying is a Parquet file of one text, with one entry of metadata.
func tableSaying(t *testing.T, text, entry string) string {
	t.Helper()
	type line struct {
		Text string `parquet:"text"`
	}
	var b bytes.Buffer
	if err := edition.Encode(&b, []line{{text}}, map[string]string{"k": entry}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestTableText(t *testing.T) {
	text, whole := tableText([]byte(tableSaying(t, "compte de l’enfant", "licence")))
	if !whole {
		t.Error("a table of ours is not read whole")
	}
	for _, want := range []string{"compte de l’enfant\n", "k\nlicence\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in %q", want, text)
		}
	}
}
