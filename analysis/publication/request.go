package publication

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/anonymize/edition"
)

// Request is what a researcher asks to leave: tables of questions by groups, from one
// edition. It is a file that a person writes, or that entscope release writes for them.
type Request struct {
	// Name is that of the tables, and of the folder they leave in.
	Name string `toml:"name" json:"name,omitempty"`
	// Edition is a research edition: the folder's name, and the SHA-256 of its manifest.json.
	Edition  string `toml:"edition" json:"edition"`
	Manifest string `toml:"manifest" json:"manifest"`
	// Input is the hash of what the edition is made from; the operator knows it.
	Input string `toml:"-" json:"input,omitempty"`
	// Author is who asks, Reason what the tables are for.
	Author string `toml:"author" json:"author,omitempty"`
	Reason string `toml:"reason" json:"reason,omitempty"`
	// Questions are those of the catalogue, By the groupings of each table.
	Questions []string `toml:"questions" json:"questions"`
	By        []string `toml:"by" json:"by,omitempty"`
}

// Releasable are the groupings of a request. Those that count schools by what everybody
// knows of them (sector, territory, age of the portal) would be tied to the pages of schools by sums that the
// rules do not follow; neither do they follow months to a term, or crosses to their margins.
var Releasable = []string{"level", "ips_band", "ep", "grade", "device"}

// longest are the letters of an author and of a reason.
const longest = 1000

var tablesName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,59}$`)

// NewRequest is a request on the edition in the folder dir, not yet checked.
func NewRequest(dir string) (Request, error) {
	data, err := edition.ReadPlain(dir, edition.ManifestFile)
	if err != nil {
		return Request{}, fmt.Errorf("publication: request: %w", err)
	}
	m, err := edition.ReadDir(dir)
	if err != nil {
		return Request{}, err
	}
	if m.Kind != edition.KindResearch {
		return Request{}, fmt.Errorf("publication: request: %s is an edition of %s; hint: tables leave from a "+
			"research edition", filepath.Base(dir), m.Kind)
	}
	folder, err := filepath.Abs(dir)
	return Request{Edition: filepath.Base(folder), Manifest: digest(data), Input: m.InputHash}, err
}

// ParseRequest reads a request and checks it. A key that is not known is an error.
func ParseRequest(text []byte) (q Request, err error) {
	d := toml.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	var strict *toml.StrictMissingError
	switch err := d.Decode(&q); {
	case errors.As(err, &strict):
		var keys []string // where they stand, and nothing of the lines around them
		for _, one := range strict.Errors {
			line, _ := one.Position()
			keys = append(keys, fmt.Sprintf("%q, line %d", strings.Join(one.Key(), "."), line))
		}
		return q, fmt.Errorf("publication: request: unknown keys: %s", strings.Join(keys, "; "))
	case err != nil:
		return q, fmt.Errorf("publication: request: %w", err)
	}
	return q, q.Check()
}

// Text is the request as a file.
func (q Request) Text() ([]byte, error) {
	text, err := toml.Marshal(q)
	if err != nil {
		return nil, fmt.Errorf("publication: request: %w", err)
	}
	return text, nil
}

// Check gives all that is wrong with a request at once.
func (q Request) Check() error {
	var faults []error
	fault := func(format string, args ...any) {
		faults = append(faults, fmt.Errorf("publication: request: "+format, args...))
	}
	if !tablesName.MatchString(q.Name) {
		fault("name is not a word of small letters, digits and -, such as never-by-ips")
	}
	if q.Edition != filepath.Base(q.Edition) || !strings.HasPrefix(q.Edition, edition.KindResearch+"-") {
		fault("edition is not the name of a research edition, such as research-2025-T1")
	}
	if len(q.Manifest) != len(digest(nil)) {
		fault("manifest is not the SHA-256 of the edition's %s", edition.ManifestFile)
	}
	for _, key := range []string{"author", "reason"} {
		text := map[string]string{"author": q.Author, "reason": q.Reason}[key]
		if strings.TrimSpace(text) == "" || len(text) > longest || !utf8.ValidString(text) ||
			strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' }) {
			fault("%s is empty, longer than %d letters or no text", key, longest)
		}
	}
	if len(q.Questions) == 0 {
		fault("no question is asked")
	}
	for i, id := range q.Questions {
		if _, err := question.Lookup(id); err != nil {
			fault("question %d is not in the catalogue; hint: entscope help indicators", i+1)
		}
	}
	for i, by := range q.By {
		if !slices.Contains(Releasable, by) {
			fault("grouping %d cannot leave so; it may be one of %s: the rules follow no other to the report and the "+
				"pages of schools", i+1, strings.Join(Releasable, ", "))
		}
	}
	return errors.Join(faults...)
}

// Asked is what the register remembers of a request: which tables, of which edition, made
// of what.
func (q Request) Asked() (string, error) {
	q.Name, q.Author, q.Reason = "", "", ""
	q.Questions, q.By = slices.Sorted(slices.Values(q.Questions)), slices.Sorted(slices.Values(q.By))
	text, err := json.Marshal(q)
	if err != nil {
		return "", fmt.Errorf("publication: request: %w", err)
	}
	return string(text), nil
}

// ParseAsked reads what a register remembers.
func ParseAsked(text string) (q Request, err error) {
	if err := json.Unmarshal([]byte(text), &q); err != nil {
		return q, errors.New("publication: request: the register's line is no request")
	}
	return q, nil
}

func (q Request) analysis() indicator.Request { return indicator.Request{IDs: q.Questions, By: q.By} }
