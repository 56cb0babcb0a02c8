package study

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/entscope/entscope/ingest/format"
	"github.com/entscope/entscope/ingest/format/mapped"
	"github.com/entscope/entscope/ingest/source"
)

// Source is one feed of events.
type Source struct {
	// a word that names the feed in every count
	Name string `toml:"name" need:"yes" example:"cas"`
	// what writes the feed
	Format string `toml:"format" need:"yes" words:"@formats"`
	// What the format reads, by format.
	format.Settings
	// files and patterns, or "-" for standard input
	Files []string `toml:"files" need:"yes" example:"inbox/*.log.gz"`
	// the namespace of the account identifiers in the feed, as an account list declares it
	Accounts string `toml:"accounts" need:"yes" example:"cas"`
	// of the times in the feed that carry no zone; the study's if unset
	Timezone string `toml:"timezone"`
	// UAI of the one school that the whole feed speaks of
	School string `toml:"school" example:"0750001A"`
	// a regular expression whose first group finds the school's UAI in the file's path
	SchoolPattern string `toml:"school_pattern" example:"([0-9]{7}[A-Z])"`
	// how many records its deliveries have in all, where it is known; fewer are a warning, or end the run beyond
	// limits.max_loss_share
	Expect int64 `toml:"expect" example:"1204311"`
	// lists of SHA-256 as sha256sum writes them where the files are made: a delivery that is another is left out, and
	// one that is not here, or that no list has, is a warning
	Checksums []string `toml:"checksums" example:"inbox/SHA256SUMS"`
	// where deliveries are fetched from, into the folder of the first pattern; see entscope help sources
	Pull *source.Remote `toml:"pull"`
}

// Remote is where the source's deliveries come from, with paths and days of the
// study; ok is false for a source of local files.
func (s *Study) Remote(src Source) (r source.Remote, ok bool) {
	if src.Pull == nil {
		return source.Remote{}, false
	}
	zone := src.Timezone
	if zone == "" {
		zone = s.About.Timezone
	}
	return src.Pull.Within(s.Dir, s.About.Start, s.About.End, zone), true
}

func (s *Study) checkSources(fault func(string, ...any)) {
	if len(s.Sources) > 127 {
		fault("source: %d feeds, at most 127", len(s.Sources))
	}
	seen, piped := map[string]bool{}, ""
	for i, src := range s.Sources {
		at, path := fmt.Sprintf("source %d (%s)", i+1, src.Name), fmt.Sprintf("source[%d]", i)
		if src.Name != "" && (!word.MatchString(src.Name) || seen[src.Name]) {
			fault("%s: name is not a word, or used twice", s.where(at, path+".name"))
		}
		seen[src.Name] = true
		if f, err := format.Lookup(src.Format); err == nil {
			if err := f.Check(&src.Settings); err != nil {
				fault("%s: %w", s.where(at, path), err)
			}
		}
		if src.Files != nil && len(src.Files) == 0 {
			fault("%s: files is empty", s.where(at, path+".files"))
		}
		if slices.Contains(src.Files, source.Stdin) {
			if piped != "" {
				fault("%s: standard input (\"-\") belongs to source %s already", at, piped)
			}
			if src.Pull != nil {
				fault("%s: a source with [source.pull] does not read standard input", at)
			}
			piped = src.Name
		}
		s.checkLooked(src, path, at, fault)
		if src.CSV != nil {
			s.mappingFaults(mapped.Check(src.CSV), fault, at, path+".csv")
		}
		if r, ok := s.Remote(src); ok {
			if err := r.Check(); err != nil && slices.Contains(source.Kinds, r.Kind) {
				fault("%s: [source.pull]: %w", s.where(at, path+".pull.kind"), err)
			}
			if len(src.Files) > 0 && strings.ContainsAny(filepath.Dir(src.Files[0]), "*?[") {
				fault("%s: [source.pull] needs a first pattern whose folder is plain", at)
			}
		}
		if src.Timezone != "" {
			if _, err := time.LoadLocation(src.Timezone); err != nil {
				fault("%s: timezone %q is unknown", s.where(at, path+".timezone"), src.Timezone)
			}
		}
		if _, err := regexp.Compile(src.SchoolPattern); err != nil {
			fault("%s: school_pattern: %v", s.where(at, path+".school_pattern"), err)
		}
	}
}
