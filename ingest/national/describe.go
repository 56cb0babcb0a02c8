package national

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// described is a table as its codebook has it. Tables of schools and weeks end with the
// columns of their kind.
type described struct {
	Name        string       `toml:"name"`
	Title       string       `toml:"title"`
	Description string       `toml:"description"`
	Column      []describedC `toml:"column"`
}

type describedC struct {
	Name        string `toml:"name" json:"name"`
	Type        string `toml:"type" json:"type"` // of Table Schema
	Description string `toml:"description" json:"description"`
}

//go:embed tables.toml
var tablesText []byte

// describedTables are those of an edition, in the order of the codebook.
func describedTables() ([]described, error) {
	var list struct {
		Key   []describedC `toml:"key"`
		Table []described  `toml:"table"`
	}
	if err := toml.Unmarshal(tablesText, &list); err != nil {
		return nil, fmt.Errorf("national: tables.toml: %w", err)
	}
	for i := range list.Table {
		t := &list.Table[i]
		columns := columnsOf(Kind(t.Name))
		if len(columns) == 0 {
			continue
		}
		t.Column = append(t.Column, list.Key...)
		for _, c := range columns {
			t.Column = append(t.Column, describedC{c.name, "integer", c.description()})
		}
	}
	return list.Table, nil
}

func (c column) description() string {
	switch {
	case c.duration:
		return "Durée des visites, en millisecondes : " + c.item + "."
	case strings.HasPrefix(c.name, "utilisateurs_"):
		return "Utilisateurs distincts de l’établissement dans la semaine : " + c.item +
			". Leur somme est en utilisateurs-semaines, jamais en personnes."
	}
	return "Visites (sessions séparées de 30 minutes) : " + c.item + "."
}

const (
	titleFrench   = "Données ouvertes nationales sur l’usage des ENT (DNMA), par établissement et par semaine"
	licenceFrench = "Source : ministère de l’Éducation nationale, Direction du numérique pour l’éducation, " +
		"data.education.gouv.fr, Licence Ouverte 2.0. Données publiques, aucune n’est anonymisée par entscope."
	notMeasured = "Une case vide n’est pas 0 : le fichier ne donne pas de valeur (N/A), ou n’a pas la colonne."
)

// describe writes the data package and the codebook.
func (b *builder) describe() error {
	tables, err := describedTables()
	if err != nil {
		return err
	}
	type resource struct {
		Name        string `json:"name"`
		Path        string `json:"path"`
		Title       string `json:"title"`
		Description string `json:"description"`
		Format      string `json:"format"`
		Mediatype   string `json:"mediatype"`
		Schema      any    `json:"schema"`
	}
	var resources []resource
	for _, t := range tables {
		resources = append(resources, resource{
			strings.ReplaceAll(t.Name, "_", "-"), t.Name + ".parquet", t.Title, t.Description, "parquet",
			"application/vnd.apache.parquet",
			map[string]any{"$schema": "https://datapackage.org/profiles/2.0/tableschema.json", "fields": t.Column},
		})
	}
	title := titleFrench
	if b.manifest.Synthetic {
		title += " (données synthétiques)"
	}
	data, err := json.MarshalIndent(map[string]any{
		"$schema": "https://datapackage.org/profiles/2.0/datapackage.json", "name": "national", "title": title,
		"description": licenceFrench + " " + notMeasured, "version": "1.0.0",
		"licenses": []any{map[string]string{"name": "etalab-2.0",
			"path": "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"}},
		"resources": resources,
	}, "", "  ")
	if err != nil {
		return err
	}
	if err := b.text("datapackage.json", append(data, '\n')); err != nil {
		return err
	}
	return b.text("CODEBOOK.fr.md", codebook(title, tables, &b.manifest))
}

func (b *builder) text(name string, data []byte) error {
	return b.file(name, func(out io.Writer) error {
		_, err := out.Write(data)
		return err
	})
}

func codebook(title string, tables []described, m *Manifest) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# %s\n\n%s\n\n%s\n", title, licenceFrench, notMeasured)
	for _, t := range tables {
		fmt.Fprintf(&b, "\n## %s (`%s.parquet`)\n\n%s %d lignes.\n\n| colonne | type | description |\n|---|---|---|\n",
			t.Title, t.Name, t.Description, m.Tables[t.Name])
		for _, c := range t.Column {
			fmt.Fprintf(&b, "| `%s` | %s | %s |\n", c.Name, c.Type, c.Description)
		}
	}
	return b.Bytes()
}
