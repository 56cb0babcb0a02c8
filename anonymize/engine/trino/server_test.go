//go:build engine

package trino_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/parquet-go/parquet-go"

	"github.com/entscope/entscope/anonymize/engine/trino"
)

// server is the Trino that .ci/engine has started, once it takes work.
func server(t *testing.T) trino.Config {
	t.Helper()
	dir := os.Getenv("ENTSCOPE_ENGINE")
	read := func(name string) string {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return strings.TrimSpace(string(data))
	}
	c := trino.Config{URL: read("https"), Catalog: "lake", Schema: "entscope_test", Owner: "test", User: "entscope",
		Password: read("password"), CA: []byte(read("ca.pem")), Folder: filepath.Join(dir, "lake", "shared"),
		FolderURL: "local:///shared", MostRows: 1000}
	for range 60 {
		e, err := trino.Open(t.Context(), c)
		switch {
		case err == nil:
			if err := e.Close(); err != nil {
				t.Fatal(err)
			}
			return c
		case !errors.Is(err, trino.ErrUnavailable):
			t.Fatal(err)
		}
		time.Sleep(time.Second)
	}
	t.Fatal("the server takes no work")
	return c
}

// What a real server refuses, and what the faults are to a user.
func TestRefused(t *testing.T) {
	ctx, valid := t.Context(), server(t)
	for name, c := range map[string]struct {
		change func(*trino.Config)
		text   string
	}{
		"password": {func(c *trino.Config) { c.Password = "wrong" }, "password refused"},
		"TLS":      {func(c *trino.Config) { c.CA = nil }, "certificate"},
		"catalog":  {func(c *trino.Config) { c.Catalog = "sea" }, "sea"},
	} {
		config := valid
		c.change(&config)
		if _, err := trino.Open(ctx, config); !errors.Is(err, trino.ErrConfig) || !strings.Contains(err.Error(), c.text) {
			t.Errorf("%s: %v", name, err)
		}
	}
	e, err := trino.Open(ctx, valid)
	if err != nil {
		t.Fatal(err)
	}
	other := valid
	other.Owner = "other"
	if _, err := trino.Open(ctx, other); !errors.Is(err, trino.ErrConfig) {
		t.Errorf("a schema of another study: %v", err)
	}
	many := func(arrow.Record) error { return nil }
	if err := e.Query(ctx, "SELECT n FROM UNNEST(SEQUENCE(1, 1001)) AS s (n)", many); !errors.Is(err, trino.ErrTooLarge) {
		t.Errorf("1001 rows of 1000: %v", err)
	}
	if err := e.Materialise(ctx, "t", false, "SELECT 1 AS n"); err != nil {
		t.Fatal(err)
	}
	if err := trino.Remove(ctx, valid); err != nil { // somebody drops what the run still needs
		t.Fatal(err)
	}
	err = e.Query(ctx, "SELECT n FROM t", many)
	if err == nil || !strings.Contains(err.Error(), "_NOT_FOUND") || errors.Is(err, trino.ErrUnavailable) {
		t.Errorf("a table that is gone: %v", err)
	}
	if err := e.Close(); err != nil {
		t.Error(err)
	}
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
	empty := filepath.Join(t.TempDir(), "empty.parquet")
	if err := parquet.WriteFile(empty, []row{}); err != nil {
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
		{"files of no row", func(ctx context.Context) error { return e.Attach(ctx, "none", []string{empty}) },
			"SELECT t.n FROM t LEFT JOIN none ON none.n = t.n WHERE none.k IS NULL", nil, 7},
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
