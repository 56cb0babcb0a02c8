package national_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
)

// The portal exports the small files as Parquet too: they make the same edition.
func TestRegistersAsParquet(t *testing.T) {
	dir, _ := simulate(t, 30)
	files := filesOf(t, dir)
	_, want, err := read(t, files...)
	if err != nil {
		t.Fatal(err)
	}
	asParquet := make([]string, len(files))
	for i, name := range files {
		asParquet[i] = name
		if filepath.Base(filepath.Dir(name)) != "dnma" {
			asParquet[i] = parquetOf(t, name)
		}
	}
	_, got, err := read(t, asParquet...)
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range []string{"ips", "schools", "calendar", "profils"} {
		a, err := os.ReadFile(filepath.Join(want, table+".parquet"))
		if err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(filepath.Join(got, table+".parquet"))
		if err != nil {
			t.Fatal(err)
		}
		if string(a) != string(b) {
			t.Errorf("%s: another table comes of Parquet", table)
		}
	}
}

// parquetOf writes a CSV as a Parquet file of texts.
func parquetOf(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(data), "\ufeff")))
	r.Comma = ';'
	records, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	columns := parquet.Group{}
	for _, heading := range records[0] {
		columns[heading] = parquet.Optional(parquet.String())
	}
	out := filepath.Join(t.TempDir(), strings.TrimSuffix(filepath.Base(name), ".csv")+".parquet")
	f, err := os.Create(out)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w := parquet.NewGenericWriter[map[string]any](f, parquet.NewSchema("register", columns))
	for _, record := range records[1:] {
		row := map[string]any{}
		for i, text := range record {
			row[records[0][i]] = text
		}
		if _, err := w.Write([]map[string]any{row}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out
}
