package subject

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/parquet-go/parquet-go"

	"github.com/entscope/entscope/anonymize/flow"
)

// put makes a table of rows computed in Go.
func put[T any](ctx context.Context, b *Builder, table string, rows []T) error {
	file := filepath.Join(b.scratch, table+".parquet")
	if err := parquet.WriteFile(file, rows); err != nil {
		return fmt.Errorf("subject: table %s: %w", table, err)
	}
	defer os.Remove(file)
	if err := b.engine.Load(ctx, table, []string{file}); err != nil {
		return fmt.Errorf("subject: %w", err)
	}
	b.run.Provided(table, flow.Table)
	return nil
}

// attach gives a view over the files of a zone's table, an empty one if there are none.
func attach[T any](ctx context.Context, b *Builder, view string, files []string) error {
	if len(files) == 0 {
		empty := filepath.Join(b.scratch, "empty_"+view+".parquet")
		if err := parquet.WriteFile(empty, []T{}); err != nil {
			return fmt.Errorf("subject: table %s: %w", view, err)
		}
		files = []string{empty}
	}
	if err := b.engine.Attach(ctx, view, files); err != nil {
		return fmt.Errorf("subject: %w", err)
	}
	b.run.Provided(view, flow.View)
	return nil
}
