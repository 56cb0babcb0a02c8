package pipeline

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/entscope/entscope/analysis/publication"
	"github.com/entscope/entscope/anonymize/durable"
	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/pseudonym"
	"github.com/entscope/entscope/anonymize/release"
	"github.com/entscope/entscope/anonymize/zone"
	"github.com/entscope/entscope/cmd/entscope/internal/study"
)

// masterKey loads the study's master key. The key of a synthetic region is refused
// where persons are.
func masterKey(s *study.Study) (*pseudonym.MasterKey, error) {
	master, err := pseudonym.LoadKey(s.Path(s.Key.File), s.Path(s.Key.Identity))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", study.ErrConfig, err)
	}
	if master.Synthetic() && !s.About.Synthetic {
		return nil, fmt.Errorf("%w: %s is the published key of a synthetic region, which protects nobody; "+
			"hint: entscope key init --out FILE makes one for this study", study.ErrConfig, s.Key.File)
	}
	return master, nil
}

// studyKey derives the study's key; the restricted zone gets its salt here when
// it has none yet.
func (b *Batch) studyKey() (*pseudonym.StudyKey, error) {
	s := b.Study
	master, err := masterKey(s)
	if err != nil {
		return nil, err
	}
	dir := s.Path(s.Output.Restricted)
	salt, err := pseudonym.LoadSalt(dir)
	if errors.Is(err, fs.ErrNotExist) {
		salt, err = pseudonym.CreateSalt(b.Disk, dir)
	}
	if err != nil {
		return nil, err
	}
	key, err := master.Study(s.About.Purpose, s.About.SchoolYear, salt)
	if err != nil {
		return nil, err
	}
	return key, ownZone(dir, key)
}

// ownZone refuses the restricted zone of another study. One that is damaged is refused where it is read.
func ownZone(dir string, key *pseudonym.StudyKey) error {
	z, err := zone.Open(dir)
	if err == nil {
		err = z.Of(key)
	}
	if errors.Is(err, durable.ErrForeign) {
		return fmt.Errorf("%w: %w; hint: output.restricted is the folder of this study alone; where purpose, school_year or "+
			"the master key was changed, the zone is that of the study before", study.ErrConfig, err)
	}
	return nil
}

// MayDestroy refuses to destroy the restricted zone of another study, which a wrong path names. What lies in the study's own
// folder is its own: its keys may be gone by then, or another purpose be why it is destroyed.
func MayDestroy(s *study.Study) error {
	dir := s.Path(s.Output.Restricted)
	if inside, err := filepath.Rel(study.Resolve(s.Dir), study.Resolve(dir)); err == nil && filepath.IsLocal(inside) {
		return nil
	}
	salt, err := pseudonym.LoadSalt(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // it is destroyed already, if not to its end
	}
	var master *pseudonym.MasterKey
	if err == nil {
		master, err = masterKey(s)
	}
	if err != nil {
		return fmt.Errorf("whether %s is the zone of this study only its keys tell: %w", dir, err)
	}
	key, err := master.Study(s.About.Purpose, s.About.SchoolYear, salt)
	if err != nil {
		return err
	}
	return ownZone(dir, key)
}

// Releases opens the register of releases of the study's master key. What stands of the
// study says how long it was: one that was cut back, or an older copy of it, is refused. The error wraps ErrRefused where
// something stands that the register says was taken back.
func Releases(s *study.Study) (*release.Register, error) {
	master, err := masterKey(s)
	if err != nil {
		return nil, err
	}
	key, err := master.Lasting()
	if err != nil {
		return nil, err
	}
	if err := release.Anchored(s.Path(s.Key.File), s.ReleasesFile()); err != nil {
		return nil, fmt.Errorf("%w: %w", study.ErrConfig, err)
	}
	register, err := release.Open(s.ReleasesFile(), key)
	if err == nil {
		err = register.MayBegin(s.Path(s.Key.File), s.Dir)
	}
	if err == nil {
		err = witnessed(s, register)
	}
	if errors.Is(err, release.ErrRecalled) {
		return nil, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", study.ErrConfig, err)
	}
	return register, nil
}

// witnessed asks every edition that is there, of whatever term, the publication, tables of requests and the last
// run how the register stood. What cannot be read is said elsewhere.
func witnessed(s *study.Study, register *release.Register) error {
	folder := s.Path(s.Output.Editions)
	entries, err := os.ReadDir(folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, e := range entries {
		m, err := edition.ReadDir(filepath.Join(folder, e.Name()))
		if err != nil {
			continue
		}
		if err := register.Continues("edition "+e.Name(), e.Name(), m.Booking); err != nil {
			return err
		}
	}
	// The publication that lies there may be that of an earlier term.
	if b, ok := publication.BookingOf(s.Path(s.Output.Published)); ok {
		if err := register.Continues("the publication", published, b); err != nil {
			return err
		}
	}
	left, err := releasedTables(s)
	if err != nil {
		return err
	}
	for _, t := range left {
		if t.booking == (edition.Booking{}) { // those of an earlier version; an edition was booked before any
			err = register.Holds([]string{t.name})
		} else {
			err = register.Continues("tables "+t.dir, t.name, t.booking)
		}
		if err != nil {
			return err
		}
	}
	if last := lastRun(s.Dir); last.witnesses(s, register) {
		return register.Continues("run.json", "", *last.Register)
	}
	return nil
}

// witnesses reports whether a run says how the register of a study stood, wherever it lay. Studies of other keys that share
// a folder have registers of their own.
func (r *Report) witnesses(s *study.Study, register *release.Register) bool {
	switch {
	case r.Register == nil:
		return false
	case r.RegisterFile == registerOf(s), r.RegisterKey == register.KeyID():
		return true
	}
	return register.Opens(s.Path(r.RegisterFile)) // an earlier version's does not say of which key
}

// lastRun is what the last run of the folder said; zero when none says anything.
func lastRun(dir string) (last Report) {
	data, err := os.ReadFile(filepath.Join(dir, runName))
	if err != nil || json.Unmarshal(data, &last) != nil {
		return Report{}
	}
	return last
}

// registerOf is where the register of a study is, as its folder sees it.
func registerOf(s *study.Study) string {
	file := s.ReleasesFile()
	if relative, err := filepath.Rel(s.Dir, file); err == nil {
		file = relative
	}
	return filepath.ToSlash(file)
}

// releases is Releases, written on the disk of the batch, and anchored beside the master key.
func (b *Batch) releases() (*release.Register, error) {
	register, err := Releases(b.Study)
	if err != nil {
		return nil, err
	}
	register.Disk, b.register = b.Disk, register
	register.Begun = func(file string) { b.report.Begun = file }
	return register, register.Anchor(b.Study.Path(b.Study.Key.File))
}

// signer signs manifests with the key that follows from the study's master key.
func signer(s *study.Study) (edition.Sign, error) {
	master, err := masterKey(s)
	if err != nil {
		return nil, err
	}
	key, err := master.Signing()
	if err != nil {
		return nil, err
	}
	return key.Sign, nil
}

// Standing is where a release of a name lies in the folders of a study, or aside in that of study.toml; empty where it
// does not.
func Standing(s *study.Study, register *release.Register, name string) string {
	dir := filepath.Join(s.Path(s.Output.Editions), name)
	if _, err := edition.ReadDir(dir); err == nil {
		return dir
	}
	dir = s.Path(s.Output.Published)
	entries := register.Entries()
	if b, ok := publication.BookingOf(dir); ok && b.Lines < len(entries) && entries[b.Lines].Name == name {
		return dir
	}
	left, err := releasedTables(s)
	if err != nil {
		return Released(s) // nobody can say that they do not
	}
	for _, t := range left {
		if t.name == name {
			return t.dir
		}
	}
	return copyIn(s, entries, name)
}

// copyIn is a folder anywhere in that of a study, whatever it is called, that says by where it stands in the register that
// it is the release of a name.
func copyIn(s *study.Study, entries []release.Entry, name string) (found string) {
	is := func(b edition.Booking) bool {
		return b.Lines < len(entries) && entries[b.Lines].Name == name &&
			(b.Lines == 0 || entries[b.Lines-1].Chain == b.Head)
	}
	restricted := s.Path(s.Output.Restricted)
	_ = filepath.WalkDir(s.Dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil || !d.IsDir():
			return nil // what cannot be read says nothing
		case path == restricted:
			return fs.SkipDir
		}
		if m, err := edition.ReadDir(path); err == nil && is(m.Booking) {
			found = path
		} else if b, ok := publication.BookingOf(path); ok && is(b) {
			found = path
		}
		if found != "" {
			return fs.SkipAll
		}
		return nil
	})
	return found
}
