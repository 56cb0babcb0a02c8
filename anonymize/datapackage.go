package anonymize

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/entscope/entscope/anonymize/edition"
)

// dataPackage describes the edition as a Data Package v2 (datapackage.org) whose
// resources carry a Table Schema. There is no licence: an edition of research is
// not for publication.
func dataPackage(m *edition.Manifest) ([]byte, error) {
	type constraints struct {
		Enum []string `json:"enum,omitempty"`
	}
	type field struct {
		Name        string       `json:"name"`
		Type        string       `json:"type"`
		Title       string       `json:"title"`
		Description string       `json:"description"`
		Constraints *constraints `json:"constraints,omitempty"`
	}
	type schema struct {
		Schema        string   `json:"$schema"`
		Fields        []field  `json:"fields"`
		MissingValues []string `json:"missingValues"`
	}
	type resource struct {
		Name        string `json:"name"`
		Path        string `json:"path"`
		Title       string `json:"title"`
		Description string `json:"description"`
		Format      string `json:"format"`
		Mediatype   string `json:"mediatype"`
		Schema      schema `json:"schema"`
	}
	p := struct {
		Schema      string     `json:"$schema"`
		Name        string     `json:"name"`
		Title       string     `json:"title"`
		Description string     `json:"description"`
		Version     string     `json:"version"`
		Licenses    []string   `json:"licenses,omitempty"`
		Resources   []resource `json:"resources"`
	}{
		Schema:      "https://datapackage.org/profiles/2.0/datapackage.json",
		Name:        strings.ToLower(m.Kind + "-" + m.Term),
		Title:       title(m),
		Description: status(m),
		Version:     "1.0.0",
	}
	for _, t := range tablesOf(m.Kind) {
		r := resource{Name: strings.ReplaceAll(t.name, "_", "-"), Path: t.name + ".parquet", Title: t.title, Description: t.description,
			Format: "parquet", Mediatype: "application/vnd.apache.parquet",
			Schema: schema{Schema: "https://datapackage.org/profiles/2.0/tableschema.json", MissingValues: []string{}}}
		for _, c := range tableColumns(t) {
			f := field{Name: c.name, Type: c.kind, Title: c.title, Description: c.description}
			if c.values != nil {
				f.Constraints = &constraints{c.values}
			}
			r.Schema.Fields = append(r.Schema.Fields, f)
		}
		p.Resources = append(p.Resources, r)
	}
	data, err := json.MarshalIndent(p, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("anonymize: data package: %w", err)
	}
	return append(data, '\n'), nil
}

// tableColumns are the columns of a table, with the closed list of visits where
// it is a band.
func tableColumns(t tableText) []column {
	columns := columnsOf(t.row)
	for i := range columns {
		if t.name == edition.TableParents && columns[i].name == "visits" {
			columns[i].values = visitBands
		}
	}
	return columns
}

func title(m *edition.Manifest) string {
	kind := "Édition de recherche"
	if m.Kind == "schools" {
		kind = "Édition des établissements"
	}
	text := kind + " " + m.Term + ", étude " + m.Study
	if m.Synthetic {
		text += " (données synthétiques)"
	}
	return text
}

// status says in one sentence what the law makes of the edition.
func status(m *edition.Manifest) string {
	if m.Kind == "schools" {
		return "Cellules par établissement, au-dessus d’un seuil de personnes distinctes ; à protéger encore avant publication."
	}
	return "Données pseudonymisées et k-anonymisées : encore des données personnelles (avis WP216), pour un environnement sécurisé de recherche. Rien n’en sort sans protection des tableaux."
}
