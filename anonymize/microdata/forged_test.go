package microdata

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/entscope/entscope/anonymize/audit"
	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/engine"
)

// release writes a table of 40 persons, with two rows of person 1, and releases it.
func release(t *testing.T, header string, order func(fields []string) []string) (dir, sealed string) {
	t.Helper()
	var text strings.Builder
	line := func(fields ...string) { fmt.Fprintln(&text, strings.Join(order(fields), ",")) }
	line(strings.Split(header, ",")...)
	for i := range 41 {
		line(fmt.Sprint(max(1, i)), fmt.Sprint(10+i%3), []string{"yes", "no"}[i%2], fmt.Sprint("c", i%4))
	}
	dir, sealed, _ = anonymized(t, text.String(), `
person = "id"
k = 5
suppression_limit = 0.1
recoding = "full-domain"
metric = "loss"
keep = ["class"]
[[quasi_identifier]]
name = "age"
[[sensitive]]
name = "ill"
distinct_l = 2
[[sensitive]]
name = "ill"
beta = 0.5
`)
	return dir, sealed
}

// anonymized releases a table by a policy, with its sealed map.
func anonymized(t *testing.T, table, policy string) (dir, sealed string, report *Report) {
	t.Helper()
	work := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(work, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	write("ages.csv", "10;young;*\n11;young;*\n12;young;*\n99;old;*\n")
	job := Job{Input: write("in.csv", table), Out: filepath.Join(work, "out"), Software: "entscope 0.1.0",
		Sealed: filepath.Join(work, "sealed.csv"), Policy: write("policy.toml", policy)}
	report, err := Anonymize(context.Background(), job)
	if err != nil {
		t.Fatal(err)
	}
	return job.Out, job.Sealed, report
}

func asWritten(fields []string) []string { return fields }

// TestColumnsInAnyOrder: a table is what its columns hold.
func TestColumnsInAnyOrder(t *testing.T) {
	const header = "id,age,ill,class"
	dir, _ := release(t, header, asWritten)
	turned, _ := release(t, header, func(f []string) []string { return []string{f[3], f[1], f[0], f[2]} })
	for _, name := range []string{"table.parquet", "datapackage.json", "manifest.json"} {
		a, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(filepath.Join(turned, name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(a, b) {
			t.Errorf("%s depends on the order of the columns", name)
		}
	}
}

// forge rewrites a released table, its descriptor, hashes and all, as somebody without a key can.
func forge(t *testing.T, dir string, change func(m *edition.Manifest, files map[string][]byte)) {
	t.Helper()
	m, err := edition.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, f := range m.Files {
		if files[f.Name], err = os.ReadFile(filepath.Join(dir, f.Name)); err != nil {
			t.Fatal(err)
		}
	}
	said := string(files["datapackage.json"])
	var columns []edition.TextColumn
	for _, field := range regexp.MustCompile(`"name": "(.*)",\n *"type"`).FindAllStringSubmatch(said, -1) {
		columns = append(columns, edition.TextColumn{Name: field[1]})
	}
	change(m, files)
	if string(files["datapackage.json"]) == said {
		if files["datapackage.json"], err = edition.DescribeTexts(m, columns); err != nil {
			t.Fatal(err)
		}
	}
	for i, f := range m.Files {
		sum := sha256.Sum256(files[f.Name])
		m.Files[i].SHA256, m.Files[i].Bytes = hex.EncodeToString(sum[:]), int64(len(files[f.Name]))
	}
	text, err := m.Text()
	if err != nil {
		t.Fatal(err)
	}
	files["manifest.json"] = text
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// households releases 40 persons of 20 houses, one with two rows, and suppresses two more, of one house; by cells
// nobody is suppressed.
func households(t *testing.T, recoding string) (dir, sealed string) {
	t.Helper()
	var text strings.Builder
	fmt.Fprintln(&text, "id,house,age,ill,class,mood")
	line := func(id, house, age int) {
		fmt.Fprintf(&text, "%d,h%d,%d,%s,c%d,%d\n", id, house, age, []string{"yes", "no"}[id/2%2], id%4, id%5)
	}
	for i := range 40 {
		line(i, i/2, 10+i%3)
	}
	line(39, 19, 10)
	line(40, 20, 99)
	line(41, 20, 99)
	line(41, 20, 99)
	dir, sealed, report := anonymized(t, text.String(), fmt.Sprintf(`
person = "id"
units = ["house"]
k = 3
suppression_limit = 0.1
average_risk = 0.9
recoding = %q
metric = "loss"
keep = ["class"]
[[quasi_identifier]]
name = "age"
hierarchy = "ages.csv"
[[sensitive]]
name = "ill"
distinct_l = 2
[[sensitive]]
name = "mood"
t = 0.9
distance = "ordered"
`, recoding))
	if full := recoding == "full-domain"; full != (report.SuppressedRows == 3) || full != (len(report.Transformation) == 1) {
		t.Fatalf("%s: %+v", recoding, report)
	}
	return dir, sealed
}

// TestForgedTables forges the manifest or a file of a released table in one place, with all hashes made again, as whoever
// has no key can. What the files show to be false they refuse alone; for the rest the claim is not verified, with the
// reason, until the map or the policy is there that refuses it.
func TestForgedTables(t *testing.T) {
	const files, sealedMap, policy = "", "sealed", "policy"
	an := func(change func(a *edition.Anonymity)) func(*edition.Manifest, map[string][]byte) {
		return func(m *edition.Manifest, _ map[string][]byte) { change(m.Anonymity) }
	}
	field := func(change func(m *edition.Manifest)) func(*edition.Manifest, map[string][]byte) {
		return func(m *edition.Manifest, _ map[string][]byte) { change(m) }
	}
	note := func(text string) func(*edition.Manifest, map[string][]byte) {
		return field(func(m *edition.Manifest) { m.Notes = append(m.Notes, text) })
	}
	const name = "row 5 is Mme Martin"
	for of, c := range map[string]struct {
		refused string // the claim; "" is none
		by      string // the least that it takes; without it the claim is not verified
		change  func(m *edition.Manifest, files map[string][]byte)
	}{
		"as released": {"", files, field(func(*edition.Manifest) {})},
		// What the expert of 30 November forged.
		"a note of a name":        {"closed.notes", files, note(name)},
		"proved optimal":          {"closed.manifest", files, an(func(a *edition.Anonymity) { a.ProvedOptimal = true })},
		"exchanged":               {"closed.manifest", files, an(func(a *edition.Anonymity) { a.Exchanged = true })},
		"metric":                  {"closed.manifest", files, an(func(a *edition.Anonymity) { a.Metric = "loss" })},
		"suppressed rows":         {"suppressed", sealedMap, an(func(a *edition.Anonymity) { a.SuppressedRows = 12345 })},
		"software and a name":     {"closed.manifest", files, field(func(m *edition.Manifest) { m.Software += " Martin" })},
		"software of a name":      {"closed.manifest", files, field(func(m *edition.Manifest) { m.Software = "entscope Martin" })},
		"study":                   {"closed.manifest", files, field(func(m *edition.Manifest) { m.Study = "Martin" })},
		"term":                    {"closed.manifest", files, field(func(m *edition.Manifest) { m.Term = "Martin" })},
		"subject":                 {"closed.manifest", files, field(func(m *edition.Manifest) { m.Subject = "Martin" })},
		"policy's hash of a name": {"closed.manifest", files, field(func(m *edition.Manifest) { m.ConfigHash = name })},
		"policy's hash": {"policy", policy, field(func(m *edition.Manifest) {
			m.ConfigHash = strings.Repeat("4d617274696e", 5) + "abcd"
		})},
		"key":                {"closed.manifest", files, field(func(m *edition.Manifest) { m.KeyID = name })},
		"a unit more":        {"units", sealedMap, an(func(a *edition.Anonymity) { a.UnitsK["school"] = 77 })},
		"a unit of a name":   {"units", sealedMap, an(func(a *edition.Anonymity) { a.UnitsK["z Mme Martin"] = 77 })},
		"persons of a class": {"units", sealedMap, an(func(a *edition.Anonymity) { a.UnitsK["person"] = 20 })},
		"houses of a class":  {"units", sealedMap, an(func(a *edition.Anonymity) { a.UnitsK["house"] += 7 })},
		"a level":            {"transformation", policy, an(func(a *edition.Anonymity) { a.Transformation["age"]++ })},
		"a level of a name":  {"closed.manifest", files, an(func(a *edition.Anonymity) { a.Transformation["Martin"] = 1 })},
		"schools": {"closed.manifest", files, field(func(m *edition.Manifest) {
			m.Population.Schools = 77
		})},
		"a threshold": {"closed.manifest", files, field(func(m *edition.Manifest) { m.Thresholds.CellPersons = 500 })},
		"a limit":     {"policy", policy, an(func(a *edition.Anonymity) { a.SuppressionLimit = 0.5 })},
		// All other fields of an edition.
		"a day":             {"closed.manifest", files, field(func(m *edition.Manifest) { m.Start = "2025-09-01" })},
		"synthetic":         {"closed.manifest", files, field(func(m *edition.Manifest) { m.Synthetic = true })},
		"input":             {"closed.manifest", files, field(func(m *edition.Manifest) { m.InputHash = name })},
		"supersedes":        {"closed.manifest", files, field(func(m *edition.Manifest) { m.Supersedes = name })},
		"register":          {"closed.manifest", files, field(func(m *edition.Manifest) { m.Booking.Head = name })},
		"rows of a file":    {"closed.manifest", files, field(func(m *edition.Manifest) { m.Files[1].Rows = 7 })},
		"a table of a file": {"closed.manifest", files, field(func(m *edition.Manifest) { m.Files[1].Table = name })},
		"noise":             {"closed.manifest", files, field(func(m *edition.Manifest) { m.Perturbation.Table = name })},
		"unnamed":           {"closed.manifest", files, field(func(m *edition.Manifest) { m.Unnamed = map[string]string{name: name} })},
		"recounted": {"closed.manifest", files, field(func(m *edition.Manifest) {
			m.Recounted = []string{name}
		})},
		"left out": {"closed.manifest", files, an(func(a *edition.Anonymity) { a.LeftOut = []string{name} })},
		"withheld": {"closed.manifest", files, an(func(a *edition.Anonymity) { a.Withheld = name })},
		// Promises, and numbers of no form.
		"a larger k":       {"k", files, an(func(a *edition.Anonymity) { a.K = 14 })},
		"a smaller k":      {"policy", policy, an(func(a *edition.Anonymity) { a.K = 2 })},
		"a negative level": {"closed.manifest", files, an(func(a *edition.Anonymity) { a.Transformation["age"] = -1 })},
		"a limit of no share": {"closed.manifest", files, an(func(a *edition.Anonymity) {
			a.SuppressionLimit = 4711.25
		})},
		"no unit":          {"closed.manifest", files, an(func(a *edition.Anonymity) { a.UnitsK = nil })},
		"another smallest": {"achieved", files, an(func(a *edition.Anonymity) { a.AchievedK++ })},
		"other classes":    {"classes", files, an(func(a *edition.Anonymity) { a.Classes++ })},
		"more persons":     {"achieved", sealedMap, field(func(m *edition.Manifest) { m.Population.Persons += 3 })},
		"more suppressed": {"suppressed", sealedMap, field(func(m *edition.Manifest) {
			m.Population.Persons += 1
			m.Anonymity.SuppressedPersons++
			m.Anonymity.SuppressedRows++
		})},
		"rows that are persons": {"achieved", files, field(func(m *edition.Manifest) {
			m.Notes = append([]string{edition.NoteRowsArePersons}, m.Notes...)
			m.Anonymity.SuppressedRows = m.Anonymity.SuppressedPersons
		})},
		"cells":                 {"closed.notes", files, note(edition.NoteCells)},
		"raised cells":          {"closed.notes", files, note(edition.NoteNonMinimal)},
		"a note twice":          {"closed.notes", files, note("average risk: at most 0.9")},
		"a lower risk":          {"average_risk", sealedMap, note("average risk: at most 0.01")},
		"a risk of a name":      {"closed.notes", files, note("average risk: at most Martin")},
		"a risk in hexadecimal": {"closed.notes", files, note("average risk: at most 0x1p-2")},
		"a promise less":        {"policy", policy, an(func(a *edition.Anonymity) { a.Sensitive = a.Sensitive[1:] })},
		"a bound it does not meet": {"sensitive.1.ill.distinct_l", files, an(func(a *edition.Anonymity) {
			a.Sensitive[0].Bound = 3
		})},
		"an achieved value": {"sensitive.2.mood.t_ordered", sealedMap, an(func(a *edition.Anonymity) {
			a.Sensitive[1].Achieved += 0.001
		})},
		"a rare value of no model": {"closed.manifest", files, an(func(a *edition.Anonymity) { a.Sensitive[0].Rare = name })},
		"a constant of no model":   {"closed.manifest", files, an(func(a *edition.Anonymity) { a.Sensitive[0].C = 4711 })},
		"a tree of no model": {"closed.manifest", files, an(func(a *edition.Anonymity) {
			a.Sensitive[0].Tree = [][]string{{name}}
		})},
		"compared with a name": {"closed.manifest", files, an(func(a *edition.Anonymity) { a.Sensitive[1].Against = name })},
		"a model of a name":    {"closed.manifest", files, an(func(a *edition.Anonymity) { a.Sensitive[0].Model = name })},
		"a bound on a name":    {"schema", files, an(func(a *edition.Anonymity) { a.Sensitive[0].Name = name })},
		"a quasi-identifier of a name": {"schema", files, an(func(a *edition.Anonymity) {
			a.QuasiIdentifiers = append(a.QuasiIdentifiers, name)
			a.Transformation[name] = 0
		})},
		"a quasi-identifier less": {"closed.manifest", files, an(func(a *edition.Anonymity) {
			a.QuasiIdentifiers = nil
		})},
		"a population": {"policy", policy, an(func(a *edition.Anonymity) {
			a.Among = &edition.AmongClaim{Persons: 99, KMap: 9, AchievedKMap: 9}
		})},
		// The files.
		"bytes behind the table": {"schema", files, func(_ *edition.Manifest, files map[string][]byte) {
			files["table.parquet"] = append(files["table.parquet"], "a name"...)
		}},
		"bytes before the footer": {"closed.tables", files, func(_ *edition.Manifest, files map[string][]byte) {
			f := files["table.parquet"]
			footer := int(f[len(f)-8]) | int(f[len(f)-7])<<8
			at := len(f) - 8 - footer
			files["table.parquet"] = append(append(append([]byte{}, f[:at]...), "a name"...), f[at:]...)
		}},
		"a column that is described nowhere": {"closed.descriptions", files,
			func(_ *edition.Manifest, files map[string][]byte) {
				files["datapackage.json"] = bytes.Replace(files["datapackage.json"], []byte(`"class"`), []byte(`"other"`), 1)
			}},
		"a description of a name": {"closed.descriptions", files, func(_ *edition.Manifest, files map[string][]byte) {
			files["datapackage.json"] = bytes.Replace(files["datapackage.json"], []byte("released as it is"), []byte(name), 1)
		}},
		"a file more": {"closed.files", files, func(m *edition.Manifest, files map[string][]byte) {
			files["martin.csv"] = []byte(name)
			m.Files = append(m.Files, edition.File{Name: "martin.csv"})
		}},
	} {
		t.Run(of, func(t *testing.T) {
			dir, sealed := households(t, "full-domain")
			forge(t, dir, c.change)
			judged(t, dir, sealed, c.refused, c.by)
		})
	}
}

// TestForgedCells: a table of cells that says that some were raised is refused by its policy alone, and what it says of
// levels by its files.
func TestForgedCells(t *testing.T) {
	for of, c := range map[string]struct {
		refused, by string
		change      func(m *edition.Manifest)
	}{
		"as released": {"", "", func(*edition.Manifest) {}},
		"raised":      {"policy", "policy", func(m *edition.Manifest) { m.Notes = slices.Insert(m.Notes, 1, edition.NoteNonMinimal) }},
		"of a column": {"closed.notes", "", func(m *edition.Manifest) { m.Notes = m.Notes[1:] }},
		"a level": {"closed.notes", "", func(m *edition.Manifest) {
			m.Anonymity.Transformation = map[string]int{"age": 1}
		}},
	} {
		t.Run(of, func(t *testing.T) {
			dir, sealed := households(t, "cell")
			forge(t, dir, func(m *edition.Manifest, _ map[string][]byte) { c.change(m) })
			judged(t, dir, sealed, c.refused, c.by)
		})
	}
}

// TestUnknownFields: a manifest with a field that there is none of is not read at all.
func TestUnknownFields(t *testing.T) {
	dir, _ := households(t, "full-domain")
	path := filepath.Join(dir, "manifest.json")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, field := range []string{`"score": 0.000001`, `"attested": {"rows": 99999}`, `"remark": "Mme Martin"`} {
		forged := bytes.Replace(text, []byte(`"suppression_limit"`), []byte(field+`, "suppression_limit"`), 1)
		if err := os.WriteFile(path, forged, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := audit.Table(context.Background(), audit.TableInputs{Dir: dir}, engine.Config{})
		if err == nil || strings.Contains(err.Error(), "Martin") {
			t.Errorf("%s: %v", field, err)
		}
	}
}

// judged audits a table from its files, with the sealed map, and with the policy too: a claim is refused by the first
// of these that can, and is not verified before.
func judged(t *testing.T, dir, sealed, refused, by string) {
	t.Helper()
	persons, err := audit.ReadSealed(sealed)
	if err != nil {
		t.Fatal(err)
	}
	inputs := map[string]audit.TableInputs{"": {Dir: dir}, "sealed": {Dir: dir, Sealed: persons}}
	asked, err := tablePolicy(filepath.Join(filepath.Dir(dir), "policy.toml"), dir)
	switch {
	case errors.Is(err, ErrOtherPolicy) && refused == "policy": // refused by name
	case errors.Is(err, ErrOtherPolicy) || by == "" && err != nil: // what is forged hides the policy
	case err != nil:
		t.Fatal(err)
	default:
		inputs["policy"] = audit.TableInputs{Dir: dir, Sealed: persons, Policy: asked}
	}
	can := by == ""
	if can && refused != "" { // the map and the policy take no refusal back
		inputs = map[string]audit.TableInputs{"": {Dir: dir}}
	}
	for _, given := range []string{"", "sealed", "policy"} {
		can = can || given == by
		in, ok := inputs[given]
		if !ok {
			continue
		}
		r, err := audit.Table(context.Background(), in,
			engine.Config{MemoryMB: 128, Threads: 1, TempDir: t.TempDir()})
		if err != nil {
			t.Fatal(err)
		}
		result := map[string]audit.Result{}
		for _, claim := range r.Claims {
			result[claim.ID] = claim.Result
		}
		switch {
		case refused == "" && !r.OK():
			t.Errorf("with %q: refused: %v", given, r.Failed())
		case refused != "" && can && result["table."+refused] != audit.Fails:
			t.Errorf("with %q: %s: %q; failed: %v", given, refused, result["table."+refused], r.Failed())
		case refused != "" && !can && (result["table."+refused] != audit.NotVerified || !r.OK()):
			t.Errorf("with %q: %s: %q, want not verified; failed: %v", given, refused, result["table."+refused], r.Failed())
		}
	}
}

// TestSealedMapStays: the map of persons is for the operator alone.
func TestSealedMapStays(t *testing.T) {
	dir, sealed := release(t, "id,age,ill,class", asWritten)
	info, err := os.Stat(sealed)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("its mode is %v", info.Mode().Perm())
	}
	for name, path := range map[string]string{"within the folder": filepath.Join(dir, "x", "sealed.csv"),
		"over a file": sealed} {
		if err := apart(path, dir); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	for name, text := range map[string]string{"another table": "a,b\n", "a row left out": "row,record,person\n1,1,1\n",
		"a name": "row,record,person\n0,0,Dupont\n", "a row cut": "row,record,person\n0\n",
		"a record twice": "row,record,person\n0,0,0\n1,0,1\n", "a row behind": "row,record,person\n,0,0\n0,1,1\n"} {
		path := filepath.Join(t.TempDir(), "map.csv")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := audit.ReadSealed(path)
		if err == nil {
			t.Errorf("%s: taken", name)
		} else if strings.Contains(err.Error(), "Dupont") {
			t.Errorf("%s: the error shows a value: %v", name, err)
		}
	}
}

// TestNothingIsCoarserForNothing: of nodes that lose as much the one that tells most is
// taken: a column of one value stays, and an interval that holds one value is that value.
func TestNothingIsCoarserForNothing(t *testing.T) {
	_, _, r := anonymized(t, "a,b,s\n1,x,u\n2,x,v\n1,x,u\n2,x,v\n1,x,v\n2,x,u\n", `
k = 2
suppression_limit = 0.1
recoding = "full-domain"
metric = "loss"
[[quasi_identifier]]
name = "a"
hierarchy = { intervals = [1, 10] }
[[quasi_identifier]]
name = "b"
[[sensitive]]
name = "s"
distinct_l = 2
`)
	for name, level := range r.Transformation {
		if level != 0 {
			t.Errorf("%s is at level %d", name, level)
		}
	}
}
