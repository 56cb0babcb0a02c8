package edition

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// descriptor is datapackage.json, a Data Package v2 (datapackage.org) whose
// resources carry a Table Schema. Its licence is that there is none: an edition is
// not for publication.
type descriptor struct {
	Schema      string     `json:"$schema"`
	Name        string     `json:"name"`
	Title       string     `json:"title"`
	Description string     `json:"description"`
	Version     string     `json:"version"`
	Licenses    []licence  `json:"licenses"`
	Citation    string     `json:"citation"`
	Start       string     `json:"start"`
	End         string     `json:"end"`
	Resources   []resource `json:"resources"`
}

type licence struct {
	Name  string `json:"name"`
	Title string `json:"title"`
}

type resource struct {
	Name        string      `json:"name"`
	Path        string      `json:"path"`
	Title       string      `json:"title"`
	Description string      `json:"description"`
	Format      string      `json:"format"`
	Mediatype   string      `json:"mediatype"`
	Schema      tableSchema `json:"schema"`
}

type tableSchema struct {
	Schema        string   `json:"$schema"`
	Fields        []field  `json:"fields"`
	MissingValues []string `json:"missingValues"`
}

type field struct {
	Name        string       `json:"name"`
	Type        string       `json:"type"`
	Title       string       `json:"title"`
	Description string       `json:"description"`
	Categories  []category   `json:"categories,omitempty"`
	Constraints *constraints `json:"constraints,omitempty"`
}

// category is a value of a field and what it says; a code is a number.
type category struct {
	Value any    `json:"value"`
	Label string `json:"label"`
}

type constraints struct {
	Enum []any `json:"enum,omitempty"`
}

// values gives a field the values of its column; those of a closed list are all there are.
func (f *field) values(c Column) {
	var all []any
	for _, v := range c.Values {
		var value any = v.Value
		if n, err := strconv.Atoi(v.Value); err == nil && c.Type == "integer" {
			value = n
		}
		all = append(all, value)
		f.Categories = append(f.Categories, category{value, v.Text})
	}
	if len(all) > 0 && !c.Open {
		f.Constraints = &constraints{all}
	}
}

// citation is how an edition is cited.
func citation(m *Manifest) string {
	return title(m) + ", du " + m.Start + " au " + m.End + ", " + m.Software + "."
}

// dataPackage is datapackage.json, indented.
func dataPackage(m *Manifest) ([]byte, error) {
	tables, err := Tables(m.Kind)
	if err != nil {
		return nil, err
	}
	d := descriptor{
		Schema: "https://datapackage.org/profiles/2.0/datapackage.json",
		Name:   strings.ToLower(m.Kind + "-" + m.Term), Title: title(m),
		Description: status(m) + " " + researchTerms().Text(), Version: "1.0.0",
		Licenses: []licence{{"other-closed", researchTerms().Use}}, Citation: citation(m), Start: m.Start, End: m.End,
	}
	for _, t := range tables {
		r := resource{
			Name: strings.ReplaceAll(t.Name, "_", "-"), Path: t.Name + ".parquet", Title: t.Title,
			Description: t.Description, Format: "parquet", Mediatype: "application/vnd.apache.parquet",
			Schema: tableSchema{
				Schema: "https://datapackage.org/profiles/2.0/tableschema.json", MissingValues: []string{},
			},
		}
		for _, c := range t.Columns {
			f := field{Name: c.Name, Type: c.Type, Title: c.Title, Description: c.Description}
			f.values(c)
			r.Schema.Fields = append(r.Schema.Fields, f)
		}
		d.Resources = append(d.Resources, r)
	}
	data, err := json.MarshalIndent(d, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("edition: data package: %w", err)
	}
	return append(data, '\n'), nil
}

// title names the edition, in French.
func title(m *Manifest) string {
	kind := "Édition de recherche"
	if m.Kind == KindSchools {
		kind = "Édition des établissements"
	}
	text := kind + " " + m.Term + ", étude " + m.Study
	if m.Synthetic {
		text += " (données synthétiques)"
	}
	return text
}

// status says in one French sentence what the law makes of the edition.
func status(m *Manifest) string {
	if m.Kind == KindSchools {
		return "Cellules par établissement, au-dessus d’un seuil de personnes distinctes ; " +
			"à protéger encore avant publication."
	}
	return "Données pseudonymisées et k-anonymisées : encore des données personnelles (avis WP216), " +
		"pour un environnement sécurisé de recherche. Rien n’en sort sans protection des tableaux."
}
