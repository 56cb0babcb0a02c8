package query

import (
	"context"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/parquet-go/parquet-go"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/engine"
)

// The engine of an opened edition reaches nothing but the edition.
func TestLocked(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "e")
	w, err := edition.NewWriter(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := edition.WriteTable(w, edition.TableCoverage, []edition.CoverageRow{{Feed: "neo"}}, nil); err != nil {
		t.Fatal(err)
	}
	if err := w.Commit(&edition.Manifest{Kind: "research"}); err != nil {
		t.Fatal(err)
	}
	secret := filepath.Join(t.TempDir(), "secret.parquet")
	if err := parquet.WriteFile(secret, []edition.CoverageRow{{Feed: "secret"}}); err != nil {
		t.Fatal(err)
	}
	e, err := Open(context.Background(), dir, engine.Config{MemoryMB: 64, Threads: 1, TempDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	nothing := func(arrow.Record) error { return nil }
	for _, sql := range []string{
		"SELECT * FROM read_parquet('" + secret + "')",
		"COPY coverage TO '" + secret + ".out'",
		"SET enable_external_access = true",
		"SET memory_limit = '8GiB'",
	} {
		if err := e.engine.Query(context.Background(), sql, nothing); err == nil {
			t.Errorf("%s: not refused", sql)
		}
	}
}

// Nothing downstream of an edition can read anything upstream.
func TestImports(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, source, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, spec := range f.Imports {
			path, _ := strconv.Unquote(spec.Path.Value)
			inner, house := strings.CutPrefix(path, "github.com/entscope/entscope/")
			// flow runs declared statements over the engine, and knows nothing of what they speak of
			known := inner == "anonymize/edition" || inner == "anonymize/engine" || inner == "anonymize/flow"
			if house && !known {
				t.Errorf("%s imports %s", name, inner)
			}
		}
	}
}
