package publication

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strconv"
	"strings"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/analysis/report"
	"github.com/entscope/entscope/analysis/wording"
	"github.com/entscope/entscope/anonymize/edition"
)

// figureRow is a published number, or why there is none: a line of the table of all figures.
type figureRow struct {
	Question   string   `parquet:"question"`
	Measure    string   `parquet:"measure"`
	Label      string   `parquet:"label"`
	Population string   `parquet:"population"`
	School     string   `parquet:"school"`
	Grouping   string   `parquet:"grouping"`
	Group      string   `parquet:"group"`
	Estimate   *float64 `parquet:"estimate,optional"`
	Low        *float64 `parquet:"low,optional"`
	High       *float64 `parquet:"high,optional"`
	Level      float64  `parquet:"level"`
	Target     string   `parquet:"target"`
	N          *int64   `parquet:"n,optional"`
	Status     string   `parquet:"status"`
	Method     string   `parquet:"method"`
	Warnings   string   `parquet:"warnings"`
	Synthetic  bool     `parquet:"synthetic"`
}

// column describes a column of the table of all figures; Type is that of a Table Schema.
type column struct {
	name, kind string
	text       question.Text
	values     []string // all that it may hold, where that is a short list
	cell       func(figureRow) string
}

func number(x *float64) string {
	if x == nil {
		return ""
	}
	return strconv.FormatFloat(*x, 'f', -1, 64)
}

// columns are those of the table, in order.
func columns() []column {
	word := func(name, fr, en string, of func(figureRow) string) column {
		return column{name, "string", question.Text{FR: fr, EN: en}, nil,
			func(r figureRow) string { return wording.Inert(of(r)) }}
	}
	measured := func(name, fr, en string, of func(figureRow) string) column {
		return column{name, "number", question.Text{FR: fr, EN: en}, nil, of}
	}
	status := word("status", "published : un nombre ; suppressed : trop peu de personnes, ou de quoi retrouver un "+
		"chiffre secret ; not_measurable : la source manque, ce n’est pas zéro",
		"published: a number; suppressed: too "+
			"few people, or a way to a secret figure; not_measurable: the feed is missing, it is not zero",
		func(r figureRow) string { return r.Status })
	status.values = []string{
		string(indicator.Published), string(indicator.Suppressed), string(indicator.NotMeasurable),
	}
	return []column{
		word("question", "Question du catalogue (L2, N3, …)", "Question of the catalogue (L2, N3, …)",
			func(r figureRow) string { return r.Question }),
		word("measure", "Mesure de la question", "Measure of the question",
			func(r figureRow) string { return r.Measure }),
		word("label", "La mesure en mots", "The measure in words", func(r figureRow) string { return r.Label }),
		word("population", "Dénominateur", "Denominator", func(r figureRow) string { return r.Population }),
		word("school", "Code de l’établissement ; vide pour l’ensemble", "Code of the school; empty for all",
			func(r figureRow) string { return r.School }),
		word("grouping", "Regroupement ; vide pour l’ensemble", "Grouping; empty for everyone",
			func(r figureRow) string { return r.Grouping }),
		word("group", "Groupe du regroupement", "Group of the grouping", func(r figureRow) string { return r.Group }),
		measured("estimate", "Valeur ; une part est une fraction de 1", "Value; a share is a fraction of 1",
			func(r figureRow) string { return number(r.Estimate) }),
		measured("low", "Borne basse", "Lower end", func(r figureRow) string { return number(r.Low) }),
		measured("high", "Borne haute", "Upper end", func(r figureRow) string { return number(r.High) }),
		measured("level", "Niveau de confiance de l’intervalle ; 0 sans intervalle",
			"Confidence level of the interval; 0 without one", func(r figureRow) string { return number(&r.Level) }),
		word("target", "Ce dont l’intervalle parle", "What the interval speaks of",
			func(r figureRow) string { return r.Target }),
		{"n", "integer", question.Text{FR: "Personnes distinctes du dénominateur, arrondies",
			EN: "Distinct persons of the denominator, rounded"}, nil, func(r figureRow) string {
			if r.N == nil {
				return ""
			}
			return strconv.FormatInt(*r.N, 10)
		}},
		status,
		word("method", "Méthode", "Method (in French)", func(r figureRow) string { return r.Method }),
		word("warnings", "Réserves", "Warnings (in French)", func(r figureRow) string { return r.Warnings }),
		{"synthetic", "boolean", question.Text{FR: "Vrai de données synthétiques", EN: "True of synthetic data"}, nil,
			func(r figureRow) string { return strconv.FormatBool(r.Synthetic) }},
	}
}

// figureRows are all figures: those of the report, then those of each school's page.
func figureRows(l wording.Lang, results []indicator.Result, schools []indicator.School, synthetic bool) []figureRow {
	var rows []figureRow
	add := func(school string, r indicator.Result) {
		row := figureRow{
			Question: r.Indicator, Measure: r.Measure, Label: label(l, r), Population: r.Population, School: school,
			Estimate: r.Estimate, Low: r.Low, High: r.High, Level: r.Level, Target: r.Target, Status: string(r.Status),
			Method: r.Method, Warnings: indicator.Written(r.Warnings), Synthetic: synthetic,
		}
		row.Grouping, row.Group = grouped(r.Group)
		if r.Status == indicator.Published {
			row.N = &r.N
		}
		rows = append(rows, row)
	}
	for _, r := range results {
		if r.Edition != edition.KindSchools {
			add("", r)
		}
	}
	for _, s := range schools {
		for _, r := range report.SchoolFigures(s) {
			add(s.UAI, r)
		}
	}
	return rows
}

// grouped is a group as two words; that of a school says its month alone.
func grouped(group map[string]string) (grouping, value string) {
	var keys []string
	for k := range group {
		if k != "uai" {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	var values []string
	for _, k := range keys {
		values = append(values, group[k])
	}
	return strings.Join(keys, " × "), strings.Join(values, " × ")
}

// label is a measure in words.
func label(l wording.Lang, r indicator.Result) string {
	q, err := question.Lookup(r.Indicator)
	if err != nil {
		return r.Measure
	}
	m, _ := q.Measure(r.Measure)
	if text := l.Text(m.Label); text != "" {
		return text
	}
	return l.Text(question.Text{FR: m.Label.FR, EN: m.Label.FR})
}

// figuresCSV writes the table, RFC 4180 with a decimal point.
func figuresCSV(rows []figureRow) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	list := columns()
	line := make([]string, len(list))
	for i, c := range list {
		line[i] = c.name
	}
	if err := w.Write(line); err != nil {
		return nil, err
	}
	for _, r := range rows {
		for i, c := range list {
			line[i] = c.cell(r)
		}
		if err := w.Write(line); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

// figuresParquet writes the same table.
func figuresParquet(rows []figureRow, terms edition.Terms) ([]byte, error) {
	var b bytes.Buffer
	err := edition.Encode(&b, rows, map[string]string{"licence": terms.Licence, "terms": terms.Text()})
	return b.Bytes(), err
}
