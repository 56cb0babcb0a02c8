package study

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/entscope/entscope/analysis/publication"
	"github.com/entscope/entscope/anonymize/durable"
	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/release"
	"github.com/entscope/entscope/anonymize/zone"
)

// folder is one of the three that a batch writes, and what makes a folder
// that is there already one of ours.
type folder struct {
	key  string
	path string
	ours func(dir string) error
}

func (s *Study) zones() []folder {
	return []folder{
		{"output.restricted", s.Path(s.Output.Restricted), zone.IsZone},
		{"output.editions", s.Path(s.Output.Editions), IsEditions},
		{"output.published", s.Path(s.Output.Published), publication.Is},
	}
}

// checkPaths refuses zones that a batch, or key destroy, could not replace
// without taking something that is not its own: a zone that is, holds or lies in
// another zone, an input, a key, a policy or the study itself, links resolved; and
// one in which something stands that entscope did not make.
func (s *Study) checkPaths(fault func(string, ...any)) {
	zones := s.zones()
	for i, z := range zones {
		if z.path == "" {
			continue // said already
		}
		at := Resolve(z.path)
		for _, other := range zones[i+1:] {
			if other.path != "" && (within(at, Resolve(other.path)) || within(Resolve(other.path), at)) {
				fault("%s, %s: the three zones must be three folders, none inside another", z.key, other.key)
			}
		}
		refused := false
		for _, p := range s.paths() {
			if within(p.at, at) || p.folder && within(at, p.at) {
				fault("%s: %s is, holds or lies in what %s names: a run would remove it", z.key, z.path, p.key)
				refused = true
				break
			}
		}
		if refused {
			continue
		}
		if _, err := durable.Check(z.path, z.ours); err != nil {
			fault("%s: %w; hint: name an empty folder, or one that an earlier run made", z.key, err)
		}
	}
}

// ReleasesFile is where the register of releases lies.
func (s *Study) ReleasesFile() string {
	if s.Output.Releases != "" {
		return release.Place(s.Path(s.Output.Releases))
	}
	return release.File(s.Path(s.Key.File))
}

// named is a path of the study that no zone may touch.
type named struct {
	key, at string
	folder  bool // nothing may be written inside either
}

// paths are the places of everything that the study reads, and those that no
// batch may ever replace.
func (s *Study) paths() []named {
	list := []named{{"the study's folder", Resolve(s.Dir), false}}
	if home, err := os.UserHomeDir(); err == nil {
		list = append(list, named{"the home folder", Resolve(home), false})
	}
	one := func(key, path string) {
		if path != "" {
			list = append(list, named{key, Resolve(s.Path(path)), true})
		}
	}
	globs := func(key string, patterns []string) {
		for _, pattern := range patterns {
			if pattern == "-" || pattern == "" {
				continue
			}
			folder := Resolve(s.Path(staticFolder(pattern)))
			list = append(list, named{key, folder, !within(Resolve(s.Dir), folder)})
		}
	}
	one("key.file", s.Key.File)
	one("key.identity", s.Key.Identity)
	one("output.releases", s.ReleasesFile())
	one("policies.research", s.Policies.Research)
	one("policies.schools", s.Policies.Schools)
	one("policies.publication", s.Policies.Publication)
	one("catalog.file", s.Catalog.File)
	one("plan.file", s.Plan.File)
	one("engine.folder", s.Engine.Folder)
	for _, src := range s.Sources {
		globs("source "+src.Name, src.Files)
	}
	globs("directory.aaf", s.Directory.AAF)
	globs("directory.siecle", s.Directory.SIECLE)
	globs("directory.imports", s.Directory.Imports)
	tables := func(key string, tables []Table) {
		for _, t := range tables {
			globs(key, t.Files)
		}
	}
	tables("directory.accounts", s.Directory.Accounts)
	tables("directory.persons", s.Directory.Persons)
	tables("directory.merges", s.Directory.Merges)
	if s.Objections != nil {
		globs("objections", s.Objections.Files)
	}
	if s.Reference.Schools != nil {
		globs("reference.schools", s.Reference.Schools.Files)
	}
	if s.Reference.Calendar != nil {
		globs("reference.calendar", s.Reference.Calendar.Files)
	}
	if s.Reference.National != nil {
		globs("reference.national", s.Reference.National.Files)
	}
	for _, dir := range s.Reference.Previous {
		one("reference.previous", dir)
	}
	for _, name := range slices.Sorted(maps.Keys(s.Registers)) {
		globs("registers."+name, s.Registers[name].Files)
	}
	return list
}

// staticFolder is the folder of a pattern, up to its first wildcard.
func staticFolder(pattern string) string {
	dir := filepath.Dir(pattern)
	for strings.ContainsAny(dir, "*?[") {
		dir = filepath.Dir(dir)
	}
	return dir
}

// within reports whether path is dir or lies below it; both are resolved. A folder
// may have two names, where case does not count or a disk is mounted twice, so what
// is above path is also compared with dir as the system knows them.
func within(path, dir string) bool {
	rel, err := filepath.Rel(dir, path)
	if err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return true
	}
	same, err := os.Stat(dir)
	if err != nil {
		return false
	}
	for {
		if at, err := os.Stat(path); err == nil && os.SameFile(at, same) {
			return true
		}
		parent := filepath.Dir(path)
		if parent == path {
			return false
		}
		path = parent
	}
}

// Resolve gives the absolute path with every link of it followed, as far as it
// exists.
func Resolve(path string) string {
	path, err := filepath.Abs(path)
	if err != nil {
		return filepath.Clean(path)
	}
	for rest := ""; ; {
		if real, err := filepath.EvalSymlinks(path); err == nil {
			return filepath.Join(real, rest)
		}
		parent := filepath.Dir(path)
		if parent == path {
			return filepath.Join(path, rest)
		}
		rest, path = filepath.Join(filepath.Base(path), rest), parent
	}
}

// IsEditions reports, as an error, why dir is no folder of editions: it holds
// something that is neither an edition nor the stage of one.
func IsEditions(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if durable.IsStage(e.Name()) || e.Name() == zone.LockName {
			continue
		}
		if !isEdition(filepath.Join(dir, e.Name())) {
			return errors.New("it holds what is no edition")
		}
	}
	return nil
}

// isEdition reports whether the manifest of an edition stands in dir; whether it is
// whole is asked when it is read.
func isEdition(dir string) bool {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return false
	}
	defer root.Close()
	m, err := edition.Read(root)
	return err == nil && m.Kind != "" && m.ConfigHash != ""
}
