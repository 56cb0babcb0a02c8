// Package recount counts again, with SQL of its own, what an edition attests of
// the restricted zone.
//
// No file of an edition can prove how many records or people stood behind it, and
// the restricted zone is destroyed one day. So before an edition is written its
// attested counts are made twice: once by package subject on its way to the
// tables, once here, from the same Parquet files, by other statements that share
// nothing with the first. Recount gives the second counts; Compare lays both side
// by side; an edition with two different counts is not written.
package recount

import (
	"cmp"
	"context"
	"embed"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"github.com/entscope/entscope/anonymize/flow"
)

//go:embed sql/*.sql
var statements embed.FS

// ErrDiffers says that an attested count and its recount are not the same.
var ErrDiffers = errors.New("an attested count is not confirmed by its recount")

// Zone is a restricted zone as lists of live Parquet files.
type Zone interface {
	Files(table string) []string
	EventFiles(bucket int) []string
	Buckets() int
}

// Engine is what the counts are made on.
type Engine interface {
	Attach(ctx context.Context, view string, files []string) error
	Query(ctx context.Context, statement string, f func(arrow.Record) error, args ...any) error
	// Bounded says whether large tables must be asked a part at a time.
	Bounded() bool
	Close() error
}

// Recount counts people, accounts, records and events of a zone on the engine that start starts. Days are days
// since 1970-01-01, both included. The names are those of edition.Manifest.Recounted.
func Recount(
	ctx context.Context, z Zone, first, last int32, start func(context.Context) (Engine, error),
) (counts map[string]int64, err error) {
	e, err := start(ctx)
	if err != nil {
		return nil, fmt.Errorf("recount: %w", err)
	}
	defer func() { err = errors.Join(err, e.Close()) }()
	counts = map[string]int64{}
	for _, table := range []string{"people", "accounts", "memberships"} {
		files := z.Files(table)
		if len(files) == 0 {
			return nil, fmt.Errorf("recount: the restricted zone has no %s", table)
		}
		if err := e.Attach(ctx, table, files); err != nil {
			return nil, fmt.Errorf("recount: %w", err)
		}
	}
	if err := add(ctx, e, counts, "directory", first, last); err != nil {
		return nil, err
	}
	for _, files := range parts(z, e.Bounded()) {
		if err := e.Attach(ctx, "record", files); err != nil {
			return nil, fmt.Errorf("recount: %w", err)
		}
		for _, question := range []string{"records", "strangers", "named_events", "unnamed_events"} {
			if err := add(ctx, e, counts, question, first, last); err != nil {
				return nil, err
			}
		}
	}
	counts["duplicates"] = counts["records_in_window"] - counts["events"]
	return counts, nil
}

// parts are the event files that are counted at a time: those of some buckets of persons where the engine is bounded,
// or all.
func parts(z Zone, bounded bool) [][]string {
	list := make([][]string, z.Buckets())
	for bucket := range list {
		list[bucket] = z.EventFiles(bucket)
	}
	if all := slices.Concat(list...); !bounded && len(all) > 0 {
		return [][]string{all}
	}
	return flow.Together(list, flow.BytesAtOnce)
}

// add runs sql/question.sql, one row of whole numbers, and adds each column to
// the count of its name.
func add(ctx context.Context, e Engine, counts map[string]int64, question string, start, end int32) error {
	text, err := statements.ReadFile("sql/" + question + ".sql")
	if err != nil {
		return fmt.Errorf("recount: no statement %s", question)
	}
	s, err := flow.Parse(question, string(text))
	if err != nil {
		return fmt.Errorf("recount: %w", err)
	}
	sql, args, err := s.Bind(nil, map[string]any{"start": start, "end": end})
	if err != nil {
		return fmt.Errorf("recount: %w", err)
	}
	err = e.Query(ctx, sql, func(rec arrow.Record) error {
		for i, column := range rec.Columns() {
			numbers, ok := column.(*array.Int64)
			if !ok || numbers.NullN() > 0 {
				return fmt.Errorf("column %d is no whole number", i)
			}
			for row := range int(rec.NumRows()) {
				counts[rec.ColumnName(i)] += numbers.Value(row)
			}
		}
		return nil
	}, args...)
	if err != nil {
		return fmt.Errorf("recount: %s: %w", question, err)
	}
	return nil
}

// Compare checks every attested count that was recounted and names all that
// differ; it wraps ErrDiffers. It gives the names of the counts that agree.
func Compare(attested, recounted map[string]int64) (confirmed []string, err error) {
	var faults []error
	for _, name := range slices.SortedFunc(maps.Keys(recounted), cmp.Compare[string]) {
		switch claimed, ok := attested[name]; {
		case !ok:
		case claimed != recounted[name]:
			faults = append(faults,
				fmt.Errorf("recount: %s: %d attested, %d recounted: %w", name, claimed, recounted[name], ErrDiffers))
		default:
			confirmed = append(confirmed, name)
		}
	}
	return confirmed, errors.Join(faults...)
}
