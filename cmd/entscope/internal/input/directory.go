package input

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/entscope/entscope/anonymize/zone"
	"github.com/entscope/entscope/cmd/entscope/internal/study"
	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/directory"
	"github.com/entscope/entscope/ingest/register"
	"github.com/entscope/entscope/ingest/source"
)

// Rows takes the rows of the registers as they are read.
type Rows = func(*register.Register, *register.Row) error

// Directory reads the directory, the reference data and the registers of a study;
// add is given the rows of the registers, nil if they are only counted. The error
// wraps study.ErrInput or study.ErrConfig.
func Directory(ctx context.Context, s *study.Study, add Rows) (*directory.Directory, error) {
	return read(ctx, s, func(registers []register.Table) func(context.Context, *directory.Lookup) error {
		return func(ctx context.Context, d *directory.Lookup) error { return register.Read(ctx, registers, d, add) }
	})
}

// Accounts reads the directory and the reference data of a study, as Directory does, and no register.
func Accounts(ctx context.Context, s *study.Study) (*directory.Directory, error) {
	return read(ctx, s, func([]register.Table) func(context.Context, *directory.Lookup) error { return nil })
}

// read reads a directory; reading makes what reads its registers.
func read(ctx context.Context, s *study.Study,
	reading func([]register.Table) func(context.Context, *directory.Lookup) error) (*directory.Directory, error) {
	location, err := time.LoadLocation(s.About.Timezone)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", study.ErrConfig, err)
	}
	var faults []error
	glob := func(patterns []string) []string {
		files, err := source.Glob(s.Dir, patterns)
		if err != nil {
			faults = append(faults, fmt.Errorf("%w: directory: %w", study.ErrInput, err))
		}
		return files
	}
	table := func(t *study.Table) *directory.Table {
		if t == nil {
			return nil
		}
		return &directory.Table{Files: glob(t.Files), Mapping: &t.CSV, Accounts: t.Accounts, Expected: t.Expect}
	}
	var registers []register.Table
	for _, r := range register.All() {
		if in := s.Registers[r.Name]; in != nil {
			registers = append(registers, register.Table{
				Register: r, Files: glob(in.Files), Mapping: &in.CSV, Accounts: in.Accounts, Expected: in.Expect,
			})
		}
	}
	o := directory.Options{
		Schools: table(s.Reference.Schools), Registers: reading(registers),
		Expected: directory.Expected(s.Directory.Expect), IgnoreCase: s.Directory.IgnoreCase,
		Start: s.Window().Start, End: s.Window().End, Zone: location,
	}
	if len(s.Directory.AAF) > 0 {
		o.AAF = glob(s.Directory.AAF)
	}
	if len(s.Directory.SIECLE) > 0 {
		o.SIECLE = glob(s.Directory.SIECLE)
	}
	if len(s.Directory.Imports) > 0 {
		o.Imports = glob(s.Directory.Imports)
	}
	for i := range s.Directory.Merges {
		o.Merges = append(o.Merges, *table(&s.Directory.Merges[i]))
	}
	if s.Objections != nil {
		o.Objections = append(o.Objections, *table(s.Objections))
	}
	for i := range s.Directory.Accounts {
		o.Accounts = append(o.Accounts, *table(&s.Directory.Accounts[i]))
	}
	for i := range s.Directory.Persons {
		o.Persons = append(o.Persons, *table(&s.Directory.Persons[i]))
	}
	if s.Reference.Calendar != nil {
		o.Calendar = glob(s.Reference.Calendar.Files)
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	d, err := directory.Read(ctx, o)
	if err != nil && ctx.Err() == nil {
		return nil, fmt.Errorf("%w: %w", study.ErrInput, err)
	}
	return d, err
}

// Subject is whose behaviour is studied, and when.
func Subject(s *study.Study) zone.Study {
	of := zone.Study{Subject: ingest.ProfileParent, Start: s.Window().Start, End: s.Window().End}
	of.Last = min(of.End, int32(time.Now().Unix()/86400)-1) // of what is still to come there is no record
	if s.About.Subject == "pupil" {
		of.Subject = ingest.ProfilePupil
	}
	return of
}

// Limits are how much of the input may be missing or unreadable.
func Limits(s *study.Study) zone.Limits {
	return zone.Limits{Rejected: s.Limits.MaxRejectShare, Joins: s.Limits.Joins(), Lost: s.Limits.LossShare()}
}
