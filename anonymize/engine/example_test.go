package engine_test

import (
	"context"
	"fmt"
	"os"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"github.com/entscope/entscope/anonymize/engine"
)

// Once locked, an engine answers from what it has, and can no longer reach a file.
func ExampleEngine_Lock() {
	ctx := context.Background()
	e, err := engine.Open(ctx, engine.Config{MemoryMB: 64, Threads: 1, TempDir: os.TempDir()})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer e.Close()
	if err := e.Exec(ctx, "CREATE TABLE visits AS SELECT CAST(7 AS BIGINT) AS n"); err != nil {
		fmt.Println(err)
		return
	}
	if err := e.Lock(ctx); err != nil {
		fmt.Println(err)
		return
	}
	print := func(r arrow.Record) error {
		fmt.Println(r.Column(0).(*array.Int64).Value(0))
		return nil
	}
	fmt.Println(e.Query(ctx, "SELECT n + $1 FROM visits", print, int64(3)))
	fmt.Println(e.Query(ctx, "SELECT * FROM read_csv('/etc/passwd')", print) != nil)
	// Output:
	// 10
	// <nil>
	// true
}
