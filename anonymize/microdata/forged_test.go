package microdata

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
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
	job := Job{Input: write("in.csv", table), Out: filepath.Join(work, "out"),
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

// forge rewrites a released table, hashes and all, as somebody without a key can.
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
	change(m, files)
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

// TestForgedTables: what a table does not hold is refused by the claim that says so.
func TestForgedTables(t *testing.T) {
	for name, c := range map[string]struct {
		refused string // the claim; "" is none
		change  func(m *edition.Manifest, files map[string][]byte)
	}{
		"as released": {"", func(*edition.Manifest, map[string][]byte) {}},
		"a larger k":  {"table.k", func(m *edition.Manifest, _ map[string][]byte) { m.Anonymity.K = 20 }},
		"another smallest": {"table.achieved",
			func(m *edition.Manifest, _ map[string][]byte) { m.Anonymity.AchievedK++ }},
		"other classes": {"table.classes", func(m *edition.Manifest, _ map[string][]byte) { m.Anonymity.Classes++ }},
		"fewer persons": {"table.achieved", func(m *edition.Manifest, _ map[string][]byte) {
			m.Population.Persons += 3
		}},
		"a bound it does not meet": {"table.sensitive.1.ill.distinct_l",
			func(m *edition.Manifest, _ map[string][]byte) {
				m.Anonymity.Sensitive[0].Bound = 3
			}},
		"an achieved value": {"table.sensitive.2.ill.beta", func(m *edition.Manifest, _ map[string][]byte) {
			m.Anonymity.Sensitive[1].Achieved += 0.001
		}},
		"a quasi-identifier left out": {"table.classes", func(m *edition.Manifest, _ map[string][]byte) {
			m.Anonymity.QuasiIdentifiers = nil
		}},
		"bytes behind the table": {"table.schema", func(_ *edition.Manifest, files map[string][]byte) {
			files["table.parquet"] = append(files["table.parquet"], "a name"...)
		}},
		"bytes before the footer": {"table.closed.tables", func(_ *edition.Manifest, files map[string][]byte) {
			f := files["table.parquet"]
			footer := int(f[len(f)-8]) | int(f[len(f)-7])<<8
			at := len(f) - 8 - footer
			files["table.parquet"] = append(append(append([]byte{}, f[:at]...), "a name"...), f[at:]...)
		}},
		"a column that is described nowhere": {"table.schema", func(_ *edition.Manifest, files map[string][]byte) {
			files["datapackage.json"] = bytes.Replace(files["datapackage.json"], []byte(`"class"`), []byte(`"other"`),
				1)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			dir, sealed := release(t, "id,age,ill,class", asWritten)
			forge(t, dir, c.change)
			persons, err := audit.ReadSealed(sealed)
			if err != nil {
				t.Fatal(err)
			}
			r, err := audit.Table(context.Background(), audit.TableInputs{Dir: dir, Persons: persons},
				engine.Config{MemoryMB: 128, Threads: 1, TempDir: t.TempDir()})
			if err != nil {
				t.Fatal(err)
			}
			var failed []string
			for _, claim := range r.Failed() {
				failed = append(failed, claim.ID)
			}
			if c.refused == "" && len(failed) > 0 {
				t.Errorf("refused: %v", failed)
			}
			if c.refused != "" && !strings.Contains(strings.Join(failed, " ")+" ", c.refused+" ") {
				t.Errorf("failed: %v, want %s", failed, c.refused)
			}
		})
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
	for name, text := range map[string]string{"another table": "a,b\n", "a row left out": "row,person\n1,1\n",
		"a name": "row,person\n0,Dupont\n", "a row cut": "row,person\n0\n"} {
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
