package flow_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/entscope/entscope/anonymize/engine"
	"github.com/entscope/entscope/anonymize/flow"
)

// file is a statement: its first line, reads, arguments and SELECT.
func file(output, reads, args, sql string) *fstest.MapFile {
	text := "-- " + output + "\n-- reads: " + reads + "\n"
	if args != "" {
		text += "-- args: " + args + "\n"
	}
	return &fstest.MapFile{Data: []byte(text + "-- grain: one row per n\n-- columns: n\n-- What?\n" + sql + "\n")}
}

func TestReadRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		files fstest.MapFS
		want  string
	}{
		"a cycle": {fstest.MapFS{
			"sql/a.sql": file("table: a", "b", "", "SELECT n FROM b"),
			"sql/b.sql": file("table: b", "a", "", "SELECT n FROM a"),
		}, "a cycle: a ← b ← a"},
		"a table that nothing makes": {fstest.MapFS{"sql/a.sql": file("table: a", "b", "", "SELECT n FROM b")},
			"a reads b, which nothing makes"},
		"reads that are not told": {fstest.MapFS{"sql/a.sql": file("table: a", "s", "", "SELECT n FROM s JOIN x")},
			`declares that it reads ["s"], and reads ["s" "x"]`},
		"a view with arguments": {fstest.MapFS{"sql/a.sql": file("view: a", "s", "n", "SELECT :n AS n FROM s")},
			"is a view, and takes arguments"},
		"no kind": {fstest.MapFS{"sql/a.sql": file("grain: one row", "s", "", "SELECT n FROM s")},
			"declares no table, view or answer"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := flow.Read(c.files, "sql", []string{"s"})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}

func TestBind(t *testing.T) {
	s, err := flow.Parse("a",
		string(file("table: a", "s", "low, kind",
			"SELECT n FROM s WHERE n >= :low AND kind = :kind AND m < :low AND service = :service_grades").Data))
	if err != nil {
		t.Fatal(err)
	}
	sql, args, err := s.Bind(map[string]int64{"service_grades": 3}, map[string]any{"kind": "all"},
		map[string]any{"low": int32(7), "kind": "none"})
	if err != nil {
		t.Fatal(err)
	}
	if want := "SELECT n FROM s WHERE n >= ? AND kind = ? AND m < ? AND service = 3\n"; sql != want {
		t.Errorf("got %s, want %s", sql, want)
	}
	if got := fmt.Sprint(args); got != "[7 all 7]" {
		t.Errorf("arguments %s", got)
	}
	if _, _, err := s.Bind(nil, map[string]any{"low": 1, "kind": "all"}); err == nil ||
		!strings.Contains(err.Error(), "service_grades") {
		t.Errorf("a name that nobody declares: %v", err)
	}
}

// A loop of three rounds: double is made anew in each and dropped after its last
// reader, total grows, and the answer reads it by name.
func TestRunner(t *testing.T) {
	ctx := t.Context()
	g, err := flow.Read(fstest.MapFS{
		"sql/double.sql": file("table: double, per round", "s", "n", "SELECT CAST(2 * s.n + :n AS BIGINT) AS n FROM s"),
		"sql/total.sql":  file("table: total, adds round", "double", "", "SELECT n FROM double"),
		"sql/sum.sql":    file("answer:", "total", "", "SELECT CAST(SUM(n) AS BIGINT) AS n FROM total"),
	}, "sql", []string{"s"})
	if err != nil {
		t.Fatal(err)
	}
	e, err := engine.Open(ctx, engine.Config{MemoryMB: 64, Threads: 1, TempDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	if err := e.Exec(ctx, "CREATE TABLE s AS SELECT 1 AS n"); err != nil {
		t.Fatal(err)
	}
	r := flow.NewRunner(g, e, nil, map[string]func(context.Context) error{})
	r.Provided("s", flow.Table)
	for round := range 3 {
		if err := r.Round(ctx, "round", map[string]any{"n": round}, g.Growing("round")...); err != nil {
			t.Fatal(err)
		}
		if err := e.Exec(ctx, "SELECT n FROM double"); err == nil {
			t.Error("double is there after its last reader")
		}
	}
	for n := range 2 { // two more rounds, of runners beside
		beside, err := e.Beside(ctx)
		if err != nil {
			t.Fatal(err)
		}
		defer beside.Close()
		other := r.Beside(beside, nil)
		if err := other.Round(ctx, "round", map[string]any{"n": 3 + n}, g.Growing("round")...); err != nil {
			t.Fatal(err)
		}
		if err := r.Gather(ctx, other); err != nil {
			t.Fatal(err)
		}
	}
	var sum int64
	if err := flow.Rows(ctx, r, "sum", func(row struct{ N int64 }) error {
		sum = row.N
		return nil
	}); err != nil || sum != 2+3+4+5+6 {
		t.Errorf("sum %d, %v", sum, err)
	}
	if err := flow.Rows(ctx, r, "sum", func(struct{ M int64 }) error { return nil }); err == nil {
		t.Error("a struct without the column is filled")
	}
}

// recorder is an engine that notes which tables it was told are read once.
type recorder struct {
	*engine.Engine
	once map[string]bool
}

func (r recorder) Materialise(ctx context.Context, table string, once bool, sql string, args ...any) error {
	r.once[table] = once
	return r.Engine.Materialise(ctx, table, once, sql, args...)
}

// A table is read once where one place of one statement reads it that runs no more often than it is made.
func TestReadOnce(t *testing.T) {
	g, err := flow.Read(fstest.MapFS{
		"sql/once.sql":   file("table: once", "s", "", "SELECT n FROM s"),
		"sql/twice.sql":  file("table: twice", "once", "", "SELECT n FROM once"),
		"sql/viewed.sql": file("table: viewed", "twice", "", "SELECT n FROM twice"),
		"sql/view.sql":   file("view: view", "viewed", "", "SELECT n FROM viewed"),
		"sql/looped.sql": file("table: looped", "twice, view", "",
			"SELECT a.n FROM twice AS a JOIN view AS b ON a.n = b.n"),
		"sql/round.sql": file("table: round, per loop", "looped", "", "SELECT n FROM looped"),
		"sql/scanned.sql": file("table: scanned, per loop", "round", "",
			"SELECT a.n FROM round AS a JOIN round AS b ON a.n = b.n"),
		"sql/again.sql": file("table: again, per loop", "scanned", "", "SELECT n FROM scanned"),
	}, "sql", []string{"s"}, flow.Step{Answers: "cells", Reads: []string{"again"}, Loop: "loop"})
	if err != nil {
		t.Fatal(err)
	}
	e, err := engine.Open(t.Context(), engine.Config{MemoryMB: 64, Threads: 1, TempDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	r := recorder{e, map[string]bool{}}
	if err := e.Materialise(t.Context(), "s", false, "SELECT 1 AS n"); err != nil {
		t.Fatal(err)
	}
	runner := flow.NewRunner(g, r, nil, nil)
	runner.Provided("s", flow.Table)
	if err := runner.Round(t.Context(), "loop", nil, "again"); err != nil {
		t.Fatal(err)
	}
	want := map[string]bool{"once": true, "twice": false, "viewed": false, "looped": false, "round": false,
		"scanned": true, "again": true}
	if fmt.Sprint(r.once) != fmt.Sprint(want) {
		t.Errorf("read once: %v, want %v", r.once, want)
	}
}
