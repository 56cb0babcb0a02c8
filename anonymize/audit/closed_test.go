package audit

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress"

	"github.com/entscope/entscope/anonymize/edition"
)

// TestNothingRidesAlong hides a text in an edition in every place that a reader of its
// tables would not look at, signs it again, and asks that the audit see it.
func TestNothingRidesAlong(t *testing.T) {
	const payload = "Jeanne Martin"
	written := func(codec compress.Codec, options ...parquet.WriterOption) func(*testing.T, *fixture, string) {
		return func(t *testing.T, f *fixture, dir string) {
			var b bytes.Buffer
			options := append([]parquet.WriterOption{parquet.Compression(codec), parquet.CreatedBy("entscope", "1",
				"0")}, options...)
			for key, value := range f.manifest.Metadata(edition.TableWeeks) {
				options = append(options, parquet.KeyValueMetadata(key, value))
			}
			w := parquet.NewGenericWriter[edition.WeekRow](&b, options...)
			_, err := w.Write(f.weeks)
			must(t, err)
			must(t, w.Close())
			replace(t, dir, edition.TableWeeks, b.Bytes(), int64(len(f.weeks)))
		}
	}
	manifest := func(change func(m *edition.Manifest)) func(*testing.T, *fixture, string) {
		return func(t *testing.T, _ *fixture, dir string) { resign(t, dir, change) }
	}
	rewrite := func(change func(text string) string) func(*testing.T, *fixture, string) {
		return func(t *testing.T, _ *fixture, dir string) {
			path := filepath.Join(dir, "manifest.json")
			text, err := os.ReadFile(path)
			must(t, err)
			must(t, os.WriteFile(path, []byte(change(string(text))), 0o600))
		}
	}
	for name, c := range map[string]struct {
		claim  string
		change func(*testing.T, *fixture, string)
	}{
		"in the metadata":       {"closed.tables", written(&parquet.Zstd, parquet.KeyValueMetadata("family", payload))},
		"another codec":         {"closed.footers", written(&parquet.Gzip)},
		"Brotli":                {"closed.footers", written(&parquet.Brotli)},
		"another writer":        {"closed.tables", written(&parquet.Zstd, parquet.CreatedBy("other", "1", "0"))},
		"pages of another form": {"closed.tables", written(&parquet.Zstd, parquet.DataPageVersion(1))},
		"between the pages": {"closed.tables", func(t *testing.T, f *fixture, dir string) {
			data, err := os.ReadFile(filepath.Join(dir, "weeks.parquet"))
			must(t, err)
			end := len(data) - 8 - int(uint32(data[len(data)-8])|uint32(data[len(data)-7])<<8)
			data = slices.Concat(data[:end], []byte(payload), data[end:])
			replace(t, dir, edition.TableWeeks, data, int64(len(f.weeks)))
		}},
		"in a note": {"closed.notes", manifest(func(m *edition.Manifest) { m.Notes = append(m.Notes, payload) })},
		"in the codebook": {"closed.descriptions", func(t *testing.T, _ *fixture, dir string) {
			path := filepath.Join(dir, "CODEBOOK.fr.md")
			text, err := os.ReadFile(path)
			must(t, err)
			text = append(text, payload...)
			must(t, os.WriteFile(path, text, 0o600))
			resign(t, dir, func(m *edition.Manifest) {
				m.Files[0].Bytes, m.Files[0].SHA256 = int64(len(text)), digest(text)
			})
		}},
		"in a declared file": {"closed.files", func(t *testing.T, _ *fixture, dir string) {
			must(t, os.WriteFile(filepath.Join(dir, "familles.csv"), []byte(payload), 0o600))
			resign(t, dir, func(m *edition.Manifest) {
				m.Files = append(m.Files, edition.File{Name: "familles.csv", Bytes: int64(len(payload)),
					SHA256: digest([]byte(payload))})
			})
		}},
		"in a key said twice": {"closed.manifest", rewrite(func(text string) string {
			return strings.Replace(text, `"study": "demo"`, `"study": "`+payload+`", "study": "demo"`, 1)
		})},
		"in white space": {"closed.manifest", rewrite(func(text string) string { return text + " \t \n" })},
		"in an escape": {"closed.manifest", rewrite(func(text string) string {
			return strings.Replace(text, `"demo"`, `"d\u0065mo"`, 1)
		})},
		"one table less": {"closed.files", func(t *testing.T, _ *fixture, dir string) {
			must(t, os.Remove(filepath.Join(dir, "weeks.parquet")))
			resign(t, dir, func(m *edition.Manifest) {
				m.Files = slices.DeleteFunc(m.Files, func(f edition.File) bool { return f.Table == edition.TableWeeks })
			})
		}},
	} {
		t.Run(name, func(t *testing.T) {
			f := research()
			dir := f.write(t)
			c.change(t, f, dir)
			if r := audit(t, dir); !fails(r, "research."+c.claim) {
				t.Errorf("%s holds; failing: %v", c.claim, failed(r))
			}
		})
	}
}

// replace puts other bytes in the place of a table and signs them.
func replace(t *testing.T, dir, table string, data []byte, rows int64) {
	t.Helper()
	must(t, os.WriteFile(filepath.Join(dir, table+".parquet"), data, 0o600))
	sign(t, dir, table, data, rows)
}

// resign changes a manifest and writes it as an edition would.
func resign(t *testing.T, dir string, change func(m *edition.Manifest)) {
	t.Helper()
	path := filepath.Join(dir, "manifest.json")
	raw, err := os.ReadFile(path)
	must(t, err)
	var m edition.Manifest
	must(t, json.Unmarshal(raw, &m))
	change(&m)
	text, err := m.Text()
	must(t, err)
	must(t, os.WriteFile(path, text, 0o600))
}
