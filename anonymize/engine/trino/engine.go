// Package trino lets an existing Trino compute what the embedded engine computes on one machine: the behaviours of a
// study and their recount. It has the methods that their consumers declare, and imports nothing of the house.
//
// The way through it:
//
//	e, err := trino.Open(ctx, trino.Config{…})           // makes the scratch schema
//	err = e.Attach(ctx, "raw_event", files)              // files of Parquet as an external table
//	err = e.Materialise(ctx, "visit", false, "SELECT …") // CREATE TABLE AS, on the cluster
//	err = e.Query(ctx, "SELECT …", func(rec arrow.Record) error { … })
//	err = e.Close()                                      // drops the schema and what lies in the folder
//
// Nothing that stands on the cluster is ever changed. Each table has a name of its own (visit_17), and the engine
// knows which of them a name of the flow means: to make a table anew, also from itself, to rename one and to add to
// one is to make another and to mean that. So nothing is asked of the store that an object store cannot do, and a
// view, a sum of parts or a table that is read once need not stand at all: it goes as a WITH into what reads it. What no
// name means any more stays until the schema goes as a whole.
//
// Files reach the cluster by a folder that both see: they are linked there, or copied, and become an external table
// of the Hive connector. So no row is ever part of a statement; the arguments of statements, which the client
// writes into them, are days, codes and bounds.
package trino

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	client "github.com/trinodb/trino-go-client/trino"
)

// Tested is the version that the whole of the flow was tried on.
const Tested = "476"

// Config says where the engine is and what may be used of it.
type Config struct {
	// URL is https://host:port; http only of a loopback address.
	URL string
	// Catalog is one of the Hive connector.
	Catalog string
	// Schema is the scratch schema, made by Open and dropped by Close. One that stands already must be Owner's.
	Schema string
	// Owner names the study, as letters and digits: of two with one schema the second is refused.
	Owner string
	// User and Password authenticate; without a password only at a loopback address.
	User, Password string
	// CA is the certificate authority of the server, in PEM; nil is those that the machine trusts.
	CA []byte
	// Folder is seen by the cluster too, as FolderURL. What is put there lies below a folder of the schema's name.
	Folder, FolderURL string
	// MostRows is how many rows an answer may have.
	MostRows int64
	// Warn hears of what should be known and ends nothing.
	Warn func(string)
}

// Engine is one scratch schema of a Trino. It is not safe for concurrent use.
type Engine struct {
	db    *sql.DB
	c     Config
	names map[string]*object // what the names of the flow mean
	last  int                // number of the newest object
	asked int                // statements sent
}

// owned begins the name of the table by which a schema says whose it is.
const owned = "entscope_of_"

// Open makes the scratch schema. What a killed run of the same owner left there goes.
func Open(ctx context.Context, c Config) (e *Engine, err error) {
	if e, err = connect(c); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, e.db.Close())
			e = nil
		}
	}()
	if err := e.version(ctx); err != nil {
		return e, err
	}
	if err := e.clear(ctx); err != nil {
		return e, err
	}
	if err := e.exec(ctx, "CREATE SCHEMA "+e.schema()); err != nil {
		return e, fmt.Errorf("trino: scratch schema %s: %w", c.Schema, err)
	}
	if err := e.exec(ctx, "CREATE TABLE "+owned+c.Owner+" (nothing BIGINT)"); err != nil {
		return e, errors.Join(fmt.Errorf("trino: scratch schema %s: %w", c.Schema, err), e.remove())
	}
	if err := e.makeFolder(); err != nil {
		return e, errors.Join(err, e.remove())
	}
	return e, nil
}

// Remove drops the scratch schema that a run left, if there is one of the owner, and takes its files back, also where
// the server does not answer.
func Remove(ctx context.Context, c Config) error {
	e, err := connect(c)
	if err != nil {
		return err
	}
	err = e.clear(ctx)
	if errors.Is(err, ErrUnavailable) {
		err = errors.Join(err, e.removeFolder())
	}
	return errors.Join(err, e.db.Close())
}

// Close drops the schema and empties the folder.
func (e *Engine) Close() error { return errors.Join(e.remove(), e.db.Close()) }

// Statements is how many were sent.
func (e *Engine) Statements() int { return e.asked }

// Bounded is false: the cluster divides what it computes by itself.
func (e *Engine) Bounded() bool { return false }

func connect(c Config) (*Engine, error) {
	if err := c.Check(); err != nil {
		return nil, err
	}
	transport, err := c.transport()
	if err != nil {
		return nil, err
	}
	timeout, attempts := 20*time.Second, 5
	connector, err := client.NewConnector(&client.Config{
		ServerURI: c.server(), Catalog: c.Catalog, Schema: c.Schema, Source: "entscope",
		HTTPClient:          &http.Client{Transport: transport},
		RequestRetryTimeout: &timeout, RequestRetryMaxAttempts: &attempts,
	})
	if err != nil {
		return nil, fmt.Errorf("trino: %w: %w", ErrConfig, err)
	}
	return &Engine{db: sql.OpenDB(connector), c: c, names: map[string]*object{}}, nil
}

func (e *Engine) schema() string { return `"` + e.c.Catalog + `"."` + e.c.Schema + `"` }

// version warns of one that nobody tried.
func (e *Engine) version(ctx context.Context) error {
	var version string
	if err := e.db.QueryRowContext(ctx, "SELECT version()").Scan(&version); err != nil {
		return fault(err)
	}
	if version != Tested && e.c.Warn != nil {
		// Of a server's word only what a version may be is printed.
		e.c.Warn(fmt.Sprintf("the engine is Trino %q, and %s is the version that was tried; hint: compare a small "+
			"study of both engines before you trust it", brief(version), Tested))
	}
	return nil
}

// clear drops a schema of the owner, and refuses one of somebody else.
func (e *Engine) clear(ctx context.Context) error {
	rows, err := e.db.QueryContext(ctx,
		`SELECT table_name FROM "`+e.c.Catalog+`".information_schema.tables WHERE table_schema = '`+e.c.Schema+`'`)
	if err != nil {
		return fmt.Errorf("trino: catalog %s: %w", e.c.Catalog, fault(err))
	}
	defer rows.Close()
	var tables []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return fault(err)
		}
		tables = append(tables, name)
	}
	if err := rows.Err(); err != nil {
		return fault(err)
	}
	if len(tables) > 0 && !slices.Contains(tables, owned+e.c.Owner) {
		return fmt.Errorf("trino: %w: schema %s holds tables that this study did not make; hint: name another scratch "+
			"schema, which entscope makes and drops", ErrConfig, e.c.Schema)
	}
	return e.remove()
}

// remove drops the schema. It runs also when a run was broken off.
func (e *Engine) remove() error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	err := e.exec(ctx, "DROP SCHEMA IF EXISTS "+e.schema()+" CASCADE")
	if err != nil {
		err = fmt.Errorf("trino: scratch schema %s stays: %w; hint: run again, or entscope key destroy", e.c.Schema, err)
	}
	e.names = map[string]*object{}
	return errors.Join(err, e.removeFolder())
}

func (e *Engine) exec(ctx context.Context, statement string, args ...any) error {
	e.asked++
	if _, err := e.db.ExecContext(ctx, statement, args...); err != nil {
		return fault(err)
	}
	return nil
}

// named is a new name for what a name of the flow means.
func (e *Engine) named(name string) string {
	e.last++
	return name + "_" + strconv.Itoa(e.last)
}
