package hierarchy

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
)

// annuaireLevels are the columns of the ministry's directory of schools
// (fr-en-annuaire-education, data.education.gouv.fr) that make the levels, finest
// first, of which either column may be empty.
var annuaireLevels = []struct{ code, label string }{
	{"Code_commune", "Nom_commune"},
	{"code_bassin_formation", "libelle_bassin_formation"},
	{"Code_departement", "Libelle_departement"},
	{"Code_academie", "Libelle_academie"},
	{"Code_region", "Libelle_region"},
}

// annuaireColumns are those that a file must have.
func annuaireColumns() []string {
	columns := []string{annuaireUAI}
	for _, l := range annuaireLevels {
		columns = append(columns, l.code, l.label)
	}
	return columns
}

const annuaireUAI = "Identifiant_de_l_etablissement"

// ReadAnnuaire is the recipe UAI → commune → bassin de formation → département →
// académie → région → *, from the ministry's directory of schools as a CSV. A
// commune that lies in several bassins, or a bassin in several départements, is
// cut there, else levels would not nest; a school without a bassin is in that of
// the others of its département without one. A UAI that is not in the directory
// has no place. Errors name columns and lines.
func ReadAnnuaire(r io.Reader) (Recipe, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxCSV+1))
	if err != nil || len(data) > maxCSV {
		return nil, errors.Join(errors.New("hierarchy: annuaire: the file cannot be read, or is too large"), err)
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	c := csv.NewReader(bytes.NewReader(data))
	c.Comma, c.LazyQuotes, c.ReuseRecord = ';', true, true
	if line, _, _ := bytes.Cut(data, []byte("\n")); !bytes.ContainsRune(line, ';') {
		c.Comma = ','
	}
	heading, err := c.Read()
	if err != nil {
		return nil, errors.New("hierarchy: annuaire: the file has no heading")
	}
	at := map[string]int{}
	for i, name := range heading {
		at[name] = i
	}
	for _, name := range annuaireColumns() {
		if _, ok := at[name]; !ok {
			return nil, fmt.Errorf("hierarchy: annuaire: no column %q", name)
		}
	}
	paths := map[string][]string{} // by UAI, finest first
	for {
		record, err := c.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			line, _ := c.FieldPos(0)
			return nil, fmt.Errorf("hierarchy: annuaire: line %d cannot be read", line)
		}
		uai := record[at[annuaireUAI]]
		if uai == "" || paths[uai] != nil {
			continue
		}
		for _, l := range annuaireLevels {
			paths[uai] = append(paths[uai], labelOf(record[at[l.code]], record[at[l.label]]))
		}
	}
	nested(paths)
	return Func(func(value string) ([]string, bool) {
		path, ok := paths[value]
		return append(slices.Clone(path), Top), ok
	}), nil
}

// labelOf joins a code and its label; codes alone are not unique across levels,
// labels alone not across the country.
func labelOf(code, label string) string {
	switch {
	case code == "" && label == "":
		return "none"
	case code == "" || label == "":
		return code + label
	}
	return code + " " + label
}

// nested adds to a group that lies under several coarser ones the name of the one
// it lies under, from the coarsest level down.
func nested(paths map[string][]string) {
	for l := len(annuaireLevels) - 2; l >= 0; l-- {
		above := map[string]string{}
		several := map[string]bool{}
		for _, path := range paths {
			if up, ok := above[path[l]]; ok && up != path[l+1] {
				several[path[l]] = true
			}
			above[path[l]] = path[l+1]
		}
		for _, path := range paths {
			if several[path[l]] {
				path[l] += ", " + path[l+1]
			}
		}
	}
}
