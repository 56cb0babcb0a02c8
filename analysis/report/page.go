package report

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"math"
	"strings"

	"github.com/entscope/entscope/analysis/drawing"
	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/wording"
)

//go:embed templates/style.css
var style string

// Style is the style sheet of the pages: the colours of the day, of the night and of paper,
// the looks of charts, and the rest.
func Style() template.CSS {
	day, night := drawing.Palette(false), drawing.Palette(true)
	return template.CSS(":root{color-scheme:light dark;" + day + "}\n" +
		"@media (prefers-color-scheme:dark){:root{" + night + "}}\n" +
		"@media print{:root{color-scheme:light;" + day + "}}\n" + drawing.Style() + style)
}

//go:embed templates
var templates embed.FS

// frame is what all pages have: the report's and those of the schools.
type frame struct {
	Lang  lang
	Facts Facts
	Title string
	Of    string // what the page is part of, for the title of the window
	Menu  []entry
	Here  string // the entry that is this page
	// Script is run on the page, and nothing else: it makes a list searchable. Empty for none.
	Script string
}

// searchScript filters the list of schools as somebody types. Without it the list is whole.
//
//go:embed templates/search.js
var searchScript string

// Policy is the Content-Security-Policy of a page: it fetches nothing, and runs its script
// alone.
func (f frame) Policy() string {
	policy := "default-src 'none'; style-src 'unsafe-inline'"
	if f.Script != "" {
		sum := sha256.Sum256([]byte(f.Script))
		policy += "; script-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	return policy
}

// entry is a page of a menu.
type entry struct{ File, Title string }

// svgData is what the SVG part needs.
type svgData struct {
	Chart           *drawing.Chart
	ID, Title, Desc string
	Suffix          string // keeps identifiers of the two layouts apart
}

// render runs one page template.
func render(l lang, name string, data any) ([]byte, error) {
	t, err := pageTemplate(l, name)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := t.Execute(&b, data); err != nil {
		return nil, fmt.Errorf("report: page %s: %w", name, err)
	}
	return b.Bytes(), nil
}

// pageTemplate parses one page with the parts all pages share.
func pageTemplate(l lang, name string) (*template.Template, error) {
	t, err := template.New(name).Funcs(template.FuncMap{
		"t":     func(french, english string) string { return l.T(french, english) },
		"style": Style,
		"js":    func(s string) template.JS { return template.JS(s) },
		"terms": func(f Facts) string { return l.T(f.terms(wording.FR).Text(), f.terms(wording.EN).Text()) },
		"c":     drawing.Coordinate,
		"date":  l.Date,
		"about": l.About,
		"count": func(n int) string { return l.Count(int64(n)) },
		"ceil":  func(x float64) string { return drawing.Coordinate(math.Ceil(x)) },
		"bars": func(c *drawing.Chart, id, title, desc, suffix string) svgData {
			return svgData{c, id, title, desc, suffix}
		},
		"name": func(s indicator.School) string { return nameOf(l, s) },
		"join": func(s []string) string { return strings.Join(s, " ") },
	}).ParseFS(templates, "templates/parts.html", "templates/"+name)
	if err != nil {
		return nil, fmt.Errorf("report: template %s: %w", name, err)
	}
	return t, nil
}

// figure is one drawn figure with everything around it.
type figure struct {
	ID      string
	Number  int
	Title   string
	Reading []string
	Legend  []legend
	Wide    *drawing.Chart
	Narrow  *drawing.Chart
	Table   table
	// Groups are the same measures by group, for a figure whose rows are measures.
	Groups []groupTable
	Notes  []string
	// Earlier says what the earlier period published, and the slopes draw it; empty or nil
	// where there is none.
	Earlier                string
	SlopeWide, SlopeNarrow *drawing.Chart
	results                []indicator.Result
	past                   []pastJSON
	rows                   []barRow
	unit                   unit
	sparse                 bool // it stands in the appendix alone
}

// legend explains a mark: a box, a dot, a line or the bar of an interval (ci).
type legend struct{ Mark, Class, Text string }
