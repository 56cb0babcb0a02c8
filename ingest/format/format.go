// Package format is the list of the foreign schemas that entscope reads: for each
// its name in study.toml, the options it takes, what it is in a line of French and
// English, where it is documented, and how its reader is made.
//
// Whatever knows formats by name asks this list: the check of study.toml, the
// pipeline that opens feeds, the table at the head of FORMATS.md, the tests. A new
// format is a room of its own in this folder, which imports only ingest (and
// tabular, if it reads tables), and an entry here.
//
// FORMATS.md, in this folder, says what each system really writes.
package format

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/entscope/entscope/anonymize/edition/vocabulary"
	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/catalog"
	"github.com/entscope/entscope/ingest/tabular"
)

//go:generate go test -run TestTable . -update

// Settings are the keys of a source in study.toml that are for its format to read.
type Settings struct {
	// combined, xapi, caliper: how URLs are read, by a map of the catalog or one that the study adds to it; of learning
	// records those of objects, where the type of an object does not say enough
	Map string `toml:"map" hints:"@maps"`
	// combined: how its lines are laid out, see entscope help layouts; shibboleth: the IdP's own audit layout
	Layout string `toml:"layout" example:"vhost_combined"`
	// moodle: first year of a report whose dates name none
	Year int `toml:"year" example:"2025"`
	// moodle: whether 09/07 is in September; unset, it is in July, and said where no day of a report tells
	MonthFirst *bool `toml:"month_first" example:"true"`
	// xapi: which identifier of an agent is the account
	Actor string `toml:"actor" words:"account,mbox,mbox_sha1sum,openid" default:"account"`
	// xapi: the homePage of the accounts; caliper: what the IRIs of persons begin with, the rest is the account. An
	// actor of another home is refused; unset takes any
	ActorHome string `toml:"actor_home" example:"https://moodle.example/"`
	// csv: how its columns are read
	CSV *tabular.Mapping `toml:"csv"`
}

// set are the keys that a study sets.
func (s *Settings) set() map[string]bool {
	return map[string]bool{
		"map": s.Map != "", "layout": s.Layout != "", "year": s.Year != 0, "month_first": s.MonthFirst != nil,
		"actor": s.Actor != "", "actor_home": s.ActorHome != "", "csv": s.CSV != nil,
	}
}

// Identity is what decides on the outcome of reading a feed of a format, besides its
// bytes: a delivery is read again when it changes. The form is that of the first zones.
func (s *Settings) Identity(name, zone string, c *catalog.Catalog) string {
	mapping, err := json.Marshal(s.CSV)
	if err != nil {
		mapping = nil // a column that is neither text nor number: the mapping has not passed its check
	}
	of := fmt.Sprintf("%s %q %q %d %t %s %s", zone, s.Map, s.Layout, s.Year, s.MonthFirst != nil && *s.MonthFirst,
		c.Hash(), mapping)
	if f, err := Lookup(name); err == nil && f.learning {
		of += fmt.Sprintf(" %q %q %s", s.Actor, s.ActorHome, catalog.LearningHash())
	}
	return of
}

// Options are what a reader is made of.
type Options struct {
	Settings
	// Clock reads the times of the feed in its own zone, and Zone is that zone.
	Clock *ingest.Clock
	Zone  *time.Location
	// Voided are the ids of records that others of the feed have voided, for a format that knows of such.
	Voided []string
	// Catalog says which service a name in the feed is.
	Catalog *catalog.Catalog
}

// urls is the URL map that the study names, nil for none.
func (o *Options) urls() (*ingest.Paths, error) {
	if o.Map == "" {
		return nil, nil
	}
	return o.Catalog.URLs(o.Map)
}

// Format is one foreign schema.
type Format struct {
	// Name is what study.toml calls it.
	Name string
	// Needs and Takes are the keys of Settings that must and may be set.
	Needs, Takes []string
	// French and English say in a line what is read.
	French, English string
	// Section is the heading of FORMATS.md that describes what the system writes.
	Section string

	// learning says that its words are those of learning records.
	learning bool
	// Voided calls id for each record that one of the stream voids; nil where no record does.
	Voided func(ctx context.Context, r io.Reader, id func(string)) error
	open   func(Options) (ingest.Format, error)
	// layout says what is wrong with a layout; nil where the format takes none.
	layout func(string) error
}

// Lookup finds a format by its name. The error names the formats there are, and
// the nearest.
func Lookup(name string) (Format, error) {
	i := slices.IndexFunc(All(), func(f Format) bool { return f.Name == name })
	if i < 0 {
		return Format{}, fmt.Errorf("format %w", vocabulary.Unknown(name, Names()))
	}
	return All()[i], nil
}

// Names are the names of all formats.
func Names() []string {
	var names []string
	for _, f := range All() {
		names = append(names, f.Name)
	}
	return names
}

// New makes the reader of a feed. Settings must have passed Check.
func (f Format) New(o Options) (ingest.Format, error) { return f.open(o) }

// Check reports every key that the format does not read, or needs and lacks, and what is
// wrong with its layout.
func (f Format) Check(s *Settings) error {
	var faults []error
	set := s.set()
	for _, key := range optionKeys() {
		needs := slices.Contains(f.Needs, key)
		switch {
		case set[key] && !needs && !slices.Contains(f.Takes, key), needs && !set[key]:
			faults = append(faults, errors.New(belongs(key)))
		}
	}
	if s.Layout != "" && f.layout != nil {
		faults = append(faults, f.layout(s.Layout))
	}
	return errors.Join(faults...)
}

// optionKeys are the keys that any format reads, in the order of the list.
func optionKeys() []string {
	var keys []string
	for _, f := range All() {
		for _, key := range slices.Concat(f.Needs, f.Takes) {
			if !slices.Contains(keys, key) {
				keys = append(keys, key)
			}
		}
	}
	return keys
}

// belongs says whose key it is.
func belongs(key string) string {
	var owners []string
	for _, f := range All() {
		switch {
		case slices.Contains(f.Needs, key):
			owners = append(owners, f.Name+" (which needs it)")
		case slices.Contains(f.Takes, key):
			owners = append(owners, f.Name)
		}
	}
	if key == "csv" {
		key = "[source.csv]"
	}
	return fmt.Sprintf("%s belongs to format %s", key, strings.Join(owners, ", "))
}
