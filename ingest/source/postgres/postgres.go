// Package postgres reads tables of events as deliveries: one window of time of
// one table is one file of JSON rows, one on each line.
//
//   - entcore: events.*_events (FORMATS.md#entcore-events-in-postgresql), by "date", local time
//     without zone;
//   - Moodle: mdl_logstore_standard_log (FORMATS.md#moodle), by timecreated, Unix
//     seconds.
//
// A read-only transaction and a server-side cursor bound what the server and we
// hold. Columns that no reader uses, among them ip, phone and other, are not
// asked for: they never leave the platform. Rows come in the order of time and
// id, so that a window has always the same bytes.
package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/entscope/entscope/ingest/source"
	"github.com/entscope/entscope/ingest/source/https"
)

// silence is how long a server may say nothing: a FETCH of rows of a large table, sorted, takes its time.
const silence = 30 * time.Minute

// batch is how many rows one FETCH brings.
const batch = 2000

// columns are what the readers use of a table; the first that is there of
// "date" and "timecreated" is the time.
var columns = []string{
	"id", "event_type", "module", "date", "profile", "user_id", "device_type", "ua", "resource_id", "resource_type",
	"eventname", "component", "action", "userid", "relateduserid", "realuserid", "anonymous", "timecreated", "origin",
	"courseid",
}

// Server is a database.
type Server struct {
	remote  source.Remote
	conn    *pgx.Conn
	windows map[string]window // by name of the entry
}

type window struct {
	schema, table string
	span          source.Window
}

// Dial connects to the database of r. No setting is taken from the environment.
func Dial(ctx context.Context, r source.Remote) (*Server, error) {
	secret, err := source.ReadSecret(r.PasswordFile)
	if err != nil {
		return nil, err
	}
	// Every key that the environment could set is set here.
	const plain = "host=localhost port=5432 user=x password=x dbname=x sslmode=disable passfile=/dev/null " +
		"servicefile=/dev/null target_session_attrs=any connect_timeout=30"
	config, err := pgx.ParseConfig(plain)
	if err != nil {
		return nil, errors.New("postgres: settings unusable")
	}
	config.Host, config.Port = r.Host, 5432
	if host, port, err := net.SplitHostPort(r.Host); err == nil {
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil {
			return nil, errors.New("postgres: host: not a port")
		}
		config.Host, config.Port = host, uint16(n)
	}
	config.User, config.Password, config.Database = r.User, secret.Reveal(), r.Database
	config.Fallbacks, config.TLSConfig = nil, nil
	config.RuntimeParams = map[string]string{"application_name": "entscope", "default_transaction_read_only": "on",
		"timezone": "UTC"}
	if !r.Plain {
		if config.TLSConfig, err = https.TLS(r); err != nil {
			return nil, err
		}
		config.TLSConfig.ServerName = config.Host
	}
	dial := config.DialFunc
	config.DialFunc = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return source.Impatient(conn, silence), nil
	}
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("postgres: %s: %w", r.Host, fault(err))
	}
	return &Server{remote: r, conn: conn, windows: map[string]window{}}, nil
}

// fault gives an answer its kind. A message of the server may quote values, so
// that only its SQLSTATE is told.
func fault(err error) error {
	var answer *pgconn.PgError
	if !errors.As(err, &answer) {
		var connect *pgconn.ConnectError
		if errors.As(err, &connect) {
			err = connect.Unwrap()
		}
		return source.Fault(err)
	}
	kind := source.ErrServer
	switch class := answer.Code[:min(2, len(answer.Code))]; {
	case class == "08", class == "53", class == "40", answer.Code == "57P01", answer.Code == "57P02",
		answer.Code == "57P03":
		kind = source.ErrTemporary // PostgreSQL, appendix A
	case class == "28", answer.Code == "42501", answer.Code == "3D000":
		kind = source.ErrDenied
	}
	return fmt.Errorf("%w: SQLSTATE %s", kind, answer.Code)
}

// Close ends the connection.
func (s *Server) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	return s.conn.Close(ctx)
}

const listTables = `
SELECT c.relname
FROM pg_catalog.pg_class AS c
INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname = $1 AND c.relname LIKE $2 AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
ORDER BY c.relname`

// List is every window of every table that the patterns name.
func (s *Server) List(ctx context.Context) ([]source.Entry, error) {
	windows, err := s.remote.Windows()
	if err != nil {
		return nil, err
	}
	s.windows = map[string]window{}
	var entries []source.Entry
	for _, pattern := range s.remote.Tables {
		schema, name, _ := strings.Cut(pattern, ".")
		like := strings.ReplaceAll(strings.ReplaceAll(name, "_", `\_`), "*", "%")
		rows, err := s.conn.Query(ctx, listTables, schema, like)
		if err != nil {
			return nil, fmt.Errorf("postgres: tables: %w", fault(err))
		}
		tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			return nil, fmt.Errorf("postgres: tables: %w", fault(err))
		}
		if len(tables) == 0 {
			return nil, fmt.Errorf("postgres: %w: no table %s", source.ErrDenied, pattern)
		}
		for _, table := range tables {
			for _, span := range windows {
				name := table + "-" + span.Name() + ".ndjson"
				if _, twice := s.windows[name]; !twice {
					entries = append(entries, source.Entry{Name: name, Size: -1, Modified: span.To,
						Version: span.To.UTC().Format(time.RFC3339)})
				}
				s.windows[name] = window{schema, table, span}
			}
		}
	}
	return entries, nil
}

// Stat is e: the past does not change.
func (s *Server) Stat(_ context.Context, e source.Entry) (source.Entry, error) { return e, nil }

const listColumns = `
SELECT a.attname, t.typname
FROM pg_catalog.pg_attribute AS a
INNER JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
WHERE a.attrelid = CAST($1 AS regclass) AND a.attnum > 0 AND NOT a.attisdropped`

// query selects the rows of a window as JSON.
func (s *Server) query(ctx context.Context, w window) (string, error) {
	name := pgx.Identifier{w.schema, w.table}.Sanitize()
	rows, err := s.conn.Query(ctx, listColumns, name)
	if err != nil {
		return "", fault(err)
	}
	types := map[string]string{}
	var column, kind string
	note := func() error {
		types[column] = kind
		return nil
	}
	if _, err := pgx.ForEachRow(rows, []any{&column, &kind}, note); err != nil {
		return "", fault(err)
	}
	at, from, to := "", "", ""
	switch {
	case types["date"] == "timestamp":
		at, from, to = "date", w.span.From.Format("'2006-01-02T15:04:05'"), w.span.To.Format("'2006-01-02T15:04:05'")
	case types["date"] == "timestamptz":
		const literal = "'2006-01-02T15:04:05Z'"
		at, from, to = "date", w.span.From.UTC().Format(literal), w.span.To.UTC().Format(literal)
	case types["timecreated"] == "int8", types["timecreated"] == "int4":
		at, from, to = "timecreated", strconv.FormatInt(w.span.From.Unix(), 10), strconv.FormatInt(w.span.To.Unix(), 10)
	default:
		return "", fmt.Errorf("%w: table %s has neither date nor timecreated", source.ErrServer, w.table)
	}
	// A device that the platform has told already needs no user agent.
	var chosen []string
	for _, c := range columns {
		if _, there := types[c]; there && !(c == "ua" && types["device_type"] != "") {
			chosen = append(chosen, pgx.Identifier{c}.Sanitize())
		}
	}
	order := pgx.Identifier{at}.Sanitize()
	if types["id"] != "" {
		order += ", " + pgx.Identifier{"id"}.Sanitize()
	} else {
		order += ", r.*"
	}
	const shape = "SELECT CAST(row_to_json(r) AS text) FROM (SELECT %s FROM %s WHERE %s >= %s AND %s < %s) AS r " +
		"ORDER BY %s"
	at = pgx.Identifier{at}.Sanitize()
	return fmt.Sprintf(shape, strings.Join(chosen, ", "), name, at, from, at, to, order), nil
}

// Open reads a window. Transfers of windows do not go on, they begin again.
func (s *Server) Open(ctx context.Context, e source.Entry, offset int64) (io.ReadCloser, error) {
	w, ok := s.windows[e.Name]
	if !ok || offset != 0 {
		return nil, source.ErrNoResume
	}
	tx, err := s.conn.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return nil, fmt.Errorf("postgres: %w", fault(err))
	}
	r := &cursor{ctx: ctx, tx: tx}
	query, err := s.query(ctx, w)
	if err == nil {
		_, err = tx.Exec(ctx, "DECLARE entscope NO SCROLL CURSOR FOR "+query)
	}
	if err != nil {
		r.Close()
		return nil, fmt.Errorf("postgres: %s: %w", w.table, fault(err))
	}
	return r, nil
}

// cursor is the rows of a window as lines. It keeps the context of the one who opened it because io.Reader takes none.
type cursor struct {
	ctx  context.Context
	tx   pgx.Tx
	text []byte
	done bool
}

func (c *cursor) Read(p []byte) (int, error) {
	for len(c.text) == 0 {
		if c.done {
			return 0, io.EOF
		}
		if err := c.fetch(); err != nil {
			return 0, fmt.Errorf("postgres: rows: %w", fault(err))
		}
	}
	n := copy(p, c.text)
	c.text = c.text[n:]
	return n, nil
}

func (c *cursor) fetch() error {
	rows, err := c.tx.Query(c.ctx, fmt.Sprintf("FETCH FORWARD %d FROM entscope", batch))
	if err != nil {
		return err
	}
	defer rows.Close()
	c.text = slices.Grow(c.text[:0], 1<<20)
	n := 0
	for rows.Next() {
		c.text = append(append(c.text, rows.RawValues()[0]...), '\n')
		n++
	}
	c.done = n < batch
	return rows.Err()
}

func (c *cursor) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	return c.tx.Rollback(ctx)
}
