package trino_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/parquet-go/parquet-go"

	"github.com/entscope/entscope/anonymize/engine/trino"
)

// server is a Trino on loopback that .ci/engine starts; without one these tests are skipped.
func server(t *testing.T) trino.Config {
	t.Helper()
	c := trino.Config{URL: os.Getenv("ENTSCOPE_TRINO_URL"), Catalog: "lake", Schema: "entscope_test", Owner: "test",
		User: "entscope", Folder: os.Getenv("ENTSCOPE_TRINO_FOLDER"), FolderURL: "local:///shared", MostRows: 1000}
	if c.URL == "" {
		t.Skip("no Trino: .ci/engine starts one")
	}
	return c
}

type row struct {
	K string `parquet:"k"`
	N int64  `parquet:"n"`
	S int8   `parquet:"s"`
}

func TestObjects(t *testing.T) {
	ctx := t.Context()
	e, err := trino.Open(ctx, server(t))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	}()
	file := filepath.Join(t.TempDir(), "t.parquet")
	if err := parquet.WriteFile(file, []row{{"a", 1, 1}, {"a", 2, -1}, {"from t", 4, 2}}); err != nil {
		t.Fatal(err)
	}
	sum := func(sql string, args ...any) (n int64) {
		t.Helper()
		err := e.Query(ctx, sql, func(rec arrow.Record) error {
			for _, v := range rec.Column(0).(*array.Int64).Int64Values() {
				n += v
			}
			return nil
		}, args...)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	for _, step := range []struct {
		name string
		do   func(context.Context) error
		sql  string
		args []any
		want int64
	}{
		{"files", func(ctx context.Context) error { return e.Load(ctx, "t", []string{file}) },
			"SELECT n FROM t WHERE k <> 'from t' AND n >= ?", []any{int64(2)}, 2},
		{"smallest bound", func(context.Context) error { return nil },
			"SELECT n FROM t WHERE n >= ?", []any{int64(-1 << 63)}, 7},
		{"a table of a table read once", func(ctx context.Context) error {
			if err := e.Materialise(ctx, "u", true, "SELECT k, n + ? AS n, '' AS e FROM t AS x", int64(10)); err != nil {
				return err
			}
			return e.Materialise(ctx, "w", false, "SELECT k, n + ? AS n, e FROM u WHERE u.n > ?", int64(100), int64(11))
		}, "SELECT n FROM w", nil, 112 + 114},
		{"from itself", func(ctx context.Context) error {
			return e.Materialise(ctx, "w", false, "SELECT k, n * 2 AS n, e FROM w")
		}, "SELECT n FROM w", nil, 2 * 226},
		{"more", func(ctx context.Context) error { return e.Extend(ctx, "w", "SELECT k, n, '' AS e FROM t") },
			"SELECT n FROM w", nil, 2*226 + 7},
		{"a view", func(ctx context.Context) error { return e.Define(ctx, "v", "SELECT n FROM w WHERE n < 100") },
			"SELECT n FROM v JOIN (SELECT 1 AS one) AS o ON o.one <= v.n", nil, 7},
		{"another name", func(ctx context.Context) error { return e.Rename(ctx, "w", "x") }, "SELECT n FROM x", nil,
			2*226 + 7},
		{"dropped, and still meant", func(ctx context.Context) error { return e.Drop(ctx, "x", false) },
			"SELECT n FROM v", nil, 7},
	} {
		if err := step.do(ctx); err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		if got := sum(step.sql, step.args...); got != step.want {
			t.Errorf("%s: %d, want %d", step.name, got, step.want)
		}
	}
}
