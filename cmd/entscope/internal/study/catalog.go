package study

import (
	"cmp"
	"fmt"
	"strings"
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
	// needed; the catalog's table: which kind of name this is
	Table string `toml:"table"`
	// needed; the name as the logs write it, lists of entscope check show it
	Name string `toml:"name"`
	// needed; a service, or "ignore:" and a rule
	Service string `toml:"service"`
	// the profile that such a record tells
	Profile string `toml:"profile"`
	// the action that such a record tells
	Action string `toml:"action"`
	// where this is documented
	Reference string `toml:"reference"`
}

// TSV gives the study's lines in the form of the catalog's table.
func (c *Catalog) TSV() ([]byte, error) {
	var b strings.Builder
	for i, l := range c.Lines {
		columns := []string{l.Table, l.Name, cmp.Or(l.Service, "-"), cmp.Or(l.Profile, "-"), cmp.Or(l.Action, "-"),
			cmp.Or(l.Reference, "study.toml")}
		line := strings.Join(columns, "\t")
		if strings.ContainsAny(line, "\r\n#") || strings.Count(line, "\t") != len(columns)-1 {
			return nil, fmt.Errorf("catalog.line %d: a tab, a line end or # inside a value", i+1)
		}
		b.WriteString(line + "\n")
	}
	return []byte(b.String()), nil
}
