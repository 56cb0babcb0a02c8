package combine

import (
	"bytes"
	"cmp"
	"embed"
	"fmt"
	"html/template"
	"math"
	"strconv"
	"strings"

	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/analysis/report"
	"github.com/entscope/entscope/analysis/wording"
	"github.com/entscope/entscope/anonymize/edition"
)

//go:embed templates/territories.html
var templates embed.FS

// pageTexts are the sentences of the page.
type pageTexts struct {
	Notice        string
	Terms         edition.Terms
	Doubts, Apart []string
	Software      string
}

// section is a question and its figures that differ, or not, between territories.
type section struct {
	ID, Question string
	Rows         []row
}

// row is a figure beside its territories, in words.
type row struct{ Label, Pooled, Mean, Other, Share, Of string }

// page is the page of the territories: the figures that have a meta-analysis.
func (n *Nation) page(l wording.Lang, m *edition.Manifest, texts pageTexts) ([]byte, error) {
	t, err := template.New("territories.html").Funcs(template.FuncMap{
		"t": l.T, "style": report.Style, "count": l.Count, "date": l.Date,
	}).ParseFS(templates, "templates/territories.html")
	if err != nil {
		return nil, fmt.Errorf("combine: page: %w", err)
	}
	var b bytes.Buffer
	err = t.Execute(&b, map[string]any{"Lang": l, "M": m, "Texts": texts, "Sections": n.sections(l, m)})
	if err != nil {
		return nil, fmt.Errorf("combine: page: %w", err)
	}
	return b.Bytes(), nil
}

func (n *Nation) sections(l wording.Lang, m *edition.Manifest) (out []section) {
	say := plural(l, m.Subject)
	for _, f := range n.Figures {
		if f.Between == nil {
			continue
		}
		q, err := question.Lookup(f.Indicator)
		measure, ok := q.Measure(f.Measure)
		if err != nil || !ok {
			continue
		}
		if len(out) == 0 || out[len(out)-1].ID != f.Indicator {
			out = append(out, section{ID: f.Indicator, Question: say(q.Question)})
		}
		label := strings.ReplaceAll(cmp.Or(say(measure.Label), measure.Label.FR), "{window}", "") // in the codebook alone
		if of, known := question.PopulationText(f.Population); known {
			label += ", " + say(of)
		}
		for grouping, group := range f.Group {
			label += ", " + groupText(l, grouping, group)
		}
		a := f.Between
		show := func(x float64) string { return shown(l, measure.Kind, x) }
		r := row{Label: label, Pooled: show(*f.Estimate), Mean: show(a.Mean) + span(l, show, a.Low, a.High),
			Other: span(l, show, a.OtherLow, a.OtherHigh), Share: l.Percent(100 * a.I2),
			Of: fmt.Sprintf("%d / %d", a.Territories, len(m.Combined))}
		if f.Low != nil && f.High != nil {
			r.Pooled += span(l, show, *f.Low, *f.High)
		}
		at := &out[len(out)-1]
		at.Rows = append(at.Rows, r)
	}
	return out
}

// plural puts the noun of those who are studied into a text.
func plural(l wording.Lang, subject string) func(question.Text) string {
	noun := "parents"
	if subject == "pupil" {
		noun = l.T("élèves", "pupils")
	}
	places := strings.NewReplacer("{parents}", noun, "{Parents}", wording.Capital(noun))
	return func(t question.Text) string { return places.Replace(l.Text(t)) }
}

func groupText(l wording.Lang, grouping, group string) string {
	if t, ok := question.GroupingOf(grouping).GroupText(group); ok {
		return l.Text(t)
	}
	return l.Text(question.GroupingOf(grouping).Text) + " " + group
}

func span(l wording.Lang, show func(float64) string, low, high float64) string {
	return " [" + show(low) + l.T(" ; ", ", ") + show(high) + "]"
}

// shown is a number of a kind: a share in percent, others with as many decimals as it takes, up to three.
func shown(l wording.Lang, k question.Kind, x float64) string {
	percent := ""
	if k == question.Share || k == question.EventShare || k == question.Gap {
		x, percent = 100*x, l.T(wording.NBSP+"%", "%")
	}
	x = math.Round(1000*x) / 1000
	_, fraction, _ := strings.Cut(strconv.FormatFloat(x, 'f', -1, 64), ".")
	return l.Number(x, len(fraction)) + percent
}
