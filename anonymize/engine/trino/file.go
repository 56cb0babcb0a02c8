package trino

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
)

// Load makes a table of files that go away.
func (e *Engine) Load(ctx context.Context, table string, files []string) error {
	return e.Attach(ctx, table, files)
}

// Attach makes a table over files of Parquet: they are shared with the cluster, each column with the type that it
// has there. A column that only some files have is missing in the others, and one that is neither a whole number nor a
// text is no column of the table.
func (e *Engine) Attach(ctx context.Context, view string, files []string) error {
	columns, rows, err := columnsOf(files)
	if err != nil {
		return fmt.Errorf("trino: table %s: %w", view, err)
	}
	o := &object{id: e.named(view)}
	if rows == 0 { // a register that nobody keeps need not stand
		o.selects = nothingOf(columns)
		e.names[view] = o
		return nil
	}
	if err := e.share(o, files); err != nil {
		return fmt.Errorf("trino: table %s: %w", view, err)
	}
	declared := make([]string, len(columns))
	for i, c := range columns {
		declared[i] = `"` + c.name + `" ` + c.kind
	}
	if err := e.exec(ctx, "CREATE TABLE "+o.id+" (\n  "+strings.Join(declared, ",\n  ")+"\n)\nWITH (format = 'PARQUET', "+
		"external_location = '"+strings.TrimSuffix(e.c.FolderURL, "/")+"/"+e.c.Schema+"/"+o.id+"')"); err != nil {
		return fmt.Errorf("trino: table %s: %w", view, err)
	}
	e.names[view] = o
	return nil
}

// folder is where the files of the schema lie.
func (e *Engine) folder() string { return filepath.Join(e.c.Folder, e.c.Schema) }

// made is the file by which a folder says whose it is, and that it may be removed again.
const made = ".made-by-entscope"

func (e *Engine) makeFolder() error {
	if err := os.Mkdir(e.folder(), 0o700); err != nil {
		return fmt.Errorf("trino: %w: shared folder: %w", ErrConfig, err)
	}
	if err := os.WriteFile(filepath.Join(e.folder(), made), []byte(e.c.Owner), 0o600); err != nil {
		return fmt.Errorf("trino: shared folder: %w", err)
	}
	return nil
}

// removeFolder takes every file back. A folder that another study, or not entscope at all, made stays.
func (e *Engine) removeFolder() error {
	entries, err := os.ReadDir(e.folder())
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("trino: shared folder: %w", err)
	}
	owner, err := os.ReadFile(filepath.Join(e.folder(), made))
	if len(entries) > 0 && (err != nil || string(owner) != e.c.Owner) {
		return fmt.Errorf("trino: %w: %s holds files that this study did not put there", ErrConfig, e.folder())
	}
	return os.RemoveAll(e.folder())
}

// share puts files where the cluster sees them: by a second name, or as a copy on another file system.
func (e *Engine) share(o *object, files []string) error {
	folder := filepath.Join(e.folder(), o.id)
	if err := os.Mkdir(folder, 0o700); err != nil {
		return err
	}
	for i, file := range files {
		to := filepath.Join(folder, fmt.Sprintf("%06d.parquet", i))
		if os.Link(file, to) == nil {
			continue
		}
		if err := copyFile(file, to); err != nil {
			return err
		}
	}
	return nil
}

func copyFile(from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

// column is a column of a table, with its type in Trino.
type column struct{ name, kind string }

// nothingOf is a SELECT of no row of some columns.
func nothingOf(columns []column) string {
	list := make([]string, len(columns))
	for i, c := range columns {
		list[i] = "CAST(NULL AS " + c.kind + `) AS "` + c.name + `"`
	}
	return "SELECT " + strings.Join(list, ", ") + " WHERE 1 = 0"
}

// columnsOf gives the columns of some files, and how many rows they have.
func columnsOf(files []string) (columns []column, rows int64, err error) {
	if len(files) == 0 {
		return nil, 0, errors.New("no file")
	}
	for _, name := range files {
		schema, n, err := schemaOf(name)
		if err != nil {
			return nil, 0, err
		}
		rows += n
		for _, field := range schema.Fields() {
			kind := kindOf(field)
			is := func(c column) bool { return c.name == field.Name() }
			if kind != "" && !slices.ContainsFunc(columns, is) {
				columns = append(columns, column{field.Name(), kind})
			}
		}
	}
	return columns, rows, nil
}

func schemaOf(name string) (*parquet.Schema, int64, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, 0, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, 0, err
	}
	file, err := parquet.OpenFile(f, info.Size(), parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
	if err != nil {
		return nil, 0, err
	}
	return file.Schema(), file.NumRows(), nil
}

// kindOf is the type of a column, "" of what no statement reads.
func kindOf(field parquet.Field) string {
	if field.Leaf() && columnName.MatchString(field.Name()) {
		switch t := field.Type(); t.Kind() {
		case parquet.ByteArray:
			return "VARCHAR"
		case parquet.Int64:
			return "BIGINT"
		case parquet.Int32:
			if l := t.LogicalType(); l != nil {
				if whole, ok := l.Value.(*format.IntType); ok && whole.IsSigned && whole.BitWidth < 32 {
					return map[int8]string{8: "TINYINT", 16: "SMALLINT"}[whole.BitWidth]
				}
			}
			return "INTEGER"
		}
	}
	return ""
}
