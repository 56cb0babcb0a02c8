// Package engine is the SQL engine: open it bounded, give it tables, lock it,
// run a query, take Arrow record batches back. All cgo of the house is here.
//
// The way through it is always the same:
//
//	e, err := engine.Open(ctx, engine.Config{MemoryMB: 200, Threads: 2, TempDir: dir})
//	err = e.Load(ctx, "sums", []string{"…/sums.parquet"})   // CREATE TABLE AS
//	err = e.Lock(ctx)                                       // no file is reachable any more
//	err = e.Query(ctx, sql, func(rec arrow.Record) error { … }, args...)
//
// Inside the wall Lock is not called and Attach gives a view over Parquet files
// that need not fit in memory. Today the engine is DuckDB in process; it imports
// nothing of the house, so that another can take its place.
package engine

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/marcboeker/go-duckdb"
)

// Config bounds an engine. Every field must be set.
type Config struct {
	// MemoryMB is the most the engine may use, in MiB.
	MemoryMB int
	// Threads run one statement. They wait for work at full load: with two, the many small
	// statements of an edition cost a quarter more CPU and end no sooner. Work at the same
	// time goes to engines Beside one another.
	Threads int
	// TempDir is where it may spill; it must exist and be private.
	TempDir string
}

// Engine is one bounded SQL engine. It is not safe for concurrent use.
type Engine struct {
	connector *duckdb.Connector
	conn      driver.Conn
	arrow     *duckdb.Arrow
	beside    bool // another engine, which owns the connector
}

// ErrMemory says that a statement needs more than Config.MemoryMB, spilled or not.
var ErrMemory = errors.New("the engine ran out of its memory")

// fault tells what ran out of memory from the rest, which the engine has as texts alone.
func fault(doing string, err error) error {
	if strings.Contains(err.Error(), "Out of Memory Error") {
		return fmt.Errorf("engine: %s: %w: %w", doing, ErrMemory, err)
	}
	return fmt.Errorf("engine: %s: %w", doing, err)
}

var errConfig = errors.New("engine: memory, threads and temporary folder must be set")

// Open starts an empty in-memory engine within the bounds of c.
func Open(ctx context.Context, c Config) (*Engine, error) {
	if c.MemoryMB <= 0 || c.Threads <= 0 || c.TempDir == "" {
		return nil, errConfig
	}
	connector, err := duckdb.NewConnector("", nil)
	if err != nil {
		return nil, fmt.Errorf("engine: open: %w", err)
	}
	e, err := connect(ctx, connector)
	if err != nil {
		connector.Close()
		return nil, err
	}
	for _, set := range []string{
		fmt.Sprintf("SET memory_limit = '%dMiB'", c.MemoryMB),
		fmt.Sprintf("SET threads = %d", c.Threads),
		"SET temp_directory = " + quote(c.TempDir),
		// What is freed goes back to the system: of what a sort had freed its allocator kept as much as MemoryMB again.
		"SET allocator_flush_threshold = '1MiB'",
		"SET allocator_bulk_deallocation_flush_threshold = '1MiB'",
		"SET allocator_background_threads = true",
		"SET preserve_insertion_order = false",
		"SET autoinstall_known_extensions = false",
		"SET autoload_known_extensions = false",
	} {
		if err := e.Exec(ctx, set); err != nil {
			e.Close()
			return nil, err
		}
	}
	return e, nil
}

func connect(ctx context.Context, connector *duckdb.Connector) (*Engine, error) {
	conn, err := connector.Connect(ctx)
	if err != nil {
		return nil, fmt.Errorf("engine: connect: %w", err)
	}
	arrow, err := duckdb.NewArrowFromConn(conn)
	if err != nil {
		conn.Close()
		return nil, fmt.Errorf("engine: arrow: %w", err)
	}
	return &Engine{connector: connector, conn: conn, arrow: arrow}, nil
}

// Beside gives another engine within the bounds of e, for statements at the same time as
// those of e. It reads the tables of e; what it makes is temporary and its own, and Keep
// gives it to e. It is closed before e.
func (e *Engine) Beside(ctx context.Context) (*Engine, error) {
	other, err := connect(ctx, e.connector)
	if err != nil {
		return nil, err
	}
	other.beside = true
	return other, nil
}

// creating is how a statement begins that makes a table or view ("TABLE", "VIEW") of what
// follows.
func (e *Engine) creating(kind, name string) string {
	if e.beside {
		kind = "TEMPORARY " + kind
	}
	return "CREATE OR REPLACE " + kind + " " + name + " AS\n"
}

// Keep gives a table that e made, beside another engine, to that engine: its rows are added
// to those that the other has there already, or make the table anew.
func (e *Engine) Keep(ctx context.Context, table string, added bool) error {
	head := "CREATE OR REPLACE TABLE memory.main." + table + " AS "
	if added {
		head = "INSERT INTO memory.main." + table + " "
	}
	if err := e.Exec(ctx, head+"SELECT * FROM temp.main."+table); err != nil {
		return err
	}
	return e.Exec(ctx, "DROP TABLE temp.main."+table)
}

// Load copies Parquet files into a table of the engine. A hostile file can fail
// the load, never run a statement: names are quoted.
func (e *Engine) Load(ctx context.Context, table string, files []string) error {
	return e.create(ctx, "TABLE", table, files)
}

// LoadOrdered is Load with the rows in the order of some columns, so that a question
// about one value of the first reads few of them. Answers still need their own order.
func (e *Engine) LoadOrdered(ctx context.Context, table string, files, columns []string) error {
	return e.create(ctx, "TABLE", table, files, columns...)
}

// Attach makes a view over Parquet files, for data larger than memory. A view
// stops working after Lock.
func (e *Engine) Attach(ctx context.Context, view string, files []string) error {
	return e.create(ctx, "VIEW", view, files)
}

var tableName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,62}$`)

func (e *Engine) create(ctx context.Context, kind, name string, files []string, order ...string) error {
	if !tableName.MatchString(name) {
		return fmt.Errorf("engine: %q is not a table name", name)
	}
	if len(files) == 0 {
		return fmt.Errorf("engine: table %s has no file", name)
	}
	quoted := make([]string, len(files))
	for i, f := range files {
		quoted[i] = quote(f)
	}
	statement := fmt.Sprintf("%sSELECT * FROM read_parquet([%s], union_by_name = true)", e.creating(kind, name),
		strings.Join(quoted, ", "))
	for i, column := range order {
		if !tableName.MatchString(column) {
			return fmt.Errorf("engine: %q is not a column name", column)
		}
		statement += []string{" ORDER BY ", ", "}[min(i, 1)] + `"` + column + `"`
	}
	if err := e.Exec(ctx, statement); err != nil {
		return fmt.Errorf("engine: table %s: %w", name, err)
	}
	return nil
}

// Lock forbids every access to files and network, and then any change of the
// configuration. It cannot be undone.
func (e *Engine) Lock(ctx context.Context) error {
	if err := e.Exec(ctx, "SET enable_external_access = false"); err != nil {
		return err
	}
	return e.Exec(ctx, "SET lock_configuration = true")
}

// Exec runs one statement that gives no rows. Arguments are bound, never spliced.
func (e *Engine) Exec(ctx context.Context, statement string, args ...any) error {
	values, err := namedValues(args)
	if err != nil {
		return err
	}
	if _, err := e.conn.(driver.ExecerContext).ExecContext(ctx, statement, values); err != nil {
		return fault("execute", err)
	}
	return nil
}

// Materialise makes a table of the rows of a SELECT, at once.
func (e *Engine) Materialise(ctx context.Context, table string, _ bool, statement string, args ...any) error {
	return e.Exec(ctx, e.creating("TABLE", table)+statement, args...)
}

// Extend adds the rows of a SELECT to a table.
func (e *Engine) Extend(ctx context.Context, table, statement string, args ...any) error {
	return e.Exec(ctx, "INSERT INTO "+table+"\n"+statement, args...)
}

// Define makes a view.
func (e *Engine) Define(ctx context.Context, view, statement string) error {
	return e.Exec(ctx, e.creating("VIEW", view)+statement)
}

// Rename gives a table another name.
func (e *Engine) Rename(ctx context.Context, table, to string) error {
	return e.Exec(ctx, "ALTER TABLE "+table+" RENAME TO "+to)
}

// Drop frees a table or a view, where it is there.
func (e *Engine) Drop(ctx context.Context, name string, view bool) error {
	word := "TABLE "
	if view {
		word = "VIEW "
	}
	return e.Exec(ctx, "DROP "+word+"IF EXISTS "+name)
}

// Bounded says that what a statement holds must fit into Config.MemoryMB, so that large tables are asked a part at
// a time.
func (e *Engine) Bounded() bool { return true }

// Query runs one statement and hands each record batch to f. The batch is
// released when f returns.
func (e *Engine) Query(ctx context.Context, statement string, f func(arrow.Record) error, args ...any) error {
	reader, err := e.arrow.QueryContext(ctx, statement, args...)
	if err != nil {
		return fault("query", err)
	}
	defer reader.Release()
	for reader.Next() {
		if err := f(reader.Record()); err != nil {
			return err
		}
	}
	if err := reader.Err(); err != nil {
		return fault("query", err)
	}
	return nil
}

// rowsAtOnce is how many rows of an answer QueryParts holds at a time.
const rowsAtOnce = 1 << 18

// QueryParts is Query of an answer of many rows. The engine holds an answer whole, beside Config.MemoryMB: this one it
// puts in a table, which it may spill, and gives a part of it at a time. Rows come in the order of the statement
// where Config.Threads is 1.
func (e *Engine) QueryParts(
	ctx context.Context, statement string, f func(arrow.Record) error, args ...any,
) (err error) {
	if err := e.Exec(ctx, "CREATE OR REPLACE TEMPORARY TABLE whole_answer AS\n"+statement, args...); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, e.Exec(ctx, "DROP TABLE temp.main.whole_answer")) }()
	for low, rows := int64(0), int64(rowsAtOnce); rows == rowsAtOnce; low += rowsAtOnce {
		rows = 0
		if err := e.Query(ctx, "SELECT * FROM temp.main.whole_answer WHERE rowid >= ? AND rowid < ? ORDER BY rowid",
			func(rec arrow.Record) error {
				rows += rec.NumRows()
				return f(rec)
			}, low, low+rowsAtOnce); err != nil {
			return err
		}
	}
	return nil
}

// Close frees the engine and its memory.
func (e *Engine) Close() error {
	if e.beside {
		return e.conn.Close()
	}
	return errors.Join(e.conn.Close(), e.connector.Close())
}

func namedValues(args []any) ([]driver.NamedValue, error) {
	values := make([]driver.NamedValue, len(args))
	for i, a := range args {
		v, err := driver.DefaultParameterConverter.ConvertValue(a)
		if err != nil {
			return nil, fmt.Errorf("engine: argument %d: %w", i+1, err)
		}
		values[i] = driver.NamedValue{Ordinal: i + 1, Value: v}
	}
	return values, nil
}

func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
