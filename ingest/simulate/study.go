package simulate

import (
	"bytes"
	_ "embed" // the studies
	"fmt"
	"strings"
	"text/template"
	"time"

	"github.com/entscope/entscope/ingest/simulate/region"
)

//go:embed study.toml.tmpl
var studyTemplate string

// study is what the template of study.toml is filled with.
type study struct {
	*region.Window
	// CASAlone asks for the study over the log of the CAS server.
	CASAlone bool
	Forms    []region.HelpForm
}

// Date is the TOML of a day of the window.
func (s *study) Date(day int) string { return s.Window.Date(day).Format(time.DateOnly) }

// First is the first day of the study.
func (s *study) First() string { return s.Date(0) }

// Last is the last day of the study.
func (s *study) Last() string { return s.Date(s.Days - 1) }

// Issued is the day its publication is issued: two weeks after.
func (s *study) Issued() string { return s.Date(s.Days + 13) }

// Term is the term of a window of weeks, or the years "2024-2026".
func (s *study) Term() string {
	if s.Years == 0 {
		return "2025-T1"
	}
	return s.First()[:4] + "-" + s.Last()[:4]
}

// LastLocked is the last day of the lockdown.
func (s *study) LastLocked() string { return s.Date(s.Lockdown[1] - 1) }

// Locked reports whether the window holds a lockdown.
func (s *study) Locked() bool { return s.Lockdown[0] != region.NoDay }

func (s *study) render() ([]byte, error) {
	t, err := template.New("study").Funcs(template.FuncMap{"join": strings.Join}).Parse(studyTemplate)
	if err != nil {
		return nil, fmt.Errorf("read the template of study.toml: %w", err)
	}
	var out bytes.Buffer
	if err := t.Execute(&out, s); err != nil {
		return nil, fmt.Errorf("fill the template of study.toml: %w", err)
	}
	return out.Bytes(), nil
}

// writeStudies writes study.toml and study-cas.toml.
func writeStudies(dir string, w *region.Window) error {
	for name, casAlone := range map[string]bool{"study.toml": false, "study-cas.toml": true} {
		s := study{Window: w, CASAlone: casAlone, Forms: region.HelpForms}
		text, err := s.render()
		if err == nil {
			err = writeFile(dir, name, text)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
