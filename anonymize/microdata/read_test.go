package microdata

import (
	"bytes"
	"encoding/csv"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"

	"github.com/entscope/entscope/anonymize/kanon"
)

func texts(t *kanon.Table) [][]string {
	var out [][]string
	for i := range t.Rows() {
		var row []string
		for _, c := range t.Columns {
			row = append(row, c.Text(i))
		}
		out = append(out, row)
	}
	return out
}

func TestReadCSV(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		o    Options
		want string // rows of fields, joined by | and /
	}{
		"plain":        {"a,b\n1,2\n", Options{}, "1|2"},
		"semicolon":    {"a;b\n1,5;2\n", Options{}, "1,5|2"},
		"tab":          {"a\tb\n1\t2\n", Options{}, "1|2"},
		"bom and CRLF": {"\xef\xbb\xbfa,b\r\n1,2\r\n", Options{}, "1|2"},
		"no end":       {"a,b\n1,2", Options{}, "1|2"},
		"quotes":       {"a,b\n\"x,\"\"y\"\"\",2\n", Options{}, `x,"y"|2`},
		"lines":        {"a,b\n\"x\ny\",2\n", Options{}, "x\ny|2"},
		"missing":      {"a,b\n,\n1,\n", Options{}, "|/1|"},
		"one missing":  {"a\n\n1\n", Options{}, "/1"},
		"blank line":   {"a,b\n\n1,2\n", Options{}, "1|2"},
		"columns":      {"a,b,c\n1,2,3\n", Options{Columns: []string{"c", "a"}}, "1|3"},
		"person":       {"a,id\n1,x\n2,x\n", Options{Person: "id"}, "1/2"},
		"given":        {"a,b|c\n1,2|3\n", Options{Delimiter: '|'}, "1,2|3"},
	} {
		table, err := ReadCSV(strings.NewReader(c.text), c.o)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var rows []string
		for _, row := range texts(table.Table) {
			rows = append(rows, strings.Join(row, "|"))
		}
		if got := strings.Join(rows, "/"); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

// No error quotes what stands in the file.
func TestReadCSVRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		o    Options
		want string
	}{
		"empty":          {"", Options{}, "empty"},
		"heading only":   {"a,b\n", Options{}, "no row"},
		"short row":      {"a,b\nsecret\n", Options{}, "line 2 has 1 fields"},
		"long row":       {"a,b\n1,2\nsecret,2,3\n", Options{}, "line 3 has 3 fields"},
		"open quote":     {"a,b\n\"secret,2\n", Options{}, "line 2: a quote"},
		"quote inside":   {"a,b\nsec\"ret,2\n", Options{}, "line 2: a quote"},
		"after quote":    {"a,b\n\"x\"secret,2\n", Options{}, "line 2: a quote"},
		"latin 1":        {"a,b\nsecret\xe9,2\n", Options{}, `line 2, column "a": not UTF-8`},
		"NUL":            {"a,b\nsecret\x00,2\n", Options{}, "NUL"},
		"column twice":   {"a,a\n1,2\n", Options{}, `"a" stands twice`},
		"no such column": {"a,b\n1,2\n", Options{Columns: []string{"c"}}, `"c"`},
		"no such person": {"a,b\n1,2\n", Options{Person: "id"}, `"id"`},
		"empty person":   {"a,id\nsecret,\n2,x\n", Options{Person: "id"}, `column "id": 1 rows have no value`},
	} {
		_, err := ReadCSV(strings.NewReader(c.text), c.o)
		if err == nil || !errors.Is(err, ErrInput) && !errors.Is(err, ErrColumn) {
			t.Errorf("%s: got %v", name, err)
		} else if !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: got %q, want %q in it and no field of the file", name, err, c.want)
		}
	}
}

func TestReadParquetTypes(t *testing.T) {
	type row struct {
		S string  `parquet:"s,dict"`
		I int64   `parquet:"i"`
		U uint32  `parquet:"u"`
		F float64 `parquet:"f"`
		B bool    `parquet:"b"`
		D int32   `parquet:"d,date"`
		O *string `parquet:"o,optional"`
		P int64   `parquet:"p"`
	}
	path := filepath.Join(t.TempDir(), "t.parquet")
	x := "x"
	if err := parquet.WriteFile(path,
		[]row{{"é", -1, 4_000_000_000, 0.5, true, 19_000, &x, 7}, {"", 1, 0, 1e21, false, -1, nil, 7}}); err != nil {
		t.Fatal(err)
	}
	table, err := Read(path, Options{Person: "p"})
	if err != nil {
		t.Fatal(err)
	}
	var rows []string
	for _, r := range texts(table.Table) {
		rows = append(rows, strings.Join(r, "|"))
	}
	got, want := strings.Join(rows, "/"), "é|-1|4000000000|0.5|true|2022-01-08|x/|1|0|1e+21|false|1969-12-31|"
	if got != want || table.Units[0].IDs[0] != table.Units[0].IDs[1] {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestReadParquetRefusesDamage(t *testing.T) {
	path := filepath.Join(t.TempDir(), "t.parquet")
	if err := parquet.WriteFile(path, []struct {
		S string `parquet:"s"`
	}{{"secret"}, {"secret"}, {"other"}}); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for cut := 4; cut < len(data); cut += 3 {
		if err := os.WriteFile(path, data[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Read(path, Options{}); !errors.Is(err, ErrInput) || strings.Contains(err.Error(), "secret") {
			t.Errorf("cut at %d: %v", cut, err)
		}
	}
	for at := 4; at < len(data); at++ {
		damaged := bytes.Clone(data)
		damaged[at] ^= 0xff
		if err := os.WriteFile(path, damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Read(path, Options{}); err != nil &&
			(!errors.Is(err, ErrInput) || strings.Contains(err.Error(), "secret")) {
			t.Errorf("damaged at %d: %v", at, err)
		}
	}
}

// FuzzReadCSV compares with encoding/csv: what both accept is the same.
func FuzzReadCSV(f *testing.F) {
	f.Add("a,b\n1,2\n")
	f.Add("a;b\r\n\"x;\"\"y\";2\n\n,\n")
	f.Add("a,b\n\"x\ny\",\n")
	f.Fuzz(func(t *testing.T, text string) {
		table, err := ReadCSV(strings.NewReader(text), Options{Delimiter: ';'})
		if err != nil {
			return
		}
		if strings.Contains(text, "\r") {
			return // encoding/csv keeps some of them inside fields
		}
		r := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\xef\xbb\xbf")))
		r.Comma = ';'
		want, err := r.ReadAll()
		if err != nil {
			t.Fatalf("encoding/csv refuses what was accepted: %v", err)
		}
		got := texts(table.Table)
		if len(want) == 0 || len(want[0]) == 1 || slices.Contains(want[0], "") {
			return // blank lines and columns without a name differ by design
		}
		if len(got) != len(want)-1 {
			t.Fatalf("%d rows, encoding/csv has %d", len(got), len(want)-1)
		}
		for i := range got {
			if strings.Join(got[i], "\x00") != strings.Join(want[i+1], "\x00") {
				t.Fatalf("row %d differs", i)
			}
		}
	})
}
