package combine

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/report"
	"github.com/entscope/entscope/analysis/wording"
	"github.com/entscope/entscope/anonymize/edition"
)

// written is results.json.
type written struct {
	Notice    string         `json:"notice"`
	Licence   string         `json:"licence"`
	Terms     string         `json:"terms"`
	Synthetic bool           `json:"synthetic"`
	Start     string         `json:"start"`
	End       string         `json:"end"`
	Parts     []edition.Part `json:"parts"`
	// Doubts are what is attested by nobody; Apart what does not add up, or counts twice.
	Doubts  []string `json:"doubts"`
	Apart   []string `json:"apart"`
	Figures []Figure `json:"figures"`
}

// files are the folder of the territories: results.json, results.csv and index.html.
func (n *Nation) files(
	l wording.Lang, m *edition.Manifest, doubts []string, facts report.Facts,
) (map[string][]byte, error) {
	notice, terms, apart := facts.Unreleased, edition.UnreleasedTerms(string(l)), []string{}
	if notice == "" {
		notice, terms = l.T(releasedFrench, releasedEnglish), edition.PublicTerms(string(l))
	}
	for _, note := range m.Notes {
		apart = append(apart, edition.NoteIn(string(l), note))
	}
	apart = append(apart, l.T(twiceFrench, twiceEnglish))
	var asJSON bytes.Buffer
	e := json.NewEncoder(&asJSON)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(written{notice, terms.Licence, terms.Text(), m.Synthetic, m.Start, m.End, m.Combined,
		append([]string{}, doubts...), apart, n.Figures}); err != nil {
		return nil, fmt.Errorf("combine: results: %w", err)
	}
	list, err := n.csv(m.Synthetic)
	if err != nil {
		return nil, err
	}
	page, err := n.page(l, m, pageTexts{notice, terms, doubts, apart, facts.Software})
	if err != nil {
		return nil, err
	}
	return map[string][]byte{"results.json": asJSON.Bytes(), "results.csv": list, "index.html": page}, nil
}

const (
	noticeFrench = "Non diffusé : chaque territoire n’y apporte que ce qu’il pourrait publier seul, mais ses publications " +
		"n’ont pas été lues. Les responsables de traitement les y confrontent avant de diffuser."
	noticeEnglish = "Not released: each territory brings only what it could publish alone, but its publications were not " +
		"read. The controllers lay these beside them before anything is released."
	releasedFrench = "Protégé avec ce que chaque territoire a publié, et inscrit au registre des diffusions. N’y ont pas " +
		"été confrontés les tableaux qu’un territoire a remis à des chercheurs, ni ses publications d’autres jours. Les " +
		"croisements de deux regroupements n’ont pas de chiffre."
	releasedEnglish = "Protected together with what each territory published, and entered in the register of releases. " +
		"Not laid beside it were the tables that a territory gave to researchers, and its publications of other days. " +
		"Crosses of two groupings have no figure."
	twiceFrench = "Si une personne sur cent était comptée par deux études, une part s’en écarterait d’un point et un " +
		"centième au plus : de N personnes dont d en double, d / (N − d)."
	twiceEnglish = "If one person in a hundred were counted by two studies, a share would be off by 1.01 points at most: " +
		"of N persons with d of them twice, d / (N − d)."
)

// csv writes a figure a line, RFC 4180 with a decimal point; what is not there is empty.
func (n *Nation) csv(synthetic bool) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	rows := [][]string{{"indicator", "measure", "population", "grouping", "group", "estimate", "low", "high", "level", "n",
		"status", "parts", "territories", "mean", "mean_low", "mean_high", "other_low", "other_high", "i2", "tau", "scale",
		"q", "df", "p", "warnings", "synthetic"}}
	for _, f := range n.Figures {
		grouping, group := "", ""
		for grouping, group = range f.Group {
		}
		row := []string{f.Indicator, f.Measure, f.Population, grouping, group, number(f.Estimate), number(f.Low),
			number(f.High), number(&f.Level), "", string(f.Status), strings.Join(f.Parts, " ; ")}
		if f.Status == indicator.Published {
			row[9] = strconv.FormatInt(f.N, 10)
		}
		if a := f.Between; a != nil {
			row = append(row, strconv.Itoa(a.Territories), number(&a.Mean), number(&a.Low), number(&a.High),
				number(&a.OtherLow), number(&a.OtherHigh), number(&a.I2), number(&a.Tau), a.Scale, number(&a.Q),
				strconv.Itoa(a.DF), number(&a.P))
		} else {
			row = append(row, make([]string, 12)...)
		}
		row = append(row, indicator.Written(f.Warnings), strconv.FormatBool(synthetic))
		for i, cell := range row {
			if _, err := strconv.ParseFloat(cell, 64); err != nil {
				row[i] = wording.Inert(cell)
			}
		}
		rows = append(rows, row)
	}
	if err := w.WriteAll(rows); err != nil {
		return nil, fmt.Errorf("combine: results: %w", err)
	}
	return b.Bytes(), nil
}

func number(x *float64) string {
	if x == nil {
		return ""
	}
	return strconv.FormatFloat(*x, 'f', -1, 64)
}
