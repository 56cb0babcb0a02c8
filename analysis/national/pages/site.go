package pages

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/entscope/entscope/analysis/drawing"
	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/national"
	"github.com/entscope/entscope/analysis/report"
	"github.com/entscope/entscope/analysis/wording"
)

//go:embed templates
var templates embed.FS

// Options say how pages are written.
type Options struct {
	Lang     string // fr (the default) or en
	Software string
}

// site is a set of pages under way.
type site struct {
	lang     wording.Lang
	software string
	answers  *national.Answers
	book     book
	dir      string
	figures  int
	// last is the school year of results without one, empty without any.
	last     string
	themes   []theme
	holidays []span
	marks    []mark
}

// Write writes every page and data file into the folder dir, which is there.
func Write(dir string, a *national.Answers, o Options) error {
	l, err := wording.Parse(o.Lang)
	if err != nil {
		return err
	}
	s := &site{lang: l, software: o.Software, answers: a, book: newBook(l, a.Results), dir: dir}
	for _, y := range a.Years {
		if y.Position >= 0 {
			s.last = y.Label
		}
	}
	s.holidays, s.marks = s.shaded(), s.broken()
	if s.themes, err = readThemes(); err != nil {
		return err
	}
	for i := range s.themes {
		t := &s.themes[i]
		t.Figures = s.figuresOf(t.ID)
		for k := range t.Figures {
			if err := s.finish(&t.Figures[k]); err != nil {
				return err
			}
		}
		title := l.Text(t.Title)
		if err := s.page("theme.html", t.File, map[string]any{"Theme": *t, "Title": title}); err != nil {
			return err
		}
	}
	places, err := s.schools()
	if err != nil {
		return err
	}
	front := map[string]any{"Title": s.title(), "Themes": s.themes, "Findings": s.findings(), "Given": s.given(),
		"Warnings": s.cautions(), "Places": len(places) > 0}
	if err := s.page("index.html", "index.html", front); err != nil {
		return err
	}
	return s.data()
}

// data writes results.json and results.csv.
func (s *site) data() error {
	var asJSON, asCSV bytes.Buffer
	if err := indicator.WriteResults(&asJSON, s.answers.Results); err != nil {
		return err
	}
	if err := s.put("results.json", asJSON.Bytes()); err != nil {
		return err
	}
	list, err := encodeCSV(s.answers.Results, s.answers.Synthetic)
	if err != nil {
		return err
	}
	asCSV.Write(list)
	return s.put("results.csv", asCSV.Bytes())
}

func (s *site) put(name string, data []byte) error {
	if err := os.WriteFile(filepath.Join(s.dir, name), data, 0o644); err != nil {
		return fmt.Errorf("pages: %w", err)
	}
	return nil
}

// finish numbers a figure, gathers its doubts and writes its data.
func (s *site) finish(f *figure) error {
	s.figures++
	f.Number = s.figures
	f.Table.Name = s.f("Données de la figure %d", "Data of figure %d", f.Number)
	for _, note := range s.book.notes(f.results) {
		if !slices.Contains(f.Notes, note) && !slices.Contains(f.Reading, note) {
			f.Notes = append(f.Notes, note)
		}
	}
	data, err := s.encodeJSON(*f)
	if err != nil {
		return err
	}
	list, err := encodeCSV(f.results, s.answers.Synthetic)
	if err != nil {
		return err
	}
	return errors.Join(s.put(f.ID+".json", data), s.put(f.ID+".csv", list))
}

// page writes one page from its template.
func (s *site) page(name, file string, data map[string]any) error {
	t, err := template.New(name).Funcs(template.FuncMap{
		"t":     s.t,
		"text":  s.lang.Text,
		"style": report.Style,
		"own":   ownStyle,
		"c":     drawing.Coordinate,
		"ceil":  func(x float64) string { return drawing.Coordinate(math.Ceil(x)) },
		"join":  func(list []string) string { return strings.Join(list, " ") },
		"svg": func(c *drawing.Chart, f figure, suffix string) map[string]any {
			return map[string]any{"Chart": c, "Figure": f, "Suffix": suffix}
		},
	}).ParseFS(templates, "templates/parts.html", "templates/"+name)
	if err != nil {
		return fmt.Errorf("pages: %w", err)
	}
	data["Lang"], data["Synthetic"], data["Software"], data["File"] = s.lang, s.answers.Synthetic, s.software, file
	data["Menu"] = s.menu()
	var b bytes.Buffer
	if err := t.Execute(&b, data); err != nil {
		return fmt.Errorf("pages: %s: %w", file, err)
	}
	return s.put(file, b.Bytes())
}

func ownStyle() (template.CSS, error) {
	text, err := templates.ReadFile("templates/national.css")
	return template.CSS(text), err
}

// t is a text of a page; f one with values in it, in the same order in both languages.
func (s *site) t(french, english string) string { return s.lang.T(french, english) }

func (s *site) f(french, english string, values ...any) string {
	return fmt.Sprintf(s.t(french, english), values...)
}

// entry is one page of the menu.
type entry struct{ File, Title string }

func (s *site) menu() []entry {
	list := []entry{{"index.html", s.t("L’essentiel", "Summary")}}
	for _, t := range s.themes {
		list = append(list, entry{t.File, s.lang.Text(t.Menu)})
	}
	return append(list, entry{"etablissements.html", s.t("Établissements", "Schools")})
}

func (s *site) title() string {
	return s.t("Comment les parents se servent des ENT, en France", "How parents use school portals in France")
}

// shaded are the weeks without class in at least half of the zones.
func (s *site) shaded() []span {
	var out []span
	for _, w := range s.answers.HolidayWeeks() {
		if len(out) > 0 && out[len(out)-1].to == w {
			out[len(out)-1].to = w + 7
			continue
		}
		out = append(out, span{w, w + 7})
	}
	return out
}

// broken are the marks of the breaks of method.
func (s *site) broken() []mark {
	var out []mark
	for _, y := range s.answers.Years {
		if y.Break != nil {
			out = append(out, mark{y.First, s.t("rupture de méthode", "break of method")})
		}
	}
	return out
}

// timeNotes say what the marks of a line over time mean.
func (s *site) timeNotes() []string {
	var out []string
	if len(s.holidays) > 0 {
		out = append(out, s.t("Bandes grises : semaines sans classe dans la moitié des zones au moins.",
			"Grey bands: weeks without class in half of the zones at least."))
	} else {
		out = append(out, s.t("Vacances non marquées : il manque le fichier du calendrier scolaire.",
			"Holidays are not marked: the file of the school calendar is missing."))
	}
	for _, y := range s.answers.Years {
		if y.Break != nil {
			out = append(out, s.breakText(y.Break))
		}
	}
	return out
}

// breakText is the sentence that results carry of a break.
func (s *site) breakText(b *national.Break) string { return s.book.warn(b.Mark()) }

// profiles names profiles of the DNMA.
func (s *site) profiles(names []string) []string {
	words := map[string]string{"eleve": s.t("élèves", "pupils"), "parent": s.t("parents", "parents"),
		"enseignant": s.t("enseignants", "teachers")}
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = words[n]
	}
	return out
}
