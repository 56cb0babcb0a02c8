package plan

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/pelletier/go-toml/v2"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/analysis/wording"
	"github.com/entscope/entscope/anonymize/edition/vocabulary"
)

// Plan is what a study will ask. Its text has every field, in this order.
type Plan struct {
	Study      Study      `toml:"study"`
	Rules      Rules      `toml:"rules"`
	Inference  Inference  `toml:"inference"`
	Families   []Family   `toml:"family"`
	Questions  []Question `toml:"question"`
	Exclusions []string   `toml:"questions_left_out"`
}

// Study says of whom, when, and since when.
type Study struct {
	Name     string `toml:"name"`
	Term     string `toml:"term"`
	Start    string `toml:"start"` // ISO dates, both included
	End      string `toml:"end"`
	Subject  string `toml:"subject"`
	Software string `toml:"software"`
	// Configuration is the SHA-256 of what study.toml and its policies mean.
	Configuration string `toml:"configuration"`
	// Written is the day that the author says.
	Written string `toml:"written"`
	// Editions are those of the term that were there when the plan was written.
	Editions []string `toml:"editions_already_there"`
}

// Rules are the SHA-256 of the three policies.
type Rules struct {
	Research    string `toml:"research"`
	Schools     string `toml:"schools"`
	Publication string `toml:"publication"`
}

// Inference says how every test is made.
type Inference struct {
	Level       float64 `toml:"level"`
	Errors      string  `toml:"errors"`
	Primary     string  `toml:"correction_of_primary_families"`
	Exploratory string  `toml:"correction_of_other_families"`
}

// Family is the tests of one figure that are corrected together.
type Family struct {
	Name     string   `toml:"name"`
	Figure   string   `toml:"figure"`
	Question string   `toml:"question"`
	Outcomes []string `toml:"outcomes"`
	Primary  bool     `toml:"primary"`
}

// Question is one question in words, and the SHA-256 of how it is defined.
type Question struct {
	ID         string `toml:"id"`
	Text       string `toml:"text"`
	Definition string `toml:"definition"`
}

// Asked is what a plan is made from.
type Asked struct {
	Study Study
	Rules Rules
	// Questions are those that the study computes; empty is all.
	Questions []string
	// Primary are the figures whose families are primary; empty are those of the catalogue.
	Primary []string
	Lang    string // of the texts: fr, also when empty, or en
}

// New writes the plan of a study. The error names a figure that is not there, or whose
// numbers are not tested.
func New(a Asked) (*Plan, error) {
	l, err := wording.Parse(a.Lang)
	if err != nil {
		return nil, err
	}
	p := &Plan{Study: a.Study, Rules: a.Rules, Inference: Inference{
		Level:       0.95,
		Errors:      "jackknife over clusters of schools, Student's t",
		Primary:     "Holm 1979: no false difference in 95 % of the families",
		Exploratory: "Benjamini and Hochberg 1995: on the average 5 % of the differences shown are false",
	}, Exclusions: []string{}}
	if p.Study.Editions == nil {
		p.Study.Editions = []string{}
	}
	var asked []question.Question
	for _, q := range question.All() {
		if len(a.Questions) > 0 && !slices.Contains(a.Questions, q.ID) {
			p.Exclusions = append(p.Exclusions, q.ID)
			continue
		}
		asked = append(asked, q)
		p.Questions = append(p.Questions, Question{q.ID, l.Text(q.Question), Definition(q)})
	}
	var figures []string
	for _, f := range indicator.Families(asked) {
		figures = append(figures, f.Figure)
		primary := f.Primary
		if len(a.Primary) > 0 {
			primary = slices.Contains(a.Primary, f.Figure)
		}
		p.Families = append(p.Families, Family{f.Name, f.Figure, f.Question, f.Outcomes, primary})
	}
	for _, name := range a.Primary {
		if !slices.Contains(figures, name) {
			return nil, fmt.Errorf("plan: no figure %q has a test; did you mean %q?", name,
				vocabulary.Nearest(name, figures))
		}
	}
	return p, nil
}

// Definition is the SHA-256 of what decides the numbers of a question, and of the words
// that say it.
func Definition(q question.Question) string {
	data, err := json.Marshal([]any{q.ID, q.Definition.FR, q.Method.FR, q.Denominator.FR, q.SQL, q.Measures})
	if err != nil {
		panic(err) // plain data
	}
	return Hash(data)
}

// Hash is the SHA-256 of the text of a plan, in hexadecimal: what sha256sum says of the file.
func Hash(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

const heading = `# Analysis plan, written by entscope plan. Register this file as it is, under the hash that sha256sum gives,
# before the edition is opened; name it in study.toml: [plan] file = "…". A change of one byte is another plan.

`

// Text is the document.
func (p *Plan) Text() ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(heading)
	e := toml.NewEncoder(&b)
	e.SetArraysMultiline(false)
	if err := e.Encode(p); err != nil {
		return nil, fmt.Errorf("plan: write: %w", err)
	}
	return b.Bytes(), nil
}

// largest is how many bytes of a plan are read, and how many characters of one text.
const (
	largest     = 1 << 20
	largestText = 500
)

var (
	aWord = regexp.MustCompile(`^[\p{L}0-9][\p{L}0-9 ._+-]{0,127}$`)
	aHash = regexp.MustCompile(`^[0-9a-f]{64}$`)
)

// Read takes a plan from its document. What Text would not write is refused: the document is
// published as it stands.
func Read(text []byte) (*Plan, error) {
	if len(text) > largest {
		return nil, fmt.Errorf("plan: larger than %d bytes", largest)
	}
	p := new(Plan)
	if err := toml.NewDecoder(bytes.NewReader(text)).DisallowUnknownFields().Decode(p); err != nil {
		return nil, errors.New("plan: it is not a document that entscope plan wrote")
	}
	again, err := p.Text()
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(again, text) {
		return nil, errors.New("plan: it is not as entscope plan wrote it; hint: take the file that was registered, " +
			"or write another plan")
	}
	return p, p.check()
}

// check refuses what is no word, day, hash or sentence where one belongs.
func (p *Plan) check() error {
	words := append([]string{p.Study.Name, p.Study.Term, p.Study.Subject}, p.Study.Editions...)
	words = append(words, p.Exclusions...)
	hashes := []string{p.Study.Configuration, p.Rules.Research, p.Rules.Schools, p.Rules.Publication}
	texts := []string{p.Study.Software, p.Inference.Errors, p.Inference.Primary, p.Inference.Exploratory}
	for _, f := range p.Families {
		words = append(append(words, f.Name, f.Figure, f.Question), f.Outcomes...)
	}
	for _, q := range p.Questions {
		words, hashes, texts = append(words, q.ID), append(hashes, q.Definition), append(texts, q.Text)
	}
	for _, w := range words {
		if !aWord.MatchString(w) {
			return errors.New("plan: a name in it is not a word")
		}
	}
	for _, h := range hashes {
		if !aHash.MatchString(h) {
			return errors.New("plan: a hash in it is not a SHA-256")
		}
	}
	for _, t := range texts {
		plain := func(r rune) bool { return r == '<' || r == '>' || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }
		if len([]rune(t)) > largestText || strings.ContainsFunc(t, plain) {
			return errors.New("plan: a text in it is not a plain sentence")
		}
	}
	for _, d := range []string{p.Study.Start, p.Study.End, p.Study.Written} {
		if _, err := time.Parse(time.DateOnly, d); err != nil {
			return errors.New("plan: a date in it is not like 2026-01-31")
		}
	}
	return nil
}
