package publication

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/analysis/report"
	"github.com/entscope/entscope/analysis/wording"
	"github.com/entscope/entscope/anonymize/disclosure"
	"github.com/entscope/entscope/anonymize/edition"
)

// ErrNoTables says why the tables of a request do not leave.
var ErrNoTables = errors.New("the tables do not leave")

// Record says what left, why and under which rules: record.json, beside the tables.
type Record struct {
	Software  string  `json:"software"`
	Study     string  `json:"study"`
	Term      string  `json:"term"`
	Synthetic bool    `json:"synthetic"`
	Request   Request `json:"request"`
	// Rules and Publication are hashes of the rules, and of the figures that had left before.
	Rules       string `json:"rules"`
	Publication string `json:"publication"`
	// Earlier counts the tables that had left of the edition and were protected together with these.
	Earlier int `json:"earlier"`
	// Statuses counts the figures by status; a suppressed one has no number.
	Statuses map[string]int `json:"statuses"`
}

// Tables are the tables of one request, protected.
type Tables struct {
	Record  Record
	Results []indicator.Result
	// Booking is how the register of releases stood before their line.
	Booking edition.Booking
	facts   report.Facts
	lang    wording.Lang
}

// Protect answers a request of tables of the editions of o, as one release with the
// publication in o.Dir and with the tables of earlier requests in the order they left. The
// error wraps ErrNoTables where they cannot leave.
func (o *Options) Protect(ctx context.Context, q Request, earlier []Request) (*Tables, error) {
	if err := q.Check(); err != nil {
		return nil, err
	}
	l, err := wording.Parse(o.Lang)
	if err != nil {
		return nil, err
	}
	research, err := query.Open(ctx, o.Research, o.Engine)
	if err != nil {
		return nil, err
	}
	defer research.Close()
	exact, err := indicator.Compute(ctx, research, o.Indicators)
	if err != nil {
		return nil, err
	}
	var asked [][]indicator.Result
	for _, r := range append(earlier[:len(earlier):len(earlier)], q) {
		results, err := indicator.Analyze(ctx, research, r.analysis())
		if errors.Is(err, indicator.ErrRequest) {
			return nil, fmt.Errorf("%w: %w", ErrNoTables, err)
		}
		if err != nil {
			return nil, err
		}
		asked = append(asked, results)
	}
	schools, err := query.Open(ctx, o.Schools, o.Engine)
	if err != nil {
		return nil, err
	}
	defer schools.Close()
	plan, err := o.standing(research.Manifest)
	if err != nil {
		return nil, err
	}
	overrides, err := overridesOf(o.Dir)
	if err != nil {
		return nil, err
	}
	published, tables, err := indicator.Beside(ctx, exact, schools, o.Policy, plan.Declared(), overrides, asked)
	if errors.Is(err, disclosure.ErrKept) {
		return nil, fmt.Errorf("%w: with what has left already, a figure that is held back would follow from them; "+
			"ways on: ask for fewer groupings, or for the questions one by one", ErrNoTables)
	}
	if err != nil {
		return nil, err
	}
	hash, err := o.beside(published)
	if err != nil {
		return nil, err
	}
	rules, err := o.Policy.Text()
	if err != nil {
		return nil, err
	}
	t := &Tables{Results: tables[len(tables)-1], facts: o.facts(research.Manifest), lang: l}
	t.Record = Record{Software: o.Software, Study: t.facts.Study, Term: t.facts.Term, Synthetic: t.facts.Synthetic,
		Request: q, Rules: digest(rules), Publication: hash, Earlier: len(earlier), Statuses: map[string]int{}}
	for _, r := range t.Results {
		t.Record.Statuses[string(r.Status)]++
	}
	if t.Record.Statuses[string(indicator.Published)] == 0 {
		return nil, fmt.Errorf("%w: none of the %d figures may be shown (%d rest on too few persons, %d are not "+
			"measurable); ways on: larger groups, or another question", ErrNoTables, len(t.Results),
			t.Record.Statuses[string(indicator.Suppressed)], t.Record.Statuses[string(indicator.NotMeasurable)])
	}
	return t, nil
}

// beside is the hash of the figures of the publication that stands; it must be the one
// that the tables were protected beside.
func (o *Options) beside(published *indicator.Released) (string, error) {
	hash, same, err := o.shows(published)
	if err != nil || !same {
		return "", fmt.Errorf("%w: no publication of these editions under these rules stands in %s, and tables are "+
			"protected beside it; ways on: entscope run, then ask again", ErrNoTables, filepath.Base(o.Dir))
	}
	return hash, nil
}

// shows is the hash of the figures of the publication in o.Dir, and whether they are those that were released.
func (o *Options) shows(released *indicator.Released) (hash string, same bool, err error) {
	var want bytes.Buffer
	if err := indicator.WriteReleased(&want, released); err != nil {
		return "", false, err
	}
	have, err := edition.ReadPlain(o.Dir, ResultsFile)
	return digest(have), bytes.Equal(have, want.Bytes()), err
}

// Files are those of the folder of the tables, the manifest and its signature among them; nil
// leaves it unsigned.
func (t *Tables) Files(sign edition.Sign) (map[string][]byte, error) {
	terms := edition.PublicTerms(string(t.lang))
	rows := figureRows(t.lang, t.Results, nil, t.facts.Synthetic)
	files := map[string][]byte{"CONDITIONS.md": conditions(string(t.lang))}
	var err error
	if files["tables.csv"], err = figuresCSV(rows); err != nil {
		return nil, err
	}
	if files["tables.parquet"], err = figuresParquet(rows, terms); err != nil {
		return nil, err
	}
	var list bytes.Buffer
	if err := indicator.WriteResults(&list, t.Results); err != nil {
		return nil, err
	}
	files["tables.json"] = list.Bytes()
	if files["record.json"], err = indented(t.Record); err != nil {
		return nil, err
	}
	in := report.Input{Lang: string(t.lang), Results: t.Results, Facts: t.facts}
	sheet, err := report.Sheet(in, terms.Licence, true)
	if err == nil {
		files["tables.svg"] = sheet.SVG(t.Record.Request.Name)
	} else if !errors.Is(err, report.ErrNothingDrawn) {
		return nil, err
	}
	hashes := map[string]string{}
	for name, data := range files {
		hashes[name] = digest(data)
	}
	asked := t.Record.Request
	f := t.facts
	manifest, err := indented(stamp{Software: t.Record.Software,
		Period: Period{f.Study, f.Term, f.Start, f.End, f.Subject, f.Synthetic}, Lang: string(t.lang),
		Booking: t.Booking, Indicators: asked.Questions,
		Editions: map[string]string{asked.Edition: asked.Manifest}, Files: hashes})
	if err != nil {
		return nil, err
	}
	files[manifestFile] = manifest
	if sign != nil {
		files[edition.SignatureFile] = sign(manifest)
	}
	return files, nil
}

// ReadRecord reads the record of tables that left, from their folder, and checks the request
// in it.
func ReadRecord(dir string) (r Record, err error) {
	data, err := edition.ReadPlain(dir, "record.json")
	if err != nil {
		return r, fmt.Errorf("publication: %w", err)
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&r); err != nil {
		return r, errors.New("publication: record.json is no record of tables")
	}
	return r, r.Request.Check()
}
