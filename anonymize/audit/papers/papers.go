// Package papers drafts what a data-protection officer has to write of a study, from an
// audit and the manifests that it read: an impact assessment in the structure of the CNIL's
// models (PIA, les modèles, February 2018; GDPR, art. 35), the entry of the record of
// processing (art. 30), notices to families and to minors (art. 12 to 14), a sheet of
// retention periods and one for a breach (art. 33 and 34), as Markdown.
//
// All say the facts of one struct. What the audit found is marked as measured, with the
// claim it stands in; what somebody states is marked as attested, and by whom; what only a
// human can write is a blank that says what is asked for. No paper holds a personal value:
// there is none in an audit. The texts of others are data: no mark-up in them takes effect.
package papers

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"text/template"

	"github.com/entscope/entscope/anonymize/audit"
	"github.com/entscope/entscope/anonymize/durable"
)

//go:embed templates
var templates embed.FS

// Write writes the papers in a language, fr or en, to dir as a whole, and lists the files.
// What lies in dir is never overwritten: somebody may have filled in a blank.
func Write(dir, lang string, f Facts) ([]string, error) {
	files, err := render(lang, f)
	if err != nil {
		return nil, err
	}
	if err := said(lang, f.Audit, files); err != nil {
		return nil, err
	}
	if err := place(dir, files); err != nil {
		return nil, err
	}
	list, err := names(lang)
	return append(list, pageName, reportName), err
}

// Place moves papers that Write wrote to a folder of this process alone to their place.
func Place(from, dir string) error {
	root, err := os.OpenRoot(from)
	if err != nil {
		return fmt.Errorf("papers: %w", err)
	}
	defer root.Close()
	files := map[string][]byte{}
	for _, lang := range []string{"fr", "en"} {
		list, err := names(lang)
		if err != nil {
			return err
		}
		for _, name := range append(list, pageName, reportName) {
			data, err := root.ReadFile(name)
			if err == nil {
				files[name] = data
			}
		}
	}
	return place(dir, files)
}

func place(dir string, files map[string][]byte) error {
	if there, err := os.ReadDir(dir); err == nil && len(there) > 0 {
		return fmt.Errorf("papers: %s is not empty, and papers may have been filled in: %w; hint: name another folder",
			filepath.Base(dir), durable.ErrForeign)
	}
	if err := durable.WriteFolder(dir, files, 0o700); err != nil {
		return fmt.Errorf("papers: write: %w", err)
	}
	return nil
}

// names are the papers of a language, in order.
func names(lang string) ([]string, error) {
	entries, err := fs.ReadDir(templates, path.Join("templates", lang))
	if err != nil {
		return nil, fmt.Errorf("papers: no papers in the language %q", lang)
	}
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out, nil
}

// What the audit itself says stands beside the papers, in their language.
const (
	pageName   = "audit.html"
	reportName = "audit.json"
)

// said adds to the papers what the audit says.
func said(lang string, r *audit.Report, files map[string][]byte) (err error) {
	if files[pageName], err = r.Page(lang); err != nil {
		return fmt.Errorf("papers: %w", err)
	}
	if files[reportName], err = json.MarshalIndent(r.In(lang), "", "  "); err != nil {
		return fmt.Errorf("papers: %w", err)
	}
	return nil
}

// render writes each paper of a language, by name.
func render(lang string, f Facts) (map[string][]byte, error) {
	list, err := names(lang)
	if err != nil {
		return nil, err
	}
	w := writer{lang: lang, facts: &f}
	files := map[string][]byte{}
	for _, name := range list {
		t, err := template.New(name).Funcs(w.functions()).ParseFS(templates, path.Join("templates", lang, name))
		if err != nil {
			return nil, fmt.Errorf("papers: template %s: %w", name, err)
		}
		var b bytes.Buffer
		if err := t.Execute(&b, f); err != nil {
			return nil, fmt.Errorf("papers: %s: %w", name, err)
		}
		files[name] = append(bytes.TrimRight(b.Bytes(), "\n"), '\n')
	}
	return files, nil
}
