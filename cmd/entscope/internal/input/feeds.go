package input

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/entscope/entscope/anonymize/zone"
	"github.com/entscope/entscope/cmd/entscope/internal/study"
	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/catalog"
	"github.com/entscope/entscope/ingest/format"
	"github.com/entscope/entscope/ingest/source"
)

// Feeds makes the feeds of a study ready to be read.
func Feeds(s *study.Study) ([]ingest.Feed, error) {
	services, err := readCatalog(s)
	if err != nil {
		return nil, err
	}
	feeds := make([]ingest.Feed, len(s.Sources))
	var faults []error
	for i, src := range s.Sources {
		files, err := Deliveries(s, src)
		if err != nil {
			faults = append(faults, fmt.Errorf("%w: source %s: %w", study.ErrInput, src.Name, err))
		}
		voided, err := voidedIn(s, src, files)
		if err != nil {
			faults = append(faults, fmt.Errorf("%w: source %s: %w", study.ErrInput, src.Name, err))
		}
		reader, err := newFormat(s, src, services, voided)
		if err != nil {
			faults = append(faults, fmt.Errorf("%w: source %s: %w", study.ErrConfig, src.Name, err))
			continue
		}
		lists, sums, err := checksums(s, src)
		if err != nil {
			faults = append(faults, fmt.Errorf("%w: source %s: %w", study.ErrInput, src.Name, err))
		}
		files = slices.DeleteFunc(files, func(f string) bool { return slices.Contains(lists, f) })
		feeds[i] = ingest.Feed{
			Number: i + 1, Name: src.Name, Format: reader, Files: files, Accounts: src.Accounts, School: schoolOf(src),
			Settings: src.Settings.Identity(src.Format, zoneName(s, src), services), Expected: src.Expect,
			Checksums: sums, Voided: voided,
			IgnoreCase: slices.Contains(s.Directory.IgnoreCase, src.Accounts),
		}
		if len(voided) > 0 { // what they void is read again without
			sum := sha256.Sum256([]byte(strings.Join(voided, "\n")))
			feeds[i].Settings += " voided " + hex.EncodeToString(sum[:8])
		}
	}
	return feeds, errors.Join(faults...)
}

// voidedIn are the records that others of a source have voided, in its files or in those of earlier runs, which may be
// gone. A file that cannot be read is for the reading to say.
func voidedIn(s *study.Study, src study.Source, files []string) ([]string, error) {
	f, err := format.Lookup(src.Format)
	if err != nil || f.Voided == nil {
		return nil, nil // the study has said so
	}
	voided, err := zone.Voided(s.Path(s.Output.Restricted), src.Name)
	if err != nil {
		return nil, err
	}
	for _, path := range files {
		if path == source.Stdin {
			continue
		}
		d, err := source.Open(path)
		if err != nil {
			continue
		}
		_ = f.Voided(context.Background(), d, func(id string) { voided = append(voided, id) })
		d.Close()
	}
	slices.Sort(voided)
	return slices.Compact(voided), nil
}

// checksums are those that a source declares, and the files that list them; nil for one that declares none.
func checksums(s *study.Study, src study.Source) (lists []string, sums map[string][]string, err error) {
	if len(src.Checksums) == 0 {
		return nil, nil, nil
	}
	if lists, err = source.Glob(s.Dir, src.Checksums); err == nil {
		sums, err = source.ReadChecksums(lists)
	}
	return lists, sums, err
}

func readCatalog(s *study.Study) (*catalog.Catalog, error) {
	var extra []byte
	if s.Catalog.File != "" {
		var err error
		if extra, err = os.ReadFile(s.Path(s.Catalog.File)); err != nil {
			return nil, fmt.Errorf("%w: catalog: %w", study.ErrConfig, err)
		}
	}
	lines, err := s.Catalog.TSV()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", study.ErrConfig, err)
	}
	services, err := catalog.New(append(append(extra, '\n'), lines...))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", study.ErrConfig, err)
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

// newFormat makes the reader of one source.
func newFormat(s *study.Study, src study.Source, services *catalog.Catalog, voided []string) (ingest.Format, error) {
	f, err := format.Lookup(src.Format)
	if err != nil {
		return nil, err
	}
	o := format.Options{Settings: src.Settings, Catalog: services, Voided: voided}
	if o.Zone, err = time.LoadLocation(zoneName(s, src)); err != nil {
		return nil, err
	}
	if o.Clock, err = ingest.NewClock(zoneName(s, src)); err != nil {
		return nil, err
	}
	return f.New(o)
}
