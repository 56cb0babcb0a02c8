package pipeline

import (
	"path/filepath"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/release"
	"github.com/entscope/entscope/cmd/entscope/internal/study"
)

// folderOf is where a study lays releases of a kind, links followed; of tables that researchers asked for it is that of the
// publication that they lie beside.
func folderOf(s *study.Study, kind string) string {
	if kind == edition.KindResearch || kind == edition.KindSchools {
		return study.Resolve(s.Path(s.Output.Editions))
	}
	return study.Resolve(s.Path(s.Output.Published))
}

// laid is folderOf as the register sees it: from its own folder, so that both may move together.
func laid(s *study.Study, kind string) string {
	folder := folderOf(s, kind)
	if relative, err := filepath.Rel(filepath.Dir(study.Resolve(s.ReleasesFile())), folder); err == nil {
		folder = relative
	}
	return filepath.ToSlash(folder)
}

// Laid is the folder in which a study laid a release, "" where the register does not say: it was booked by an earlier
// version. It is own where s lays there what is of that kind.
func Laid(s *study.Study, register *release.Register, e release.Entry) (folder string, own bool, err error) {
	folder, err = register.Folder(e)
	if err != nil || folder == "" {
		return "", false, err
	}
	if folder = filepath.FromSlash(folder); !filepath.IsAbs(folder) {
		folder = filepath.Join(filepath.Dir(study.Resolve(s.ReleasesFile())), folder)
	}
	return folder, study.Resolve(folder) == folderOf(s, e.Kind), nil
}
