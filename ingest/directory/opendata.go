package directory

import (
	"bytes"
	"slices"

	"github.com/entscope/entscope/ingest/tabular"
)

// headSize is how much of a file is looked at to find out what it is.
const headSize = 64 << 10

// openDataColumns are the column names under which data.education.gouv.fr has
// published what we read of a school, the preferred ones first: the IPS files of
// 2021 to 2025 (écoles, collèges, lycées; labels or field names, with the
// misspelt "établissment" of 2022), their join with priority education, and the
// annuaire. All are compared folded: without case, accents, spaces, underscores.
var openDataColumns = map[string][]string{
	"uai": {"uai", "numerouai", "codeuai", "identifiantdeletablissement"},
	"name": {"nomdeletablissement", "nomdeletablissment", "nometablissement", "nomdelecole",
		"appellationofficielle"},
	"level":    {"typeetablissement", "typedetablissement"},
	"sector":   {"secteur", "secteurx", "statutpublicprive"},
	"ep":       {"appartep", "appartenanceeducationprioritaire", "ep"},
	"ips":      {"ips", "ipsetab", "ipsensemblegt-pro", "ipsensemblegtpro", "ipsvoiegt", "ipsvoiepro"},
	"academie": {"academie", "libelleacademie"},
}

// openDataMapping is the mapping of a file of the open data; nil for others. It
// takes the delimiter that cuts the header into most fields.
func openDataMapping(head []byte) *tabular.Mapping {
	line, _, _ := bytes.Cut(head, []byte{'\n'})
	best := ""
	for _, d := range []string{";", ",", "\t"} {
		if best == "" || bytes.Count(line, []byte(d)) > bytes.Count(line, []byte(best)) {
			best = d
		}
	}
	if best == "\t" {
		best = "tab"
	}
	m := &tabular.Mapping{Delimiter: best, Columns: map[string]any{}}
	delimiter := best[0]
	if best == "tab" {
		delimiter = '\t'
	}
	scan := tabular.NewScanner(bytes.NewReader(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf"))), delimiter, '"')
	if !scan.Scan() || scan.Reason() != "" {
		return nil
	}
	var folded []string
	for _, f := range scan.Fields() {
		folded = append(folded, tabular.Fold(string(f)))
	}
	for field, names := range openDataColumns {
		for _, h := range names {
			if i := slices.Index(folded, h); i >= 0 {
				m.Columns[field] = i + 1
				break
			}
		}
	}
	if m.Columns["uai"] == nil || len(m.Columns) < 4 {
		return nil
	}
	return m
}

// fits reports whether a mapping finds its columns in a file's header.
func fits(head []byte, m *tabular.Mapping) bool {
	if len(m.Columns) == 0 {
		return false
	}
	_, err := tabular.Open(bytes.NewReader(head), m, SchoolFields, nil, nil)
	return err == nil
}
