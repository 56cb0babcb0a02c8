// Package catalog says which service a module, an fname or a URL belongs to, in
// the vocabulary of the DNMA.
//
// It is a reviewed table, catalog.tsv and learning.tsv, with a reference on each line; an
// operator can add lines of the same form in the study. What no line names is
// still an event, of an unknown service, and is counted by the shape of its
// name (ingest.Shape), so that `entscope check` can list it.
package catalog

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/entscope/entscope/anonymize/edition/vocabulary"
	"github.com/entscope/entscope/ingest"
)

//go:embed catalog.tsv
var builtin []byte

// learning are the words of learning records (xAPI, Caliper). What they are decides
// only on how such records are read, so they have a hash of their own.
//
//go:embed learning.tsv
var learning []byte

// Tables of the catalog. A URL map is the table "url." + its name in study.toml.
const (
	EntcoreModules  = "entcore.module"
	EntcoreEvents   = "entcore.event"
	EntcoreProfiles = "entcore.profile"
	UPortalNames    = "uportal.fname"
	UPortalClasses  = "uportal.class"
	MoodleEvents    = "moodle.event"
	MoodleParts     = "moodle.component"
	PronoteTabs     = "pronote.tab"
	XAPIVerbs       = "xapi.verb"
	XAPIActivities  = "xapi.activity"
	CaliperActions  = "caliper.action"
	CaliperEntities = "caliper.entity"
	CaliperRoles    = "caliper.role"
	urlPrefix       = "url."
)

// Catalog is the table, ready for lookups. It is read-only and may be shared.
type Catalog struct {
	names map[string]*ingest.Names
	paths map[string]*ingest.Paths
	lines []Line
	hash  string
}

// Line is one line of the table.
type Line struct {
	Table, Name string
	Meaning     ingest.Meaning
	Reference   string
}

// New reads the built-in table. Lines of extra, in the same six columns, come
// first: they win over a built-in line of the same name.
func New(extra []byte) (*Catalog, error) {
	c := &Catalog{names: make(map[string]*ingest.Names), paths: make(map[string]*ingest.Paths)}
	if err := c.read(extra, "extra", false); err != nil {
		return nil, err
	}
	for _, table := range [][]byte{builtin, learning} {
		if err := c.read(table, "built-in", true); err != nil {
			return nil, err
		}
	}
	sum := sha256.New()
	sum.Write(extra)
	sum.Write([]byte{0})
	identity.WriteString(sum, string(builtin))
	c.hash = hex.EncodeToString(sum.Sum(nil))
	return c, nil
}

// Names is a table of exact names; it is empty, never nil, for an unknown table.
func (c *Catalog) Names(table string) *ingest.Names {
	if t := c.names[table]; t != nil {
		return t
	}
	return new(ingest.Names)
}

// Tables lists the names of the tables of names, URL maps apart.
func (c *Catalog) Tables() []string { return slices.Sorted(maps.Keys(c.names)) }

// URLs is the URL map of a name: "pronote", "entcore", "uportal" or "moodle".
func (c *Catalog) URLs(name string) (*ingest.Paths, error) {
	if t := c.paths[urlPrefix+name]; t != nil {
		return t, nil
	}
	return nil, fmt.Errorf("catalog: URL map %w", vocabulary.Unknown(name, c.Maps()))
}

// Maps lists the names of the URL maps.
func (c *Catalog) Maps() []string {
	names := slices.Sorted(maps.Keys(c.paths))
	for i := range names {
		names[i] = strings.TrimPrefix(names[i], urlPrefix)
	}
	return names
}

// Hash identifies the content of the catalog, but for the words of learning records.
func (c *Catalog) Hash() string { return c.hash }

// LearningHash identifies the words of learning records that come with the house.
func LearningHash() string {
	sum := sha256.Sum256(learning)
	return hex.EncodeToString(sum[:])
}

// identity gives the built-in table as the first zones were filled from it. The
// hash decides whether a delivery is read again and goes into the key of an
// edition's noise: neither may change because a word has got another spelling or a
// reference has moved.
var identity = strings.NewReplacer(
	"\tschool_life\t", "\tschool-life\t", "\tsign_in\t", "\tsign-in\t", "\treport_book\t", "\treport-book\t",
	"\tlocal_body\t", "\tlocal-body\t", "\tparent_only\t", "\tparent-only\t", "\tlogin_failed\t", "\tlogin-failed\t",
	"\tFORMATS.md#entcore-url-prefixes:", "\tfacts/log-formats.md 1.5:",
	"\tFORMATS.md#uportal-events-and-urls-of-the-core:", "\tfacts/log-formats.md 3.3:",
	"\tFORMATS.md#pronote:", "\tfacts/log-formats.md 9:",
)

func (c *Catalog) read(table []byte, what string, skipKnown bool) error {
	var (
		faults []error
		header = true
		own    = make(map[[2]string]bool)
	)
	if what != "built-in" {
		header = false
	}
	scanner := bufio.NewScanner(bytes.NewReader(table))
	for n := 1; scanner.Scan(); n++ {
		text := strings.TrimRight(scanner.Text(), "\r")
		if text == "" || text[0] == '#' {
			continue
		}
		if header {
			header = false
			continue
		}
		line, err := ParseLine(text)
		if err == nil {
			key := [2]string{line.Table, strings.ToLower(line.Name)}
			if !strings.HasPrefix(line.Table, urlPrefix) {
				if own[key] {
					err = errors.New("name stands twice")
				}
			} else if key[1] = line.Name; own[key] {
				err = errors.New("prefix stands twice")
			}
			own[key] = true
		}
		if err == nil && !c.add(line) && !skipKnown {
			err = errors.New("name cannot be added")
		}
		if err != nil {
			faults = append(faults, fmt.Errorf("catalog: %s line %d: %w", what, n, err))
		}
	}
	return errors.Join(append(faults, scanner.Err())...)
}

func (c *Catalog) add(line Line) bool {
	c.lines = append(c.lines, line)
	if strings.HasPrefix(line.Table, urlPrefix) {
		if c.paths[line.Table] == nil {
			c.paths[line.Table] = new(ingest.Paths)
		}
		return c.paths[line.Table].Add(line.Name, line.Meaning)
	}
	if c.names[line.Table] == nil {
		c.names[line.Table] = new(ingest.Names)
	}
	return c.names[line.Table].Add(line.Name, line.Meaning)
}

// ParseLine reads one line of the table: six columns, separated by tabs.
func ParseLine(text string) (Line, error) {
	f := strings.Split(text, "\t")
	if len(f) != 6 {
		return Line{}, fmt.Errorf("%d columns, want 6", len(f))
	}
	line := Line{Table: f[0], Name: f[1], Reference: f[5]}
	var faults []error
	if line.Table == "" || line.Name == "" || line.Reference == "" {
		faults = append(faults, errors.New("empty table, name or reference"))
	}
	m := &line.Meaning
	if rule, is := strings.CutPrefix(f[2], ignore); is {
		var ok bool
		if m.Ignore, ok = rules[rule]; !ok {
			faults = append(faults, fmt.Errorf("rule %w", vocabulary.Unknown(rule, slices.Sorted(maps.Keys(rules)))))
		}
	} else {
		faults = append(faults, word("service", f[2], vocabulary.Services(), ingest.ParseService, &m.Service))
	}
	faults = append(faults,
		word("profile", f[3], vocabulary.Profiles(), ingest.ParseProfile, &m.Profile),
		word("action", f[4], vocabulary.Actions(), ingest.ParseAction, &m.Action))
	return line, errors.Join(faults...)
}

// ignore stands before a rule, where a service would be.
const ignore = "ignore:"

// word reads a word of a vocabulary; "-" is its zero.
func word[T ~int8](kind, text string, list vocabulary.List, parse func([]byte) (T, bool), into *T) error {
	if text == "-" {
		return nil
	}
	value, ok := parse([]byte(text))
	if !ok || text == "" {
		return fmt.Errorf("%s %w", kind, vocabulary.Unknown(text, list.Words()))
	}
	*into = value
	return nil
}
