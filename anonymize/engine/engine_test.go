package engine_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/parquet-go/parquet-go"

	"github.com/entscope/entscope/anonymize/engine"
)

type row struct {
	K string `parquet:"k"`
	N int64  `parquet:"n"`
}

func open(t *testing.T) *engine.Engine {
	t.Helper()
	e, err := engine.Open(context.Background(), engine.Config{MemoryMB: 128, Threads: 2, TempDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	return e
}

func sum(t *testing.T, e *engine.Engine, sql string, args ...any) int64 {
	t.Helper()
	var total int64
	err := e.Query(context.Background(), sql, func(rec arrow.Record) error {
		col := rec.Column(0).(*array.Int64)
		for i := range col.Len() {
			total += col.Value(i)
		}
		return nil
	}, args...)
	if err != nil {
		t.Fatal(err)
	}
	return total
}

// An answer that is given in parts is the answer, in its order, and leaves no table.
func TestQueryParts(t *testing.T) {
	e, err := engine.Open(t.Context(), engine.Config{MemoryMB: 64, Threads: 1, TempDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	for _, rows := range []int64{0, 1, 600_000} {
		next := rows
		err := e.QueryParts(t.Context(),
			"SELECT n.range AS n, 'a' AS k FROM range(CAST(? AS BIGINT)) AS n ORDER BY n.range DESC",
			func(rec arrow.Record) error {
				for _, n := range rec.Column(0).(*array.Int64).Int64Values() {
					if next--; n != next {
						t.Fatalf("of %d rows: %d where %d is next", rows, n, next)
					}
				}
				return nil
			}, rows)
		if err != nil || next != 0 {
			t.Errorf("of %d rows %d are missing: %v", rows, next, err)
		}
		if n := sum(t, e, "SELECT COUNT(*) FROM duckdb_tables()"); n != 0 {
			t.Errorf("%d tables are left", n)
		}
	}
	failed := errors.New("the reader's own")
	if err := e.QueryParts(t.Context(), "SELECT 1 AS n", func(arrow.Record) error { return failed }); !errors.Is(err, failed) {
		t.Errorf("a reader's fault is lost: %v", err)
	}
	if err := e.QueryParts(t.Context(), "SELECT n FROM nowhere", nil); err == nil {
		t.Error("a table that is not there was read")
	}
}

// What an engine makes beside another is its own until it is kept, and hides what the other
// has by the same name.
func TestBeside(t *testing.T) {
	ctx, e := t.Context(), open(t)
	make := func(e *engine.Engine, sql string) {
		t.Helper()
		if err := e.Materialise(ctx, "t", false, sql); err != nil {
			t.Fatal(err)
		}
	}
	make(e, "SELECT 1::BIGINT AS n")
	other, err := e.Beside(ctx)
	if err != nil {
		t.Fatal(err)
	}
	const all = "SELECT n FROM t"
	if got := sum(t, other, all); got != 1 {
		t.Errorf("beside: %d", got)
	}
	make(other, "SELECT 2::BIGINT AS n")
	if own, of := sum(t, other, all), sum(t, e, all); own != 2 || of != 1 {
		t.Errorf("its own: %d, that of the other: %d", own, of)
	}
	if err := other.Keep(ctx, "t", true); err != nil {
		t.Fatal(err)
	}
	if of, too := sum(t, e, all), sum(t, other, all); of != 3 || too != 3 {
		t.Errorf("kept: %d, beside %d", of, too)
	}
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	if got := sum(t, e, all); got != 3 {
		t.Errorf("after the other was closed: %d", got)
	}
}

func TestLoadQueryBind(t *testing.T) {
	file := filepath.Join(t.TempDir(), "it's.parquet")
	if err := parquet.WriteFile(file, []row{{"a", 1}, {"a", 2}, {"b'; DROP TABLE t", 4}}); err != nil {
		t.Fatal(err)
	}
	e := open(t)
	if err := e.Load(context.Background(), "t", []string{file}); err != nil {
		t.Fatal(err)
	}
	if got := sum(t, e, "SELECT CAST(sum(n) AS BIGINT) FROM t WHERE k = ?", "b'; DROP TABLE t"); got != 4 {
		t.Errorf("bound value: got %d, want 4", got)
	}
	if got := sum(t, e, "SELECT CAST(sum(n) AS BIGINT) FROM t"); got != 7 {
		t.Errorf("sum: got %d, want 7", got)
	}
}

func TestLockRefusesFilesAndSettings(t *testing.T) {
	ctx := context.Background()
	file := filepath.Join(t.TempDir(), "x.parquet")
	if err := parquet.WriteFile(file, []row{{"a", 1}}); err != nil {
		t.Fatal(err)
	}
	e := open(t)
	if err := e.Load(ctx, "t", []string{file}); err != nil {
		t.Fatal(err)
	}
	if err := e.Lock(ctx); err != nil {
		t.Fatal(err)
	}
	if got := sum(t, e, "SELECT n FROM t"); got != 1 {
		t.Errorf("a loaded table must stay readable, got %d", got)
	}
	for _, forbidden := range []string{
		"SELECT * FROM read_parquet('" + file + "')",
		"SELECT * FROM '" + file + "'",
		"SELECT * FROM read_csv('/etc/passwd')",
		"COPY t TO '" + filepath.Join(t.TempDir(), "out.csv") + "'",
		"ATTACH '" + filepath.Join(t.TempDir(), "x.db") + "'",
		"INSTALL httpfs",
		"SET enable_external_access = true",
		"SET memory_limit = '10GB'",
	} {
		if err := e.Exec(ctx, forbidden); err == nil {
			t.Errorf("a locked engine ran: %s", forbidden)
		}
	}
	if err := e.Load(ctx, "u", []string{file}); err == nil {
		t.Error("a locked engine loaded a file")
	}
	if _, err := os.Stat(file); err != nil {
		t.Fatal(err)
	}
}

func TestOpenRefusesUnsetBounds(t *testing.T) {
	valid := engine.Config{MemoryMB: 64, Threads: 1, TempDir: t.TempDir()}
	for name, change := range map[string]func(*engine.Config){
		"memory":  func(c *engine.Config) { c.MemoryMB = 0 },
		"threads": func(c *engine.Config) { c.Threads = 0 },
		"temp":    func(c *engine.Config) { c.TempDir = "" },
	} {
		c := valid
		change(&c)
		if _, err := engine.Open(context.Background(), c); err == nil {
			t.Errorf("%s unset: no error", name)
		}
	}
}

// TestMemoryRunsOut asks for more than the engine may use, of what cannot be spilled.
func TestMemoryRunsOut(t *testing.T) {
	e, err := engine.Open(context.Background(), engine.Config{MemoryMB: 8, Threads: 1, TempDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	err = e.Query(context.Background(), "SELECT list(i) FROM range(20000000) r(i)",
		func(arrow.Record) error { return nil })
	if !errors.Is(err, engine.ErrMemory) {
		t.Errorf("error %v, want ErrMemory", err)
	}
}
