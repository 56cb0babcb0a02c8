package pipeline

import (
	"context"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/entscope/entscope/anonymize/zone"
	"github.com/entscope/entscope/cmd/entscope/internal/study"
	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/catalog"
	"github.com/entscope/entscope/ingest/directory"
	"github.com/entscope/entscope/ingest/format"
	"github.com/entscope/entscope/ingest/register"
	"github.com/entscope/entscope/ingest/source"
)

// ingest reads the directory and every delivery the restricted zone does not
// hold yet.
func (b *Batch) ingest(ctx context.Context) (out outcome, err error) {
	s := b.Study
	feeds, err := Feeds(s)
	if err != nil {
		return outcome{}, err
	}
	key, err := b.studyKey()
	if err != nil {
		return outcome{}, err
	}
	b.Progress("directory", 0, 2)
	registers, err := zone.NewRegisters(s.Path(s.Output.Restricted), key)
	if err != nil {
		return outcome{}, err
	}
	defer func() { err = errors.Join(err, registers.Close()) }()
	d, err := ReadDirectory(ctx, s, registers.Add)
	if err != nil {
		return outcome{}, err
	}
	out = outcome{counts: map[string]int64{}, warnings: d.Warnings}
	doubts, err := enoughAccepted(d, s.Limits.MaxRejectShare)
	out.warnings = append(out.warnings, doubts...)
	if err != nil {
		return out, err
	}
	before, err := b.zone()
	if err != nil {
		return out, err
	}
	b.Progress("directory", 1, 2)
	people, err := zone.WritePeople(ctx, s.Path(s.Output.Restricted), d, registers, key)
	if err != nil {
		return out, err
	}
	b.Progress("directory", 2, 2)
	summary, err := zone.Ingest(ctx, zone.IngestOptions{
		Zone: s.Path(s.Output.Restricted), Feeds: feeds, Key: key, People: people, Threads: s.Limits.Threads,
		MaxRejectShare: s.Limits.MaxRejectShare,
		Progress:       func(done, total int64) { b.Progress("ingest", done, total) },
	})
	var refused *zone.RejectError
	if errors.As(err, &refused) {
		return out, fmt.Errorf("%w: %w", ErrInput, err)
	}
	if err != nil {
		return out, err
	}
	if err := b.unspool(); err != nil {
		return out, err
	}
	for _, f := range summary.Feeds {
		out.counts["events"] += f.Events
		out.counts["ignored"] += f.Skipped()
		out.counts["rejects"] += f.Rejected()
	}
	for _, r := range summary.Refused {
		out.warnings = append(out.warnings, fmt.Sprintf("feed %s: delivery %s left out: %s", r.Feed, r.File, r.Reason))
	}
	if summary.Stale > 0 {
		out.warnings = append(out.warnings, fmt.Sprintf("%d deliveries stand as an older directory had them: their files are gone", summary.Stale))
	}
	out.counts["deliveries"], out.counts["read now"] = int64(summary.Read+summary.Known), int64(summary.Read)
	after, err := b.zone()
	if err != nil {
		return out, err
	}
	out.changed = before.Hash() != after.Hash() // a delivery, the directory or a register
	return out, nil
}

// smallKind is how many records of one kind a share is at least taken of: of
// fewer, too many refused are a warning.
const smallKind = 100

// enoughAccepted refuses a directory of which too much could not be read: of any
// kind of file, so that the many lines of one register do not hide that another
// is mapped wrongly.
func enoughAccepted(d *directory.Directory, share float64) (doubts []string, err error) {
	read, rejected := map[string]int64{}, map[string]int64{}
	for i := range d.Files {
		f := &d.Files[i]
		read[f.Kind] += f.Read()
		rejected[f.Kind] += f.Read() - f.Used - f.Ignored
	}
	var faults []error
	for _, kind := range sortedKeys(read) {
		if float64(rejected[kind]) <= share*float64(read[kind]) {
			continue
		}
		text := fmt.Sprintf("%s: %d of %d records refused, more than the allowed share of %g; hint: entscope check names the reasons", kind, rejected[kind], read[kind], share)
		if read[kind] < smallKind {
			doubts = append(doubts, text)
			continue
		}
		faults = append(faults, fmt.Errorf("%w: directory: %s", ErrInput, text))
	}
	return doubts, errors.Join(faults...)
}

func (b *Batch) zone() (*zone.Zone, error) {
	return zone.Open(b.Study.Path(b.Study.Output.Restricted))
}

// Feeds makes the feeds of a study ready to be read.
func Feeds(s *study.Study) ([]ingest.Feed, error) {
	services, err := readCatalog(s)
	if err != nil {
		return nil, err
	}
	feeds := make([]ingest.Feed, len(s.Sources))
	var faults []error
	for i, src := range s.Sources {
		reader, err := newFormat(s, src, services)
		if err != nil {
			faults = append(faults, fmt.Errorf("%w: source %s: %w", ErrConfig, src.Name, err))
			continue
		}
		files, err := deliveries(s, src)
		if err != nil {
			faults = append(faults, fmt.Errorf("%w: source %s: %w", ErrInput, src.Name, err))
		}
		feeds[i] = ingest.Feed{
			Number: i + 1, Name: src.Name, Format: reader, Files: files, Accounts: src.Accounts, School: schoolOf(src),
			Settings: src.Settings.Identity(zoneName(s, src), services),
		}
	}
	return feeds, errors.Join(faults...)
}

func readCatalog(s *study.Study) (*catalog.Catalog, error) {
	var extra []byte
	if s.Catalog.File != "" {
		var err error
		if extra, err = os.ReadFile(s.Path(s.Catalog.File)); err != nil {
			return nil, fmt.Errorf("%w: catalog: %w", ErrConfig, err)
		}
	}
	lines, err := s.Catalog.TSV()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrConfig, err)
	}
	services, err := catalog.New(append(append(extra, '\n'), lines...))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrConfig, err)
	}
	return services, nil
}

func zoneName(s *study.Study, src study.Source) string {
	if src.Timezone != "" {
		return src.Timezone
	}
	return s.About.Timezone
}

// schoolOf gives the school of a delivery from its file's name, or the one that
// the study states, for sources whose records do not tell it. In an archive the
// name of the file is looked at first, then the archive's.
func schoolOf(src study.Source) func(string) string {
	if src.SchoolPattern == "" {
		if src.School == "" {
			return nil
		}
		return func(string) string { return src.School }
	}
	pattern := regexp.MustCompile(src.SchoolPattern)
	return func(name string) string {
		archive, inside, found := strings.Cut(name, "!/")
		for _, base := range []string{inside, archive} {
			if !found && base == "" {
				continue
			}
			if match := pattern.FindStringSubmatch(base); len(match) > 0 {
				return match[len(match)-1]
			}
		}
		return src.School
	}
}

// newFormat makes the reader of one source. Events after the day that follows
// the window are implausible.
func newFormat(s *study.Study, src study.Source, services *catalog.Catalog) (ingest.Format, error) {
	f, err := format.Lookup(src.Format)
	if err != nil {
		return nil, err
	}
	o := format.Options{Settings: src.Settings, Until: s.About.End.AsTime(time.UTC).AddDate(0, 0, 2), Catalog: services}
	if o.Zone, err = time.LoadLocation(zoneName(s, src)); err != nil {
		return nil, err
	}
	if o.Clock, err = ingest.NewClock(zoneName(s, src), o.Until); err != nil {
		return nil, err
	}
	return f.New(o)
}

// ReadDirectory reads the directory, the reference data and the registers; add is
// given the rows of the registers, nil if they are only counted.
func ReadDirectory(ctx context.Context, s *study.Study, add func(*register.Register, *register.Row) error) (*directory.Directory, error) {
	location, err := time.LoadLocation(s.About.Timezone)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrConfig, err)
	}
	var faults []error
	glob := func(patterns []string) []string {
		files, err := source.Glob(s.Dir, patterns)
		if err != nil {
			faults = append(faults, fmt.Errorf("%w: directory: %w", ErrInput, err))
		}
		return files
	}
	table := func(t *study.Table) *directory.Table {
		if t == nil {
			return nil
		}
		return &directory.Table{Files: glob(t.Files), Mapping: &t.CSV, Accounts: t.Accounts}
	}
	var registers []register.Table
	for _, r := range register.All() {
		if in := s.Registers[r.Name]; in != nil {
			registers = append(registers, register.Table{Register: r, Files: glob(in.Files), Mapping: &in.CSV, Accounts: in.Accounts})
		}
	}
	o := directory.Options{
		Schools:   table(s.Reference.Schools),
		Registers: func(d *directory.Lookup) error { return register.Read(registers, d, add) },
		Start:     s.Window().Start, End: s.Window().End, Zone: location,
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
	if errors.Is(err, os.ErrNotExist) || errors.Is(err, os.ErrPermission) {
		return nil, fmt.Errorf("%w: %w", ErrInput, err)
	}
	return d, err
}
