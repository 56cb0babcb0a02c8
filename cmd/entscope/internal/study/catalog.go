package study

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/entscope/entscope/anonymize/edition/vocabulary"
	"github.com/entscope/entscope/ingest/catalog"
)

// Catalog extends the built-in catalog of services by the operator's own lines:
// those of a file, and those of the study itself.
type Catalog struct {
	// lines of table, name, service, profile, action, reference, separated by tabs
	File string `toml:"file"`
	// the same lines, here
	Lines []CatalogLine `toml:"line"`
}

// CatalogLine says what a name means: a service (or "ignore:" a rule), a profile
// and an action, the last three empty for none.
type CatalogLine struct {
	// the catalog's table: which kind of name this is
	Table string `toml:"table" need:"yes" hints:"@names,@urls"`
	// the name as the logs write it, lists of entscope check show it
	Name string `toml:"name" need:"yes" example:"carnet-de-liaison"`
	// a service, or "ignore:" and a rule
	Service string `toml:"service" need:"yes" hints:"@services"`
	// the profile that such a record tells
	Profile string `toml:"profile" hints:"@profiles"`
	// the action that such a record tells
	Action string `toml:"action" hints:"@actions"`
	// where this is documented
	Reference string `toml:"reference"`
}

// TSV gives the study's lines in the form of the catalog's table.
func (c *Catalog) TSV() ([]byte, error) {
	var b strings.Builder
	for i := range c.Lines {
		line, err := c.Lines[i].tsv()
		if err != nil {
			return nil, fmt.Errorf("catalog.line %d: %w", i+1, err)
		}
		b.WriteString(line + "\n")
	}
	return []byte(b.String()), nil
}

// tsv is the line in the form of the catalog's table.
func (l *CatalogLine) tsv() (string, error) {
	columns := []string{
		l.Table, l.Name, cmp.Or(l.Service, "-"), cmp.Or(l.Profile, "-"), cmp.Or(l.Action, "-"),
		cmp.Or(l.Reference, "study.toml"),
	}
	line := strings.Join(columns, "\t")
	if strings.ContainsAny(line, "\r\n#") || strings.Count(line, "\t") != len(columns)-1 {
		return "", errors.New("a tab, a line end or # inside a value")
	}
	return line, nil
}

// checkCatalog reports every fault of the study's own lines: a word that is none, a
// table that no feed of the study looks anything up in.
func (s *Study) checkCatalog(fault func(string, ...any)) {
	tables := slices.Concat(Words()["names"], Words()["urls"])
	for _, src := range s.Sources {
		if src.Map != "" {
			tables = append(tables, "url."+src.Map)
		}
		if src.CSV != nil && src.CSV.Catalog != "" {
			tables = append(tables, src.CSV.Catalog)
		}
	}
	for i, l := range s.Catalog.Lines {
		path := fmt.Sprintf("catalog.line[%d]", i)
		at := s.where(fmt.Sprintf("catalog.line %d", i+1), path)
		if l.Table == "" || l.Name == "" || l.Service == "" {
			continue // said when the text was read
		}
		if !slices.Contains(tables, l.Table) {
			fault("%s: table %w", at, vocabulary.Unknown(l.Table, tables))
		}
		line, err := l.tsv()
		if err == nil {
			_, err = catalog.ParseLine(line)
		}
		if err != nil {
			fault("%s: %w", at, err)
		}
	}
}

// checkLooked checks the tables of the catalog that a source names; those of the
// operator's own file are not known yet.
func (s *Study) checkLooked(src Source, path, at string, fault func(string, ...any)) {
	if s.Catalog.File != "" {
		return
	}
	var own []string
	for _, l := range s.Catalog.Lines {
		own = append(own, l.Table)
	}
	maps := Words()["maps"]
	if src.Map != "" && !slices.Contains(maps, src.Map) && !slices.Contains(own, "url."+src.Map) {
		fault("%s: map %w", s.where(at, path+".map"), vocabulary.Unknown(src.Map, maps))
	}
	if src.CSV == nil || src.CSV.Catalog == "" {
		return
	}
	if known := slices.Concat(Words()["names"], own); !slices.Contains(known, src.CSV.Catalog) {
		fault("%s: csv.catalog %w", s.where(at, path+".csv.catalog"), vocabulary.Unknown(src.CSV.Catalog, known))
	}
}
